"""Texts of other people as one visible line. Pages, their ids and what runners say of a failure: nothing obeys them."""

import re

# what moves a cursor or the order of letters, and halves of characters, which no encoding can write
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Write control characters other than line ends and tabs as `\x1b` and the like, so that they do nothing."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def line(text: str) -> str:
    """Make one visible line of a text."""
    return visible(" ".join(text.replace("\t", " ").splitlines()))

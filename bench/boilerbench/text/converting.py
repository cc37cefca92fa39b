"""What a process does that makes text: a runner by its protocol, whose pages are what was returned, by format."""

from boilerbench.text.convert import to_text


def extract(html: str, url: str) -> str:
    """Return the text of what was returned in a format."""
    return to_text(html, url)

"""How the characters of gold are written, and what is said of it: a reader sees the same.

A dose is a fifth of the paragraphs, or one more statement.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from boilerbench.stress.document import Document, Stressor, some

_WORD = re.compile(r"[^\W\d_]{6,}")
_REFERENCE = re.compile(r"(&[#\w]+;?)")
_WRONG = "iso-8859-5"
"""An encoding that no page of ours is in."""


def _writing(name: str, summary: str, write: Callable[[str], str]) -> Stressor:
    return Stressor(name, "encoding", summary, partial(_written, write))


def _written(write: Callable[[str], str], document: Document, dose: int, random: Random) -> Document | None:
    """Write the text of some paragraphs otherwise, but for character references."""

    def without_references(text: str) -> str:
        parts = _REFERENCE.split(text)
        return "".join(part if number % 2 else write(part) for number, part in enumerate(parts))

    return document.with_texts(without_references, some(document.paragraphs, dose, random)).unless(document)


def _in_words(sign: str) -> Callable[[str], str]:
    """A sign that is not seen in the middle of each long word of letters."""

    def middle(word: re.Match[str]) -> str:
        half = len(word[0]) // 2
        return word[0] if unicodedata.combining(word[0][half]) else f"{word[0][:half]}{sign}{word[0][half:]}"

    return partial(_WORD.sub, middle)


def _as_references(text: str, *, ascii_too: bool) -> str:
    return "".join(f"&#{ord(each)};" if each.isalpha() and (ascii_too or ord(each) > 127) else each for each in text)  # noqa: PLR2004  ASCII


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _isolated(text: str) -> str:
    """Direction marks around each stretch between tags."""
    return f"\u2068{text}\u2069" if text.strip() else text


def _contradicted(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Let the page state a wrong encoding while the transport states the right one, which counts."""
    if document.encoding.startswith("utf-16"):
        return None
    found = _stating(document, _statements(_WRONG)[:dose])
    return found and replace(found, charset=document.encoding)


def _marked(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Make it UTF-8 with a byte order mark, which counts, while the page states another encoding."""
    found = _stating(document, _statements(_WRONG)[:dose])
    return found and replace(found, encoding="utf-8", charset=None, mark=codecs.BOM_UTF8)


def _late(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """State the encoding behind a comment of one kilobyte for each dose; a browser begins anew there."""
    filler = f"<!-- {'build 7 ' * 128 * dose}-->"
    found = _stating(document, [filler, *_statements(document.encoding)[:1]])
    return found and replace(found, charset=None, mark=b"")


def _statements(label: str) -> list[str]:
    """Five statements of an encoding: two of the page's, one that means nothing, two of files beside it."""
    return [
        f'<meta charset="{label}">',
        f'<meta http-equiv="Content-Type" content="text/html; charset={label}">',
        f'<meta name="charset" content="{label}">',
        f'<link rel="stylesheet" href="/s.css" charset="{label}">',
        f'<script src="/s.js" charset="{label}"></script>',
    ]


def _stating(document: Document, statements: Sequence[str]) -> Document | None:
    """Put these at the begin of the head, and leave out what the page states."""
    html, tags = document.html, document.tags
    begin = next((tag.end for tag in tags if tag.name == "head" and not tag.closing), None)
    if begin is None:
        return None
    own = [tag for tag in tags if tag.name == "meta" and "charset" in html[tag.start : tag.end].lower()]
    edits = [(begin, begin, "".join(statements)), *((tag.start, tag.end, "") for tag in own)]
    declaration = re.match(r"\s*<\?xml[^>]*>", html)
    return document.edited([*edits, *([(0, declaration.end(), "")] if declaration else [])])


STRESSORS = (
    _writing("soft-hyphens", "soft hyphens in long words", _in_words("\u00ad")),
    _writing("word-joiners", "joiners without width in long words", _in_words("\u2060")),
    _writing("zero-width-spaces", "spaces without width in long words", _in_words("\u200b")),
    _writing("stray-marks", "byte order marks in long words, as where files were joined", _in_words("\ufeff")),
    _writing("references", "letters beyond ASCII as character references", partial(_as_references, ascii_too=False)),
    _writing("all-references", "all letters as character references", partial(_as_references, ascii_too=True)),
    _writing("decomposed", "letters and their accents as characters of their own (NFD)", _decomposed),
    _writing("no-break-spaces", "no-break spaces in the place of spaces", lambda text: text.replace(" ", "\u00a0")),
    _writing("direction-isolates", "marks of direction around stretches of text", _isolated),
    Stressor(
        "wrong-statement", "encoding", "a wrong encoding in the page, the right one by the transport", _contradicted
    ),
    Stressor("marked", "encoding", "UTF-8 with a byte order mark, and another encoding in the page", _marked),
    Stressor("late-statement", "encoding", "the encoding behind a kilobyte for each dose", _late),
)

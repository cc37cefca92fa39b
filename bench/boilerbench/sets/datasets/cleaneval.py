"""The layouts of CleanEval (Baroni and others, LREC 2008) and CleanPortalEval, which follows it.

A page may be wrapped in `<text …>`, which names its encoding and is no part of what a site served. Gold is text: a line
`URL: …` first, then `<p>`, `<h>` and `<l>` before each paragraph, heading and item of a list.
"""

import html
import re
from functools import partial
from pathlib import Path

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import Entries, folder_of, published, read_text

ORIGINAL = ("orig", "original", "en_original", "html", "input")
CLEAN = ("clean", "cleaned", "en_cleaned", "GoldStandard")
LABELS = {"p": "paragraph", "h": "heading", "l": "list"}

_OPEN = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<text\b([^>]*)>[ \t]*\r?\n?", re.IGNORECASE)
_CLOSE = re.compile(rb"(?<!\s)\s*</text\s*>\s*\Z", re.IGNORECASE)
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_URL = re.compile(r"\A\s*URL:[ \t]*(\S*)[^\n]*\n?")
_MARK = re.compile(r"</?([phl])>", re.IGNORECASE)
_HEAD = 4096


@published("cleaneval", "https://cleaneval.sigwac.org.uk")
def read(path: Path) -> Entries:
    """Read CleanEval: orig/NAME.html with clean/NAME.txt, or the names of its first distribution."""
    return _entries(path)


@published("cleanportaleval", "ppke-nlpg/CleanPortalEval")
def read_portal(path: Path) -> Entries:
    """Read CleanPortalEval (ppke-nlpg): input/NAME.html with GoldStandard/NAME.txt."""
    return _entries(path)


def _entries(path: Path) -> Entries:
    """Read the pages that have gold; one page without the other is refused."""
    original, clean = folder_of(path, *ORIGINAL), folder_of(path, *CLEAN)
    pages = {file.stem: file for file in sorted(original.iterdir()) if file.suffix.lower() in (".html", ".htm")}
    for file in sorted(clean.glob("*.txt")):
        name = file.stem.removesuffix("-cleaned")
        if name not in pages:
            raise BadSetError(f"{original / name}.html: missing, though {clean.name} has gold for it")
        text = read_text(file)
        url = _URL.match(text)
        page = Page(name, partial(_bare, pages[name]), (url and url[1]) or None, _encoding(pages[name]))
        yield page, Gold(_segments(text[url.end() if url else 0 :]))


def _segments(text: str) -> tuple[Segment, ...]:
    before, *marked = _MARK.split(text)
    kinds, texts = ["p", *marked[::2]], [before, *marked[1::2]]
    found = (
        Segment(LABELS[kind.lower()], _tidy(each)) for kind, each in zip(kinds, texts, strict=True) if each.strip()
    )
    return tuple(found) or (Segment("body", ""),)


def _tidy(text: str) -> str:
    """Resolve character references, which some gold has, and join lines that were wrapped at a width."""
    return re.sub(r"(?<![ \t])[ \t]*\n +", " ", html.unescape(text).strip())


def _encoding(page: Path) -> str | None:
    with page.open("rb") as file:
        wrapper = _OPEN.match(file.read(_HEAD))
    named = _ENCODING.search(wrapper[1]) if wrapper else None
    return named[1].decode("ascii", "replace") if named else None


def _bare(page: Path) -> bytes:
    """Read a page without the wrapper."""
    raw = page.read_bytes()
    wrapper = _OPEN.match(raw)
    return _CLOSE.sub(b"", raw[wrapper.end() :]) if wrapper else raw

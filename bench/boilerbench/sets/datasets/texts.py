"""Layouts whose gold is text, in a file for each page.

CETD (Sun, Song and Liao, SIGIR 2011): per site a folder SITE/original/N.htm with SITE/gold/N.txt.

Dragnet's data (Peters and Lecocq, WWW 2013): HTML/ID.html with Corrected/ID.html.corrected.txt. A line
`!@#$%^&*() COMMENTS` parts the `body` from the readers' comments, one `comment` segment.

CleanEval (Baroni and others, LREC 2008), and CleanPortalEval, which follows it. A page may be wrapped in `<text …>`,
which names its encoding and is no part of what a site served. Gold is a line `URL: …`, then `<p>`, `<h>` and `<l>`
before each paragraph, heading and item of a list.
"""

import html
import re
from functools import partial
from pathlib import Path

from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import Entries, body, by_stem, existing, folder_of, published, read_text

ORIGINAL = ("orig", "original", "en_original", "html", "input")
CLEAN = ("clean", "cleaned", "en_cleaned", "GoldStandard")
LABELS = {"p": "paragraph", "h": "heading", "l": "list"}

_COMMENTS = re.compile(r"(?<!\n)\n*!@#\$%\^&\*\(\)\s+COMMENTS[^\n]*\n*")
_OPEN = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<text\b([^>]*)>[ \t]*\r?\n?", re.IGNORECASE)
_CLOSE = re.compile(rb"(?<!\s)\s*</text\s*>\s*\Z", re.IGNORECASE)
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_URL = re.compile(r"\A\s*URL:[ \t]*(\S*)[^\n]*\n?")
_MARK = re.compile(r"</?([phl])>", re.IGNORECASE)
_WRAPPED = re.compile(r"(?<![ \t])[ \t]*\n +")
"""Where a line was wrapped at a width."""

_HEAD = 4096


@published("cetd", "FeiSun/ContentExtraction")
def read_cetd(path: Path) -> Entries:
    """Read every site; a page's id is SITE_N, its gold one `body`."""
    for file in sorted(path.glob("*/gold/*.txt")):
        site = file.parents[1]
        places = (site / "original" / f"{file.stem}.{suffix}" for suffix in ("htm", "html"))
        source = existing(f"gold/{file.name}", *places)
        yield (
            Page(f"{site.name}_{file.stem}", source.read_bytes, stated_site=site.name, file=source),
            body(read_text(file)),
        )


@published("dragnet", "seomoz/dragnet_data", "AGPL-3.0")
def read_dragnet(path: Path) -> Entries:
    """Read the folder; the gold may stand in corrected/Corrected too."""
    pages, gold = folder_of(path, "HTML", "html"), folder_of(path, "Corrected", "corrected/Corrected")
    for file in sorted(gold.glob("*.html.corrected.txt")):
        key = file.name.removesuffix(".html.corrected.txt")
        page = Page(key, existing(f"{gold.name}/{file.name}", pages / f"{key}.html").read_bytes)
        content, *comments = _COMMENTS.split(read_text(file))
        comment = "\n".join(comments).strip()
        segments = (Segment("body", content.strip()), *([Segment("comment", comment)] if comment else []))
        yield page, Gold(segments)


def _entries(path: Path) -> Entries:
    """Read the pages that have gold; one page without the other is refused."""
    original, clean = folder_of(path, *ORIGINAL), folder_of(path, *CLEAN)
    pages = by_stem(original, ".html", ".htm")
    for file in sorted(clean.glob("*.txt")):
        name, text = file.stem.removesuffix("-cleaned"), read_text(file)
        source, url = existing(clean.name, pages.get(name, original / f"{name}.html")), _URL.match(text)
        page = Page(name, partial(_bare, source), (url and url[1]) or None, _encoding(source))
        yield page, Gold(_segments(text[url.end() if url else 0 :]))


read_cleaneval = published("cleaneval", "https://cleaneval.sigwac.org.uk")(_entries)
"""CleanEval: orig/NAME.html with clean/NAME.txt, or the names of its first distribution."""

read_portal = published("cleanportaleval", "ppke-nlpg/CleanPortalEval")(_entries)
"""CleanPortalEval (ppke-nlpg): input/NAME.html with GoldStandard/NAME.txt."""


def _segments(text: str) -> tuple[Segment, ...]:
    _, *marked = _MARK.split(f"<p>{text}")
    found = []
    for kind, each in zip(marked[::2], marked[1::2], strict=True):
        if each.strip():  # some gold has character references
            found.append(Segment(LABELS[kind.lower()], _WRAPPED.sub(" ", html.unescape(each).strip())))
    return tuple(found) or (Segment("body", ""),)


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

"""Layouts whose gold is text, in a file for each page.

CETD (Sun, Song and Liao, SIGIR 2011): per site a folder SITE/original/N.htm with SITE/gold/N.txt.

Dragnet's data (Peters and Lecocq, WWW 2013): HTML/ID.html with Corrected/ID.html.corrected.txt. A line
`!@#$%^&*() COMMENTS` parts the `body` from the readers' comments, one `comment` segment. 14 of the 1,381 files misspell
it (seomoz/dragnet_data, commit 95559be).

Its successor of 2020 (dragnet-org/dragnet_data, commit 5d97da4): html/UUID.html with meta/UUID.toml, whose `text` is
the title in a line, then the `body`.

CleanEval (Baroni and others, LREC 2008), and CleanPortalEval, which follows it. A page may be wrapped in `<text …>`,
which names its encoding and is no part of what a site served. Gold is a line `URL: …`, then `<p>`, `<h>` and `<l>`
before each paragraph, heading and item of a list; `<!-- … -->` is a note of the annotator's.
"""

import html
import re
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.files import read_toml, typed
from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import (
    Entries,
    Noted,
    annotated,
    body,
    by_stem,
    existing,
    folder_of,
    published,
    read_text,
    some,
)

ORIGINAL = ("orig", "original", "en_original", "html", "input")
CLEAN = ("clean", "cleaned", "en_cleaned", "GoldStandard")
LABELS = {"p": "paragraph", "h": "heading", "l": "list"}

_COMMENTS = re.compile(r"^([!@#$%^&* \t]*%\^&\*[*() \t]*+)(\w*)[ \t]*$", re.MULTILINE)
"""A line like the comments marker, however it is spelt."""

_SIGNS = "!@#$%^&*()"
_MISSPELT = frozenset(
    ("!@$%^&*()", "!@#$%^&**()", "!@#$%^&*", "@#$%^&*()", "!#@$%^&*()", "!!@#$%^&*()", "#$%^&*()", "!@#$%$%^&*()")
)
"""The misspelt signs of the marker in Dragnet's gold, without spaces."""

_WORDS = ("COMMENTS", "COMMNENTS", "CORRECTED", "")
"""What stands behind the signs: the right word, and what was seen instead."""

_VALUE = rb"""(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++)"""
_OPEN = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<text\b(?:"
    rb"((?:\s++[\w:.-]++\s*+=\s*+" + _VALUE + rb")*+\s*+)>"  # `>` may stand in quotes
    rb"|([^\n]*)>(?=[ \t]*\r?\n)|([^>]*)>)[ \t]*\r?\n?",  # of quotes that do not match, to the line's end
    re.IGNORECASE,
)
_CLOSE = re.compile(rb"(?<!\s)\s*</text\s*>\s*\Z", re.IGNORECASE)
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_URL = re.compile(r"\A\s*URL:[ \t]*(\S*)[^\n]*\n?")
_MARK = re.compile(r"<\s*/?\s*([phl])\s*/?>", re.IGNORECASE)
_NOTE = re.compile(r"<!--(?:(?!<!--).)*?-->|<!--[^\n]*", re.DOTALL)
_TYPO = re.compile(r"^[ \t]*(?:<[^\s<>]{0,2}(?:>|(?=\s))|/?[phl]>)", re.MULTILINE)
"""What looks like a mark at the beginning of a line, and is none."""

_WRAPPED = re.compile(r"(?<![ \t])[ \t]*\n +")
"""Where a line was wrapped at a width."""

_HEAD = 2**16


class _Meta(msgspec.Struct):
    text: str
    url: str | None = None
    title: str | None = None
    dt_published: Any = None


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
def read_dragnet(path: Path) -> Noted:
    """Read the folder; the gold may stand in corrected/Corrected too."""
    pages, gold = folder_of(path, "HTML", "html"), folder_of(path, "Corrected", "corrected/Corrected")
    files, misspelt, words = sorted(gold.glob("*.html.corrected.txt")), list[str](), 0
    for file in files:
        key = file.name.removesuffix(".html.corrected.txt")
        html = existing(f"{gold.name}/{file.name}", pages / f"{key}.html")
        content, comment, right = _parted(file)
        if not right:
            misspelt.append(key)
            words += len(comment.split())
        segments = (Segment("body", content), *([Segment("comment", comment)] if comment else []))
        yield Page(key, html.read_bytes, file=html), Gold(segments)
    if not misspelt:
        return ()
    said = f"{len(misspelt)} of its {len(files)} gold files misspell the comments marker"
    return (f"{said}; what follows it, {words} words, is read as comments: {some(misspelt)}",)


def _parted(file: Path) -> tuple[str, str, bool]:
    """The body and the comments of a gold file, and whether what parts them is spelt right."""
    texts, rest, right = [], read_text(file), True
    while found := _COMMENTS.search(rest):
        signs, word = "".join(found[1].split()), found[2]
        if signs not in (_SIGNS, *_MISSPELT) or word not in _WORDS:
            raise BadSetError(f"{file}: '{found[0].strip()}' looks like the comments marker; write {_SIGNS} COMMENTS")
        right = right and (signs, word) == (_SIGNS, "COMMENTS")
        texts.append(rest[: found.start()])
        rest = rest[found.end() :]
    body, *comments = [each.strip() for each in (*texts, rest)]
    return body, "\n".join(filter(None, comments)), right


@published("dragnet-2020", "dragnet-org/dragnet_data", "CC-BY-4.0")
def read_dragnet_2020(path: Path) -> Entries:
    """Read html/ and meta/, in `path` or its folder data."""
    home = path / "data" if (path / "data" / "meta").is_dir() else path
    pages, gold = folder_of(home, "html"), folder_of(home, "meta")
    for file in sorted(gold.glob("*.toml")):
        about = typed(_Meta, read_toml(file, BadSetError), file, BadSetError)
        html = existing(f"meta/{file.name}", pages / f"{file.stem}.html")
        first, _, rest = about.text.strip().partition("\n")
        titled = first.strip() == (about.title or "").strip()
        segments = (
            (Segment("title", first), Segment("body", rest.strip())) if titled else (Segment("body", about.text),)
        )
        said = annotated(
            about.title, None, about.dt_published.isoformat() if isinstance(about.dt_published, date) else None
        )
        yield Page(file.stem, html.read_bytes, about.url, file=html), Gold(segments, metadata=said)


def _entries(path: Path) -> Noted:
    """Read the pages that have gold; one page without the other is refused."""
    original, clean = folder_of(path, *ORIGINAL), folder_of(path, *CLEAN)
    pages, typos = by_stem(original, ".html", ".htm"), list[str]()
    for file in sorted(clean.glob("*.txt")):
        name, text = file.stem.removesuffix("-cleaned"), _NOTE.sub("", read_text(file))
        source, url = existing(clean.name, pages.get(name, original / f"{name}.html")), _URL.match(text)
        page = Page(name, partial(_bare, source), (url and url[1]) or None, _encoding(source), around=source)
        gold = Gold(_segments(text[url.end() if url else 0 :]))
        typos += [f"{found.strip()} in {name}" for each in gold.segments for found in _TYPO.findall(each.text)]
        yield page, gold
    return (
        (f"{len(typos)} lines begin with a mark that is misspelt, and count as text: {some(typos)}",) if typos else ()
    )


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
    named = _ENCODING.search(next(filter(None, wrapper.groups()), b"")) if wrapper else None
    return named[1].decode("ascii", "replace") if named else None


def _bare(page: Path) -> bytes:
    """Read a page without the wrapper."""
    raw = page.read_bytes()
    wrapper = _OPEN.match(raw)
    return _CLOSE.sub(b"", raw[wrapper.end() :]) if wrapper else raw

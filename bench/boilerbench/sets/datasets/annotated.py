"""Three layouts whose gold stands in a marked copy of each page.

L3S-GN1 (Kohlschütter, Fankhauser and Nejdl, WSDM 2010): original/UUID.html with annotated/UUID.html, where spans of
class x-nc-sel1 to x-nc-sel5 hold the headline, the full text, what supplements it, related content and readers'
comments; x-nc-sel0 and everything else is not content, and has no segment here.

GoogleTrends-2017, BoilerNet's set (Leonhardt, Anand and Khosla, WWW 2020): raw_html with prepared_html, where every
text stands in an element with `__boilernet_label`, 1 for content. That is one `body`.

CANOLA (Steger and Stemle, WAC5 2009; krdwrd/data, commit 847f700): ids in plan.canola, URLs in urls, and
merged.20100908.combined/ID, the page as Firefox had it, with every text in a `kw` of class krdwrd-tag-1 (to go), -2
(undecided) or -3 (to stay), as most annotators have it. There is no other copy, so the marks are taken off.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import (
    Entries,
    body,
    content_of,
    converting,
    existing,
    folder_of,
    published,
    read_text,
)
from boilerbench.text.convert import tree
from boilerbench.text.decoding import decode

LABELS = {"0": "", "1": "title", "2": "body", "3": "aside", "4": "related", "5": "comment"}
"""Our label for the digit of an L3S class; an empty one is no gold."""

CANOLA_LABELS = {"1": "", "2": "caption", "3": "body"}
"""Our label for the digit of a krdwrd-tag; what is undecided is optional, as a `caption` is."""

_KRDWRD = re.compile(r"\bkrdwrd-tag-([123])\b")
_KRDWRD_MARKS = re.compile(
    rb"""</?kw\b[^<>]*>|\s+class=(?:"krdwrd-tag-[^"\s]*"|'krdwrd-tag-[^'\s]*')|\s*krdwrd-tag-[\w-]+"""
)
_CLASS = re.compile(r"\bx-nc-sel([0-5])\b")
_NUMBERED = re.compile(r"^(\d+) (\S+)", re.MULTILINE)
_MAPPED = re.compile(r"<urn:uuid:([^>]+)>\s+(\S+)")
_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd kw label mark q s samp small span "
    "strike strong sub sup time tt u var wbr"
)
_INLINE = frozenset(_INLINE_NAMES.split())
_SKIPPED = frozenset({"script", "style", "noscript", "template", "head"})


@published("l3s-gn1", "L3S-GN1-20100130203947-00001")
def read_l3s(path: Path) -> Entries:
    """Read L3S-GN1; URLs come from url-mapping.txt where it is there."""
    mapping = path / "url-mapping.txt"
    urls = dict(_MAPPED.findall(read_text(mapping))) if mapping.is_file() else {}
    for html, segments in _copies(path, "original", "annotated", _l3s_label):
        yield Page(html.stem, html.read_bytes, urls.get(html.stem), file=html), Gold(segments or (Segment("body", ""),))


@published("google-trends", "mrjleo/boilernet")
def read_google_trends(path: Path) -> Entries:
    """Read GoogleTrends-2017; the body is all text labelled 1, in order."""
    for html, segments in _copies(path, "raw_html", "prepared_html", _boilernet_label):
        yield Page(html.stem, html.read_bytes, file=html), body("\n".join(segment.text for segment in segments))


@published("canola", "krdwrd/data", "CC-BY-SA-4.0")
def read_canola(path: Path) -> Entries:
    """Read the pages of the plan, of `path` or its folder canola; neighbours of one tag are one segment."""
    plan = existing("CANOLA", path / "plan.canola", path / "canola" / "plan.canola")
    folder, addresses = folder_of(plan.parent, "merged.20100908.combined"), plan.with_name("urls")
    urls = dict(_NUMBERED.findall(read_text(addresses))) if addresses.is_file() else {}
    for name in read_text(plan).split():
        file = existing(plan.name, folder / Path(name).name)
        gold = Gold(_segments(file, _canola_label) or (Segment("body", ""),))
        yield Page(name, partial(_without_krdwrd, file), urls.get(name), "utf-8", around=file), gold


def _canola_label(element: Any) -> str | None:
    found = _KRDWRD.search(element.get("class", ""))
    return CANOLA_LABELS[found[1]] if found else None


def _without_krdwrd(file: Path) -> bytes:
    return _KRDWRD_MARKS.sub(b"", file.read_bytes())


def _copies(
    path: Path, originals: str, copies: str, label_of: Callable[[Any], str | None]
) -> Iterator[tuple[Path, tuple[Segment, ...]]]:
    """Give each page's own file, and the segments of its marked copy."""
    original, marked = folder_of(path, originals), folder_of(path, copies)
    for file in sorted(marked.glob("*.html")):
        yield existing(f"{copies}/{file.name}", original / file.name), _segments(file, label_of)


def _l3s_label(element: Any) -> str | None:
    found = _CLASS.search(element.get("class", ""))
    return LABELS[found[1]] if found else None


def _boilernet_label(element: Any) -> str | None:
    return {None: None, "1": "body"}.get(element.get("__boilernet_label"), "")


def _segments(file: Path, label_of: Callable[[Any], str | None]) -> tuple[Segment, ...]:
    """Read the marked text of a page in document order, a line per block; neighbours of one label are one segment.

    `label_of` gives an element's label: None takes that of the element around it, an empty one says no gold.
    """
    found: list[tuple[str, list[str]]] = []
    for label, text in _runs(file, label_of):
        if found and (found[-1][0] == label or not text.strip()):
            found[-1][1].append(text)
        else:
            found.append((label, [text]))
    segments = []
    for label, texts in found:
        lines = (" ".join(line.split()) for line in "".join(texts).split("\n"))
        if label and (tidied := "\n".join(filter(None, lines))):
            segments.append(Segment(label, tidied))
    return tuple(segments)


def _runs(file: Path, label_of: Callable[[Any], str | None]) -> Iterator[tuple[str, str]]:
    """Every stretch of text with its label, without recursion: pages may nest deeper than Python may."""
    from lxml import etree

    html = decode(content_of(file))
    if not html.strip():
        return
    with converting(file):
        root = tree(html)
    labels, skipped = [""], 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")) if root is not None else ():
        tag = element.tag if isinstance(element.tag, str) else ""
        edge = "" if tag in _INLINE or not tag else "\n"
        if event == "start":
            own = label_of(element)
            labels.append(labels[-1] if own is None else own)
            skipped += tag in _SKIPPED
            text = element.text
        else:
            skipped -= tag in _SKIPPED
            if tag:
                labels.pop()
            text = element.tail
        yield labels[-1], edge + ("" if skipped else re.sub(r"\s+", " ", text or ""))

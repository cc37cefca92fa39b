"""The part of a page that a text stands in: its own elements, with all other text taken out of them.

Words of the page and of the text are paired in order, by their longest common subsequence. A run of the page's text
(between two edges of blocks; all code of a block) is kept where nearly all its words are paired, or where it stands in
the text, more often than in what is kept, and is either long or among runs that are kept. Text in `nav`, `aside` and
`footer` is never kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urljoin

import numpy as np

from boilerbench.text import convert
from boilerbench.text.blocks import wording

_OUTSIDE = frozenset((*convert.UNSEEN, "aside", "footer", "head", "nav", "noscript"))
_EVENTS = ("start", "end", "comment", "pi")
_SHARE = 0.8
"""Of the words of a run that have to be paired."""
_NEAR = 4
"""Runs before and behind within which others have to be kept."""
_LONG = 4
"""Words of a run that stands in the text by no chance."""
_LARGEST = 2**30
"""Words of a page times words of a text that are paired: 128 MiB."""
_KEPT = frozenset(("form", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "td", "th", "tr"))
"""Elements that hold the places of others, or tell a table that lays out from one of data."""
_WHOLE = {"li": 0.8, "table": 0.5}
"""Elements that are gold as wholes, and the share of their words that has to be: else they are as any other element."""


class _Piece(NamedTuple):
    element: Any
    tail: bool
    text: str


@dataclass
class _Run:
    """Text of a page between two edges of blocks, in its pieces; of what is outside no words are taken."""

    pieces: list[_Piece] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def projected(html: str, text: str, url: str = "") -> str:
    """The HTML of a page without what does not stand in a text; empty where nothing does.

    It says which address its links are relative to. Raises `ValueError` where libxml2 would leave some of the page out.
    """
    from lxml import etree

    root = convert.tree(html)
    if root is None:
        return ""
    stated = next((each.get("href") for each in root.iter("base") if each.get("href")), "")
    runs = list(_runs(root))
    kept = _kept([run.words for run in runs], _words(text))
    if not any(kept):
        return ""
    _dissolve(runs, kept)
    for run, keep in zip(runs, kept, strict=True):
        for element, tail, _ in () if keep else run.pieces:
            setattr(element, "tail" if tail else "text", " ")
    prune(root)
    body = etree.tostring(root, encoding="unicode", method="html")
    return f'<base href="{escape(urljoin(url, stated))}">{body}'


def _runs(root: Any) -> Iterator[_Run]:
    """The runs of a page, in its order."""
    from lxml import etree

    run, outside, code = _Run(), 0, 0
    for event, element in etree.iterwalk(root, events=_EVENTS):
        tag = element.tag if event in ("start", "end") else ""
        code -= event == "end" and tag == "pre"
        if not code and (tag in convert.EDGES or tag in _OUTSIDE):
            if run.pieces:
                yield _finished(run, outside=outside > 0)
            run = _Run()
        if event == "start":
            outside += tag in _OUTSIDE
            code += tag == "pre"
            if element.text:
                run.pieces.append(_Piece(element, tail=False, text=element.text))
            continue
        outside -= event == "end" and tag in _OUTSIDE
        if element.tail and element is not root:
            run.pieces.append(_Piece(element, tail=True, text=element.tail))
    if run.pieces:
        yield _finished(run, outside=False)


def _finished(run: _Run, *, outside: bool) -> _Run:
    run.words = [] if outside else _words("".join(piece.text for piece in run.pieces))
    return run


def _words(text: str) -> list[str]:
    """The words of a text without its signs, such as the handle of a heading; of signs alone these."""
    found = wording.words(text).split()
    return [word for word in found if _is_word(word)] or found


def _is_word(found: str) -> bool:
    return found[0].isalnum() or found[0] == "_"


def _kept(runs: Sequence[Sequence[str]], text: Sequence[str]) -> list[bool]:
    """Which runs of words stand in a text."""
    lengths = np.array([len(run) for run in runs], np.int64)
    paired = _paired([word for run in runs for word in run], text)
    ends = np.cumsum(np.append(0, paired))[np.cumsum(np.append(0, lengths))]
    kept = (lengths > 0) & (np.diff(ends) >= _SHARE * lengths)
    said = Counter(f" {' '.join(runs[number])} " for number in np.flatnonzero(kept).tolist())
    filled, whole, before = np.flatnonzero(lengths).tolist(), f" {' '.join(text)} ", kept.copy()
    for place, number in enumerate(filled):
        run, signs = f" {' '.join(runs[number])} ", not _is_word(runs[number][0])
        if before[number] or not (signs or whole.count(run) > said[run]):
            continue
        near = 1 if signs else _NEAR
        sides = filled[max(0, place - near) : place], filled[place + 1 : place + 1 + near]
        kept[number] = (len(runs[number]) >= _LONG and not signs) or all(before[side].any() for side in sides)
        said[run] += bool(kept[number])
    return [bool(each) for each in kept]


def _dissolve(runs: Sequence[_Run], kept: Sequence[bool]) -> None:
    """Make items and tables, of whose words too small a share is kept, elements without a meaning."""
    words: dict[Any, list[int]] = {}
    for run, keep in zip(runs, kept, strict=True):
        inner = run.pieces[0].element.getparent() if run.pieces[0].tail else run.pieces[0].element
        for tag in _WHOLE if inner is not None and run.words else ():
            around = inner if inner.tag == tag else next(inner.iterancestors(tag), None)
            if around is not None:
                counts = words.setdefault(around, [0, 0])
                counts[0] += len(run.words)
                counts[1] += len(run.words) * keep
    for element, (there, stays) in words.items():
        around = next(element.iterancestors("table"), None) if element.tag == "table" else None
        if around is None and stays < _WHOLE[element.tag] * there:  # one in another tells that it is no data
            element.tag = "div"


def _paired(page: Sequence[str], text: Sequence[str]) -> Any:
    """Which words of a page are paired with one of a text."""
    from rapidfuzz.distance import LCSseq

    numbers: dict[str, int] = {}
    one, other = ([numbers.setdefault(word, len(numbers)) for word in side] for side in (page, text))
    found = np.zeros(len(one), np.int64)
    if len(one) * len(other) > _LARGEST:
        raise ValueError("too many words to find a text in a page")
    for code in LCSseq.opcodes(one, other):
        if code.tag == "equal":
            found[code.src_start : code.src_end] = 1
    return found


def prune(root: Any) -> None:
    """Take out elements without text, comments, and what no reader sees; cells stay in their places."""
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        blank = not (element.text or "").strip() and not len(element)
        named = isinstance(element.tag, str)
        if parent is None or (named and element.tag in _KEPT):
            continue
        if not named or element.tag in convert.UNSEEN:
            take_out(element)
        elif blank and element.tag != "br":
            take_out(element, element.text or "")


def take_out(element: Any, text: str = "") -> None:
    """Take an element out of its parent; a text stays in its place, and what stands behind it."""
    before, parent = element.getprevious(), element.getparent()
    text += element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)

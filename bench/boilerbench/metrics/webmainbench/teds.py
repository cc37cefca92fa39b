"""`wmb-teds`: WebMainBench's `table_TEDS`, which is no tree edit distance.

    1 - cost / elements of the larger table      cost: edits / longer length of the tables written as texts, 2 at most

Theirs hands apted a text for each tree, which it takes for a single node: whatever is wrong in a table costs at most
2 nodes of all. A text has an element's name, the text of all that is in it, and its children in parentheses; `tr`
is left out below `tbody`, `thead` and `tfoot`. The first table of either side is compared, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from boilerbench.metrics.base import Counts
from boilerbench.metrics.text_edit import distance
from boilerbench.metrics.webmainbench import seen_as, similar
from boilerbench.metrics.webmainbench.table import WmbTable, tables_of

_GROUPS = frozenset(("tbody", "tfoot", "thead"))
_MOST = 2.0
"""One node removed and another added."""


class _First(NamedTuple):
    """Whether there are tables at all, the first as a text, and how many elements it has; none where it is no table."""

    given: bool
    text: str
    size: int


def first_of(markdown: str) -> _First:
    """The first table of a text."""
    tables = tables_of(markdown)
    if not tables:
        return _First(given=False, text="", size=0)
    from bs4 import BeautifulSoup

    element = BeautifulSoup(tables, "html.parser").find("table")
    return _First(given=True, text=_text(element) if element else "", size=_size(element) if element else 0)


def _children(element: Any) -> Iterator[Any]:
    for child in element.children:
        if getattr(child, "name", None):
            if element.name in _GROUPS:
                yield from _children(child)
            else:
                yield child


def _text(element: Any) -> str:
    said = element.get_text(strip=True).translate(str.maketrans("(),", "[];"))
    label = f"{element.name}:{said}" if said else element.name
    children = ",".join(map(_text, _children(element)))
    return f"{label}({children})" if children else label


def _size(element: Any) -> int:
    return 1 + sum(map(_size, _children(element)))


def _similarity(gold: _First, answer: _First) -> float:
    if not (gold.text and answer.text):
        return float(gold.text == answer.text)
    (tag, _, one), (other_tag, _, other) = (each.text.partition(":") for each in (gold, answer))
    if tag != other_tag:
        cost = 1.0
    elif one and other:
        cost = distance(one, other) / max(len(one), len(other))
    else:
        cost = float(len(one or other))
    return max(0.0, 1.0 - min(cost, _MOST) / max(gold.size, answer.size))


class WmbTeds(WmbTable):
    """What stands for a tree edit distance of the first tables."""

    name = "wmb-teds"
    view = seen_as(name, first_of)

    def part(self, markdown: str) -> Any:
        """Its first table."""
        return first_of(markdown)

    def count(self, reference: _First, parts: Sequence[_First]) -> Counts:
        """Compare each with the gold's; nothing is counted where neither side has a table."""
        there = np.array([reference.given or part.given for part in parts], float)
        right = np.array([_similarity(reference, part) for part in parts], float) * there
        return similar(right, there - right)

"""`teds`: TEDS, the tree edit distance of tables, as table-recognition-metric 0.0.6 (SWHL) has it from PubTabNet (IBM).

    1 - distance / nodes of the larger table     distance: nodes removed or added, 1 each, or changed, 0 to 1

A table is a tree of its elements, of which a `td` has no children but characters and tags, and is changed by the share
of these that have to be edited; or by 1 where its spans differ, as any element is where it is another one. With several
tables on a page, each is compared with the one that shares most cells, and one without such counts 0: precision is the
mean over the extraction's tables, recall that over gold's. With one on either side, all three are TEDS.

Choices of its authors that are kept: the text of a `th` is never compared, elements in it are nodes; `thead`, `tbody`
and `th` count as any element, so that a row of headers that is said otherwise is wrong. Where it differs: tables are
those that hold data (docs/structure.md), with white space as browsers show it, where theirs takes the first table and
counts every blank; a span that is no number is 1, where theirs fails.

Time grows with the product of both sizes, so that a page whose gold has a table of more than 500 nodes leaves all
means, and a table of an extraction that is so much larger than gold's that it could score .25 at most may count 0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from boilerbench.labels import Policy
from boilerbench.metrics.base import DOCUMENTS, Counts, View, require_package, unmeasured
from boilerbench.metrics.structure import OfMarkup, labelled, pairing, sight
from boilerbench.model import Extraction, Gold
from boilerbench.text import blocks
from boilerbench.text.blocks import tables, wording
from boilerbench.text.blocks.walk import LABEL

_SPACE = re.compile(r"[ \t\n\f\r]+")
_LARGEST = 500
"""Nodes of a table of gold."""
_LARGEST_PAIR = 2_000 * _LARGEST
"""Nodes of one table times those of another."""
_MOST = 100
"""Tables of a page that are compared."""


@dataclass(slots=True)
class _Node:
    """An element: what has to be equal, and of a cell what it holds."""

    key: tuple[object, ...]
    content: list[str] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)


@dataclass(frozen=True)
class _Table:
    """A table as a tree, how many nodes it has, the words of each cell, and whether it may be there or not."""

    root: _Node
    size: int
    texts: Counter[str]
    optional: bool

    @classmethod
    def of(cls, element: Any, *, optional: bool = False) -> _Table:
        texts = Counter(wording.words("".join(cell.itertext())) for cell in element.iter("td", "th"))
        root = _node(element)
        return cls(root, _size(root), texts, optional)


def _of_extraction(extraction: Extraction) -> tuple[_Table, ...] | None:
    """The tables of what was returned; none of what no library can read, and of a failure."""
    if extraction.format not in DOCUMENTS:
        return None
    try:
        return tuple(map(_Table.of, data_tables(extraction.answer or "", extraction.format)))
    except Exception:  # noqa: BLE001  # whatever a library makes of hostile output says nothing
        return ()


class Teds(OfMarkup):
    """Tree edit distance of data tables."""

    name = "teds"
    view = View("table trees", ("answer", "format"), _of_extraction, DOCUMENTS)

    def require(self) -> None:
        """Need apted."""
        require_package(self.name, "apted")

    def reference(self, gold: Gold, policy: Policy) -> tuple[_Table, ...]:
        """The tables of the gold that are body or optional."""
        if gold.markup is None:
            return ()
        source = gold.markup.read()
        seen = sight(policy) if labelled(gold.markup, source) else None
        found = [(each, _optional(each, seen)) for each in data_tables(source, gold.markup.format)]
        return tuple(_Table.of(each, optional=optional) for each, optional in found if optional is not None)

    def count(self, reference: Sequence[_Table], answers: Sequence[Sequence[_Table]]) -> Counts:
        """Compare the tables of each extraction with the gold's; none of a page with too large a table."""
        if any(table.size > _LARGEST for table in reference):
            return unmeasured(len(answers))
        found = [_compared(reference[:_MOST], answer[:_MOST]) for answer in answers]
        tp, fp, fn = np.array(found, float).reshape(-1, 3).T
        return Counts(tp, fp, fn, (fp == 0) & (fn == 0))


def data_tables(source: str, form: str) -> Iterator[Any]:
    """The `table` elements of a document that hold data, without comments, with white space as browsers show it."""
    from lxml import etree

    root = blocks.tree(source, form)
    for element in () if root is None else root.iter("table"):
        if tables.is_data(element):
            etree.strip_tags(element, etree.Comment, etree.ProcessingInstruction)
            for cell in element.iter("td"):
                _lay_out(cell)
            yield element


def similarity(gold: _Table, answer: _Table) -> float:
    """TEDS of two tables in [0, 1]; 0 where they are too large, or nested too deeply."""
    from apted import APTED

    if gold.size * answer.size > _LARGEST_PAIR:
        return 0.0
    try:
        distance = APTED(answer.root, gold.root, _costs()).compute_edit_distance()
    except RecursionError:
        return 0.0
    return 1.0 - float(distance) / max(gold.size, answer.size)


def _costs() -> Any:
    """What changes cost, as apted asks for it."""
    from apted import Config
    from rapidfuzz.distance import Levenshtein

    class Costs(Config):  # type: ignore[misc]  # the package has no types
        def rename(self, one: _Node, other: _Node) -> float:
            """What it costs to make one node the other."""
            if one.key != other.key:
                return 1.0
            longer = max(len(one.content), len(other.content))
            return Levenshtein.distance(one.content, other.content) / longer if longer else 0.0

    return Costs()


def _compared(gold: Sequence[_Table], answer: Sequence[_Table]) -> tuple[float, float, float]:
    """How much of the tables is right, surplus and missing."""
    pairs = [(i, j) for i, j, _ in pairing.most_shared([each.texts for each in gold], [each.texts for each in answer])]
    right = [similarity(gold[i], answer[j]) for i, j in pairs if not gold[i].optional]
    stated = sum(not each.optional for each in gold)
    return sum(right), len(answer) - len(pairs) + len(right) - sum(right), stated - sum(right)


def _optional(element: Any, seen: Mapping[str, bool] | None) -> bool | None:
    """Whether all labels around a table or in it are optional; None where none of them is gold."""
    if seen is None:
        return False
    around = next((each for each in (element, *element.iterancestors()) if LABEL in each.attrib), None)
    labels = [each.get(LABEL) for each in element.iterdescendants() if LABEL in each.attrib]
    labels += [] if around is None else [around.get(LABEL)]
    stated = [seen[label] for label in labels if label in seen]
    return all(stated) if stated else None


def _node(element: Any) -> _Node:
    if element.tag == "td":
        return _Node(("td", _span(element, "colspan"), _span(element, "rowspan")), _tokens(element)[1:-1])
    return _Node((element.tag,), children=[_node(each) for each in element])


def _size(node: _Node) -> int:
    return 1 + sum(map(_size, node.children))


def _span(cell: Any, name: str) -> int:
    try:
        return int(cell.get(name, "1"))
    except ValueError:
        return 1


def _tokens(element: Any) -> list[str]:
    """The characters and tags of an element, and what stands behind it, unless that is a cell."""
    found = [f"<{element.tag}>", *(element.text or "")]
    for each in element:
        found += _tokens(each)
    found.append(f"</{element.tag}>")
    return found + list(element.tail or "" if element.tag != "td" else "")


def _lay_out(cell: Any) -> None:
    """Leave one space where a cell has white space between two words, and none at its ends."""
    after_space, last = True, (cell, "text")
    for element, of in _texts(cell):
        text = _SPACE.sub(" ", getattr(element, of) or "")
        text = text.removeprefix(" ") if after_space else text
        setattr(element, of, text)
        if text:
            after_space, last = text.endswith(" "), (element, of)
    setattr(*last, (getattr(*last) or "").removesuffix(" "))


def _texts(element: Any) -> Iterator[tuple[Any, str]]:
    """Where texts are in an element, in their order."""
    yield element, "text"
    for each in element:
        yield from _texts(each)
        yield each, "tail"

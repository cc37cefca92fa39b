"""One walk through a tree that finds all kinds of blocks, whatever it was made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from boilerbench.text import convert
from boilerbench.text.blocks import (
    Blocks,
    Code,
    Formula,
    Heading,
    Item,
    Link,
    Sight,
    Table,
    code,
    formulas,
    tables,
    wording,
)

LABEL = "data-gold"
"""The attribute that labels an element's text."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("dir", "menu", "ol", "ul"))
_CODE = frozenset(("listing", "pre", "xmp"))
_CELLS = frozenset(("td", "th"))
_INLINE_CODE = frozenset(("code", "kbd", "samp", "tt"))
_BOXES = frozenset(tag for tag, edge in convert.EDGES.items() if edge == " ")
_DRAWN = frozenset(("katex-html", "MathJax", "MathJax_Preview"))
"""Classes of what draws a formula that stands beside as TeX or MathML."""
_EVENTS = ("start", "end", "comment", "pi")
_HANDLE = re.compile(r"(?: \[ edit(?: source)? \]| [¶#§])+$|^(?:[¶#§] )+")
"""What editors put beside a heading, as its words are written."""


@dataclass(slots=True)
class _Sink:
    """Collects the text of an element, and keeps it from those around, unless it lets it `through`.

    A `whole` one gets all text in its element, whatever would keep it.
    """

    element: Any
    through: bool = False
    whole: bool = False
    parts: list[str] = field(default_factory=list)
    seen: bool = False
    stated: bool = False
    place: int = -1
    breaks: list[int] = field(default_factory=list)

    def add(self, text: str, *, optional: bool) -> None:
        self.parts.append(text)
        if text and not text.isspace():
            self.seen = True
            self.stated = self.stated or not optional

    @property
    def text(self) -> str:
        return wording.words("".join(self.parts))

    @property
    def optional(self) -> bool:
        """Whether all its text is."""
        return self.seen and not self.stated

    @property
    def first(self) -> str:
        """The words up to the first edge of a block that has words before it."""
        for end in self.breaks:
            if any(not part.isspace() for part in self.parts[:end] if part):
                return wording.words("".join(self.parts[:end]))
        return self.text


def walked(root: Any, sight: Sight | None) -> Blocks:
    """The blocks of a tree of lxml's; with `sight`, of what stands under these labels alone."""
    return _Walk(root, sight).blocks()


class _Walk:
    def __init__(self, root: Any, sight: Sight | None) -> None:
        self._sight = sight
        self._labels: list[bool | None] = [None if sight is not None else False]
        """For each labelled element that is open, whether its text is optional; None where it is not seen."""
        self._sinks = [_Sink(None)]
        self._headings: list[Heading] = []
        self._items: list[Item | None] = []
        self._tables: list[Table] = []
        self._codes: list[Code] = []
        self._links: list[Link] = []
        self._formulas: list[Formula] = []
        self._open_tables: list[dict[Any, _Sink]] = []
        """For each data table that is open, its cells."""
        self._title = self._base = ""
        self._code_inline = 0
        self._walk(root)

    def blocks(self) -> Blocks:
        """What was found."""
        return Blocks(
            tuple(self._headings),
            tuple(self._without_empty()),
            tuple(self._tables),
            tuple(self._codes),
            tuple(self._links),
            tuple(self._formulas),
            self._title,
            self._base,
        )

    def _walk(self, root: Any) -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=_EVENTS)
        for event, element in walk:
            if event == "start":
                if not self._start(element):
                    walk.skip_subtree()
                continue
            if event == "end":
                self._end(element)
            if element is not root:
                self._take(element.tail)

    def _start(self, element: Any) -> bool:
        """Open an element; whether what is in it is still to be walked through."""
        tag = element.tag
        if self._sight is not None and LABEL in element.attrib:
            self._labels.append(self._sight.get(element.get(LABEL)))
        if tag in convert.EDGES and not (self._open_tables and tag in _CELLS):
            self._edge(tag)
        if tag == "title" and not self._title:
            self._title = wording.words("".join(element.itertext()))
        if tag == "base" and not self._base:
            self._base = element.get("href", "")
        if tag == "head":
            return True
        if tag in convert.UNSEEN or tag == "title" or element.get("class") in _DRAWN:
            if tag == "script" and element.get("type", "").startswith("math/tex"):  # MathJax's
                self._take_formula(wording.tex(element.text or ""))
            return False
        return self._open(element)

    def _open(self, element: Any) -> bool:
        """Open what is a block, or not; take what is walked through no further."""
        tag = element.tag
        if tag == "math":
            self._take_formula(formulas.of_mathml(element))
            return False
        if tag in _CODE:
            self._take_code(element)
            return False
        if tag in _HEADINGS:
            self._sinks.append(_Sink(element))
        elif tag == "li":
            self._items.append(None)
            self._sinks.append(_Sink(element, place=len(self._items) - 1))
        elif tag == "a" and element.get("href"):
            self._sinks.append(_Sink(element, through=True))
        elif tag == "table" and tables.is_data(element):
            self._sinks.append(_Sink(element))
            self._open_tables.append({})
        elif tag in _CELLS and self._open_tables:
            self._sinks.append(_Sink(element, whole=True))
            self._open_tables[-1][element] = self._sinks[-1]
        elif tag in _INLINE_CODE:
            self._code_inline += 1
        self._take(element.text)
        return True

    def _end(self, element: Any) -> None:
        tag = element.tag
        if self._sinks[-1].element is element:
            self._close(self._sinks.pop())
        self._code_inline -= tag in _INLINE_CODE
        if tag in convert.EDGES and not (self._open_tables and tag in _CELLS):
            self._edge(tag)
        if self._sight is not None and LABEL in element.attrib:
            self._labels.pop()

    def _close(self, sink: _Sink) -> None:
        tag = sink.element.tag
        if tag in _CELLS:
            return
        text, optional = sink.text, sink.optional
        if tag == "li":
            parents = (each.place for each in reversed(self._sinks) if each.place >= 0)
            list_of = next((each.tag for each in sink.element.iterancestors() if each.tag in _LISTS), "ul")
            self._items[sink.place] = Item(text, sink.first, list_of == "ol", next(parents, -1), optional)
        elif tag == "a":
            if text:
                self._links.append(Link(text, sink.element.get("href"), optional))
        elif tag == "table":
            cells = self._open_tables.pop()
            table = tables.table_of(sink.element, {each: cell.text for each, cell in cells.items()})
            stated = [cell.optional for cell in cells.values() if cell.seen]
            if stated:
                self._tables.append(table._replace(optional=all(stated)))
        elif tag in _HEADINGS and (text := _HANDLE.sub("", text)):
            self._headings.append(Heading(_HEADINGS[tag], text, optional))

    def _label_of(self, element: Any) -> bool | None:
        """Whether what a block holds is optional, by the label around it, else the first one in it."""
        around = self._labels[-1]
        if around is None and self._sight is not None:
            labels = (each.get(LABEL) for each in element.iterdescendants() if LABEL in each.attrib)
            return self._sight.get(next(labels, ""))
        return around

    def _edge(self, tag: str) -> None:
        for sink in self._reached():
            if tag not in _BOXES:
                sink.breaks.append(len(sink.parts))
            sink.parts.append(" ")

    def _reached(self) -> Iterable[_Sink]:
        """The sinks that text goes to: those up to the first that keeps it, and the cell around them, if one is."""
        last = self._sinks[-1]
        if last.whole or not (last.through or self._open_tables):
            return (last,)  # nearly always
        return self._reached_around()

    def _reached_around(self) -> Iterator[_Sink]:
        kept = False
        for sink in reversed(self._sinks):
            if not kept or sink.whole:
                yield sink
            kept = kept or not sink.through
            if sink.whole or (kept and not self._open_tables):
                return

    def _take(self, text: str | None) -> None:
        optional = self._labels[-1]
        if not text or optional is None:
            return
        for sink in self._reached():
            sink.add(text, optional=optional)
        if not self._code_inline and ("$" in text or "\\" in text):
            self._formulas += [Formula(tex, optional) for tex in formulas.in_text(text)]

    def _take_formula(self, tex: str) -> None:
        optional = self._labels[-1]
        if tex and optional is not None:
            for sink in self._reached():
                sink.add(f" {tex} ", optional=optional)
            self._formulas.append(Formula(tex, optional))

    def _take_code(self, element: Any) -> None:
        optional = self._label_of(element)
        if optional is not None and (lines := code.lines_of(element)):
            self._codes.append(Code(lines, optional))
            for sink in self._reached():
                if sink.whole:
                    sink.add("\n".join(lines), optional=optional)

    def _without_empty(self) -> Iterator[Item]:
        """The items that have text of their own, each below the nearest such one around it."""
        places, kept = {-1: -1}, 0
        for place, item in enumerate(self._items):
            if item is None or not item.text:
                places[place] = places[item.parent] if item else -1
                continue
            places[place] = kept
            kept += 1
            yield item._replace(parent=places[item.parent])

"""In: HTML or Markdown of a page, an extraction or gold. Out: its blocks, such as headings, items and tables.

Markdown becomes HTML, so that both are read by the same rules. Not here: what of it is right; that is a metric's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from boilerbench.text import convert

__all__ = ["Blocks", "Cell", "Code", "Formula", "Heading", "Item", "Link", "Table", "read", "tree"]


class Heading(NamedTuple):
    """Its level (1 to 6) and its words."""

    level: int
    text: str
    optional: bool = False


class Item(NamedTuple):
    """A list item: the words of its own, those of its first paragraph, and the place of the item around it, or -1.

    Lists, tables, code and headings in it are blocks of their own.
    """

    text: str
    first: str
    ordered: bool
    parent: int
    optional: bool = False


class Cell(NamedTuple):
    """A cell with words: where it begins, how many rows and columns it has, its words."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


class Table(NamedTuple):
    """A data table: how many rows and columns it has, and its cells with words, row by row."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    optional: bool = False


class Code(NamedTuple):
    """The lines of a block of code that are not blank, without the indent that all have."""

    lines: tuple[str, ...]
    optional: bool = False


class Link(NamedTuple):
    """The words of its anchor, and its target as it is written."""

    anchor: str
    target: str
    optional: bool = False


class Formula(NamedTuple):
    """Its TeX, without what makes no other formula of it."""

    tex: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Blocks:
    """What a document has of each kind, in its order.

    `title` are the words of its title element, `base` is the address that its links are relative to, as it says it.
    """

    headings: tuple[Heading, ...] = ()
    items: tuple[Item, ...] = ()
    tables: tuple[Table, ...] = ()
    codes: tuple[Code, ...] = ()
    links: tuple[Link, ...] = ()
    formulas: tuple[Formula, ...] = ()
    title: str = ""
    base: str = ""


_MOST_FORMULAS = 2_000
"""Openings of formulas in Markdown; for the end of each, all that follows may be searched."""

Sight = Mapping[str, bool]
"""By label: whether blocks under it are optional. What is under a label that is not there is not seen."""


def read(source: str, form: str, sight: Sight | None = None) -> Blocks:
    """Read the blocks of a document in HTML or Markdown; with `sight`, of what stands under these labels alone.

    May raise what the libraries raise on hostile input, and `ValueError` where a table has too many cells.
    """
    from boilerbench.text.blocks.walk import walked

    root = tree(source, form)
    return Blocks() if root is None else walked(root, sight)


def tree(source: str, form: str) -> Any:
    """Parse a document in HTML or Markdown into a tree of lxml; None where nothing is in it. May raise as `read`."""
    if form != "html":
        math = source.count("\\(") <= _MOST_FORMULAS
        source = str(convert.markdown(html=form == "markdown", math=math).render(source))
    return convert.tree(source)

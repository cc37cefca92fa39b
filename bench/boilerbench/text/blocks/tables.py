"""Tables: which are of data, and the grid that a table's rows, merged cells included, make (HTML Standard, 4.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from boilerbench.text.blocks import Cell, Table

LARGEST = 1_000_000
"""Places of a table's grid."""

_WIDEST = 1_000
"""Columns that a cell may have, as in browsers."""

_OF_LAYOUT = frozenset(("form", "h1", "h2", "h3", "h4", "h5", "h6", "pre"))
_GROUPS = frozenset(("tbody", "tfoot", "thead"))
_LEAST = 3


def is_data(element: Any) -> bool:
    """Whether a `table` element holds data: two rows and two columns, three cells with text, and no table inside.

    One without `th` has no heading, code or form inside either. What is no data is layout.
    """
    tags = {each.tag for each in element.iterdescendants()}
    if "table" in tags or ("th" not in tags and tags & _OF_LAYOUT):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _rows(element)]
    filled = (cell for row in rows for cell in row if any(not text.isspace() for text in cell.itertext()))
    wide = any(sum(_number(cell, "colspan") for cell in row[:2]) > 1 for row in rows)
    return len(rows) > 1 and wide and len(list(islice(filled, _LEAST))) == _LEAST


def table_of(element: Any, texts: Mapping[Any, str]) -> Table:
    """The table that a `table` element is, by the words of its cells.

    `ValueError` where its grid has more than `LARGEST` places.
    """
    grid = _Grid()
    for row in _rows(element):
        grid.add(row, texts)
    filled = (cell for cell in grid.cells if cell.text)
    cells = (each if each.rows == 1 else each._replace(rows=min(each.rows, grid.row - each.row)) for each in filled)
    return Table(grid.row, grid.width, tuple(cells))


def _rows(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == "tr":
            yield child
        elif child.tag in _GROUPS:
            yield from (row for row in child if row.tag == "tr")


class _Grid:
    """Cells are put into the first place of their row that no cell from a row before reaches into."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.row = self.width = 0
        self._places = 0
        self._reach: dict[int, int] = {}
        """By column, the row that a cell from above ends before."""

    def add(self, row: Any, texts: Mapping[Any, str]) -> None:
        column = 0
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            while self._reach.get(column, 0) > self.row:
                column += 1
            columns = min(_number(element, "colspan"), _WIDEST)
            rows = _number(element, "rowspan")
            if rows > 1:
                self._reach.update(dict.fromkeys(range(column, column + columns), self.row + rows))
            self.cells.append(Cell(self.row, column, rows, columns, texts.get(element, "")))
            column += columns
            self.width = max(self.width, column)
        self.row += 1
        if self.row * self.width > LARGEST:
            raise ValueError(f"a table has more than {LARGEST:,} places")


def _number(element: Any, name: str) -> int:
    stated = element.get(name)
    if stated is None:
        return 1
    stated = stated.strip()
    return max(1, int(stated)) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 1  # noqa: PLR2004  65534

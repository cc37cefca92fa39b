"""Blocks of cells, a heading above each, laid out for reading: runners or policies across."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, TypeAlias

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from boilerbench.rendering.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDTH = 80

Block: TypeAlias = "tuple[str, list[list[str]]]"
"""A heading, and lines of cells: a header first; the first cell of a line is its name."""

_ACROSS = 6


def to_text(blocks: Iterable[Block], notes: Sequence[str]) -> str:
    """Write blocks at most 80 columns wide, six columns at a time, and the notes below as they are."""
    parts: list[Table | Text] = []
    for heading, cells in blocks:
        parts += [Text(heading, style="bold"), *_tables(cells), Text()]
    file = StringIO()
    Console(file=file, width=WIDTH, color_system=None, legacy_windows=False).print(Group(*parts))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    return "\n".join(["\n".join(lines).strip("\n"), "", *notes]).strip("\n") + "\n"


def _tables(cells: list[list[str]]) -> Iterator[Table]:
    for first in range(1, len(cells[0]), _ACROSS):
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        shown.add_column(Text(cells[0][0]), overflow="fold")
        for name in cells[0][first : first + _ACROSS]:
            shown.add_column(Text(name), justify="right", overflow="fold", min_width=5)
        for row in cells[1:]:
            shown.add_row(Text(row[0]), *map(Text, row[first : first + _ACROSS]))
        yield shown


def to_markdown(blocks: Iterable[Block], notes: Sequence[str]) -> str:
    """Write a pipe table per block, and the notes, where there are any, below in a fence."""
    parts = []
    for heading, (header, *rows) in blocks:
        lines = [[*map(escape, header)], ["---", *["--:"] * (len(header) - 1)], *([*map(escape, row)] for row in rows)]
        parts.append("\n".join([f"**{escape(heading)}**", "", *(f"| {' | '.join(line)} |" for line in lines)]))
    if notes:
        parts.append("\n".join(["```", *notes, "```"]))
    return "\n\n".join(parts) + "\n"

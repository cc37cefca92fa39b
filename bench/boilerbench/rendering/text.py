"""A document for a terminal, without colours: within its width, or where there is none, a row a line however long."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from boilerbench.rendering.cells import Block, Document

_ENDLESS = 1_000_000
_SIGNATURE = re.compile(r"\S+:.*\|")
_ROOMY = 10
"""So many columns stand two blanks apart, more of them one."""
_PROSE = 24
"""The least width of the column whose cells may take several lines."""


def write(document: Document, width: int | None = None) -> str:
    """Write blocks and the notes below; what signs them stays one line.

    A name is never cut, even where it alone is wider than `width`.
    """
    parts, left_out, room = [], [], width or _ENDLESS
    for block in document.blocks:
        columns = _with_room(block, room)
        left_out += [block.headers[column] for column in range(len(block.headers)) if column not in columns]
        tables = [_printed(_table(block, some, room)) for some in _at_once(block, columns, room)]
        parts.append("\n".join([_within(each, room) for each in (block.heading, *block.verdict)] + [*tables, ""]))
    lines = ["\n".join(parts).strip("\n"), ""]
    if left_out:
        names = ", ".join(dict.fromkeys(left_out))
        lines += [_within(f"not shown for want of room: {names}; --wide shows all", room), ""]
    notes = (note if _SIGNATURE.match(note) else _within(note, room) for note in document.notes)
    return "\n".join([*lines, *notes]).strip("\n") + "\n"


def _within(text: str, room: int) -> str:
    return textwrap.fill(text, room, break_long_words=False, break_on_hyphens=False)


def _with_room(block: Block, room: int) -> list[int]:
    """The columns that are shown."""
    columns = list(range(len(block.headers)))
    for column in block.spare:
        if _width(block, columns) <= room:
            break
        columns.remove(column)
    return columns


def _at_once(block: Block, columns: Sequence[int], room: int) -> Iterator[list[int]]:
    """Part the columns into those that stand side by side; none are parted where some are spare."""
    first, *rest = columns
    while rest:
        count = len(rest)
        while not block.spare and count > 1 and _width(block, [first, *rest[:count]]) > room:
            count -= 1
        yield [first, *rest[:count]]
        rest = rest[count:]


def _width(block: Block, columns: Sequence[int]) -> int:
    return _console(StringIO()).measure(_table(block, columns, 0)).maximum


def _table(block: Block, columns: Sequence[int], room: int) -> Table:
    """Lay columns out; prose is broken into lines that fit into the room, or else is as narrow as can be."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, int(len(columns) <= _ROOMY), 0, 0))
    prose = block.prose if block.prose in columns else None
    others = [each for each in columns if each != prose]
    left = max(_PROSE, room - _width(block, others) - 2) if room and prose is not None else 0
    for column in columns:
        table.add_column(
            Text(block.headers[column]), justify="left" if column in block.left else "right", no_wrap=True, min_width=4
        )
    for row in block.rows:
        cells = [_within(row[each], left or _PROSE) if each == prose else row[each] for each in columns]
        table.add_row(*map(Text, cells))
    return table


def _console(file: StringIO) -> Console:
    return Console(file=file, width=_ENDLESS, color_system=None, legacy_windows=False)


def _printed(table: Table) -> str:
    file = StringIO()
    _console(file).print(table)
    return "\n".join(map(str.rstrip, file.getvalue().splitlines()))

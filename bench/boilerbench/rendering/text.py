"""A document for a terminal, without colours."""

from collections.abc import Iterator
from io import StringIO

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from boilerbench.rendering.cells import Block, Document

WIDE, NARROW = 100, 80
"""The most columns of characters that a block takes."""

_AT_ONCE = 6
_ROOMY = 10


def write(document: Document) -> str:
    """Write blocks at most as wide as `WIDE` and `NARROW` say, and the notes below as they are."""
    file = StringIO()
    for block in document.blocks:
        console = Console(file=file, width=WIDE if block.wide else NARROW, color_system=None, legacy_windows=False)
        console.print(Group(Text(block.heading), *_tables(block), Text()))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    return "\n".join(["\n".join(lines).strip("\n"), "", *document.notes]).strip("\n") + "\n"


def _tables(block: Block) -> Iterator[Table]:
    """Lay a wide block out as one table, another a few columns at a time, the first beside each of them."""
    count = len(block.headers)
    step = count if block.wide else _AT_ONCE
    for start in range(1, count, step):
        columns = range(count) if block.wide else [0, *range(start, min(start + step, count))]
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, int(len(columns) <= _ROOMY), 0, 0))
        for column in columns:
            left = column in block.left
            shown.add_column(
                Text(block.headers[column]),
                justify="left" if left else "right",
                no_wrap=block.wide and not left,
                overflow="fold",
                min_width=None if block.wide or left else 5,
            )
        for row in block.rows:
            shown.add_row(*(Text(row[column]) for column in columns))
        yield shown

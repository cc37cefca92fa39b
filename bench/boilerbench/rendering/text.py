"""A leaderboard for a terminal, readable in 100 columns."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from boilerbench.rendering.cells import HEADERS, TEXTS, boards, remarks

if TYPE_CHECKING:
    import pandas as pd

    from boilerbench.rendering.cells import Board

WIDTH = 100


def to_text(table: pd.DataFrame, signatures: list[str]) -> str:
    """Write the leaderboard without colours, at most 100 columns wide but for remarks and signatures."""
    file = StringIO()
    Console(file=file, width=WIDTH, color_system=None, legacy_windows=False).print(to_rich(table))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    return "\n".join(["\n".join(lines).strip("\n"), "", *remarks(table), *signatures]).strip("\n") + "\n"


def to_rich(table: pd.DataFrame) -> Group:
    """Make the leaderboard something that a rich console prints, in its own width and colours."""
    parts: list[Table | Text] = []
    for board in boards(table):
        parts += [Text(board.heading, style="dim" if board.says_nothing else "bold"), _table(board), Text()]
    return Group(*parts)


def _table(board: Board) -> Table:
    dim = "dim" if board.says_nothing else ""
    padding = (0, int(board.headers == HEADERS), 0, 0)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=padding, header_style="bold", style=dim)
    for header in board.headers:
        left = header in TEXTS
        shown.add_column(
            header,
            justify="left" if left else "right",
            no_wrap=not left,
            overflow="fold",
            style={"F1": "bold", "95 %": "dim", "version": "dim"}.get(header, ""),
        )
    for row in board.rows:
        failed = row[board.headers.index("failed")]
        shown.add_row(*(Text(cell) for cell in row), style=dim if failed == "0" else "yellow")
    return shown

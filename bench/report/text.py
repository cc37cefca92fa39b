"""A leaderboard for a terminal, readable in 80 columns."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from bench.report.cells import HEADERS, TEXTS, boards

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 80


def to_text(table: pd.DataFrame, signatures: list[str]) -> str:
    """Write the leaderboard without colours, at most 80 columns wide but for the signatures."""
    file = StringIO()
    Console(file=file, width=WIDTH, color_system=None, legacy_windows=False).print(to_rich(table))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    return "\n".join(["\n".join(lines).strip("\n"), "", *signatures]).strip("\n") + "\n"


def to_rich(table: pd.DataFrame) -> Group:
    """Make the leaderboard something that a rich console prints, in its own width and colours."""
    parts: list[Table | Text] = []
    for heading, rows in boards(table):
        parts += [Text(heading, style="bold"), _table(rows), Text()]
    return Group(*parts)


def _table(rows: list[list[str]]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for header in HEADERS:
        left = header in TEXTS
        shown.add_column(
            header,
            justify="left" if left else "right",
            no_wrap=not left,
            overflow="fold",
            style={"F1": "bold", "95 %": "dim", "version": "dim"}.get(header, ""),
        )
    for row in rows:
        failed = row[HEADERS.index("failed")]
        shown.add_row(*(Text(cell) for cell in row), style="" if failed == "0" else "yellow")
    return shown

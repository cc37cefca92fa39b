"""A leaderboard as Markdown, for a README, an issue or a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boilerbench.rendering.cells import TEXTS, boards, remarks

if TYPE_CHECKING:
    import pandas as pd


def to_markdown(table: pd.DataFrame, signatures: list[str]) -> str:
    """Write one pipe table per leaderboard, and the signatures below."""
    parts = []
    for board in boards(table):
        rule = ["---" if header in TEXTS else "--:" for header in board.headers]
        rows = [[escape(cell) for cell in row] for row in board.rows]
        lines = map(_line, [[*board.headers], rule, *rows])
        parts.append("\n".join([f"**{escape(board.heading)}**", "", *lines]))
    notes = [*remarks(table), *signatures]
    if notes:
        parts.append("\n".join(["```", *notes, "```"]))
    return "\n\n".join(parts) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    """Give text that Markdown shows as it is, inside a table's cell too."""
    for sign in "\\|*<`[":
        text = text.replace(sign, f"\\{sign}")
    return text

"""A leaderboard as Markdown, for a README, an issue or a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.report.cells import HEADERS, TEXTS, boards

if TYPE_CHECKING:
    import pandas as pd


def to_markdown(table: pd.DataFrame, signatures: list[str]) -> str:
    """Write one pipe table per leaderboard, and the signatures below."""
    parts = []
    for heading, rows in boards(table):
        rule = ["---" if header in TEXTS else "--:" for header in HEADERS]
        lines = [_line([*HEADERS]), _line(rule), *(_line([escape(cell) for cell in row]) for row in rows)]
        parts.append("\n".join([f"**{escape(heading)}**", "", *lines]))
    if signatures:
        parts.append("\n".join(["```", *signatures, "```"]))
    return "\n\n".join(parts) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    """Give text that Markdown shows as it is, inside a table's cell too."""
    for sign in "\\|*<`[":
        text = text.replace(sign, f"\\{sign}")
    return text

"""A leaderboard as one HTML file that loads nothing: a table for each, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from boilerbench.rendering.cells import TEXTS, boards, remarks

if TYPE_CHECKING:
    import pandas as pd

    from boilerbench.rendering.cells import Board

_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.4 system-ui,sans-serif}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "caption{text-align:start;font-weight:600}th,td{padding:.15rem .6rem;border-bottom:1px solid #8884;text-align:end}"
    ".t{text-align:start}.nothing{opacity:.6}pre{white-space:pre-wrap}"
)


def to_html(table: pd.DataFrame, signatures: list[str]) -> str:
    """Write a document with a table per leaderboard, and remarks and signatures below."""
    notes = escape("\n".join([*remarks(table), *signatures]))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>boilerbench</title>\n'
        f"<style>{_STYLE}</style>\n{''.join(map(_table, boards(table)))}<pre>{notes}</pre>\n</html>\n"
    )


def _table(board: Board) -> str:
    head = "".join(f'<th scope="col"{_side(header)}>{escape(header)}' for header in board.headers)
    rows = "".join(
        "<tr>" + "".join(f"<td{_side(h)}>{escape(cell)}" for h, cell in zip(board.headers, row, strict=True)) + "\n"
        for row in board.rows
    )
    grey = ' class="nothing"' if board.says_nothing else ""
    caption = f"<caption>{escape(board.heading)}</caption>"
    return f"<table{grey}>{caption}\n<thead><tr>{head}</thead>\n<tbody>{rows}</tbody></table>\n"


def _side(header: str) -> str:
    return ' class="t"' if header in TEXTS else ""

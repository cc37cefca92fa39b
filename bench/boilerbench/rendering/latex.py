r"""A leaderboard as LaTeX, for a paper: booktabs, intervals, in bold those that none is significantly better than."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boilerbench.rendering.cells import TEXTS, boards, remarks

if TYPE_CHECKING:
    import pandas as pd

    from boilerbench.rendering.cells import Board

_BOLD = ("runner", "F1")
_ESCAPED = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "·": r"\textperiodcentered{}"}
)


def to_latex(table: pd.DataFrame, signatures: list[str]) -> str:
    r"""Write a `table` environment per leaderboard, for \usepackage{booktabs}; remarks and signatures are comments."""
    notes = [f"% {line}" for line in [*remarks(table), *signatures]]
    return "\n".join([*map(_environment, boards(table)), *notes]) + "\n"


def _environment(board: Board) -> str:
    columns = "".join("l" if header in TEXTS else "r" for header in board.headers)
    lines = [" & ".join(map(escape, board.headers)), *(_row(board, row) for row in board.rows)]
    header, *rows = [rf"{line} \\" for line in lines]
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{escape(board.heading)}}}",
            rf"\begin{{tabular}}{{{columns}}}",
            *(r"\toprule", header, r"\midrule", *rows, r"\bottomrule"),
            r"\end{tabular}",
            r"\end{table}",
        ]
    )


def _row(board: Board, row: list[str]) -> str:
    best = row[0].partition("-")[0] == "1" and not board.says_nothing
    cells = zip(board.headers, map(escape, row), strict=True)
    return " & ".join(rf"\textbf{{{cell}}}" if best and header in _BOLD else cell for header, cell in cells)


def escape(text: str) -> str:
    """Give text that LaTeX prints as it is; a hyphen between digits becomes a dash."""
    head, *rest = text.translate(_ESCAPED).split("-")
    for part in rest:
        head += ("--" if head[-1:].isdigit() and part[:1] in ".0123456789" and part else "-") + part
    return head

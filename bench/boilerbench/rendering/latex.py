r"""A leaderboard as LaTeX, for a paper: booktabs, intervals, in bold those that none is significantly better than."""

from boilerbench.rendering.cells import Block, Document

_BOLD = ("runner", "F1")
_NAMED = {"\\": "backslash", "~": "asciitilde", "^": "asciicircum", "·": "periodcentered"}
_NAMED |= {"|": "bar", "<": "less", ">": "greater"}
_ESCAPED = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {sign: rf"\text{name}{{}}" for sign, name in _NAMED.items()}
    | {"`": r"\`{}"}
)


def write(document: Document) -> str:
    r"""Write a `table` environment per leaderboard, for \usepackage{booktabs}; remarks and signatures are comments."""
    return "\n".join([*map(_environment, document.blocks), *(f"% {line}" for line in document.notes)]) + "\n"


def _environment(block: Block) -> str:
    sides = "".join("l" if column in block.left else "r" for column in range(len(block.headers)))
    rows = "".join(rf"{_row(block, row)} \\" + "\n" for row in block.rows)
    return rf"""\begin{{table}}
\centering
\caption{{{escape(block.heading)}}}
\begin{{tabular}}{{{sides}}}
\toprule
{" & ".join(map(escape, block.headers))} \\
\midrule
{rows}\bottomrule
\end{{tabular}}
\end{{table}}"""


def _row(block: Block, row: list[str]) -> str:
    best = row[0].partition("-")[0] == "1" and not block.says_nothing
    cells = zip(block.headers, map(escape, row), strict=True)
    return " & ".join(rf"\textbf{{{cell}}}" if best and header in _BOLD else cell for header, cell in cells)


def escape(text: str) -> str:
    """Give text that LaTeX prints as it is; a hyphen between digits becomes a dash."""
    head, *rest = text.translate(_ESCAPED).split("-")
    for part in rest:
        between = "--" if head[-1:].isdigit() and part and part[0] in ".0123456789" else "-"
        head += ("{}" if head.endswith("-") else "") + between + part
    return head

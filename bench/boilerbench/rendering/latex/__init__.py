r"""Leaderboards as LaTeX, for a paper: booktabs, labels, intervals.

In bold are those that none is significantly better than. Where sets stand side by side, the highest score is in bold,
and those that are not significantly worse have a dagger.
"""

import re
from collections import Counter

from boilerbench.rendering.cells import Block, Document

_NAMED = {"\\": "backslash", "~": "asciitilde", "^": "asciicircum", "·": "periodcentered"}
_NAMED |= {"|": "bar", "<": "less", ">": "greater"}
_ESCAPED = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {sign: rf"\text{name}{{}}" for sign, name in _NAMED.items()}
    | {"`": r"\`{}"}
)


def write(document: Document) -> str:
    r"""Write a `table` environment per leaderboard, for \usepackage{booktabs}; remarks and signatures are comments."""
    used: Counter[str] = Counter()
    return (
        "\n".join([*(_environment(each, used) for each in document.blocks), *(f"% {line}" for line in document.notes)])
        + "\n"
    )


def _label(heading: str, used: Counter[str]) -> str:
    """What a heading says up to its policy, in plain letters; with a number where that was used before."""
    about = re.match(r".*?policy [^ ·]+", heading)
    name = re.sub("[^a-z0-9]+", "-", (about[0] if about else heading).casefold()).strip("-")
    used[name] += 1
    return name if used[name] == 1 else f"{name}-{used[name]}"


def _environment(block: Block, used: Counter[str]) -> str:
    sides = "".join("l" if column in block.left else "r" for column in range(len(block.headers)))
    rows = "".join(rf"{_row(block, number, row)} \\" + "\n" for number, row in enumerate(block.rows))
    return rf"""\begin{{table}}
\centering
\caption{{{escape(block.heading)}}}
\label{{tab:{_label(block.heading, used)}}}
\begin{{tabular}}{{{sides}}}
\toprule
{" & ".join(map(escape, block.headers))} \\
\midrule
{rows}\bottomrule
\end{{tabular}}
\end{{table}}"""


def _row(block: Block, number: int, row: list[str]) -> str:
    printed = []
    for column, cell in enumerate(map(escape, row)):
        dagger = "$^{\\dagger}$" if (number, column) in block.level else ""
        printed.append((rf"\textbf{{{cell}}}" if (number, column) in block.best else cell) + dagger)
    return " & ".join(printed)


def escape(text: str) -> str:
    """Give text that LaTeX prints as it is; a hyphen between digits becomes a dash."""
    head, *rest = text.translate(_ESCAPED).split("-")
    for part in rest:
        between = "--" if head[-1:].isdigit() and part and part[0] in ".0123456789" else "-"
        head += ("{}" if head.endswith("-") else "") + between + part
    return head

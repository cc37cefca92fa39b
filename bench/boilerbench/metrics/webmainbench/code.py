"""`wmb-code`: edit similarity of code, WebMainBench's `code_edit`.

Code is what stands between two fences of three backticks, wherever in a line, without the first and the last line of
that; and two lines or more that begin with a tab or four spaces, after a blank one, where none of them looks like an
item of a list or speaks of money. What is in a fence and indented is there twice.
"""

import re

from boilerbench.metrics.webmainbench import Edit, seen_as

_FENCED = re.compile("```.*?```", re.DOTALL)
_INDENTED = re.compile(r"\n\s*\n((?:(?: {4}|\t).*(?:\n|$)){2,})(?=\n\s*\n|$)", re.MULTILINE)
_PROSE = re.compile(r"^(?:[-•*]\s|\d+\.\s)|\$[\d,]|\b(?i:[mb]illion|thousand)\b")


def code_of(markdown: str) -> str:
    """All code of a text."""
    fenced = ["\n".join(each.split("\n")[1:-1]) for each in _FENCED.findall(markdown)]
    indented = (each.split("\n") for each in _INDENTED.findall(markdown))
    return "\n".join([*filter(None, fenced), *filter(None, map(_code, indented))])


def _code(lines: list[str]) -> str:
    """The code of indented lines; none where they are no code."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2 or any(_PROSE.search(line.strip()) for line in filled):  # noqa: PLR2004  a line alone is none
        return ""
    return "\n".join(line.removeprefix("    " if line.startswith("    ") else "\t") for line in filled)


class WmbCode(Edit):
    """Edit similarity of code."""

    name = "wmb-code"
    view = seen_as(name, code_of)

    def part(self, markdown: str) -> str:
        """Its code."""
        return code_of(markdown)

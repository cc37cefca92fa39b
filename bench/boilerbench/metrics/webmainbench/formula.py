r"""`wmb-formula`: edit similarity of formulas, WebMainBench's `formula_edit`.

Formulas are what stands between two `$$`, then between `\[` and `\]`, between two `$`, between `\(` and `\)`, in that
order of kinds, outside code, over as many lines as it takes. Prose between two prices is one, too.
"""

import re

from boilerbench.metrics.webmainbench import Edit, seen_as

_CODE = re.compile("```.*?```", re.DOTALL)
_CODE_INLINE = re.compile("`[^`]*`")
_BETWEEN = [
    re.compile(rf"(?<!\\){opened}(.*?)(?<!\\){closed}", re.DOTALL)
    for opened, closed in ((r"\$\$", r"\$\$"), (r"\\\[", r"\\\]"), (r"\$", r"\$"), (r"\\\(", r"\\\)"))
]


def without_code(markdown: str) -> str:
    """A text without what stands in backticks."""
    return _CODE_INLINE.sub("", _CODE.sub("", markdown))


def formulas_of(markdown: str) -> str:
    """All formulas of a text, each without white space at its ends."""
    text = without_code(markdown)
    found = (each.strip() for pattern in _BETWEEN for each in pattern.findall(text))
    return "\n".join(filter(None, found))


class WmbFormula(Edit):
    """Edit similarity of formulas."""

    name = "wmb-formula"
    view = seen_as(name, formulas_of)

    def part(self, markdown: str) -> str:
        """Its formulas."""
        return formulas_of(markdown)

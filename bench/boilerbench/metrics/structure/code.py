"""`code`: which lines of code came; beside it, whole blocks, and lines without their indent.

The unit is a line that is not blank, with tabs as four spaces and without the indent that its whole block has.
`blocks`: of the gold's blocks, those with exactly these lines. `indent`: of its lines, those that came with any indent.
"""

from collections import Counter
from collections.abc import Sequence

from boilerbench.metrics.structure import Found, Structure, pairing
from boilerbench.text.blocks import Blocks


class CodeLines(Structure):
    """Lines of code, in order."""

    name = "code"

    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Find the longest common subsequence of lines."""
        lines = [(line, block.optional) for block in gold.codes for line in block.lines]
        given = [line for block in answer.codes for line in block.lines]
        pairs = pairing.in_order([line for line, _ in lines], given)
        stated, tp = sum(not optional for _, optional in lines), sum(not lines[i][1] for i, _ in pairs)
        whole = Counter(block.lines for block in gold.codes) & Counter(block.lines for block in answer.codes)
        bare = pairing.in_order(_bare([line for line, _ in lines]), _bare(given))
        beside = {"blocks": (whole.total(), len(gold.codes)), "indent": (len(bare), len(lines))}
        return Found(tp, len(given) - len(pairs), stated - tp, beside)


def _bare(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines]

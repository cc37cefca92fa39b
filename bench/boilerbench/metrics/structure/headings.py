"""`headings`: which headings came, whatever their level; beside it, whether each is still below the same heading.

A heading like the page's title may be there or not. `outline`: of the paired headings, those whose next higher paired
heading before them is the same in both; a level offset, or a level that is skipped, changes nothing.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz

from boilerbench.metrics.structure import Found, Structure, pairing
from boilerbench.text.blocks import Blocks, Heading

_LIKE_TITLE = 90


class Headings(Structure):
    """Headings, paired by text."""

    name = "headings"

    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Pair them; optional ones and the title count on neither side."""
        pairs = pairing.by_text([each.text for each in gold.headings], [each.text for each in answer.headings])
        waived = [each.optional or _is_title(each.text, gold.title) for each in gold.headings]
        tp = sum(not waived[i] for i, _ in pairs)
        paired = {j for _, j in pairs}
        unpaired = [each for j, each in enumerate(answer.headings) if j not in paired]
        fp = sum(not _is_title(each.text, gold.title) for each in unpaired)
        return Found(tp, fp, waived.count(False) - tp, {"outline": _outline(gold.headings, answer.headings, pairs)})


def _is_title(text: str, title: str) -> bool:
    return bool(title) and fuzz.ratio(text, title, score_cutoff=_LIKE_TITLE) > 0


def _outline(gold: Sequence[Heading], answer: Sequence[Heading], pairs: Sequence[pairing.Pair]) -> tuple[int, int]:
    parents_gold = _parents([(i, gold[i].level) for i, _ in pairs])
    parents_answer = _parents(sorted((j, answer[j].level) for _, j in pairs))
    there = {**dict(pairs), -1: -1}
    return sum(there[parents_gold[i]] == parents_answer[j] for i, j in pairs), len(pairs)


def _parents(levels: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The heading above each, -1 for none."""
    found, open_ = {}, list[tuple[int, int]]()
    for place, level in levels:
        while open_ and open_[-1][1] >= level:
            open_.pop()
        found[place] = open_[-1][0] if open_ else -1
        open_.append((place, level))
    return found

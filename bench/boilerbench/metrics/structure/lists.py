"""`lists`: which list items came; beside it, whether each is still inside the same item, and numbered or not.

An item is paired by its whole text, else by its first paragraph. `nested`: of the gold's items inside others, those
whose nearest paired item around them is the same. `ordered`: of the paired ones, those in a list of the same kind.
"""

from collections.abc import Sequence

from boilerbench.metrics.structure import Found, Structure, pairing
from boilerbench.text.blocks import Blocks, Item


class Lists(Structure):
    """List items with text of their own, paired by text."""

    name = "lists"

    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Pair them; optional ones count on neither side."""
        pairs = _pairs(gold.items, answer.items)
        stated = sum(not each.optional for each in gold.items)
        tp = sum(not gold.items[i].optional for i, _ in pairs)
        ordered = sum(gold.items[i].ordered == answer.items[j].ordered for i, j in pairs)
        beside = {"nested": _nested(gold.items, answer.items, pairs), "ordered": (ordered, len(pairs))}
        return Found(tp, len(answer.items) - len(pairs), stated - tp, beside)


def _pairs(gold: Sequence[Item], answer: Sequence[Item]) -> list[pairing.Pair]:
    found = pairing.by_text([each.text for each in gold], [each.text for each in answer])
    left = [sorted(set(range(len(side))) - {pair[n] for pair in found}) for n, side in enumerate((gold, answer))]
    firsts = pairing.by_text([gold[i].first for i in left[0]], [answer[j].first for j in left[1]])
    return found + [(left[0][a], left[1][b]) for a, b in firsts]


def _nested(gold: Sequence[Item], answer: Sequence[Item], pairs: Sequence[pairing.Pair]) -> tuple[int, int]:
    there, back = dict(pairs), {j: i for i, j in pairs}
    around = {i: _around(gold, i, there) for i, each in enumerate(gold) if each.parent >= 0}
    right = sum(
        i in there and around[i] >= 0 and back.get(_around(answer, there[i], back), -1) == around[i] for i in around
    )
    return right, len(around)


def _around(items: Sequence[Item], place: int, paired: dict[int, int]) -> int:
    """The nearest paired item around one, -1 for none."""
    place = items[place].parent
    while place >= 0 and place not in paired:
        place = items[place].parent
    return place

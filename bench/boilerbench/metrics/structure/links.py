"""`links`: which links came, by the words of their anchor and their target; beside it, targets of known anchors.

A target is compared without scheme, `www.`, final slash and fragment, relative ones against the address of the gold. A
link within the page is none. `target`: of the links whose anchor is there in both, those whose target is right.
"""

from collections.abc import Sequence

from boilerbench.metrics.structure import Found, Structure, multiset
from boilerbench.text.blocks import Blocks, Link, wording


class Links(Structure):
    """Links, as a multiset."""

    name = "links"

    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Count them."""
        stated = _keys([each for each in gold.links if not each.optional], gold.base)
        optional = _keys([each for each in gold.links if each.optional], gold.base)
        given = _keys(answer.links, answer.base or gold.base)
        found = multiset(stated, optional, given)
        anchors = multiset([anchor for anchor, _ in stated], [], [anchor for anchor, _ in given])
        return Found(found.tp, found.fp, found.fn, {"target": (found.tp, anchors.tp)})


def _keys(links: Sequence[Link], base: str) -> list[tuple[str, str]]:
    targets = [(each.anchor, wording.target(each.target, base)) for each in links]
    return [(anchor, target) for anchor, target in targets if target]

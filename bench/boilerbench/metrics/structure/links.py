"""`links`: which links came, by the words of their anchor and their target; beside it, targets of known anchors.

A target is compared without scheme, `www.`, final slash and fragment. `target`: of the links whose anchor is there in
both, those whose target is right.
"""

from boilerbench.metrics.structure import Found, Structure, multiset
from boilerbench.text.blocks import Blocks


class Links(Structure):
    """Links, as a multiset."""

    name = "links"

    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Count them."""
        stated, optional = ([each[:2] for each in gold.links if each.optional is kind] for kind in (False, True))
        found = multiset(stated, optional, [each[:2] for each in answer.links])
        anchors = multiset([each[0] for each in stated], [], [each.anchor for each in answer.links])
        return Found(found.tp, found.fp, found.fn, {"target": (found.tp, anchors.tp)})

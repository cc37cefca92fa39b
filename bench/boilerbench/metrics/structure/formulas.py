r"""`formulas`: which formulas came, as TeX between dollars, in `\( \)` or as MathML."""

from boilerbench.metrics.structure import Found, Structure, multiset
from boilerbench.text.blocks import Blocks


class Formulas(Structure):
    """Formulas, as a multiset of TeX."""

    name = "formulas"

    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Count them."""
        stated, optional = ([each.tex for each in gold.formulas if each.optional is kind] for kind in (False, True))
        return multiset(stated, optional, [each.tex for each in answer.formulas])

r"""`wcxb`, `wcxb-with`, `wcxb-without`: the metrics of WCXB (Murrough-Foley, commit c039d5e, its evaluate.py).

Per page, over multisets of lower-cased `\w+`:

    precision = matched / text's tokens       recall = matched / gold's tokens       F1 = 2pr / (p + r)

and the leaderboard's figures are the means over pages. Choices of its authors that are kept: `str.lower`, not case
folding; gold and text both without tokens score 1, one of the two alone 0.

The snippet rates count a snippet as found where it stands in the text, both lower-cased, white space as it is.
`wcxb-with` is the share of `with` snippets found, 1 for a page that has none. `wcxb-without` is 1 minus the authors'
rate of `without` snippets found, so that more is better; their rate of a page that has none is 1, so this is 0.
"""

from collections.abc import Sequence

import numpy as np

from boilerbench.metrics.base import Counts, Overlap, share
from boilerbench.metrics.snippets import LooksUp, Reference
from boilerbench.model import Gold
from boilerbench.text.tokens import TokenRule

LOWER_WORDS = TokenRule(r"\w+ lower", str.lower, lambda char: int(char.isalnum() or char == "_"))
"""Maximal runs of what Python's `re` calls word characters, lower-cased."""


class Wcxb(Overlap):
    """Multiset overlap of lower-cased words, mean over pages."""

    name = "wcxb"
    n = 1
    rule = LOWER_WORDS


class WcxbWith(LooksUp):
    """Share of the snippets that must occur, found; mean over pages."""

    name = "wcxb-with"
    single = True
    ready = staticmethod(str.lower)

    def concerns(self, gold: Gold) -> bool:
        """Whether there are snippets that must occur."""
        return bool(gold.with_snippets)

    def count(self, reference: Reference, texts: Sequence[str]) -> Counts:
        """Look every snippet up."""
        found = self.found(reference[0], texts)
        return share(found, len(reference[0]) - found)


class WcxbWithout(WcxbWith):
    """Share of the snippets that must not occur, not found; mean over pages."""

    name = "wcxb-without"

    def concerns(self, gold: Gold) -> bool:
        """Whether there are snippets that must not occur."""
        return bool(gold.without_snippets)

    def count(self, reference: Reference, texts: Sequence[str]) -> Counts:
        """Look every snippet up; where there is none to leak, count one leak, as the authors' rate does."""
        leaked = self.found(reference[1], texts) if reference[1] else np.ones(len(texts))
        return share(max(1, len(reference[1])) - leaked, leaked)

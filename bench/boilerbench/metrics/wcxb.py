r"""`wcxb`, `wcxb-with`, `wcxb-without`: the metrics of WCXB (Murrough-Foley, commit c039d5e, its evaluate.py).

Per page, over multisets of lower-cased `\w+`:

    precision = matched / answer's tokens       recall = matched / gold's tokens       F1 = 2pr / (p + r)

and the leaderboard's figures are the means over pages. Choices of its authors that are kept: `str.lower`, not case
folding; gold and answer both without tokens score 1, one of the two alone 0.

The snippet rates count a snippet as found where it stands in the answer, both lower-cased, white space as it is.
`wcxb-with` is the share of `with` snippets found, 1 for a page that has none. `wcxb-without` is 1 minus the authors'
rate of `without` snippets found, so that more is better; their rate of a page that has none is 1, so this is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boilerbench.metrics.base import Metric, Overlap, share
from boilerbench.text.tokens import TokenRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.metrics.base import Counts, Floats
    from boilerbench.model import Gold

LOWER_WORDS = TokenRule(r"\w+ lower", str.lower, lambda char: int(char.isalnum() or char == "_"))
"""Maximal runs of what Python's `re` calls word characters, lower-cased."""


class Wcxb(Overlap):
    """Multiset overlap of lower-cased words, mean over pages."""

    name = "wcxb"
    n = 1
    rule = LOWER_WORDS


class WcxbWith(Metric):
    """Share of the snippets that must occur, found; mean over pages."""

    name = "wcxb-with"
    single = True
    of_text = False

    def reference(self, gold: Gold, policy: Policy) -> list[str]:  # noqa: ARG002  snippets have no label
        """Lower-case the snippets."""
        return [snippet.lower() for snippet in gold.with_snippets]

    def count(self, reference: list[str], answers: Sequence[str]) -> Counts:
        """Look every snippet up."""
        found = _found(reference, answers)
        return share(found, len(reference) - found)


class WcxbWithout(WcxbWith):
    """Share of the snippets that must not occur, not found; mean over pages."""

    name = "wcxb-without"

    def reference(self, gold: Gold, policy: Policy) -> list[str]:  # noqa: ARG002  snippets have no label
        """Lower-case the snippets."""
        return [snippet.lower() for snippet in gold.without_snippets]

    def count(self, reference: list[str], answers: Sequence[str]) -> Counts:
        """Look every snippet up; where there is none to leak, count one leak, as the authors' rate does."""
        leaked = _found(reference, answers) if reference else np.ones(len(answers))
        return share(max(1, len(reference)) - leaked, leaked)


def _found(snippets: list[str], answers: Sequence[str]) -> Floats:
    """How many of the snippets stand in each answer."""
    lowered = [answer.lower() for answer in answers]
    return np.array([sum(snippet in answer for snippet in snippets) for answer in lowered], float)

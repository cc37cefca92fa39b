"""`levenshtein`: WCEB's normalised similarity (SIGIR 2023; extended set at commit 8cce07d, its eval.py).

Gold and text are cut at white space. What the Levenshtein package calls `ratio` allows insertions and deletions only:

    ratio = 1 - (insertions + deletions) / (gold + text) = 2 LCS / (gold + text)        in tokens

so with tp = LCS, fp = text - LCS, fn = gold - LCS it is what we call F1: one number, and both empty give 1. Its
authors take the mean over a set's pages; over several sets `micro` is the mean over all pages, `macro` the mean of
the sets' means.

The LCS is rapidfuzz's, on the tokens' hashes. Most texts have nearly all of the gold, or the gold nearly all of them:
an LCS so long is looked for first, which needs a narrow band of the table alone. Equal texts are compared once.
"""

from collections.abc import Sequence

from boilerbench.metrics.base import Counts
from boilerbench.metrics.listed import InOrder, counted

_LACKING = (64, 8)
"""One token of so many may lack in the LCS that is looked for first, and next."""


class Levenshtein(InOrder):
    """Indel ratio on white-space tokens, mean over pages."""

    name = "levenshtein"
    single = True

    def prepare(self, body: str) -> list[str]:
        """Cut the body at white space."""
        return body.split()

    def compare(self, body: list[str], texts: Sequence[str]) -> Counts:
        """Find the longest common subsequence of the gold with each text."""
        cut = {text: text.split() for text in set(texts)}
        common = {text: _common(body, tokens) for text, tokens in cut.items()}
        return counted([common[text] for text in texts], [cut[text] for text in texts], body)


def _common(one: list[str], other: list[str]) -> int:
    """Length of the longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    most = min(len(one), len(other))
    for lacking in _LACKING:
        if near := LCSseq.similarity(one, other, score_cutoff=most - most // lacking):
            return near
    return LCSseq.similarity(one, other)

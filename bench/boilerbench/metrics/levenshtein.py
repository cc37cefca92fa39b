"""`levenshtein`: WCEB's normalised similarity (SIGIR 2023; extended set at commit 8cce07d, its eval.py).

Gold and text are cut at white space. What the Levenshtein package calls `ratio` allows insertions and deletions only:

    ratio = 1 - (insertions + deletions) / (gold + text) = 2 LCS / (gold + text)        in tokens

so with tp = LCS, fp = text - LCS, fn = gold - LCS it is what we call F1: one number, and both empty give 1. Its
authors take the mean over a set's pages; over several sets `micro` is the mean over all pages, `macro` the mean of
the sets' means.

The LCS is rapidfuzz's, on texts in which a character stands for each token. A token that the gold lacks cannot be in a
common subsequence and is dropped.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, repeat

from boilerbench.metrics.base import Counts
from boilerbench.metrics.listed import InOrder, counted

_CHARACTERS = range(0xD800), range(0xE000, 0x110000)  # without surrogates


class Levenshtein(InOrder):
    """Indel ratio on white-space tokens, mean over pages."""

    name = "levenshtein"
    single = True

    def prepare(self, body: str) -> tuple[list[str], dict[str, str]]:
        """Cut the body at white space, and give each token a character: rapidfuzz looks up the first 256 fastest."""
        tokens = body.split()
        frequent = (token for token, _ in Counter(tokens).most_common())
        return tokens, dict(zip(frequent, map(chr, chain(*_CHARACTERS)), strict=False))

    def compare(self, body: tuple[list[str], dict[str, str]], texts: Sequence[str]) -> Counts:
        """Find the longest common subsequence of the gold with each text."""
        from rapidfuzz.distance import LCSseq

        gold, letters = body
        cut = [text.split() for text in texts]
        spelt, *others = ("".join(map(letters.get, tokens, repeat(""))) for tokens in (gold, *cut))
        return counted([LCSseq.similarity(spelt, other) for other in others], cut, gold)

"""`levenshtein`: WCEB's normalised similarity (SIGIR 2023; extended set at commit 8cce07d, its eval.py).

Gold and answer are cut at white space. What the Levenshtein package calls `ratio` allows insertions and deletions only:

    ratio = 1 - (insertions + deletions) / (gold + answer) = 2 LCS / (gold + answer)        in tokens

so with tp = LCS, fp = answer - LCS, fn = gold - LCS it is what we call F1: one number, and both empty give 1. Its
authors take the mean over a set's pages; over several sets `micro` is the mean over all pages, `macro` the mean of
the sets' means.

The LCS is rapidfuzz's. A token that the gold lacks cannot be in it and is dropped, so that the rest are a few hundred
different ones, which stand for one character each.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from bench.metrics.base import Counts, Metric
from bench.metrics.listed import Removal, body_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.labels import Policy
    from bench.model import Gold

_SURROGATES, _SURROGATE_COUNT = 0xD800, 0x800


class Alphabet(dict[str, str]):
    """A character for each token of a gold, the frequent ones first.

    Tokens beyond the last code point share it: a million different ones to a page are no text.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        super().__init__((token, _char(i)) for i, (token, _) in enumerate(Counter(tokens).most_common()))

    def spell(self, tokens: Sequence[str]) -> str:
        """Write the tokens as one text of one character each, without those that the gold lacks."""
        return "".join(map(self.get, tokens, repeat("")))


def _char(index: int) -> str:
    return chr(min(index if index < _SURROGATES else index + _SURROGATE_COUNT, 0x10FFFF))


@dataclass(frozen=True)
class Reference:
    """A page's gold in tokens and as a text of one character each."""

    tokens: list[str]
    alphabet: Alphabet
    spelt: str
    removal: Removal


class Levenshtein(Metric):
    """Indel ratio on white-space tokens, mean over pages."""

    name = "levenshtein"
    single = True

    def reference(self, gold: Gold, policy: Policy) -> Reference:
        """Cut the body at white space and give each token a character."""
        tokens = body_text(gold, policy).split()
        alphabet = Alphabet(tokens)
        return Reference(tokens, alphabet, alphabet.spell(tokens), Removal(gold, policy))

    def count(self, reference: Reference, answers: Sequence[str]) -> Counts:
        """Find the longest common subsequence of the gold with each answer."""
        from rapidfuzz.distance import LCSseq

        lists = [answer.split() for answer in reference.removal.texts(answers)]
        common = [LCSseq.similarity(reference.spelt, reference.alphabet.spell(tokens)) for tokens in lists]
        tp, lengths = np.array(common, float), np.array([len(tokens) for tokens in lists], float)
        exact = np.array([tokens == reference.tokens for tokens in lists], bool)
        return Counts(tp, lengths - tp, len(reference.tokens) - tp, exact)

"""`levenshtein`: WCEB's normalised similarity (SIGIR 2023; extended set at commit 8cce07d, its eval.py).

Gold and answer are cut at white space. What the Levenshtein package calls `ratio` allows insertions and deletions only:

    ratio = 1 - (insertions + deletions) / (gold + answer) = 2 LCS / (gold + answer)        in tokens

so with tp = LCS, fp = answer - LCS, fn = gold - LCS it is what we call F1: one number, and both empty give 1. Its
authors take the mean over a set's pages; over several sets `micro` is the mean over all pages, `macro` the mean of
the sets' means.

The LCS is rapidfuzz's, on texts in which a character stands for each token. A token that the gold lacks cannot be in a
common subsequence and is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boilerbench.metrics.base import Counts, equal
from boilerbench.metrics.listed import InOrder, Removal, body_text
from boilerbench.text.tokens import HashIndex, TokenRule, tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.model import Gold
    from boilerbench.text.tokens import Hashes, Ints

Letters: TypeAlias = NDArray[np.uint32]

WHITE_SPACE = TokenRule("white space", str, lambda char: int(not char.isspace()))
"""Maximal runs without what Python takes for white space, as they are."""

_SURROGATES, _SURROGATE_COUNT = 0xD800, 0x800


@dataclass(frozen=True)
class Reference:
    """A page's gold: its tokens, a letter for each distinct one, and all of them written in these letters."""

    tokens: Hashes
    index: HashIndex
    letters: Letters
    spelt: str
    removal: Removal


class Levenshtein(InOrder):
    """Indel ratio on white-space tokens, mean over pages."""

    name = "levenshtein"
    single = True

    def reference(self, gold: Gold, policy: Policy) -> Reference:
        """Cut the body at white space and give each token a letter."""
        tokens = tokenise([body_text(gold, policy)], WHITE_SPACE).hashes
        distinct, which, counts = np.unique(tokens, return_inverse=True, return_counts=True)
        letters = _letters(counts)
        return Reference(tokens, HashIndex(distinct), letters, _spell(letters[which]), Removal(gold, policy))

    def count(self, reference: Reference, answers: Sequence[str]) -> Counts:
        """Find the longest common subsequence of the gold with each answer."""
        from rapidfuzz.distance import LCSseq

        tokens = tokenise(reference.removal.texts(answers), WHITE_SPACE)
        place, found = reference.index.find(tokens.hashes)
        spelt = _spell(reference.letters[place[found]])
        ends = np.concatenate(([0], np.cumsum(found)))[tokens.offsets].tolist()
        tp = np.array([LCSseq.similarity(reference.spelt, spelt[start:end]) for start, end in pairwise(ends)], float)
        return Counts(tp, tokens.lengths - tp, len(reference.tokens) - tp, equal(tokens, reference.tokens))


def _letters(counts: Ints) -> Letters:
    """A code point for each token, the lowest for the most frequent: rapidfuzz looks up the first 256 fastest."""
    letters = np.empty(len(counts), np.uint32)
    letters[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    letters[letters >= _SURROGATES] += _SURROGATE_COUNT
    return letters


def _spell(letters: Letters) -> str:
    return letters.tobytes().decode("utf-32-le")

"""Of several equal words in a text, which are too many? Those that stand where the other text has nothing like them."""

import numpy as np

from boilerbench.text.tokens import Bools, Hashes, Ints, Tokens, covered, ngrams

RUN = 4
"""Words in a row that tell where a word is from."""


def surplus(words: Hashes | Ints, allowed: Ints, doubt: Ints | Bools) -> Bools:
    """Which words are more than allowed: of each word those in most doubt, among equals the later.

    All three have an entry per word in its order: a number that stands for it, how many equal to it may stay, and how
    little speaks for it.
    """
    order = np.lexsort((doubt, words))
    ordered = words[order]
    result = np.zeros(len(words), bool)
    result[order] = np.arange(len(order)) - np.searchsorted(ordered, ordered) >= allowed[order]
    return result


def in_run(words: Hashes, other: Hashes, shortest: int = 1) -> Bools:
    """Which words of a text lie in a run of `RUN` that the other text has too.

    A text with fewer words is one run of as many; of fewer than `shortest` there is none.
    """
    size = min(RUN, len(words), len(other))
    if size < shortest:
        return np.zeros(len(words), bool)
    one, two = (Tokens(each, np.array([0, len(each)])) for each in (words, other))
    return covered(one, size, ngrams(two, size).hashes)

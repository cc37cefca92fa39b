"""A vote of several extractions over the words of a page.

It is the one of Bevendorff et al. (An Empirical Comparison of Web Content Extraction Algorithms, SIGIR 2023): an
extraction votes for a word of the page where it holds a run of five words around it. docs/ensembles.md says where this
differs from the paper's own code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from boilerbench.text import tokens

RUN_OF_WORDS = 5
_REST_OF_WORD = re.compile(r"\S*")


def vote(page: str, extracted: Sequence[str], least: int) -> str:
    """Return the words of a page's text that have at least so many votes, stretches that are parted on lines."""
    rule = tokens.NATURAL_WORDS
    starts, ends = tokens.spans(page, rule)
    words = tokens.tokenise([page], rule)
    if len(starts) != len(words.hashes):  # see `spans`: such a page loses its capitals
        page = rule.normalise(page)
        starts, ends = tokens.spans(page, rule)
        words = tokens.tokenise([page], rule)
    votes = np.zeros(len(starts), np.int64)
    for each in extracted:
        votes += tokens.covered(words, RUN_OF_WORDS, tokens.ngrams(tokens.tokenise([each], rule), RUN_OF_WORDS).hashes)
    edges = np.flatnonzero(np.diff(votes >= least, prepend=False, append=False))
    limits = np.append(starts, len(page))
    return "\n".join(
        page[starts[first] : min(_end_of_word(page, ends[after - 1]), limits[after])]
        for first, after in edges.reshape(-1, 2).tolist()
    )


def _end_of_word(page: str, end: int) -> int:
    """Where the punctuation that follows a word ends."""
    found = _REST_OF_WORD.match(page, end)
    return found.end() if found else end

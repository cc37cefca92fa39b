"""`text-edit`: edit similarity of characters, as in WebMainBench (opendatalab, commit 9d991bd, its text_metrics.py).

    1 - distance / longer length        distance: insertions, deletions and substitutions of characters

One number, mean over pages. Where it differs from its authors': they take code, tables and formulas out of the
Markdown first, which plain text no longer shows; and they leave a page out of the mean where gold and text are both
empty, which is 1 here.

rapidfuzz is asked for a distance within a limit: it then looks at a band of the table alone, and a wider one follows
where that was too narrow. Equal texts are compared once.
"""

from collections.abc import Sequence

import numpy as np

from boilerbench.metrics.base import Counts, share
from boilerbench.metrics.listed import InOrder

_FIRST = 64
"""Edits beside those that the lengths ask for which the first limit allows."""


class TextEdit(InOrder):
    """Normalised edit similarity of characters, mean over pages."""

    name = "text-edit"
    single = True

    def prepare(self, body: str) -> str:
        """Take the body as it is."""
        return body

    def compare(self, body: str, texts: Sequence[str]) -> Counts:
        """Count the edits as what is wrong of the longer text's characters."""
        found = {text: _distance(body, text) for text in set(texts)}
        edits = np.array([found[text] for text in texts], float)
        return share(np.array([max(len(body), len(text)) for text in texts], float) - edits, edits)


def _distance(one: str, other: str) -> int:
    from rapidfuzz.distance import Levenshtein

    apart = abs(len(one) - len(other))
    if one in other or other in one:
        return apart
    limit = apart + _FIRST
    while (found := Levenshtein.distance(one, other, score_cutoff=limit)) > limit:
        limit += 3 * (limit - apart) + apart // 2
    return found

"""`text-edit`: edit similarity of characters, as in WebMainBench (opendatalab, commit 9d991bd, its text_metrics.py).

    1 - distance / longer length        distance: insertions, deletions and substitutions of characters

One number, mean over pages. Where it differs from its authors': they take code, tables and formulas out of the
Markdown first, which plain text no longer shows; and they leave a page out of the mean where gold and text are both
empty, which is 1 here.
"""

from collections.abc import Sequence

import numpy as np

from boilerbench.metrics.base import Counts, share
from boilerbench.metrics.listed import InOrder


class TextEdit(InOrder):
    """Normalised edit similarity of characters, mean over pages."""

    name = "text-edit"
    single = True

    def prepare(self, body: str) -> str:
        """Take the body as it is."""
        return body

    def compare(self, body: str, texts: Sequence[str]) -> Counts:
        """Count the edits as what is wrong of the longer text's characters."""
        from rapidfuzz.distance import Levenshtein

        edits = np.array([Levenshtein.distance(body, text) for text in texts], float)
        return share(np.array([max(len(body), len(text)) for text in texts], float) - edits, edits)

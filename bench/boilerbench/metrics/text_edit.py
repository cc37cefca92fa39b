"""`text-edit`: edit similarity of characters, as in WebMainBench (opendatalab, commit 9d991bd, its text_metrics.py).

    1 - distance / longer length        distance: insertions, deletions and substitutions of characters

One number, mean over pages. Where it differs from its authors': they take code, tables and formulas out of the
Markdown first, which plain text no longer shows; and they leave a page out of the mean where gold and answer are both
empty, which is 1 here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boilerbench.metrics.base import share
from boilerbench.metrics.listed import InOrder, Removal, body_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.metrics.base import Counts
    from boilerbench.model import Gold


class TextEdit(InOrder):
    """Normalised edit similarity of characters, mean over pages."""

    name = "text-edit"
    single = True

    def reference(self, gold: Gold, policy: Policy) -> tuple[str, Removal]:
        """Join the body."""
        return body_text(gold, policy), Removal(gold, policy)

    def count(self, reference: tuple[str, Removal], answers: Sequence[str]) -> Counts:
        """Count the edits as what is wrong of the longer text's characters."""
        from rapidfuzz.distance import Levenshtein

        body, removal = reference
        texts = removal.texts(answers)
        edits = np.array([Levenshtein.distance(body, text) for text in texts], float)
        longer = np.array([max(len(body), len(text)) for text in texts], float)
        return share(longer - edits, edits)

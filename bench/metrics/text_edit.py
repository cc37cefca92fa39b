"""`text-edit`: edit similarity of characters, as in WebMainBench (opendatalab, commit 9d991bd, its text_metrics.py).

    1 - distance / longer length        distance: insertions, deletions and substitutions of characters

One number, mean over pages. Where it differs from its authors': they take code, tables and formulas out of the
Markdown first, which plain text no longer shows; and they leave a page out of the mean where gold and answer are both
empty, which is 1 here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bench.metrics.base import Counts, Metric
from bench.metrics.listed import Removal, body_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.labels import Policy
    from bench.model import Gold


@dataclass(frozen=True)
class Reference:
    """A page's body, and what may be taken out of answers."""

    text: str
    removal: Removal


class TextEdit(Metric):
    """Normalised edit similarity of characters, mean over pages."""

    name = "text-edit"
    single = True

    def reference(self, gold: Gold, policy: Policy) -> Reference:
        """Join the body."""
        return Reference(body_text(gold, policy), Removal(gold, policy))

    def count(self, reference: Reference, answers: Sequence[str]) -> Counts:
        """Count the edits as both surplus and missing, so that F1 is the similarity."""
        from rapidfuzz.distance import Levenshtein

        texts = reference.removal.texts(answers)
        edits = np.array([Levenshtein.distance(reference.text, text) for text in texts], float)
        longer = np.array([max(len(reference.text), len(text)) for text in texts], float)
        return Counts(longer - edits, edits, edits, edits == 0)

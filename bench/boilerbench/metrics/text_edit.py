"""`text-edit`: edit similarity of characters, as in WebMainBench (opendatalab, commit 9d991bd, its text_metrics.py).

    1 - distance / longer length        distance: insertions, deletions and substitutions of characters

One number, mean over pages. Where it differs from its authors': they compare Markdown, with its code, tables and
formulas (which they say to take out, and do not), and this plain text; and they leave a page out of the mean where gold
and text are both empty, which is 1 here.

rapidfuzz is told to look for few edits beside those that the lengths ask for, which needs a band of the table alone; it
widens the band where there are more. The band is wide where one text is much longer, even if that only has more: a text
that has all characters of the other in order is found without it. Equal texts are compared once.
"""

from collections.abc import Sequence

import numpy as np

from boilerbench.metrics.base import Counts, share
from boilerbench.metrics.listed import InOrder

_FEW = 64
"""Edits looked for first, beside those that the lengths ask for."""
_MUCH = 1_000
"""Characters by which a text is so much longer that the band costs more than going through it."""


class TextEdit(InOrder):
    """Normalised edit similarity of characters, mean over pages."""

    name = "text-edit"
    single = True

    def prepare(self, body: str) -> str:
        """Take the body as it is."""
        return body

    def compare(self, body: str, texts: Sequence[str]) -> Counts:
        """Count the edits as what is wrong of the longer text's characters."""
        found = {text: distance(body, text) for text in set(texts)}
        edits = np.array([found[text] for text in texts], float)
        return share(np.array([max(len(body), len(text)) for text in texts], float) - edits, edits)


def distance(one: str, other: str) -> int:
    """How many insertions, deletions and substitutions of characters make one text the other."""
    from rapidfuzz.distance import Levenshtein

    short, long = sorted((one, other), key=len)
    apart = len(long) - len(short)
    if short in long or (apart > _MUCH and _in_order(short, long)):
        return apart
    return Levenshtein.distance(short, long, score_hint=apart + _FEW)


def _in_order(short: str, long: str) -> bool:
    """Whether the long text has all characters of the short one in their order, whatever is between them."""
    left = iter(long)
    return all(char in left for char in short)

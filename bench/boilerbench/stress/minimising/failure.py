"""What is wrong with an extraction, and when another is wrong in the same way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeAlias

from boilerbench import metrics
from boilerbench.labels import Policy
from boilerbench.metrics.base import OverlapReference, optional_mask
from boilerbench.model import Extraction, Gold
from boilerbench.text.tokens import NATURAL_WORDS, tokenise

Words: TypeAlias = "Counter[int]"
"""How often each word occurs; a word is its hash."""

LOST, LET_IN = "loses text", "lets text in"


@dataclass(frozen=True)
class Failure:
    """What is wrong with one extraction of a page, by the metric `words`.

    `kind` is its status where there is no answer, with what kind of error; else the worse of recall and precision:
    `LOST` or `LET_IN`. `wrong` are the words lost or let in, `right` is how many words of the gold came.
    """

    kind: str
    f1: float
    right: int
    wrong: Words = field(repr=False)

    @classmethod
    def of(cls, gold: Gold, extraction: Extraction, policy: Policy) -> Failure:
        """Count as `words` does: what only optional segments say is left out."""
        text = "" if extraction.status.failed else extraction.text
        wanted, came = _words([policy.body(gold), text], metrics.get("words").reference(gold, policy))
        lost, let_in, right = wanted - came, came - wanted, (wanted & came).total()
        f1 = 2 * right / total if (total := wanted.total() + came.total()) else 1.0
        if extraction.status.failed:
            error = (extraction.error or "").partition(":")[0]
            return cls(f"{extraction.status} {error}".strip(), 0.0, 0, Counter())
        loses = bool(lost) and lost.total() * came.total() >= let_in.total() * wanted.total()  # recall <= precision
        return cls(LOST if loses else LET_IN, f1, right, lost if loses else let_in)

    def like(self, other: Failure) -> bool:
        """Whether it is a failure of the same kind, over words that were wrong in the other, too.

        Where some words of the gold came there, some came here: a page that is too short for anything to come of it is
        another failure.
        """
        return self.kind == other.kind and self.wrong <= other.wrong and bool(self.right) == bool(other.right)


def _words(texts: list[str], reference: OverlapReference) -> list[Words]:
    tokens = tokenise(texts, NATURAL_WORDS)
    kept = tokens.keep(~optional_mask(tokens, reference.optional))
    return [Counter(kept.of(at).tolist()) for at in range(len(texts))]

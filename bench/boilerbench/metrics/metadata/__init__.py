"""In: what gold and extractions say of a page beside its text. Out: counts; one file per field.

Right is what a reader takes for the same. Not here: guesses at what an extractor may have meant.
"""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from boilerbench.labels import Policy
from boilerbench.metrics.base import Counts, Metric, Ratios, View, ratios
from boilerbench.model import Gold

Words: TypeAlias = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words of a text, NFKC and case folded: letters, digits, `_` and their marks; what is invisible is dropped."""
    return tuple("".join(map(_as_part, unicodedata.normalize("NFKC", text).casefold())).split())


@lru_cache(1 << 16)
def _as_part(char: str) -> str:
    if char.isalnum() or char == "_":
        return char
    kind = unicodedata.category(char)
    return char if kind[0] == "M" else "" if kind == "Cf" else " "


class Says(Metric):
    """A metric of one field of `Metadata`, which is called as the metric is: what is said becomes items to be matched.

    A page whose gold does not say it is in no mean; what an extraction says there is `spurious`. Precision is a mean
    over the pages where something is said.
    """

    of_text = False
    of_kind = True
    lacks = "has gold metadata of its kind"

    @abstractmethod
    def read(self, said: Any) -> Sequence[Any]:
        """The items of what gold or an extraction says; none where that says nothing."""

    @abstractmethod
    def match(self, gold: Sequence[Any], said: Sequence[Any]) -> tuple[int, bool]:
        """How many items of gold are said, and whether gold is said exactly; there are some on both sides."""

    def measures(self, gold: Gold, policy: Policy) -> bool:  # noqa: ARG002  labels play no part
        """Whether gold says anything of the page."""
        return bool(gold.metadata.given)

    def concerns(self, gold: Gold) -> bool:
        """Whether gold says this."""
        return bool(getattr(gold.metadata, self.name))

    def reference(self, gold: Gold, policy: Policy) -> Sequence[Any]:  # noqa: ARG002  labels play no part
        """The items that gold says."""
        return self.read(getattr(gold.metadata, self.name) or "")

    def count(self, reference: Sequence[Any], said: Sequence[Any]) -> Counts:
        """Match what each extraction says."""
        items = [*map(self.read, said)]
        matched = [self.match(reference, each) if reference and each else (0, not reference) for each in items]
        tp, given = np.array([number for number, _ in matched], float), np.array([*map(len, items)], float)
        exact = np.array([right and bool(reference) for _, right in matched], bool)
        return Counts(tp, given - tp, len(reference) - tp, exact)

    def ratios(self, counts: Counts) -> Ratios:
        """Ratios per page: none where gold says nothing, and no precision where the extraction does."""
        there, found = counts.tp + counts.fn > 0, ratios(counts, absent=np.nan)
        return Ratios(*(np.where(there, each, np.nan) for each in (found.precision, found.recall, found.f1)))


def said(field: str) -> View:
    """What an extraction says in a field of its metadata; None where its runner never says that."""
    return View(field, (field,), lambda extraction: getattr(extraction.metadata, field))

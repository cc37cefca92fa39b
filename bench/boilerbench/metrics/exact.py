"""`exact`: the share of pages whose words came all, alone and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boilerbench.metrics.base import Counts, Metric, Ratios, body_and_optional, equal, tokens_of, without_optional
from boilerbench.text.tokens import NATURAL_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.model import Gold


class Exact(Metric):
    """1 for a page whose token list equals the gold's after optional text is taken out, else 0."""

    name = "exact"
    single = True

    def reference(self, gold: Gold, policy: Policy) -> Any:
        """Cut the body into words."""
        return body_and_optional(gold, policy, NATURAL_WORDS)

    def count(self, reference: Any, answers: Sequence[str]) -> Counts:
        """Compare whole answers: there are no units to count."""
        body, optional = reference
        same = equal(without_optional(tokens_of(answers, NATURAL_WORDS), optional), body.hashes)
        none = np.zeros(len(same))
        return Counts(none, none, none, same)

    def ratios(self, counts: Counts) -> Ratios:
        """One number per page."""
        same = counts.exact.astype(float)
        return Ratios(same, same, same)

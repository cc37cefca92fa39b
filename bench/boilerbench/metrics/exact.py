"""`exact`: the share of pages whose words came all, alone and in order."""

from collections.abc import Sequence

import numpy as np

from boilerbench.metrics.base import Counts, Overlap, OverlapReference, Ratios, equal


class Exact(Overlap):
    """1 for a page whose token list equals the gold's after optional text is taken out, else 0."""

    name = "exact"
    single = True
    n = 1

    def count(self, reference: OverlapReference, texts: Sequence[str]) -> Counts:
        """Compare whole texts: there are no units to count."""
        none = np.zeros(len(texts))
        return Counts(none, none, none, equal(self.tokens(reference, texts), reference.tokens))

    def ratios(self, counts: Counts) -> Ratios:
        """One number per page."""
        same = counts.exact.astype(float)
        return Ratios(same, same, same)

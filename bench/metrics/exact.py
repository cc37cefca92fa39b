"""`exact`: the share of pages whose words came all, alone and in order."""

from bench.metrics.base import Counts, Overlap, Ratios


class Exact(Overlap):
    """1 for a page whose token list equals the gold's after optional text is taken out, else 0."""

    name = "exact"
    n = 1
    single = True

    def ratios(self, counts: Counts) -> Ratios:
        """One number per page."""
        equal = counts.exact.astype(float)
        return Ratios(equal, equal, equal)

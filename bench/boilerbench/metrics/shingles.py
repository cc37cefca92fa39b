"""`shingles`: 4-gram overlap, which also sees words that came from the wrong place or in the wrong order."""

from boilerbench.metrics.base import Overlap


class Shingles(Overlap):
    """Multiset 4-gram precision, recall and F1 per page, then the mean over pages."""

    name = "shingles"
    parameters = "n=4"
    n = 4

"""`words`: multiset word overlap, the plainest reading of how much body came and how much else came along."""

from boilerbench.metrics.base import Overlap


class Words(Overlap):
    """Bag-of-words precision, recall and F1 per page, then the mean over pages."""

    name = "words"
    n = 1

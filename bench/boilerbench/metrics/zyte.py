r"""`zyte`: the metric of the article-extraction-benchmark (scrapinghub, commit 4a3bc97), certified against its numbers.

Choices of its authors that are kept: tokens are `\w+` with their case; a text of 1 to 3 tokens is one shorter shingle;
a page whose extraction has no token leaves the mean of precision, a page whose gold has none leaves the mean of recall;
F1 is the harmonic mean of the two means; accuracy (our column `exact`) is the share of equal token lists.
"""

from boilerbench.metrics.base import Counts, Overlap, Ratios, ratios
from boilerbench.text.tokens import REGEX_WORDS


class Zyte(Overlap):
    """Macro precision and recall over 4-token shingles, F1 of the two means."""

    name = "zyte"
    parameters = "n=4"
    n = 4
    rule = REGEX_WORDS
    f1_of = "means"

    def ratios(self, counts: Counts) -> Ratios:
        """Ratios per page, NaN where the authors leave a page out of a mean."""
        left = ratios(counts, absent=float("nan"), nothing=float("nan"))
        return Ratios(left.precision, left.recall, ratios(counts).f1)

"""Texts as numbers of their lines: what extractors make of a page are the same lines for the most part."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count


class Lines:
    """The `distinct` lines of several texts; for each text the numbers of its lines, in order, and its length."""

    def __init__(self, texts: Sequence[str]) -> None:
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self.of_texts = [list(map(numbers.__getitem__, text.split("\n"))) for text in texts]
        self.lengths = [*map(len, texts)]
        self.distinct = [*numbers]

"""Texts as numbers of their lines: what extractors make of a page are the same lines for the most part."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count


class Lines:
    """The `distinct` lines of several texts, and for each text the numbers of those that it has, in order."""

    def __init__(self, texts: Sequence[str]) -> None:
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self.of_texts = [list(map(numbers.__getitem__, text.split("\n"))) for text in texts]
        self.distinct = [*numbers]

"""`title`: whether an extraction names the page's title, with or without what sites put around it.

Right is a title of the same words, whatever their case, also once whole segments were cut from either end of one of the
two, at `|`, `·`, `•`, `»`, a colon, or a dash between spaces: gold of some sets has the site's name in it, too. `exact`
tells where nothing was cut.
"""

import re
from collections.abc import Sequence
from html import unescape
from itertools import accumulate, chain
from unicodedata import normalize

from boilerbench.metrics.metadata import Says, Words, said, words_of

_BETWEEN = re.compile(r"\s[-–—]+\s|[|·•»]|:\s")  # noqa: RUF001  # the dashes that titles have


class Title(Says):
    """Share of titles that are right but for the site's name: of those named (precision), and of all (recall, F1)."""

    name = "title"
    view = said("title")

    def read(self, said: str) -> Sequence[str]:
        """The title, if there is one."""
        return [said] if said.strip() else []

    def match(self, gold: Sequence[str], said: Sequence[str]) -> tuple[int, bool]:
        """Whether the title is right."""
        exact, right = same_title(*gold, *said)
        return int(right), exact


def same_title(one: str, other: str) -> tuple[bool, bool]:
    """Whether two titles have the same words, and whether they have once segments are cut from one of them."""
    (edges, words), (others, other_words) = map(_cut, (one, other))
    return bool(words) and words == other_words, _has(edges, words, other_words) or _has(others, other_words, words)


def _cut(title: str) -> tuple[list[int], Words]:
    """Where the segments of a title begin and end, in words, and its words."""
    segments = [words_of(segment) for segment in _BETWEEN.split(normalize("NFKC", unescape(title)))]
    return [*accumulate(map(len, segments), initial=0)], tuple(chain.from_iterable(segments))


def _has(edges: Sequence[int], words: Words, wanted: Words) -> bool:
    """Whether some segments that follow each other have the wanted words, of which there are some."""
    ends = set(edges) if wanted else set()
    return any(start + len(wanted) in ends and words[start : start + len(wanted)] == wanted for start in edges)

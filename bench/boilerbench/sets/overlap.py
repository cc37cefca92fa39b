"""Pages that two sets share: what one is tuned or trained on, and the other is to test."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from boilerbench.labels import load_policy
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.text import convert
from boilerbench.text.decoding import decode
from boilerbench.text.tokens import NATURAL_WORDS, Tokens, ngrams, tokenise

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ALIKE = 0.8
"""Two texts are near duplicates when their sets of word 4-grams have a Jaccard index above this."""

KINDS = {
    "bytes": "are the same, byte for byte",
    "text": "have the same words, though other bytes",
    "near": f"have nearly the same words: more than {ALIKE:.0%} of all 4-grams",
}
"""How two pages can be alike, the surest first. Words are those of the gold's body, of a page without gold its own."""


class Shared(NamedTuple):
    """A page of either set, and how they are alike: `kind` is one of `KINDS`, `share` that of all 4-grams."""

    kind: str
    one: str
    other: str
    share: float


@dataclass(frozen=True)
class Pages:
    """What is compared of a set's pages."""

    ids: list[str]
    digests: list[bytes]
    words: Tokens

    @classmethod
    def of(cls, goldset: GoldSet) -> Pages:
        """Read a set once."""
        ids, digests, texts = [], [], []
        for page, gold in goldset.entries:
            html = page.read()
            ids.append(page.id)
            digests.append(hashlib.sha256(html).digest())
            texts.append(_text(page, gold, html))
        return cls(ids, digests, tokenise(texts, NATURAL_WORDS))

    def bodies(self) -> list[bytes]:
        """The words of each page as one value, empty for none."""
        return [self.words.of(place).tobytes() for place in range(len(self.ids))]


def _text(page: Page, gold: Gold, html: bytes) -> str:
    if gold.segments:
        return load_policy("default").body(gold)
    try:
        return convert.to_text(decode(html, page.charset), "html")
    except ValueError:  # elements nested too deeply
        return ""


def find(one: GoldSet, other: GoldSet) -> list[Shared]:
    """Compare every page of one set with every page of another. A pair is told once, by the surest kind."""
    return between(Pages.of(one), Pages.of(other))


def between(ours: Pages, theirs: Pages) -> list[Shared]:
    """The same of two sets that were read before, as it pays for many."""
    found: dict[tuple[int, int], tuple[str, float]] = {}
    for kind, values in (("bytes", (ours.digests, theirs.digests)), ("text", (ours.bodies(), theirs.bodies()))):
        for pair in _equal(*values):
            found.setdefault(pair, (kind, 1.0))
    for mine, place, share in alike(ours.words, theirs.words):
        found.setdefault((mine, place), ("near", share))
    order = list(KINDS)
    shared = [Shared(kind, ours.ids[a], theirs.ids[b], share) for (a, b), (kind, share) in found.items()]
    return sorted(shared, key=lambda each: (order.index(each.kind), each.one, each.other))


def _equal(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterable[tuple[int, int]]:
    places = defaultdict(list)
    for place, value in enumerate(ours):
        places[value].append(place)
    return ((mine, place) for place, value in enumerate(theirs) if value for mine in places.get(value, ()))


def alike(ours: Tokens, theirs: Tokens) -> list[tuple[int, int, float]]:
    """Pairs of near duplicates by their places, with the Jaccard index of their 4-grams.

    All are compared at once: a sparse matrix of texts by 4-grams, times another, gives every intersection.
    """
    grams = [ngrams(each, 4) for each in (ours, theirs)]
    _, columns = np.unique(np.concatenate([each.hashes for each in grams]), return_inverse=True)
    edge, width = len(grams[0].hashes), int(columns.max(initial=-1)) + 1
    mine = _matrix(grams[0], columns[:edge], len(ours.offsets) - 1, width)
    other = _matrix(grams[1], columns[edge:], len(theirs.offsets) - 1, width)
    shared = (mine @ other.T).tocoo()
    sizes, sizes_of_other = np.diff(mine.indptr), np.diff(other.indptr)
    jaccard = shared.data / (sizes[shared.row] + sizes_of_other[shared.col] - shared.data)
    near = jaccard > ALIKE
    return list(zip(shared.row[near].tolist(), shared.col[near].tolist(), jaccard[near].tolist(), strict=True))


def _matrix(grams: Tokens, columns: Any, texts: int, width: int) -> csr_array:
    """Which text has which of the distinct 4-grams."""
    from scipy.sparse import csr_array

    cells = np.unique(np.column_stack([grams.owner, columns]), axis=0)
    return csr_array((np.ones(len(cells), np.int32), (cells[:, 0], cells[:, 1])), shape=(texts, width))

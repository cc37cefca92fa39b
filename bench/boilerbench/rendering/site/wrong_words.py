"""Where in gold the words stand that an extraction lacks, and where in the extraction those that are too many.

They are the `fn` and `fp` of the metric `words`. Which of several equal words is marked, when not all of them are, is
told by where they stand: first those in no run of four words that the other side has too, among equals the later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from boilerbench import metrics
from boilerbench.labels import Policy, Role
from boilerbench.metrics.base import OverlapReference, optional_mask
from boilerbench.model import Gold
from boilerbench.text.surplus import in_run, surplus
from boilerbench.text.tokens import NATURAL_WORDS, Bools, Hashes, Tokens, spans, tokenise

Ranges: TypeAlias = list[int]
"""Start and end of each range in turn, counted in UTF-16 units as JavaScript counts."""


@dataclass(frozen=True)
class Difference:
    """Ranges of an extraction: words `too_many`, `optional` ones that do not count; ranges of gold: words `missing`.

    Gold's ranges are those of its segments' texts joined by line ends. `fp` and `fn` are how many words are too many
    and missing.
    """

    too_many: Ranges
    optional: Ranges
    missing: Ranges
    fp: int
    fn: int


def differences(gold: Gold, policy: Policy, texts: Sequence[str]) -> Iterator[Difference]:
    """Compare the text of each extraction of a page with its gold."""
    reference: OverlapReference = metrics.get("words").reference(gold, policy)
    segments = _Placed([segment.text for segment in gold.segments])
    roles = np.array([policy.role(segment.label) is Role.BODY for segment in gold.segments], bool)
    is_body = roles[segments.tokens.owner]
    body = segments.tokens.hashes[is_body]
    for text in texts:
        placed = _Placed([text])
        optional = optional_mask(placed.tokens, reference.optional)
        kept = placed.tokens.hashes[~optional]
        too_many, missing = _beyond(kept, body), _beyond(body, kept)
        yield Difference(
            placed.ranges(_among(~optional, too_many)),
            placed.ranges(optional),
            segments.ranges(_among(is_body, missing)),
            int(too_many.sum()),
            int(missing.sum()),
        )


class _Placed:
    """The tokens of texts, and where each stands in the texts joined by line ends."""

    def __init__(self, texts: Sequence[str]) -> None:
        joined, begin = "\n".join(texts), np.cumsum([0, *(len(text) + 1 for text in texts)])
        starts, ends = spans(joined, NATURAL_WORDS)
        self.tokens = tokenise(texts, NATURAL_WORDS)
        if not np.array_equal(self.tokens.offsets, np.searchsorted(starts, begin)):
            # normalising takes one of some rare characters apart: each word is cut by itself
            words = [joined[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
            cut = tokenise(words, NATURAL_WORDS)
            starts, ends = starts[cut.owner], ends[cut.owner]
            self.tokens = Tokens(cut.hashes, np.searchsorted(starts, begin))
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        units = np.cumsum(np.concatenate([[0], 1 + (codes >> 16 > 0)]))  # in UTF-16, before each character and the end
        self._starts, self._ends = units[starts], units[ends]

    def ranges(self, mask: Bools) -> Ranges:
        """The ranges of the tokens where the mask is true; what stands between neighbours belongs to them."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
        firsts, lasts = edges[::2], edges[1::2] - 1
        return np.column_stack([self._starts[firsts], self._ends[lasts]]).ravel().tolist()


def _among(mask: Bools, chosen: Bools) -> Bools:
    """A mask over all tokens, from one over those where `mask` is true."""
    result = np.zeros(len(mask), bool)
    result[np.flatnonzero(mask)[chosen]] = True
    return result


def _beyond(words: Hashes, other: Hashes) -> Bools:
    """Which words of one text are more than the other has."""
    known = np.sort(other)
    allowed = np.searchsorted(known, words, "right") - np.searchsorted(known, words)
    return surplus(words, allowed, ~in_run(words, other))

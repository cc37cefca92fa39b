"""Where in gold the words stand that an extraction lacks, and where in the extraction those that are too many.

They are the `fn` and `fp` of the metric `words`. Which of several equal words is marked, when not all of them are, is
told by where they stand: first those in no run of four words that the other side has too, among equals the later.
All extractions of a page are compared at once, since a site has thousands of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeAlias

import numpy as np

from boilerbench import metrics
from boilerbench.labels import Policy, Role
from boilerbench.metrics.base import OverlapReference, optional_mask
from boilerbench.model import Gold
from boilerbench.rendering.site.lines import Lines
from boilerbench.text.surplus import RUN, surplus
from boilerbench.text.tokens import NATURAL_WORDS, Bools, Hashes, HashIndex, Ints, Tokens, located, ngrams

Ranges: TypeAlias = list[int]
"""Start and end of each range in turn, counted in UTF-16 units as JavaScript counts."""

_AT_ONCE = 1 << 18
"""Characters of extractions that are compared at once, or one that is longer."""


@dataclass(frozen=True)
class Difference:
    """Ranges of an extraction: words `too_many`, `optional` ones that do not count; ranges of gold: words `missing`.

    Gold's ranges are those of its segments' texts joined by line ends. `fp` and `fn` are how many words are too many
    and missing, None where nobody knows.
    """

    too_many: Ranges
    optional: Ranges
    missing: Ranges
    fp: int | None
    fn: int | None


def differences(gold: Gold, policy: Policy, texts: Sequence[str]) -> Iterator[Difference]:
    """Compare the text of each extraction of a page with its gold."""
    reference: OverlapReference = metrics.get("words").reference(gold, policy)
    segments = _Placed([segment.text for segment in gold.segments])
    roles = np.array([policy.role(segment.label) is Role.BODY for segment in gold.segments], bool)
    is_body = roles[segments.tokens.owner]
    body = _Body(segments.tokens.hashes[is_body])
    for some in _parts(texts):
        placed = _Placed(some)
        optional = optional_mask(placed.tokens, reference.optional)
        too_many, missing = body.compare(placed.tokens.keep(~optional))
        counted = np.bincount(placed.tokens.keep(~optional).owner[too_many], minlength=len(some))
        of_gold = np.zeros((len(some), len(is_body)), bool)
        of_gold[:, is_body] = missing
        yield from map(
            Difference,
            _ranges(_among(~optional, too_many), placed.in_own_text, placed.tokens.offsets),
            _ranges(optional, placed.in_own_text, placed.tokens.offsets),
            _ranges(of_gold.ravel(), np.tile(segments.places, (len(some), 1)), len(is_body) * np.arange(len(some) + 1)),
            counted.tolist(),
            missing.sum(axis=1).tolist(),
        )


def _parts(texts: Sequence[str]) -> Iterator[list[str]]:
    """Cut the texts of a page into parts that are compared at once."""
    part: list[str] = []
    for text in texts:
        if part and sum(map(len, part)) + len(text) > _AT_ONCE:
            yield part
            part = []
        part.append(text)
    if part:
        yield part


class _Placed:
    """The tokens of texts, and where each starts and ends: in the texts joined by line ends, and in its own.

    Each distinct line is cut once, since texts of one page share most of theirs.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        lines = Lines(texts)
        cut, within, units = _cut(lines.distinct)
        line = np.array([*chain.from_iterable(lines.of_texts)], int)
        begin = np.concatenate([[0], np.cumsum(units[line] + 1)])
        first = np.cumsum([0, *map(len, lines.of_texts)])
        upto = np.concatenate([[0], np.cumsum(cut.lengths[line])])
        here = np.repeat(np.arange(len(line)), cut.lengths[line])
        which = np.arange(upto[-1]) - upto[here] + cut.offsets[line][here]
        self.tokens = Tokens(cut.hashes[which], upto[first])
        self.places = within[which] + begin[here][:, None]
        self.in_own_text = self.places - begin[first[:-1]][self.tokens.owner][:, None]


def _cut(lines: Sequence[str]) -> tuple[Tokens, Ints, Ints]:
    """The tokens of lines, where in its line each starts and ends, and how long lines are, in UTF-16 units."""
    joined, begin = "\n".join(lines), np.cumsum([0, *(len(line) + 1 for line in lines)])
    hashes, starts, ends = located(joined, NATURAL_WORDS)
    tokens = Tokens(hashes, np.searchsorted(starts, begin))
    if len(joined.encode("utf-16-le", "surrogatepass")) > 2 * len(joined):
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        units = np.cumsum(np.concatenate([[0], 1 + (codes >> 16 > 0), [1]]))  # before each character, and one behind
        starts, ends, begin = units[starts], units[ends], units[begin]
    within = np.column_stack([starts, ends]) - begin[:-1][tokens.owner][:, None]
    return tokens, within, np.diff(begin) - 1


def _ranges(mask: Bools, places: Ints, offsets: Ints) -> Iterator[Ranges]:
    """The ranges, in each text, of tokens where the mask is true; what stands between neighbours belongs to them."""
    before, after = np.zeros((2, len(mask)), bool)
    before[1:], after[:-1] = mask[:-1], mask[1:]
    filled = np.flatnonzero(np.diff(offsets))
    before[offsets[filled]] = after[offsets[filled + 1] - 1] = False
    firsts, lasts = (np.flatnonzero(mask & ~beside) for beside in (before, after))
    found = np.column_stack([places[firsts, 0], places[lasts, 1]]).ravel().tolist()
    for start, end in pairwise((2 * np.searchsorted(firsts, offsets)).tolist()):
        yield found[start:end]


def _among(mask: Bools, chosen: Bools) -> Bools:
    """A mask over all tokens, from one over those where `mask` is true."""
    result = np.zeros(len(mask), bool)
    result[np.flatnonzero(mask)[chosen]] = True
    return result


class _Body:
    """The words of a page's body, to which texts are compared."""

    def __init__(self, words: Hashes) -> None:
        self._tokens = Tokens(words, np.array([0, len(words)]))
        distinct, self._which, self._counts = np.unique(words, return_inverse=True, return_counts=True)
        self._index = HashIndex(distinct)

    def compare(self, texts: Tokens) -> tuple[Bools, Bools]:
        """Which words are too many, as a mask over all texts, and which of the body each lacks, a row per text."""
        size, number = len(self._counts), len(texts.lengths)
        place, known = self._index.find(texts.hashes)
        cells = texts.owner[known] * size + place[known]
        came = np.bincount(cells, minlength=number * size)
        in_run, run_came = self._in_runs(texts)

        too_many = ~known
        there = np.flatnonzero(known)
        doubtful = came[cells] > self._counts[place[there]]
        some = there[doubtful]
        too_many[some] = surplus(cells[doubtful], self._counts[place[some]], ~in_run[some])

        left = came.reshape(number, size)[:, self._which]
        missing = left == 0
        row, word = np.nonzero((left > 0) & (left < self._counts[self._which]))
        missing[row, word] = surplus(row * size + self._which[word], left[row, word], ~run_came[row, word])
        return too_many, missing

    def _in_runs(self, texts: Tokens) -> tuple[Bools, Bools]:
        """Which words of the texts lie in a run of `RUN` that the body has, and of the body in one that each text has.

        A text, or body, with fewer words is one run of as many.
        """
        words = len(self._tokens.hashes)
        lengths = np.minimum(np.minimum(texts.lengths, words), RUN)
        in_text, in_body = np.zeros(len(texts.hashes), bool), np.zeros((len(lengths), words), bool)
        for n in set(lengths.tolist()) - {0}:
            ours = lengths[texts.owner] == n
            part = texts.keep(ours)
            grams = ngrams(part, n)
            distinct, which = np.unique(ngrams(self._tokens, n).hashes, return_inverse=True)
            place, known = HashIndex(distinct).find(grams.hashes)
            starts = np.arange(len(known)) + np.repeat(part.offsets[:-1] - grams.offsets[:-1], grams.lengths)
            came = np.zeros((len(lengths), len(distinct)), bool)
            came[grams.owner[known], place[known]] = True
            hit, covers = came[:, which], np.zeros(len(part.hashes), bool)
            for i in range(n):
                covers[starts[known] + i] = True
                in_body[:, i : i + hit.shape[1]] |= hit
            in_text[ours] = covers
        return in_text, in_body

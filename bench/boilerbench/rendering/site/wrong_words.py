"""Where in gold the words stand that an extraction lacks, and where in the extraction those that are too many.

They are the `fn` and `fp` of the metric `words`. Which of several equal words is marked, when not all of them are, is
told by where they stand: first those in no run of four words that the other side has too, among equals the later.
All extractions of a page are compared at once, since a site has thousands of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, pairwise
from typing import TypeAlias

import numpy as np

from boilerbench import metrics
from boilerbench.labels import Policy, Role
from boilerbench.metrics.base import optional_mask
from boilerbench.model import Gold
from boilerbench.rendering.site.lines import Lines
from boilerbench.text.surplus import RUN, surplus
from boilerbench.text.tokens import NATURAL_WORDS, Bools, Hashes, HashIndex, Ints, Tokens, located, windows

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


def differences(gold: Gold, policy: Policy, lines: Lines) -> Iterator[Difference]:
    """Compare the text of each extraction of a page with its gold."""
    roles = [policy.role(segment.label) for segment in gold.segments]
    grams = metrics.get("words").reference(gold, policy).optional if Role.OPTIONAL in roles else ()
    of_gold = Lines([segment.text for segment in gold.segments])
    segments = _Placed(of_gold.distinct, of_gold.of_texts)
    is_body = np.array([role is Role.BODY for role in roles], bool)[segments.tokens.owner]
    body = _Body(segments.tokens.hashes[is_body])
    for some in _parts(lines):
        placed = _Placed(lines.distinct, some)
        optional = optional_mask(placed.tokens, grams)
        counts = placed.tokens.keep(~optional) if optional.any() else placed.tokens
        too_many, missing = body.compare(counts)
        lacks = np.zeros((len(some), len(is_body)), bool)
        lacks[:, is_body] = missing
        yield from map(
            Difference,
            _ranges(_among(~optional, too_many), placed.in_own_text, placed.tokens.offsets),
            _ranges(optional, placed.in_own_text, placed.tokens.offsets),
            _ranges(lacks.ravel(), segments.joined, len(is_body) * np.arange(len(some) + 1)),
            np.diff(np.append(0, np.cumsum(too_many))[counts.offsets]).tolist(),
            missing.sum(axis=1).tolist(),
        )


def _parts(lines: Lines) -> Iterator[list[list[int]]]:
    """Cut the texts of a page, as numbers of their lines, into parts that are compared at once."""
    part: list[list[int]] = []
    size = 0
    for numbers, length in zip(lines.of_texts, lines.lengths, strict=True):
        if part and size + length > _AT_ONCE:
            yield part
            part, size = [], 0
        part.append(numbers)
        size += length
    if part:
        yield part


class _Placed:
    """The tokens of texts, and where each starts and ends: in the texts joined by line ends, and in its own.

    A text is given as the numbers of its lines. Each distinct line is cut once: texts of a page share most of theirs.
    """

    def __init__(self, distinct: Sequence[str], texts: Sequence[Sequence[int]]) -> None:
        line, first = np.fromiter(chain.from_iterable(texts), int), np.cumsum([0, *map(len, texts)])
        there = np.zeros(len(distinct), bool)
        there[line] = True
        line = (np.cumsum(there) - 1)[line]
        cut, self._within, units = _cut([*compress(distinct, there.tolist())])
        lengths = cut.lengths[line]
        self._begin = np.concatenate([[0], np.cumsum(units[line] + 1)])
        self._upto = np.concatenate([[0], np.cumsum(lengths)])
        self._which = np.arange(self._upto[-1]) + np.repeat(cut.offsets[line] - self._upto[:-1], lengths)
        self.tokens = Tokens(cut.hashes[self._which], self._upto[first])
        self._text = self._begin[first]

    def joined(self, tokens: Ints) -> Ints:
        """Where some tokens start and end in the texts joined, a row for each; behind the last comes the first."""
        tokens = tokens % max(1, len(self._which))
        line = np.searchsorted(self._upto, tokens, "right") - 1
        return np.asarray(self._within[self._which[tokens]] + self._begin[line][:, None])

    def in_own_text(self, tokens: Ints) -> Ints:
        """Where some tokens start and end, each in its text."""
        text = np.searchsorted(self.tokens.offsets, tokens, "right") - 1
        return np.asarray(self.joined(tokens) - self._text[text][:, None])


def _cut(lines: Sequence[str]) -> tuple[Tokens, Ints, Ints]:
    """The tokens of lines, where in its line each starts and ends, and how long lines are, in UTF-16 units."""
    joined, begin = "\n".join(lines), np.append(0, np.cumsum(np.fromiter(map(len, lines), int) + 1))
    hashes, starts, ends = located(joined, NATURAL_WORDS)
    tokens = Tokens(hashes, np.searchsorted(starts, begin))
    if len(joined.encode("utf-16-le", "surrogatepass")) > 2 * len(joined):
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        units = np.cumsum(np.concatenate([[0], 1 + (codes >> 16 > 0), [1]]))  # before each character, and one behind
        starts, ends, begin = units[starts], units[ends], units[begin]
    within = np.column_stack([starts, ends]) - begin[:-1][tokens.owner][:, None]
    return tokens, within, np.diff(begin) - 1


def _ranges(mask: Bools, places: Callable[[Ints], Ints], offsets: Ints) -> Iterator[Ranges]:
    """The ranges, in each text, of tokens where the mask is true; what stands between neighbours belongs to them."""
    if not mask.any():
        yield from ([] for _ in offsets[1:])
        return
    before, after = np.zeros((2, len(mask)), bool)
    before[1:], after[:-1] = mask[:-1], mask[1:]
    filled = np.flatnonzero(np.diff(offsets))
    before[offsets[filled]] = after[offsets[filled + 1] - 1] = False
    firsts, lasts = (np.flatnonzero(mask & ~beside) for beside in (before, after))
    found = np.column_stack([places(firsts)[:, 0], places(lasts)[:, 1]]).ravel().tolist()
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
        self._tokens = words
        distinct, self._which, self._counts = np.unique(words, return_inverse=True, return_counts=True)
        self._index = HashIndex(distinct)

    def compare(self, texts: Tokens) -> tuple[Bools, Bools]:
        """Which words are too many, as a mask over all texts, and which of the body each lacks, a row per text."""
        size, number = len(self._counts), len(texts.lengths)
        owner = texts.owner
        place, known = self._index.find(texts.hashes)
        there = np.flatnonzero(known)
        place = place[there]
        cells = owner[there] * size + place
        came = np.bincount(cells, minlength=number * size)
        in_run, run_came = self._in_runs(texts, owner)

        too_many = ~known
        doubtful = np.flatnonzero(came[cells] > self._counts[place])
        some = there[doubtful]
        too_many[some] = surplus(cells[doubtful], self._counts[place[doubtful]], ~in_run[some])

        left = came.reshape(number, size)[:, self._which]
        missing = left == 0
        row, word = np.nonzero((left > 0) & (left < self._counts[self._which]))
        missing[row, word] = surplus(row * size + self._which[word], left[row, word], ~run_came[row, word])
        return too_many, missing

    def _in_runs(self, texts: Tokens, owner: Ints) -> tuple[Bools, Bools]:
        """Which words of the texts lie in a run of `RUN` that the body has, and of the body in one that each text has.

        A text, or body, with fewer words is one run of as many.
        """
        words = len(self._tokens)
        lengths = np.minimum(np.minimum(texts.lengths, words), RUN)
        in_text, in_body = np.zeros(len(texts.hashes), bool), np.zeros((len(lengths), words), bool)
        for n in set(lengths.tolist()) - {0}:
            ours = (lengths == n)[owner]
            of, grams = owner[ours], windows(texts.hashes[ours], n)
            distinct, which = np.unique(windows(self._tokens, n), return_inverse=True)
            place, known = HashIndex(distinct).find(grams)
            known &= of[: len(known)] == of[n - 1 :]
            came = np.zeros((len(lengths), len(distinct)), bool)
            came[of[: len(known)][known], place[known]] = True
            hit, covers = came[:, which], np.zeros(len(of), bool)
            for i in range(n):
                covers[i : i + len(known)] |= known
                in_body[:, i : i + hit.shape[1]] |= hit
            in_text[ours] = covers
        return in_text, in_body

"""Places in a gold that longest common subsequences with the sentences of answers take, for many answers at once.

Nothing is done twice on a page: not the same sentence of two answers, not a pair without a common token, and nothing
for a gold sentence that an answer has word for word, which is all taken. Short gold sentences are done in parts, so
that no table grows with the product of gold and answers.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boilerbench.metrics.rouge_lsum.lcs import WORD, positions, subsequence, subsequences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.metrics.base import Floats
    from boilerbench.metrics.rouge_lsum.lcs import Words

Sentence: TypeAlias = "tuple[str, ...]"
Bools: TypeAlias = NDArray[np.bool_]

_LONG = 96
"""Sentences of answers with more rows than this are compared one by one."""

_CELLS = 2_000_000
"""The most cells of a table with a row for each of some gold sentences; of eight at least."""


class Reference:
    """A gold's sentences. Distinct ones are numbered, those that fit a machine word first; tokens are numbered, too.

    `flat` are the distinct sentences on end as tokens; sentence i starts there at `starts[i]`.
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        times = Counter(sentences)
        distinct = sorted(times, key=lambda sentence: len(sentence) > WORD)
        self.tokens = [token for sentence in sentences for token in sentence]
        self.columns = {token: column for column, token in enumerate(dict.fromkeys(self.tokens))}
        self.gap = len(self.columns)
        self.numbers = {sentence: number for number, sentence in enumerate(distinct)}
        self.short = sum(len(sentence) <= WORD for sentence in distinct)
        self.flat = np.array([self.columns[token] for sentence in distinct for token in sentence], np.int64)
        self.times = np.repeat([times[each] for each in distinct], [len(each) for each in distinct])
        self.lengths = np.array([len(sentence) for sentence in distinct], np.int64)
        self.starts = np.concatenate(([0], np.cumsum(self.lengths)))
        self.places = [positions([self.columns[token] for token in sentence]) for sentence in distinct]
        self.holders: dict[int, int] = dict.fromkeys(range(self.gap + 1), 0)
        for number, places in enumerate(self.places):
            for column in places:
                self.holders[column] |= 1 << number

    def words(self, first: int, last: int) -> Words:
        """For each of some short sentences, the places of every token as bits."""
        found = np.zeros((last - first, self.gap + 1), np.uint64)
        for row, places in zip(found, self.places[first:last], strict=True):
            row[list(places)] = list(places.values())
        return found


class Candidates:
    """The distinct sentences of all answers to a page, as columns of the gold's tokens."""

    def __init__(self, reference: Reference, sentences: Sequence[Sentence]) -> None:
        get, gap = reference.columns.get, reference.gap
        self.columns = [[get(token, gap) for token in sentence] for sentence in sentences]
        self.rows = [np.array(_squeezed(columns, gap), np.int64) for columns in self.columns]
        self.lengths = np.array([len(rows) for rows in self.rows], np.int64)
        self.sharing = [_united(reference, columns) for columns in self.columns]


def _squeezed(columns: list[int], gap: int) -> list[int]:
    """One gap for several in a row."""
    return [column for column, before in zip(columns, [-1, *columns], strict=False) if column != gap or before != gap]


def _united(reference: Reference, columns: list[int]) -> int:
    """The gold sentences, as bits, that have one of these tokens."""
    found = 0
    for column in columns:
        found |= reference.holders[column]
    return found


class Answered:
    """Several answers to one page, each a list of sentences."""

    def __init__(self, reference: Reference, answers: Sequence[Sequence[Sentence]]) -> None:
        self.reference = reference
        numbers = {sentence: number for number, sentence in enumerate(dict.fromkeys(chain.from_iterable(answers)))}
        self.candidates = Candidates(reference, list(numbers))
        self.answers = [[numbers[sentence] for sentence in answer] for answer in answers]
        gold = reference.numbers
        self.distinct = [set(answer) for answer in self.answers]
        self.verbatim = [sum(1 << gold[each] for each in set(answer) if each in gold) for answer in answers]
        self.wanted = self._wanted()

    def hits(self) -> Floats:
        """How many tokens of each answer are hits."""
        reference = self.reference
        taken = np.zeros((len(self.answers), len(reference.flat)), bool)
        step = max(1, _CELLS // max(reference.gap + 1, len(self.wanted)) // 8) * 8
        for first in range(0, reference.short, step):
            self._take_short(first, min(first + step, reference.short), taken)
        for number in range(reference.short, len(reference.lengths)):
            self._take_long(number, taken)
        return np.array([self._hits(i, places) for i, places in enumerate(taken)], float)

    def _hits(self, answer: int, places: Bools) -> int:
        gap, reference = self.reference.gap, self.reference
        columns = [column for each in self.answers[answer] for column in self.candidates.columns[each]]
        given = np.bincount(np.array(columns, np.int64), minlength=gap + 1)[:gap]
        wanted = np.bincount(reference.flat[places], weights=reference.times[places], minlength=gap)
        return int(np.minimum(given, wanted).sum())

    def _wanted(self) -> NDArray[np.uint8]:
        """For each candidate, as bits, the gold sentences with a common token that some answer needs."""
        size = len(self.reference.lengths)
        everything = (1 << size) - 1
        needed = [0] * len(self.candidates.rows)
        for answer, verbatim in zip(self.distinct, self.verbatim, strict=True):
            for candidate in answer:
                needed[candidate] |= everything ^ verbatim
        width = -(-size // 8)
        packed = b"".join(
            (a & b).to_bytes(width, "little") for a, b in zip(needed, self.candidates.sharing, strict=True)
        )
        return np.frombuffer(packed, np.uint8).reshape(len(needed), width)

    def _take_short(self, first: int, last: int, taken: Bools) -> None:
        """Find for each answer the places taken in some short gold sentences; `first` is a multiple of 8."""
        reference = self.reference
        table = self._table(first, last)
        inside = np.arange(WORD) < reference.lengths[first:last, None]
        for answer, verbatim, places in zip(self.distinct, self.verbatim, taken, strict=True):
            united = np.bitwise_or.reduce(table[:, list(answer)], axis=1)
            united[_bits(verbatim >> first, last - first)] = ~np.uint64(0)
            bits = np.unpackbits(united.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
            places[reference.starts[first] : reference.starts[last]] = bits[inside]

    def _table(self, first: int, last: int) -> Words:
        """Compare some short gold sentences with every candidate that matters: the places taken, as bits."""
        reference, candidates = self.reference, self.candidates
        bits = np.unpackbits(self.wanted[:, first // 8 : -(-last // 8)], axis=1, count=last - first, bitorder="little")
        which, gold = np.nonzero(bits)
        table = np.zeros((last - first, len(bits)), np.uint64)
        at_once = candidates.lengths[which] <= _LONG
        table[gold[at_once], which[at_once]] = subsequences(
            reference.words(first, last), gold[at_once], candidates.rows, which[at_once]
        )
        for number, candidate in zip(gold[~at_once].tolist(), which[~at_once].tolist(), strict=True):
            table[number, candidate] = self._compare(first + number, candidate)
        return table

    def _take_long(self, number: int, taken: Bools) -> None:
        """Find for each answer the places taken in a long gold sentence."""
        length = int(self.reference.lengths[number])
        united = [(1 << length) - 1 if verbatim >> number & 1 else 0 for verbatim in self.verbatim]
        for candidate in np.flatnonzero(self.wanted[:, number // 8] >> (number % 8) & 1).tolist():
            bits = self._compare(number, candidate)
            for i, distinct in enumerate(self.distinct):
                united[i] |= bits if candidate in distinct else 0
        for places, bits in zip(taken, united, strict=True):
            places[self.reference.starts[number] : self.reference.starts[number + 1]] = _bits(bits, length)

    def _compare(self, number: int, candidate: int) -> int:
        reference = self.reference
        return subsequence(
            reference.places[number], int(reference.lengths[number]), self.candidates.rows[candidate].tolist()
        )


def _bits(value: int, count: int) -> Bools:
    """The lowest bits of a number, lowest first."""
    data = np.frombuffer(value.to_bytes(value.bit_length() // 8 + count // 8 + 1, "little"), np.uint8)
    return np.unpackbits(data, count=count, bitorder="little").view(np.bool_)

"""Places in a gold that longest common subsequences with the sentences of answers take, for many answers at once.

Nothing is done twice on a page: not the same sentence of two answers, not a pair without a common token, and nothing
for a gold sentence that an answer has word for word, which is all taken.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from bench.metrics.lcs import WORD, positions, subsequence, subsequences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.metrics.base import Floats
    from bench.metrics.lcs import Ints, Words

Sentence: TypeAlias = "tuple[str, ...]"

_LONG = 96
"""Sentences of answers with more rows than this are compared one by one."""


class Reference:
    """A gold's sentences. Distinct ones are numbered, those that fit a machine word first; tokens are numbered, too."""

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
        self.lengths = [len(sentence) for sentence in distinct]
        self.places = [positions([self.columns[token] for token in sentence]) for sentence in distinct]
        self.words = np.zeros((self.short, self.gap + 1), np.uint64)
        self.holders: dict[int, int] = dict.fromkeys(range(self.gap + 1), 0)
        for number, places in enumerate(self.places):
            for column in places:
                self.holders[column] |= 1 << number
            if number < self.short:
                self.words[number, list(places)] = list(places.values())


class Candidates:
    """The distinct sentences of all answers to a page, as columns of the gold's tokens."""

    def __init__(self, reference: Reference, sentences: Sequence[Sentence]) -> None:
        get, gap = reference.columns.get, reference.gap
        self.columns = [[get(token, gap) for token in sentence] for sentence in sentences]
        self.rows = [_squeezed(columns, gap) for columns in self.columns]
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
        self.verbatim = [sum(1 << gold[each] for each in set(answer) if each in gold) for answer in answers]

    def hits(self) -> Floats:
        """How many tokens of each answer are hits."""
        taken = self._places_taken()
        return np.array([self._hits(i, places) for i, places in enumerate(taken)], float)

    def _hits(self, answer: int, places: np.typing.NDArray[np.bool_]) -> int:
        gap, reference = self.reference.gap, self.reference
        columns = [column for each in self.answers[answer] for column in self.candidates.columns[each]]
        given = np.bincount(np.array(columns, np.int64), minlength=gap + 1)[:gap]
        wanted = np.bincount(reference.flat[places], weights=reference.times[places], minlength=gap)
        return int(np.minimum(given, wanted).sum())

    def _places_taken(self) -> list[np.typing.NDArray[np.bool_]]:
        """For each answer, which places of the distinct gold sentences on end are taken."""
        short, long = self._subsequences()
        reference, result = self.reference, []
        inside = np.arange(WORD) < np.array(reference.lengths[: reference.short], np.int64)[:, None]
        for answer, verbatim in zip(self.answers, self.verbatim, strict=True):
            each = np.unique(np.array(answer, np.int64))
            united = np.bitwise_or.reduce(short[:, each], axis=1)
            united[_bits(verbatim, reference.short)] = ~np.uint64(0)
            parts = [np.unpackbits(united.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")[inside] > 0]
            for number in range(reference.short, len(reference.lengths)):
                length, bits = reference.lengths[number], 0
                for candidate in each.tolist():
                    bits |= long.get((number, candidate), 0)
                parts.append(_bits(-1 % (1 << length) if verbatim >> number & 1 else bits, length))
            result.append(np.concatenate(parts))
        return result

    def _subsequences(self) -> tuple[Words, dict[tuple[int, int], int]]:
        """Compare every pair that matters: a table for the short gold sentences, the rest by pair."""
        reference, candidates = self.reference, self.candidates
        gold, which = self._pairs()
        table = np.zeros((reference.short, len(candidates.rows)), np.uint64)
        at_once = (gold < reference.short) & (np.array([len(rows) for rows in candidates.rows])[which] <= _LONG)
        rows = [np.array(each, np.int64) for each in candidates.rows]
        table[gold[at_once], which[at_once]] = subsequences(reference.words, gold[at_once], rows, which[at_once])
        rest = {}
        for number, candidate in zip(gold[~at_once].tolist(), which[~at_once].tolist(), strict=True):
            bits = subsequence(reference.places[number], reference.lengths[number], candidates.rows[candidate])
            if number < reference.short:
                table[number, candidate] = bits
            else:
                rest[number, candidate] = bits
        return table, rest

    def _pairs(self) -> tuple[Ints, Ints]:
        """Gold sentence and candidate of each pair with a common token that some answer needs."""
        everything = (1 << len(self.reference.lengths)) - 1
        needed = [0] * len(self.candidates.rows)
        for answer, verbatim in zip(self.answers, self.verbatim, strict=True):
            for candidate in set(answer):
                needed[candidate] |= everything ^ verbatim
        wanted = [
            _bits(a & b, len(self.reference.lengths)) for a, b in zip(needed, self.candidates.sharing, strict=True)
        ]
        which, gold = np.nonzero(np.array(wanted, bool).reshape(len(wanted), len(self.reference.lengths)))
        return gold, which


def _bits(value: int, count: int) -> np.typing.NDArray[np.bool_]:
    """The lowest bits of a number, lowest first."""
    data = np.frombuffer(value.to_bytes(value.bit_length() // 8 + count // 8 + 1, "little"), np.uint8)
    return np.unpackbits(data, count=count, bitorder="little").view(np.bool_)

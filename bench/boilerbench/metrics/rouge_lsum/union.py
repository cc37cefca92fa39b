"""Places in a gold that longest common subsequences with the sentences of texts take, for many texts at once.

Nothing is done twice on a page: not the same sentence of two texts, not a pair without a common token, and nothing for
a gold sentence that a text has word for word, which is all taken. Short gold sentences are done in parts, so that no
table grows with the product of gold and texts.
"""

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from itertools import chain
from operator import or_
from typing import TypeAlias

import numpy as np

from boilerbench.metrics.base import Bools
from boilerbench.metrics.rouge_lsum.lcs import WORD, Words, positions, subsequence, subsequences

Sentence: TypeAlias = tuple[str, ...]

_LONG = 400
"""Sentences of texts with more tokens than this are compared one by one."""

_CELLS = 2_000_000
"""The most cells of a table with a row for each of some gold sentences; of eight at least."""


class GoldSentences:
    """A gold's sentences. Distinct ones are numbered, those that fit a machine word first; tokens are numbered, too.

    `flat` are the distinct sentences on end as tokens; sentence i starts there at `starts[i]`. A token of a text that
    the gold lacks has the number `gap`.
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        times = Counter(sentences)
        distinct = sorted(times, key=lambda sentence: len(sentence) > WORD)
        self.tokens = [*chain.from_iterable(sentences)]
        self.columns = {token: column for column, token in enumerate(dict.fromkeys(self.tokens))}
        self.gap = len(self.columns)
        self.numbers = {sentence: number for number, sentence in enumerate(distinct)}
        self.short = sum(len(sentence) <= WORD for sentence in distinct)
        self.lengths = np.array([len(sentence) for sentence in distinct], np.int64)
        self.flat = np.array([self.columns[token] for sentence in distinct for token in sentence], np.int64)
        self.times = np.repeat([times[each] for each in distinct], self.lengths)
        self.starts = np.concatenate(([0], np.cumsum(self.lengths)))
        self.places = [positions([self.columns[token] for token in sentence]) for sentence in distinct]
        self.holders = [0] * (self.gap + 1)
        for number, places in enumerate(self.places):
            for column in places:
                self.holders[column] |= 1 << number

    def words(self, first: int, last: int) -> Words:
        """For each of some short sentences, the places of every token as bits."""
        found = np.zeros((last - first, self.gap + 1), np.uint64)
        for row, places in zip(found, self.places[first:last], strict=True):
            row[list(places)] = list(places.values())
        return found


class TextSentences:
    """Several texts of one page, each a list of sentences; distinct sentences of all of them are numbered.

    `columns` are a sentence's tokens as numbers of the gold's, `sentences` the numbers of a text's. What a text has
    `verbatim` are gold sentences, as bits; those `wanted` of a sentence have a token in common with it, and some text
    needs them.
    """

    def __init__(self, gold: GoldSentences, texts: Sequence[Sequence[Sentence]]) -> None:
        self.gold = gold
        numbers = {sentence: number for number, sentence in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        self.columns = [[gold.columns.get(token, gold.gap) for token in sentence] for sentence in numbers]
        self.sentences = [[numbers[sentence] for sentence in text] for text in texts]
        self.distinct = [set(text) for text in self.sentences]
        self.verbatim = [sum(1 << gold.numbers[each] for each in set(text) if each in gold.numbers) for text in texts]
        needed = [0] * len(self.columns)
        for text, verbatim in zip(self.distinct, self.verbatim, strict=True):
            for number in text:
                needed[number] |= ((1 << len(gold.lengths)) - 1) ^ verbatim
        sharing = [reduce(or_, map(gold.holders.__getitem__, columns), 0) for columns in self.columns]
        width = -(-len(gold.lengths) // 8)
        packed = b"".join((a & b).to_bytes(width, "little") for a, b in zip(needed, sharing, strict=True))
        self.wanted = np.frombuffer(packed, np.uint8).reshape(len(needed), width)

    def hits(self) -> list[int]:
        """How many tokens of each text are hits."""
        gold = self.gold
        taken = np.zeros((len(self.sentences), len(gold.flat)), bool)
        step = max(1, _CELLS // max(gold.gap + 1, len(self.wanted)) // 8) * 8
        for first in range(0, gold.short, step):
            self._take_short(first, min(first + step, gold.short), taken)
        for number in range(gold.short, len(gold.lengths)):
            self._take_long(number, taken)
        found = []
        for sentences, places in zip(self.sentences, taken, strict=True):
            columns = np.fromiter(chain.from_iterable(map(self.columns.__getitem__, sentences)), np.int64)
            given = np.bincount(columns, minlength=gold.gap + 1)[: gold.gap]
            wanted = np.bincount(gold.flat[places], weights=gold.times[places], minlength=gold.gap)
            found.append(int(np.minimum(given, wanted).sum()))
        return found

    def _take_short(self, first: int, last: int, taken: Bools) -> None:
        """Find for each text the places taken in some short gold sentences; `first` is a multiple of 8."""
        gold = self.gold
        table = self._table(first, last)
        inside = np.arange(WORD) < gold.lengths[first:last, None]
        for text, verbatim, places in zip(self.distinct, self.verbatim, taken, strict=True):
            united = np.bitwise_or.reduce(table[:, list(text)], axis=1)
            united[_bits(verbatim >> first, last - first)] = ~np.uint64(0)
            bits = np.unpackbits(united.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
            places[gold.starts[first] : gold.starts[last]] = bits[inside]

    def _table(self, first: int, last: int) -> Words:
        """Compare some short gold sentences with every sentence that matters: the places taken, as bits."""
        bits = np.unpackbits(self.wanted[:, first // 8 : -(-last // 8)], axis=1, count=last - first, bitorder="little")
        which, number = np.nonzero(bits)
        table = np.zeros((last - first, len(bits)), np.uint64)
        few = np.array([len(columns) <= _LONG for columns in self.columns], bool)[which]
        words = self.gold.words(first, last)
        table[number[few], which[few]] = subsequences(words, number[few], self.columns, which[few])
        for row, sentence in zip(number[~few].tolist(), which[~few].tolist(), strict=True):
            table[row, sentence] = self._compare(first + row, sentence)
        return table

    def _take_long(self, number: int, taken: Bools) -> None:
        """Find for each text the places taken in a long gold sentence."""
        length = int(self.gold.lengths[number])
        united = [(1 << length) - 1 if verbatim >> number & 1 else 0 for verbatim in self.verbatim]
        for sentence in np.flatnonzero(self.wanted[:, number // 8] >> (number % 8) & 1).tolist():
            bits = self._compare(number, sentence)
            for i, distinct in enumerate(self.distinct):
                united[i] |= bits if sentence in distinct else 0
        for places, bits in zip(taken, united, strict=True):
            places[self.gold.starts[number] : self.gold.starts[number + 1]] = _bits(bits, length)

    def _compare(self, number: int, sentence: int) -> int:
        return subsequence(self.gold.places[number], int(self.gold.lengths[number]), self.columns[sentence])


def _bits(value: int, count: int) -> Bools:
    """The lowest bits of a number, lowest first."""
    data = np.frombuffer(value.to_bytes(value.bit_length() // 8 + count // 8 + 1, "little"), np.uint8)
    return np.unpackbits(data, count=count, bitorder="little").view(np.bool_)

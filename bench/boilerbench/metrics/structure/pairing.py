"""Which block of the gold is which of an extraction's: in order where that can be, else anywhere, else nearly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

ALIKE = 85
"""Percent that two texts share, by Indel distance, to be the same block."""

_LARGEST_GAP = 1_000
"""Texts of a gap, with the same digits, that are all compared with one another."""
_LARGEST_LCS = 2**31
"""Cells of the table of a common subsequence: 64 of them take 8 bytes."""

Pair: TypeAlias = tuple[int, int]


def in_order(gold: Sequence[Hashable], answer: Sequence[Hashable]) -> list[Pair]:
    """The longest common subsequence; for sequences of very many, that of what is there once on both sides."""
    numbers: dict[Hashable, int] = {}
    one, other = ([numbers.setdefault(each, len(numbers)) for each in side] for side in (gold, answer))
    if len(one) * len(other) > _LARGEST_LCS:
        return _chain_of_unique(one, other)
    found: list[Pair] = []
    for code in LCSseq.opcodes(one, other):
        if code.tag == "equal":
            found += zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True)
    return found


def most_shared(gold: Sequence[Counter[str]], answer: Sequence[Counter[str]]) -> list[tuple[int, int, int]]:
    """Pair multisets one to one so that as many texts as can be are shared, wherever they stand: with how many.

    As many pairs as the shorter side has, some of which may share none.
    """
    if not gold or not answer:
        return []
    from scipy.optimize import linear_sum_assignment

    shared = np.array([[(one & other).total() for other in answer] for one in gold])
    pairs = zip(*(each.tolist() for each in linear_sum_assignment(shared, maximize=True)), strict=True)
    return [(i, j, int(shared[i, j])) for i, j in pairs]


def by_text(gold: Sequence[str], answer: Sequence[str]) -> list[Pair]:
    """Pair texts one to one: in order, then equal ones anywhere, then those alike inside one gap, the most alike first.

    Texts that are alike have the same digits. A blank text is paired with none.
    """
    anchors = [(i, j) for i, j in in_order(gold, answer) if gold[i]]
    found = [*anchors, *_equal(gold, answer, anchors)]
    paired_gold, paired_answer = {i for i, _ in found}, {j for _, j in found}
    ends = [(-1, -1), *anchors, (len(gold), len(answer))]
    for (i, j), (next_i, next_j) in pairwise(ends):
        rows = [each for each in range(i + 1, next_i) if each not in paired_gold and gold[each]]
        columns = [each for each in range(j + 1, next_j) if each not in paired_answer and answer[each]]
        found += [(rows[a], columns[b]) for a, b in _alike([gold[each] for each in rows],
                                                          [answer[each] for each in columns])]  # fmt: skip
    return sorted(found)


def alike(gold: str, answer: str) -> bool:
    """Whether two texts are the same but for a few characters, none of them a digit."""
    return fuzz.ratio(gold, answer, score_cutoff=ALIKE) > 0 and _digits(gold) == _digits(answer)


def _equal(gold: Sequence[str], answer: Sequence[str], anchors: Sequence[Pair]) -> Iterator[Pair]:
    """Pair equal texts that no anchor holds, the first with the first."""
    held_gold, held_answer = {i for i, _ in anchors}, {j for _, j in anchors}
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for j in range(len(answer) - 1, -1, -1):
        if j not in held_answer and answer[j]:
            waiting[answer[j]].append(j)
    for i, text in enumerate(gold):
        if i not in held_gold and waiting.get(text):
            yield i, waiting[text].pop()


def _alike(gold: Sequence[str], answer: Sequence[str]) -> Iterator[Pair]:
    """Pair those that are alike, by their digits; of very many, each part with that at its place on the other side."""
    sides: list[defaultdict[str, list[int]]] = [defaultdict(list), defaultdict(list)]
    for texts, places in zip((gold, answer), sides, strict=True):
        for place, text in enumerate(texts):
            places[_digits(text)].append(place)
    for digits, ours in sides[0].items():
        theirs = sides[1].get(digits, [])
        parts = -(-max(len(ours), len(theirs)) // _LARGEST_GAP)
        for part in range(parts) if theirs else ():
            some = [side[len(side) * part // parts : len(side) * (part + 1) // parts] for side in (ours, theirs)]
            found = _most_alike([gold[place] for place in some[0]], [answer[place] for place in some[1]])
            yield from ((some[0][a], some[1][b]) for a, b in found)


def _most_alike(gold: Sequence[str], answer: Sequence[str]) -> Iterator[Pair]:
    """Pair texts that are alike one to one, the most alike first."""
    if not gold or not answer:
        return
    ratios = process.cdist(gold, answer, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32)
    rows, columns = np.nonzero(ratios)
    order = np.argsort(-ratios[rows, columns], kind="stable")
    taken_gold, taken_answer, most = set[int](), set[int](), min(len(gold), len(answer))
    for a, b in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if a not in taken_gold and b not in taken_answer:
            taken_gold.add(a)
            taken_answer.add(b)
            yield a, b
            if len(taken_gold) == most:
                return


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _chain_of_unique(one: Sequence[int], other: Sequence[int]) -> list[Pair]:
    """The longest chain, in order on both sides, of what is there once on both."""
    from bisect import bisect_left

    once = [{each: place for place, each in enumerate(side)} for side in (one, other)]
    counts = [np.bincount(side) for side in (one, other)]
    ends: list[int] = []
    last: list[int] = []
    before: dict[int, int] = {}
    pairs = [(i, once[1][each]) for each, i in once[0].items() if each in once[1]]
    pairs = [(i, j) for i, j in pairs if counts[0][one[i]] == counts[1][other[j]] == 1]
    for number, (_, j) in enumerate(sorted(pairs)):
        place = bisect_left(ends, j)
        before[number] = last[place - 1] if place else -1
        ends[place : place + 1], last[place : place + 1] = [j], [number]
    found, number = [], last[-1] if last else -1
    pairs.sort()
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]

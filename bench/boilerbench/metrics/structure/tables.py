"""`tables`: which cells came in their place; beside it, whole tables.

The unit is a cell with text, a merged one once. Tables are paired one to one by the cells they share; of a pair, rows
are paired in order by equal content, then by shared cells, and columns in order by equal cells in paired rows. A cell
is right where an equal text stands in a paired row and column. `found`: of the gold's tables, those with F1 of .5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boilerbench.metrics.structure import Found, Structure, pairing
from boilerbench.text.blocks import Blocks, Cell, Table

Grid: TypeAlias = NDArray[np.int64]
"""Rows x columns: the number of the cell that has this place, -1 for none."""

FOUND = 0.5
_FUZZY = 15
_MOST = 1_000
"""Tables of a page that are compared."""
_LARGEST_GAP = 30_000_000
"""Pairs of rows that are weighed in a gap between equal ones."""


class Tables(Structure):
    """Cells of data tables."""

    name = "tables"

    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Pair the tables, and count their cells."""
        ours, theirs = gold.tables[:_MOST], answer.tables[:_MOST]
        pairs = _paired(ours, theirs)
        counts = {(i, j): _cells(ours[i], theirs[j]) for i, j in pairs}
        missing = set(range(len(gold.tables))) - {i for i, _ in pairs}
        surplus = set(range(len(answer.tables))) - {j for _, j in pairs}
        stated = {pair: each for pair, each in counts.items() if not ours[pair[0]].optional}
        tp, fp, fn = (sum(each) for each in zip(*stated.values(), strict=True)) if stated else (0, 0, 0)
        fn += sum(len(gold.tables[i].cells) for i in missing if not gold.tables[i].optional)
        fp += sum(len(answer.tables[j].cells) for j in surplus)
        found = sum(2 * right / (2 * right + more + less) >= FOUND for right, more, less in stated.values() if right)
        return Found(tp, fp, fn, {"found": (found, sum(not each.optional for each in gold.tables))})


def _paired(gold: Sequence[Table], answer: Sequence[Table]) -> list[pairing.Pair]:
    """Pair tables one to one so that as many cells as can be are shared; some may be."""
    texts = ([Counter(cell.text for cell in table.cells) for table in side] for side in (gold, answer))
    return [(i, j) for i, j, shared in pairing.most_shared(*texts) if shared]


@dataclass(frozen=True)
class _Side:
    """A table as a grid of its cells' numbers, and of its texts' numbers."""

    cells: Sequence[Cell]
    places: Grid
    texts: Grid

    @classmethod
    def of(cls, table: Table, numbers: dict[str, int]) -> _Side:
        places = np.full((table.rows, table.columns), -1, np.int64)
        if table.cells:
            rows, columns, *_ = zip(*table.cells, strict=True)
            places[rows, columns] = np.arange(len(table.cells))
        for number, cell in enumerate(table.cells):
            if cell.rows > 1 or cell.columns > 1:
                places[cell.row : cell.row + cell.rows, cell.column : cell.column + cell.columns] = number
        known = [numbers.setdefault(cell.text, len(numbers)) for cell in table.cells]
        return cls(table.cells, places, np.where(places < 0, -1, np.array([*known, -1])[places]))

    def at(self, rows: Sequence[pairing.Pair], columns: Sequence[pairing.Pair], side: int) -> Grid:
        """The numbers of the cells in paired rows and columns, of this side of the pairs."""
        return self.places[np.ix_([pair[side] for pair in rows], [pair[side] for pair in columns])]

    def row(self, number: int) -> tuple[int, ...]:
        """The texts of a row, of each cell once, without blank ones."""
        texts, places = self.texts[number], self.places[number]
        first = np.append(True, places[1:] != places[:-1]) & (texts >= 0)
        return tuple(texts[first].tolist())


def _cells(gold: Table, answer: Table) -> tuple[int, int, int]:
    """Right, surplus and missing cells of two tables."""
    numbers: dict[str, int] = {}
    one, other = _Side.of(gold, numbers), _Side.of(answer, numbers)
    rows = _rows(one, other)
    columns = _columns(one, other, rows)
    if not columns:
        return 0, len(answer.cells), len(gold.cells)
    right = _right(one.at(rows, columns, 0), other.at(rows, columns, 1), gold.cells, answer.cells)
    taken = {b: a for a, b in right.items()}
    there = dict(rows), dict(columns)
    back = {j: i for i, j in rows}, {d: c for c, d in columns}
    more = len(answer.cells) - len(right) - _copies(one, other, right, taken, back)
    less = len(gold.cells) - len(right) - _copies(other, one, taken, right, there)
    return len(right), more, less


def _right(ours: Grid, theirs: Grid, gold: Sequence[Cell], answer: Sequence[Cell]) -> dict[int, int]:
    """Which cell of the answer each one of the gold is, by their numbers in paired rows and columns."""
    texts = (
        np.array([*(cell.text for cell in gold), ""], object),
        np.array([*(cell.text for cell in answer), ""], object),
    )
    there = (ours >= 0) & (theirs >= 0)
    equal = there & (texts[0][ours] == texts[1][theirs])
    pairs = zip(ours[equal].tolist(), theirs[equal].tolist(), strict=True)
    right, taken = dict[int, int](), set[int]()
    unlike = there & ~equal
    others = zip(ours[unlike].tolist(), theirs[unlike].tolist(), strict=True)
    nearly = ((a, b) for a, b in others if _alike(gold[a].text, answer[b].text))
    for a, b in chain(pairs, nearly):
        if a not in right and b not in taken:
            right[a] = b
            taken.add(b)
    return right


def _rows(one: _Side, other: _Side) -> list[pairing.Pair]:
    """Pair rows: equal ones in order, and between them those that share the most cells."""
    keys = [[side.row(number) for number in range(len(side.places))] for side in (one, other)]
    found = pairing.in_order(*keys)
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *found, (len(keys[0]), len(keys[1]))]):
        gap = keys[0][i + 1 : next_i], keys[1][j + 1 : next_j]
        if 0 < len(gap[0]) * len(gap[1]) <= _LARGEST_GAP:
            found += [(i + 1 + a, j + 1 + b) for a, b in _chain(_shared(*gap))]
    return found


def _shared(one: Sequence[tuple[int, ...]], other: Sequence[tuple[int, ...]]) -> Grid:
    """How many texts each row of one shares with each of the other."""
    from scipy.sparse import csr_array

    size = 1 + max((number for side in (one, other) for row in side for number in row), default=0)
    there = []
    for side in (one, other):
        rows = [sorted(set(row)) for row in side]
        ends = np.cumsum([0, *map(len, rows)])
        numbers = np.array([number for row in rows for number in row], np.int64)
        there.append(csr_array((np.ones(len(numbers), np.int32), numbers, ends), shape=(len(rows), size)))
    return np.asarray((there[0] @ there[1].T).todense())


def _columns(one: _Side, other: _Side, rows: Sequence[pairing.Pair]) -> list[pairing.Pair]:
    """Pair columns in order so that as many cells as can be are equal in the paired rows."""
    if not rows:
        return []
    ours, theirs = one.texts[[i for i, _ in rows]], other.texts[[j for _, j in rows]]
    weights = [((theirs == column[:, None]) & (column[:, None] >= 0)).sum(axis=0) for column in ours.T]
    return _chain(np.array(weights))


def _chain(weights: Grid) -> list[pairing.Pair]:
    """The pairs of a chain, in order on both sides, with the greatest sum of weights."""
    rows, columns = weights.shape
    best = np.zeros((rows + 1, columns + 1), np.int32)
    for i in range(rows):
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], best[i, :-1] + weights[i]))
    found, i, j = [], rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            found.append((i, j))
    return found[::-1]


def _alike(gold: str, answer: str) -> bool:
    """Whether two texts are long enough to be the same but for a few characters, and are."""
    return min(len(gold), len(answer)) >= _FUZZY and pairing.alike(gold, answer)


def _copies(
    one: _Side, other: _Side, right: dict[int, int], taken: dict[int, int], back: tuple[dict[int, int], dict[int, int]]
) -> int:
    """How many cells of the other are not right, but repeat a merged cell of the one inside its span."""
    found = 0
    for number, cell in enumerate(other.cells):
        if number in taken or cell.row not in back[0] or cell.column not in back[1]:
            continue
        place = back[0][cell.row], back[1][cell.column]
        origin = int(one.places[place])
        if origin in right and one.texts[place] == other.texts[cell.row, cell.column]:
            merged = one.cells[origin]
            found += merged.rows * merged.columns > 1
    return found

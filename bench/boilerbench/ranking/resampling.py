"""Whole sites, drawn again and again or left out in turn: what means are made of is added up by site, once.

Pages of one site resemble each other, so whole sites are drawn. A round is then a product of how often each site was
drawn and the sums of the sites; rounds are drawn a block at a time, and no matrix has rounds by pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

_BLOCK = 1 << 19
"""How often a site was drawn in a round, as numbers that are in memory at once."""

_PIECE = 1 << 18
"""Multiplications that BLAS does in one thread: threads that wait for others cost more CPU time than they save."""


def numbered(sites: Sequence[str]) -> Ints:
    """The number of each page's site, in the order of their names."""
    return np.unique(np.asarray(sites, dtype=np.str_), return_inverse=True)[1]


@dataclass(frozen=True)
class Sums:
    """Values of pages added up, and how many there are: a row per site, per round, or one for all.

    `counts` is as wide as `added`, or one column where every page has all values.
    """

    added: Floats
    counts: Floats

    @classmethod
    def of(cls, values: Floats, sites: Ints) -> Sums:
        """Add up pages (rows) by the number of their site; a NaN is a page that leaves that mean."""
        present = ~np.isnan(values)
        if present.all():
            return cls(_by_site(values, sites), np.bincount(sites).astype(float)[:, None])
        return cls(_by_site(np.where(present, values, 0.0), sites), _by_site(present.astype(float), sites))

    @property
    def means(self) -> Floats:
        """The mean of each column in each row; NaN where no page has a value."""
        with np.errstate(invalid="ignore"):
            return self.added / self.counts

    def __add__(self, other: Sums) -> Sums:
        """The sums of both, row by row."""
        return Sums(self.added + other.added, self.counts + other.counts)

    def total(self) -> Sums:
        """Add up all rows to one."""
        return Sums(self.added.sum(axis=0, keepdims=True), self.counts.sum(axis=0, keepdims=True))

    def leaving_out(self) -> Sums:
        """Leave out a site in each row: for few sites, added up from the others so that nothing is left of it."""
        others = 1 - np.eye(len(self.added))
        return Sums(_product(others, self.added), _product(others, self.counts))


def _by_site(values: Floats, sites: Ints) -> Floats:
    return np.column_stack([np.bincount(sites, column) for column in values.T])


def draw(several: Sequence[Sums], rounds: int, seed: int | Sequence[int]) -> list[Sums]:
    """Draw as many sites as there are, with replacement, in each round: the same for all sums over so many sites.

    The seed and the number of sites decide the draw; sums over fewer or more sites have draws of their own.
    """
    by_size: dict[int, list[Floats]] = {}
    for each in several:
        by_size.setdefault(len(each.added), []).extend((each.added, each.counts))
    drawn = {}
    for size, parts in by_size.items():
        edges = np.cumsum([part.shape[1] for part in parts])[:-1]
        drawn[size] = iter(np.split(_drawn(np.hstack(parts), rounds, seed), edges, axis=1))
    return [Sums(next(drawn[len(each.added)]), next(drawn[len(each.added)])) for each in several]


def _drawn(sums: Floats, rounds: int, seed: int | Sequence[int]) -> Floats:
    """Rounds by columns."""
    size, generator = len(sums), np.random.default_rng(seed)
    step = max(1, _BLOCK // size)
    found = np.empty((rounds, sums.shape[1]))
    for first in range(0, rounds, step):
        rows = min(step, rounds - first)
        sites = generator.integers(size, size=(rows, size))
        sites += np.arange(rows)[:, None] * size
        times = np.bincount(sites.ravel(), minlength=rows * size).reshape(rows, size).astype(float)
        found[first : first + rows] = _product(times, sums)
    return found


def _product(left: Floats, right: Floats) -> Floats:
    """Multiply matrices piece by piece: some rows by all of `right`, or where that is large eight by a part of it."""
    rows = max(8, _PIECE // right.size)
    inner = max(1, _PIECE // (rows * right.shape[1]))
    found = np.zeros((len(left), right.shape[1]))
    for row in range(0, len(left), rows):
        for first in range(0, len(right), inner):
            part = slice(first, first + inner)
            found[row : row + rows] += left[row : row + rows, part] @ right[part]
    return found

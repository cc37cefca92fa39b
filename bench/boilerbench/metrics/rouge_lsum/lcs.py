"""One particular longest common subsequence of each of many pairs of token sequences, bit-parallel.

Of several longest common subsequences of a reference r and a candidate c, rouge_score (google-research, 0.1.2) reads
one out of the table t of lengths, from its last cell (i, j) backwards: a match is taken; else j falls where t[i][j-1]
> t[i-1][j]; else i falls. Which one it is matters, as ROUGE-LSum unites those of several candidates.

One row of t stands for each token of c. Row j is kept as its differences D_j along r, one bit per token of r (Hyyro
2004, "Bit-parallel LCS-length computation revisited"). Where c's token j does not match r's token i, the middle
condition above is bit i of D_j. So a step back through row j goes down from i to the highest set bit of M_j | D_j,
where M_j are the matches of c's token j: a match is taken, and either way row j - 1 is next. Rows without any match
add nothing to D, but have that step; of several in a row one is enough.

A reference of at most 64 tokens is one machine word, and numpy does all candidates of all references at once, row by
row; longer ones, and the few candidates that would need many rows, are done one by one in Python's whole numbers. Of
many rows only every thousandth is kept, and those between are made again on the way back.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, groupby
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boilerbench.text.tokens import Ints

Words: TypeAlias = NDArray[np.uint64]

WORD = 64
_CELLS = 2_000_000
_STRETCH = 1_000


def positions(sequence: Sequence[int]) -> dict[int, int]:
    """For each token of a reference the places where it stands, as bits."""
    found: dict[int, int] = {}
    for place, token in enumerate(sequence):
        found[token] = found.get(token, 0) | 1 << place
    return found


def subsequence(places: Mapping[int, int], length: int, candidate: Sequence[int]) -> int:
    """Return the places, as bits, that the subsequence takes in a reference of that length."""
    runs = groupby(places.get(token, 0) for token in candidate)
    rows = [match for match, run in runs for match in (run if match else [0])]  # one for several without any match
    stretches = [rows[start : start + _STRETCH] for start in range(0, len(rows), _STRETCH)]
    mask = below = (1 << length) - 1
    kept = [mask]
    for stretch in stretches[:-1]:
        kept.append(_down(kept[-1], stretch, mask)[-1])
    taken = 0
    for vertical, stretch in zip(reversed(kept), reversed(stretches), strict=False):
        down = _down(vertical, stretch, mask)
        for match, after in zip(reversed(stretch), reversed(down), strict=True):
            top = 1 << ((match | (mask ^ after)) & below).bit_length() >> 1
            if not top:
                return taken
            hit = top & match
            taken |= hit
            below = top - 1 if hit else 2 * top - 1
    return taken


def _down(vertical: int, rows: Sequence[int], mask: int) -> list[int]:
    """Row by row the complement of the differences, from one row's on."""
    found = []
    for match in rows:
        both = vertical & match
        vertical = ((vertical + both) | (vertical - both)) & mask
        found.append(vertical)
    return found


def subsequences(places: Words, references: Ints, candidates: Sequence[Sequence[int]], which: Ints) -> Words:
    """Do the same for pairs of a reference of at most 64 tokens and a candidate.

    `places[r, token]` are the places of a token in reference r as bits; a candidate's tokens are columns of it.
    `references[p]` and `which[p]` are what pair p consists of. Returns a word of places for each pair.
    """
    lengths = np.array([*map(len, candidates)], np.int64)
    tokens = np.fromiter(chain.from_iterable(candidates), np.int64, lengths.sum())
    starts = np.cumsum(lengths) - lengths
    order = np.argsort(-lengths[which], kind="stable")
    result = np.zeros(len(which), np.uint64)
    start = 0
    while start < len(order):
        part = order[start : start + max(1, _CELLS // max(1, int(lengths[which[order[start]]])))]
        counts = lengths[which[part]]
        base = np.repeat(references[part] * places.shape[1], counts)
        result[part] = _batch(places.ravel()[base + tokens[_ranges(starts[which[part]], counts)]], counts)
        start += len(part)
    return result


def _ranges(starts: Ints, counts: Ints) -> Ints:
    """So many whole numbers from each start on."""
    return np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)


def _batch(matches: Words, counts: Ints) -> Words:
    """One batch: the matches of all rows of pairs on end. Of those without any, only the first behind others stays."""
    pair, kept = np.repeat(np.arange(len(counts)), counts), matches != 0
    kept[1:] |= kept[:-1] & (pair[1:] == pair[:-1])
    pair, rows = pair[kept], np.bincount(pair[kept], minlength=len(counts))
    order = np.argsort(-rows, kind="stable")  # so that row j concerns the first pairs only, those that have so many
    table = np.zeros((rows.max(initial=0), len(rows)), np.uint64)
    table[_ranges(np.zeros(len(rows), np.int64), rows), np.argsort(order)[pair]] = matches[kept]
    active = np.searchsorted(-rows[order], -np.arange(len(table)), side="left")
    vertical = np.full(len(rows), ~np.uint64(0))
    differences = []
    for row, count in zip(table, active.tolist(), strict=True):
        head = vertical[:count]
        both = head & row[:count]
        head[:] = (head + both) | (head ^ both)
        differences.append(~head)
    taken, below = np.zeros(len(rows), np.uint64), np.full(len(rows), ~np.uint64(0))
    for row, difference in zip(table[::-1], reversed(differences), strict=True):
        count = len(difference)
        _step_back(row[:count], difference, taken[:count], below[:count])
    return taken[np.argsort(order)]


def _step_back(match: Words, difference: Words, taken: Words, below: Words) -> None:
    """Go back through one row: take a match or not, and leave only the places below."""
    difference |= match
    difference &= below
    for shift in (1, 2, 4, 8, 16, 32):
        difference |= difference >> np.uint64(shift)
    top = difference ^ (difference >> np.uint64(1))
    top &= match
    taken |= top
    np.right_shift(difference, (top != 0).astype(np.uint64), out=below)

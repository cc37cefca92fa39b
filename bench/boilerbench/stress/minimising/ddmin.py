"""Delta debugging: what can be left out, while something stays as it is.

After Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (IEEE TSE 28, 2002): of their algorithm
the part that tries complements, with chunks that are halved. Ours, as picire's last release is of 2021, lithium reduces
lines and characters of a file for a script, and shrinkray is a program whose interface and parsers come with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def ddmin(items: Sequence[Item], holds: Callable[[Sequence[Item]], bool], finest: int = 1) -> list[Item]:
    """Leave out chunks of items while `holds` is true of the rest, as it is taken to be of all; return the rest.

    Chunks are halved as long as they have `finest` items: 1 leaves none that could go alone, by about 2 n trials.
    """
    kept, size = list(items), len(items)
    while size >= finest:
        place = 0
        while place < len(kept):
            rest = kept[:place] + kept[place + size :]
            if holds(rest):
                kept = rest
            else:
                place += size
        size = min(size, len(kept)) // 2
    return kept

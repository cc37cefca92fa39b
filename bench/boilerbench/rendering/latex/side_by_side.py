"""Several sets beside each other, as a paper shows them: runners down, sets across, F1 in a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from boilerbench.ranking.export import Rows
from boilerbench.rendering.cells import NOTHING, Block, score


def side_by_side(table: Rows) -> Iterator[Block]:
    """Yield a block for each metric and policy that several sets of a leaderboard without slices are ranked by.

    Runners stand in the order of their mean over the sets, those without a figure on one of them last. On each set the
    highest score is `best`, and those that no other is significantly better than are `level` with it.
    """
    groups: dict[tuple[str, str], dict[str, dict[str, Mapping[str, Any]]]] = {}
    for row in table:
        if "slice" not in row and row["f1"] is not None:
            sets = groups.setdefault((row["metric"], row["policy"]), {})
            sets.setdefault(row["set"], {})[row["runner"]] = row
    for (metric, policy), sets in groups.items():
        if len(sets) > 1:
            yield _block(f"F1 by {metric}, policy {policy}", sets)


def _block(heading: str, sets: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Block:
    runners = sorted(
        dict.fromkeys(runner for rows in sets.values() for runner in rows),
        key=lambda runner: (-sum(runner in rows for rows in sets.values()), -_sum(sets, runner)),
    )
    cells = [[runner, *(score(rows[runner]["f1"]) if runner in rows else NOTHING for rows in sets.values())]
             for runner in runners]  # fmt: skip
    best, level = set(), set()
    for column, rows in enumerate(sets.values(), start=1):
        highest = max(row["f1"] for row in rows.values())
        for place, runner in enumerate(runners):
            if runner in rows and rows[runner]["f1"] == highest:
                best.add((place, column))
            elif runner in rows and rows[runner]["rank_low"] == 1:
                level.add((place, column))
    return Block(heading, ["runner", *sets], cells, best=frozenset(best), level=frozenset(level))


def _sum(sets: Mapping[str, Mapping[str, Mapping[str, Any]]], runner: str) -> float:
    return float(sum(rows[runner]["f1"] for rows in sets.values() if runner in rows))

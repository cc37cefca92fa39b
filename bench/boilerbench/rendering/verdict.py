"""What a leaderboard says, in words: who leads, whether that is more than chance, and at what price.

Taken from its rows alone. Nothing is said of two runners but what the rank ranges say, which are tested and corrected
for all pairs (docs/scores.md): a rank that begins with 1 has nobody significantly above, and so many ranks as a range
spans are not significantly apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boilerbench.model import FAILED
from boilerbench.rendering.cells import points

if TYPE_CHECKING:
    from boilerbench.ranking.export import Rows

_NAMED = 3
"""Runners that are named of several."""
_MOST = 100_000
"""Pages beyond which nobody is told how many."""


@dataclass(frozen=True)
class Verdict:
    """Of ranked runners: the one with the highest F1, the `next`, and what is known of the difference.

    `equals` are those that certainly are not significantly below the leader, `level` is how many are.
    """

    leader: Mapping[str, Any]
    next: Mapping[str, Any]
    others: int
    level: int
    equals: tuple[str, ...]

    @property
    def difference(self) -> float:
        """Of the F1 of the first two."""
        return float(self.leader["f1"] - self.next["f1"])

    @property
    def testable(self) -> bool:
        """Whether there are sites enough for a difference to be significant."""
        least = self.leader.get("detectable")
        return least is None or least < 1 or self.level < self.others

    @property
    def settled(self) -> bool:
        """Whether every other runner is significantly below the leader."""
        return self.level == 0

    @property
    def sure(self) -> bool:
        """Whether that is tested: every other runner is significantly below."""
        return self.settled and self.testable

    @property
    def more_pages(self) -> int | None:
        """Give the pages that it would take besides to detect this difference, were it what it seems.

        What can be detected falls with the square root of the number of pages; None where nothing tells. It is that
        of the middle pair of runners, so that the number is a rough one.
        """
        least, pages = self.leader.get("detectable"), self.leader.get("pages")
        if self.settled or not (least and pages) or not 0 < self.difference < least:
            return None
        return math.ceil(int(pages) * ((float(least) / self.difference) ** 2 - 1))


def of(rows: Rows) -> Verdict | None:
    """Judge a leaderboard by its rows, the best first; None where fewer than two runners have a rank."""
    ranked = _ranked(rows)
    if len(ranked) < 2:  # noqa: PLR2004  # nothing to compare
        return None
    leader, *others = ranked
    level = int(leader["rank_high"]) - 1
    equals = tuple(str(row["runner"]) for row in others if row["rank_low"] == 1)
    return Verdict(leader, others[0], len(others), level, equals)


def _ranked(rows: Rows) -> Rows:
    return [row for row in rows if None not in (row.get("rank_low"), row.get("rank_high"), row["f1"])]


def sentences(rows: Rows) -> Iterator[str]:
    """Say what the rows of one leaderboard say."""
    found = of(rows)
    if found is None:
        return
    yield from _lead(found)
    if found.leader.get("precision") is not None and found.leader.get("recall") is not None:
        yield from _price(rows, found.leader)
    failed = [row for row in rows if any(str(row.get("failures") or "").count(f"{status}:") for status in FAILED)]
    if failed:
        yield f"Failures count as 0: {_some([' '.join((str(row['runner']), str(row['failed']))) for row in failed])}."


def of_slices(boards: Iterable[tuple[str, Rows]]) -> str:
    """Say who is first in which slices of a set, by the rows of each; empty where fewer than two slices tell."""
    judged = [(name, found) for name, rows in boards if (found := of(rows))]
    if len(judged) < 2:  # noqa: PLR2004  # nothing to compare
        return ""
    first: dict[str, list[str]] = {}
    for name, found in judged:
        first.setdefault(str(found.leader["runner"]), []).append(f"{name}{' (significantly)' if found.sure else ''}")
    told = [f"{runner} in {', '.join(first[runner])}" for runner in sorted(first, key=lambda each: -len(first[each]))]
    return (
        f"Highest F1: {'; '.join(told)}{'' if any(found.sure for _, found in judged) else '; significantly in none'}."
    )


def _lead(found: Verdict) -> Iterator[str]:
    name, ahead = found.leader["runner"], f"{_points(found.difference)} above {found.next['runner']}"
    if not found.testable:
        yield f"{name} has the highest F1, {ahead}; over so few sites no difference can be shown."
    elif found.settled and found.others == 1:
        yield f"{name} leads, {ahead}; the difference is significant."
    elif found.settled:
        yield f"{name} leads, {ahead}, and significantly above all {found.others} others."
    else:
        yield f"{name} has the highest F1, {ahead}; {_level(found)}."
        if found.more_pages:
            many = f"about {_rounded(found.more_pages):,}" if found.more_pages <= _MOST else f"more than {_MOST:,}"
            yield f"To show that difference, if it is one, would take {many} more pages like these."


def _level(found: Verdict) -> str:
    if found.level == found.others:
        return "the difference is not significant" if found.others == 1 else "it is significantly above none"
    certain = f": {_some(found.equals)}" if len(found.equals) == found.level else ""
    verb = "is" if found.level == 1 else "are"
    return f"{found.level} of {found.others} others {verb} not significantly below{certain}"


def _price(rows: Rows, leader: Mapping[str, Any]) -> Iterator[str]:
    """What the leader loses and lets through, and who does best at either."""
    lost, let_in = (1 - float(leader[name]) for name in ("recall", "precision"))
    yield f"It loses {_percent(lost)} of what should come, and {_percent(let_in)} of what it gives should not."
    ranked = _ranked(rows)
    best = {name: max(ranked, key=lambda row: row[name] or 0.0) for name in ("recall", "precision")}
    told = [
        f"{best[name]['runner']} {what} ({_percent(1 - float(best[name][name]))})"
        for name, what in (("recall", "loses least"), ("precision", "lets least through"))
        if best[name][name] and best[name][name] > leader[name]
    ]
    if told:
        yield f"{'; '.join(told)}."


def _some(names: tuple[str, ...] | list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _points(difference: float) -> str:
    return f"{points(difference).removeprefix('+')} points"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _rounded(count: int) -> int:
    """Two digits, as the number is a rough one."""
    digits = max(len(str(count)) - 2, 0)
    return round(count, -digits)

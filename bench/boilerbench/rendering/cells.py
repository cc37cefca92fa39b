"""What a reader sees in a cell, the same in every format made for reading."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from boilerbench.ranking import stats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOTHING = "-"

HEADERS = ("rank", "runner", "version", "F1", "95 %", "prec", "recall", "exact", "failed", "empty")
"""The columns of every table made for reading."""

TIMED = ("speed", "p95 ms", "MB")
"""Those that follow where the run was timed."""

TEXTS = ("runner", "version")
"""Those of them that are flush left."""


@dataclass(frozen=True)
class Board:
    """A leaderboard as it is read: cells under headers. One that `says_nothing` has fewer pages than it would take.

    `part` is what it has of the table.
    """

    heading: str
    headers: tuple[str, ...]
    rows: list[list[str]]
    says_nothing: bool
    part: pd.DataFrame


def boards(table: pd.DataFrame) -> Iterator[Board]:
    """Yield each leaderboard in the table, in its order."""
    keys = [key for key in ("set", "metric", "policy", "slice") if key in table]
    for key, rows in table.groupby(keys, sort=False):
        about = dict(zip(keys, map(str, key), strict=True))
        spread = rows["f1"].max() - rows["f1"].min()
        says_nothing = "detectable" in rows and bool(rows["detectable"].iloc[0] > spread)
        parts = [about["set"], about.get("slice", ""), about["metric"], f"policy {about['policy']}"]
        parts += [_count(int(rows["pages"].max()), "page"), *_doubts(rows, says_nothing=says_nothing)]
        timed = "speed" in rows and rows["p95_ms"].notna().any()
        headers = (*HEADERS, *TIMED) if timed else HEADERS
        lines = [_cells(row)[: len(headers)] for row in rows.to_dict("records")]
        yield Board(" · ".join(filter(None, parts)), headers, lines, says_nothing, rows)


def remarks(table: pd.DataFrame) -> list[str]:
    """A line for each runner that has flags or settings."""
    if "flags" not in table:
        return []
    known = table[["set", "runner", "flags", "settings"]].drop_duplicates()
    lines = []
    for name, runner, flags, settings in known.itertuples(index=False):
        words = [f"own-set ({name})" if flag == "own-set" else flag for flag in flags.split()]
        lines.append(f"{runner}: {', '.join([*words, *filter(None, [settings])])}" if words or settings else "")
    return list(dict.fromkeys(filter(None, lines)))


def _doubts(rows: pd.DataFrame, *, says_nothing: bool) -> Iterator[str]:
    """What a slice can show, and what a leaderboard cannot."""
    if says_nothing or ("slice" in rows and rows["detectable"].notna().any()):
        shows = f"shows differences from {score(rows['detectable'].iloc[0])}"
        yield shows + (": too few pages to rank" if says_nothing else "")
    if "sites" in rows and (sites := int(rows["sites"].max())) < stats.FEW:
        yield f"{_count(sites, 'site')}: {'no intervals' if sites == 1 else 'intervals are too narrow'}"


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _cells(row: Mapping[object, object]) -> list[str]:
    return [
        ranks(row["rank_low"], row["rank_high"]),
        str(row["runner"]),
        str(row["version"] or NOTHING),
        score(row["f1"]),
        interval(row),
        score(row["precision"]),
        score(row["recall"]),
        score(row["exact"]),
        str(row["failed"]),
        str(row["empty"]),
        _number(row.get("speed"), "{:.2f}"),
        _number(row.get("p95_ms"), "{:.0f}"),
        _number(row.get("peak_mb"), "{:.0f}"),
    ]


def _number(value: object, form: str) -> str:
    return NOTHING if not isinstance(value, float) or math.isnan(value) else form.format(value)


def interval(row: Mapping[object, object]) -> str:
    """The interval of F1, a dash where there is none."""
    return f"{score(row['f1_low'])}-{score(row['f1_high'])}" if score(row["f1_low"]) != NOTHING else NOTHING


def ranks(low: Any, high: Any) -> str:
    """A rank range, as one number where it is one, a dash where there is none."""
    if pd.isna(low):
        return NOTHING
    return str(low) if low == high else f"{low}-{high}"


def score(value: object) -> str:
    """Three digits without the leading zero, as in `.958`; `1.000` for a full score, a dash for none."""
    if not isinstance(value, float) or math.isnan(value):
        return NOTHING
    return f"{value:.3f}".removeprefix("0")

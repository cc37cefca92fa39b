"""What a reader sees in a cell, the same in every format made for reading."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

NOTHING = "-"

HEADERS = ("rank", "runner", "version", "F1", "95 %", "prec", "recall", "failed", "empty")
"""The columns of a table made for reading."""

TEXTS = ("runner", "version")
"""Those of them that are flush left."""


def boards(table: pd.DataFrame) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each leaderboard in the table, in its order: a heading, and its rows of cells."""
    keys = [key for key in ("set", "metric", "policy", "slice") if key in table]
    for key, rows in table.groupby(keys, sort=False):
        about = dict(zip(keys, map(str, key), strict=True))
        cut = f" · {about['slice']}" if "slice" in about else ""
        heading = (
            f"{about['set']}{cut} · {about['metric']} · policy {about['policy']} · {_pages(int(rows['pages'].max()))}"
        )
        yield heading, [_cells(row) for row in rows.to_dict("records")]


def _pages(count: int) -> str:
    return f"{count} page" if count == 1 else f"{count} pages"


def _cells(row: Mapping[object, object]) -> list[str]:
    return [
        ranks(row["rank_low"], row["rank_high"]),
        str(row["runner"]),
        str(row["version"] or NOTHING),
        score(row["f1"]),
        f"{score(row['f1_low'])}-{score(row['f1_high'])}" if score(row["f1_low"]) != NOTHING else NOTHING,
        score(row["precision"]),
        score(row["recall"]),
        str(row["failed"]),
        str(row["empty"]),
    ]


def ranks(low: object, high: object) -> str:
    """A rank range, as one number where it is one, a dash where there is none."""
    if low is None:
        return NOTHING
    return str(low) if low == high else f"{low}-{high}"


def score(value: object) -> str:
    """Three digits without the leading zero, as in `.958`; `1.000` for a full score, a dash for none."""
    if not isinstance(value, float) or math.isnan(value):
        return NOTHING
    return f"{value:.3f}".removeprefix("0")

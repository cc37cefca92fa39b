"""What a run's scores say, as data for the site: leaderboards, their slices, spreads, agreement, speed, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from boilerbench.model import FAILED
from boilerbench.ranking.slices import SLICES

if TYPE_CHECKING:
    from boilerbench.storage.run_folder import RunFolder

_BINS = 20
_DIGITS = 5
_QUARTILES = [0, 25, 50, 75, 100]


class Scored(NamedTuple):
    """A pair of metric and policy that a run was scored by."""

    metric: str
    policy: str


def scored(scores: pd.DataFrame) -> list[Scored]:
    """The pairs of metric and policy in a table of scores, in its order, but the policy `default` first."""
    pairs = scores[["metric", "policy"]].drop_duplicates().itertuples(index=False)
    return sorted((Scored(*map(str, row)) for row in pairs), key=lambda pair: pair.policy != "default")


def board(table: pd.DataFrame) -> dict[str, Any]:
    """A table as `columns` and `rows`: numbers rounded to five digits, None where there is none."""
    return {"columns": list(table.columns), "rows": [[plain(value) for value in row] for row in _rows(table)]}


def plain(value: Any) -> Any:
    """A value of a table as JSON has it."""
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, _DIGITS)
    return None if value is None or value is pd.NA else value


def _rows(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    columns = [table[name].tolist() for name in table.columns]
    return list(zip(*columns, strict=True))


def slices(pages: pd.DataFrame) -> list[str]:
    """What the run's pages can be cut by: every slice with at least two values. Sets have leaderboards of their own."""
    there = {name: pages[column].fillna("") for name, column in SLICES.items() if column in pages and name != "set"}
    return [name for name, values in there.items() if len(set(values)) > 1]


def per_page(scores: pd.DataFrame, pages: pd.DataFrame, runners: list[str]) -> list[list[float | None]]:
    """F1 by one metric and policy in thousandths: a row per page in the order of `pages`, a column per runner.

    None where a page leaves the mean by the metric's definition.
    """
    wide = _wide(scores, runners).reindex(pd.MultiIndex.from_frame(pages[["set", "page"]]))
    return [[None if np.isnan(value) else round(value * 1000) for value in row] for row in wide.to_numpy().tolist()]


def _wide(scores: pd.DataFrame, runners: list[str]) -> pd.DataFrame:
    wide = scores.pivot_table(index=["set", "page"], columns="runner", values="f1", sort=False, dropna=False)
    return wide.reindex(columns=runners)


def spread(scores: pd.DataFrame, runners: list[str]) -> dict[str, Any]:
    """How the pages' F1 of one set, metric and policy lie, per runner, and how alike runners are.

    `histogram`: pages in each of 20 equal bins; `quartiles`: least, quartiles, most; `agreement`: Spearman's rank
    correlation of the pages' F1 between every two runners, None where either is the same on all pages.
    """
    values = _wide(scores, runners).to_numpy()
    present = [column[~np.isnan(column)] for column in values.T]
    ranked = pd.DataFrame(values).rank()
    return {
        "histogram": [np.histogram(column, _BINS, (0, 1))[0].tolist() for column in present],
        "quartiles": [
            [plain(float(value)) for value in np.percentile(column, _QUARTILES)] if len(column) else [None] * 5
            for column in present
        ],
        "agreement": [[plain(float(value)) for value in row] for row in ranked.corr(method="pearson").to_numpy()],
    }


def pace(folder: RunFolder) -> pd.DataFrame:
    """Per set and runner: median and 95th percentile of milliseconds per page, as timed or else as the run saw them."""
    times = folder.table("timing") if folder.has("timing") else _as_extracted(folder)
    of_pages = times.groupby(["set", "runner", "page"])["wall"].median()
    groups = of_pages.groupby(["set", "runner"], sort=True)
    return pd.DataFrame({"ms": groups.median() * 1000, "ms_p95": groups.quantile(0.95) * 1000}).reset_index()


def _as_extracted(folder: RunFolder) -> pd.DataFrame:
    extractions = folder.table("extractions", ["set", "runner", "page", "status", "wall"])
    return extractions[~extractions["status"].isin(FAILED) & extractions["wall"].notna()]

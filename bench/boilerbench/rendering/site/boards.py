"""What a run's scores say, as data for the site: leaderboards, their slices, spreads, agreement, speed, labels."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from boilerbench.errors import UsageError
from boilerbench.files import read_toml
from boilerbench.model import FAILED
from boilerbench.ranking import bootstrap, export
from boilerbench.ranking.resampling import Floats, Ints
from boilerbench.ranking.terms import SLICES
from boilerbench.rendering.layouts import leaderboards
from boilerbench.storage.run_folder import RunFolder

COLUMNS = read_toml(Path(__file__).with_name("columns.toml"), UsageError)
"""The columns of the leaderboard, and what is said of them."""

OF_PAIRS = ("set", "metric", "policy", "runner", "other", "wins", "ties", "losses", "difference", "low", "high", "p")
"""The columns of `ranking.pairs` that the site compares two runners by."""


def scored(scores: pd.DataFrame) -> list[tuple[str, str]]:
    """The pairs of metric and policy in a table of scores, in its order, but the policy `default` first."""
    pairs = scores[["metric", "policy"]].drop_duplicates().itertuples(index=False, name=None)
    return sorted(pairs, key=lambda pair: pair[1] != "default")


def board(table: pd.DataFrame) -> dict[str, Any]:
    """A table as `columns` and `rows`: numbers rounded to five digits, None where there is none."""
    columns = [table[name].tolist() for name in table.columns]
    return {"columns": list(table.columns), "rows": _rounded(zip(*columns, strict=True))}


def _rounded(rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
    short = [[round(value, 5) if isinstance(value, float) else value for value in row] for row in rows]
    return list(export.plain(short))


def verdicts(whole: pd.DataFrame, sliced: Mapping[str, pd.DataFrame]) -> list[list[Any]]:
    """What every leaderboard says in words: set, metric, policy, what it is cut by (nothing: empty), and the lines."""
    tables = {"": whole, **sliced}
    return [
        [row["set"], row["metric"], row["policy"], by, list(block.verdict)]
        for by, table in tables.items()
        for block, (row, *_) in leaderboards(export.rows(table))
        if block.verdict
    ]


def slices(pages: pd.DataFrame) -> list[str]:
    """What the run's pages can be cut by: every slice with at least two values. Sets have leaderboards of their own."""
    there = {name: pages[column].fillna("") for name, column in SLICES.items() if column in pages and name != "set"}
    return [name for name, values in there.items() if len(set(values)) > 1]


def per_page(scores: pd.DataFrame, pages: pd.DataFrame, runners: list[str]) -> list[list[int | None]]:
    """F1 by one metric and policy in thousandths: a row per page in the order of `pages`, a column per runner.

    None where a page leaves the mean by the metric's definition.
    """
    numbers = bootstrap.with_sites(scores, pages[["set", "page", "site"]])["page"].to_numpy()
    thousandths = np.rint(_wide(scores, numbers, len(pages), runners) * 1000)
    return [[None if math.isnan(value) else int(value) for value in row] for row in thousandths.tolist()]


def _wide(scores: pd.DataFrame, numbers: Ints, pages: int, runners: list[str]) -> Floats:
    """F1 as a matrix of pages, by their numbers, and runners; NaN where there is none."""
    wide = np.full((pages, len(runners)), np.nan)
    wide[numbers, pd.Index(runners).get_indexer(pd.Index(scores["runner"]))] = scores["f1"].to_numpy(float)
    return wide


def spread(scores: pd.DataFrame, runners: list[str]) -> dict[str, Any]:
    """How the pages' F1 of one set, metric and policy lie, per runner, and how alike runners are.

    `histogram`: pages in each of 20 equal bins; `quartiles`: least, quartiles, most; `agreement`: Spearman's rank
    correlation of the pages' F1 between every two runners, None where either is the same on all pages.
    """
    numbers, pages = pd.factorize(scores["page"])
    values = _wide(scores, numbers, len(pages), runners)
    present = [column[~np.isnan(column)] for column in values.T]
    ranked = pd.DataFrame(values).rank()
    return {
        "histogram": [np.histogram(column, 20, (0, 1))[0].tolist() for column in present],
        "quartiles": _rounded(
            np.percentile(column, [0, 25, 50, 75, 100]).tolist() if len(column) else [None] * 5 for column in present
        ),
        "agreement": _rounded(ranked.corr(method="pearson").to_numpy().tolist()),
    }


def pace(folder: RunFolder) -> pd.DataFrame:
    """Per set and runner: median and 95th percentile of milliseconds per page, as timed or else as the run saw them."""
    if folder.has("timing"):
        times = folder.table("timing").groupby(["set", "runner", "page"])["wall"].median().reset_index()
    else:
        times = folder.table("extractions", ["set", "runner", "status", "wall"])
        times = times[~times["status"].isin(FAILED) & times["wall"].notna()]
    groups = times.groupby(["set", "runner"])["wall"]
    return pd.DataFrame({"ms": groups.median() * 1000, "ms_p95": groups.quantile(0.95) * 1000}).reset_index()


def shown(columns: Iterable[str], how: str) -> list[list[str]]:
    """Name, header and meaning of each column to show; `how` times came about. One not known here goes by its name."""
    known = COLUMNS["columns"]
    others = [[name, name, ""] for name in columns if name not in known and name not in COLUMNS["in_others"]]
    return [[name, title, meaning.format(how)] for name, (title, meaning) in known.items()] + others

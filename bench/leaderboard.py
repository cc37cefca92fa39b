"""From scores to a leaderboard: means with intervals, rank ranges, slices, and the signature of a number."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from bench import __version__, metrics, stats
from bench.errors import BenchError, UnknownNameError
from bench.model import Status
from bench.score import FAILURE_RULE
from bench.slices import SLICES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bench.metrics import Metric

COLUMNS = (
    *("rank_low", "rank_high", "runner", "version", "set", "policy", "metric", "pages", "failed", "empty"),
    *("f1", "f1_low", "f1_high", "precision", "recall"),
)
"""The columns every leaderboard begins with, in order: an interface."""

MORE_COLUMNS = ("precision_low", "precision_high", "recall_low", "recall_high", "exact")
"""The columns that follow, after `slice` where there are slices."""

_ESTIMATED = (
    *("rank_low", "rank_high", "f1", "f1_low", "f1_high"),
    *("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high"),
)
FAILED = tuple(status.value for status in Status if status.failed)
"""The statuses of pages without an answer."""


class Identified(Protocol):
    """What tells one gold set from another."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def version(self) -> str:
        """Its own version, empty where it has none."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 over its pages and gold."""


def build(  # noqa: PLR0913  the three settings are what a leaderboard depends on beside its data
    scores: pd.DataFrame,
    pages: pd.DataFrame,
    versions: Mapping[str, str],
    *,
    rounds: int = 1000,
    seed: int = 0,
    by: str | None = None,
    unranked: Sequence[str] = (),
) -> pd.DataFrame:
    """Rank the runners of each set, policy and metric (and slice, with `by`); those in `unranked` get no rank.

    `pages` has the columns set, page, site and those of `SLICES`. Raises `BenchError` where a score is missing.
    """
    if by is not None and by not in SLICES:
        raise UnknownNameError("slice", by, list(SLICES))
    scores = _with_pages(scores, pages, by)
    keys = ["set", "metric", "policy", "slice"]
    boards = []
    for key, group in scores.groupby(keys, sort=True):
        board = _board(group, metrics.get(str(key[1])), rounds, seed, unranked)
        boards.append(board.assign(**{column: str(value) for column, value in zip(keys, key, strict=True)}))
    table = pd.concat(boards, ignore_index=True) if boards else pd.DataFrame(columns=[*COLUMNS, "slice", *MORE_COLUMNS])
    table["version"] = table["runner"].map(lambda runner: versions.get(runner, ""))
    return table[[*COLUMNS, *(["slice"] if by else []), *MORE_COLUMNS]]


def _with_pages(scores: pd.DataFrame, pages: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Add to every score the site of its page, and the slice it belongs to."""
    wanted = pages[["set", "page", "site"]].assign(slice=_slices(pages, by))
    merged = scores.merge(wanted, on=["set", "page"], how="left", validate="many_to_one")
    strangers = merged["site"].isna()
    if strangers.any():
        raise BenchError(
            f"scores of page {merged['page'][strangers].iloc[0]}, which the pages' table lacks; score again"
        )
    return merged


def _slices(pages: pd.DataFrame, by: str | None) -> pd.Series[Any]:
    if by is None:
        return pd.Series("", index=pages.index)
    values = pages[SLICES[by]]
    return values.where(values.notna() & (values != ""), UNKNOWN)


def _board(scores: pd.DataFrame, metric: Metric, rounds: int, seed: int, unranked: Sequence[str] = ()) -> pd.DataFrame:
    """Rank the runners by the scores of one set, metric, policy and slice, on the pages that the metric could measure.

    Where that is none, all figures are NaN.
    """
    measured = scores["tp"].notna()
    scores = scores[measured] if measured.any() else scores.assign(exact=np.nan)
    scores = scores.sort_values(["page", "runner"])
    runners, pages = sorted(scores["runner"].unique()), scores["page"].nunique()
    if len(scores) != pages * len(runners) or scores.duplicated(["page", "runner"]).any():
        raise BenchError(
            f"{metric.name}: {len(scores)} scores for {len(runners)} runners on {pages} pages; score again"
        )
    shape = (pages, len(runners))
    sites = scores["site"].to_numpy()[:: len(runners)]
    names = ("tp", "fp", "fn") if metric.f1_of == "totals" else ("precision", "recall", "f1")
    values = tuple(scores[name].to_numpy(float).reshape(shape) for name in names)
    status = scores["status"].to_numpy(object).reshape(shape)
    table = pd.DataFrame(
        {
            "runner": runners,
            "pages": pages,
            "failed": np.isin(status.astype(str), FAILED).sum(axis=0),
            "empty": (status == Status.EMPTY.value).sum(axis=0),
            "exact": scores["exact"].to_numpy(float).reshape(shape).mean(axis=0),
            **_estimates(values, sites, metric, rounds, seed, ranked=~np.isin(runners, unranked)),
        }
    )
    return table.sort_values(["f1", "runner"], ascending=[False, True], na_position="last")


def _estimates(  # noqa: PLR0913  as for `build`
    values: tuple[NDArray[np.float64], ...],
    sites: NDArray[np.object_],
    metric: Metric,
    rounds: int,
    seed: int,
    *,
    ranked: NDArray[np.bool_],
) -> dict[str, NDArray[Any]]:
    """Means, intervals and rank ranges, one value per runner; None for the ranks of those that are not `ranked`."""
    weights, clusters = _weights(tuple(sites), rounds, seed), len(set(sites))
    point, drawn = (aggregate(values, each, metric) for each in (np.ones((1, len(sites))), weights))
    columns: dict[str, NDArray[Any]] = {}
    for name in ("f1",) if metric.single else ("f1", "precision", "recall"):
        columns[name] = getattr(point, name)[0]
        columns[f"{name}_low"], columns[f"{name}_high"] = stats.interval(getattr(drawn, name), clusters)
    p = stats.holm(stats.paired_p(columns["f1"][ranked], drawn.f1[:, ranked], clusters))
    for name, ranks in zip(("rank_low", "rank_high"), stats.rank_ranges(columns["f1"][ranked], p), strict=True):
        columns[name] = ranks if ranked.all() else np.full(len(ranked), None)
        columns[name][ranked] = ranks
    empty = np.full(len(columns["f1"]), np.nan)
    return {name: columns.get(name, empty) for name in _ESTIMATED}


@lru_cache(maxsize=1)
def _weights(sites: tuple[str, ...], rounds: int, seed: int) -> NDArray[np.float64]:
    """Draw once for all metrics of one set."""
    return stats.site_weights(sites, rounds, seed)


def aggregate(values: tuple[NDArray[np.float64], ...], weights: NDArray[np.float64], metric: Metric) -> stats.Ratios:
    """The metric's own way from pages (their counts, or their ratios) to a figure per row of weights and runner."""
    if metric.f1_of == "totals":
        tp, fp, fn = values
        return stats.totals(tp, fp, fn, weights)
    return stats.aggregate(stats.Ratios(*values), weights, metric.f1_of)


def signature(goldset: Identified, policy: str, metric: str, *, rounds: int = 1000, seed: int = 0) -> str:
    """Everything a number depends on beside the runner, in one line."""
    parameters = metrics.get(metric).parameters
    parts = {
        "set": goldset.name,
        "version": goldset.version or "none",
        "fingerprint": goldset.fingerprint[:12],
        "policy": policy,
        "metric": f"{metric}({parameters})" if parameters else metric,
        "failures": FAILURE_RULE,
        "bootstrap": rounds,
        "seed": seed,
        "boilerbench": __version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())

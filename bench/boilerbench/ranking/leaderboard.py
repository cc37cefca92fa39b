"""From scores to a leaderboard: means with intervals, rank ranges, slices, all sets together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from boilerbench import metrics
from boilerbench.errors import UnknownNameError
from boilerbench.metrics import Metric
from boilerbench.model import FAILED
from boilerbench.ranking import bootstrap, stats
from boilerbench.ranking.terms import BY_PAGE, BY_SET, SLICES, UNKNOWN

COLUMNS = (
    *("rank_low", "rank_high", "runner", "version", "set", "policy", "metric", "pages", "failed", "empty"),
    *("f1", "f1_low", "f1_high", "precision", "recall"),
)
"""The columns every leaderboard begins with, in order: an interface."""

MORE_COLUMNS = (
    *("precision_low", "precision_high", "recall_low", "recall_high"),
    *("exact", "detectable", "sites", "failures", "sets", *bootstrap.SAID),
)
"""The columns that follow, after `slice` where there are slices."""

_WORDS = ("runner", "version", "set", "policy", "metric", "slice", "failures", "settings", "flags")
_COUNTS = ("rank_low", "rank_high", "pages", "failed", "empty", "sites", "sets")

_ESTIMATED = (
    *("rank_low", "rank_high", "f1", "f1_low", "f1_high"),
    *("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high", "detectable"),
)


def build(  # noqa: PLR0913  the settings are what a leaderboard depends on beside its data
    scores: pd.DataFrame,
    pages: pd.DataFrame,
    versions: Mapping[str, str],
    *,
    rounds: int = 1000,
    seed: int = 0,
    by: str | None = None,
    unranked: Sequence[str] = (),
) -> pd.DataFrame:
    """Rank the runners of each set, policy and metric (and slice, with `by`).

    Those in `unranked` get no rank, nor do those without a score.
    `pages` has the columns set, page, site and those of `SLICES`. Raises `BoilerbenchError` where a score is missing.
    """
    if by is not None and by not in SLICES:
        raise UnknownNameError("slice", by, list(SLICES))
    known = bootstrap.with_sites(scores, pages[["set", "page", "site"]].assign(slice=_slices(pages, by)))
    boards = {}
    for (name, value), of_pages in known.groupby(["set", "slice"]):
        samples = bootstrap.samples(of_pages)
        found = bootstrap.estimates(list(samples.values()), rounds, seed)
        for ((metric, policy), sample), estimate in zip(samples.items(), found, strict=True):
            names = {"set": str(name), "metric": metric, "policy": policy, "slice": str(value)}
            table = _table(sample.counts, estimate, sample.metric, unranked)
            boards[tuple(names.values())] = table.assign(**names, sets=1)
    return _whole([boards[key] for key in sorted(boards)], versions, ["slice"] if by else [])


def pool(  # noqa: PLR0913  as `build`
    scores: pd.DataFrame,
    pages: pd.DataFrame,
    versions: Mapping[str, str],
    *,
    rounds: int = 1000,
    seed: int = 0,
    unranked: Sequence[str] = (),
) -> pd.DataFrame:
    """Rank the runners over all sets together, `BY_PAGE` and `BY_SET`: the columns of `build`, nothing for one set.

    Sets of which a metric could measure no page are left out; the column `sets` counts the others.
    """
    boards = []
    known = bootstrap.with_sites(scores, pages[["set", "page", "site"]])
    for (name, policy), group in known.groupby(["metric", "policy"]):
        metric, parts = metrics.get(str(name)), group.groupby("set")
        found = [bootstrap.take(part, metric) for _, part in parts if part["tp"].notna().any()]
        for called, estimate in ((BY_PAGE, bootstrap.by_page), (BY_SET, bootstrap.by_set)) if len(found) > 1 else ():
            table = _table(_counts(found, called), estimate(found, rounds, seed), metric, unranked)
            boards.append(table.assign(set=called, metric=str(name), policy=str(policy), sets=len(found)))
    return _whole(sorted(boards, key=lambda board: str(board["set"].iloc[0])), versions, [])


def _whole(boards: Sequence[pd.DataFrame], versions: Mapping[str, str], more: Sequence[str]) -> pd.DataFrame:
    columns = [*COLUMNS, *more, *MORE_COLUMNS]
    table = pd.concat(boards, ignore_index=True) if boards else pd.DataFrame(columns=columns)
    table["version"] = table["runner"].map(lambda runner: versions.get(runner, ""))
    return table[columns]


def _counts(samples: Sequence[bootstrap.Sample], called: str) -> pd.DataFrame:
    """Add up pages, sites, failures and empty answers; `exact` is a mean over pages or over sets."""
    every = pd.concat([each.counts.assign(right=each.counts["exact"] * each.counts["pages"]) for each in samples])
    sums = dict.fromkeys(("pages", "sites", "failed", "empty", "right", *FAILED), "sum")
    found = every.groupby("runner", as_index=False).agg({**sums, **dict.fromkeys(("exact", *bootstrap.SAID), "mean")})
    return found.assign(exact=found["right"] / found["pages"]) if called == BY_PAGE else found


def _slices(pages: pd.DataFrame, by: str | None) -> pd.Series[Any]:
    if by is None:
        return pd.Series("", index=pages.index)
    if SLICES[by] not in pages:  # of a run that is older than the slice
        return pd.Series(UNKNOWN, index=pages.index)
    values = pages[SLICES[by]]
    return values.where(values.notna() & (values != ""), UNKNOWN)


def _table(counts: pd.DataFrame, estimate: bootstrap.Estimate, metric: Metric, unranked: Sequence[str]) -> pd.DataFrame:
    """Means, intervals and rank ranges of the runners, the best first."""
    columns: dict[str, Any] = {}
    for name in ("f1",) if metric.single else ("f1", "precision", "recall"):
        columns[name] = getattr(estimate.point, name)[0]
        low, high = estimate.interval(name)
        columns[f"{name}_low"], columns[f"{name}_high"] = low, high
    ranked = ~counts["runner"].isin(unranked).to_numpy() & ~np.isnan(columns["f1"])
    f1, errors = columns["f1"][ranked], stats.paired_errors(estimate.drawn.f1[:, ranked], estimate.clusters)
    p = stats.holm(stats.paired_p(f1, errors, estimate.clusters))
    for name, ranks in zip(("rank_low", "rank_high"), stats.rank_ranges(f1, p), strict=True):
        columns[name] = pd.array([pd.NA] * len(ranked), dtype="Int64")
        columns[name][ranked] = ranks
    size = stats.detectable(errors, estimate.clusters)
    columns["detectable"] = np.full(len(ranked), size)
    empty = np.full(len(ranked), np.nan)
    columns["failures"] = [
        " ".join(f"{status}:{count}" for status, count in row.items() if count)
        for row in counts[list(FAILED)].to_dict("records")
    ]
    figures = {name: columns.get(name, empty) for name in (*_ESTIMATED, "failures")}
    table = pd.concat([counts, pd.DataFrame(figures, counts.index)], axis=1)
    return table.sort_values(["f1", "runner"], ascending=[False, True], na_position="last")


def read(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of a leaderboard.json as a table. What is null there is NaN, NA in counts, the empty text in words."""
    table = pd.DataFrame(rows)
    table = table.reindex(columns=list(dict.fromkeys([*COLUMNS, *table])))
    table = table.fillna({name: "" for name in table if name in _WORDS})
    table = table.astype({name: float for name in table if name not in _WORDS and table[name].isna().all()})
    return table.astype({name: "Int64" for name in table if name in _COUNTS})

"""From scores to a leaderboard: means with intervals, rank ranges, slices, all sets together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

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

Board: TypeAlias = Mapping[str, Sequence[Any]]
"""A leaderboard, or a part of one: columns by name, with an entry per runner."""


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
            board = _board(sample.counts, estimate, sample.metric, unranked, {**names, "sets": 1})
            boards[tuple(names.values())] = board
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
    for (name, policy), group in known.groupby(["metric", "policy"], observed=True):
        metric, parts = metrics.get(str(name)), group.groupby("set")
        found = [bootstrap.take(part, metric) for _, part in parts if part["tp"].notna().any()]
        for called, estimate in ((BY_PAGE, bootstrap.by_page), (BY_SET, bootstrap.by_set)) if len(found) > 1 else ():
            about: dict[str, str | int] = {"set": called, "metric": str(name), "policy": str(policy)}
            counts, drawn = _counts(found, called), estimate(found, rounds, seed)
            boards.append(_board(counts, drawn, metric, unranked, about | {"sets": len(found)}))
    return _whole(sorted(boards, key=lambda board: str(board["set"][0])), versions, [])


def _whole(boards: Sequence[Board], versions: Mapping[str, str], more: Sequence[str]) -> pd.DataFrame:
    columns = [*COLUMNS, *more, *MORE_COLUMNS]
    if not boards:
        return pd.DataFrame(columns=columns)
    known = [name for name in columns if name != "version"]
    table = pd.DataFrame({name: [*chain.from_iterable(board[name] for board in boards)] for name in known})
    table["version"] = table["runner"].map(lambda runner: versions.get(runner, ""))
    return table[columns].astype(dict.fromkeys(("rank_low", "rank_high"), "Int64"))


def _counts(samples: Sequence[bootstrap.Sample], called: str) -> Board:
    """Add up pages, sites, failures and empty answers; `exact` is a mean over pages or over sets."""
    parts = map(pd.DataFrame, [each.counts for each in samples])
    every = pd.concat([each.assign(right=each["exact"] * each["pages"]) for each in parts])
    sums = dict.fromkeys(("pages", "sites", "failed", "empty", "right", *FAILED), "sum")
    found = every.groupby("runner", as_index=False).agg({**sums, **dict.fromkeys(("exact", *bootstrap.SAID), "mean")})
    found = found.assign(exact=found["right"] / found["pages"]) if called == BY_PAGE else found
    return {str(name): values.tolist() for name, values in found.items()}


def _slices(pages: pd.DataFrame, by: str | None) -> pd.Series[Any]:
    if by is None:
        return pd.Series("", index=pages.index)
    if SLICES[by] not in pages:  # of a run that is older than the slice
        return pd.Series(UNKNOWN, index=pages.index)
    values = pages[SLICES[by]]
    return values.where(values.notna() & (values != ""), UNKNOWN)


def _board(
    counts: Board, estimate: bootstrap.Estimate, metric: Metric, unranked: Sequence[str], about: Mapping[str, str | int]
) -> Board:
    """Means, intervals and rank ranges of the runners, the best first; in each row what the leaderboard is about."""
    runners = counts["runner"]
    found = {name: np.full(len(runners), np.nan) for name in _ESTIMATED}
    for name in ("f1",) if metric.single else ("f1", "precision", "recall"):
        found[name] = getattr(estimate.point, name)[0]
        found[f"{name}_low"], found[f"{name}_high"] = estimate.interval(name)
    ranked = np.array([runner not in unranked for runner in runners], bool) & ~np.isnan(found["f1"])
    f1, errors = found["f1"][ranked], stats.paired_errors(estimate.drawn.f1[:, ranked], estimate.clusters)
    p = stats.holm(stats.paired_p(f1, errors, estimate.clusters))
    found["rank_low"][ranked], found["rank_high"][ranked] = stats.rank_ranges(f1, p)
    found["detectable"][:] = stats.detectable(errors, estimate.clusters)
    failures = [
        " ".join(f"{status}:{count}" for status, count in zip(FAILED, row, strict=True) if count)
        for row in zip(*(counts[status] for status in FAILED), strict=True)
    ]
    columns = {**counts, **{name: values.tolist() for name, values in found.items()}, "failures": failures}
    order = np.argsort(-found["f1"], kind="stable").tolist()  # runners are in the order of their names
    board = {name: [values[place] for place in order] for name, values in columns.items()}
    return board | {name: [value] * len(order) for name, value in about.items()}


def read(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of a leaderboard.json as a table. What is null there is NaN, NA in counts, the empty text in words."""
    table = pd.DataFrame(rows)
    table = table.reindex(columns=list(dict.fromkeys([*COLUMNS, *table])))
    table = table.fillna({name: "" for name in table if name in _WORDS})
    table = table.astype({name: float for name in table if name not in _WORDS and table[name].isna().all()})
    return table.astype({name: "Int64" for name in table if name in _COUNTS})

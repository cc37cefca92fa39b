"""Every two runners of a leaderboard, page by page: who wins how often, by how much, and how alike they are."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from boilerbench.ranking import bootstrap, stats

COLUMNS = (
    *("set", "policy", "metric", "runner", "other", "pages", "wins", "ties", "losses"),
    *("difference", "low", "high", "p", "agreement"),
)
"""The columns, in order: an interface."""


def pairs(scores: pd.DataFrame, pages: pd.DataFrame, *, rounds: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Compare every two runners of each set, metric and policy: `COLUMNS`; `runner` is the one with the better score.

    One that the metric cannot measure is in no pair. `difference` is in F1, with its 95 % interval; `p` is corrected by
    Holm over all pairs of the leaderboard, NaN where no test over so few sites can show anything;
    `agreement` is Spearman's rank correlation of the pages' F1. `pages` has the columns set, page and site.
    """
    known = bootstrap.with_sites(scores, pages[["set", "page", "site"]])
    rows = []
    for name, of_set in known.groupby("set"):
        samples = bootstrap.samples(of_set)
        found = bootstrap.estimates(list(samples.values()), rounds, seed)
        for ((metric, policy), sample), estimate in zip(samples.items(), found, strict=True):
            rows += [(name, policy, metric, *row) for row in _compared(sample, estimate)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _compared(sample: bootstrap.Sample, estimate: bootstrap.Estimate) -> Iterator[tuple[Any, ...]]:
    """Compare the runners of one leaderboard: all but its names."""
    measured = np.flatnonzero(~np.isnan(estimate.point.f1[0]))
    f1, runners = estimate.point.f1[0, measured], [sample.runners[place] for place in measured]
    errors = stats.paired_errors(estimate.drawn.f1[:, measured], estimate.clusters)
    untested = bool(stats.untestable(estimate.clusters))
    p = np.full((len(f1),) * 2, np.nan) if untested else stats.holm(stats.paired_p(f1, errors, estimate.clusters))
    wins, ties = stats.outcomes(sample.f1[:, measured])
    alike = stats.agreement(sample.f1[:, measured])
    order = sorted(range(len(f1)), key=lambda i: (-f1[i], runners[i]))
    both = list(combinations(order, 2))
    ones, others = np.array(both, int).reshape(-1, 2).T
    bounds = estimate.differences("f1", measured[ones], measured[others])
    intervals = zip(*(bound.tolist() for bound in bounds), strict=True)
    for (i, j), (low, high) in zip(both, intervals, strict=True):
        tally = (len(sample.sites), wins[i, j], ties[i, j], wins[j, i])
        yield runners[i], runners[j], *tally, f1[i] - f1[j], low, high, p[i, j], alike[i, j]

"""Every two runners of a leaderboard, page by page: who wins how often, by how much, and how alike they are."""

from itertools import combinations

import numpy as np
import pandas as pd

from boilerbench import metrics
from boilerbench.ranking import bootstrap, stats

COLUMNS = (
    *("set", "policy", "metric", "runner", "other", "pages", "wins", "ties", "losses"),
    *("difference", "low", "high", "p", "agreement"),
)
"""The columns, in order: an interface."""


def pairs(scores: pd.DataFrame, pages: pd.DataFrame, *, rounds: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Compare every two runners of each set, metric and policy: `COLUMNS`; `runner` is the one with the better score.

    `difference` is in F1, with its 95 % interval; `p` is corrected by Holm over all pairs of the leaderboard, NaN where
    no test over so few sites can show anything;
    `agreement` is Spearman's rank correlation of the pages' F1. `pages` has the columns set, page and site.
    """
    known = bootstrap.with_sites(scores, pages[["set", "page", "site"]])
    rows = []
    for (name, metric, policy), group in known.groupby(["set", "metric", "policy"], sort=True):
        found = bootstrap.take(group, metrics.get(str(metric)))
        estimate = bootstrap.estimate(found, metrics.get(str(metric)), rounds, seed)
        f1, drawn = estimate.point.f1[0], estimate.drawn.f1
        untested = bool(stats.untestable(estimate.clusters))
        p = np.full((len(f1),) * 2, np.nan) if untested else stats.holm(stats.paired_p(f1, drawn, estimate.clusters))
        wins, ties = stats.outcomes(found.f1)
        alike = stats.agreement(found.f1)
        order = sorted(range(len(f1)), key=lambda i: (-f1[i], found.runners[i]))
        for i, j in combinations(order, 2):
            low, high = estimate.difference("f1", i, j)
            tally = (len(found.sites), wins[i, j], ties[i, j], wins[j, i])
            figures = (f1[i] - f1[j], low, high, p[i, j], alike[i, j])
            rows.append((name, policy, metric, found.runners[i], found.runners[j], *tally, *figures))
    return pd.DataFrame(rows, columns=list(COLUMNS))

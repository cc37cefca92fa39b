"""Estimates with honest errors, from what a bootstrap over sites drew: intervals, paired differences, rank ranges.

benchmarks/intervals.py holds intervals and tests to worlds whose truth is known.

A matrix is rounds x runners, or pages x runners; NaN is a round, or a page, without a value. Of scipy, `special` alone:
`scipy.stats` has the same behind an import of a second. Tables are printed without either.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boilerbench.ranking.resampling import Floats, Ints

LEVEL = 0.95
"""Coverage of the intervals; one minus this is the level of the tests behind the rank ranges."""

POWER = 0.8
"""Probability with which a difference of the size that `detectable` gives is found."""

TIE = 1e-9
"""Scores that differ by no more are equal."""

FEW = 40
"""With fewer clusters, intervals come from leaving out each cluster in turn, as the bootstrap's are too narrow."""

NEEDED = math.ceil(1 - math.log2(1 - LEVEL))
"""With fewer clusters, no test can reach the level: see `least_p`."""


@dataclass(frozen=True)
class Clusters:
    """How many clusters there are, and how many of one size would say as much."""

    number: int
    effective: float


def clusters_of(sites: Sequence[str] | Ints) -> Clusters:
    """Count the sites of pages, and their effective number: (sum of n)^2 / (sum of n^2) for sites of n pages.

    Carter, Schnepel and Steigerwald (2017, doi:10.1162/REST_a_00639), for a mean. Sites of one size give their number.
    """
    sizes = np.unique(np.asarray(sites), return_counts=True)[1].astype(float)
    return Clusters(len(sizes), float(sizes.sum() ** 2 / (sizes**2).sum()))


@dataclass(frozen=True)
class Ratios:
    """Precision, recall and F1, each a matrix."""

    precision: Floats
    recall: Floats
    f1: Floats


def totals(hits: Floats, surplus: Floats, missing: Floats) -> Ratios:
    """Precision, recall and F1 of counts that were added up over pages; 0 where nothing is to divide by."""
    wholes = (hits + surplus, hits + missing, hits + (surplus + missing) / 2)
    return Ratios(*(np.divide(hits, whole, out=np.zeros_like(hits), where=whole > 0) for whole in wholes))


def harmonic(precision: Floats, recall: Floats) -> Floats:
    """2pr / (p + r), and 0 where either is 0, even if the other is undefined."""
    with np.errstate(invalid="ignore"):
        f1 = 2 * precision * recall / (precision + recall)
    return np.where((precision == 0) | (recall == 0), 0.0, f1)


def interval(rounds: Floats, clusters: Clusters) -> tuple[Floats, Floats]:
    """Expanded percentile interval of each column; rounds without a value are left out.

    The tails are cut at Phi(-t * sqrt(G / (G - 1))) with Student's t on G - 1 degrees of freedom, which widens the
    percentile interval by what it lacks for G clusters (Hesterberg 2015, doi:10.1080/00031305.2015.1089789), G being
    their effective number. A single cluster has no interval.
    """
    low, high = np.full((2, rounds.shape[1]), np.nan)
    if clusters.effective <= 1:
        return low, high
    from scipy.special import ndtr, stdtrit

    free = clusters.effective - 1
    tail = float(ndtr(stdtrit(free, (1 - LEVEL) / 2) * np.sqrt(1 + 1 / free)))
    if not np.isnan(rounds).any():
        low, high = np.quantile(np.sort(np.ascontiguousarray(rounds.T)), [tail, 1 - tail], axis=1)  # sorted: fast
        return low, high
    for column in np.flatnonzero(~np.isnan(rounds).all(axis=0)):
        low[column], high[column] = np.nanquantile(rounds[:, column], [tail, 1 - tail])
    return low, high


def interval_of_few(estimates: Floats, left_out: Floats, clusters: Clusters, *, bounded: bool) -> tuple[Floats, Floats]:
    """Student's interval from the jackknife over clusters; `left_out` has a row for each cluster that is left out.

    With `bounded`, it is made on the logit scale, for scores in [0, 1], whose distribution is skewed; a difference of
    scores is not. Degrees of freedom are (2 N + 5 G) / 7 - 1 for N clusters, G their effective number:
    benchmarks/intervals.py chose the weights, and holds the coverage to worlds whose truth is known.
    """
    from scipy.special import expit, stdtrit

    values, others = (_logit(each) if bounded else each for each in (estimates, left_out))
    with np.errstate(invalid="ignore"):
        errors = np.sqrt((1 - 1 / len(others)) * ((others - values) ** 2).sum(axis=0))
    width = -stdtrit((2 * clusters.number + 5 * clusters.effective) / 7 - 1, (1 - LEVEL) / 2) * errors
    if not bounded:
        return values - width, values + width
    low, high = expit(values - width), expit(values + width)
    return np.minimum(low, estimates), np.maximum(high, estimates)  # the logit scale does not reach 0 and 1


def _logit(scores: Floats) -> Floats:
    from scipy.special import logit

    found: Floats = logit(np.clip(scores, TIE, 1 - TIE))
    return found


def paired_errors(rounds: Floats, clusters: Clusters) -> Floats:
    """Standard errors of the difference between every two runners (runners x runners); NaN for a single cluster.

    The standard deviation over the rounds of the paired difference, times sqrt(G / (G - 1)) for an effective number of
    G clusters: without it the bootstrap is too narrow (Hesterberg 2015).
    """
    if clusters.effective <= 1:
        return np.full((rounds.shape[1],) * 2, np.nan)
    by_runner = np.ascontiguousarray(rounds.T)
    errors = np.zeros((len(by_runner),) * 2)
    for number, one in enumerate(by_runner):
        errors[number, number:] = errors[number:, number] = _spread(by_runner[number:] - one)
    return np.asarray(errors * np.sqrt(1 + 1 / (clusters.effective - 1)), float)


def paired_p(estimates: Floats, errors: Floats, clusters: Clusters) -> Floats:
    """Two-sided p-values of the difference between every two runners (runners x runners).

    t = (a - b) / `paired_errors` on G - 1 degrees of freedom for an effective number of G clusters: the pairs cluster
    bootstrap-se procedure of Cameron, Gelbach and Miller (2008, doi:10.1162/rest.90.3.414). No p is smaller than
    `least_p`; equal runners, and a single cluster, give 1.
    """
    from scipy.special import stdtr

    difference = np.abs(np.subtract.outer(estimates, estimates))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(clusters.effective - 1, -difference / errors)
    p = np.where(np.isfinite(p), np.maximum(p, least_p(clusters)), 1.0)
    p[difference <= TIE] = 1.0
    return np.asarray(p, float)


def least_p(clusters: Clusters) -> float:
    """Give the least two-sided p-value that flipping the signs of the clusters' differences can show.

    It is 2^(1 - G) for an effective number of G clusters: one that holds most pages decides alone.
    """
    return float(2.0 ** (1 - clusters.effective))


def untestable(clusters: Clusters) -> str:
    """Say why no test over these clusters can reach the level; empty where one can."""
    if least_p(clusters) <= 1 - LEVEL:
        return ""
    one = "" if clusters.number < NEEDED else f" that count as {clusters.effective:.1f}, as a few have most pages"
    return f"too few sites ({clusters.number}{one}; below {NEEDED}, no p-value can fall under {1 - LEVEL:.2g})"


def detectable(errors: Floats, clusters: Clusters) -> float:
    """Smallest detectable difference between two runners, of the middle pair: (t[1 - a/2] + t[POWER]) * standard error.

    Bloom (1995, doi:10.1177/0193841X9501900504), with t on G - 1 degrees of freedom and a of Holm's strictest step:
    a difference of that size is significant among all pairs with a probability of `POWER`. Pairs that differ by the
    same on all pages show no spread and are left out. 1, the whole range, where so few clusters can prove nothing; NaN
    where there is no pair.
    """
    from scipy.special import stdtrit

    pairs = errors[np.triu_indices(len(errors), 1)]
    if not len(pairs):
        return float("nan")
    level, free = (1 - LEVEL) / len(pairs), clusters.effective - 1
    if free <= 0 or least_p(clusters) > level:
        return 1.0
    spread = pairs[pairs > TIE]
    factor = -stdtrit(free, level / 2) + stdtrit(free, POWER)
    return min(1.0, float(factor * np.median(spread))) if len(spread) else float("nan")


def _spread(differences: Floats) -> Floats:
    """Compute the standard deviation of each row; rounds without a value are left out."""
    if not np.isnan(differences).any():
        return np.asarray(differences.std(axis=1, ddof=1), float)
    present = ~np.isnan(differences)
    count = present.sum(axis=1, keepdims=True)
    known = np.where(present, differences, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = np.where(present, known - known.sum(axis=1, keepdims=True) / count, 0)
        return np.asarray(np.sqrt((centred**2).sum(axis=1) / (count[:, 0] - 1)), float)


def holm(p: Floats) -> Floats:
    """Correct a symmetric matrix of p-values for all its pairs: Holm's step-down (1979, Scand. J. Statist. 6:65-70)."""
    upper = np.triu_indices(len(p), 1)
    result = np.ones_like(p)
    result[upper] = step_down(p[upper])
    return np.minimum(result, result.T)


def step_down(p: Floats) -> Floats:
    """Correct p-values for their number by Holm's step-down."""
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def rank_ranges(estimates: Floats, p: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best and worst rank: 1 + the runners significantly better, and all less those significantly worse."""
    significant = p < 1 - LEVEL
    better = (significant & (estimates[None, :] > estimates[:, None])).sum(axis=1)
    worse = (significant & (estimates[None, :] < estimates[:, None])).sum(axis=1)
    return 1 + better, len(estimates) - worse


def outcomes(values: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pages that the row's runner wins against the column's, and ties (runners x runners); losses are wins transposed.

    A page that any runner lacks is left out.
    """
    values = values[~np.isnan(values).any(axis=1)]
    wins = np.array([(one[:, None] - values > TIE).sum(axis=0) for one in values.T])
    return wins, len(values) - wins - wins.T


def agreement(values: Floats) -> Floats:
    """Spearman's rank correlation of the pages' scores between every two runners (runners x runners).

    NaN where a runner has the same score on all pages. A page that any runner lacks is left out.
    """
    import pandas as pd

    return pd.DataFrame(values).dropna().corr(method="spearman").to_numpy()

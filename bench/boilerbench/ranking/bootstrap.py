"""The scores of one leaderboard as matrices, and what a bootstrap over its sites says of each runner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from boilerbench.errors import BoilerbenchError
from boilerbench.metrics import Metric
from boilerbench.model import FAILED, Status
from boilerbench.ranking import stats

Floats: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True)
class Sample:
    """The scores of one set or slice by one metric under one policy; matrices are pages x runners.

    `parts` are what the metric's figures come from: counts or ratios. `counts` has a row per runner: pages, sites,
    failed, empty, exact, and each status of a failure.
    """

    runners: list[str]
    sites: tuple[str, ...]
    parts: tuple[Floats, ...]
    f1: Floats
    counts: pd.DataFrame

    @property
    def clusters(self) -> stats.Clusters:
        """How many sites there are."""
        return stats.clusters_of(self.sites)


@dataclass(frozen=True)
class Estimate:
    """What a sample says of each runner (1 x runners), the same of each round, and how many clusters were drawn.

    `left_out` is the same without each cluster in turn, where these are few.
    """

    point: stats.Ratios
    drawn: stats.Ratios
    clusters: stats.Clusters
    left_out: stats.Ratios | None = None

    def interval(self, name: str) -> tuple[Floats, Floats]:
        """The interval of `f1`, `precision` or `recall` of each runner."""
        if self.left_out is None:
            return stats.interval(getattr(self.drawn, name), self.clusters)
        left_out = getattr(self.left_out, name)
        return stats.interval_of_few(getattr(self.point, name)[0], left_out, self.clusters, bounded=True)

    def difference(self, name: str, one: int, other: int) -> tuple[float, float]:
        """The interval of what one runner has more than another."""
        ahead = [
            getattr(each, name)[:, [one]] - getattr(each, name)[:, [other]]
            for each in (self.point, self.left_out or self.drawn)
        ]
        if self.left_out is None:
            low, high = stats.interval(ahead[1], self.clusters)
        else:
            low, high = stats.interval_of_few(ahead[0][0], ahead[1], self.clusters, bounded=False)
        return float(low[0]), float(high[0])


def with_sites(scores: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """Add to every score the site of its page, and the other columns of `pages`.

    `BoilerbenchError` where a page is missing. `pages` has the columns set, page and site.
    """
    merged = scores.merge(pages, on=["set", "page"], how="left", validate="many_to_one")
    strangers = merged["site"].isna()
    if strangers.any():
        raise BoilerbenchError(
            f"scores of page {merged['page'][strangers].iloc[0]}, which the pages' table lacks; score again"
        )
    return merged


def take(scores: pd.DataFrame, metric: Metric) -> Sample:
    """Take the scores on the pages that the metric could measure; where that is none, all figures are NaN.

    `BoilerbenchError` where a runner lacks a score, or has two for a page.
    """
    measured = scores["tp"].notna()
    scores = scores[measured] if measured.any() else scores.assign(exact=np.nan)
    scores = scores.sort_values(["page", "runner"])
    runners, pages = sorted(scores["runner"].unique()), scores["page"].nunique()
    if len(scores) != pages * len(runners) or scores.duplicated(["page", "runner"]).any():
        raise BoilerbenchError(
            f"{metric.name}: {len(scores)} scores for {len(runners)} runners on {pages} pages; score again"
        )
    shape = (pages, len(runners))
    names = ("tp", "fp", "fn") if metric.f1_of == "totals" else ("precision", "recall", "f1")
    status = scores["status"].to_numpy(object).reshape(shape)
    sites = tuple(scores["site"].to_numpy()[:: len(runners)])
    counts = {
        "runner": runners,
        "pages": pages,
        "sites": len(set(sites)),
        "failed": np.isin(status.astype(str), FAILED).sum(axis=0),
        "empty": (status == Status.EMPTY.value).sum(axis=0),
        "exact": scores["exact"].to_numpy(float).reshape(shape).mean(axis=0),
    } | {each: (status == each).sum(axis=0) for each in FAILED}
    return Sample(
        runners,
        sites,
        tuple(scores[name].to_numpy(float).reshape(shape) for name in names),
        scores["f1"].to_numpy(float).reshape(shape),
        pd.DataFrame(counts),
    )


def estimate(sample: Sample, metric: Metric, rounds: int, seed: int | tuple[int, int]) -> Estimate:
    """Estimate every runner's figures, and again in each round of a bootstrap over sites."""
    return estimate_parts(sample.parts, sample.sites, metric, _weights(sample.sites, rounds, seed))


def estimate_parts(parts: tuple[Floats, ...], sites: Sequence[str], metric: Metric, weights: Floats) -> Estimate:
    """Estimate figures from a metric's parts (pages x runners), with the weights of each round's pages."""
    clusters = stats.clusters_of(sites)
    point = aggregate(parts, np.ones((1, len(sites))), metric)
    few = 1 < clusters.number < stats.FEW
    left_out = aggregate(parts, stats.leaving_out(sites), metric) if few else None
    return Estimate(point, aggregate(parts, weights, metric), clusters, left_out)


@lru_cache(maxsize=1)
def _weights(sites: tuple[str, ...], rounds: int, seed: int | tuple[int, int]) -> Floats:
    """Draw once for all metrics of one set."""
    return stats.site_weights(sites, rounds, seed)


def by_page(samples: Sequence[Sample], metric: Metric, rounds: int, seed: int) -> Estimate:
    """Estimate over the pages of all sets together, sites being drawn within each set.

    Degrees of freedom are Satterthwaite's, for sets that add to the spread as they add pages: a set of one site,
    whose spread is unknown, leaves none.
    """
    parts = tuple(np.vstack(each) for each in zip(*(sample.parts for sample in samples), strict=True))
    weights = np.hstack([_weights(sample.sites, rounds, (seed, number)) for number, sample in enumerate(samples)])
    point = aggregate(parts, np.ones((1, weights.shape[1])), metric)
    clusters = _together([sample.clusters for sample in samples], [len(sample.sites) for sample in samples])
    return Estimate(point, aggregate(parts, weights, metric), clusters)


def _together(clusters: Sequence[stats.Clusters], pages: Sequence[int]) -> stats.Clusters:
    sizes = np.array(pages, float)
    with np.errstate(divide="ignore"):
        free = sizes.sum() ** 2 / (sizes**2 / [each.effective - 1 for each in clusters]).sum()
    return stats.Clusters(sum(each.number for each in clusters), 1 + float(free))


def by_set(samples: Sequence[Sample], metric: Metric, rounds: int, seed: int) -> Estimate:
    """Estimate the mean of the sets' figures, with the clusters of the set that has the fewest."""
    found = [estimate(sample, metric, rounds, (seed, number)) for number, sample in enumerate(samples)]
    return Estimate(
        _mean([each.point for each in found]),
        _mean([each.drawn for each in found]),
        min((each.clusters for each in found), key=lambda clusters: clusters.effective),
    )


def _mean(several: Sequence[stats.Ratios]) -> stats.Ratios:
    return stats.Ratios(
        *(np.mean([getattr(each, name) for each in several], axis=0) for name in ("precision", "recall", "f1"))
    )


def aggregate(values: tuple[Floats, ...], weights: Floats, metric: Metric) -> stats.Ratios:
    """The metric's own way from pages (their counts, or their ratios) to a figure per row of weights and runner."""
    if metric.f1_of == "totals":
        tp, fp, fn = values
        return stats.totals(tp, fp, fn, weights)
    return stats.aggregate(stats.Ratios(*values), weights, metric.f1_of)

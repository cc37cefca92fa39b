"""The scores of one leaderboard as matrices, and what a bootstrap over its sites says of each runner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd

from boilerbench import metrics
from boilerbench.errors import BoilerbenchError
from boilerbench.metrics import Metric
from boilerbench.model import FAILED, Status
from boilerbench.ranking import stats
from boilerbench.ranking.resampling import Floats, Ints, Sums, draw

SAID = ("said", "spurious")
"""Of a metric of a kind of block: how often an extraction has any, on pages whose gold has some and on the others."""


@dataclass(frozen=True)
class Sample:
    """The scores of one set or slice by one metric under one policy; matrices are pages x runners.

    `sites` has the number of each page's site. `parts` are what the metric's figures come from: counts or ratios.
    `counts` are per runner: its name, pages, sites, failed, empty, exact, each status of a failure, and `SAID`.
    """

    metric: Metric
    runners: list[str]
    sites: Ints
    parts: tuple[Floats, ...]
    f1: Floats
    counts: Mapping[str, list[Any]]

    @property
    def clusters(self) -> stats.Clusters:
        """How many sites there are."""
        return stats.clusters_of(self.sites)

    @property
    def sums(self) -> Sums:
        """The parts, added up by site."""
        return Sums.of(np.hstack(self.parts), self.sites)


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

    def differences(self, name: str, ones: Ints, others: Ints) -> tuple[Floats, Floats]:
        """The intervals of what each of some runners has more than the one it is held against."""
        ahead = [
            getattr(each, name)[:, ones] - getattr(each, name)[:, others]
            for each in (self.point, self.left_out or self.drawn)
        ]
        if self.left_out is None:
            return stats.interval(ahead[1], self.clusters)
        return stats.interval_of_few(ahead[0][0], ahead[1], self.clusters, bounded=False)

    def difference(self, name: str, one: int, other: int) -> tuple[float, float]:
        """The interval of what one runner has more than another."""
        low, high = self.differences(name, np.array([one]), np.array([other]))
        return float(low[0]), float(high[0])


def with_sites(scores: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """Give every score the number of its page among all `pages`, the number of its site, and their other columns.

    Names that repeat become categories.

    `BoilerbenchError` where a page is missing. `pages` has the columns set, page and site; sites are numbered in the
    order of their names.
    """
    names = tuple(pd.Index(pages[column].unique()) for column in ("set", "page"))
    place = pd.Index(_keys(pages, *names)).get_indexer(pd.Index(_keys(scores, *names)))
    if (place < 0).any():
        stranger = scores["page"].iloc[int(np.argmax(place < 0))]
        raise BoilerbenchError(f"scores of page {stranger}, which the pages' table lacks; score again")
    sites = pd.factorize(pages["site"], sort=True)[0]
    others = {str(name): values.array.take(place) for name, values in pages.items() if name not in ("set", "page")}
    named = {name: pd.Categorical(scores[name]) for name in ("metric", "policy", "runner", "status")}
    return scores.assign(**others | named | {"page": place, "site": sites[place]})


def _keys(table: pd.DataFrame, sets: pd.Index, pages: pd.Index) -> Ints:
    """A number for each set and page; -1 where either is not known."""
    numbers = []
    for column, known in (("set", sets), ("page", pages)):
        codes, distinct = pd.factorize(table[column])
        numbers.append(known.get_indexer(pd.Index(distinct))[codes])
    return np.where(np.minimum(*numbers) < 0, -1, numbers[0] * len(pages) + numbers[1])


def samples(scores: pd.DataFrame) -> dict[tuple[str, str], Sample]:
    """Take the scores `with_sites` of a set or slice by each metric and policy."""
    groups = scores.groupby(["metric", "policy"], observed=True)
    return {(str(name), str(policy)): take(group, metrics.get(str(name))) for (name, policy), group in groups}


def take(scores: pd.DataFrame, metric: Metric) -> Sample:
    """Take scores `with_sites` on the pages that the metric could measure; where that is none, all figures are NaN.

    `BoilerbenchError` where a runner lacks a score, or has two for a page.
    """
    some = there = scores["tp"].notna()
    if not there.all():
        some = there.groupby(scores["page"]).transform("any")
        scores = scores[some] if some.any() else scores.assign(exact=np.nan)
    scores, said = _of_kind(scores) if metric.of_kind and some.any() else (scores, None)
    of_runner, runners = pd.factorize(scores["runner"], sort=True)
    firsts, of_page = np.unique(scores["page"].to_numpy(), return_index=True, return_inverse=True)[1:]
    shape = (len(firsts), len(runners))
    cells = of_page * len(runners) + of_runner
    if (np.bincount(cells, minlength=len(firsts) * len(runners)) != 1).any():
        raise BoilerbenchError(
            f"{metric.name}: {len(scores)} scores for {len(runners)} runners on {len(firsts)} pages; score again"
        )
    order = np.argsort(cells)

    def matrix(column: str) -> Floats:
        return scores[column].to_numpy(float)[order].reshape(shape)

    sites = np.unique(scores["site"].to_numpy()[firsts], return_inverse=True)[1]
    codes, statuses = pd.factorize(scores["status"])
    number = {str(status): code for code, status in enumerate(statuses)}
    times = {
        each: np.bincount(of_runner[codes == number.get(each, len(number))], minlength=len(runners))
        for each in (*FAILED, Status.EMPTY.value)
    }
    names = [*map(str, runners)]
    counts = {
        "pages": len(firsts) if said is None or said["said"].notna().any() else 0,
        "sites": int(sites.max(initial=-1)) + 1,
        "failed": sum(times[each] for each in FAILED),
        "empty": times.pop(Status.EMPTY.value),
        "exact": np.where(np.isnan(matrix("tp")), np.nan, matrix("exact")).mean(axis=0),
        **{name: np.nan if said is None else said[name].reindex(names).to_numpy(float) for name in SAID},
        **times,
    }
    columns = {name: np.broadcast_to(values, len(names)).tolist() for name, values in counts.items()}
    parts = tuple(map(matrix, parts_of(metric)))
    return Sample(metric, names, sites, parts, matrix("f1"), {"runner": names, **columns})


def _of_kind(scores: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scores of the pages whose gold has what is counted, and by runner its `SAID`; NaN where it cannot say it."""
    wanted = (scores["tp"] + scores["fn"] > 0).groupby(scores["page"]).transform("any")
    given = (scores["tp"] + scores["fp"] > 0).astype(float).where(scores["tp"].notna())
    shares = [given[there].groupby(scores["runner"], observed=True).mean() for there in (wanted, ~wanted)]
    found = scores[wanted] if wanted.any() else scores.assign(exact=np.nan)
    return found, pd.DataFrame(dict(zip(SAID, shares, strict=True)))


def estimates(several: Sequence[Sample], rounds: int, seed: int | tuple[int, int]) -> list[Estimate]:
    """Estimate every runner's figures of each sample, and again in each round of a bootstrap over its sites."""
    sums = [sample.sums for sample in several]
    return [
        _estimate(sample.metric, sample.clusters, of_sites, drawn)
        for sample, of_sites, drawn in zip(several, sums, draw(sums, rounds, seed), strict=True)
    ]


def _estimate(metric: Metric, clusters: stats.Clusters, sums: Sums, drawn: Sums) -> Estimate:
    few = 1 < clusters.number < stats.FEW
    left_out = figures(sums.leaving_out(), metric) if few else None
    return Estimate(figures(sums.total(), metric), figures(drawn, metric), clusters, left_out)


def estimate_parts(parts: tuple[Floats, ...], sites: Ints, metric: Metric, rounds: int, seed: int) -> Estimate:
    """Estimate figures from a metric's parts (pages x runners), and the number of each page's site."""
    sums = Sums.of(np.hstack(parts), sites)
    return _estimate(metric, stats.clusters_of(sites), sums, *draw([sums], rounds, seed))


def by_page(samples: Sequence[Sample], rounds: int, seed: int) -> Estimate:
    """Estimate over the pages of all sets together, sites being drawn within each set.

    Degrees of freedom are Satterthwaite's, for sets that add to the spread as they add pages: a set of one site,
    whose spread is unknown, leaves none.
    """
    metric, sums = samples[0].metric, [sample.sums for sample in samples]
    drawn = [draw([each], rounds, (seed, number))[0] for number, each in enumerate(sums)]
    point, rows = (figures(reduce(add, each), metric) for each in ([each.total() for each in sums], drawn))
    clusters = _together([sample.clusters for sample in samples], [len(sample.sites) for sample in samples])
    return Estimate(point, rows, clusters)


def _together(clusters: Sequence[stats.Clusters], pages: Sequence[int]) -> stats.Clusters:
    sizes = np.array(pages, float)
    with np.errstate(divide="ignore"):
        free = sizes.sum() ** 2 / (sizes**2 / [each.effective - 1 for each in clusters]).sum()
    return stats.Clusters(sum(each.number for each in clusters), 1 + float(free))


def by_set(samples: Sequence[Sample], rounds: int, seed: int) -> Estimate:
    """Estimate the mean of the sets' figures, with the clusters of the set that has the fewest."""
    found = [estimates([sample], rounds, (seed, number))[0] for number, sample in enumerate(samples)]
    return Estimate(
        _mean([each.point for each in found]),
        _mean([each.drawn for each in found]),
        min((each.clusters for each in found), key=lambda clusters: clusters.effective),
    )


def _mean(several: Sequence[stats.Ratios]) -> stats.Ratios:
    return stats.Ratios(
        *(np.mean([getattr(each, name) for each in several], axis=0) for name in ("precision", "recall", "f1"))
    )


def parts_of(metric: Metric) -> tuple[str, ...]:
    """The columns of scores that a metric's figures come from."""
    if metric.f1_of == "pages":
        return ("f1",) if metric.single else ("precision", "recall", "f1")
    return ("tp", "fp", "fn") if metric.f1_of == "totals" else ("precision", "recall")


def figures(sums: Sums, metric: Metric) -> stats.Ratios:
    """The metric's own way from its parts, added up, to a figure per row and runner."""
    parts = np.split(sums.added if metric.f1_of == "totals" else sums.means, len(parts_of(metric)), axis=1)
    match metric.f1_of:
        case "totals":
            there = np.broadcast_to(sums.counts, sums.added.shape)[:, : parts[0].shape[1]] > 0
            ratios = vars(stats.totals(*parts)).items()
            return stats.Ratios(**{name: np.where(there, values, np.nan) for name, values in ratios})
        case "means":
            precision, recall = parts
            return stats.Ratios(precision, recall, stats.harmonic(precision, recall))
    *rest, f1 = parts
    precision, recall = rest or [np.full_like(f1, np.nan)] * 2
    return stats.Ratios(precision, recall, f1)

"""Whether intervals and rank ranges keep their word: worlds whose truth is known, drawn again and again.

    python benchmarks/intervals.py [WORLDS]

A world's sites are alike (two pages each), uneven (a geometric number), or most of them small and a few large (Pareto,
up to 50). A page's score is a logistic of what its runner, its site and itself add: 1 from .9 on, and 0 on 5 % of
pages, as where an extractor finds nothing. Six runners are of four strengths, or all of one. It prints how often the
nominal 95 % intervals of a score and of a difference hold the truth, and in how many worlds any two equal runners are
told apart. Exit code 1 where coverage is outside 93 to 97 % or equal runners differ in over 5 %.
"""

from __future__ import annotations

import sys
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from boilerbench.ranking import stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Size: TypeAlias = Callable[[np.random.Generator, int], NDArray[np.int64]]

SITES = (5, 8, 12, 15, 30, 160)
ROUNDS = 1000
STRENGTHS = {"four strengths": np.array([2.5, 2.5, 2.0, 2.0, 1.5, 0.0]), "all equal": np.full(6, 2.0)}
SIZES: dict[str, Size] = {
    "alike": lambda _, sites: np.full(sites, 2),
    "uneven": lambda generator, sites: generator.geometric(0.45, sites),
    "few large": lambda generator, sites: np.minimum(1 + generator.pareto(1.2, sites).astype(int), 50),
}
NOTHING, PERFECT = 0.05, 0.9
WIDE = 400_000


def draw(generator: np.random.Generator, site: NDArray[np.int64], strength: stats.Floats) -> stats.Floats:
    """Scores of pages (rows) and runners: what runner, site, page and both together add."""
    pages, runners, sites = len(site), len(strength), int(site.max()) + 1
    of_sites = generator.normal(0, 0.8, (sites, 1)) + generator.normal(0, 0.6, (sites, runners))
    of_pages = generator.normal(0, 0.8, (pages, 1)) + generator.normal(0, 0.8, (pages, runners))
    scores = 1 / (1 + np.exp(-(strength + of_sites[site] + of_pages)))
    scores = np.where(scores > PERFECT, 1.0, scores)
    return np.where(generator.random((pages, runners)) < NOTHING, 0.0, scores)


def simulate(strength: stats.Floats, size: Size, sites: int, worlds: int) -> tuple[float, float, float]:
    """Coverage of scores, coverage of differences, share of worlds in which equal runners are told apart."""
    generator = np.random.default_rng(sites)
    truth = draw(generator, np.arange(WIDE), strength).mean(axis=0)
    truth = np.array([truth[strength == each].mean() for each in strength])
    one, other = np.array(list(combinations(range(len(strength)), 2))).T
    equal = np.equal.outer(strength, strength) & ~np.eye(len(strength), dtype=bool)
    held, held_differences, apart = 0.0, 0.0, 0
    for _ in range(worlds):
        site = np.repeat(np.arange(sites), size(generator, sites))
        scores = draw(generator, site, strength)
        names = [str(each) for each in site]
        rounds, clusters = stats.means(scores, stats.site_weights(names, ROUNDS, 0)), stats.clusters_of(names)
        means, left_out = scores.mean(axis=0), stats.means(scores, stats.leaving_out(names))
        few = sites < stats.FEW
        low, high = (
            stats.interval_of_few(means, left_out, clusters, bounded=True) if few else stats.interval(rounds, clusters)
        )
        held += float(((low <= truth) & (truth <= high)).mean())
        low, high = (
            stats.interval_of_few(
                means[one] - means[other], left_out[:, one] - left_out[:, other], clusters, bounded=False
            )
            if few
            else stats.interval(rounds[:, one] - rounds[:, other], clusters)
        )
        difference = truth[one] - truth[other]
        held_differences += float(((low <= difference) & (difference <= high)).mean())
        p = stats.holm(stats.paired_p(scores.mean(axis=0), rounds, clusters))
        apart += bool((p[equal] < 1 - stats.LEVEL).any())
    return held / worlds, held_differences / worlds, apart / worlds


def main() -> int:
    """Simulate and judge."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    failed = 0
    print(f"{worlds} worlds each\nsites             scores  differences  equal told apart")
    for (name, strength), (sizes, size), sites in product(STRENGTHS.items(), SIZES.items(), SITES):
        scores, differences, apart = simulate(strength, size, sites, worlds)
        kept = all(0.93 <= each <= 0.97 for each in (scores, differences)) and apart <= 1 - stats.LEVEL  # noqa: PLR2004
        failed += not kept
        line = f"{sites:5} {sizes:9} {scores:8.1%}  {differences:11.1%}  {apart:16.1%}  {name}"
        print(line + ("" if kept else "  *"), flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

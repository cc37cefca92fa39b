"""Whether intervals and rank ranges keep their word: worlds whose truth is known, drawn again and again.

    python benchmarks/intervals.py [WORLDS]

A world has sites of uneven size; a page's score is a logistic of what its runner, its site and itself add, with 5 % of
pages at 0 as where an extractor finds nothing. Six runners are of four strengths, or all of one. It prints how often
the nominal 95 % intervals of a score and of a difference hold the truth, and in how many worlds any two equal runners
are told apart. Exit code 1 where, from 40 sites on, coverage is outside 93 to 97 % or equal runners differ in over 5 %.
"""

from __future__ import annotations

import sys
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from bench import stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

SITES = (10, 20, 40, 64, 160)
ENOUGH = 40
ROUNDS = 1000
STRENGTHS = {"four strengths": np.array([2.5, 2.5, 2.0, 2.0, 1.5, 0.0]), "all equal": np.full(6, 2.0)}
NOTHING = 0.05
WIDE = 400_000


def draw(generator: np.random.Generator, site: NDArray[np.int64], strength: stats.Floats) -> stats.Floats:
    """Scores of pages (rows) and runners: what runner, site, page and both together add."""
    pages, runners, sites = len(site), len(strength), int(site.max()) + 1
    of_sites = generator.normal(0, 0.8, (sites, 1)) + generator.normal(0, 0.6, (sites, runners))
    of_pages = generator.normal(0, 0.8, (pages, 1)) + generator.normal(0, 0.8, (pages, runners))
    scores = 1 / (1 + np.exp(-(strength + of_sites[site] + of_pages)))
    return np.where(generator.random((pages, runners)) < NOTHING, 0.0, scores)


def simulate(strength: stats.Floats, sites: int, worlds: int) -> tuple[float, float, float]:
    """Coverage of scores, coverage of differences, share of worlds in which equal runners are told apart."""
    generator = np.random.default_rng(sites)
    truth = draw(generator, np.arange(WIDE), strength).mean(axis=0)
    truth = np.array([truth[strength == each].mean() for each in strength])
    one, other = np.array(list(combinations(range(len(strength)), 2))).T
    equal = np.equal.outer(strength, strength) & ~np.eye(len(strength), dtype=bool)
    held, held_differences, apart = 0.0, 0.0, 0
    for _ in range(worlds):
        site = np.repeat(np.arange(sites), generator.geometric(0.45, sites))
        scores = draw(generator, site, strength)
        rounds = stats.means(scores, stats.site_weights([str(each) for each in site], ROUNDS, 0))
        low, high = stats.interval(rounds, sites)
        held += float(((low <= truth) & (truth <= high)).mean())
        low, high = stats.interval(rounds[:, one] - rounds[:, other], sites)
        difference = truth[one] - truth[other]
        held_differences += float(((low <= difference) & (difference <= high)).mean())
        p = stats.holm(stats.paired_p(scores.mean(axis=0), rounds, sites))
        apart += bool((p[equal] < 1 - stats.LEVEL).any())
    return held / worlds, held_differences / worlds, apart / worlds


def main() -> int:
    """Simulate and judge."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    failed = 0
    print(f"{worlds} worlds each\nsites  scores  differences  equal told apart")
    for name, strength in STRENGTHS.items():
        for sites in SITES:
            scores, differences, apart = simulate(strength, sites, worlds)
            kept = all(0.93 <= each <= 0.97 for each in (scores, differences)) and apart <= 1 - stats.LEVEL  # noqa: PLR2004
            failed += sites >= ENOUGH and not kept
            print(f"{sites:5}  {scores:6.1%}  {differences:11.1%}  {apart:16.1%}  {name}{'' if kept else '  *'}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

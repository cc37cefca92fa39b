"""Whether intervals and gates keep their word: worlds whose truth is known, drawn again and again.

    python -m benchmarks intervals [WORLDS [COMPARISONS]]

A world's sites are alike (two pages each), uneven (a geometric number), or most of them small and a few large (Pareto,
up to 50). A page's score is a logistic of what its runner, its site and itself add: 1 from .9 on, and 0 on 5 % of
pages, as where an extractor finds nothing.

Coverage: six runners are of four strengths, or all of one. It prints how often the nominal 95 % intervals of a score
and of a difference hold the truth, and in how many of WORLDS (default 1000) any two equal runners are told apart.

Power: two releases of one extractor find nothing on the same pages, and what they alone add is `OWN` of what two
extractors do. It prints for each gate, number of sites of equal size and pages per site, in which share of COMPARISONS
(default 200) it fires, by how much the later release is worse in truth; `refused` where it cannot be judged.

Exit code 1 where coverage is outside 93 to 97 %, or equal runners differ in over 5 %.
"""

from __future__ import annotations

import sys
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from boilerbench.comparison import gates
from boilerbench.comparison.difference import Change, Comparison
from boilerbench.ranking import resampling, stats
from boilerbench.ranking.resampling import Sums, numbered

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

GATES = ("significant regression", "f1 drop > 2pt", "f1 < base - 0.5pt", "page drop > 20pt")
LOSSES = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.10)
PLACES = tuple(product((3, 6, 8, 12, 30, 100), (1, 5, 20)))
OWN, STRENGTH = 0.3, 2.0


def draw(
    generator: np.random.Generator, site: NDArray[np.int64], strength: stats.Floats, own: float = 1.0
) -> stats.Floats:
    """Scores of pages (rows) and runners: what runner, site, page and both together add.

    With less than 1 of their `own`, runners are releases of one extractor: the first, and others that differ from it
    alike but for their strength.
    """
    pages, runners, sites = len(site), len(strength), int(site.max()) + 1
    apart, last = (runners, runners) if own == 1 else (2, 1)
    which = np.minimum(np.arange(runners), apart - 1)
    of_sites = generator.normal(0, 0.8, (sites, 1)) + own * generator.normal(0, 0.6, (sites, apart))[:, which]
    of_pages = generator.normal(0, 0.8, (pages, 1)) + own * generator.normal(0, 0.8, (pages, apart))[:, which]
    scores = 1 / (1 + np.exp(-(strength + of_sites[site] + of_pages)))
    scores = np.where(scores > PERFECT, 1.0, scores)
    return np.where(generator.random((pages, last)) < NOTHING, 0.0, scores)


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
        sums, clusters = Sums.of(scores, numbered([str(each) for each in site])), stats.clusters_of(site)
        rounds = resampling.draw([sums], ROUNDS, 0)[0].means
        means, left_out = scores.mean(axis=0), sums.leaving_out().means
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
        p = stats.holm(stats.paired_p(scores.mean(axis=0), stats.paired_errors(rounds, clusters), clusters))
        apart += bool((p[equal] < 1 - stats.LEVEL).any())
    return held / worlds, held_differences / worlds, apart / worlds


def coverage(worlds: int) -> int:
    """Print the table of coverage; how many lines of it are outside of what they should be."""
    failed = 0
    print(f"{worlds} worlds each\nsites             scores  differences  equal told apart")
    for (name, strength), (sizes, size), sites in product(STRENGTHS.items(), SIZES.items(), SITES):
        scores, differences, apart = simulate(strength, size, sites, worlds)
        kept = all(0.93 <= each <= 0.97 for each in (scores, differences)) and apart <= 1 - stats.LEVEL  # noqa: PLR2004
        failed += not kept
        line = f"{sites:5} {sizes:9} {scores:8.1%}  {differences:11.1%}  {apart:16.1%}  {name}"
        print(line + ("" if kept else "  *"), flush=True)
    return failed


def weaker(loss: float) -> float:
    """The strength of a release whose mean score is lower by `loss` than that of one of `STRENGTH`."""
    low, high = STRENGTH - 3, STRENGTH
    while high - low > 0.0005:  # noqa: PLR2004  a step of strength is a tenth of a point of score, at most
        middle = (low + high) / 2
        base, head = draw(np.random.default_rng(0), np.arange(WIDE), np.array([STRENGTH, middle]), OWN).mean(axis=0)
        low, high = (middle, high) if base - head > loss else (low, middle)
    return high


def comparison(scores: stats.Floats, head: int, p: float | None, untested: str) -> Comparison:
    """What a gate is given of two releases, the first and the one in column `head`."""
    change = Change(float(scores[:, 0].mean()), float(scores[:, head].mean()), p=p)
    pages = pd.DataFrame({"page": range(len(scores)), "difference": scores[:, head] - scores[:, 0]})
    sides: Any = (None, None, "made", None)
    return Comparison(*sides, len(scores), {"f1": change}, (0, 0), (0, 0), pages=pages, untested=untested)


def power(comparisons: int) -> None:
    """Print for each gate a table of the share of comparisons on which it fires."""
    strengths = np.array([STRENGTH, *map(weaker, LOSSES)])
    wide = draw(np.random.default_rng(1), np.arange(WIDE), strengths, OWN)
    shown = "  ".join(f"{100 * (wide[:, 0] - each).mean():.1f}" for each in wide.T[1:])
    spread = 100 * (wide[:, 1] - wide[:, 0]).std()
    print(f"\n{comparisons} comparisons each; true losses {shown} pt; pages differ by {spread:.1f} pt (sd)")
    judged = [gates.parse(text) for text in GATES]
    fired = {(gate, place): np.zeros(len(LOSSES)) for gate, place in product(GATES, PLACES)}
    for sites, pages in PLACES:
        generator, site = np.random.default_rng(sites), np.repeat(np.arange(sites), pages)
        numbers, clusters = numbered([str(each) for each in site]), stats.clusters_of(site)
        why = stats.untestable(clusters)
        for world in range(comparisons):
            scores = draw(generator, site, strengths, OWN)
            rounds = resampling.draw([Sums.of(scores, numbers)], ROUNDS, world)[0].means
            p = stats.paired_p(scores.mean(axis=0), stats.paired_errors(rounds, clusters), clusters)[0]
            for head, gate in product(range(1, len(strengths)), judged):
                one = comparison(scores, head, None if why else float(p[head]), why)
                refused = bool(why) and gate is judged[0]
                fired[gate.text, (sites, pages)][head - 1] += np.nan if refused else not gate.judge(one).passed
    for text in GATES:
        print(f"\n`{text}`\n\n| sites | pages | {' | '.join(f'{100 * loss:g} pt' for loss in LOSSES)} |")
        print(f"|--:|--:|{'--:|' * len(LOSSES)}")
        for sites, pages in PLACES:
            shares = fired[text, (sites, pages)] / comparisons
            cells = ("refused" if np.isnan(each) else f"{each:.0%}" for each in shares)
            print(f"| {sites} | {sites * pages} | {' | '.join(cells)} |", flush=True)


def main() -> int:
    """Simulate and judge."""
    worlds, comparisons = (int(sys.argv[at]) if len(sys.argv) > at else most for at, most in ((1, 1000), (2, 200)))
    failed = coverage(worlds)
    power(comparisons)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

"""How long the statistics of large leaderboards take, and what memory, beside a bootstrap that weighs every page.

Usage: python -m benchmarks ranking [PAGES ...] (default 16000 100000; for weights of so many pages it takes 2 GiB).

First 20 runners, 2,000 pages and all pairs: wall time of one go, imports left out. Then two runners on PAGES pages by
three metrics: CPU time and peak memory (of what numpy and Python allocate) of the bootstrap by sites, of the same draws
as a matrix of rounds by pages, and of the whole leaderboard. Exit code 1 where the first takes above five seconds, or
where both bootstraps do not give the same figures.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd

from boilerbench.ranking import leaderboard, pairs
from boilerbench.ranking.resampling import Floats, Ints, Sums, draw, numbered

RUNNERS, PAGES, SITES, ROUNDS = 20, 2000, 700, 1000
GOAL = 5.0
LARGE = (16_000, 100_000)
METRICS = ("words", "shingles", "exact")
SAME = 1e-12

Given = TypeVar("Given")


def made_up(count: int, runners: int, sites: int, metrics: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores and pages that nobody measured."""
    generator = np.random.default_rng(0)
    names = [f"p{number:06}" for number in range(count)]
    of_sites = [f"site{number}" for number in generator.integers(sites, size=count)]
    pages = pd.DataFrame({"set": "made", "page": names, "site": of_sites})
    keys = {"set": "made", "page": np.repeat(names, runners), "runner": [f"r{n:02}" for n in range(runners)] * count}
    counts = {"policy": "default", "status": "ok", "tp": 1.0, "fp": 1.0, "fn": 1.0, "exact": False}
    tables = []
    for metric in metrics:
        ratios = dict(zip(("precision", "recall", "f1"), generator.beta(5, 1, (3, count * runners)), strict=True))
        tables.append(pd.DataFrame(keys | {"metric": metric} | counts | ratios))
    return pd.concat(tables, ignore_index=True), pages


def weighing_pages(values: Floats, sites: Ints) -> Floats:
    """Means in each round, by how often each page counts in it."""
    size = int(sites.max()) + 1
    drawn = np.random.default_rng(0).integers(size, size=(ROUNDS, size))
    weights = np.array([np.bincount(sites_of_round, minlength=size)[sites] for sites_of_round in drawn], float)
    return np.asarray(weights @ values / weights.sum(axis=1, keepdims=True), float)


def by_sites(values: Floats, sites: Ints) -> Floats:
    """The same from sums of sites."""
    return draw([Sums.of(values, sites)], ROUNDS, 0)[0].means


def measured(name: str, work: Callable[[], Given]) -> Given:
    """Do it twice: for its time, and for its memory; print both."""
    start = time.process_time()
    work()
    seconds = time.process_time() - start
    tracemalloc.start()
    found = work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"  {name:22} {seconds:6.2f} s CPU {peak / (1 << 20):7.0f} MiB", flush=True)
    return found


def large(count: int) -> bool:
    """Measure a leaderboard of two runners; whether both bootstraps agree."""
    scores, pages = made_up(count, 2, count, METRICS)
    sites = numbered(pages["site"].tolist())
    columns = [scores[scores["metric"] == metric]["f1"].to_numpy(float).reshape(count, 2) for metric in METRICS]
    values = np.hstack(columns)
    print(f"{count} pages of {sites.max() + 1} sites, {values.shape[1]} columns, {ROUNDS} rounds")
    ours = measured("bootstrap by sites", lambda: by_sites(values, sites))
    plain = measured("bootstrap by pages", lambda: weighing_pages(values, sites))
    measured("whole leaderboard", lambda: leaderboard.build(scores, pages, {}, rounds=ROUNDS))
    apart = float(np.abs(ours - plain).max())
    print(f"  figures of both differ by {apart:.1e} at most")
    return apart <= SAME


def main() -> int:
    """Make scores up, rank, compare all pairs; then rank many pages."""
    scores, pages = made_up(PAGES, RUNNERS, SITES, METRICS[:1])
    start = time.perf_counter()
    board = leaderboard.build(scores, pages, {}, rounds=ROUNDS)
    middle = time.perf_counter()
    table = pairs.pairs(scores, pages, rounds=ROUNDS)
    end = time.perf_counter()
    print(f"{len(board)} runners ranked in {middle - start:.2f} s, {len(table)} pairs compared in {end - middle:.2f} s")
    same = [large(count) for count in map(int, sys.argv[1:] or LARGE)]
    return int(end - start > GOAL or not all(same))


if __name__ == "__main__":
    sys.exit(main())

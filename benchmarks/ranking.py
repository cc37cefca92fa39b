"""How long the statistics of a large leaderboard take: 20 runners, 2,000 pages, 1,000 rounds, all pairs.

Usage: python benchmarks/ranking.py. Wall time of one go, imports left out; exit code 1 above five seconds.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from boilerbench.ranking import leaderboard, pairs

RUNNERS, PAGES, SITES, ROUNDS = 20, 2000, 700, 1000
GOAL = 5.0


def main() -> int:
    """Make scores up, rank, compare all pairs."""
    generator = np.random.default_rng(0)
    names = [f"p{number:04}" for number in range(PAGES)]
    sites = [f"site{number}" for number in generator.integers(SITES, size=PAGES)]
    pages = pd.DataFrame({"set": "made", "page": names, "site": sites})
    size = PAGES * RUNNERS
    precision, recall, f1 = generator.beta(5, 1, (3, size))
    scores = pd.DataFrame(
        {"set": "made", "page": np.repeat(names, RUNNERS), "runner": [f"r{n:02}" for n in range(RUNNERS)] * PAGES}
        | {"metric": "words", "policy": "default", "status": "ok", "tp": 1.0, "fp": 1.0, "fn": 1.0, "exact": False}
        | {"precision": precision, "recall": recall, "f1": f1}
    )
    start = time.perf_counter()
    board = leaderboard.build(scores, pages, {}, rounds=ROUNDS)
    middle = time.perf_counter()
    table = pairs.pairs(scores, pages, rounds=ROUNDS)
    end = time.perf_counter()
    print(f"{len(board)} runners ranked in {middle - start:.2f} s, {len(table)} pairs compared in {end - middle:.2f} s")
    return int(end - start > GOAL)


if __name__ == "__main__":
    sys.exit(main())

"""Whether `tune` finds gains where there are none: settings that are all worth the same, drawn again and again.

    python -m benchmarks tuning [WORLDS]

Sites and pages are those of `intervals`, 20 settings are of equal strength, in 10 folds. It prints over WORLDS (default
200) what the best setting gains over all pages, what tuning gains on pages held out, in points, and in which share of
worlds that is significant at the 5 % level. Exit code 1 where that is more than 5 % by over two standard errors, or the
gain on pages held out is over three from 0.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
import pandas as pd

from benchmarks.intervals import SIZES, STRENGTH, draw
from boilerbench import metrics
from boilerbench.comparison.tuning import Split, of_scores
from boilerbench.ranking import stats
from boilerbench.ranking.resampling import Ints

SITES = (8, 15, 40, 160)
SETTINGS = 20
OWN = 0.3
ROUNDS = 200


def world(generator: np.random.Generator, site: Ints) -> pd.DataFrame:
    """The table of one world whose settings have the names of their numbers."""
    drawn = draw(generator, site, np.full(SETTINGS, STRENGTH), OWN)
    page, setting = np.indices(drawn.shape)
    table = pd.DataFrame({"page": page.ravel(), "runner": setting.ravel().astype(str), "site": site[page.ravel()]})
    scores = table.assign(**dict.fromkeys(("precision", "recall", "f1"), drawn.ravel()), tp=1.0, status="ok")
    names = {str(each): str(each) for each in range(SETTINGS)}
    return of_scores(scores, names, metrics.get("words"), Split(10, 0), ROUNDS)


def main() -> int:
    """Simulate and judge."""
    worlds, failed = int(sys.argv[1]) if len(sys.argv) > 1 else 200, 0
    print(f"{worlds} worlds each, {SETTINGS} settings\nsites            over all pages  held out  significant")
    for (sizes, size), sites in product(SIZES.items(), SITES):
        generator = np.random.default_rng(sites)
        tables = [world(generator, np.repeat(np.arange(sites), size(generator, sites))) for _ in range(worlds)]
        apparent = 100 * np.array([table["gain"][1:].max() for table in tables])
        gain, share = 100 * np.array([table["gain"][0] for table in tables]), 1 - stats.LEVEL
        found = float(np.mean([table["p"][0] < share for table in tables]))
        high = share + 2 * np.sqrt(share * stats.LEVEL / worlds)
        kept = found <= high and abs(gain.mean()) <= 3 * gain.std() / np.sqrt(worlds)
        failed += not kept
        line = f"{sites:5} {sizes:9} {apparent.mean():+14.2f}  {gain.mean():+8.2f}  {found:11.1%}"
        print(line + ("" if kept else "  *"), flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

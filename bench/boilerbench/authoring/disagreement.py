"""Which pages to annotate first, by what the runners of a run gave: those that rank the runners as all pages would.

What a runner agrees with the majority stands in for the score that nobody knows before there is gold. Or else the pages
that runners differ on most.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd

from boilerbench import pipeline
from boilerbench.errors import UsageError
from boilerbench.model import FAILED
from boilerbench.ranking import resampling, stats
from boilerbench.ranking.resampling import Floats, Ints, Sums
from boilerbench.scoring import consensus
from boilerbench.storage.run_folder import RunFolder

COLUMNS = ("set", "page", "site", "language", "page_type", "disagreement", "differs", "agreement", "failed")
"""The columns of the table, in order: an interface."""

MORE = (10, 30, 100)
"""Numbers of pages for which it is said what annotating them would show."""

CAVEAT = "Runners differ more on these pages than on the set: scores over them are not those of the set."

_KEYS = ["set", "page"]
_ROUNDS, _SEED = 1000, 0
_Cost: TypeAlias = Callable[[Ints, Ints], Floats]
"""What it costs to take each of some pages next, behind those that are taken."""


def board(folder: RunFolder, top: int, *, most: bool = False) -> tuple[pd.DataFrame, list[str]]:
    """The first `top` pages to annotate: `COLUMNS`, and lines that say what that would show.

    Pages that have gold are left out, unless all have. `disagreement` is 1 - the mean F1 of words of every two
    extractions of a page; those that failed, and ensembles, are not counted. `differs` names who agrees least with the
    others, and `agreement` is how much that is. With `most`, disagreement decides; else how well the pages stand for
    all (`_standing_for_all`). `UsageError` where there are not two runners, or no such page.
    """
    runners = [label for label, about in folder.manifest().runners.items() if not about.members]
    if len(runners) < 2:  # noqa: PLR2004  # a pair
        raise UsageError(f"{folder.path}: has one runner, and nobody to disagree with it; run two or more")
    pipeline.know_consensus(folder)
    pages = folder.table("pages", ["set", "page", "site", "language", "page_type", "gold"])
    rows = folder.table(consensus.NAME, ["set", "page", "runner", "status", "agreement", "majority"])
    rows = rows[rows["runner"].isin(runners)]
    known = pages.merge(_by_page(rows), on=_KEYS).fillna({"language": "", "page_type": ""})
    if known.empty:
        raise UsageError(f"{folder.path}: there is no page that two runners gave something for")
    alike = rows.pivot_table(index=_KEYS, columns="runner", values="majority")
    values = alike.reindex(pd.MultiIndex.from_frame(known[_KEYS])).to_numpy(float)
    annotated = known["gold"].to_numpy() != consensus.NO_GOLD
    before = np.flatnonzero(annotated & ~annotated.all())
    differ = known["disagreement"].to_numpy()
    cost: _Cost = (lambda some, _: -differ[some]) if most else _standing_for_all(values, before)
    order = _spread(known, np.setdiff1d(np.arange(len(known)), before), max(top, *MORE), cost)
    shown = {
        more: _detectable(values, known["site"], [*before, *order[:more]]) for more in (0, *MORE) if more <= len(order)
    }
    lines = [_power(shown, len(before)), *([CAVEAT] if most else [])]
    return known.iloc[order[:top]][list(COLUMNS)].reset_index(drop=True), lines


def _by_page(rows: pd.DataFrame) -> pd.DataFrame:
    """What is known of each page that two runners gave something for, or nothing, without failing."""
    fine = ~rows["status"].isin(FAILED) & rows["agreement"].notna()
    given = rows[fine]
    least = given.groupby(_KEYS)["agreement"].transform("min")
    found = pd.DataFrame(
        {
            "disagreement": 1 - given.groupby(_KEYS)["agreement"].mean(),
            "differs": given[given["agreement"] - least <= stats.TIE].groupby(_KEYS)["runner"].agg(", ".join),
            "agreement": given.groupby(_KEYS)["agreement"].min(),
            "failed": rows[rows["status"].isin(FAILED)].groupby(_KEYS)["runner"].agg(", ".join),
        }
    ).dropna(subset="disagreement")
    return found.fillna({"failed": ""}).rename_axis(_KEYS).reset_index()


def _standing_for_all(values: Floats, before: Ints) -> _Cost:
    """Let the next page be the one that brings the runners' means nearest to those over all pages.

    `values` are pages x runners, `before` the pages that are annotated already. The sum of squares decides: herding
    (Chen, Welling and Smola 2010, arXiv:1203.3472) of what each runner agrees with the majority.
    """
    mean, start = values.mean(axis=0), values[before].sum(axis=0)

    def cost(some: Ints, taken: Ints) -> Floats:
        """Compute how far off the means are with each of the pages."""
        whole = start + values[taken].sum(axis=0) + values[some]
        return np.asarray(((whole / (len(before) + len(taken) + 1) - mean) ** 2).sum(axis=1), float)

    return cost


def _spread(pages: pd.DataFrame, open_: Ints, most: int, cost: _Cost) -> Ints:
    """The first pages to take of those that are open: their places.

    The next is the one that costs least of those whose set, site, language and page type have not had more than their
    share so far: quota sampling, in proportion. Where there is no such page, it is of those with the fewest in excess.
    """
    codes = [resampling.numbered(list(pages[each])) for each in ("set", "site", "language", "page_type")]
    shares = [np.bincount(each[open_], minlength=each.max() + 1) / len(open_) for each in codes]
    taken = [np.zeros(len(each)) for each in shares]
    order, left = np.empty(min(most, len(open_)), np.int64), open_
    for number in range(len(order)):
        had = [times > share * number for times, share in zip(taken, shares, strict=True)]
        excess = sum(full[code[left]].astype(int) for full, code in zip(had, codes, strict=True))
        some = left[excess == np.min(excess)]
        order[number] = page = some[cost(some, order[:number]).argmin()]
        left = left[left != page]
        for times, code in zip(taken, codes, strict=True):
            times[code[page]] += 1
    return order


def _detectable(values: Floats, sites: pd.Series[str], some: list[int]) -> float:
    """The smallest difference between runners that some pages can show (`stats.detectable`); 1 where they show none.

    `values` are pages x runners, F1 with the words of the majority in place of that with gold.
    """
    if not some:
        return 1.0
    numbers = resampling.numbered(list(sites.iloc[some]))
    clusters = stats.clusters_of(numbers)
    [drawn] = resampling.draw([Sums.of(values[some], numbers)], _ROUNDS, _SEED)
    return stats.detectable(stats.paired_errors(drawn.means, clusters), clusters)


def _power(shown: dict[int, float], before: int) -> str:
    """Say what the first pages would show."""
    told = [
        f"{f'{more} more' if more else f'{before} now'}: {'none' if size >= 1 else f'{100 * size:.1f} pt'}"
        for more, size in shown.items()
    ]
    return f"Smallest detectable difference in F1 by pages with gold, if the majority were right: {', '.join(told)}."

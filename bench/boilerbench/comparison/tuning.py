"""What tuning a runner's options gains on pages that it was not tuned on, by nested cross-validation over sites.

The setting that scores best on some pages was chosen for the luck that it had on them, too: its score there says more
than it gives elsewhere (Varma and Simon 2006, doi:10.1186/1471-2105-7-91; Cawley and Talbot 2010, JMLR 11:2079-2107).
So the choice itself is what is validated: in each fold it is made on the pages of the others, and scored on its own.
A setting has nothing that is fitted to pages, so that its mean over the other folds is the inner validation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from boilerbench import metrics
from boilerbench.comparison.compare import changes_of
from boilerbench.errors import UsageError
from boilerbench.metrics import Metric
from boilerbench.model import FAILED, GoldSet
from boilerbench.ranking import bootstrap, stats
from boilerbench.ranking.resampling import Floats, Ints, Sums
from boilerbench.storage.run_folder import RunFolder

COLUMNS = (
    *("set", "policy", "metric", "runner", "setting", "pages", "sites", "folds"),
    *("f1", "gain", "low", "high", "p", "detectable", "chosen", "failed"),
)
"""The columns, in order: an interface."""

TUNED = "tuned, held out"
"""What stands in the place of a setting where each page has that which was chosen without its fold."""


class Split(NamedTuple):
    """Into how many folds sites are parted, as many as there are sites at most, and the seed of that."""

    folds: int
    seed: int


def require_sites(goldsets: Sequence[GoldSet]) -> None:
    """Raise `UsageError` for a set whose pages are all of one site."""
    for goldset in goldsets:
        sites = (page.site for page in goldset.pages)
        first = next(sites, None)
        if all(site == first for site in sites):
            raise _one_site(goldset.name)


def gains(folder: RunFolder, settings: Mapping[str, str], metric: str, policy: str, split: Split) -> pd.DataFrame:
    """The rows `of_scores` of every set of a scored run; `settings` say by label what differs from the first."""
    pages = folder.table("pages", ["set", "page", "site"])
    scores = folder.table("scores", where={"metric": [metric], "policy": [policy]})
    tables = []
    for name, of_set in bootstrap.with_sites(scores, pages).groupby("set", sort=False):
        measured = of_set["tp"].notna().groupby(of_set["page"]).transform("any")
        if measured.any():
            found = of_scores(of_set[measured], settings, metrics.get(metric), split)
            tables.append(found.assign(set=name, policy=policy, metric=metric))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def of_scores(
    scores: pd.DataFrame, settings: Mapping[str, str], metric: Metric, split: Split, rounds: int = 1000
) -> pd.DataFrame:
    """Give the `COLUMNS` but for set, policy and metric: a row `TUNED`, the default's, then settings, the best first.

    `scores` are one set's `with_sites`, of pages that the metric could measure. Scores are in [0, 1]. `gain` is what F1
    has more than the default's: in the row `TUNED` over held-out pages, each in one fold of the `split`, in the others
    over all pages, where the greatest is optimistic and has no interval. Of settings that score the same, the first
    counts. `chosen` is in how many folds, `failed` how many pages have no extraction.

    Interval, p and `detectable` are those of `compare`, whole sites drawn, with errors that are wider by what folds
    share of the pages that they are chosen by (Nadeau and Bengio 2003, doi:10.1023/A:1024068626366):
    sqrt(1 + k / (k - 1)) times for k folds. benchmarks/tuning.py says how often settings that are all worth the
    same are significant. Raises `UsageError` where there is one site.
    """

    def matrix(column: str) -> Any:
        return scores.pivot(index="page", columns="runner", values=column)[[*settings]].to_numpy()  # noqa: PD010  texts have no mean

    sites = np.unique(scores.groupby("page")["site"].first(), return_inverse=True)[1]
    parts = [matrix(column).astype(float) for column in bootstrap.parts_of(metric)]
    fold = fold_of(sites, split)
    sums = Sums.of(np.hstack(parts), fold)
    chosen = _best(bootstrap.figures(sums.leaving_out(), metric).f1)
    held_out = np.arange(len(sites)), chosen[fold]
    pairs = {"site_head": sites}
    for column, part in zip(bootstrap.parts_of(metric), parts, strict=True):
        pairs |= {f"{column}_base": part[:, 0], f"{column}_head": part[held_out]}
    wider = np.sqrt(1 + len(chosen) / (len(chosen) - 1))
    change = changes_of(pd.DataFrame(pairs), metric, rounds, seed=0, wider=wider)["f1"]
    f1, failed = bootstrap.figures(sums.total(), metric).f1[0], np.isin(matrix("status"), FAILED)
    tested = {"low": change.low, "high": change.high, "p": change.p, "detectable": change.detectable}
    tuned = {"setting": TUNED, "f1": change.head, "gain": change.difference, "failed": failed[held_out].sum()} | tested
    times = np.bincount(chosen, minlength=len(f1))
    own = {"runner": [*settings], "setting": [*settings.values()], "f1": f1, "gain": f1 - f1[0], "chosen": times}
    table = pd.DataFrame(own | {"failed": failed.sum(axis=0)})
    ordered = pd.concat([table[:1], table[1:].sort_values("f1", ascending=False, kind="stable")])
    rows = [{"runner": next(iter(settings))} | tuned, *ordered.to_dict("records")]
    counts = {"pages": len(sites), "sites": int(sites.max()) + 1, "folds": len(chosen)}
    table = pd.DataFrame(rows, columns=[name for name in COLUMNS if name not in counts]).assign(**counts)
    return table.astype({**dict.fromkeys([*tested, "f1", "gain"], float), "chosen": "Int64", "failed": int})


def fold_of(sites: Ints, split: Split) -> Ints:
    """The fold of each page by the number of its site: whole sites, the largest first, to who has the fewest pages.

    Which of equal sites comes first is drawn. `UsageError` where there is one site.
    """
    sizes = np.bincount(sites)
    if len(sizes) == 1:
        raise _one_site()
    order = np.random.default_rng(split.seed).permutation(len(sizes))
    of_site, pages = np.zeros(len(sizes), np.int64), np.zeros(min(split.folds, len(sizes)))
    for site in order[np.argsort(-sizes[order], kind="stable")]:
        of_site[site] = pages.argmin()
        pages[of_site[site]] += sizes[site]
    return of_site[sites]


def _best(f1: Floats) -> Ints:
    """The first of the columns that are best in each row; those without a value never are."""
    known = np.where(np.isnan(f1), -np.inf, f1)
    return np.asarray(np.argmax(known >= known.max(axis=1, keepdims=True) - stats.TIE, axis=1))


def _one_site(name: str = "") -> UsageError:
    what = f"set '{name}': its" if name else "the"
    return UsageError(f"{what} pages are all of one site, so that none can be held out; name a set of several")

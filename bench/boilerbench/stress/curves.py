"""How the score of every runner falls as the dose grows: each damaged page is paired with the page as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from boilerbench import metrics
from boilerbench.comparison.compare import changes_of
from boilerbench.metrics import Metric
from boilerbench.ranking import bootstrap, stats
from boilerbench.storage import memory
from boilerbench.storage.run_folder import RunFolder
from boilerbench.stress.stressed import parts_of

COLUMNS = (
    *("set", "policy", "metric", "runner", "family", "stressor", "dose", "pages", "sites"),
    *("clean", "f1", "difference", "low", "high", "p", "breaking"),
)
"""The columns, in order: an interface."""

_CURVE = ["set", "runner", "family", "stressor"]
_LEVELS = ([*_CURVE[:3], "dose"], [*_CURVE, "dose"])
"""What a point of a curve is of: all stressors of a family, or one of them."""


def curves(folder: RunFolder, metric: str, policy: str) -> pd.DataFrame:
    """The curves of a scored run of stressed sets, as `of_pairs` gives them."""
    tables = [of_pairs(pairs, metric, policy) for pairs in pairs_of(folder, metric, policy)]
    return pd.concat(tables).sort_values(["set", "runner"], kind="stable", ignore_index=True)


def pairs_of(folder: RunFolder, metric: str, policy: str) -> Iterator[pd.DataFrame]:
    """The scores of a run as `paired` gives them, one runner's after the other's."""
    pages = folder.table("pages", ["set", "page", "site"])
    parts = ("f1", *bootstrap.parts_of(metrics.get(metric)))
    for runner in folder.manifest().runners:
        where = {"metric": [metric], "policy": [policy], "runner": [runner]}
        columns = list(dict.fromkeys(["set", "page", "status", "tp", *where, *parts]))
        yield paired(folder.table("scores", columns, where).drop(columns=["metric", "policy"]), pages)
        memory.give_back()


def of_pairs(pairs: pd.DataFrame, metric: str, policy: str, *, rounds: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Give `COLUMNS` of pages that are `paired`, a row per point of a curve; of a whole family `stressor` is empty.

    `clean` is F1 of the pages as they were, `difference` what the damage adds, with its 95 % interval and its p, which
    is corrected by Holm over all points of a runner on a set, those of families and of stressors apart; NaN where no
    test of so many points on so few sites can show anything. `breaking` is the first dose of a curve whose loss is
    significant, NA where none is.
    """
    parts = [_points(pairs, keys, metrics.get(metric), rounds, seed) for keys in _LEVELS]
    table = pd.concat([_tested(part) for part in parts], ignore_index=True)
    table = table.assign(policy=policy, metric=metric, breaking=_breaking(table))
    first = {key: ["", *dict.fromkeys(pairs[key])] for key in ("family", "stressor")}
    places = {f"_{key}": table[key].map({name: at for at, name in enumerate(names)}) for key, names in first.items()}
    ordered = table.assign(**places).sort_values(["set", "runner", *places, "dose"], ignore_index=True)
    return ordered[list(COLUMNS)]


def paired(scores: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """The scores of damaged pages by one metric and policy, each beside that of its page as it was.

    Without those that cannot be measured. Columns are those of the scores and `site`, once with `_base` and once with
    `_head`; those of a run alone, and `family`, `stressor` and `dose` of the damage, stand once.
    """
    scores = scores.merge(pages, on=["set", "page"])
    told = pd.DataFrame([parts_of(page) for page in scores["page"]], columns=["source", "family", "stressor", "dose"])
    scores = pd.concat([scores[scores["tp"].notna()], told[scores["tp"].notna()]], axis=1)
    keys, clean = ["set", "runner", "source"], scores["dose"] == 0
    return scores[clean].merge(scores[~clean], on=keys, suffixes=("_base", "_head")).rename(columns=_head)


def _head(column: str) -> str:
    """The damage is that of the damaged page."""
    return column.removesuffix("_head") if column in ("family_head", "stressor_head", "dose_head") else column


def _points(pairs: pd.DataFrame, keys: list[str], metric: Metric, rounds: int, seed: int) -> pd.DataFrame:
    def points() -> Iterator[dict[str, Any]]:
        for key, group in pairs.groupby(keys, sort=False):
            change, clusters = changes_of(group, metric, rounds, seed)["f1"], stats.clusters_of([*group["site_head"]])
            counted = {"pages": len(group), "sites": clusters.number, "_least": stats.least_p(clusters)}
            figures = {"clean": change.base, "f1": change.head, "difference": change.difference}
            tested = {"low": change.low, "high": change.high, "p": change.p}
            yield {"stressor": "", **dict(zip(keys, key, strict=True)), **counted, **figures, **tested}

    table = pd.DataFrame(list(points()), columns=[*_CURVE, "dose", *COLUMNS[7:15], "_least"])
    return table.astype(dict.fromkeys(COLUMNS[9:15], float))


def _tested(table: pd.DataFrame) -> pd.DataFrame:
    """The same with the p of every runner corrected for all its points; without those that could never be small."""
    for _, points in table.groupby(["set", "runner"]):
        hopeless = points["_least"] * len(points) > 1 - stats.LEVEL
        tested = points.index[points["p"].notna() & ~hopeless]
        table.loc[tested, "p"] = stats.step_down(points["p"][tested].to_numpy(float))
        table.loc[points.index[hopeless], "p"] = float("nan")
    return table


def _breaking(table: pd.DataFrame) -> pd.Series[Any]:
    """The first dose of each curve whose loss is significant."""
    lost = table["dose"].where((table["p"] < 1 - stats.LEVEL) & (table["difference"] < 0))
    return lost.groupby([table[name] for name in _CURVE]).transform("min").astype("Int64")

"""How the scores of extractors went from version to version: rows of many leaderboards, in order."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from boilerbench.comparison import versions
from boilerbench.comparison.sides import Place
from boilerbench.environments import sources
from boilerbench.errors import UsageError
from boilerbench.labels import Policy
from boilerbench.ranking.stats import TIE

COLUMNS = (
    *("runner", "version", "started", "set", "fingerprint", "policy", "metric", "pages", "failed", "empty"),
    *("f1", "f1_low", "f1_high", "precision", "recall", "change", "source"),
)
"""The columns, in order: an interface. `change` is the F1 less that of the row before, on the same pages."""

_GROUP = ["set", "fingerprint", "policy", "metric", "runner"]


def history(folder: Path, metric: str, policy: Policy) -> pd.DataFrame:
    """Collect `COLUMNS` of every leaderboard.json below a folder: by set and runner, then by version, then by date.

    A release behind `@` in a runner's label is not part of its name here; working trees and repositories are series of
    their own, by date, whatever their commit. `UsageError` where there is nothing.
    """
    files = sorted(folder.rglob("leaderboard.json"))
    if not files:
        raise UsageError(f"{folder}: there is no leaderboard.json below it")
    rows = [row for file in files for row in _rows(file, metric, policy)]
    if not rows:
        raise UsageError(f"{folder}: no leaderboard below it has figures by '{metric}' under policy '{policy.spec}'")
    table = pd.concat([_ordered(series) for _, series in pd.DataFrame(rows).groupby(_GROUP)], ignore_index=True)
    table["change"] = table.groupby(_GROUP, sort=False)["f1"].diff()
    return table[list(COLUMNS)]


def falls(table: pd.DataFrame) -> list[str]:
    """Name the steps of a `history` on which a release scored lower than the one before it, a line each."""
    before = table.groupby(_GROUP, sort=False)[["version", "f1"]].shift()
    steps = table.assign(earlier=before["version"], was=before["f1"])
    fell = steps[(steps["change"] < -TIE) & ~steps["runner"].map(_is_tree)]
    return [
        f"{row['runner']} fell on {row['set']} by {100 * -row['change']:.2f} points from {row['earlier']} to "
        f"{row['version']} (F1 {row['was']:.4f} to {row['f1']:.4f}): figures alone, not tested"
        for row in fell.to_dict("records")
    ]


def _rows(file: Path, metric: str, policy: Policy) -> Iterator[dict[str, Any]]:
    place = Place(file)
    for label in place.runners:
        try:
            side = place.side(label, metric, policy)
        except UsageError:
            continue
        for row in side.figures[side.figures["set"].isin(side.signatures)].to_dict("records"):
            yield {
                **{str(name): value for name, value in row.items() if name in COLUMNS},
                "runner": _series(label),
                "version": side.version,
                "started": place.manifest.started,
                "fingerprint": side.signatures[row["set"]].fingerprint,
                "source": str(file.parent),
            }


def _series(label: str) -> str:
    return re.sub("@[0-9a-f]{40}$", "", label) if _is_tree(label) else label.partition("@")[0]


def _is_tree(label: str) -> bool:
    origin = label.partition("@")[2]
    return origin.startswith(sources.GIT) or sources.is_folder(origin)


def _ordered(series: pd.DataFrame) -> pd.DataFrame:
    """Put the results of one series in order; what a tree calls its version is that of a release before it."""
    found = [""] * len(series) if _is_tree(series["runner"].iloc[0]) else series["version"].tolist()
    return series.iloc[versions.order(found, series["started"].tolist())]

"""How the scores of extractors went from version to version: rows of many leaderboards, in order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from packaging.version import InvalidVersion, Version

from boilerbench.comparison.sides import Place
from boilerbench.errors import UsageError
from boilerbench.labels import Policy

COLUMNS = (
    *("runner", "version", "started", "set", "fingerprint", "policy", "metric", "pages", "failed", "empty"),
    *("f1", "f1_low", "f1_high", "precision", "recall", "change", "source"),
)
"""The columns, in order: an interface. `change` is the F1 less that of the row before, on the same pages."""

_GROUP = ["set", "fingerprint", "policy", "metric", "runner"]


def history(folder: Path, metric: str, policy: Policy) -> pd.DataFrame:
    """Collect `COLUMNS` of every leaderboard.json below a folder: by set and runner, then by version, then by date.

    What stands behind `@` in a runner's label is not part of its name here. `UsageError` where there is nothing.
    """
    files = sorted(folder.rglob("leaderboard.json"))
    if not files:
        raise UsageError(f"{folder}: there is no leaderboard.json below it")
    rows = [row for file in files for row in _rows(file, metric, policy)]
    if not rows:
        raise UsageError(f"{folder}: no leaderboard below it has figures by '{metric}' under policy '{policy.spec}'")
    rows.sort(key=lambda row: (*(row[name] for name in _GROUP), _order(row["version"]), row["started"]))
    table = pd.DataFrame(rows)
    table["change"] = table.groupby(_GROUP, sort=False)["f1"].diff()
    return table[list(COLUMNS)]


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
                "runner": label.partition("@")[0],
                "version": side.version,
                "started": place.manifest.started,
                "fingerprint": side.signatures[row["set"]].fingerprint,
                "source": str(file.parent),
            }


def _order(version: str) -> Version:
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0")

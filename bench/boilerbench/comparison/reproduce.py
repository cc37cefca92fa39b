"""Published figures beside ours. The figures are in `published.toml`; the data they are of is the user's own copy.

Where a project publishes predictions, ours has to be equal to the last printed digit. Where it publishes figures alone,
the extractors are run again, by our runners and at their versions, and ours can only be near.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from boilerbench import sets
from boilerbench.errors import BadOutputsError, UnknownNameError, UsageError
from boilerbench.extraction.predictions import Systems, extracted
from boilerbench.files import read_toml
from boilerbench.labels import load_policy
from boilerbench.model import GoldSet
from boilerbench.pipeline import in_memory
from boilerbench.runners import registry
from boilerbench.sets import outputs

NAMES = ("zyte", "wceb", "wcxb", "trafilatura")

Run: TypeAlias = Callable[[GoldSet, Sequence[str], str], pd.DataFrame]
"""Extracts a set with the named runners and scores it by a metric: the leaderboard, with a row per runner."""


@dataclass(frozen=True)
class Row:
    """One figure of one system. `ours` is None where no runner here is that system."""

    system: str
    figure: str
    published: float
    ours: float | None
    verdict: str

    @property
    def difference(self) -> float | None:
        """Ours less the published one."""
        return None if self.ours is None else self.ours - self.published


@dataclass(frozen=True)
class Reproduction:
    """What was published where, and the figures. `exact` says whether they have to be equal."""

    source: str
    rows: list[Row]
    exact: bool

    @property
    def failed(self) -> bool:
        """Whether a figure differs that has to be equal."""
        return self.exact and any(row.verdict != "equal" for row in self.rows)


def reproduce(name: str, data: Path, run: Run) -> Reproduction:
    """Compute the figures of one project again from the data below `data`."""
    if name not in NAMES:
        raise UnknownNameError("publication", name, list(NAMES))
    about = read_toml(Path(__file__).with_name("published.toml"), UsageError)[name]
    path = _folder(data, about["folder"], name)
    if name == "wceb":
        return Reproduction(about["source"], _wceb(about, path, _folder(data, about["gold"], name)), exact=True)
    goldset = sets.load(f"{about['set']}:{path}")
    if name == "zyte":
        board = _scored(goldset, outputs.load(f"zyte:{path / 'output'}"), "zyte")[1]
        return Reproduction(about["source"], _rows(about, board, {}), exact=True)
    runners = {system: about["runners"].get(system, system) for system in about["systems"]}
    known = set(registry.known())
    there = {system: label for system, label in runners.items() if label.partition(":")[0] in known}
    board = run(goldset, list(there.values()), about["metric"])
    return Reproduction(about["source"], _rows(about, board, there), exact=False)


def _folder(data: Path, name: str, publication: str) -> Path:
    if not (data / name).is_dir():
        raise UsageError(
            f"{data}: has no folder {name}, which '{publication}' is computed from; name its parent by --data"
        )
    return data / name


def _scored(goldset: GoldSet, systems: Systems, metric: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return in_memory.score_in_memory(goldset, extracted(goldset, systems), metric, load_policy("default"), rounds=2)


def _rows(about: Mapping[str, Any], board: pd.DataFrame, runners: Mapping[str, str]) -> list[Row]:
    ours = board.set_index("runner")
    rows = []
    for system, figures in about["systems"].items():
        label = runners.get(system, system)
        for figure, published in zip(about["figures"], figures, strict=True):
            value = float(ours.loc[label, figure]) if label in ours.index else None
            if value is None:
                verdict = "no runner here"
            elif f"{value:.{about['digits']}f}" == f"{published:.{about['digits']}f}":
                verdict = "equal"
            else:
                verdict = "near" if abs(value - published) <= about.get("near", 0) else "differs"
            rows.append(Row(system, figure, published, value, verdict))
    return rows


def _wceb(about: Mapping[str, Any], path: Path, gold: Path) -> list[Row]:
    """Compare page by page; a row shows the means, its verdict the page that is farthest off."""
    goldset = sets.load(f"zyte:{gold}")
    raw = outputs.load(f"wceb:{path / 'outputs'}")
    ids = outputs.pages_named(goldset, {key for texts in raw.values() for key in texts})
    systems = {name: {ids[key]: text for key, text in texts.items() if key in ids} for name, texts in raw.items()}
    rows = []
    for name, published in about["metrics"].items():
        scores = _scored(goldset, systems, name)[0].set_index(["runner", "page"])
        for system in raw:
            file = path / "scores" / f"{published['file']}_{system}.csv"
            if not file.is_file():
                continue
            try:
                theirs = pd.read_csv(file)
            except (OSError, ValueError) as cause:
                raise BadOutputsError(f"{file}: cannot be read: {cause}") from None
            ours = scores.loc[[(system, ids[key]) for key in theirs["hash_key"]]].reset_index()
            for column, figure in published["columns"].items():
                worst = (theirs[column] - ours[figure]).abs().max(skipna=False)
                verdict = "equal" if worst <= about["tolerance"] else f"differs by up to {worst:.2g} on a page"
                rows.append(Row(system, f"{name} {figure}", theirs[column].mean(), ours[figure].mean(), verdict))
    return rows

"""What a run folder or a folder of published results holds, as pandas tables."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from boilerbench.ranking import export, leaderboard, pairs
from boilerbench.storage import run_folder
from boilerbench.storage.manifest import Manifest


def _table(name: str) -> cached_property[pd.DataFrame]:
    return cached_property(lambda results: results.folder.table(name))


class Results:
    """Tables are read when they are asked for; `BadRunFolderError` where there is none.

    leaderboard: the columns of docs/table.md, one row per runner, set, policy and metric, by every metric of the run.
    scores: set, page, runner, metric, policy, status, tp, fp, fn, exact, precision, recall, f1.
    pages: set, page, site, language, page_type and what else is known of pages; published ones have no url.
    extractions: set, runner, page, status, text, answer, wall, cpu (seconds), peak (bytes), error, stderr.
    labels: set, page, runner, policy, label, role, words, hits, blamed.
    timing: set, runner, page, round, wall, cpu (seconds).
    pairs: set, policy, metric, runner, other, pages, wins, ties, losses, difference, low, high, p, agreement.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = run_folder.RunFolder(path)
        self.manifest: Manifest = self.folder.manifest()

    @cached_property
    def _board(self) -> dict[str, Any]:
        return export.read(self.path / "leaderboard.json")

    @property
    def signatures(self) -> list[str]:
        """What the leaderboard's numbers depend on, a line per set and metric."""
        return list(self._board["signatures"])

    @cached_property
    def leaderboard(self) -> pd.DataFrame:
        """The leaderboard."""
        return leaderboard.read(self._board["rows"])

    scores = _table("scores")
    pages = _table("pages")
    extractions = _table("extractions")
    labels = _table("labels")
    timing = _table("timing")

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Every two runners of each leaderboard."""
        return pairs.pairs(self.scores, self.pages)

"""The harness of boilerbench: run content extractors over gold-annotated pages, score them, rank them honestly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from boilerbench.ranking.results import Results

__version__ = "0.1.0"


def load(path: str | PathLike[str]) -> Results:
    """Open a run folder or published results for pandas; `ranking.results.Results` names the tables and their columns.

    `BadRunFolderError` where there is none.
    """
    from pathlib import Path

    from boilerbench.ranking.results import Results

    return Results(Path(path))

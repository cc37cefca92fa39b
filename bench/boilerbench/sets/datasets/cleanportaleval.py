"""The layout of CleanPortalEval (ppke-nlpg): input/NAME.html with GoldStandard/NAME.txt, marked as CleanEval is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boilerbench.model import GoldSet
from boilerbench.sets.datasets.cleaneval import entries

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> GoldSet:
    """Read the folder."""
    return GoldSet("cleanportaleval", f"cleanportaleval:{path}", entries(path), "", "", "ppke-nlpg/CleanPortalEval")

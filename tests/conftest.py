"""What the tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """Public datasets, which are no part of the project: $BOILERBENCH_DATA, else ../shared/data."""
    named = os.environ.get("BOILERBENCH_DATA")
    folder = Path(named) if named else Path(__file__).parents[1].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the datasets are not there: {folder} (set BOILERBENCH_DATA)")
    return folder

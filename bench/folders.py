"""Where boilerbench keeps what it can make again, and the sets that it was told to fetch."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "BOILERBENCH_CACHE"
SETS_VARIABLE = "BOILERBENCH_SETS"


def cache_folder() -> Path:
    """Return the folder of all caches: `BOILERBENCH_CACHE`, or else the user's cache folder. It may not exist yet."""
    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("boilerbench")).absolute()


def sets_folder() -> Path:
    """Return the folder of the sets a user has: `BOILERBENCH_SETS`, or else one in the user's data folder."""
    return Path(os.environ.get(SETS_VARIABLE) or Path(platformdirs.user_data_dir("boilerbench")) / "sets").absolute()

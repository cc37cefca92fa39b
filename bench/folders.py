"""Where boilerbench keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "BOILERBENCH_CACHE"


def cache_folder() -> Path:
    """Return the folder of all caches: `BOILERBENCH_CACHE`, or else the user's cache folder. It may not exist yet."""
    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("boilerbench")).absolute()

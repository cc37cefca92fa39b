"""In: a path. Out: a `GoldSet`; the door by which formats are found, and the layouts that are nobody's own.

Not here: the layouts of published sets, which are in `datasets`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from boilerbench import plugins
from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.model import GoldSet

Reader: TypeAlias = Callable[[Path], GoldSet]


def names() -> list[str]:
    """List every format that this installation offers, ours first."""
    return list(plugins.by_name(plugins.FORMATS))


def reader(name: str) -> Reader:
    """Return what reads a format. `UnknownNameError` lists all formats, `UsageError` says why one cannot be loaded."""
    entry = plugins.by_name(plugins.FORMATS).get(name)
    if entry is None:
        raise UnknownNameError("set format", name, names())
    try:
        found: Reader = entry.load()
    except Exception as cause:  # whatever the code of others raises
        raise UsageError(f"set format '{name}': {plugins.failure(entry, cause)}") from cause
    return found


def several(read: Reader) -> Reader:
    """Mark a format whose path may be a glob, or several paths with commas between, as `layout.files_of` takes them."""
    read.__dict__["several"] = True
    return read

"""Folders that are put in place whole or not at all, as `whole_files` does it with files."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from boilerbench.storage import holding, temporary

_HERE = -100
"""AT_FDCWD on Linux: a path is what it is for this process."""
_EXCHANGE = 2
"""RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of a target once a block has filled it; else what was there stays.

    `UsageError` where another process does the same.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if target.exists():
            stack.enter_context(holding.held(target))
        new = Path(stack.enter_context(temporary.Folder(target.parent, target.name))) / target.name
        new.mkdir()
        yield new
        put(new, target)


def put(new: Path, target: Path) -> None:
    """Put a folder in a place at once; what is there already comes to where it was."""
    try:
        new.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        _exchange(new, target)


def _exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            failed = libc.renamex_np(first, second, _EXCHANGE)
        else:
            failed = libc.renameat2(_HERE, first, _HERE, second, _EXCHANGE)
    except AttributeError:
        failed = -1
    if failed:  # not on this system, or not on this disk: for a moment there is none
        between = one.with_name(f"{one.name}.old")
        other.rename(between)
        one.rename(other)
        between.rename(one)

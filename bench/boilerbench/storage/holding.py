"""Files and folders that are held against others, by locks of the kernel: they end with the process that has them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from boilerbench.errors import UsageError

_held: set[tuple[int, int]] = set()
"""The folders that this process holds, by device and number."""


def lock(handle: int, *, wait: bool = False) -> bool:
    """Lock an open file or folder until it is closed: False where another has it, and one does not `wait`.

    In a file system without locks nobody has any.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder for a block, once no other thread or process does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        lock(handle, wait=True)
        yield
    finally:
        os.close(handle)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder for a block against other processes that would write into it; `UsageError` where one does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        about = os.fstat(handle)
        if (key := (about.st_dev, about.st_ino)) in _held:
            yield
            return
        if not lock(handle):
            raise UsageError(f"{folder}: another boilerbench writes into it; wait until it is done, or name another")
        _held.add(key)
        try:
            yield
        finally:
            _held.remove(key)
    finally:
        os.close(handle)

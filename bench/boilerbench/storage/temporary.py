"""Temporary files and folders of a process, by whose names and locks the next one sees that they are left over."""

import os
import re
import shutil
import tempfile
import time
import weakref
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

from boilerbench.storage import holding

_NAMED = re.compile(r"(?:boilerbench-|\..+\.)(\d+)-[a-z0-9_]{8}")
"""What begins with a dot is beside what it will be; the number is that of the process."""
_MOMENT = 60
"""Seconds after which whoever makes a folder has surely locked it."""


class Folder(tempfile.TemporaryDirectory[str]):
    """A temporary folder: in `home` it is hidden and begins with that name, else it is among the system's.

    What killed processes left there is removed, once a process.
    """

    def __init__(self, home: Path | None = None, name: str = "") -> None:
        home = home or Path(tempfile.gettempdir())
        _swept(home)
        super().__init__(prefix=prefix(name), dir=home, ignore_cleanup_errors=True)
        handle = os.open(self.name, os.O_RDONLY)
        holding.lock(handle)
        weakref.finalize(self, os.close, handle)


def prefix(name: str = "") -> str:
    """How a temporary file or folder begins that will be called so; nothing where it will not be called anything."""
    return f".{name}.{os.getpid()}-" if name else f"boilerbench-{os.getpid()}-"


def file(target: Path) -> tuple[int, Path]:
    """Make a file beside a target, to be put in its place: open, and its path."""
    _swept(target.parent)
    handle, partial = tempfile.mkstemp(prefix=prefix(target.name), dir=target.parent)
    holding.lock(handle)
    return handle, Path(partial)


def is_ours(path: Path) -> bool:
    """Whether a file or a folder is one that this module names."""
    return bool(_NAMED.fullmatch(path.name))


def sweep(home: Path) -> None:
    """Remove what processes of this user that are gone have left in a folder."""
    with suppress(OSError), os.scandir(home) as entries:
        for entry in entries:
            if found := _NAMED.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_if_left(entry, int(found[1]))


_swept = cache(sweep)


def _remove_if_left(entry: os.DirEntry[str], process: int) -> None:
    """Its process locks it, but for the moment in which it was made."""
    about = entry.stat(follow_symlinks=False)
    if about.st_uid != os.getuid() or (psutil.pid_exists(process) and time.time() - about.st_ctime < _MOMENT):
        return
    handle = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        if holding.lock(handle):
            if entry.is_dir():
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                Path(entry.path).unlink()
    finally:
        os.close(handle)

"""Makes what the cache keeps, a file or a folder: once, and whole or not at all, whoever else wants it at that time."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from filelock import FileLock, Timeout

from boilerbench.errors import BoilerbenchError, UnavailableError
from boilerbench.files import CACHE_VARIABLE, cache_folder
from boilerbench.process import programs


def once(place: str, build: Callable[[Path], None], works: Callable[[Path], bool] = Path.exists) -> Path:
    """Let `build` make a file or a folder at a path that is free, and put it at its place in the cache; return that.

    Nothing is done where it is there and works. Raises what `build` raises, `BoilerbenchError` where the cache cannot
    be written.
    """
    final = cache_folder() / place
    if works(final):
        with suppress(OSError):
            os.utime(final)  # so that what nobody uses any more can be told
        return final
    with _locked(final):
        if not works(final):
            partial = final.with_suffix(".partial")
            _remove(partial)
            try:
                build(partial)
                _remove(final)
                partial.replace(final)
            finally:
                _remove(partial)
    return final


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


@contextmanager
def _locked(final: Path) -> Iterator[None]:
    """Hold the right to make this against every other thread and process."""
    mutex, aborted = FileLock(final.with_suffix(".mutex"), timeout=0.5), Event()  # seconds from look to look
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with programs.abortable(aborted.set):
            while not (mutex.is_locked or aborted.is_set()):
                with suppress(Timeout):
                    mutex.acquire()
    except OSError as cause:
        raise BoilerbenchError(f"{final.parent}: {cause.strerror}; {CACHE_VARIABLE} names another folder") from cause
    if not mutex.is_locked:
        raise UnavailableError("interrupted while another process was building it")
    try:
        yield
    finally:
        mutex.release()

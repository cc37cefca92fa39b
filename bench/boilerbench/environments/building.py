"""Builds a folder of the cache once, whole or not at all, whoever else wants it at the same time."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from boilerbench.errors import BoilerbenchError, UnavailableError
from boilerbench.files import CACHE_VARIABLE
from boilerbench.process import programs, protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MARKER = "boilerbench-ready"
_POLL = 0.5
START_SECONDS = 300
"""How long a runner's first start may take: a Python runner's compiles its whole tree."""


def once(final: Path, build: Callable[[Path], None], works: Callable[[Path], bool]) -> None:
    """Let `build` make a folder that does not exist yet, and put it in place when it is whole and not there, or broken.

    Raises what `build` raises, `BoilerbenchError` where the cache cannot be written.
    """
    if works(final):
        return
    with _locked(final):
        if works(final):
            return
        partial = final.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            build(partial)
            (partial / MARKER).touch()
            shutil.rmtree(final, ignore_errors=True)
            partial.replace(final)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def ready(final: Path) -> bool:
    """Whether the folder has been built."""
    return (final / MARKER).exists()


def greet(command: Sequence[str]) -> None:
    """Start a runner as a run does, without any page: it says hello and leaves. `UnavailableError` says why not."""
    try:
        with tempfile.TemporaryDirectory(prefix="boilerbench-", ignore_cleanup_errors=True) as folder:
            own = programs.scrubbed(folder)
            done = programs.run(command, env=own, cwd=Path(folder), timeout=START_SECONDS, online=False)
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"its start takes more than {START_SECONDS} s") from None
    try:
        hello = protocol.decode(done.stdout.encode())
    except ValueError:
        reason = f"its start ended the process with code {done.returncode}: {programs.reason(done.stderr)}"
        raise UnavailableError(reason) from None
    if "error" in hello:
        raise UnavailableError(f"cannot be imported: {hello['error']}")


@contextmanager
def _locked(final: Path) -> Iterator[None]:
    """Hold the right to build this folder against every other thread and process."""
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        mutex = FileLock(final.with_suffix(".mutex"), timeout=_POLL)
        _acquire(mutex)
    except OSError as cause:
        raise BoilerbenchError(f"{final.parent}: {cause.strerror}; {CACHE_VARIABLE} names another folder") from cause
    try:
        yield
    finally:
        mutex.release()


def _acquire(mutex: FileLock) -> None:
    with programs.abortable() as aborted:
        while True:
            try:
                mutex.acquire()
            except Timeout:
                if aborted.is_set():
                    raise UnavailableError("interrupted while another process was building it") from None
            else:
                return

"""The processes that a process has started, and those that these did: to find them, and to end them."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

_ROUNDS, _PAUSE = 200, 0.002
"""How often what is left is looked for, and the seconds between."""


def descendants(pid: int) -> list[psutil.Process]:
    """Return those there are now. One may be missing which starts while another ends. Raises `psutil.Error`."""
    if not _told_by_the_kernel():
        return psutil.Process(pid).children(recursive=True)  # looks through all there are on the machine
    found = []
    for each in _descendants(pid):
        with suppress(psutil.Error):
            found.append(psutil.Process(each))
    return found


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of all processes behind a guardian that are there now, and of those they waited for."""
    found = 0.0
    with suppress(psutil.Error):
        for each in descendants(pid) or [psutil.Process(pid)]:
            with suppress(psutil.Error):
                found += sum(each.cpu_times()[:4])
    return found


def end(pid: int) -> None:
    """Kill a guardian (see `sandbox`) and all that was started behind it, also what has left its group.

    The guardian goes last: until then, what has lost its parent is a child of that one, and can be found.
    """
    for _ in range(_ROUNDS):
        if not (left := _living(pid)):
            break
        for each in left:
            with suppress(psutil.Error):
                each.kill()
        time.sleep(_PAUSE)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _living(pid: int) -> list[psutil.Process]:
    found = []
    with suppress(psutil.Error):
        for each in descendants(pid):
            with suppress(psutil.Error):
                found += [each] if each.status() != psutil.STATUS_ZOMBIE else []
    return found


@cache
def _told_by_the_kernel() -> bool:
    return Path("/proc/thread-self/children").exists()


def _descendants(pid: int) -> Iterator[int]:
    with suppress(OSError):  # it is gone
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield int(child)
                yield from _descendants(int(child))

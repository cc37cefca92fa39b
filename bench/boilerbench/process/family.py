"""The processes that a process has started, and those that these did."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil


def descendants(pid: int) -> list[psutil.Process]:
    """Return those there are now. One may be missing which starts while another ends. Raises `psutil.Error`."""
    if not _told_by_the_kernel():
        return psutil.Process(pid).children(recursive=True)  # looks through all there are on the machine
    found = []
    for each in _descendants(pid):
        with suppress(psutil.Error):
            found.append(psutil.Process(each))
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

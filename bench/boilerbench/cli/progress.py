"""The progress of a run or a download on stderr: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boilerbench.cli.terminal import quiet, say, within
from boilerbench.model import Extraction, Status
from boilerbench.text.lines import line

if TYPE_CHECKING:
    from rich.progress import Progress as Live
    from rich.progress import TaskID


@dataclass
class _Tally:
    pages: int = 0
    from_cache: int = 0
    done: int = 0
    extracted: int = 0
    failed: int = 0
    started: float = 0.0
    task: TaskID | None = None

    def count(self, extraction: Extraction) -> None:
        """Count a page; of those planned together, those from the cache come first."""
        self.done += 1
        self.failed += extraction.status.failed
        if self.done > self.from_cache and extraction.status is not Status.UNAVAILABLE:
            self.extracted += 1
            self.started = self.started or time.monotonic()

    def speed(self) -> float:
        """Pages per second since the first that was extracted now; unavailable ones do not count."""
        return max(self.extracted - 1, 0) / max(time.monotonic() - self.started, 1e-9)

    def __str__(self) -> str:
        from_cache = f", {self.from_cache} from cache" if self.from_cache else ""
        speed = f", {self.speed():.1f} pages/s" if self.extracted > 1 else ""
        return f"{self.done}/{self.pages} pages, {self.failed} failed{from_cache}{speed}"


class Progress(ExitStack):
    """Tells a person how a run goes on: runner, pages done, pages per second, failures, time left."""

    def __init__(self) -> None:
        super().__init__()
        self._tallies: dict[str, _Tally] = {}
        self._lock = threading.Lock()
        self._planned = False
        self._live = self.enter_context(_live()) if sys.stderr.isatty() and not quiet() else None

    def plan(self, runner: str, pages: int, from_cache: int) -> None:
        """Begin a runner's line, or make it longer."""
        with self._lock:
            tally = self._tallies.setdefault(runner, _Tally())
            tally.pages += pages
            tally.from_cache += from_cache
            if self._live and tally.task is None:
                tally.task = self._live.add_task(line(runner), total=pages, failed=0, speed=0.0)
            elif self._live and tally.task is not None:
                self._live.update(tally.task, total=tally.pages)

    def planned(self) -> None:
        """Tell of the runners that are done already: until now, more pages could come."""
        with self._lock:
            self._planned = True
            for runner, tally in self._tallies.items():
                self._tell(runner, tally)

    def note(self, runner: str, text: str) -> None:
        """Say what happens before the first page, or in place of it."""
        if self._live:
            told = within(sys.stderr, line(f"{runner}: {text}"))
            self._live.console.print(told, highlight=False, markup=False, soft_wrap=True)
        else:
            say(f"{runner}: {text}")

    def done(self, runner: str, extraction: Extraction) -> None:
        """Count a page."""
        with self._lock:
            tally = self._tallies[runner]
            if extraction.status.failed and not tally.failed and extraction.status is not Status.UNAVAILABLE:
                self.note(runner, f"first page that failed: {extraction.error or extraction.status}")
            tally.count(extraction)
            if self._live and tally.task is not None:
                self._live.update(tally.task, advance=1, failed=tally.failed, speed=tally.speed())
            self._tell(runner, tally)

    def _tell(self, runner: str, tally: _Tally) -> None:
        """Say that a runner is done, if it is; on a terminal its line says so."""
        if not self._live and self._planned and tally.done == tally.pages:
            self.note(runner, str(tally))


def _live() -> Live:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    counts = (MofNCompleteColumn(), "{task.fields[speed]:.1f} pages/s", "{task.fields[failed]} failed")
    name = TextColumn("{task.description}", markup=False)
    return Progress(name, BarColumn(), *counts, TimeRemainingColumn(), console=Console(stderr=True))


@contextmanager
def downloading(name: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to tell of bytes so far and in all, 0 where that is unknown."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet() or not console.is_terminal) as live:
        task = live.add_task(name, total=None, visible=False)

        def tell(done: int, total: int) -> None:
            live.update(task, completed=done, total=total or None, visible=True)
            if not done and not console.is_terminal:
                say(f"{name}: downloading" + (f", {total / 1e6:.1f} MB" if total else ""))

        yield tell

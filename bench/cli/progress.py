"""The progress of a run on stderr: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from rich.console import Console

if TYPE_CHECKING:
    import rich.progress
    from rich.progress import TaskID

    from bench.model import Extraction


@dataclass
class _Tally:
    pages: int
    known: int
    done: int = 0
    failed: int = 0
    started: float = field(default_factory=time.monotonic)
    task: TaskID | None = None

    def speed(self) -> float:
        """Pages per second that were extracted now; known ones do not count."""
        return max(self.done - self.known, 0) / max(time.monotonic() - self.started, 1e-9)


class Progress:
    """Tells a person how a run goes on: runner, pages done, pages per second, failures, time left."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._tallies: dict[str, _Tally] = {}
        self._lock = threading.Lock()
        self._live = _live(self._console) if self._console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._live:
            self._live.stop()

    def plan(self, runner: str, pages: int, known: int) -> None:
        """Begin a runner's line."""
        tally = self._tallies[runner] = _Tally(pages, known)
        if self._live:
            tally.task = self._live.add_task(runner, total=pages, failed=0, speed=0.0)

    def note(self, runner: str, text: str) -> None:
        """Say what happens before the first page, or in place of it."""
        self._console.print(f"{runner}: {text}", highlight=False, markup=False, soft_wrap=True)

    def done(self, runner: str, extraction: Extraction) -> None:
        """Count a page."""
        with self._lock:
            tally = self._tallies[runner]
            tally.done += 1
            if tally.done == tally.known + 1:
                tally.started = time.monotonic()
            tally.failed += extraction.status.failed
            if self._live and tally.task is not None:
                self._live.update(tally.task, advance=1, failed=tally.failed, speed=tally.speed())
            elif tally.done == tally.pages:
                self._print(runner, tally)

    def _print(self, runner: str, tally: _Tally) -> None:
        known = f", {tally.known} known before" if tally.known else ""
        speed = f", {tally.speed():.1f} pages/s" if tally.done > tally.known + 1 else ""
        self._console.print(
            f"{runner}: {tally.done}/{tally.pages} pages, {tally.failed} failed{known}{speed}", highlight=False
        )


def _live(console: Console) -> rich.progress.Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Live

    return Live(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]:.1f} pages/s"),
        TextColumn("{task.fields[failed]} failed"),
        TimeRemainingColumn(),
        console=console,
    )

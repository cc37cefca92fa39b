"""The progress of a download on stderr: a live display on a terminal, a plain line per attempt elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def downloading(name: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to tell of bytes so far and in all, 0 where that is unknown."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as live:
        task = live.add_task(name, total=None, visible=False)

        def tell(done: int, total: int) -> None:
            live.update(task, completed=done, total=total or None, visible=True)
            if not done and not console.is_terminal:
                console.print(f"{name}: downloading" + (f", {total / 1e6:.1f} MB" if total else ""), highlight=False)

        yield tell

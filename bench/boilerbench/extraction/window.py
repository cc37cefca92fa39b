"""Some pages of a run while they are under way, with what every runner gave for them: all that is in memory of a run.

A run goes through its sets window by window. Two are open at once, so that a slow runner or page keeps no other
waiting.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import msgspec

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError, UsageError
from boilerbench.extraction.local import Settings
from boilerbench.model import Extraction, GoldSet, Page, Runner
from boilerbench.process import confinement
from boilerbench.sets.spool import Spool
from boilerbench.storage.run_folder import ROWS_IN_PART, Part
from boilerbench.storage.run_folder.columns import PageRow, row_of
from boilerbench.text import convert, decoding

SIZE = 2048
"""Pages of a window: so many that the start of a child is little beside what it does."""

_IN_MEMORY = 2**22
"""Bytes of extractions that a window keeps in memory; what comes after goes into an unnamed file."""

_IN_PART = 2**23
"""Bytes of the extractions of a part, if these are not of one page."""


@dataclass(frozen=True)
class Task:
    """One page to extract: the set that it is of, its place in its window, and what is to be written of it."""

    window: Window = field(repr=False)
    place: int
    goldset: str
    page: Page
    gold: str
    """The digest of its gold, which waits in no window."""


class Window:
    """Pages, and a place for the extraction of each by every runner. Several threads may use it."""

    def __init__(self, number: int, entries: Sequence[tuple[str, Page, str]], runners: Sequence[str]) -> None:
        self.number, self.runners = number, runners
        self.tasks = [Task(self, place, *entry) for place, entry in enumerate(entries)]
        self._found: dict[str, list[Callable[[], bytes]]] = {runner: [_lost] * len(self.tasks) for runner in runners}
        self.unsettled: dict[str, list[Task]] = {runner: [] for runner in runners}
        """Pages that others came before in their process, until some have been asked again; the last came last."""
        self._left = {runner: len(self.tasks) for runner in runners}
        self._open = set(runners)
        self._lock = threading.Lock()
        self._spool = Spool(_IN_MEMORY)
        self._sizes = [0] * len(self.tasks)

    @property
    def whole(self) -> bool:
        """Whether all runners have done, and are done with, all pages."""
        return not self._open

    def hold(self, runner: str, task: Task, extraction: Extraction) -> bool:
        """Hold an extraction; whether it was the last that its runner had to give."""
        content = msgspec.msgpack.encode(extraction)
        kept = self._spool.keep(content) or (lambda: content)
        with self._lock:
            self._found[runner][task.place] = kept
            self._sizes[task.place] += len(content)
            self._left[runner] -= 1
            return self._left[runner] == 0

    def close(self, runner: str) -> None:
        """Say that nothing more is to be done for a runner."""
        with self._lock:
            self._open.discard(runner)

    def of(self, runner: str, task: Task) -> Extraction:
        """Give back an extraction that is held."""
        return msgspec.msgpack.decode(self._found[runner][task.place](), type=Extraction)

    def forget(self) -> None:
        """Let go of the pages and extractions now: tasks know their window, and would wait for a collection."""
        self.tasks.clear()
        self._found.clear()
        self.unsettled.clear()

    def pages(self) -> Iterator[PageRow]:
        """What is written of its pages."""
        return (row_of(task.goldset, task.page, task.gold) for task in self.tasks)

    def parts(self) -> Iterator[Part]:
        """Its extractions by set, runner and page, some pages at a time."""
        for some in self._cut():
            answers = {runner: {task.page.id: self.of(runner, task) for task in some} for runner in self.runners}
            yield Part(some[0].goldset, answers)

    def _cut(self) -> Iterator[list[Task]]:
        """Cut the pages where a set ends, and where their extractions are many or large."""
        most, some, size = max(1, ROWS_IN_PART // max(1, len(self.runners))), list[Task](), 0
        for task in self.tasks:
            full = len(some) == most or size + self._sizes[task.place] > _IN_PART
            if some and (full or task.goldset != some[0].goldset):
                yield some
                some, size = [], 0
            some.append(task)
            size += self._sizes[task.place]
        yield some


def _lost() -> bytes:
    raise LookupError("an extraction that nobody has held")


@dataclass
class Queue:
    """What one runner has still to extract; that depends on the page and, if known, on `key_parts`."""

    runner: Runner
    key_parts: Sequence[str | float] | None
    tasks: deque[Task] = field(default_factory=deque)
    settling: deque[Window] = field(default_factory=deque)
    """Windows whose pages are all done, until some have been asked again."""
    workers: int = 0
    unseen: str = ""
    remark: str = ""
    lost: UnavailableError | None = None
    """Why it cannot run any more."""

    @property
    def label(self) -> str:
        """What the runner is called."""
        return self.runner.label

    @cached_property
    def version(self) -> str:
        """The version of its runner, for which a lock is read."""
        return self.runner.version

    def key(self, task: Task) -> str | None:
        """Return what an extraction is kept under in the cache; None where it must not be kept."""
        if self.key_parts is None:
            return None
        identity, *others = self.key_parts
        return hashlib.sha256(json.dumps([identity, task.page.digest, *others]).encode()).hexdigest()


def key_parts(runner: Runner, how: Settings) -> list[str | float] | None:
    """Return what an extraction depends on beside its page; None where it must not be kept."""
    identity = environment.digest(runner, how.mode)
    if identity is None:
        return None
    text = (decoding.version(), convert.version(runner.format))
    alone = ["isolated"] if how.isolate else []
    return [identity, how.limits.seconds, how.limits.memory, confinement.layer(), *text, *alone]


def windows(
    goldsets: Sequence[GoldSet], runners: Sequence[str], begun: Iterable[tuple[Any, ...]] = ()
) -> Iterator[Window]:
    """Cut all pages of some sets into windows, without the first ones, whose set, id and gold's digest are given.

    `UsageError` where these are others.
    """
    entries = ((goldset.name, page, gold.digest) for goldset in goldsets for page, gold in goldset.entries)
    passed = 0
    for row, (name, page, gold) in zip(begun, entries, strict=False):
        passed += 1
        if row != (name, page.id, gold):
            raise UsageError(
                f"page {page.id} of set '{name}' is not what it was when this run began; name another --out"
            )
    number = -(-passed // SIZE)
    while some := list(islice(entries, SIZE)):
        yield Window(number, some, runners)
        number += 1

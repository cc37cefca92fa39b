"""Pages through runners: what there is comes from the cache, the rest from child processes, `jobs` at a time.

Each thread of a run holds one child and feeds it pages, preparing the next while the child works.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from boilerbench.errors import UnavailableError
from boilerbench.extraction import state
from boilerbench.extraction.local import Conversation, Engine, Given, Local, Settings
from boilerbench.extraction.window import Queue, Task, Window, key_parts
from boilerbench.model import Extraction, Runner, Status
from boilerbench.process.child import Limits
from boilerbench.process.inputs import Unchanged
from boilerbench.sets import digests
from boilerbench.text.decoding import without_surrogates

if TYPE_CHECKING:
    from boilerbench.environments.environment import Mode
    from boilerbench.storage.cache import Cache

_AHEAD = 16
"""How many pages before the end of a runner's queue the next runner's child is started, so that imports overlap."""
_POLL = 0.1
"""Seconds after which the thread that waits for others looks whether one has failed, and takes an interruption."""


class Observer(Protocol):
    """Who is told how a run goes on. Called from several threads."""

    def plan(self, runner: str, pages: int, from_cache: int) -> None:
        """So many more `pages` are expected of a runner, `from_cache` of them were extracted by an earlier run."""

    def planned(self) -> None:
        """No more pages are expected of any runner."""

    def note(self, runner: str, text: str) -> None:
        """Something that happens before a runner's first page."""

    def done(self, runner: str, extraction: Extraction) -> None:
        """One more page is done; of those planned together, those from the cache come first."""


@dataclass(frozen=True)
class Options:
    """How pages are extracted: of each set the first `limit` if given, each alone in its process if `isolate`.

    `engine` is `local`, or `dask:` with a scheduler's address, or `dask:local` for a cluster of this machine's.
    """

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    mode: Mode = "locked"
    fresh: bool = False
    limit: int | None = None
    isolate: bool = False
    engine: str = "local"

    @property
    def settings(self) -> Settings:
        """What of them a runner's process has to know."""
        return Settings(self.limits, self.mode, self.isolate)


def run(
    runners: Sequence[Runner], windows: Iterator[Window], options: Options, cache: Cache, observer: Observer
) -> Iterator[tuple[Window, Mapping[str, str]]]:
    """Extract windows of pages with every runner, and give them back whole, with what is to be remarked of runners.

    On KeyboardInterrupt all children are ended before it goes on; what is finished stays in the cache.
    """
    kind, _, address = options.engine.partition(":")
    engine: Engine = Local(options.jobs, options.settings)
    if kind == "dask":
        from boilerbench.extraction.cluster import Cluster

        engine = Cluster(address, options.jobs, options.settings)
    with closing(engine):
        yield from _run(WorkerPool(runners, options, engine, cache, observer), windows, observer)


def _run(pool: WorkerPool, windows: Iterator[Window], observer: Observer) -> Iterator[tuple[Window, Mapping[str, str]]]:
    open_: deque[Window] = deque()
    with pool.working():
        for window in windows:
            pool.add(window)
            open_.append(window)
            if len(open_) > 1:
                yield pool.finished(open_.popleft()), pool.remarks
        observer.planned()
        while open_:
            yield pool.finished(open_.popleft()), pool.remarks


class WorkerPool:
    """The threads of a run. Each has one busy child, and stays with a runner while that has pages left."""

    def __init__(
        self, runners: Sequence[Runner], options: Options, engine: Engine, cache: Cache, observer: Observer
    ) -> None:
        self._queues = [Queue(runner, key_parts(runner, options.settings)) for runner in runners]
        self._options, self._engine, self._cache, self._observer = options, engine, cache, observer
        self._lock = threading.Condition()
        self._building = {runner.label: threading.Lock() for runner in runners}
        self._stopped = False
        self._unchanged = Unchanged()
        self._futures: list[Future[None]] = []

    @property
    def remarks(self) -> dict[str, str]:
        """What is to be remarked of runners, until now (see `state`)."""
        return {queue.label: queue.remark for queue in self._queues}

    @contextmanager
    def working(self) -> Iterator[None]:
        """Work on what is added in a block, and leave no child behind, also where it is interrupted.

        What is finished then stays in the cache.
        """
        with ThreadPoolExecutor(self._engine.jobs) as threads:
            try:  # not by Thread.join: interrupted, Python 3.11 takes the thread for ended
                self._futures = [threads.submit(self._work) for _ in range(self._engine.jobs)]
                yield
            finally:
                with self._lock:
                    self._stopped = True
                    self._lock.notify_all()
                while wait(self._futures, _POLL).not_done:
                    self._engine.abort()  # a child may be under way, or an environment be built

    def add(self, window: Window) -> None:
        """Take of a window what an earlier run extracted, and have the rest extracted."""
        digests.recognise((task.page for task in window.tasks), self._cache)
        for queue in self._queues:
            left = self._take_from_cache(queue, window)
            with self._lock:
                queue.tasks.extend(left)
                self._lock.notify_all()

    def finished(self, window: Window) -> Window:
        """Wait until a window is whole, and return it. Raises what went wrong in a thread."""
        while not window.whole:
            for future in self._futures:
                if future.done():
                    future.result()
            with self._lock:
                if not window.whole:
                    self._lock.wait(_POLL)
        return window

    def _take_from_cache(self, queue: Queue, window: Window) -> list[Task]:
        """Take what an earlier run extracted, tell what is left to do, and return it."""
        left, found = window.tasks, {}
        if not self._options.fresh:
            keys = {task.place: key for task in window.tasks if (key := queue.key(task))}
            kept = self._cache.get(keys.values())
            found = {
                place: kept[key] for place, key in keys.items() if key in kept and self._unchanged(kept[key].files)
            }
            left = [task for task in window.tasks if task.place not in found]
        self._observer.plan(queue.label, len(window.tasks), len(found))
        for place, each in found.items():
            self._hold(queue, window.tasks[place], each.extraction, alone=each.alone)
        return left

    def _work(self) -> None:
        avoided: list[Queue] = []
        opened = None
        while opened := (opened and self._serve(*opened, avoided)) or self._open(avoided):
            pass

    def _choose(self, avoided: Sequence[Queue], beside: Queue | None) -> Queue | None:
        """The runner with the fewest threads that has pages left, or some to be asked again.

        Beside one whose pages are under way only a runner with pages left, if there is one; else it is waited for,
        and there is none once all is over.
        """
        with self._lock:
            while not self._stopped:
                waiting = [each for each in self._queues if each.tasks or (each.settling and not beside)]
                waiting = [each for each in waiting if each is not beside and (each.lost or each not in avoided)]
                if waiting:
                    queue = min(waiting, key=lambda queue: queue.workers)
                    queue.workers += 1
                    return queue
                if beside:
                    return None
                self._lock.wait()
        return None

    def _open(self, avoided: Sequence[Queue], beside: Queue | None = None) -> tuple[Queue, Conversation] | None:
        """Start a child for the next runner that can run, beside the one whose pages this thread has sent."""
        while queue := self._choose(avoided, beside):
            with self._building[queue.label]:
                try:
                    if queue.lost:
                        raise queue.lost
                    if queue.tasks:
                        return queue, self._engine.begin(queue.runner, partial(self._observer.note, queue.label))
                    self._leave(queue)  # while this thread waited, another gave it up, or sent its last page
                except UnavailableError as cause:
                    self._leave(queue)
                    self._give_up(queue, cause)
            while not beside and self._settle(queue):
                pass
        return None

    def _leave(self, queue: Queue) -> bool:
        """Stop working for a runner; whether another thread goes on."""
        with self._lock:
            queue.workers -= 1
            return queue.workers > 0

    def _give_up(self, queue: Queue, cause: UnavailableError) -> None:
        if not queue.lost and queue.tasks and not self._stopped:
            self._observer.note(queue.label, f"unavailable: {cause}")
        queue.lost = cause
        while not self._stopped and (task := self._next(queue)):
            found = Extraction(Status.UNAVAILABLE, error=without_surrogates(str(cause)))
            self._hold(queue, task, found, alone=True)

    def _serve(self, queue: Queue, session: Conversation, avoided: list[Queue]) -> tuple[Queue, Conversation] | None:
        """Extract a runner's pages; open the next session while the last of them are under way."""
        following = None
        try:
            with closing(session):
                for _ in self._extract(queue, session):
                    if following is None and len(queue.tasks) < _AHEAD:
                        following = self._open(avoided, beside=queue)
            self._remark(queue, session.remark)
            self._leave(queue)
        except UnavailableError as cause:
            if self._leave(queue):
                avoided.append(queue)
                self._observer.note(queue.label, f"one process less: {cause}")
            else:
                self._give_up(queue, cause)
        except BaseException:
            if following:
                following[1].close()
            raise
        while self._settle(queue):
            pass
        return following

    def _extract(self, queue: Queue, session: Conversation) -> Iterator[None]:
        """Have one page under way and the next in the pipe; meanwhile keep the extraction of the one before.

        While pages are to be asked again, none is: a reply that waits for that would seem late.
        """
        sent: deque[Task] = deque()
        before: tuple[Task, Given] | None = None
        session.hello()  # before a page is taken from those whose child works
        while not self._stopped:
            while not queue.settling and len(sent) < self._engine.ahead and (task := self._next(queue)):
                session.send(task.page)
                sent.append(task)
            if before:
                self._keep(queue, *before)
                before = None
            if sent:
                yield
                try:
                    given = session.receive()
                except UnavailableError:
                    with self._lock:
                        queue.tasks.extendleft(reversed(sent))
                    raise
                before = sent.popleft(), given
            elif not (queue.tasks and self._settle(queue)):
                return

    def _next(self, queue: Queue) -> Task | None:
        with self._lock:
            return queue.tasks.popleft() if queue.tasks else None

    def _keep(self, queue: Queue, task: Task, given: Given) -> None:
        """Keep what a runner gave; not where its child has read what is unseen."""
        if self._stopped:
            return
        kept, unseen = given
        found = kept.extraction
        # time that ran out while the process hardly ran is the machine's doing, or a wait's
        starved = found.status is Status.TIMEOUT and 2 * (found.cpu or 0) < self._options.limits.seconds
        if not (found.status is Status.UNAVAILABLE or starved) and (key := queue.key(task)):
            if not unseen:
                self._cache.put(key, kept, queue.runner.name, queue.version)
            elif not queue.unseen:
                queue.unseen = unseen
                self._observer.note(queue.label, f"extractions are not kept: {unseen}")
        self._hold(queue, task, found, alone=kept.alone)

    def _hold(self, queue: Queue, task: Task, extraction: Extraction, *, alone: bool) -> None:
        """Hold an extraction until its window is whole."""
        extraction = replace(extraction, format=queue.runner.format)
        if not alone:
            task.window.unsettled[queue.label].append(task)
        self._observer.done(queue.label, extraction)
        if task.window.hold(queue.label, task, extraction):
            with self._lock:
                queue.settling.append(task.window)
                self._lock.notify_all()

    def _settle(self, queue: Queue) -> bool:
        """Be done with a window that a runner has done, if there is one: whether there was.

        Some of its pages are asked again; what depends on the pages before is forgotten.
        """
        with self._lock:
            if self._stopped or not queue.settling:
                return False
            window = queue.settling.popleft()
        if tasks := window.unsettled[queue.label]:
            extracted = [(task.page, window.of(queue.label, task)) for task in tasks]
            with suppress(UnavailableError):
                begin = partial(self._engine.begin, queue.runner, partial(self._observer.note, queue.label), fresh=True)
                self._judged(queue, window, state.judge(extracted, begin))
        window.close(queue.label)
        with self._lock:
            self._lock.notify_all()
        return True

    def _judged(self, queue: Queue, window: Window, remark: str) -> None:
        if self._stopped:
            return
        self._remark(queue, remark)
        tasks = window.tasks if queue.remark else window.unsettled[queue.label]
        self._cache.settle([key for task in tasks if (key := queue.key(task))], alone=not queue.remark)

    def _remark(self, queue: Queue, remark: str) -> None:
        if remark and not queue.remark:
            queue.remark = remark
            self._observer.note(queue.label, state.MEANING[remark])

"""Pages through runners: what there is comes from the cache, the rest from child processes, `jobs` at a time.

Each thread of a run holds one child and feeds it pages, preparing the next while the child works.
"""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, Protocol

from boilerbench.environments import environment
from boilerbench.environments.environment import Mode
from boilerbench.errors import UnavailableError
from boilerbench.extraction import state
from boilerbench.extraction.pages import html_for, with_text
from boilerbench.model import Extraction, GoldSet, Page, Runner, Status
from boilerbench.process import programs
from boilerbench.process.child import Limits
from boilerbench.process.inputs import Unchanged
from boilerbench.process.session import Session
from boilerbench.storage.cache import Cache, Kept
from boilerbench.text import convert, decoding

_AHEAD = 16
"""How many pages before the end of a runner's queue the next runner's child is started, so that imports overlap."""


class Observer(Protocol):
    """Who is told how a run goes on. Called from several threads."""

    def plan(self, runner: str, pages: int, from_cache: int) -> None:
        """`pages` are expected of a runner, `from_cache` of them were extracted by an earlier run."""

    def note(self, runner: str, text: str) -> None:
        """Something that happens before a runner's first page."""

    def done(self, runner: str, extraction: Extraction) -> None:
        """One more page is done; those from the cache come first."""


@dataclass(frozen=True)
class Options:
    """How pages are extracted: of each set the first `limit` if given, each alone in its process if `isolate`."""

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    mode: Mode = "locked"
    fresh: bool = False
    limit: int | None = None
    isolate: bool = False


class _Task(NamedTuple):
    """One page to extract, and the set that it is of."""

    goldset: str
    page: Page


@dataclass
class _Queue:
    """What one runner has still to extract, and its extractions; they depend on the page and, if known, `key_parts`."""

    runner: Runner
    key_parts: Sequence[str | float] | None
    tasks: deque[_Task]
    extractions: dict[_Task, Extraction] = field(default_factory=dict)
    unsettled: list[_Task] = field(default_factory=list)
    """Pages that others came before in their process, until some have been asked again; the last came last."""
    workers: int = 0
    unseen: str = ""
    remark: str = ""

    def key(self, task: _Task) -> str | None:
        """Return what an extraction is kept under in the cache; None where it must not be kept."""
        if self.key_parts is None:
            return None
        identity, *others = self.key_parts
        return hashlib.sha256(json.dumps([identity, task.page.digest, *others]).encode()).hexdigest()


class Found(NamedTuple):
    """Extractions by set, runner and page, no pair missing, and what is to be remarked of runners (see `state`)."""

    extractions: dict[str, dict[str, dict[str, Extraction]]]
    remarks: dict[str, str]


def run(
    runners: Sequence[Runner], goldsets: Sequence[GoldSet], options: Options, cache: Cache, observer: Observer
) -> Found:
    """Extract every page of every set with every runner.

    On KeyboardInterrupt all children are ended before it goes on; what is finished stays in the cache.
    """
    tasks = [_Task(goldset.name, page) for goldset in goldsets for page in goldset.pages]
    queues = [_Queue(runner, _key_parts(runner, options), deque(tasks)) for runner in runners]
    WorkerPool(queues, options, cache, observer).work()
    extractions = {
        goldset.name: {
            queue.runner.label: {page.id: queue.extractions[_Task(goldset.name, page)] for page in goldset.pages}
            for queue in queues
        }
        for goldset in goldsets
    }
    return Found(extractions, {queue.runner.label: queue.remark for queue in queues})


def _key_parts(runner: Runner, options: Options) -> list[str | float] | None:
    identity = environment.digest(runner, options.mode)
    if identity is None:
        return None
    text = (decoding.version(), convert.version(runner.format))
    alone = ["isolated"] if options.isolate else []
    return [identity, options.limits.seconds, options.limits.memory, *text, *alone]


class WorkerPool:
    """The threads of a run. Each has one busy child, and stays with a runner while that has pages left."""

    def __init__(self, queues: Sequence[_Queue], options: Options, cache: Cache, observer: Observer) -> None:
        self._queues, self._options, self._cache, self._observer = queues, options, cache, observer
        self._lock = threading.Lock()
        self._building = {queue.runner.label: threading.Lock() for queue in queues}
        self._stopped = False
        self._unchanged = Unchanged()
        for queue in queues:
            self._take_from_cache(queue)

    def _take_from_cache(self, queue: _Queue) -> None:
        """Take what an earlier run extracted, and tell what is left to do."""
        pages = len(queue.tasks)
        if not self._options.fresh:
            keys = {task: key for task in queue.tasks if (key := queue.key(task))}
            kept = self._cache.get(keys.values())
            found = {task: kept[key] for task, key in keys.items() if key in kept and self._unchanged(kept[key].files)}
            queue.extractions = {task: each.extraction for task, each in found.items()}
            queue.unsettled = [task for task, each in found.items() if not each.alone]
            queue.tasks = deque(task for task in queue.tasks if task not in found)
        self._observer.plan(queue.runner.label, pages, len(queue.extractions))
        for extraction in queue.extractions.values():
            self._observer.done(queue.runner.label, extraction)

    def work(self) -> None:
        """Work until no queue has a page left. Raises what went wrong in a thread; leaves no child behind."""
        jobs = min(self._options.jobs, sum(len(queue.tasks) for queue in self._queues))
        with ThreadPoolExecutor(self._options.jobs) as threads:
            futures: list[Future[None]] = []
            try:  # not by Thread.join: interrupted, Python 3.11 takes the thread for ended
                futures.extend(threads.submit(self._work) for _ in range(jobs))
                futures.extend(threads.submit(self._settle, queue) for queue in self._queues if queue.unsettled)
                for done in wait(futures, return_when=FIRST_EXCEPTION).done:
                    done.result()
            finally:
                self._stopped = True
                while wait(futures, 0.1).not_done:
                    programs.abort()  # a child may be under way, or an environment be built

    def _work(self) -> None:
        opened = self._open()
        while opened:
            opened = self._serve(*opened)

    def _choose(self, beside: _Queue | None) -> _Queue | None:
        """The runner with the fewest threads that has pages left."""
        with self._lock:
            waiting = [each for each in self._queues if each.tasks and each is not beside]
            if not waiting or self._stopped:
                return None
            queue = min(waiting, key=lambda queue: queue.workers)
            queue.workers += 1
            return queue

    def _open(self, beside: _Queue | None = None) -> tuple[_Queue, Session] | None:
        """Start a child for the next runner that can run, beside the one whose pages this thread has sent."""
        while queue := self._choose(beside):
            with self._building[queue.runner.label]:
                try:
                    if queue.tasks:
                        if self._options.mode == "locked" and environment.state(queue.runner) != "ready":
                            self._observer.note(queue.runner.label, "building its environment")
                        command = environment.command(queue.runner, self._options.mode)
                        session = Session(command, self._options.limits, isolate=self._options.isolate)
                        session.start()
                        return queue, session
                    self._leave(queue)  # while this thread waited, another gave it up, or sent its last page
                    self._settle(queue)
                except UnavailableError as cause:
                    self._leave(queue)
                    self._give_up(queue, cause)
        return None

    def _leave(self, queue: _Queue) -> bool:
        """Stop working for a runner; whether another thread goes on."""
        with self._lock:
            queue.workers -= 1
            return queue.workers > 0

    def _give_up(self, queue: _Queue, cause: UnavailableError) -> None:
        if queue.tasks and not self._stopped:
            self._observer.note(queue.runner.label, f"unavailable: {cause}")
        while task := self._next(queue):
            self._keep(queue, task, Kept(Extraction(Status.UNAVAILABLE, error=str(cause))))

    def _serve(self, queue: _Queue, session: Session) -> tuple[_Queue, Session] | None:
        """Extract a runner's pages; open the next session while the last of them are under way."""
        following = failed = None
        try:
            with session:
                for _ in self._extract(queue, session):
                    if following is None and len(queue.tasks) < _AHEAD:
                        following = self._open(beside=queue)
            self._leave(queue)
        except UnavailableError as cause:
            failed = queue
            if self._leave(queue):
                self._observer.note(queue.runner.label, f"one process less: {cause}")
            else:
                self._give_up(queue, cause)
        except BaseException:
            if following:
                following[1].close()
            raise
        self._settle(queue)
        return following or self._open(beside=failed)

    def _extract(self, queue: _Queue, session: Session) -> Iterator[None]:
        """Have one page under way and the next in the pipe; meanwhile keep the extraction of the one before."""
        sent: deque[_Task] = deque()
        before: tuple[_Task, Kept, str] | None = None
        ahead = 1 if self._options.isolate else 2
        session.hello()  # before a page is taken from those whose child works
        while not self._stopped:
            while len(sent) < ahead and (task := self._next(queue)):
                session.send(task.page.url, html_for(queue.runner.input, task.page))
                sent.append(task)
            if before:
                self._keep(queue, *before)
            if not sent:
                return
            yield
            try:
                extraction, inputs = session.receive(), session.inputs
            except UnavailableError:
                with self._lock:
                    queue.tasks.extendleft(reversed(sent))
                raise
            before = sent.popleft(), Kept(extraction, inputs.packed, session.place == 1), inputs.unseen

    def _next(self, queue: _Queue) -> _Task | None:
        with self._lock:
            return queue.tasks.popleft() if queue.tasks else None

    def _keep(self, queue: _Queue, task: _Task, given: Kept, unseen: str = "") -> None:
        """Keep what a runner gave; not where its child has read what is `unseen`."""
        if self._stopped:
            return
        found = with_text(given.extraction, queue.runner.format)
        # time that ran out while the process hardly ran is the machine's doing, or a wait's
        starved = found.status is Status.TIMEOUT and 2 * (found.cpu or 0) < self._options.limits.seconds
        if not (found.status is Status.UNAVAILABLE or starved) and (key := queue.key(task)):
            if not unseen:
                self._cache.put(key, given._replace(extraction=found))
            elif not queue.unseen:
                queue.unseen = unseen
                self._observer.note(queue.runner.label, f"extractions are not kept: {unseen}")
        queue.extractions[task] = found
        if not given.alone:
            queue.unsettled.append(task)
        self._observer.done(queue.runner.label, found)

    def _settle(self, queue: _Queue) -> None:
        """Ask for some of a runner's pages again once all are done; forget them where they depend on those before."""
        if not (tasks := self._unsettled(queue)):
            return
        extracted = [(task.page, queue.extractions[task]) for task in tasks]
        try:
            begin = partial(Session, environment.command(queue.runner, self._options.mode), self._options.limits)
            remark = state.judge(queue.runner, extracted, begin)
        except UnavailableError:
            return
        if self._stopped:
            return
        if remark:
            queue.remark = remark
            self._observer.note(queue.runner.label, state.MEANING[remark])
        keys = [key for task in (queue.extractions if remark else tasks) if (key := queue.key(task))]
        self._cache.settle(keys, alone=not remark)

    def _unsettled(self, queue: _Queue) -> list[_Task]:
        with self._lock:
            if self._stopped or queue.workers or queue.tasks:
                return []
            tasks, queue.unsettled = queue.unsettled, []
            return tasks

"""The threads of a run: each holds one child process and feeds it pages, preparing the next while the child works."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError
from boilerbench.model import Extraction, Status
from boilerbench.process import programs
from boilerbench.process.child import Child, Limits
from boilerbench.text import convert
from boilerbench.text.decoding import decode, without_surrogates

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Iterator, Sequence

    from boilerbench.environments.environment import Mode
    from boilerbench.model import Page, Runner
    from boilerbench.storage.cache import Cache


_AHEAD = 16
"""How many pages before the end of a runner's queue the next runner's child is started, so that imports overlap."""


class Observer(Protocol):
    """Who is told how a run goes on. Called from several threads."""

    def plan(self, runner: str, pages: int, known: int) -> None:
        """`pages` are expected of a runner, `known` of them are there already."""

    def note(self, runner: str, text: str) -> None:
        """Something that happens before a runner's first page."""

    def done(self, runner: str, extraction: Extraction) -> None:
        """One more page is done."""


@dataclass(frozen=True)
class Options:
    """How pages are extracted, and of each set only the first `limit`, where it is given."""

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    mode: Mode = "locked"
    fresh: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Task:
    """One page to extract: its set, and what reads the page for the key its extraction is kept under, if it may be."""

    goldset: str
    page: Page
    key: Callable[[], str | None]


@dataclass
class Queue:
    """The pages one runner still has to answer, and its answers by (set, page)."""

    runner: Runner
    tasks: deque[Task]
    answers: dict[tuple[str, str], Extraction]
    workers: int = 0


@dataclass
class _Post:
    """What one thread is busy with: a runner's queue, and the child that answers for it."""

    queue: Queue
    command: list[str]
    child: Child


@dataclass(frozen=True)
class _Job:
    """A task with what is sent for it."""

    task: Task
    number: int
    html: str | bytes


class Crew:
    """The threads of a run. Each has one busy child, and stays with a runner while that has pages left."""

    def __init__(self, queues: Sequence[Queue], options: Options, cache: Cache, observer: Observer) -> None:
        self._queues, self._options, self._cache, self._observer = queues, options, cache, observer
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._building = {queue.runner.label: threading.Lock() for queue in queues}
        self._children: set[Child] = set()
        self._stopped = False
        self._failure: BaseException | None = None

    def work(self) -> None:
        """Work until no queue has a page left. Raises what went wrong in a thread; leaves no child behind."""
        pages = sum(len(queue.tasks) for queue in self._queues)
        with ThreadPoolExecutor(self._options.jobs) as pool:
            futures: list[Future[None]] = []
            try:  # not by Thread.join: interrupted, Python 3.11 takes the thread for ended
                futures.extend(pool.submit(self._guarded) for _ in range(min(self._options.jobs, pages)))
                wait(futures)
            finally:
                self._stop()
                while wait(futures, 0.1).not_done:
                    programs.abort()  # it may be building an environment
        if self._failure:
            raise self._failure

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            for child in self._children:
                child.kill()

    def _guarded(self) -> None:
        try:
            post = self._open()
            while post:
                post = self._serve(post)
        except BaseException as cause:  # noqa: BLE001  # the main thread raises it
            self._failure = cause
            self._stop()

    def _choose(self, beside: Queue | None) -> Queue | None:
        """The runner with the fewest threads that has pages left."""
        with self._lock:
            waiting = [each for each in self._queues if each.tasks and each is not beside]
            if not waiting or self._stopped:
                return None
            queue = min(waiting, key=lambda queue: queue.workers)
            queue.workers += 1
            return queue

    def _open(self, beside: Queue | None = None) -> _Post | None:
        """Start a child for the next runner that can run, beside the one whose pages this thread answers."""
        while queue := self._choose(beside):
            with self._building[queue.runner.label]:
                try:
                    if queue.tasks:
                        command = self._command(queue.runner)
                        return _Post(queue, command, self._child(command))
                    self._leave(queue)  # while this thread waited, another gave it up, or answered its last page
                except UnavailableError as cause:
                    self._leave(queue)
                    self._give_up(queue, cause)
        return None

    def _command(self, runner: Runner) -> list[str]:
        if self._options.mode == "locked" and environment.state(runner) != "ready":
            self._observer.note(runner.label, "building its environment")
        return environment.command(runner, self._options.mode)

    def _leave(self, queue: Queue) -> bool:
        """Stop working for a runner; whether another thread goes on."""
        with self._lock:
            queue.workers -= 1
            return queue.workers > 0

    def _give_up(self, queue: Queue, cause: UnavailableError) -> None:
        if queue.tasks and not self._stopped:
            self._observer.note(queue.runner.label, f"unavailable: {cause}")
        while task := self._next(queue):
            self._keep(queue, task, Extraction(Status.UNAVAILABLE, error=str(cause)))

    def _serve(self, post: _Post) -> _Post | None:
        """Answer a runner's pages; open the next post while the last of them are under way."""
        following = failed = None
        try:
            for _ in self._answers(post):
                if following is None and len(post.queue.tasks) < _AHEAD:
                    following = self._open(beside=post.queue)
            self._leave(post.queue)
        except UnavailableError as cause:
            failed = post.queue
            if self._leave(failed):
                self._observer.note(failed.runner.label, f"one process less: {cause}")
            else:
                self._give_up(failed, cause)
        except BaseException:
            if following:
                self._dismiss(following.child)
            raise
        finally:
            self._dismiss(post.child)
        return following or self._open(beside=failed)

    def _answers(self, post: _Post) -> Iterator[None]:
        """Have one page under way and the next in the pipe; meanwhile keep the answer to the one before."""
        queue, before = post.queue, None
        job = self._prepared(queue)
        while job and not self._stopped:
            try:
                self._greet(post, job.task)
            except UnavailableError:
                if before:
                    self._keep(queue, *before)
                raise
            if not post.child.pending:
                post.child.send(job.number, job.task.page.url, job.html)
            following = self._prepared(queue)
            if following:
                post.child.send(following.number, following.task.page.url, following.html)
            if before:
                self._keep(queue, *before)
            yield
            before = job.task, post.child.receive()
            job = following
        if before:
            self._keep(queue, *before)

    def _greet(self, post: _Post, task: Task) -> None:
        """Make sure that the child is ready, a new one where the last page ended it."""
        if not post.child.alive:
            self._dismiss(post.child)
            post.child = self._child(post.command)
        try:
            post.child.hello()
        except UnavailableError:
            post.queue.tasks.appendleft(task)
            raise

    def _child(self, command: list[str]) -> Child:
        with self._lock:
            child = Child(command, self._options.limits)
            self._children.add(child)
            if self._stopped:
                child.kill()
        return child

    def _dismiss(self, child: Child) -> None:
        child.close()
        with self._lock:
            self._children.discard(child)

    def _next(self, queue: Queue) -> Task | None:
        with self._lock:
            return queue.tasks.popleft() if queue.tasks else None

    def _prepared(self, queue: Queue) -> _Job | None:
        task = self._next(queue)
        if task is None:
            return None
        return _Job(task, next(self._numbers), given(queue.runner, task.page))

    def _keep(self, queue: Queue, task: Task, extraction: Extraction) -> None:
        if self._stopped:
            return
        found = finish(extraction, queue.runner.format)
        if not (found.status is Status.UNAVAILABLE or self._starved(found)) and (key := task.key()):
            self._cache.put(key, found)
        queue.answers[task.goldset, task.page.id] = found
        self._observer.done(queue.runner.label, found)

    def _starved(self, found: Extraction) -> bool:
        """Whether a page's time ran out while its process hardly ran: that is the machine's doing, or a wait's."""
        return found.status is Status.TIMEOUT and 2 * (found.cpu or 0) < self._options.limits.seconds


def given(runner: Runner, page: Page) -> str | bytes:
    """Return what a runner is given of a page: its text or its bytes, whichever it takes."""
    html = page.read()
    return html if runner.input == "bytes" else decode(html, page.charset)


def finish(extraction: Extraction, form: str) -> Extraction:
    """Turn an answer into plain text, and say whether there is any."""
    clean = replace(
        extraction,
        error=without_surrogates(extraction.error) if extraction.error else None,
        stderr=without_surrogates(extraction.stderr) if extraction.stderr else None,
    )
    if extraction.status is not Status.OK:
        return clean
    answer = without_surrogates(extraction.answer or "")
    try:
        text = without_surrogates(convert.to_text(answer, form))
    except Exception as cause:  # noqa: BLE001  # whatever a library makes of a hostile answer is a failure of that page
        error = f"the answer cannot be turned into text: {type(cause).__name__}: {cause}"
        return replace(clean, status=Status.ERROR, answer=answer, error=error)
    status = Status.OK if text.strip() else Status.EMPTY
    return replace(clean, status=status, text=text, answer=None if form == "text" else answer)

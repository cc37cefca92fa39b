"""The engine of a cluster (dask.distributed): a task is some pages for one runner, and children stay where they ran.

Every node builds a runner's environment for itself. What a node gives is what this machine would: a runner whose files,
lock or interpreter differ there is unavailable. A connection that was cut is made anew, and what was under way sent
again. dask starts a task anew whose worker died and gives it up after some deaths, also where another task is to blame:
its pages are then sent apart, and at last one at a time, until those are found that kill workers.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from boilerbench.environments import environment
from boilerbench.errors import BoilerbenchError, UnavailableError, UsageError
from boilerbench.extraction.local import Given, Local, Settings, Talk
from boilerbench.model import Extraction, Page, Status
from boilerbench.process import confinement
from boilerbench.storage.cache import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from boilerbench.model import Runner

    Sent: TypeAlias = tuple[str | None, str | None, bytes]
    """Of a page its URL, the charset that is declared, and its bytes."""

LOCAL = "local"
BATCH = 16
"""Pages of a task: so many that its way is short beside the work, so few that a lost one costs little."""
_PATIENCE, _POLL = 60.0, 0.5
"""Seconds for a connection, and until it is looked whether the run was ended."""


@dataclass(frozen=True)
class Order:
    """What a node has to know beside pages: the runner, what identifies it on this machine, and how it is run."""

    runner: Runner
    identity: str | None
    settings: Settings
    layer: str
    hidden: tuple[str, ...]
    fresh: bool = False


class _Warm:
    """The conversations of a worker that are not under way, of a few runners."""

    most = 2

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: deque[tuple[str, Talk]] = deque()

    def take(self, order: Order) -> Talk:
        """Take one with that runner, or begin one. `UnavailableError` where it is not what it is at home."""
        with self._lock:
            for key, talk in () if order.fresh else self._idle:
                if key == _key(order):
                    self._idle.remove((key, talk))
                    return talk
        if environment.digest(order.runner, order.settings.mode) != order.identity:
            raise UnavailableError("its files, its lock or its interpreter are others on a node of the cluster")
        if confinement.layer() != order.layer:
            raise UnavailableError(f"a node of the cluster confines it otherwise: {confinement.level()}")
        confinement.hide(*map(Path, order.hidden))
        return Local(1, order.settings).begin(order.runner, lambda _: None)

    def give_back(self, order: Order, talk: Talk) -> None:
        """Leave one for later tasks, and end the one that has been idle for longest where these are many."""
        if order.fresh:
            talk.close()
            return
        with self._lock:
            self._idle.append((_key(order), talk))
            idle = self._idle.popleft()[1] if len(self._idle) > self.most else None
        if idle:
            idle.close()


def _key(order: Order) -> str:
    return repr((order.runner, order.runner.digest, order.identity, order.settings))


_WARM = _Warm()


def extract(order: Order, pages: Sequence[Sent]) -> list[Given] | str:
    """Extract pages on a node; or say why the runner is unavailable there."""
    try:
        talk = _WARM.take(order)
    except UnavailableError as cause:
        return str(cause)
    found = []
    try:
        talk.hello()
        for url, charset, content in pages:
            talk.send(Page("", lambda content=content: content, url, charset))  # type: ignore[misc]
            found.append(talk.receive())
    except UnavailableError as cause:
        talk.close()
        return str(cause)
    _WARM.give_back(order, talk)
    return found


class _Batch:
    """Some pages under way to the cluster."""

    def __init__(self, cluster: Cluster, order: Order, pages: Sequence[Sent]) -> None:
        self._cluster, self._order, self._pages = cluster, order, pages
        self._future = cluster.submit(order, pages)

    def results(self) -> Iterator[Given]:
        """Wait for what was given, in order."""
        found = self._wait()
        if found is None and len(self._pages) == 1:
            found = self._alone()
        if isinstance(found, str):
            raise UnavailableError(found)
        if found is not None:
            yield from found
        else:
            half = len(self._pages) // 2
            for part in (self._pages[:half], self._pages[half:]):
                yield from _Batch(self._cluster, self._order, part).results()

    def _alone(self) -> list[Given] | str:
        """Send a page again that workers died of, or of another page, while no other such page is under way."""
        with self._cluster.quarantine:
            self._future = self._cluster.submit(self._order, self._pages)
            found = self._wait()
        dead = Extraction(Status.CRASH, error="every worker of the cluster that had this page died")
        return [Given(Kept(dead))] if found is None else found

    def _wait(self) -> list[Given] | str | None:
        """What the task gave; None where dask gave it up, since workers died."""
        from distributed import KilledWorker

        while True:
            done = threading.Event()
            self._future.add_done_callback(lambda _, done=done: done.set())
            while not done.wait(_POLL):  # `result` with a timeout raises UnboundLocalError at times (2026.8.0)
                self._cluster.require_open()
            try:
                found: list[Given] | str = self._future.result()
            except KilledWorker:
                return None
            except CancelledError:
                self._cluster.reconnect()
                self._future = self._cluster.submit(self._order, self._pages)
            else:
                return found


class RemoteTalk:
    """A conversation with a runner on some node or other; what it gives is asked for some pages at a time."""

    remark = ""

    def __init__(self, cluster: Cluster, order: Order) -> None:
        self._cluster, self._order = cluster, order
        self._unsent: list[Sent] = []
        self._batches: deque[_Batch] = deque()
        self._given: deque[Given] = deque()

    def hello(self) -> object:
        """Nothing is waited for: a node says of its first page that it cannot."""

    def send(self, page: Page) -> None:
        """Ask for a page, together with some more."""
        self._unsent.append((page.url, page.charset, page.read()))
        if len(self._unsent) == BATCH:
            self._submit()

    def _submit(self) -> None:
        if self._unsent:
            self._batches.append(_Batch(self._cluster, self._order, self._unsent))
            self._unsent = []

    def receive(self) -> Given:
        """Wait for the oldest page."""
        if not self._given:
            if not self._batches:
                self._submit()
            self._given.extend(self._batches.popleft().results())
        return self._given.popleft()

    def close(self) -> None:
        """Nothing is to be ended: a node keeps its children for the next one."""


class Cluster:
    """A cluster that a scheduler's address names, or one of this machine's (`local`), which ends with the run."""

    def __init__(self, address: str, jobs: int, settings: Settings, work: Callable[..., Any] = extract) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise UsageError("a cluster needs dask.distributed; install boilerbench[dask]") from None
        self._settings, self._work = settings, work
        self._own = None
        try:
            if address == LOCAL:
                self._own = LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=":0")  # type: ignore[no-untyped-call]
            self._client = Client(self._own or address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as cause:
            raise UsageError(f"no cluster of dask answers at '{address}': {cause}") from None
        self.quarantine = threading.Lock()
        self._reconnecting = threading.Lock()
        self._ended = False
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        self.jobs = sum(int(worker["nthreads"]) for worker in workers)
        self.ahead = 2 * BATCH
        if not self.jobs:
            self.close()
            raise UsageError(f"the cluster of dask at '{address}' has no workers")

    def begin(self, runner: Runner, note: Callable[[str], None], *, fresh: bool = False) -> RemoteTalk:  # noqa: ARG002  # as every engine has it
        """Begin a conversation; that a runner cannot run is said when a page is received."""
        identity = environment.digest(runner, self._settings.mode)
        return RemoteTalk(
            self, Order(runner, identity, self._settings, confinement.layer(), tuple(confinement.hidden()), fresh)
        )

    def submit(self, order: Order, pages: Sequence[Sent]) -> Any:
        """Send some pages; the future of what is given for them."""
        self.require_open()
        return self._client.submit(self._work, order, pages, pure=False, key=None)

    def require_open(self) -> None:
        """Raise `UnavailableError` where the run is being ended."""
        if self._ended:
            raise UnavailableError("the run was ended")

    def reconnect(self) -> None:
        """Wait until a connection that was cut is there again; `BoilerbenchError` where it does not come back."""
        with self._reconnecting:
            waited = 0.0
            while self._client.status != "running":
                self.require_open()
                if self._client.status == "closed" or waited > _PATIENCE:
                    raise BoilerbenchError("the connection to the cluster is lost; run again, finished pages are kept")
                threading.Event().wait(_POLL)
                waited += _POLL

    def abort(self) -> None:
        """Let every conversation fail at once."""
        self._ended = True

    def close(self) -> None:
        """Let go of the cluster."""
        with suppress(Exception):  # what goes wrong at its end is of no matter any more
            self._client.close()  # type: ignore[no-untyped-call]
            if self._own:
                self._own.close()

"""Pages through runners on a real cluster of dask: what it gives, and what it does where parts of it die."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from boilerbench import sets
from boilerbench.errors import UnavailableError, UsageError
from boilerbench.extraction import cluster as engine
from boilerbench.extraction import pool
from boilerbench.extraction.cluster import BATCH, Cluster, Order, RemoteTalk
from boilerbench.extraction.local import Given, Settings
from boilerbench.extraction.window import windows
from boilerbench.model import Extraction, Page, Status
from boilerbench.process import confinement
from boilerbench.process.child import Limits
from boilerbench.runners import registry
from boilerbench.storage.cache import Cache, Kept
from tests.command import boilerbench, logging_runner, make_runner, make_set
from tests.extraction.test_state import Quiet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SETTINGS = Settings(Limits(), "host", isolate=False)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A cluster of two workers, which gives a task up at its second death. Its runners can write down what they get."""
    import dask
    from distributed import LocalCluster

    written = {
        "PYTHONPATH": str(Path(__file__).parents[1] / "opened"),
        "TESTS_WRITE": str(tmp_path_factory.getbasetemp()),
    }
    with (
        dask.config.set({"distributed.nanny.pre-spawn-environ": written}),
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as found,
    ):
        yield found


def begun(log: Path) -> bool:
    """Wait until some pages have been extracted."""
    until = time.monotonic() + 60
    while not log.exists() or len(log.read_text().splitlines()) < BATCH // 2:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def run(folder: Path, address: str, runner: Path, spec: str, **options: Any) -> dict[str, tuple[str, str]]:
    """Run a runner; what it gave for each page, without what the machine has to do with it."""
    found = registry.find(str(runner))
    how = pool.Options(mode="host", engine=address, **options)
    with closing(Cache(folder / "own.sqlite3")) as own:
        ((window, _),) = pool.run([found], windows([sets.load(spec)], [found.label]), how, own, Quiet())
    given = {task.page.id: window.of(found.label, task) for task in window.tasks}
    return {page: (each.status.value, each.text or each.error or "") for page, each in given.items()}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_cluster_of_this_machine_gives_what_this_machine_gives(workers: int, tmp_path: Path) -> None:
    body = "    if url[-1] == '7': raise ValueError(url)\n    if url[-1] == '8': os._exit(3)\n    return html.upper()"
    runner, spec = make_runner(tmp_path, "any", body, "import os"), make_set(tmp_path / "set", 40)
    local = run(tmp_path, "local", runner, spec)
    assert {status for status, _ in local.values()} == {"ok", "error", "crash"}
    assert run(tmp_path, "dask:local", runner, spec, jobs=workers) == local


def test_a_worker_that_is_killed_costs_no_page(cluster: Any, tmp_path: Path) -> None:
    log, pages = tmp_path / "log", 5 * BATCH
    runner, spec = logging_runner(tmp_path, "slow", log, 0.02), make_set(tmp_path / "set", pages)
    killed: list[int] = []

    def kill() -> None:
        from distributed import Client

        if not begun(log):
            return
        with Client(cluster.scheduler_address, set_as_default=False) as client:
            killed.extend(client.run(os.getpid).values())
        os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    found = run(tmp_path, f"dask:{cluster.scheduler_address}", runner, spec)
    thread.join()
    assert killed
    assert found == {f"p{number}": ("ok", f"body {number}") for number in range(pages)}


class Relay(threading.Thread):
    """A way to a scheduler that can be cut."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port, self._open = port, list[socket.socket]()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._server.accept()
                there = socket.create_connection(("127.0.0.1", self._port))
                self._open += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    @staticmethod
    def _pass_on(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while content := one.recv(1 << 16):
                other.sendall(content)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """End all connections; new ones can be made."""
        there, self._open = self._open, []
        for each in there:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        """End."""
        self._server.close()
        self.cut()


def test_a_connection_that_is_cut_costs_no_page(cluster: Any, tmp_path: Path) -> None:
    log, pages = tmp_path / "log", 5 * BATCH
    runner, spec = logging_runner(tmp_path, "slow", log, 0.02), make_set(tmp_path / "set", pages)
    with closing(Relay(int(cluster.scheduler_address.rpartition(":")[2]))) as relay:
        relay.start()

        def cut() -> None:
            if begun(log):
                relay.cut()

        thread = threading.Thread(target=cut)
        thread.start()
        found = run(tmp_path, f"dask:{relay.address}", runner, spec)
        thread.join()
    assert found == {f"p{number}": ("ok", f"body {number}") for number in range(pages)}


def dying(_order: Order, pages: Sequence[tuple[str | None, str | None, bytes]]) -> list[Given]:
    """Stand for a node that dies of some pages."""
    if any(content == b"deadly" for _, _, content in pages):
        os._exit(9)
    return [Given(Kept(Extraction(Status.OK, content.decode()))) for _, _, content in pages]


def test_a_page_that_kills_workers_is_found_and_its_neighbours_are_unharmed(cluster: Any, tmp_path: Path) -> None:
    order = Order(
        registry.find(str(make_runner(tmp_path, "any", "    return html"))), None, SETTINGS, confinement.layer(), ()
    )
    with closing(Cluster(cluster.scheduler_address, 1, SETTINGS, dying)) as found:
        talk = RemoteTalk(found, order)
        for content in (b"a", b"b", b"deadly", b"d"):
            talk.send(Page("", lambda content=content: content))  # type: ignore[misc]
        given = [talk.receive().kept.extraction for _ in range(4)]
    assert [(each.status, each.text) for each in given] == [
        *((Status.OK, text) for text in "ab"),
        (Status.CRASH, ""),
        (Status.OK, "d"),
    ]
    assert given[2].error == "every worker of the cluster that had this page died"


def test_a_runner_that_is_another_on_a_node_is_unavailable_there(tmp_path: Path) -> None:
    runner = registry.find(str(make_runner(tmp_path, "any", "    return html")))
    page = ("http://example.org/", "utf-8", b"<p>text")
    assert engine.extract(Order(runner, "another", SETTINGS, confinement.layer(), ()), [page]) == (
        "its files, its lock or its interpreter are others on a node of the cluster"
    )
    ((kept, _),) = engine.extract(Order(runner, None, SETTINGS, confinement.layer(), ()), [page])
    assert kept.extraction.text == "<p>text"


def test_a_run_that_is_ended_waits_for_no_cluster(cluster: Any, tmp_path: Path) -> None:
    order = Order(
        registry.find(str(make_runner(tmp_path, "any", "    return html"))), None, SETTINGS, confinement.layer(), ()
    )
    with closing(Cluster(cluster.scheduler_address, 1, SETTINGS, lambda *_: time.sleep(5))) as found:
        talk = RemoteTalk(found, order)
        talk.send(Page("", bytes))
        threading.Timer(0.2, found.abort).start()
        with pytest.raises(UnavailableError, match="the run was ended"):
            talk.receive()


def test_a_cluster_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    done = boilerbench("run", "nothing", "--engine", "slurm")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "'slurm' is neither local, nor dask:ADDRESS, nor dask:local" in done.stderr
    monkeypatch.setattr(engine, "_PATIENCE", 1)
    with pytest.raises(UsageError, match=r"no cluster of dask answers at 'tcp://127\.0\.0\.1:9'"):
        Cluster("tcp://127.0.0.1:9", 1, SETTINGS)

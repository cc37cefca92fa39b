"""One reading: in one command a page is read from its set, and unpacked, once."""

from __future__ import annotations

import threading
import weakref
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from boilerbench.cli.commands.run import command as run
from boilerbench.cli.commands.sets import command as sets_command
from boilerbench.model import Page
from boilerbench.sets import load, spool
from boilerbench.sets.datasets import zyte
from boilerbench.sets.spool import Passing, Spool
from tests.command import make_runner, make_set

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each page of a set in Zyte's layout was read from its file."""
    times, unpack, lock = Counter[str](), zyte.unpack, threading.Lock()

    def counted(html: Path) -> bytes:
        with lock:
            times[html.name] += 1
        return unpack(html)

    monkeypatch.setattr(zyte, "unpack", counted)
    return times


def counting(content: bytes, times: list[int]) -> Callable[[], bytes]:
    def read() -> bytes:
        times.append(1)
        return content

    return read


@pytest.mark.parametrize("in_memory", [0, 30, spool.IN_MEMORY])
def test_a_command_reads_each_page_once(
    in_memory: int, tmp_path: Path, read: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    spec = make_set(tmp_path / "set")
    runners = [make_runner(tmp_path, name, "    return html") for name in ("one", "two")]
    named = [part for runner in runners for part in ("--runner", str(runner))]
    arguments = [*named, "majority", "--set", spec, "--env", "host", "--timing", "--out", str(tmp_path / "out")]
    for command in (run, arguments), (sets_command, ["show", spec]), (sets_command, ["check", spec]):
        read.clear()
        done = CliRunner().invoke(*command)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        assert read == dict.fromkeys((f"p{number}.html.gz" for number in range(5)), 1), command


def test_a_changed_copy_of_a_page_is_not_read_again(tmp_path: Path, read: Counter[str]) -> None:
    page = load(make_set(tmp_path / "set", pages=1)).pages[0]
    assert page.digest
    other = replace(page, url="http://other.example/")
    assert other.read() == page.read() == b"<html><body><p>body 0</p></body></html>"
    assert other.digest != page.digest
    assert read == {"p0.html.gz": 1}


@pytest.mark.parametrize("in_memory", [1, 1 << 20])
def test_threads_read_what_is_theirs(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    one, times = Spool(), [[] for _ in range(20)]
    contents = [str(number).encode() * number * 100 for number in range(20)]
    pages = [Page(str(n), one.once(counting(content, times[n]))) for n, content in enumerate(contents)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: pages[number % 20].read(), range(400)))
    assert found == contents * 20
    assert [len(each) for each in times] == [1] * 20


def test_where_the_disk_has_no_room_pages_are_read_again_and_nothing_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 5)
    one, times = Spool(), []
    pages = [one.once(counting(content, times)) for content in (b"first", b"second", b"third", b"fourth")]
    (first, second, *_), write = pages, one._file.write  # noqa: SLF001

    def full(content: bytes) -> int:
        if content == b"third":
            raise OSError(28, "No space left on device")
        return write(content[:3])

    assert (first(), second()) == (b"first", b"second")
    monkeypatch.setitem(one.__dict__, "_file", SimpleNamespace(write=full, seek=one._file.seek, read=one._file.read))  # noqa: SLF001
    for _ in range(3):
        assert [read() for read in pages] == [b"first", b"second", b"third", b"fourth"]
    assert len(times) == 2 + 3 + 3


def test_what_cannot_be_read_is_asked_for_again() -> None:
    answers = iter([OSError("no"), b"yes"])

    def read() -> bytes:
        found = next(answers)
        if isinstance(found, OSError):
            raise found
        return found

    page = Spool().once(read)
    with pytest.raises(OSError, match="no"):
        page()
    assert (page(), page()) == (b"yes", b"yes")


@pytest.mark.parametrize("room", [10, 0])
def test_bytes_that_came_with_a_row_are_let_go_once_they_are_kept(room: int) -> None:
    passing = Passing(b"a page")
    held, once = weakref.ref(passing), Spool(room).once(passing)
    del passing
    assert once() == b"a page"
    assert held() is None
    assert once() == b"a page"

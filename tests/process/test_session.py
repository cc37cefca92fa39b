from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from boilerbench.errors import UnavailableError
from boilerbench.process import programs
from boilerbench.process.child import Limits
from boilerbench.process.session import Session
from tests.process.test_child import command_of, wait_until_gone

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = '''"""Does what the page says."""
import os
DISTRIBUTION = ""
INPUT = "text"
FORMAT = "text"
with open({starts!r}, "a+") as starts:
    starts.write(".")
    if starts.tell() > {most}:
        raise ImportError("no more")
def extract(html, url=None):
    if html == "leave":
        os._exit(3)
    while html == "hang":
        pass
    return f"{{os.getpid()}} {{html}}"
'''


class Place:
    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "starts"
        self.sessions: list[Session] = []

    def session(self, most: int = 99) -> Session:
        command = command_of(self.folder, SOURCE.format(starts=str(self.log), most=most))
        self.sessions.append(Session(command, Limits(seconds=10, start=20)))
        return self.sessions[-1]

    @property
    def starts(self) -> int:
        return len(self.log.read_text()) if self.log.exists() else 0


@pytest.fixture
def place(tmp_path: Path, writing: None) -> Iterator[Place]:  # noqa: ARG001  # it lets runners write
    place = Place(tmp_path)
    yield place
    for session in place.sessions:
        session.close()
    assert wait_until_gone(str(tmp_path)) == []


def told(session: Session, *pages: str) -> list[str]:
    """What comes back for pages that are sent at once: what was returned, or the status, without the process."""
    for page in pages:
        session.send(None, page)
    found = [session.receive() for _ in pages]
    return [each.answer.partition(" ")[2] if each.answer else str(each.status) for each in found]


def test_pages_come_back_in_their_order_from_one_child(place: Place) -> None:
    session = place.session()
    assert not session.alive
    assert told(session, "a", "b", "c") == ["a", "b", "c"]
    assert told(session, "d") == ["d"]
    assert (session.alive, place.starts) == (True, 1)


def test_a_page_that_ends_its_child_costs_no_page_behind_it(place: Place) -> None:
    session = place.session()
    assert told(session, "a", "leave", "b", "leave", "leave", "c") == ["a", "crash", "b", "crash", "crash", "c"]
    assert place.starts == 4
    assert told(session, "d", "leave") == ["d", "crash"]
    assert (session.alive, place.starts) == (False, 4)


def test_where_no_child_starts_what_was_sent_is_forgotten(place: Place) -> None:
    session = place.session(most=1)
    for page in ("leave", "lost", "lost as well"):
        session.send(None, page)
    assert session.receive().status == "crash"
    with pytest.raises(UnavailableError, match="cannot be imported: ImportError: no more"):
        session.receive()
    place.log.unlink()
    assert told(session, "a") == ["a"]


def test_a_child_becomes_ready_while_pages_wait_for_it(place: Place) -> None:
    session = place.session()
    before = session.start()
    session.send(None, "a")
    session.send(None, "b")
    assert session.hello()["protocol"] == 1
    assert [session.receive().answer is not None for _ in range(2)] == [True, True]
    assert session.start() is before


def test_a_child_that_is_told_to_leave_does_so(place: Place) -> None:
    session = place.session()
    assert not session.leaves(1)
    session.hello()
    assert session.leaves(10)


def test_another_thread_can_end_what_a_session_waits_for(place: Place) -> None:
    session = place.session()
    session.hello()
    started = time.monotonic()
    threading.Timer(0.3, programs.abort).start()
    assert told(session, "hang") == ["crash"]
    assert time.monotonic() - started < 5
    assert told(session, "a") == ["a"]

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from boilerbench.environments import visible
from boilerbench.environments.environment import worker_command
from boilerbench.errors import UnavailableError
from boilerbench.extraction.pages import with_text
from boilerbench.model import Status
from boilerbench.process import child as host
from boilerbench.process import confinement, family, protocol
from boilerbench.process.child import Child, Limits
from boilerbench.process.confinement import Command
from boilerbench.runners.declaration import describe
from boilerbench.text import decoding
from tests.command import make_runner
from tests.hostile.runners import DRIPS, FORK, HOSTILE, STUBBORN, Hostile, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boilerbench.model import Extraction

LIMITS = Limits(seconds=5, memory=400 << 20, start=20)
HELLO = json.dumps({"protocol": 1, "name": "", "version": "1"})


def command_of(folder: Path, text: str) -> Command:
    """The command of a worker for a runner with this source."""
    file = folder / "runner.py"
    file.write_text(text)
    return worker_command(describe(file), Path(sys.executable), isolated=True)


def processes_with(marker: str) -> list[psutil.Process]:
    """The processes that have the marker among their arguments or variables, apart from this one."""
    found = []
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), *process.environ().values()]
        except psutil.AccessDenied:
            told = process.cmdline()
        except psutil.Error:
            continue
        if process.pid != psutil.Process().pid and any(marker in part for part in told):
            found.append(process)
    return found


def wait_until_gone(marker: str, seconds: float = 5) -> list[psutil.Process]:
    end = time.monotonic() + seconds
    while (left := processes_with(marker)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


class Place:
    """A folder for a test's files, its runner among them, and the children that the test starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []

    def start(self, command: Command | list[str], limits: Limits = LIMITS) -> Child:
        if not isinstance(command, Command):
            command = Command(tuple(command), sees=(str(self.folder), *visible.program(Path(sys.executable))))
        self.children.append(Child(command, limits))
        return self.children[-1]

    def worker(self, text: str, limits: Limits = LIMITS) -> Child:
        return self.start(command_of(self.folder, text), limits)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """In the end no process is left that was given a part of the folder for temporary files, and that is empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    place = Place(tmp_path)
    yield place
    for child in place.children:
        child.close()
    assert wait_until_gone(str(folder)) == []
    assert list(folder.iterdir()) == []


def ask(child: Child, html: str, number: int = 1) -> Extraction:
    child.hello()
    child.send(number, "https://example.org/", html)
    return with_text(child.receive(), "text")


def namespaces_work() -> bool:
    """Whether this system lets a process have namespaces of its own."""
    return confinement.layer() == "namespaces"


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_runner_gets_its_status_and_the_next_page_works(hostile: Hostile, place: Place) -> None:
    command, limits = command_of(place.folder, hostile.source), replace(LIMITS, seconds=hostile.seconds)
    child = place.start(command, limits)
    assert ask(child, "good").text == "fine"

    found = ask(child, "bad", 2)

    assert (found.status, found.error) == (hostile.status, found.error)
    assert hostile.says in (found.error or "")
    assert (found.error is None) == (not found.status.failed)
    if hostile.survives:
        assert child.alive
    if not child.alive:
        child = place.start(command, limits)
    again = ask(child, "good", 3)
    assert (again.status, again.text) == (Status.OK, "fine")


@pytest.mark.parametrize(
    ("url", "given"), [("https://example.org/a", "'https://example.org/a'"), ("", "None"), (None, "None")]
)
def test_a_page_whose_set_states_an_empty_address_has_none_for_its_runner(
    url: str | None, given: str, place: Place
) -> None:
    child = place.worker(make_runner(place.folder, "echo", "    return ascii(url)").read_text())
    child.hello()
    child.send(1, url, "page")
    assert child.receive().answer == given


@pytest.mark.parametrize("page", ['a "quoted"\r\nline \0 é 😀 \udc80', b"\xff\xfe\n\0", "long " * 500_000])
def test_a_worker_is_given_pages_as_they_were_sent(page: str | bytes, place: Place) -> None:
    child = place.worker(make_runner(place.folder, "echo", "    return ascii(html)").read_text())
    child.hello()
    for number in range(2):
        child.send(number, None, page)
    assert [child.receive().answer for _ in range(2)] == [ascii(page)] * 2


@pytest.mark.parametrize("told", [{"framed": True, "replaces": True}, {"framed": True}, {}])
def test_a_page_served_in_utf8_arrives_as_it_is_decoded_here(told: dict[str, bool], place: Place) -> None:
    page = b"odd \xff \xed\xa0\x80 \xe2\x82 \xc3\xa9\r\n\0" + b"and \xf0\x9f\x98\x80 long " * 100_000
    child = place.worker(make_runner(place.folder, "echo", "    return html").read_text())
    child.greeting = child.hello() | {"framed": False, "replaces": False} | told
    child.send(1, None, protocol.Utf8(page))
    assert child.receive().answer == decoding.decode(page, "utf-8")


def test_the_processes_of_a_child_are_found_however_deep(place: Place) -> None:
    child = place.start(
        ["sh", "-c", f"sh -c 'sleep 600; :' & sleep 600 & sleep 0.5; echo '{HELLO}'; wait", str(place.folder)]
    )
    child.hello()
    found = family.descendants(child._process.pid)  # noqa: SLF001  # nobody else knows it
    assert {each.name() for each in found} >= {"sh", "sleep"}
    assert {each.pid for each in found} == {
        each.pid
        for each in psutil.Process(child._process.pid).children(recursive=True)  # noqa: SLF001
    }


def test_a_good_answer_carries_time_and_memory(place: Place) -> None:
    child = place.worker(source("import time; time.sleep(0.2)\nreturn bytearray(50 << 20) and 'ok'"))
    found = ask(child, "bad")
    assert found.wall is not None
    assert 0.2 <= found.wall < 1
    assert found.cpu is not None
    assert found.cpu < 0.2
    after = ask(child, "good", 2)
    if found.peak is not None and after.peak is not None:
        assert 50 << 20 < found.peak < 400 << 20
        assert after.peak < found.peak - (40 << 20)


def test_what_is_printed_is_kept_with_a_failure_alone(place: Place) -> None:
    child = place.worker(source("print('x' * 5000 + 'the end')\nraise ValueError"))
    found = ask(child, "bad")
    assert found.stderr is not None
    assert found.stderr.rstrip().endswith("the end")
    assert len(found.stderr) <= 2000
    assert ask(child, "good", 2).stderr is None


def test_a_runner_sees_nothing_of_the_users_environment(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_USER", "42")
    child = place.worker(source("import os\nreturn ' '.join(sorted(os.environ)) + os.getcwd()"))
    text = ask(child, "bad").text
    assert "SECRET_OF_THE_USER" not in text
    assert text.endswith(child.folder)


def test_a_bypass_of_the_audit_hook_still_has_no_network(place: Place) -> None:
    if not namespaces_work():
        pytest.skip("this system allows no namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5); print('reached')"
        body = f"return repr(subprocess.run([sys.executable, '-c', {connect!r}], capture_output=True))"
        child = place.worker(source(body, "import subprocess, sys"), Limits(seconds=10, start=20))
        text = ask(child, "bad").text
        assert "Error" in text
    assert "reached\\n" not in text


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("import no_such_module", "cannot be imported: ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(2)", "cannot be imported: SystemExit: 2"),
        ("import os; os._exit(5)", "did not start: left with exit code 5"),
        ("import time; time.sleep(600)", "did not start: no answer within 1 s"),
        (
            "import socket; socket.create_connection(('192.0.2.1', 80))",
            "imported: PermissionError: boilerbench: no net",
        ),
    ],
)
def test_a_runner_that_cannot_start_is_unavailable_with_the_reason(before: str, says: str, place: Place) -> None:
    child = place.worker(source("return 'x'", before), Limits(seconds=1, start=1))
    with pytest.raises(UnavailableError) as caught:
        child.hello()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo hello", "did not start: broke the protocol"),
        ("echo '[1]'", "not a JSON object"),
        ("echo '{\"protocol\": 2}'; cat", "speaks protocol 2, not 1"),
        ("echo '{}'; cat", "speaks protocol None, not 1"),
        ("echo 'what is wrong' >&2; exit 9", "left with exit code 9; what is wrong"),
        ("exec /no/such/command", "left with exit code 127"),
    ],
)
def test_a_command_that_does_not_speak_the_protocol_is_unavailable(script: str, says: str, place: Place) -> None:
    child = place.start(["sh", "-c", script, str(place.folder)])
    with pytest.raises(UnavailableError) as caught:
        child.hello()
    assert says in str(caught.value)


def test_a_command_that_does_not_exist_is_unavailable(place: Place) -> None:
    child = place.start([str(place.folder / "nothing")])
    with pytest.raises(UnavailableError, match="No such file"):
        child.hello()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("garbage", "broke the protocol"),
        ("[" * 100_000, "broke the protocol"),
        ('{"id": 2, "text": "early"}', "answered page 2 when asked for 1"),
        ('{"text": "whose?"}', "answered page None when asked for 1"),
        ('{"id": 1, "text": 7}', "answered with int, not text"),
        ('{"id": 1, "text": "x", "title": {"a": []}}', "broke the protocol: 'title' is dict, not a text"),
        ('{"id": 1, "text": "x", "author": ["A", null, 7]}', "broke the protocol: 'author' is int, not a text"),
        ('{"files": "/etc/rules"}', "broke the protocol: 'files' is a list of paths"),
        *(
            (f'{{"id": 1, "text": "x", "{key}": {value}}}', f"broke the protocol: '{key}' is ")
            for key, values in {
                "seconds": ["true", '"fast"', "NaN", "Infinity", "-0.1", "1e999", "600", str(10**400)],
                "cpu": ["true", "[]", "-1", "NaN", "-Infinity", "1e6"],
                "peak": ["true", "1.5", '"1048576"', "-18446744073709551616", str(1 << 60), "NaN"],
            }.items()
            for value in values
        ),
    ],
)
def test_a_wrong_answer_of_a_command_is_an_error_and_ends_it(answer: str, says: str, place: Place) -> None:
    file = place.folder / "answer"
    file.write_text(answer + "\n")
    child = place.start(["sh", "-c", f"echo '{HELLO}'; read request; cat {file}; sleep 600"])
    found = ask(child, "page")
    assert found.status is Status.ERROR
    assert says in (found.error or "")
    assert not child.alive


def test_a_command_says_at_any_time_what_it_has_read(place: Place) -> None:
    (place.folder / "rules").write_text("keep")
    rules, missing = str(place.folder / "rules"), str(place.folder / "none")
    notices = (json.dumps({"files": [rules]}), json.dumps({"files": [missing]}), '{"unseen": "who knows"}')
    first, second, late = (f"echo '{notice}'" for notice in notices)
    reply = """echo '{"id": 1, "text": "x"}'"""
    child = place.start(["sh", "-c", f"{first}; echo '{HELLO}'; read page; {second}; {reply}; sleep 1; {late}; cat"])
    assert ask(child, "page").text == "x"
    assert json.loads(child.inputs.packed) == [[missing, "absent"], [rules, hashlib.sha256(b"keep").hexdigest()]]
    assert child.inputs.unseen == ""


def test_notices_without_end_do_not_stop_the_clock(place: Place) -> None:
    flood = f"echo '{HELLO}'; read page; while true; do echo '{{\"files\": []}}'; done"
    child = place.start(["sh", "-c", flood, str(place.folder)], replace(LIMITS, seconds=1))
    assert ask(child, "page").status is Status.TIMEOUT


def test_a_command_that_never_reads_a_large_page_times_out(place: Place) -> None:
    child = place.start(["sh", "-c", f"echo '{HELLO}'; sleep 600", str(place.folder)])
    assert ask(child, "x" * 30_000_000).status is Status.TIMEOUT


def test_a_large_page_and_a_large_answer_go_through(place: Place) -> None:
    body = "return html"
    child = place.worker(source(body).replace("html != 'bad'", "False"), Limits(seconds=30, start=20))
    text = "ä" * 15_000_000
    assert ask(child, text).text == text


def test_a_child_that_leaks_is_replaced_before_a_later_page_pays(place: Place) -> None:
    body = "import runner; runner.kept = b'x' * (250 << 20)\nreturn 'kept'"
    child = place.worker(source(body))
    found = ask(child, "bad")
    assert found.status is Status.OK
    assert child.alive == (found.peak is None)


def test_an_answer_that_came_in_time_counts_however_late_it_is_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "_POLL", 0)  # as if this process got no time between two looks
    script = """read page; echo '{"id": 1, "text": "in time"}'; cat"""
    child = place.start(["sh", "-c", script], replace(LIMITS, seconds=0.2))
    child.send(1, None, "page")
    time.sleep(1)
    assert child.receive().answer == "in time"


def test_close_may_be_called_on_what_is_dead(place: Place) -> None:
    child = place.worker(source("return 'x'"))
    child.kill()
    child.kill()
    child.close()
    child.close()


@pytest.mark.parametrize(
    "body", [STUBBORN, "while True:\n    pass", DRIPS, f"{FORK.format(again=True)}    time.sleep(9)"]
)
def test_nothing_outlives_a_killed_harness(body: str, tmp_path: Path) -> None:
    if "fork" in body and not namespaces_work():
        pytest.skip("this system allows no namespaces")
    command = command_of(tmp_path, source(body))
    code = (
        "import sys, time, json; from boilerbench.process.child import Child, Command, Limits\n"
        "child = Child(Command(*json.loads(sys.argv[1])), Limits())\n"
        "child.hello(); child.send(1, None, 'bad'); print('sent', flush=True); time.sleep(600)"
    )
    start = [sys.executable, "-c", code, json.dumps(astuple(command))]
    with subprocess.Popen(start, stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": str(tmp_path)}) as harness:
        assert harness.stdout is not None
        assert harness.stdout.readline() == b"sent\n"
        time.sleep(0.3)
        assert len(processes_with(str(tmp_path))) > 1
        harness.send_signal(signal.SIGKILL)
    assert wait_until_gone(str(tmp_path)) == []

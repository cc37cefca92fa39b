from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from bench import environment, folders, http_worker, registry
from bench.crew import finish
from bench.errors import BadRunnerError, UnavailableError
from bench.folder_runner import describe
from bench.host import Child, Limits
from tests.command import boilerbench, make_set, rows
from tests.test_host import namespaces_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.model import Extraction

KEY = "c0ffee-secret"
FOUND = '{"data": [{"text": "the text"}]}'
TOML = """\
summary = "A service of these tests."
version = "2026-11"
input = "text"
format = "text"

[options]
model = "small"
depth = 2

[http]
endpoint = "ADDRESS/extract?model={model}"
headers = { Authorization = "Bearer ${SERVICE_KEY}" }
body = { page = "{html}", prompt = "Read {url}: {html}", depth = "{depth}", fixed = [1, "{nothing}"] }
answer = "data.0.text"
retries = 2
cost_per_page = "0.002 USD"
"""


REPLIES: dict[str, list[tuple[int, str, dict[str, str]]]] = {
    "busy": [(429, "", {"Retry-After": "1"}), (200, FOUND, {})],
    "broken": [(500, "", {}), (200, FOUND, {})],
    "down": [(503, "try later", {})],
    "forbidden": [(403, f"no rights for Bearer {KEY}", {})],
    "moved": [(302, "", {"Location": "http://example.org/"})],
    "html": [(200, "<p>not JSON</p>", {})],
    "null": [(200, '{"data": [{"text": null}]}', {})],
    "elsewhere": [(200, '{"data": []}', {})],
    "number": [(200, '{"data": [{"text": 7}]}', {})],
}
"""How the service answers the first, second, … request for a page; the last goes on, and others are answered well."""


class Service(BaseHTTPRequestHandler):
    """Answers a request by what the page says; notes what it was asked."""

    asked: ClassVar[list[dict[str, Any]]] = []
    gone: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        before = sum(each["page"] == body["page"] for each in self.asked)
        self.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
        if body["page"] == "slow":
            self.gone.wait(10)
            return
        replies = REPLIES.get(body["page"], [(200, FOUND, {})])
        self.answer(*replies[min(before, len(replies) - 1)])

    def answer(self, status: int, content: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def service() -> Iterator[str]:
    Service.asked.clear()
    Service.gone.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Service.gone.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path, service: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SERVICE_KEY", f"{KEY}\n")
    monkeypatch.setenv(folders.CACHE_VARIABLE, str(tmp_path / "cache"))
    folder = tmp_path / "some_service"
    folder.mkdir()
    (folder / "runner.toml").write_text(TOML.replace("ADDRESS", service))
    return folder


def answers(
    folder: Path, *pages: str, options: str = "", seconds: float = 20, network: bool = True
) -> list[Extraction]:
    runner = registry.find(f"{folder}{options}")
    assert runner.network
    command = environment.command(runner, "locked")
    child = Child(command, Limits(seconds=seconds), network=network, variables=runner.variables)
    found = []
    try:
        child.hello()
        for number, page in enumerate(pages, start=1):
            child.send(number, "https://example.org/", page)
            found.append(finish(child.receive(), runner.format))
    finally:
        child.close()
    return found


def test_a_page_is_put_into_the_template_and_the_text_read_by_its_path(folder: Path) -> None:
    (found,) = answers(folder, "page {url} ${SERVICE_KEY}")
    assert (found.status, found.text) == ("ok", "the text")
    assert Service.asked == [
        {
            "path": "/extract?model=small",
            "key": f"Bearer {KEY}",
            "page": "page {url} ${SERVICE_KEY}",
            "prompt": "Read https://example.org/: page {url} ${SERVICE_KEY}",
            "depth": 2,
            "fixed": [1, "{nothing}"],
        }
    ]


def test_options_change_what_is_asked(folder: Path) -> None:
    answers(folder, "page", options=":model=large,depth=3")
    assert [(each["path"], each["depth"]) for each in Service.asked] == [("/extract?model=large", 3)]


@pytest.mark.parametrize(
    ("page", "status", "error", "asked"),
    [
        ("busy", "ok", None, 2),
        ("broken", "ok", None, 2),
        ("down", "error", "HTTP 503 try later", 3),
        ("forbidden", "error", "HTTP 403 no rights for Bearer ${SERVICE_KEY}", 1),
        ("moved", "error", "HTTP 302", 1),
        ("html", "error", "the answer is not JSON: Expecting value: line 1 column 1 (char 0)", 1),
        ("null", "empty", None, 1),
        ("elsewhere", "error", "the answer has no 'data.0.text'", 1),
        ("number", "error", "the answer has no text at 'data.0.text', but int", 1),
    ],
)
def test_what_a_service_does_wrong_has_a_status_and_the_next_page_is_asked_for(
    folder: Path, page: str, status: str, error: str | None, asked: int
) -> None:
    found, after = answers(folder, page, "page")
    assert (found.status, found.error) == (status, error)
    assert len(Service.asked) == asked + 1
    assert after.text == "the text"


def test_waiting_is_no_part_of_the_time(folder: Path) -> None:
    (found,) = answers(folder, "busy")
    assert found.wall is not None
    assert found.wall < 0.9


def test_a_slow_service_is_a_timeout(folder: Path) -> None:
    (found,) = answers(folder, "slow", seconds=1)
    assert (found.status, found.error) == ("timeout", "no answer within 1 s")


def test_a_service_that_is_not_there_is_an_error(folder: Path, service: str) -> None:
    toml = TOML.replace("ADDRESS", re.sub(r":\d+$", ":1", service)).replace("retries = 2", "retries = 0")
    (folder / "runner.toml").write_text(toml)
    (found,) = answers(folder, "page")
    assert found.status == "error"
    assert "Connection refused" in (found.error or "")


def test_the_rate_is_held(folder: Path, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "runner.toml").write_text(TOML.replace("ADDRESS", service).replace("retries = 2", "per_minute = 120"))
    runner = describe(folder / "runner.toml")
    slept: list[float] = []
    monkeypatch.setattr(http_worker.time, "sleep", slept.append)
    keeper = http_worker.Service(runner.http, runner.defaults)
    for _ in range(3):
        keeper.extract("page", None)
    assert slept[0] == 0
    assert all(0 < each <= 0.5 for each in slept[1:])


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [("3", 3), ("0.5", 0.5), ("-1", 0), ("", 0), ("soon", 0), ("Mon, 23 Nov 2020 10:00:00 GMT", 0)],
)
def test_retry_after_is_a_number_or_a_date(moment: str, seconds: float) -> None:
    assert http_worker.seconds_until(moment) == seconds
    ahead = datetime.now(UTC) + timedelta(seconds=60)
    assert 50 < http_worker.seconds_until(format_datetime(ahead, usegmt=True)) <= 60


def test_a_missing_key_is_unavailable_by_the_name_of_its_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SERVICE_KEY")
    runner = registry.find(str(folder))
    with pytest.raises(UnavailableError, match="needs the variable SERVICE_KEY, which is not set"):
        environment.command(runner, "locked")
    assert environment.state(runner) == "unavailable"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("ADDRESS", "http://example.org", "'endpoint' must begin with https://"),
        ("ADDRESS", "http://localhost:80@example.org", "'endpoint' must begin with https://"),
        ('answer = "data.0.text"', "", "'answer' must say where the text stands"),
        ("retries = 2", "retries = -1", "'retries' must not be below zero"),
        ("retries = 2", "retrys = 2", "there is no key 'retrys'"),
        ("retries = 2", 'per_minute = "60"', "'per_minute' must be a number"),
        ('version = "2026-11"', 'command = ["sh"]', "either 'command' says what to start, or .http."),
    ],
)
def test_a_bad_service_is_refused_by_file_and_reason(folder: Path, old: str, new: str, complaint: str) -> None:
    (folder / "runner.toml").write_text(TOML.replace(old, new).replace("ADDRESS", "https://example.org"))
    with pytest.raises(BadRunnerError, match=complaint):
        registry.find(f"{folder}/")


def test_no_other_child_reaches_the_network_or_gets_a_variable(folder: Path, service: str) -> None:
    if not namespaces_work():
        pytest.skip("this system allows no namespaces")
    (folder / "runner.toml").write_text(TOML.replace("ADDRESS", service).replace("retries = 2", "retries = 0"))
    (found,) = answers(folder, "page", network=False)
    assert found.error == "KeyError: 'SERVICE_KEY'"
    (folder / "runner.toml").write_text(
        TOML.replace("ADDRESS", service).replace("retries = 2", "retries = 0").replace("Bearer ${SERVICE_KEY}", "none")
    )
    (found,) = answers(folder, "page", network=False)
    assert "URLError" in (found.error or "")
    assert Service.asked == []


def test_a_run_shows_the_network_and_the_cost_keeps_answers_and_no_key(folder: Path, tmp_path: Path) -> None:
    goldset = make_set(tmp_path / "set", pages=3)
    command = ("run", "--runner", folder, "--set", goldset, "--format", "csv", "--jobs", 3, "--out")
    done = boilerbench(*command, tmp_path / "run")
    assert done.returncode == 0, done.stderr
    (row,) = [row for row in rows(done.stdout) if row["metric"] == "words"]
    assert (row["runner"], row["failed"]) == ("some-service", "0")
    assert row["version"] == "2026-11 (network, 0.002 USD a page)"
    boilerbench(*command, tmp_path / "again")
    assert len(Service.asked) == 3
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in written if KEY.encode() in file.read_bytes()] == []
    assert KEY not in done.stdout + done.stderr


def test_a_failure_of_a_service_is_asked_for_again_in_the_next_run(folder: Path, service: str, tmp_path: Path) -> None:
    toml = TOML.replace("ADDRESS", service).replace('"{html}",', '"forbidden",')
    (folder / "runner.toml").write_text(toml)
    command = ("run", "--runner", folder, "--set", make_set(tmp_path / "set", pages=1), "--out")
    assert boilerbench(*command, tmp_path / "run").returncode == 0
    assert boilerbench(*command, tmp_path / "again").returncode == 0
    assert len(Service.asked) == 2

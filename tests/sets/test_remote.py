"""Sets at URLs that fsspec knows: in memory here, and over the web in a process of their own."""

from __future__ import annotations

import gzip
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from boilerbench import sets
from boilerbench.errors import UsageError
from boilerbench.places import is_remote, place
from boilerbench.sets import outputs
from tests.command import boilerbench, rows
from tests.sets.test_warc import HTML, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("upath", reason="universal_pathlib, of the extra remote, is not installed")


def lines(*pages: str) -> bytes:
    """Rows of these pages; page `a` has the text `of a`."""
    found = ({"id": page, "html": f"<p>of {page}</p>", "text": f"of {page}"} for page in pages)
    return b"".join(json.dumps(row).encode() + b"\n" for row in found)


@pytest.fixture
def memory() -> Iterator[Any]:
    """An empty file system in memory."""
    import fsspec

    found = fsspec.filesystem("memory")
    yield found
    found.rm("/", recursive=True)


class Web(ThreadingHTTPServer):
    """A web server of some files, which notes the paths that it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """Whole files and ranges of them."""

    server: Web

    def do_GET(self) -> None:
        content = self.server.files.get(self.path)
        self.server.asked.append(self.path)
        if content is None or "secret" in self.path:
            self.send_error(404 if content is None else 403)
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = (int(asked[1]), int(asked[2] or len(content) - 1)) if asked else (0, len(content) - 1)
        part = content[first : last + 1]
        self.send_response(206 if asked else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(part)))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(content)}")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(part)

    do_HEAD = do_GET  # noqa: N815  # the name that the library asks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def ids(spec: str) -> list[str]:
    return [page.id for page in sets.load(spec).pages]


def test_a_file_a_folder_a_glob_and_several_are_read_from_a_url(memory: Any) -> None:
    memory.pipe({"/crawl/1.jsonl": lines("a", "b"), "/crawl/2.jsonl": lines("c"), "/crawl/note.txt": b"no page"})
    assert ids("jsonl:memory://crawl/1.jsonl") == ["a", "b"]
    assert ids("jsonl:memory://crawl") == ["a", "b", "c"]
    assert ids("jsonl:memory://crawl/*.jsonl") == ["a", "b", "c"]
    assert ids("jsonl:memory://crawl/2.jsonl,memory://crawl/1.jsonl") == ["c", "a", "b"]


def test_a_set_at_a_url_is_the_set_that_it_is_on_disk(memory: Any, tmp_path: Path) -> None:
    table = pd.DataFrame({"id": ["a", "b"], "html": ["<p>é</p>", "<p>b</p>"], "text": ["é", "b"]})
    table.to_parquet(tmp_path / "x.parquet")
    (tmp_path / "x.jsonl").write_bytes(lines("a", "b"))
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(record(HTML)) + gzip.compress(record(gzip.compress(HTML))))
    (tmp_path / "x.gold.jsonl").write_text(json.dumps({"id": "x-0", "text": "The pilot cutter"}))
    for name in ("x.parquet", "x.jsonl", "x.warc.gz", "x.gold.jsonl"):
        memory.pipe(f"/{name}", (tmp_path / name).read_bytes())
    for spec in ("parquet:{}/x.parquet", "jsonl:{}/x.jsonl", "warc:{}/x.warc.gz"):
        here, there = (sets.load(spec.format(place)) for place in (tmp_path, "memory:/"))
        assert (here.name, here.fingerprint, len(here.entries)) == (there.name, there.fingerprint, len(there.entries))


def test_more_pages_than_are_held_are_read_as_they_come(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "HELD", 2)
    memory.pipe("/many.jsonl", lines(*"abcde"))
    found = sets.load("jsonl:memory://many.jsonl")
    assert [page.read() for page, _ in [*found.entries]] == [f"<p>of {page}</p>".encode() for page in "abcde"]


def test_a_set_is_named_after_the_end_of_its_url(memory: Any) -> None:
    memory.pipe({"/one/pages.jsonl": lines("a"), "/two/pages.jsonl": lines("b")})
    both = sets.load_all([f"jsonl:memory://{name}/pages.jsonl" for name in ("one", "two")])
    assert [each.name for each in both] == ["one-pages", "two-pages"]
    assert sets.load("mine=jsonl:memory://one/pages.jsonl").name == "mine"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("jsonl:memory://none.jsonl", "memory://none.jsonl: no such file, and no .jsonl or .ndjson file in it"),
        ("jsonl:memory://broken.jsonl", "broken.jsonl:1:1: not JSON"),
        ("parquet:memory://broken.jsonl", "cannot be read as Parquet"),
        ("jsonl:nosuch://x", "nosuch://x: Unsupported filesystem: 'nosuch'"),
        ("jsonl:http://me:secret@127.0.0.1/x", "http://…@127.0.0.1/x: has a password"),
        ("jsonl:http://127.0.0.1:9/x.jsonl", "x.jsonl: cannot be read: Cannot connect to host 127.0.0.1:9"),
        ("native:memory://x", "has to be on this machine"),
        ("zyte:memory://x", "has to be on this machine"),
    ],
)
def test_what_cannot_be_read_from_a_url_is_refused_in_one_line(spec: str, said: str, memory: Any) -> None:
    memory.pipe("/broken.jsonl", b"no rows")
    with pytest.raises(UsageError, match=re.escape(said)) as caught:
        sets.load(spec)
    assert "\n" not in str(caught.value)


def test_a_backend_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(UsageError, match="cannot be reached: Install s3fs"):
        sets.load("jsonl:s3://bucket/x.jsonl")


def test_predictions_are_not_read_from_urls() -> None:
    with pytest.raises(UsageError, match="has to be on this machine"):
        outputs.load("json:memory://x")


@pytest.mark.parametrize("command", [("history",), ("publish", "x", "--out"), ("sets", "build"), ("run", "--runner")])
def test_what_has_to_be_on_this_machine_is_refused_as_a_url(command: tuple[str, ...], tmp_path: Path) -> None:
    done = boilerbench(*command, "s3://bucket/x", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "s3://bucket/x: " in done.stderr
    assert "has to be on this machine" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_url_is_a_path(tmp_path: Path) -> None:
    assert place(f"file://{tmp_path}") == tmp_path
    assert not is_remote(place(f"file://{tmp_path}"))


@pytest.mark.usefixtures("cache")
def test_a_set_on_the_web_is_run_and_scored(web: Web, tmp_path: Path) -> None:
    web.files = {"/a.jsonl?v=1": lines("a", "b"), "/b.warc.gz": gzip.compress(record(HTML))}
    specs = ("--set", f"jsonl:{web.url}/a.jsonl?v=1", "--set", f"warc:{web.url}/b.warc.gz")
    done = boilerbench("run", "nothing", *specs, "--out", tmp_path / "run", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert {row["set"] for row in rows(done.stdout)} == {"a"}
    assert web.asked.count("/a.jsonl?v=1") < 6
    again = boilerbench("score", tmp_path / "run", "--format", "csv")
    assert again.stdout == done.stdout


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(("file", "code"), [("none.jsonl", "404"), ("secret.jsonl", "403")])
def test_a_web_server_that_refuses_is_one_line(web: Web, tmp_path: Path, file: str, code: str) -> None:
    web.files = {"/secret.jsonl": lines("a")}
    done = boilerbench("run", "nothing", "--set", f"jsonl:{web.url}/{file}", "--out", tmp_path / "run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert code in done.stderr

"""`sets pull` as a user has it: the real command line in a process of its own, against a server that can misbehave."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import threading
from dataclasses import asdict, dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from boilerbench import sets
from boilerbench.files import SETS_VARIABLE
from boilerbench.sets import catalogue
from tests.command import make_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "article-extraction-benchmark"
COMMIT = "4a3bc979f76c0df73cb95fe272e2fc1b96f9f010"
CODE = """
import json, resource, sys, time
from boilerbench import cli
from boilerbench.sets import catalogue
about, most = json.loads(sys.argv.pop(1)), int(sys.argv.pop(1))
catalogue.public = lambda: {about["name"]: catalogue.Listing(**about)}
time.sleep = lambda seconds: None
if most:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
cli.main()
"""
"""The command line with a catalogue of one set, without the pauses between attempts, on a disk of `most` bytes."""


@dataclass
class Server:
    """Serves one body; of the first `cuts` answers half, then the connection ends. `hold` stops an answer half-way.

    It sends the rest of the body that has the `version` asked for, where it has one. `then` is the body and the version
    after the first cut.
    """

    body: bytes = b""
    version: str = ""
    then: tuple[bytes, str] | None = None
    cuts: int = 0
    asked: int = 0
    moved: dict[str, str] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    half: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked += 1
        if handler.path in self.moved:
            handler.send_response(302)
            handler.send_header("Location", self.moved[handler.path])
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if handler.path != "/set.tar.gz":
            handler.send_error(404)
            return
        start = self.start(handler)
        self.starts.append(start)
        if start >= len(self.body) > 0:
            handler.send_error(416)
            return
        handler.send_response(206 if start else 200)
        if self.version:
            handler.send_header("ETag", self.version)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.body) - 1}/{len(self.body)}")
        body = self.body[start:]
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        middle = len(body) // 2
        handler.wfile.write(body[:middle])
        self.half.set()
        if self.asked > self.cuts and self.hold.wait(60):
            handler.wfile.write(body[middle:])
        elif self.then:
            self.body, self.version = self.then

    def start(self, handler: BaseHTTPRequestHandler) -> int:
        """From which byte on it answers."""
        if not self.version or handler.headers.get("If-Range") != self.version:
            return 0
        return int(handler.headers["Range"].removeprefix("bytes=").removesuffix("-"))


@dataclass
class Case:
    """A set, its archive on a server, and a user's data folder."""

    folder: Path
    server: Server
    listing: catalogue.Listing

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def change(self, **about: Any) -> None:
        self.listing = replace(self.listing, **about)

    def arguments(self, *arguments: str, most: int = 0) -> list[str]:
        return [sys.executable, "-c", CODE, json.dumps(asdict(self.listing)), str(most), "sets", *arguments]

    def run(self, *arguments: str, most: int = 0) -> subprocess.CompletedProcess[str]:
        measured = () if most else os.environ.keys()  # coverage would have no room for its file either
        return subprocess.run(
            self.arguments(*arguments, most=most),
            env={key: value for key, value in os.environ.items() if key in measured or "COVERAGE" not in key},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def start(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(self.arguments("pull", NAME), stdout=pipe, stderr=pipe, encoding="utf-8")

    def refused(self, code: int, said: str, *more: str, most: int = 0) -> None:
        done = self.run("pull", NAME, *more, most=most)
        assert done.returncode == code, done.stderr
        (line,) = [each for each in done.stderr.splitlines() if not each.startswith(f"{NAME}: downloading")]
        assert line.startswith("boilerbench: ")
        assert said in line
        assert done.stdout == ""
        assert not list(self.folder.glob("data/**/*")), "something is left"
        assert not list(self.folder.glob("**/out")), "something climbed out"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A small set in a folder of a repository, packed as GitHub packs a commit."""
    make_set(tmp_path / "repository" / "sets" / "news")
    (tmp_path / "repository" / "README").write_text("a repository")
    (tmp_path / "repository" / "LATEST").symlink_to("README")
    fingerprint = sets.load(f"zyte:{tmp_path / 'repository/sets/news'}").fingerprint
    server = Server(packed(tmp_path))
    server.hold.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *_arguments: object) -> None:
            pass

    monkeypatch.setenv(SETS_VARIABLE, str(tmp_path / "data"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}).start()
        url = f"http://127.0.0.1:{listening.server_port}/set.tar.gz"
        listing = replace(catalogue.public()[NAME], archive=url, folder="sets/news", fingerprint=fingerprint)
        monkeypatch.setattr(catalogue, "public", lambda: {NAME: listing})
        yield Case(tmp_path, server, listing)
        server.hold.set()
        listening.shutdown()


def packed(folder: Path, *extra: tarfile.TarInfo) -> bytes:
    """An archive with the comment and the folder around everything that GitHub's have, and with more members."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers={"comment": COMMIT}) as archive:
        archive.add(folder / "repository", f"{NAME}-{COMMIT}")
        for member in extra:
            archive.addfile(member, io.BytesIO(bytes(member.size)))
    return made.getvalue()


def test_a_set_that_was_pulled_can_be_named(case: Case) -> None:
    done = case.run("pull", NAME)
    assert (done.returncode, done.stderr) == (0, f"{NAME}: downloading, 0.0 MB\n")
    fingerprint = case.listing.fingerprint
    assert done.stdout == f"{NAME} is in {case.data / NAME}: 5 pages, fingerprint {fingerprint} (as expected)\n"
    assert [each.name for each in case.data.iterdir()] == [NAME]
    assert sorted(each.name for each in (case.data / NAME).iterdir()) == ["ground-truth.json", "html"]
    assert sets.load(NAME).fingerprint == fingerprint
    assert f"{NAME}  installed, 181 pages, MIT, by Zyte" in case.run("list").stdout


def test_an_import_of_the_folder_gives_the_same_as_a_pull(case: Case) -> None:
    case.change(fingerprint="", pages=5)
    pulled = case.run("pull", NAME)
    assert "(not verified: " in pulled.stdout
    (case.data / NAME).rename(case.folder / "pulled")
    for source in ("repository/sets/news", "repository", "pulled"):
        assert case.run("import", NAME, str(case.folder / source)).stdout == pulled.stdout


def test_what_is_there_and_sound_is_not_downloaded_again(case: Case) -> None:
    first, again = case.run("pull", NAME), case.run("pull", NAME)
    assert (again.stdout, again.stderr, case.server.asked) == (first.stdout, "", 1)
    (case.data / NAME / "html" / "p0.html.gz").unlink()
    assert (case.run("pull", NAME).stdout, case.server.asked) == (first.stdout, 2)


def test_a_download_that_breaks_off_is_tried_again(case: Case) -> None:
    case.server.cuts = 2
    done = case.run("pull", NAME)
    assert (done.returncode, case.server.asked) == (0, 3)
    assert done.stderr == f"{NAME}: downloading, 0.0 MB\n" * 3
    assert sets.load(NAME).fingerprint == case.listing.fingerprint


LARGE = random.Random(0).randbytes(2**20)  # noqa: S311  no secret
"""What no archive makes smaller: its halves are many pieces of a download."""


@pytest.fixture
def large(case: Case) -> Case:
    """A set whose archive has something large beside it, on a server that sends rests and breaks off twice."""
    (case.folder / "repository" / "LARGE").write_bytes(LARGE)
    case.server.body, case.server.version, case.server.cuts = packed(case.folder), '"one"', 2
    return case


def test_a_download_that_breaks_off_goes_on_where_it_was(large: Case) -> None:
    done = large.run("pull", NAME)
    assert (done.returncode, done.stderr) == (0, f"{NAME}: downloading, 1.1 MB\n")
    assert [round(start / len(large.server.body), 1) for start in large.server.starts] == [0, 0.5, 0.7]
    assert [each.name for each in large.data.iterdir()] == [NAME]
    assert sets.load(NAME).fingerprint == large.listing.fingerprint


def test_a_download_that_has_changed_in_between_begins_anew(large: Case) -> None:
    large.server.then = (large.server.body, '"two"')
    large.change(sha256=hashlib.sha256(large.server.body).hexdigest())
    done = large.run("pull", NAME)
    assert (done.returncode, done.stderr) == (0, f"{NAME}: downloading, 1.1 MB\n" * 2)
    assert large.server.starts[:2] == [0, 0]


def test_a_rest_of_another_content_is_refused(large: Case) -> None:
    (large.folder / "repository" / "LARGE").write_bytes(LARGE[::-1])
    large.server.then = (packed(large.folder), '"one"')
    large.refused(2, "set.tar.gz: cannot be unpacked: ")
    large.server.asked, large.server.body = 0, large.server.then[0][::-1]
    large.change(sha256=hashlib.sha256(large.server.then[0]).hexdigest())
    large.refused(2, "not the archive that is expected: its SHA-256 is not")


def test_a_rest_that_there_is_not_begins_anew(large: Case) -> None:
    (large.folder / "repository" / "LARGE").unlink()
    large.server.then = (packed(large.folder), '"one"')
    done = large.run("pull", NAME)
    assert (done.returncode, [bool(start) for start in large.server.starts]) == (0, [False, True, False])
    assert done.stderr == f"{NAME}: downloading, 1.1 MB\n{NAME}: downloading, 0.0 MB\n"


def test_a_download_that_always_breaks_off_is_given_up(case: Case) -> None:
    case.server.cuts = 9
    case.refused(3, "cannot be downloaded: no connection, or it broke off, 3 times")
    assert case.server.asked == 3


def test_nobody_there_is_one_line(case: Case) -> None:
    case.change(archive=case.listing.archive.replace("set.tar.gz", "gone.tar.gz"))
    case.refused(3, "gone.tar.gz: cannot be downloaded: 404 Not Found")
    case.change(archive="http://127.0.0.1:9/set.tar.gz")
    case.refused(3, "cannot be downloaded: no connection")


def test_one_is_sent_on_within_a_house_and_never_to_another(case: Case) -> None:
    there = case.listing.archive
    case.server.moved = {"/old.tar.gz": "/older.tar.gz", "/older.tar.gz": there, "/round": "/round"}
    case.server.moved["/away"] = there.replace("127.0.0.1", "localhost")
    case.change(archive=there.replace("set.tar.gz", "round"))
    case.refused(2, "sends one on and on")
    case.change(archive=there.replace("set.tar.gz", "away"))
    case.refused(2, "sends one on to another host, localhost:")
    case.change(archive=there.replace("set.tar.gz", "old.tar.gz"))
    assert case.run("pull", NAME).returncode == 0


def test_a_mirror_is_asked_in_the_place_of_every_server(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = case.folder / "mirror"
    monkeypatch.setenv("BOILERBENCH_MIRROR", str(mirror))
    case.refused(3, "set.tar.gz: is not there, and BOILERBENCH_MIRROR says to download nothing")
    file = mirror / case.listing.archive.removeprefix("http://").replace(":", "_")
    file.parent.mkdir(parents=True)
    file.write_bytes(case.server.body)
    case.change(sha256="0" * 64)
    case.refused(2, "not the archive that is expected")
    case.change(sha256=hashlib.sha256(case.server.body).hexdigest())
    assert case.run("pull", NAME).returncode == 0
    assert case.server.asked == 0
    assert file.read_bytes() == case.server.body


def test_another_content_is_refused(case: Case) -> None:
    truth = case.folder / "repository/sets/news/ground-truth.json"
    truth.write_text(truth.read_text().replace("body 0", "another body"))
    case.server.body = packed(case.folder)
    case.refused(2, f"{case.listing.archive}: not {NAME} as expected: 5 pages, 181 expected: ")


def test_an_archive_of_another_checksum_is_refused(case: Case) -> None:
    case.change(sha256="0" * 64)
    case.refused(2, "not the archive that is expected")


def test_what_is_no_archive_is_refused(case: Case) -> None:
    whole = case.server.body
    for body in (whole[: len(whole) // 2], whole[:-20], b"<html>Sign in</html>", b""):
        case.server.body = body
        case.refused(2, "cannot be unpacked")


def member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.size, found.linkname = kind, size, "/etc/passwd"
    return found


INSIDE = f"{NAME}-{COMMIT}/sets/news"


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (member("../out"), "leads out of the archive"),
        (member("/out"), "leads out of the archive"),
        (member(f"{INSIDE}/../../../../out"), "leads out of the archive"),
        (member(f"{INSIDE}/link", tarfile.SYMTYPE), "is a link or a device"),
        (member(f"{INSIDE}/link", tarfile.LNKTYPE), "is a link or a device"),
        (member(f"{INSIDE}/pipe", tarfile.FIFOTYPE), "is a link or a device"),
        (member(f"{INSIDE}/disk", tarfile.BLKTYPE), "is a link or a device"),
        (member(f"{INSIDE}/zeros", size=2**27), "too much for its size"),
        (member(f"{NAME}-{COMMIT}/zeros", size=2**27), "too much for its size"),
        (member(f"{INSIDE}/html/p0.html.gz"), "cannot be unpacked: "),
    ],
)
def test_an_archive_that_means_harm_is_refused(case: Case, extra: tarfile.TarInfo, said: str) -> None:
    case.server.body = packed(case.folder, extra)
    case.refused(2, said)
    assert case.server.asked == 1


def test_a_set_without_a_licence_has_to_be_accepted(case: Case) -> None:
    case.change(granted=False, licence="", allows="")
    case.refused(2, f"{NAME}: no licence is known; what it allows is not known: ")
    assert case.server.asked == 0
    assert case.run("pull", NAME, "--accept-licence").returncode == 0
    assert case.run("pull", NAME).returncode == 0


def test_an_unknown_name_is_refused_with_those_that_exist(case: Case) -> None:
    done = case.run("pull", "nothing")
    assert (done.returncode, done.stderr) == (2, f"boilerbench: unknown public set 'nothing'; known: {NAME}\n")


def test_a_full_disk_leaves_nothing(case: Case) -> None:
    case.refused(2, f"data: cannot be written: File too large; {SETS_VARIABLE} names another folder", most=100)
    case.server.body = packed(case.folder, member(f"{INSIDE}/zeros", size=2**16))
    case.refused(2, "cannot be unpacked: [Errno 27] File too large", most=2**15)


def test_a_folder_that_cannot_be_written_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    (case.folder / "file").touch()
    monkeypatch.setenv(SETS_VARIABLE, str(case.folder / "file" / "sets"))
    case.refused(2, f"cannot be written: Not a directory; {SETS_VARIABLE} names another folder")
    assert case.server.asked == 0


def test_two_that_pull_at_once_both_succeed(case: Case) -> None:
    case.server.hold.clear()
    running = [case.start() for _ in range(3)]
    while case.server.asked < len(running) and all(each.poll() is None for each in running):
        case.server.half.wait(0.05)
    case.server.hold.set()
    outputs = {each.communicate(timeout=60)[0] for each in running}
    assert [each.returncode for each in running] == [0, 0, 0]
    assert len(outputs) == 1
    assert [each.name for each in case.data.iterdir()] == [NAME]
    assert sets.load(NAME).fingerprint == case.listing.fingerprint


def test_an_interrupted_pull_leaves_nothing(case: Case) -> None:
    case.server.hold.clear()
    running = case.start()
    assert case.server.half.wait(60)
    assert list(case.data.iterdir())
    os.kill(running.pid, signal.SIGINT)
    assert "boilerbench: interrupted" in running.communicate(timeout=60)[1]
    assert (running.returncode, list(case.data.iterdir())) == (130, [])

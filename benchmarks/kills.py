"""End commands at random instants, and see that nothing is lost: `python -m benchmarks kills [TIMES [interrupt]]`.

A command is killed (`kill -9`), or with `interrupt` sent what Ctrl-C sends, at a random instant of the time that it
takes. Then the files of the run folder, the site, the results, the sets and the cache are read, the command is run to
its end, and its table is compared with that of one that nobody ended. Nothing temporary may be left by then. Sets are
pulled from a server of this machine; environments are built anew for half of the runs.
"""

import csv
import hashlib
import http.server
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

import psutil

from boilerbench.errors import BoilerbenchError
from boilerbench.ranking.results import Results
from boilerbench.sets import catalogue
from boilerbench.storage import upkeep

PAGES, FRESH = 60, 0.5
"""Pages of the set, and the share of runs and pulls that begin from nothing."""
PATIENCE = 3
"""Seconds within which what is interrupted has to end."""
RUNNER = '''"""The page as it is."""
import time
DISTRIBUTION = ""
INPUT = "text"
FORMAT = "html"
def extract(html, url=None):
    time.sleep(0.01)
    return html
'''
SET = "article-extraction-benchmark"
COMMANDS = {
    "run": ("run", "--runner", "own.py", "--set", "pairs:set", "--out", "run", "--jobs", "2", "--format", "csv"),
    "score": ("score", "run", "--metric", "exact", "--metric", "shingles", "--format", "csv"),
    "table": ("table", "run", "--by", "length", "--format", "csv"),
    "report": ("report", "run", "--out", "site"),
    "publish": ("publish", "run", "--out", "results"),
    "pull": ("sets", "pull", SET),
}
"""In the order of the flow, each on what the ones before left."""
CODE = """
import json, sys
from boilerbench.cli import main
from boilerbench.sets import catalogue
about = json.loads(sys.argv.pop(1))
catalogue.public = lambda: {about["name"]: catalogue.Listing(**about)}
main()
"""
"""The command line with a catalogue of one set."""
LISTING = "BENCHMARK_LISTING"
MARK = "BENCHMARK_PLACE"


def main() -> int:
    """End commands so many times, and print what was found; 1 where anything was lost."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    how = signal.SIGINT if sys.argv[2:] == ["interrupt"] else signal.SIGKILL
    rng, found = random.Random(1), Counter[str]()  # noqa: S311  # no secret
    with tempfile.TemporaryDirectory() as place, _laid_out(Path(place)):
        whole = {name: _whole(name) for name in COMMANDS}
        for number in range(times):
            name = rng.choice(list(COMMANDS))
            _begin(name, rng)
            seconds, expected = whole[name]
            found += _ended(name, rng.uniform(0, seconds), how)
            damaged = _damaged(whole["pull"][1])
            found["damaged files"] += len(damaged)
            found["results that differ"] += _whole(name)[1] != expected
            found["temporary folders left"] += len(list(Path("tmp").glob("boilerbench-*")))
            found["partial files left"] += len(list(Path().rglob(".*.*-*")))
            print(f"{number + 1}: {name} {dict(found)}", *damaged, sep="\n  ", file=sys.stderr)
    print(dict(found))
    return int(any(times for what, times in found.items() if not what.startswith("ended:")))


@contextmanager
def _laid_out(place: Path) -> Iterator[None]:
    """Make what the commands need, and serve a set to be pulled, with pauses."""
    os.chdir(place)
    Path("own.py").write_text(RUNNER)
    for folder in ("set", "tmp", "public/html"):
        Path(folder).mkdir(parents=True)
    for number in range(PAGES):
        Path(f"set/{number}.html").write_text(f"<p>The pilot cutter number {number} came in.</p>")
        Path(f"set/{number}.txt").write_text(f"The pilot cutter number {number} came in.")
    os.environ |= {"BOILERBENCH_CACHE": str(place / "cache"), "BOILERBENCH_SETS": str(place / "sets")}
    os.environ |= {"TMPDIR": str(place / "tmp"), MARK: str(place)}
    body = _archive()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _serving(body)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        about = {"archive": f"http://127.0.0.1:{server.server_port}/set.tar.gz", "fingerprint": "", "pages": PAGES}
        digest = hashlib.sha256(body).hexdigest()
        listing = replace(catalogue.public()[SET], **about, sha256=digest, folder="", format="pairs")
        os.environ[LISTING] = json.dumps(asdict(listing))
        yield
        server.shutdown()


def _archive() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add("set")
    return packed.getvalue()


def _serving(body: bytes) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for start in range(0, len(body), 256):
                with suppress(OSError):  # who asked was killed
                    self.wfile.write(body[start : start + 256])
                time.sleep(0.02)

        def log_message(self, *_about: object) -> None:
            """Say nothing."""

    return Handler


def _begin(name: str, rng: random.Random) -> None:
    """Let half of the runs extract all pages, and build their environment, and half of the pulls be downloads."""
    fresh = rng.random() < FRESH
    if name == "run":
        shutil.rmtree("run")
    for place in ("cache",) if name == "run" else ("sets",) if name == "pull" else ():
        if fresh:
            shutil.rmtree(place)


def _arguments(name: str) -> list[str]:
    return [sys.executable, "-c", CODE, os.environ[LISTING], *COMMANDS[name]]


def _whole(name: str) -> tuple[float, object]:
    """Run a command to its end: the seconds that it took, and what came of it, but for what differs between runs."""
    started = time.monotonic()
    done = subprocess.run(_arguments(name), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, (name, done.stderr)
    rows = [
        {key: value for key, value in row.items() if key != "peak_mb"}
        for row in csv.DictReader(done.stdout.splitlines())
    ]
    return time.monotonic() - started, _contents(Path("sets")) if name == "pull" else rows


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file() and "lock" not in file.suffix}


def _ended(name: str, seconds: float, how: signal.Signals) -> Counter[str]:
    """End a command after so many seconds: whether it was under way, and what was wrong with its end."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(_arguments(name), stdout=quiet, stderr=quiet, start_new_session=True) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        found = Counter({f"ended: {name}": int(process.poll() is None)})
        process.send_signal(how)
        try:
            code = process.wait(PATIENCE)
            found["other exit codes"] += code not in (0, -how, 128 + how)
        except subprocess.TimeoutExpired:
            found[f"not ended within {PATIENCE} s"] += 1
        process.kill()
    if how is signal.SIGINT:
        found["left behind at once"] += len(list(Path("tmp").iterdir()))
    found["processes left"] += len(_processes())
    return found


def _processes() -> list[int]:
    """The processes that a command of this place has left, a second later."""
    for _ in range(20):
        left = []
        for each in psutil.process_iter():
            with suppress(psutil.Error):
                if each.pid != os.getpid() and each.environ().get(MARK) == os.environ[MARK]:
                    left.append(each.pid)
        if not left:
            break
        time.sleep(0.05)
    return left


def _damaged(pulled: object) -> list[str]:
    """What of the files that were written is neither whole nor missing."""
    lines = upkeep.damage()[1]
    for folder in (Path("run"), Path("results/set")):
        for table in ("leaderboard", "scores", "pages", "extractions"):
            try:
                getattr(Results(folder), table)
            except BoilerbenchError as cause:
                lines += [str(cause)] if "damaged" in str(cause) else []
    if Path("site").exists() and not Path("site/run.html").is_file():
        lines.append("site: half of one")
    if Path("sets", SET).exists() and _contents(Path("sets")) != pulled:
        lines.append("sets: half of one")
    return lines

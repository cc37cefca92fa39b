from __future__ import annotations

import signal
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from boilerbench import sets
from boilerbench.extraction import pool
from boilerbench.extraction.window import windows
from boilerbench.model import UNSAID, Extraction, Metadata, Status
from boilerbench.runners import registry
from boilerbench.storage.cache import TABLES, Cache
from boilerbench.storage.run_folder import RunFolder
from boilerbench.storage.sealed_rows import SealedRows
from boilerbench.text import convert, decoding
from tests.command import boilerbench, extractions, logging_runner, make_runner, make_set, rows, scored, start
from tests.process.test_child import wait_until_gone

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all tests: their runners share one environment, none shares an extraction."""
    return tmp_path_factory.mktemp("cache")


pytestmark = pytest.mark.usefixtures("writing")


@pytest.fixture(autouse=True)
def _cached(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(cache))


@pytest.fixture
def begin(cache: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start commands that are waited for in the end."""
    started: list[subprocess.Popen[str]] = []

    def starting(*arguments: object) -> subprocess.Popen[str]:
        started.append(start(*arguments, cache=cache))
        return started[-1]

    yield starting
    for process in started:
        process.kill()
        process.communicate()


def lines(log: Path) -> Counter[str]:
    return Counter(log.read_text().split()) if log.exists() else Counter()


def wait_for_lines(log: Path, number: int) -> None:
    end = time.monotonic() + 30
    while sum(lines(log).values()) < number:
        assert time.monotonic() < end
        time.sleep(0.02)


def kept(cache: Path) -> dict[str, float]:
    """The keys of what the cache holds, and the seconds that were measured."""
    with closing(SealedRows(cache / "extractions.sqlite3", TABLES)) as sealed:
        keys = [row.key for row, _ in sealed.every("extraction")]
    with closing(Cache(cache / "extractions.sqlite3")) as found:
        return {key: each.extraction.wall for key, each in found.get(keys).items()}


def test_every_pair_has_a_row_and_failures_are_counted(tmp_path: Path) -> None:
    spec, out = make_set(tmp_path / "set"), tmp_path / "out"
    body = "    if url.endswith('p3'): raise ValueError('no')\n    return None if url.endswith('p1') else html[18:24]"
    bad = make_runner(tmp_path, "bad", body)
    good = logging_runner(tmp_path, "good", tmp_path / "log")

    done = boilerbench(
        *("run", "--runner", bad, "--runner", good, "--set", spec, "--out", out),
        *("--format", "csv", "--jobs", 2, "--metric", "words", "--metric", "zyte"),
    )

    assert done.returncode == 0, done.stderr
    table = {(row["runner"], row["metric"]): row for row in rows(done.stdout)}
    assert len(table) == 4
    for metric in ("words", "zyte"):
        found = [
            [row[key] for key in ("pages", "failed", "empty")] for row in (table["good", metric], table["bad", metric])
        ]
        assert found == [["5", "0", "0"], ["5", "1", "1"]]
    assert float(table["good", "words"]["f1"]) == 1
    assert float(table["bad", "words"]["f1"]) < 0.7
    found = extractions(out)
    assert {runner: list(pages) for runner, pages in found.items()} == {
        name: [f"p{n}" for n in range(5)] for name in ("bad", "good")
    }
    assert [extraction.status for extraction in found["bad"].values()] == ["ok", "empty", "ok", "error", "ok"]
    assert found["bad"]["p3"].error == "ValueError: no"
    assert all(extraction.wall is not None for extraction in found["good"].values())
    made = f"{decoding.version()}, {convert.version('markdown')}"
    assert RunFolder(out).manifest().sets[0].text == made
    assert f"|text:{made}" in (out / "leaderboard.json").read_text()


def test_a_second_run_extracts_nothing_and_fresh_does_it_again(tmp_path: Path) -> None:
    spec, log = make_set(tmp_path / "set"), tmp_path / "log"
    runner = logging_runner(tmp_path, "logs", log)
    tables, before = [], lines(log)
    for more, extracts in (([], True), ([], False), (["--fresh"], True), ([], False), (["--timeout", "7"], True)):
        done = boilerbench(
            "run", "--runner", runner, "--set", spec, "--out", tmp_path / "out", "--format", "csv", *more
        )
        assert done.returncode == 0, done.stderr
        asked, before = lines(log) - before, lines(log)
        assert (set(asked) == {f"https://example.org/p{n}" for n in range(5)}) == extracts
        assert extracts or not asked
        tables.append(scored(done.stdout))
    assert all(table == tables[0] for table in tables)


def test_a_changed_page_alone_is_extracted_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    runner = logging_runner(tmp_path, "logs", log)
    make_set(tmp_path / "set")
    make_set(tmp_path / "other", pages=7)
    seen = []
    for name in ("set", "other"):
        done = boilerbench(
            "run",
            "--runner",
            runner,
            "--set",
            f"zyte:{tmp_path / name}",
            "--out",
            tmp_path / f"run-{name}",
            "--jobs",
            1,
        )
        assert done.returncode == 0, done.stderr
        seen.append(sum(lines(log).values()))
    assert len(lines(log)) == 7
    assert seen == [5 + 4, 5 + 4 + 2 + 1]  # all but the first of a process are asked again


def test_a_killed_run_goes_on_where_it_was(
    tmp_path: Path, cache: Path, begin: Callable[..., subprocess.Popen[str]]
) -> None:
    spec, log, out = make_set(tmp_path / "set", pages=30), tmp_path / "log", tmp_path / "out"
    command = ("run", "--runner", logging_runner(tmp_path, "slow", log, 0.1), "--set", spec, "--out", out, "--jobs", 2)
    boilerbench("run", "--runner", make_runner(tmp_path, "other", "    return html"), "--set", spec, "--out", out)
    before = kept(cache)
    harness = begin(*command)
    wait_for_lines(log, 12)
    harness.send_signal(signal.SIGKILL)
    harness.wait()
    assert wait_until_gone(str(tmp_path)) == []
    finished = kept(cache)
    assert 6 <= len(finished) - len(before) < 30

    done = boilerbench(*command)

    assert done.returncode == 0, done.stderr
    assert list(extractions(out)["slow"]) == sorted(f"p{number}" for number in range(30))
    assert all(extraction.status == "ok" for extraction in extractions(out)["slow"].values())
    assert len(kept(cache)) - len(before) == 30
    assert finished.items() <= kept(cache).items()
    assert len(lines(log)) == 30
    # two threads: one page under way, one in the pipe, one not yet kept; five are asked again
    assert sum(lines(log).values()) <= 30 + 6 + 5


def test_an_interrupt_leaves_no_process_and_no_partial_file(
    tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]
) -> None:
    spec, log, out = make_set(tmp_path / "set", pages=30), tmp_path / "log", tmp_path / "out"
    command = ("run", "--runner", logging_runner(tmp_path, "slow", log, 0.2), "--set", spec, "--out", out, "--jobs", 2)
    harness = begin(*command)
    wait_for_lines(log, 5)
    harness.send_signal(signal.SIGINT)
    _, said = harness.communicate(timeout=20)
    assert harness.returncode == 130
    assert said.splitlines()[-1].startswith("boilerbench: interrupted; finished pages are kept")
    assert "Traceback" not in said
    assert wait_until_gone(str(tmp_path)) == []
    assert [file.name for file in out.iterdir() if file.name.startswith(".")] == []
    assert not (out / "extractions.parquet").exists()
    table = boilerbench("table", out)
    assert (table.returncode, len(table.stderr.splitlines())) == (2, 1)
    assert boilerbench(*command).returncode == 0
    assert len(lines(log)) == 30


def test_a_terminated_run_leaves_no_process(tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]) -> None:
    spec, log = make_set(tmp_path / "set", pages=9), tmp_path / "log"
    harness = begin(
        "run", "--runner", logging_runner(tmp_path, "slow", log, 1), "--set", spec, "--out", tmp_path / "out"
    )
    wait_for_lines(log, 1)
    harness.terminate()
    harness.communicate(timeout=20)
    assert wait_until_gone(str(tmp_path)) == []


def test_what_cannot_run_is_unavailable_with_the_reason_and_the_others_run(tmp_path: Path) -> None:
    spec, out = make_set(tmp_path / "set"), tmp_path / "out"
    good = logging_runner(tmp_path, "good", tmp_path / "log")
    broken = make_runner(tmp_path, "broken", "    return html", "import no_such_module")
    python = make_runner(tmp_path, "future", "    return html")
    python.write_text('# /// script\n# requires-python = ">=4"\n# ///\n' + python.read_text())
    unlocked = make_runner(tmp_path, "unlocked", "    return html")
    unlocked.write_text('# /// script\n# dependencies = ["html-text"]\n# ///\n' + unlocked.read_text())
    unlocked.with_suffix(".lock").unlink()
    files = [part for file in (good, broken, python, unlocked) for part in ("--runner", file)]

    done = boilerbench("run", *files, "--set", spec, "--out", out, "--format", "csv")

    assert done.returncode == 0, done.stderr
    failed = {row["runner"]: row["failed"] for row in rows(done.stdout)}
    assert failed == {"good": "0", "broken": "5", "future": "5", "unlocked": "5"}
    found = extractions(out)
    for name, reason in (("broken", "no_such_module"), ("future", ">=4"), ("unlocked", "unlocked.lock is missing")):
        assert {extraction.status for extraction in found[name].values()} == {"unavailable"}
        assert all(reason in (extraction.error or "") for extraction in found[name].values())
    nothing = boilerbench("run", "--runner", broken, "--set", spec, "--out", tmp_path / "nothing", "--format", "csv")
    assert nothing.returncode == 4
    assert [row["failed"] for row in rows(nothing.stdout)] == ["5"]
    assert "no_such_module" in nothing.stderr.splitlines()[-1]


def test_an_unavailable_runner_is_tried_again(tmp_path: Path) -> None:
    spec, module = make_set(tmp_path / "set"), tmp_path / "appears.py"
    before = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import appears"
    command = (
        "run",
        "--runner",
        make_runner(tmp_path, "late", "    return html", before),
        "--set",
        spec,
        "--out",
        tmp_path / "out",
    )
    assert boilerbench(*command).returncode == 4
    module.touch()
    assert boilerbench(*command).returncode == 0


def test_the_page_that_ended_a_process_is_kept_where_no_other_starts(tmp_path: Path) -> None:
    spec, out, gone = make_set(tmp_path / "set"), tmp_path / "out", str(tmp_path / "gone")
    before = f"import os\nif os.path.exists({gone!r}): raise ImportError('gone')"
    runner = make_runner(tmp_path, "frail", f"    open({gone!r}, 'w'); os._exit(3)", before)

    done = boilerbench("run", "--runner", runner, "--set", spec, "--out", out, "--format", "csv", "--jobs", 1)

    assert [row["failed"] for row in rows(done.stdout)] == ["5"], done.stderr
    statuses = [extraction.status.value for _, extraction in sorted(extractions(out)["frail"].items())]
    assert statuses == ["crash"] + ["unavailable"] * 4


def noting_starts(folder: Path, before: str = "") -> tuple[Path, Path]:
    """Write a runner that takes a while and notes each of its starts in a file; return both."""
    starts = folder / "starts"
    before = f"import time\nopen({str(starts)!r}, 'a').write('start ')\n{before}"
    return make_runner(folder, "any", "    time.sleep(0.1)\n    return html", before), starts


def test_a_runner_alone_in_a_run_starts_one_process_and_one_that_is_asked_again(tmp_path: Path) -> None:
    runner, starts = noting_starts(tmp_path)
    run = ("run", "--runner", runner, "--set", make_set(tmp_path / "set"), "--jobs", 1, "--out", tmp_path / "out")
    assert boilerbench(*run).returncode == 0
    starts.unlink(missing_ok=True)  # of the build, where no other test made the same environment
    assert boilerbench(*run, "--fresh").returncode == 0
    assert lines(starts) == {"start": 2}


def test_what_cannot_be_built_is_tried_once_however_many_wait_for_it(tmp_path: Path) -> None:
    runner, starts = noting_starts(tmp_path, "import no_such_module")
    runner.with_suffix(".lock").write_text("# a tree of its own, which no other test has built\n")
    spec = make_set(tmp_path / "set")
    assert boilerbench("run", "--runner", runner, "--set", spec, "--jobs", 4, "--out", tmp_path / "out").returncode == 4
    assert lines(starts) == {"start": 1}


def test_two_runs_at_once_share_the_cache(tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]) -> None:
    spec, log = make_set(tmp_path / "set", pages=20), tmp_path / "log"
    runner = logging_runner(tmp_path, "shared", log, 0.02)
    runs = [
        begin("run", "--runner", runner, "--set", spec, "--out", tmp_path / f"out{n}", "--format", "csv")
        for n in (1, 2)
    ]
    ends = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], ends
    assert scored(ends[0][0]) == scored(ends[1][0])
    assert len(lines(log)) == 20
    assert sum(lines(log).values()) <= 2 * (20 + 5)  # each may ask five again


def test_the_host_environment_is_not_cached(tmp_path: Path) -> None:
    spec, log = make_set(tmp_path / "set"), tmp_path / "log"
    runner = logging_runner(tmp_path, "here", log)
    for times in (1, 2):
        before = lines(log)
        done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "out", "--env", "host")
        assert done.returncode == 0, done.stderr
        assert len(lines(log) - before) == 5, times


def test_limits_hold_in_a_run_and_later_pages_work(tmp_path: Path) -> None:
    spec, out = make_set(tmp_path / "set", pages=8), tmp_path / "out"
    body = (
        "    if url.endswith('p1'): time.sleep(600)\n"
        "    if url.endswith('p3'): os._exit(9)\n"
        "    if url.endswith('p5'): kept.append(b'x' * (300 << 20))\n"
        "    if url.endswith('p6'): os.kill(os.getpid(), 11)\n"
        "    return 'fine'"
    )
    runner = make_runner(tmp_path, "hostile", body, "import os, time\nkept = []")
    limits = ("--timeout", 2, "--memory", 200, "--jobs", 1)
    done = boilerbench("run", "--runner", runner, "--set", spec, "--out", out, *limits)
    assert done.returncode == 0, done.stderr
    found = [str(extraction.status) for extraction in extractions(out)["hostile"].values()]
    assert found == ["ok", "timeout", "ok", "crash", "ok", "memory", "crash", "ok"]
    assert wait_until_gone(str(tmp_path)) == []


def test_a_process_that_does_not_start_takes_no_page_from_one_that_works(tmp_path: Path) -> None:
    started, spec, out = tmp_path / "started", make_set(tmp_path / "set", pages=20), tmp_path / "out"
    before = (
        "import sys, time\n"
        f"with open({str(started)!r}, 'a+') as file:\n"
        "    file.write('.')\n"
        "    if file.tell() > 1: raise ImportError('only once')\n"
    )
    runner = make_runner(tmp_path, "single", "    time.sleep(0.05)\n    return 'fine'", before)
    done = boilerbench("run", "--runner", runner, "--set", spec, "--out", out, "--jobs", 2, "--env", "host")
    assert done.returncode == 0, done.stderr
    assert "single: one process less: cannot be imported: ImportError: only once" in done.stderr
    assert {extraction.status for extraction in extractions(out)["single"].values()} == {Status.OK}


def test_a_page_whose_time_ran_out_is_asked_again_unless_it_was_computing(tmp_path: Path) -> None:
    spec, log, out = make_set(tmp_path / "set", pages=2), tmp_path / "log", tmp_path / "out"
    body = (
        f"    with open({str(log)!r}, 'a') as file: file.write(url + '\\n')\n"
        "    while url.endswith('p0'): pass\n"
        "    time.sleep(600)"
    )
    runner = make_runner(tmp_path, "hangs", body, "import time")
    run = ("run", "--runner", runner, "--set", spec, "--out", out, "--timeout", 3)
    boilerbench(*run)
    computes, waits = extractions(out)["hangs"].values()
    assert computes.status == waits.status == "timeout"
    assert waits.cpu is not None
    assert computes.cpu is not None
    assert waits.cpu < 1
    boilerbench(*run)
    busy = 1 + (computes.cpu < 1.5)  # where this machine gave it no core of its own
    assert lines(log) == {"https://example.org/p0": busy, "https://example.org/p1": 2}


class Failing:
    """An observer that cannot take what it is told."""

    def plan(self, runner: str, pages: int, from_cache: int) -> None: ...

    def planned(self) -> None: ...

    def note(self, runner: str, text: str) -> None: ...

    def done(self, runner: str, extraction: Extraction) -> None:
        raise RuntimeError(f"{runner}: {extraction.status}")


def test_what_goes_wrong_in_a_thread_is_raised_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    body = "    while not url.endswith('p0'): pass\n    return 'fine'"
    runner = registry.find(str(make_runner(tmp_path, "slow", body)))
    goldset = sets.load(make_set(tmp_path / "set"))
    started = time.monotonic()
    with closing(Cache(tmp_path / "own.sqlite3")) as own, pytest.raises(RuntimeError, match="slow: ok"):
        list(pool.run([runner], windows([goldset], [runner.label]), pool.Options(jobs=3, mode="host"), own, Failing()))
    assert time.monotonic() - started < 20
    assert wait_until_gone(str(runner.file)) == []


def test_what_a_runner_says_of_a_page_is_in_the_run_folder_and_in_the_cache(tmp_path: Path) -> None:
    spec, log = make_set(tmp_path / "set", pages=2), tmp_path / "log"
    body = (
        f"    open({str(log)!r}, 'a').write('called\\n')\n"
        "    if 'body 0' in html:\n"
        "        return {'text': '<p>t', 'title': 'T \\ud800', 'author': ('A', 'B'), 'date': None}"
    )
    runner = make_runner(tmp_path, "telling", body)
    said, calls = [], []
    for _ in range(2):
        done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
        found = extractions(tmp_path / "out")["telling"]
        said.append([(each.text, each.metadata) for each in found.values()])
        calls.append(lines(log)["called"])
    assert said[0] == said[1] == [("<p>t", Metadata("T \ufffd", ("A", "B"), "")), ("", UNSAID)]
    assert calls[0] == calls[1]

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import psutil
import pytest
from filelock import FileLock

from boilerbench import files
from boilerbench.cli import _interruptible
from tests.command import COMMAND, boilerbench, make_runner, make_set, rows
from tests.packages import RUNNER, make_package

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS = 10


def processes(mark: str) -> list[str]:
    """The command lines of all processes whose environment carries the mark."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("BOILERBENCH_TEST") == mark:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def leftovers(cache: Path, temporary: Path) -> list[Path]:
    return [*cache.rglob("*.partial"), *cache.rglob("partial-*"), *temporary.iterdir()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with runners that are to be built, from a checkout and from nothing, and a set."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("BOILERBENCH_TEST", str(tmp_path))
    for name in ("cache", "temporary"):
        (tmp_path / name).mkdir()
    (tmp_path / "small.py").write_text(RUNNER)
    make_package(tmp_path / "checkout", "1.0", "body 0")
    make_runner(tmp_path, "slow", "    time.sleep(0.05)\n    return 'body 0'", "import time\ntime.sleep(0.3)")
    make_set(tmp_path / "set", pages=20)
    monkeypatch.chdir(tmp_path)
    return tmp_path


ARGUMENTS = ["run", "slow.py", "small.py@./checkout", "--set", "zyte:set", "--jobs", "2", "--out", "out"]


def edit(place: Path, number: int) -> None:
    """Change what has been built before, so that everything has to be built again."""
    (place / "checkout" / "VERSION").write_text(f"1.{number}\n")
    (place / "slow.lock").write_text(f"# {number}\n")


def test_an_interrupt_at_any_moment_leaves_nothing_behind(place: Path) -> None:
    chance = random.Random(5)  # noqa: S311  # moments, not secrets
    started = time.monotonic()
    assert boilerbench(*ARGUMENTS).returncode == 0
    whole = time.monotonic() - started
    for number in range(1, MOMENTS + 1):
        moment = chance.uniform(0.05, whole)
        edit(place, number)
        process = subprocess.Popen(
            [COMMAND, *ARGUMENTS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
        assert process.returncode in (130, 0, -signal.SIGINT), told
        assert "in main" not in told  # earlier than that it is Python that is interrupted
        assert processes(str(place)) == [], moment
        assert leftovers(place / "cache", place / "temporary") == [], moment
    done = boilerbench(*ARGUMENTS, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert {row["runner"]: (row["version"], row["failed"]) for row in rows(done.stdout)} == {
        "small@./checkout": (f"1.{MOMENTS}", "0"),
        "slow": ("", "0"),
    }


def test_an_interrupt_ends_the_wait_for_another_process_that_builds(place: Path) -> None:
    arguments = ["run", "slow.py", "--set", "zyte:set", "--limit", "1", "--out", "out"]
    assert boilerbench(*arguments).returncode == 0
    (built,) = (folder for folder in (place / "cache" / "environments").iterdir() if folder.is_dir())
    shutil.rmtree(built)
    with FileLock(built.with_suffix(".mutex")):
        process = subprocess.Popen(
            [COMMAND, *arguments, "--fresh"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        assert process.stderr is not None
        assert process.stderr.readline() == "slow: building its environment\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.strip().startswith("boilerbench: interrupted; ")
    assert processes(str(place)) == []


@pytest.mark.parametrize("ignored", [True, False])
def test_a_signal_that_whoever_called_ignores_stays_ignored(ignored: bool) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    ended = signal.getsignal(signal.SIGTERM)
    try:
        _interruptible()
        assert (signal.getsignal(signal.SIGHUP) is signal.SIG_IGN) == ignored
    finally:
        signal.signal(signal.SIGHUP, before)
        signal.signal(signal.SIGTERM, ended)

"""Run folders at URLs: what is promised of those on disks holds there, but for locks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from boilerbench import places
from boilerbench.errors import BoilerbenchError, UnreachableError, UsageError
from boilerbench.extraction import window
from boilerbench.storage.manifest import Manifest, SetEntry
from boilerbench.storage.run_folder import RunFolder
from tests.command import boilerbench, logging_runner, make_runner, make_set, rows, scored
from tests.extraction.test_windows import READ, run, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("upath", reason="universal_pathlib, of the extra remote, is not installed")
UNDER_WAY = Manifest(boilerbench="1", sets=(SetEntry("set"),))


@pytest.fixture
def memory() -> Iterator[Any]:
    """An empty file system in memory."""
    import fsspec

    found = fsspec.filesystem("memory")
    yield found
    found.rm("/", recursive=True)


def with_objects(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that knows the object store of `tests.objects`."""
    given = {"capture_output": True, "encoding": "utf-8", "timeout": 120, **more}
    command = [sys.executable, "-m", "tests.objects", *map(str, arguments)]
    return subprocess.run(command, check=False, cwd=Path(__file__).parents[2], **given)


def test_a_run_that_was_ended_goes_on_behind_its_last_whole_window(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "SIZE", 4)
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    file = make_runner(tmp_path, "same", "    return html")
    there = places.place("memory://bucket/run")
    with suppress(InterruptedError):
        run(there, stream(14), file, until=10, jobs=1)  # two pages may be under way behind a window's last
    before = memory.find("/bucket")
    assert RunFolder(there).done == 2
    READ.clear()
    whole = run(there, stream(14), file)
    assert set(READ) == {f"p{number}" for number in range(8, 14)}
    local = run(tmp_path / "local", stream(14), file)
    assert [(part.set, part.pages) for part in whole.parts()] == [(part.set, part.pages) for part in local.parts()]
    assert whole.manifest().sets == local.manifest().sets
    assert set(before) < set(memory.find("/bucket"))


@pytest.mark.usefixtures("cache")
def test_a_run_into_an_object_store_is_the_run_on_a_disk(tmp_path: Path) -> None:
    log, url = tmp_path / "log", f"objects://{tmp_path}/bucket/run"
    about = ("run", "nothing", "tag-density", "majority", "--set", make_set(tmp_path / "set"), "--format", "csv")
    there = with_objects(*about, "--out", url, env=os.environ | {"TESTS_OBJECTS": str(log)})
    assert there.returncode == 0, there.stderr
    here = boilerbench(*about, "--out", tmp_path / "here")
    assert scored(here.stdout) == scored(there.stdout)
    bucket = tmp_path / "bucket" / "run"
    names = sorted(file.relative_to(bucket) for file in bucket.rglob("*") if file.is_file())
    assert names == sorted(
        file.relative_to(tmp_path / "here") for file in (tmp_path / "here").rglob("*") if file.is_file()
    )
    put = log.read_text().splitlines()
    assert put.index("put manifest.json") < put.index("put 00000.parquet")
    assert scored(with_objects("score", url, "--metric", "zyte", "--format", "csv").stdout) == scored(
        boilerbench("score", tmp_path / "here", "--metric", "zyte", "--format", "csv").stdout
    )


@pytest.mark.usefixtures("cache")
def test_commands_read_a_run_folder_at_a_url(tmp_path: Path) -> None:
    url = f"objects://{tmp_path}/run"
    done = with_objects("run", "nothing", "tag-density", "--set", make_set(tmp_path / "set"), "--out", url)
    assert done.returncode == 0, done.stderr
    table = with_objects("table", url, "--format", "csv")
    assert [row["runner"] for row in rows(table.stdout)] == ["tag-density", "nothing"]
    compared = with_objects("compare", f"{url}:nothing", f"{url}:tag-density")
    assert "better" in compared.stdout, compared.stderr
    assert with_objects("report", url, "--out", tmp_path / "site").returncode == 0
    assert (tmp_path / "site" / "downloads" / "leaderboard.csv").is_file()
    assert with_objects("publish", url, "--out", tmp_path / "results").returncode == 0


@pytest.mark.usefixtures("cache", "writing")
def test_a_run_that_is_killed_is_told_from_a_whole_one_and_goes_on(tmp_path: Path) -> None:
    log, url = tmp_path / "log", f"objects://{tmp_path}/run"
    file = logging_runner(tmp_path, "slow", log, seconds=0.3)
    about = ["run", str(file), "--set", make_set(tmp_path / "set", 6), "--out", url, "--env", "host", "--jobs", "1"]
    process = subprocess.Popen([sys.executable, "-m", "tests.objects", *about], cwd=Path(__file__).parents[2])
    while not (log.exists() and len(log.read_text().splitlines()) > 1):
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    table = with_objects("table", url)
    assert (table.returncode, table.stderr.count("\n")) == (2, 1)
    assert "the run is not whole" in table.stderr
    done = with_objects(*about, "--format", "csv")
    assert [(row["pages"], row["failed"]) for row in rows(done.stdout)] == [("6", "0")]


def test_what_is_no_run_folder_is_not_written_into(memory: Any) -> None:
    memory.pipe("/bucket/note.txt", b"mine")
    with pytest.raises(UsageError, match="not empty and not a run folder"):
        RunFolder.create(places.place("memory://bucket"))
    assert memory.find("/bucket") == ["/bucket/note.txt"]


def test_a_url_that_cannot_be_written_is_refused_before_anything_is_run() -> None:
    with pytest.raises(UsageError, match=r"http://127.0.0.1:9/x: cannot be written: Cannot connect"):
        RunFolder.create(places.place("http://127.0.0.1:9/x"))


def test_a_file_that_cannot_be_put_is_one_line_and_what_was_there_stays(
    memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder.create(places.place("memory://bucket"))
    folder.write_text("leaderboard.csv", "old")
    monkeypatch.setattr(type(memory), "put_file", lambda *_, **__: 1 / 0)
    with pytest.raises(BoilerbenchError, match=r"leaderboard.csv: cannot be written: division by zero") as caught:
        folder.write_text("leaderboard.csv", "new")
    assert caught.value.exit_code == 3
    assert memory.cat("/bucket/leaderboard.csv") == b"old"


def test_a_run_is_not_begun_anew_where_what_is_there_cannot_be_reached(
    memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    RunFolder.create(places.place("memory://bucket")).write_manifest(UNDER_WAY)
    memory.pipe("/bucket/pages.parquet/00000.parquet", b"kept")
    monkeypatch.setattr(type(memory), "_open", lambda *_, **__: 1 / 0)
    with pytest.raises(UnreachableError, match=r"manifest.json: cannot be reached: division by zero"):
        RunFolder(places.place("memory://bucket")).begin(UNDER_WAY)
    assert memory.exists("/bucket/pages.parquet/00000.parquet")

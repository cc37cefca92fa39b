"""What the cache holds is counted, checked, and removed where that is asked for: no more of it."""

from __future__ import annotations

import csv
import os
import re
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from boilerbench.model import Extraction, Status
from boilerbench.storage import upkeep
from boilerbench.storage.cache import Cache, Kept
from tests.command import boilerbench

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = ("1.9", "1.10", "1.2", "odd")


@pytest.fixture
def filled(cache: Path) -> Path:
    with closing(Cache(cache / "extractions.sqlite3")) as rows:
        for version in VERSIONS:
            rows.put(f"key {version}", Kept(Extraction(Status.OK, "text " * 2000)), "own", version)
        rows.put("other", Kept(Extraction(Status.OK, "other")), "other", "")
        rows.put_digests({"stamp": "digest"})
    for name in ("new", "old", "killed.partial"):
        (cache / "environments" / name).mkdir(parents=True)
        (cache / "environments" / name / "file").write_bytes(bytes(1000))
    os.utime(cache / "environments" / "old", (time.time() - 10 * 86400,) * 2)
    return cache


def left(cache: Path) -> set[str]:
    with closing(Cache(cache / "extractions.sqlite3")) as rows:
        return set(rows.get([*(f"key {each}" for each in VERSIONS), "other"]))


def built(cache: Path) -> set[str]:
    return {each.name for each in (cache / "environments").iterdir() if each.suffix != ".mutex"}


def test_what_is_held_is_counted_by_runner_and_version(filled: Path) -> None:
    found = upkeep.holdings()
    own = [each for each in found if each.runner == "own"]
    assert [each.version for each in own] == sorted(VERSIONS)
    assert all(each.entries == 1 and each.bytes > 10_000 for each in own)
    assert upkeep.Holding("environments", "", "", 3, 3000) in found
    done = boilerbench("cache", "info", "--format", "csv", env=os.environ | {"BOILERBENCH_CACHE": str(filled)})
    assert [tuple(row.values()) for row in csv.DictReader(done.stdout.splitlines())] == [
        tuple(map(str, each)) for each in found
    ]


@pytest.mark.parametrize(
    ("older_than", "keep", "versions", "environments"),
    [
        (None, None, set(VERSIONS), {"new", "old"}),
        (None, 2, {"1.9", "1.10"}, {"new", "old"}),
        (None, 0, set(), {"new", "old"}),
        (5, None, set(VERSIONS), {"new"}),
        (0, None, set(), {"new"}),  # what was used today may be in use
    ],
)
def test_prune_removes_what_it_was_asked_for(
    older_than: int | None, keep: int | None, versions: set[str], environments: set[str], filled: Path
) -> None:
    before = (filled / "extractions.sqlite3").stat().st_size
    _, freed = upkeep.prune(older_than, keep)
    assert left(filled) == {f"key {each}" for each in versions} | ({"other"} if older_than != 0 else set())
    assert built(filled) == environments
    assert before - (filled / "extractions.sqlite3").stat().st_size <= freed
    assert freed > 5000 * (len(VERSIONS) - len(versions))


def test_an_environment_that_is_being_built_stays(filled: Path) -> None:
    from filelock import FileLock

    with FileLock(filled / "environments" / "killed.mutex"):
        upkeep.prune(None, None)
        assert "killed.partial" in built(filled)


def test_verify_says_what_is_damaged_and_prune_removes_that_alone(filled: Path) -> None:
    environment = os.environ | {"BOILERBENCH_CACHE": str(filled)}
    assert boilerbench("cache", "verify", env=environment).returncode == 0
    file = filled / "extractions.sqlite3"
    file.write_bytes(re.sub(rb"(?<=status\xa2ok\xa4text\xa5)other", b"otter", file.read_bytes()))
    done = boilerbench("cache", "verify", env=environment)
    assert (done.returncode, done.stdout) == (1, "extractions: 1 damaged, other\n")
    assert "boilerbench cache prune" in done.stderr
    done = boilerbench("cache", "prune", env=environment)
    assert (done.returncode, left(filled)) == (0, {f"key {each}" for each in VERSIONS})
    assert boilerbench("cache", "verify", env=environment).returncode == 0
    file.write_bytes(file.read_bytes()[:-4096])
    assert boilerbench("cache", "verify", env=environment).returncode == 1
    upkeep.prune(None, None)
    assert upkeep.damage() == (0, [])
    assert [each.name for each in filled.glob("*.damaged-*")] == []

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from uv import find_uv_bin

from boilerbench import files
from tests.command import boilerbench, make_set, rows
from tests.packages import make_package

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = '''\
"""A runner from a package."""
DISTRIBUTION = ""
INPUT = "text"
FORMAT = "text"


def extract(html, url=None):
    return "body 0"
'''


def install(source: Path, target: Path) -> None:
    command = [find_uv_bin(), "--no-config", "pip", "install", "--quiet", "--no-index", "--target", str(target)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where packages are installed, seen by every command of the test."""
    site = tmp_path / "site"
    searched = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    monkeypatch.setenv("PYTHONPATH", searched)
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "cache"))
    return site


def test_an_installed_package_brings_runners_and_a_broken_one_stops_nothing(tmp_path: Path, site: Path) -> None:
    good = make_package(tmp_path / "good", "1.0", "")
    (good / "small_kit.py").write_text(RUNNER)
    install(good, site)
    bad = make_package(tmp_path / "bad", "2.0", "")
    (bad / "small_kit.py").rename(bad / "bad_kit.py")
    for file in (bad / "backend.py", bad / "pyproject.toml"):
        text = file.read_text().replace("small = small_kit", "small = nowhere.at_all")
        file.write_text(text.replace("small_kit", "bad_kit").replace("small-kit", "bad-kit"))
    install(bad, site)

    listed = boilerbench("runners", "list")
    assert listed.returncode == 0
    assert "small-kit" in listed.stdout
    assert "trafilatura" in listed.stdout
    assert listed.stderr.splitlines() == [
        "broken: entry point 'small' of bad-kit 2.0: there is no module nowhere.at_all"
    ]
    goldset = make_set(tmp_path / "set", pages=1)
    done = boilerbench("run", "small-kit", "--set", goldset, "--out", tmp_path / "out", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert [(row["runner"], row["f1"]) for row in rows(done.stdout)] == [("small-kit", "1.000000")]
    unknown = boilerbench("run", "bad-kit", "--set", goldset)
    assert unknown.returncode == 2
    assert "unknown runner 'bad-kit'; of what is installed, entry point 'small' of bad-kit 2.0: " in unknown.stderr


def test_a_package_cannot_take_the_name_of_a_built_in_runner(tmp_path: Path, site: Path) -> None:
    thief = make_package(tmp_path / "thief", "1.0", "")
    backend = (thief / "backend.py").read_text()
    backend = backend.replace("small = small_kit", "aaa = nothing").replace(
        '"small_kit.py"', '"small_kit.py", "nothing.py"'
    )
    (thief / "backend.py").write_text(backend)
    (thief / "small_kit.py").write_text(RUNNER)
    install(thief, site)
    goldset = make_set(tmp_path / "set", pages=1)
    done = boilerbench("run", "nothing", "--set", goldset, "--out", tmp_path / "out", "--format", "csv")
    assert [(row["runner"], row["empty"]) for row in rows(done.stdout)] == [("nothing", "1")]
    assert "the name 'nothing' of" in boilerbench("runners", "list").stderr

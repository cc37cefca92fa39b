"""A folder that one process writes is no other's: whoever comes second is refused in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boilerbench.storage import holding
from tests.command import boilerbench, make_runner, make_set

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, its site and its published results."""
    home = tmp_path_factory.mktemp("held")
    make_runner(home, "own", "    return html")
    spec = make_set(home / "set", 2)
    done = boilerbench("run", "--runner", "own.py", "--set", spec, "--out", "run", cwd=home)
    assert done.returncode == 0, done.stderr
    for command in ("report", "site"), ("publish", "results"):
        done = boilerbench(command[0], "run", "--out", command[1], cwd=home)
        assert done.returncode == 0, done.stderr
    return home


@pytest.mark.parametrize(
    ("folder", "command"),
    [
        ("run", ("run", "--runner", "own.py", "--set", "zyte:set", "--out", "run")),
        ("run", ("score", "run", "--metric", "exact")),
        ("run", ("score", "--set", "zyte:set", "--outputs", "files:set/html", "--out", "run")),
        ("site", ("report", "run", "--out", "site")),
        ("results", ("publish", "run", "--out", "results")),
    ],
    ids=str,
)
def test_a_second_process_is_refused(folder: str, command: tuple[str, ...], home: Path) -> None:
    (home / "set/html/p0.txt").write_text("body 0")
    before = {file: file.read_bytes() for file in (home / folder).rglob("*") if file.is_file()}
    with holding.held(home / folder):
        done = boilerbench(*command, cwd=home)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert f"{folder}: another boilerbench writes into it" in done.stderr
    assert {file: file.read_bytes() for file in (home / folder).rglob("*") if file.is_file()} == before

"""What a runner's libraries build for themselves is built once, without a page, and every child finds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from boilerbench.environments import environment, warm
from boilerbench.errors import UnavailableError
from boilerbench.runners import declaration
from tests.command import boilerbench, extractions, make_set
from tests.environments.test_environment import HEADER

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
RUNNER = '''\
"""What is kept in its home, to which it tries to add the page."""
import pathlib, tempfile, time

DISTRIBUTION = ""
INPUT = "text"
FORMAT = "text"
HOME = pathlib.Path.home()


def warm():
    (HOME / "deep").mkdir()
    (HOME / "deep" / "tree").write_text(f"made {time.time_ns()}")
    (pathlib.Path(tempfile.gettempdir()) / "words").write_text("words")


def extract(html, url=None):
    (HOME / "deep" / "new").write_text(html)
    try:
        (HOME / "deep" / "tree").write_text(html)
    except OSError:
        pass
    return (HOME / "deep" / "tree").read_text() + (HOME / "words").read_text()
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "warmed.py"
    path.write_text(HEADER + RUNNER)
    path.with_suffix(".lock").touch()
    return path


def test_every_child_finds_what_was_built_once_and_none_can_change_it(file: Path, tmp_path: Path) -> None:
    spec = make_set(tmp_path / "set", 3)
    done = boilerbench("run", file, "--set", spec, "--out", tmp_path / "run", "--isolate")
    assert done.returncode == 0, done.stderr
    (found,) = extractions(tmp_path / "run").values()
    (text,) = {each.text for each in found.values()}
    assert re.fullmatch(r"made \d+words", str(text))
    again = boilerbench("run", file, "--set", spec, "--out", tmp_path / "again", "--fresh")
    assert "3/3 pages, 0 failed" in again.stderr
    (found,) = extractions(tmp_path / "again").values()
    assert {each.text for each in found.values()} == {text}


def test_what_it_finds_is_part_of_its_environment_and_no_file_beside(file: Path, tmp_path: Path) -> None:
    about = ("run", file, "--set", make_set(tmp_path / "set", 3), "--isolate", "--out")
    done = boilerbench(*about, tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert "3 from cache" in boilerbench(*about, tmp_path / "again").stderr


def test_an_environment_is_of_what_warms_it(file: Path) -> None:
    built = environment.prepare(declaration.describe(file), "locked")
    assert sorted(each.name for each in (built.parents[1] / warm.FOLDER).iterdir()) == ["deep", "words"]
    file.write_text(HEADER + RUNNER.replace('"words")\n\n', '"other words")\n\n'))
    assert environment.prepare(declaration.describe(file), "locked") != built
    file.write_text(HEADER + RUNNER.replace("def warm", "def not_so"))
    cold = environment.prepare(declaration.describe(file), "locked")
    assert not (cold.parents[1] / warm.FOLDER).exists()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("    raise ValueError('no dictionary')", "ValueError: no dictionary"),
        ("    import socket; socket.create_connection(('192.0.2.1', 80), 5)", "OSError|PermissionError"),
    ],
)
def test_one_that_fails_makes_its_runner_unavailable(file: Path, body: str, why: str) -> None:
    file.write_text(f"{HEADER}{RUNNER}\n\ndef warm():\n{body}\n")
    with pytest.raises(UnavailableError, match=rf"its warm\(\) failed: .*({why})"):
        environment.prepare(declaration.describe(file), "locked")

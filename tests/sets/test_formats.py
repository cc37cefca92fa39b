"""Formats of installed packages, through the same door as our own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from boilerbench import plugins, sets
from boilerbench.errors import UnknownNameError
from tests.command import boilerbench, logging_runner, make_set, rows
from tests.packages import make_package
from tests.runners.test_plugins import install

READER = """
from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page, Segment
def read(path):
    if not path.suffix == ".lines":
        raise BadSetError(f"{path}: expected a .lines file")
    entries = [
        (Page(str(number), f"<p>{line}</p>".encode, f"http://{number}.example/"), Gold((Segment("body", line),)))
        for number, line in enumerate(path.read_text().splitlines())
    ]
    return GoldSet(path.stem, "", tuple(entries))
"""
BROKEN = "import nowhere_at_all"


def offer(folder: Path, site: Path, name: str, source: str, entry: str = "small = small_kit:read") -> None:
    """Install a package whose module offers a format."""
    package = make_package(folder / name, "1.0", "")
    (package / "small_kit.py").rename(package / f"{name}.py")
    (package / f"{name}.py").write_text(source)
    for file in (package / "backend.py", package / "pyproject.toml"):
        text = file.read_text().replace("[boilerbench.runners]", "[boilerbench.formats]")
        text = text.replace("small = small_kit", entry.replace("small_kit", name))
        file.write_text(text.replace("small_kit", name).replace("small-kit", name.replace("_", "-")))
    install(package, site)


def broken(group: str) -> list[str]:
    """The complaints of a process of its own: distributions are looked up once."""
    code = f"from boilerbench import plugins\nprint(*plugins.broken({group!r}), sep='\\n', end='')"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where packages are installed, seen by every command of the test."""
    site = tmp_path / "site"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])]))
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    return site


@pytest.mark.usefixtures("writing")
def test_an_installed_format_is_listed_and_read_as_ours_are(tmp_path: Path, site: Path) -> None:
    offer(tmp_path, site, "line_kit", READER, "lines = small_kit:read")
    assert "lines:PATH" in boilerbench("sets", "list").stdout.splitlines()
    (tmp_path / "mine.lines").write_text("body 0\nbody 1\n")
    runner = logging_runner(tmp_path, "whole", tmp_path / "log")
    done = boilerbench("run", "--runner", runner, "--set", f"lines:{tmp_path}/mine.lines", "--env", "host",
                       "--out", tmp_path / "out", "--format", "csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [(row["set"], row["pages"], row["f1"]) for row in rows(done.stdout)] == [("mine", "2", "1.000000")]
    refused = boilerbench("sets", "show", f"lines:{tmp_path}/log")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "expected a .lines file" in refused.stderr
    assert "does not exist" in boilerbench("sets", "show", f"lines:{tmp_path}/nowhere").stderr


def test_a_broken_format_is_told_and_stops_nothing_else(tmp_path: Path, site: Path) -> None:
    offer(tmp_path, site, "bad_kit", BROKEN)
    why = "entry point 'small' of bad-kit 1.0 cannot be loaded: ModuleNotFoundError: No module named 'nowhere_at_all'"
    assert broken(plugins.FORMATS) == [why]
    assert boilerbench("sets", "show", make_set(tmp_path / "set", pages=1)).returncode == 0
    asked = boilerbench("sets", "show", f"small:{tmp_path}")
    assert (asked.returncode, asked.stderr.count("\n")) == (2, 1)
    assert f"set format 'small': {why}" in asked.stderr


def test_a_package_cannot_take_the_name_of_our_format(tmp_path: Path, site: Path) -> None:
    offer(tmp_path, site, "aaa_kit", BROKEN, "zyte = small_kit:read")
    taken = "entry point 'zyte' of aaa-kit 1.0: the name 'zyte' is taken by entry point 'zyte' of boilerbench "
    assert [line.startswith(taken) for line in broken(plugins.FORMATS)] == [True]
    assert boilerbench("sets", "show", make_set(tmp_path / "set", pages=1)).returncode == 0


def test_an_unknown_format_lists_all_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        sets.load(f"zite:{tmp_path}")
    assert str(caught.value).startswith("unknown set format 'zite'; did you mean 'zyte'? known: ")
    for name in sets.formats.names():
        assert name in str(caught.value)
    with pytest.raises(UnknownNameError, match="jsonl:PATH"):
        sets.load("nosuch")


def test_every_format_of_ours_can_be_loaded_and_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sets.md").read_text(encoding="utf-8")
    for entry in plugins.offered(plugins.FORMATS):
        if plugins.is_ours(entry):
            assert callable(sets.formats.reader(entry.name))
            assert f"| `{entry.name}` |" in text

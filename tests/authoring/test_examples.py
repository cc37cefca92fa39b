"""`sets new`: a small set of each layout, which is read as it was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boilerbench.authoring import examples
from boilerbench.errors import UsageError
from boilerbench.sets import load
from tests.command import boilerbench

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("layout", examples.LAYOUTS)
def test_what_is_written_is_read(layout: str, tmp_path: Path) -> None:
    found = load(examples.new(tmp_path / "mine", layout)).entries
    (page, gold), (_, none) = sorted(found, key=lambda entry: not entry[1].given)
    assert [segment.text for segment in gold.segments] == [
        "The ferry leaves on Sunday at nine, and comes back on Monday.\n\nBring a coat."
    ]
    assert b"Sunday at nine" in page.read()
    assert not none.given
    if layout not in ("pairs", "folders"):
        assert page.url == "https://ferry.example/timetable"


def test_the_command_says_how_to_look_at_it(tmp_path: Path) -> None:
    done = boilerbench("sets", "new", "mine", "--layout", "csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    shown = boilerbench(*done.stdout.strip().partition("boilerbench ")[2].split(), cwd=tmp_path)
    assert (shown.returncode, "pages without a body: 0, without gold: 1" in shown.stdout) == (0, True), shown.stdout


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty; name a new folder"):
        examples.new(tmp_path, "pairs")
    with pytest.raises(UsageError, match="cannot be written"):
        examples.new(tmp_path / "mine.txt" / "below", "pairs")
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]

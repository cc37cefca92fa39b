"""A leaderboard that is taken from its file: it says what would be computed, or it is computed."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from boilerbench import pipeline
from boilerbench.labels import load_policy
from boilerbench.ranking import export
from boilerbench.rendering import FORMATS, render
from tests import site_run
from tests.cli.test_startup import DATA, printed

if TYPE_CHECKING:
    from pathlib import Path

    from boilerbench.storage.run_folder import RunFolder

DEFAULT, STRICT = load_policy("default"), load_policy("strict")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run of two sets, last scored under the default policy."""
    folder, goldsets = site_run.make(tmp_path / "run")
    pipeline.rescore(folder, [], DEFAULT, goldsets)
    return folder


@pytest.mark.parametrize("names", [["words"], ["words", "shingles"], ["exact", "words", "shingles"]])
def test_it_is_printed_as_if_it_were_computed(folder: RunFolder, names: list[str]) -> None:
    found, board = export.kept(folder, names, DEFAULT), pipeline.board(folder, names, DEFAULT)
    assert found is not None
    assert {row["set"] for row in found.rows} > {"all:pages", "all:sets"}
    for form in FORMATS:
        assert render(form, found.rows, found.signatures) == render(form, board.table, board.signatures)


def test_it_is_not_taken_for_what_it_does_not_say(folder: RunFolder) -> None:
    assert export.kept(folder, ["words"], STRICT) is None
    assert export.kept(folder, ["words", "zyte"], DEFAULT) is None


def test_it_is_not_taken_where_scores_or_manifest_are_younger(folder: RunFolder) -> None:
    made = (folder.path / "leaderboard.json").stat().st_mtime_ns
    for name in ("scores.parquet", "manifest.json"):
        before = (folder.path / name).stat().st_mtime_ns
        os.utime(folder.path / name, ns=(made, made))
        assert export.kept(folder, ["words"], DEFAULT) is None
        os.utime(folder.path / name, ns=(before, before))
    assert export.kept(folder, ["words"], DEFAULT) is not None


def test_it_is_not_taken_from_another_boilerbench_or_a_run_that_is_not_whole(folder: RunFolder) -> None:
    file = folder.path / "leaderboard.json"
    board = json.loads(file.read_text())
    older = [line.replace("|boilerbench:", "|boilerbench:0.") for line in board["signatures"]]
    file.write_text(json.dumps(board | {"signatures": older}))
    assert export.kept(folder, ["words"], DEFAULT) is None
    file.write_text(json.dumps(board))
    assert export.kept(folder, ["words"], DEFAULT) is not None
    shutil.rmtree(folder.path / "pages.parquet")
    assert export.kept(folder, ["words"], DEFAULT) is None


def test_a_table_that_is_kept_is_printed_without_data_libraries(folder: RunFolder) -> None:
    lines = printed("table", str(folder.path), heavy=DATA)
    assert "words · policy default" in "\n".join(lines)
    assert lines[-1] == "heavy: []"

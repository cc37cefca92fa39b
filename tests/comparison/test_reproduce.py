from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boilerbench.comparison.reproduce import NAMES, Reproduction, Row, reproduce
from boilerbench.errors import UnknownNameError, UsageError
from tests.command import boilerbench

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from boilerbench.model import GoldSet


def never(_goldset: GoldSet, _labels: Sequence[str], _metric: str) -> pd.DataFrame:
    raise AssertionError


@pytest.mark.parametrize(("name", "figures"), [("zyte", 11 * 4), pytest.param("wceb", 3 * 3 + 4)])
def test_every_figure_of_published_predictions_comes_out(
    data: Path, name: str, figures: int, request: pytest.FixtureRequest
) -> None:
    if name == "wceb":
        request.getfixturevalue("punkt")
    found = reproduce(name, data, never)
    assert len(found.rows) == figures
    assert not found.failed


def test_what_is_run_again_may_be_near_and_what_has_no_runner_says_so(data: Path) -> None:
    def run(goldset: GoldSet, labels: Sequence[str], metric: str) -> pd.DataFrame:
        assert (len(goldset.entries), metric) == (1497, "wcxb")
        assert "readability-lxml" in labels
        figures = {"trafilatura": (0.7912, 0.8419, 0.9), "readability-lxml": (0.675, 0.685, 0.713)}
        rows = [{"runner": label, "f1": f1, "precision": p, "recall": r} for label, (f1, p, r) in figures.items()]
        return pd.DataFrame(rows)

    rows = {(row.system, row.figure): row for row in reproduce("wcxb", data, run).rows}
    assert [rows["trafilatura", each].verdict for each in ("f1", "precision", "recall")] == ["equal", "near", "differs"]
    assert rows["readability", "f1"].verdict == "equal"
    assert rows["rs-trafilatura", "f1"].verdict == "no runner here"
    assert rows["rs-trafilatura", "f1"].difference is None


def test_a_difference_fails_only_where_predictions_are_published() -> None:
    row = Row("system", "f1", 0.5, 0.6, "differs")
    assert row.difference == pytest.approx(0.1)
    assert Reproduction("source", [row], exact=True).failed
    assert not Reproduction("source", [row], exact=False).failed


@pytest.mark.parametrize("name", NAMES)
def test_missing_data_is_asked_for(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="--data"):
        reproduce(name, tmp_path, never)


def test_an_unknown_publication_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="known: zyte, wceb, wcxb, trafilatura"):
        reproduce("other", tmp_path, never)


def test_the_command_prints_published_beside_ours(data: Path) -> None:
    found = boilerbench("reproduce", "zyte", "--data", data)
    assert found.returncode == 0
    line = next(line for line in found.stdout.splitlines() if line.startswith("trafilatura"))
    assert line.split() == ["trafilatura", "f1", "0.9580", "0.9575", "-0.0005", "equal"]


def test_the_command_asks_for_the_data(tmp_path: Path) -> None:
    found = boilerbench("reproduce", "zyte", env={"PATH": "", "HOME": str(tmp_path)})
    assert found.returncode == 2
    assert "--data" in found.stderr

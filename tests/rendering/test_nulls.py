"""Figures that are null, as the schema allows, and as one runner, equal runners and pages without gold make them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from boilerbench.comparison.history import history
from boilerbench.labels import load_policy
from boilerbench.ranking import diagnosis, leaderboard, runner_columns, sensitivity
from boilerbench.rendering import FORMATS, TABLE_FORMATS, pictures, render
from boilerbench.rendering.site import boards

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = (*leaderboard.COLUMNS, *leaderboard.MORE_COLUMNS, *runner_columns.COLUMNS)
WORDS = {"runner": "one", "version": "1.0", "set": "tiny", "policy": "default", "metric": "words"}
WORDS |= {"failures": "", "settings": "", "flags": ""}
KEYS = ("set", "policy", "metric")
COUNTS = ("rank_low", "rank_high", "pages", "failed", "empty", "sites", "sets")
FULL = {name: WORDS.get(name, 1 if name in COUNTS else 0.5) for name in COLUMNS}
SIGNATURE = "set:tiny|version:none|fingerprint:0123|policy:default|metric:words|failures:zero"
NULLABLE = [name for name in COLUMNS if name not in (*KEYS, "runner")]
UNDEFINED = re.compile(r"\b(nan|none|na|null)\b", re.IGNORECASE)


def with_nulls() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows of one runner and of two with a column null in one row, in all, or with nothing but nulls."""
    for name in NULLABLE:
        yield f"{name} of one runner", [FULL | {name: None}]
        yield f"{name} of one of two", [FULL, FULL | {"runner": "two", name: None}]
        yield f"{name} of both", [FULL | {name: None}, FULL | {"runner": "two", name: None}]
    yield "everything", [dict.fromkeys(COLUMNS) | {name: WORDS[name] for name in (*KEYS, "runner")}]


CASES = dict(with_nulls())
SHORT = ("f1 of one of two", "f1 of both", "f1_low of one runner", "detectable of one runner", "everything")


@pytest.mark.parametrize("form", FORMATS)
def test_a_leaderboard_with_a_null_anywhere_is_written_in_every_format(form: str) -> None:
    for about, rows in CASES.items():
        text = render(form, leaderboard.read(rows), [SIGNATURE.replace("none", "1")])
        assert "one" in text, about
        if form == "json":
            assert json.loads(text)["rows"] == [dict(row) | {k: "" for k in WORDS if row[k] is None} for row in rows], (
                about
            )
        else:
            assert not UNDEFINED.search(text), (about, text)


@pytest.mark.parametrize("about", SHORT)
def test_a_leaderboard_with_nulls_is_drawn(about: str, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    pictures.write(tmp_path / "scores.svg", pictures.scores, leaderboard.read(CASES[about]))
    drawn = (tmp_path / "scores.svg").read_text("utf-8")
    assert "tiny · words · policy default" in drawn
    assert not re.search(r">[^<]*\bNaN\b", drawn)


def test_a_leaderboard_with_nulls_is_data_of_the_site() -> None:
    for about, rows in CASES.items():
        found = boards.board(leaderboard.read(rows))
        assert json.loads(json.dumps(found, allow_nan=False)) == found, about


@pytest.mark.parametrize("about", SHORT)
def test_a_history_of_results_with_nulls_is_written_and_drawn(about: str, tmp_path: Path) -> None:
    for number, rows in enumerate((CASES[about], [FULL], CASES[about])):
        folder = tmp_path / str(number)
        folder.mkdir()
        board = {"schema": 1, "signatures": [SIGNATURE], "rows": rows}
        (folder / "leaderboard.json").write_text(json.dumps(board))
    for place in (tmp_path, tmp_path / "0"):
        table = history(place, "words", load_policy("default"))
        for form in TABLE_FORMATS:
            text = render(form, table, [], "history")
            assert form == "json" or not UNDEFINED.search(text), text
        if about in SHORT[1:3]:
            pytest.importorskip("vl_convert")
            pictures.write(tmp_path / "history.svg", pictures.history, table)


def test_a_table_by_policy_with_nulls_is_written_in_every_format() -> None:
    row: dict[str, Any] = {"runner": "one", "version": "", "set": "tiny", "metric": "words", "place": 1, "f1": 0.5}
    row |= {"policy": "default", "rank_low": pd.NA, "rank_high": pd.NA, "moves": False, "beyond_noise": pd.NA}
    table = pd.DataFrame([row, row | {"policy": "strict", "f1": float("nan"), "moves": True}])
    table = table.reindex(columns=list(sensitivity.COLUMNS))
    for form in TABLE_FORMATS:
        text = render(form, table, [], "policy")
        assert form == "json" or not UNDEFINED.search(text.replace("no place", "")), text


def test_a_table_by_label_with_nulls_is_written_in_every_format_and_drawn(tmp_path: Path) -> None:
    row = dict.fromkeys(diagnosis.TABLE_COLUMNS, float("nan")) | {"runner": "one", "set": "tiny", "policy": "default"}
    table = pd.DataFrame([row | {"label": "paragraph", "role": "body", "pages": 0, "words": 0}])
    for form in TABLE_FORMATS:
        text = render(form, table, [], "label")
        assert form == "json" or not UNDEFINED.search(text), text
    pytest.importorskip("vl_convert")
    pictures.write(tmp_path / "labels.svg", pictures.heatmap, table, [])

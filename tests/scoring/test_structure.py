"""Structure through the whole command: what can be said, what is never said, what failed; and runs that are older."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pyarrow import parquet

from tests.command import boilerbench

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
PAGES = {str(number): f"# T{number}\n\n{TABLE if number < 4 else ''}" for number in range(6)}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A scored run of a set whose first four pages of six have a table."""
    systems = {
        "always": dict.fromkeys(PAGES, (TABLE, "markdown")),
        "never": {page: ("<h1>T</h1>", "html") for page in PAGES if page != "2"},
        "plain": {page: ("a b 1 2", "text") for page in PAGES if page != "1"},
    }
    rows = [{"id": page, "html": "<p>", "markdown": text, "site": page} for page, text in PAGES.items()]
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "outputs").mkdir()
    for name, texts in systems.items():
        lines = [json.dumps({"id": page, "text": text, "format": form}) for page, (text, form) in texts.items()]
        (tmp_path / "outputs" / f"{name}.jsonl").write_text("\n".join(lines))
    given = ("--set", f"jsonl:{tmp_path}/set.jsonl", "--outputs", f"jsonl:{tmp_path}/outputs")
    done = boilerbench("score", *given, "--metric", "tables", "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    return tmp_path / "run"


def board(run: Path, metric: str = "tables") -> dict[str, dict[str, str]]:
    done = boilerbench("table", run, "--metric", metric, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return {row["runner"]: row for row in csv.DictReader(io.StringIO(done.stdout))}


def test_pages_with_the_kind_are_scored_and_what_is_said_elsewhere_is_spurious(run: Path) -> None:
    rows = board(run)
    columns = ("pages", "f1", "exact", "failed", "said", "spurious")
    found = {name: tuple(float(row[column] or "nan") for column in columns) for name, row in rows.items()}
    nan = pytest.approx(float("nan"), nan_ok=True)
    assert found == {"always": (4, 1, 1, 0, 1, 1), "never": (4, 0, 0, 1, 0, 0), "plain": (4, nan, nan, 1, nan, nan)}
    assert [name for name, row in rows.items() if "never" in row["flags"].split()] == ["never"]
    shown = boilerbench("table", run, "--metric", "tables").stdout
    assert "gold 4/6" in shown
    assert "said spurious" in shown


def test_where_no_page_has_the_kind_the_table_says_so(run: Path) -> None:
    assert boilerbench("score", run, "--metric", "code").returncode == 0
    rows = board(run, "code")
    assert {name: (row["pages"], row["f1"], row["spurious"]) for name, row in rows.items()} == {
        "always": ("0", "", "0.000000"),
        "never": ("0", "", "0.000000"),
        "plain": ("0", "", ""),
    }
    assert "gold 0/6" in boilerbench("table", run, "--metric", "code").stdout


def test_an_older_run_is_scored_from_the_answers_it_has_kept(run: Path) -> None:
    before = board(run)
    for file in (run / "extractions.parquet").iterdir():
        table = parquet.read_table(file)
        parquet.write_table(table.drop_columns(["format"]), file)
    (run / "scores.parquet").unlink()
    done = boilerbench("score", run, "--metric", "tables", "--metric", "headings")
    assert done.returncode == 0, done.stderr
    assert board(run) == before
    assert {name: row["said"] for name, row in board(run, "headings").items()}["plain"] == ""


def test_snippets_have_no_structure_to_score_by(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(json.dumps({"id": "a", "html": "<p>", "with": ["a"]}))
    (tmp_path / "outputs.jsonl").write_text(json.dumps({"id": "a", "text": "a"}))
    given = ("--set", f"jsonl:{tmp_path}/set.jsonl", "--outputs", f"jsonl:{tmp_path}/outputs.jsonl")
    done = boilerbench("score", *given, "--metric", "lists", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "metric 'lists' can measure no page of set: none has gold whose structure is known" in done.stderr


def test_scores_that_were_kept_are_told_apart_by_what_was_returned(run: Path, tmp_path: Path) -> None:
    """Two answers with the same text, one of which is a table."""
    file = tmp_path / "outputs" / "always.jsonl"
    file.write_text(file.read_text().replace("|---|---|", "|---|"))
    given = ("--set", f"jsonl:{tmp_path}/set.jsonl", "--outputs", f"jsonl:{tmp_path}/outputs")
    done = boilerbench("score", *given, "--metric", "tables", "--out", run)
    assert done.returncode == 0, done.stderr
    assert float(board(run)["always"]["f1"]) == 0
    texts = pd.read_parquet(run / "extractions.parquet")
    assert set(texts["format"]) == {"text", "html", "markdown"}

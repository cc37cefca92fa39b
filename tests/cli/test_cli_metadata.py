"""Titles, authors, dates and languages from the pages of a set to a table, a signature and a comparison."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet

import boilerbench as boilerbench_api
from boilerbench.model import FIELDS
from tests.command import boilerbench, make_runner, rows

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [
    {"id": "a", "html": "<title>Boats - S</title>", "title": "Boats", "author": ["Jane Doe"], "date": "2020-01-02"},
    {
        "id": "b",
        "html": "<title>Weirs - S</title>",
        "title": "Weirs",
        "date": "2020-03-04",
        "url": "https://b.example/",
    },
    {"id": "c", "html": "<title></title>", "title": "Locks", "url": "https://c.example/"},
]
BODY = """
    title = html.partition("<title>")[2].partition("</title>")[0]
    if not title:
        raise ValueError("no title")
    return {"title": title, "author": "J. Doe"}
"""
pytestmark = pytest.mark.usefixtures("writing", "cache")


@pytest.fixture
def spec(tmp_path: Path) -> str:
    return f"jsonl:{save(tmp_path / 'pages.jsonl', PAGES)}"


def save(file: Path, pages: list[dict[str, object]]) -> Path:
    file.write_text("".join(json.dumps(page) + "\n" for page in pages))
    return file


def test_pages_with_metadata_alone_are_measured_by_what_they_have(spec: str, tmp_path: Path) -> None:
    runner, out = make_runner(tmp_path, "titles", BODY), tmp_path / "run"
    done = boilerbench("run", "--runner", runner, "--set", spec, "--metric", "title", "--out", out, "--format", "csv")
    assert done.returncode == 0, done.stderr
    (row,) = rows(done.stdout)
    assert {name: row[name] for name in ("pages", "failed", "f1", "precision", "recall", "exact", "said")} == {
        "pages": "3", "failed": "1", "f1": "0.666667", "precision": "1.000000", "recall": "0.666667",
        "exact": "0.000000", "said": "0.666667",
    }  # fmt: skip
    assert "|metadata:" in boilerbench("table", out, "--metric", "title").stdout
    author, date = (
        rows(boilerbench("score", out, "--metric", name, "--format", "csv").stdout)[0] for name in ("author", "date")
    )
    assert (author["pages"], author["f1"], author["spurious"]) == ("1", "1.000000", "0.500000")
    assert (date["f1"], date["said"], date["rank_low"]) == ("", "", "")
    manifest = json.loads((out / "manifest.json").read_text())
    assert len(manifest["sets"][0]["metadata"]) == 64
    refused = boilerbench("score", out, "--metric", "language")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "none of its sets has gold" in refused.stderr


def test_a_run_that_is_older_than_metadata_is_scored_without_any(spec: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    boilerbench("run", "--runner", make_runner(tmp_path, "titles", BODY), "--set", spec, "--out", out)
    (file,) = (out / "extractions.parquet").iterdir()
    parquet.write_table(parquet.read_table(file).drop_columns(list(FIELDS)), file)
    done = boilerbench("score", out, "--metric", "title", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert [(row["f1"], row["rank_low"]) for row in rows(done.stdout)] == [("", "")]


def test_by_default_such_pages_have_no_gold(spec: str, tmp_path: Path) -> None:
    runner = make_runner(tmp_path, "titles", BODY)
    done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert "set 'pages': its gold is metadata alone; score it with --metric title" in done.stderr
    assert "agreement" in done.stdout


def test_sides_with_other_metadata_in_their_gold_are_not_compared(spec: str, tmp_path: Path) -> None:
    runner = make_runner(tmp_path, "titles", BODY)
    for name, titles in (("one", "Boats"), ("two", "Boats"), ("other", "Ships")):
        save(tmp_path / "pages.jsonl", [{**PAGES[0], "title": titles}, *PAGES[1:]])
        run = ("run", "--runner", runner, "--set", spec, "--metric", "title", "--out", tmp_path / name)
        assert boilerbench(*run).returncode == 0
    same, other = (
        boilerbench("compare", tmp_path / "one", tmp_path / name, "--metric", "title") for name in ("two", "other")
    )
    assert same.returncode == 0, same.stderr
    assert (other.returncode, "its metadata is" in other.stderr) == (2, True)


def test_predictions_say_them_too(spec: str, tmp_path: Path) -> None:
    said = [{"id": "a", "text": "", "date": "2020-01-02T10:00:00Z"}, {"id": "b", "text": "x", "date": "2020-04-03"}]
    file = save(tmp_path / "mine.jsonl", said)
    options = ("--set", spec, "--outputs", f"jsonl:{file}", "--metric", "date", "--format", "csv")
    done = boilerbench("score", *options, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    (row,) = rows(done.stdout)
    assert (row["runner"], row["pages"], row["f1"], row["flags"].split()[0]) == (
        "mine",
        "2",
        "0.500000",
        "not-run-here",
    )


def test_a_runner_of_metadata_alone_is_not_measured_by_its_text(tmp_path: Path) -> None:
    spec = f"jsonl:{save(tmp_path / 'pages.jsonl', [{**page, 'text': 'a b c'} for page in PAGES])}"
    about = make_runner(tmp_path, "about", BODY.replace("raise ValueError", "raise KeyError"))
    about.write_text(about.read_text().replace('FORMAT = "text"', 'FORMAT = "metadata"'))
    runners = [about, *(make_runner(tmp_path, name, f"    return {name!r}") for name in ("a b c", "a b", "a"))]
    named = [part for runner in runners for part in ("--runner", runner)]
    run = ("run", *named, "majority", "--set", spec, "--out", tmp_path / "run", "--format", "csv")
    done = boilerbench(*run, "--metric", "words", "--metric", "title", "--metric", "exact")
    assert done.returncode == 0, done.stderr
    found = {(row["metric"], row["runner"].rpartition("/")[2].removesuffix(".py")): row for row in rows(done.stdout)}
    for metric in ("words", "exact"):
        row = found[metric, "about"]
        assert (row["f1"], row["rank_low"], row["failed"], row["empty"]) == ("", "", "1", "0")
        assert found[metric, "majority"]["rank_high"] == "4"
    assert found["title", "about"]["f1"] == "0.666667"
    assert {row["f1"] for (metric, name), row in found.items() if metric == "title" and name != "about"} == {""}
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert str(about) not in manifest["runners"]["majority"]["members"]
    pairs = boilerbench_api.load(tmp_path / "run").pairs
    assert not pairs[pairs["metric"] == "words"][["runner", "other"]].isin([str(about)]).any(axis=None)
    assert (pairs["wins"] + pairs["ties"] + pairs["losses"] == pairs["pages"]).all()


def test_a_runner_of_metadata_that_returns_text_fails(tmp_path: Path, spec: str) -> None:
    runner = make_runner(tmp_path, "about", '    return {"title": "Boats", "text": "a b"}')
    runner.write_text(runner.read_text().replace('FORMAT = "text"', 'FORMAT = "metadata"'))
    done = boilerbench("run", "--runner", runner, "--set", spec, "--metric", "title", "--out", tmp_path / "run")
    assert "it returned text; its FORMAT is 'metadata'" in done.stdout + done.stderr


def test_a_vote_of_a_runner_without_text_is_refused(tmp_path: Path) -> None:
    done = boilerbench("run", "title-tag", "html-text", "majority:title-tag+html-text", "--out", tmp_path / "run")
    assert (done.returncode, done.stderr) == (
        2,
        "boilerbench: majority:title-tag+html-text: 'title-tag' gives no text, and has no vote\n",
    )

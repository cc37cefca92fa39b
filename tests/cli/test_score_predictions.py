"""`boilerbench score` of predictions made elsewhere, from files to the table and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from boilerbench.storage.run_folder import RunFolder
from tests.command import boilerbench, extractions, rows

BODY = "The lamp keeper of Skagen counted {} ships."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of eight numbered pages, and perfect predictions as text, Markdown and HTML."""
    place = tmp_path_factory.mktemp("place")
    (place / "preds").mkdir()
    texts = {number: BODY.format(number) for number in range(8)}
    pages = [
        {"id": number, "url": f"https://s{number}.example/", "html": f"<p>{text}</p>", "text": text}
        for number, text in texts.items()
    ]
    (place / "own.jsonl").write_text("\n".join(map(json.dumps, pages)))
    forms = {
        "text": texts,
        "marked": {number: text.replace("keeper", "[keeper](/people)") for number, text in texts.items()},
        "tagged": {number: f"<div><p>{text}</p></div>" for number, text in texts.items()},
    }
    for name, of in forms.items():
        (place / "preds" / f"{name}.json").write_text(json.dumps(of))
    return place


def test_markup_is_remarked_upon_and_right_once_its_format_is_said(place: Path) -> None:
    score = ("score", "--set", "jsonl:own.jsonl", "--outputs", "json:preds", "--format", "csv")
    done = boilerbench(*score, "--out", "unsaid", cwd=place)
    found = {row["runner"]: row for row in rows(done.stdout)}
    assert [name for name, row in found.items() if float(row["f1"]) < 1] == ["marked", "tagged"]
    assert {name: row["flags"] for name, row in found.items()} == {
        "text": "not-run-here",
        "marked": "not-run-here markup-as-text",
        "tagged": "not-run-here markup-as-text",
    }
    assert "marked: 8 of its 8 texts have HTML tags or Markdown links" in done.stderr
    assert "--outputs-format tagged=html" in done.stderr
    assert "text: 8" not in done.stderr
    said = ("--outputs-format", "tagged=html", "--outputs-format", "markdown")
    done = boilerbench(*score, *said, "--out", "said", cwd=place)
    assert [(row["f1"], row["flags"]) for row in rows(done.stdout)] == [("1.000000", "not-run-here")] * 3
    assert done.stderr == "run kept in said\n"
    kept, runners = extractions(place / "said"), RunFolder(place / "said").manifest().runners
    assert {name: about.format for name, about in runners.items()} == {
        "text": "markdown",
        "marked": "markdown",
        "tagged": "html",
    }
    assert (kept["tagged"]["3"].text, kept["tagged"]["3"].answer) == (
        BODY.format(3),
        f"<div><p>{BODY.format(3)}</p></div>",
    )


def test_a_part_is_scored_said_kept_and_not_mixed_with_the_whole(place: Path, tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text(json.dumps({number: BODY.format(number) for number in (0, 2, 4, 9)}))
    outputs = ("--outputs", f"json:{tmp_path}", "--outputs", "json:preds/text.json")
    done = boilerbench("score", "--set", "jsonl:own.jsonl", *outputs, "--partial", "--out", "part", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "own · words · policy default · 3 of 8 pages" in done.stdout
    assert "set 'own' is scored on 3 of its 8 pages, those that all systems predict" in done.stderr
    assert "some predicts pages the set lacks: 1 page: 9" in done.stderr
    again = boilerbench("score", "part", "--format", "csv", cwd=place)
    assert {row["runner"]: (row["pages"], row["f1"], row["flags"]) for row in rows(again.stdout)} == dict.fromkeys(
        ("some", "text"), ("3", "1.000000", "not-run-here partial:3/8")
    )
    published = boilerbench("publish", "part", "--out", "published", cwd=place)
    assert (published.returncode, "has only 3 of 8 pages of set 'own'" in published.stderr) == (2, True)
    whole = ("score", "--set", "jsonl:own.jsonl", "--outputs", "json:preds/text.json", "--out", "whole")
    assert boilerbench(*whole, cwd=place).returncode == 0
    mixed = boilerbench("compare", "whole", "part:some", cwd=place)
    assert (mixed.returncode, "--common compares the pages both have" in mixed.stderr) == (2, True)
    assert "5 pages left out" in boilerbench("compare", "whole", "part:some", "--common", cwd=place).stdout


def test_a_limit_is_kept_with_the_run(place: Path) -> None:
    score = ("score", "--set", "jsonl:own.jsonl", "--outputs", "json:preds/text.json", "--limit", "2", "--out", "two")
    done = boilerbench(*score, cwd=place)
    assert (done.returncode, done.stderr) == (0, "run kept in two\n")
    assert [row["pages"] for row in rows(boilerbench("score", "two", "--format", "csv", cwd=place).stdout)] == ["2"]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("part --limit 2", "--outputs-format, --partial and --limit are for --outputs"),
        ("--set jsonl:own.jsonl", "score takes either a RUN folder, or --set with --outputs"),
        ("--set jsonl:own.jsonl --outputs json:preds --outputs-format md", "unknown format of predictions 'md'"),
        ("--set jsonl:own.jsonl --outputs json:preds --outputs-format x=html", "unknown system 'x'; known: marked, "),
        ("--set jsonl:own.jsonl --outputs b=json:preds", "unknown set of predictions 'b'; known: own"),
    ],
)
def test_wrong_use_is_one_line(place: Path, command: str, says: str) -> None:
    done = boilerbench("score", *command.split(), "--out", "none", cwd=place)
    assert (done.returncode, len(done.stderr.splitlines()), says in done.stderr) == (2, 1, True), done.stderr

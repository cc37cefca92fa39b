"""Runners that were trained on a set: flagged there and nowhere else, and left out where that is asked."""

from __future__ import annotations

import json

import pytest

from boilerbench.runners import registry
from boilerbench.sets import catalogue
from boilerbench.storage.run_folder import RunFolder
from tests.command import boilerbench, rows

SETS = ("wcxb-dev", "mine")
NAMES = ("chromerag", "html-text", "nothing")
"""Predictions in the names of runners: all words, as many again, none."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of two sets, one of which has the name of one that `chromerag` was trained on."""
    place = tmp_path_factory.mktemp("place")
    texts = {f"{name}-{number}": f"word{number} ship lamp" for name in SETS for number in range(8)}
    for name in SETS:
        pages = [{"id": page, "html": f"<p>{text}", "text": text} for page, text in texts.items() if name in page]
        (place / f"{name}.jsonl").write_text("\n".join(map(json.dumps, pages)))
    (place / "preds").mkdir()
    for name, form in {"chromerag": "{}", "html-text": "{} and nothing else", "nothing": ""}.items():
        (place / "preds" / f"{name}.json").write_text(json.dumps({page: form.format(texts[page]) for page in texts}))
    sets = [part for name in SETS for part in ("--set", f"{name}=jsonl:{name}.jsonl")]
    boilerbench("score", *sets, "--outputs", "json:preds", "--out", "run", cwd=place)
    return RunFolder(place / "run")


def table(run: RunFolder, *options: str) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Ranks and flags by set and runner."""
    found = rows(boilerbench("table", run.path, "--format", "csv", *options).stdout)
    return {(row["set"], row["runner"]): (row["rank_low"], row["rank_high"], row["flags"]) for row in found}


def test_a_runner_is_flagged_on_the_set_that_it_was_trained_on(run: RunFolder) -> None:
    flagged = {key for key, (_, _, flags) in table(run).items() if "trained-on-set" in flags}
    assert {key for key in flagged if key[0] in SETS} == {("wcxb-dev", "chromerag")}


def test_it_can_be_left_out_and_the_others_are_ranked_among_themselves(run: RunFolder) -> None:
    found = table(run, "--held-out")
    assert {key for key in found if key[0] in SETS} == {
        ("wcxb-dev", "html-text"),
        ("wcxb-dev", "nothing"),
        *(("mine", name) for name in NAMES),
    }
    assert found["wcxb-dev", "html-text"][0] == "1"


@pytest.mark.parametrize("other", [["--policies"], ["--cite"], ["--by", "label"]])
def test_it_is_refused_where_there_is_no_leaderboard(other: list[str], run: RunFolder) -> None:
    done = boilerbench("table", run.path, "--held-out", *other)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--held-out" in done.stderr


def test_the_catalogue_names_runners_that_there_are() -> None:
    named = {runner for each in catalogue.public().values() for runner in each.trained}
    assert named <= registry.known().keys()
    assert "trained on it: chromerag (README of chromerag 0.1.4)" in boilerbench("sets", "show", "wcxb-dev").stdout

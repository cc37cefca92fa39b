"""What a run says without any gold: a table all the same, which claims no truth."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING

import pytest

from boilerbench.model import Extraction, Status
from boilerbench.scoring import consensus
from boilerbench.text.quality import SIGNS
from tests.command import boilerbench, make_runner

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {"a": "<p>One two three four</p>", "b": "<p>Five six seven eight</p>"}
RUNNERS = {
    "whole": "    return re.sub('<[^>]+>', '', html)",
    "half": "    return ' '.join(re.sub('<[^>]+>', '', html).split()[:2])",
    "none": "    return ''",
    "fails": "    raise ValueError('no')",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("consensus")
    (place / "set").mkdir()
    for name, html in PAGES.items():
        (place / "set" / f"{name}.html").write_text(html)
    runners = [make_runner(place, name, body, "import re") for name, body in RUNNERS.items()]
    given = [part for each in runners for part in ("--runner", each)]
    done = boilerbench("run", *given, "--set", f"pairs:{place}/set", "--env", "host", "--out", place / "run")
    assert done.returncode == 0, done.stderr
    assert "set · 2 pages · no gold" in done.stdout
    assert "consensus, not truth" in done.stdout
    assert "F1" not in done.stdout
    return place / "run"


def test_a_run_without_gold_has_a_table(run: Path) -> None:
    done = boilerbench("table", run, "--format", "csv")
    assert done.returncode == 0, done.stderr
    found = {
        row["runner"].removesuffix(".py").rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(done.stdout))
    }
    assert list(next(iter(found.values()))) == list(consensus.COLUMNS)
    about = ("failed", "empty", "words", "kept", "agreement", "majority")
    assert {name: tuple(round(float(row[each]), 3) for each in about) for name, row in found.items()} == {
        "whole": (0, 0, 4, 1, 0.333, 0.667),
        "half": (0, 0, 2, 0.5, 0.333, 1),
        "none": (0, 2, 0, 0, 0, 0),
        "fails": (2, 0, 0, 0, 0, 0),
    }
    rows = json.loads(boilerbench("table", run, "--format", "json").stdout)["rows"]
    assert [list(row) for row in rows] == [list(consensus.COLUMNS)] * 4


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--by", "language"), "--by language is a table of scores, and none of the sets has gold"),
        (("--policies",), "none of its sets has gold, so that there are no scores"),
        (("--format", "junit"), "unknown format of a table without gold 'junit'"),
    ],
)
def test_what_needs_gold_is_refused_in_one_line(run: Path, more: tuple[str, ...], says: str) -> None:
    done = boilerbench("table", run, *more)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert says in done.stderr


def test_a_report_shows_every_page_without_gold(run: Path, tmp_path: Path) -> None:
    done = boilerbench("report", run, "--out", tmp_path / "site")
    assert done.returncode == 0, done.stderr
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "nothing here says which extractor is right" in index
    assert "F1 of words" in index
    assert not (tmp_path / "site" / "plots.html").exists()
    page = (tmp_path / "site" / "data" / "page-0.js").read_text("utf-8")
    assert '"fp":null,"fn":null' in page
    assert "One two three four" in page
    [scores] = [json.loads(line[len("boilerbench.put(...") : -2]) for line in
                (tmp_path / "site" / "data" / "scores-0.js").read_text("utf-8").splitlines()]  # fmt: skip
    assert scores[1][0] == [0, 333, 0, 333]


def test_an_older_run_without_gold_is_measured_when_it_is_asked_for(run: Path) -> None:
    (run / "consensus.parquet").unlink()
    done = boilerbench("table", run)
    assert (done.returncode, "no gold" in done.stdout) == (0, True), done.stderr


def extraction(text: str | None) -> Extraction:
    return Extraction(Status.ERROR) if text is None else Extraction(Status.OK if text else Status.EMPTY, text)


@pytest.mark.parametrize(
    ("texts", "agreement", "majority"),
    [
        (("a b", "a b", "a b"), (1, 1, 1), (1, 1, 1)),
        (("a b", "a b", None), (1, 1, 0), (1, 1, 0)),
        (("", "", "a"), (0.5, 0.5, 0), (1, 1, 0)),
        (("a a a", "a", "a"), (0.5, 0.75, 0.75), (0.5, 1, 1)),
    ],
)
def test_agreement_is_with_those_that_gave_something(
    texts: tuple[str | None, ...], agreement: tuple[float, ...], majority: tuple[float, ...]
) -> None:
    found = {str(place): extraction(text) for place, text in enumerate(texts)}
    rows = consensus._of_page(found, list(found))  # noqa: SLF001
    assert [row["agreement"] for row in rows] == pytest.approx(agreement)
    assert [row["majority"] for row in rows] == pytest.approx(majority)


def test_a_runner_alone_agrees_with_nobody() -> None:
    [row] = consensus._of_page({"a": extraction("x")}, ["a"])  # noqa: SLF001
    assert math.isnan(row["agreement"])
    assert math.isnan(row["majority"])


GOOD = "The ferry leaves on Sunday at nine, and comes back on Monday.\nBring a coat."


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        (GOOD, set()),
        (f"{GOOD}\nWe use cookies on this site.", {"consent"}),
        (f"Alle Cookies akzeptieren\n{GOOD}", {"consent"}),
        (f"Home\nNews\nSport\nWeather\nLog in\nAbout us\nShop\nHelp\n{GOOD}", {"navigation"}),
        (f"{GOOD}\n{GOOD}", {"repeated"}),
        (f"{GOOD}\nAnd then the captain said that he would not go any", {"cut_off"}),
        (f"{GOOD} It goes on …", {"cut_off"}),
        ("The cafÃ© is closed; the naÃ¯ve guests donâ€™t know.", {"garbled"}),
        ("Ìàÿê ãîðèò íî÷üþ.", {"garbled"}),
        ("Маяк горит ночью. Café déjà vu.", set()),
        ("灯塔在夜里亮着。", set()),
    ],
)
def test_signs_are_seen_without_gold(text: str, signs: set[str]) -> None:
    assert {name for name, sign in SIGNS.items() if sign(text)} == signs


def test_pages_without_gold_are_not_compared(run: Path, tmp_path: Path) -> None:
    runners = [run.parent / f"{name}.py" for name in ("whole", "half")]
    done = boilerbench("compare", *runners, "--set", f"pairs:{run.parent}/set", "--out", tmp_path / "run")
    assert (done.returncode, done.stderr) == (2, "boilerbench: none of the sets has gold to compare by: set\n")


def test_a_run_without_gold_is_not_published(run: Path, tmp_path: Path) -> None:
    done = boilerbench("publish", run, "--out", tmp_path / "results")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "none of its sets has gold, and a run without scores cannot be published" in done.stderr
    assert not (tmp_path / "results").exists()

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from boilerbench.rendering import comparison
from tests.command import boilerbench, logging_runner, make_runner, make_set

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

PAGES = 12
PAGES_OF_TWO = {"https://example.org/p0", "https://example.org/p1"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a good and a bad runner, and one of the good runner alone over fewer pages; tests only read them."""
    place = tmp_path_factory.mktemp("place")
    make_set(place / "set", PAGES)
    truth = json.loads((place / "set" / "ground-truth.json").read_text())
    for number in range(PAGES):
        truth[f"p{number}"]["url"] = f"https://site{number}.example/"
    (place / "set" / "ground-truth.json").write_text(json.dumps(truth))
    make_runner(place, "good", "    return html.split('<p>')[1].split('</p>')[0]")
    bad = "    if 'body 3<' in html: raise ValueError(html)\n    return 'menu ' + html.split('<p>')[1].split(' ')[0]"
    make_runner(place, "bad", bad)
    unavailable = make_runner(place, "unavailable", "    return html")
    source = '# /// script\n# requires-python = ">=99"\n# dependencies = []\n# ///\n'
    unavailable.write_text(source + unavailable.read_text())
    run = ("run", "--set", "zyte:set", "--env", "host", "--jobs", 1)
    for arguments in (("bad.py", "good.py", "--out", "run"), ("good.py", "--out", "few", "--limit", 3)):
        done = boilerbench(*run, *arguments, cwd=place)
        assert done.returncode == 0, done.stderr
    (place / "published").mkdir()
    for name in ("leaderboard.json", "manifest.json"):
        shutil.copy(place / "run" / name, place / "published")
    return place


def compared(place: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")} | more
    return boilerbench("compare", *arguments, cwd=place, env=environment)


def test_a_comparison_without_gates_is_done_with_0(place: Path) -> None:
    done = compared(place, "run:good", "run:bad")
    assert done.returncode == 0, done.stderr
    assert "worse: F1 1.000 to .458, -54.17 pt" in done.stdout
    assert "failed: 0 to 1 (1 new, 0 gone)" in done.stdout
    first = done.stdout.index("-100.00 pt  1.000 to .000  p3 (ok to error)\n             body lost (2): body 3")
    assert done.stdout.index("body lost (1): 0\n             clutter gained (1): menu") > first
    assert done.stderr == ""


def test_several_metrics_are_compared_and_every_gate_is_judged_by_each(place: Path, tmp_path: Path) -> None:
    run = shutil.copytree(place / "run", tmp_path / "run")
    assert boilerbench("score", run, "--metric", "shingles", "--metric", "words", cwd=place).returncode == 0
    by = ("--metric", "words", "--metric", "shingles", "--report", str(tmp_path / "report"))
    done = compared(place, f"{run}:good", f"{run}:bad", *by, "--fail-on", "f1 < 0.3")
    assert done.returncode == 1, done.stderr
    assert "passed  f1 < 0.3 on zyte by words: f1 0.4583" in done.stdout
    assert "FAILED  f1 < 0.3 on zyte by shingles: f1 0," in done.stdout
    assert "zyte by shingles: gate failed: f1 < 0.3" in done.stderr
    found = json.loads((tmp_path / "report" / "comparison.json").read_text("utf-8"))
    assert [each["metric"] for each in found["sets"]] == ["words", "shingles"]
    assert [(each["metric"], each["passed"]) for each in found["gates"]] == [("words", True), ("shingles", False)]
    junit = etree.parse(tmp_path / "report" / "comparison.xml").getroot()
    assert [len(suite.findall("testcase/failure[@type='gate']")) for suite in junit] == [0, 1]


def test_two_runs_of_one_runner_are_no_different(place: Path) -> None:
    done = compared(place, "run:good", "run:good", "--fail-on", "f1 < base", "--fail-on", "page drop > 0pt")
    assert done.returncode == 0, done.stderr
    assert "not significant: F1 1.000 to 1.000, +0.00 pt" in done.stdout


@pytest.mark.parametrize(
    "gate", ["f1 < base - 0.5pt", "significant regression", "page drop > 20pt", "failures > base", "f1 < 0.90"]
)
def test_each_gate_passes_with_0_and_fails_with_1(gate: str, place: Path) -> None:
    passed = compared(place, "run:bad", "run:good", "--fail-on", gate)
    assert (passed.returncode, passed.stderr) == (0, "")
    assert f"passed  {gate}: " in passed.stdout
    failed = compared(place, "run:good", "run:bad", "--fail-on", "empty > base", "--fail-on", gate)
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"boilerbench: zyte: gate failed: {gate} (")
    assert len(failed.stderr.splitlines()) == 1
    assert f"FAILED  {gate}: " in failed.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("run:good", "run:bad", "--fail-on", "nonsense"),
            "cannot read the gate 'nonsense'; gates are, for example: f1 <",
        ),
        (
            ("nope/run", "run:bad"),
            "nope/run: there is neither a run folder, published results or a leaderboard, nor a runner",
        ),
        (("nope", "run:bad"), "unknown runner 'nope'"),
        (("run:nope", "run:bad"), "unknown runner in run 'nope'; known: bad, good"),
        (("run", "run"), "run has several runners; name one as run:RUNNER, of bad, good"),
        (("run:good",), "Missing argument 'HEAD'"),
        (("run:good", "few"), "its fingerprint is"),
        (("run:good", "few"), "--common compares the pages both have"),
        (("run:good", "run:bad", "--metric", "zyte"), "boilerbench score run --metric zyte"),
        (("run:good", "run:bad", "--metric", "nope"), "unknown metric 'nope'"),
        (("run:good", "run:bad", "--policy", "strict"), "under policy 'strict'"),
        (("published:good", "run:bad", "--metric", "zyte"), "it has 'exact' under policy 'default', 'shingles'"),
        (("published:good", "run:bad", "--fail-on", "page drop > 1pt"), "has no scores per page on both sides"),
        (("run:good", "run:bad", "--set", "zyte:set"), "are for runners that run now"),
        (("run:good", "run:bad", "--update-floors"), "--update-floors takes --floors FILE"),
        (("run:good", "run:bad", "--floors", "nope.json"), "nope.json: no such file of floors"),
        (("run:good", "run:bad", "--format", "nope"), "'nope' is not one of"),
        (("set/ground-truth.json", "run:bad"), "has no schema number; not written by boilerbench"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(arguments: tuple[str, ...], says: str, place: Path) -> None:
    before = sorted(place.rglob("*"))
    done = compared(place, *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert says in done.stderr
    assert sorted(place.rglob("*")) == before


def test_a_broken_harness_is_3_whatever_the_gates(place: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    run = ("bad.py", "good.py", "--set", "zyte:set", "--out", str(tmp_path / "run"))
    done = compared(place, *run, "--fail-on", "f1 < 2%", BOILERBENCH_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 3, done
    assert len(done.stderr.splitlines()) == 1
    assert "BOILERBENCH_CACHE" in done.stderr


def test_nothing_measured_is_4_whatever_the_gates(place: Path, tmp_path: Path) -> None:
    run = ("good.py", "unavailable.py", "--set", "zyte:set", "--out", str(tmp_path / "run"))
    done = compared(place, *run, "--fail-on", "f1 < base", BOILERBENCH_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 4, done
    assert done.stderr.splitlines()[-1].startswith("boilerbench: nothing was measured of unavailable: ")
    assert done.stdout == ""


def test_runners_run_now_and_over_the_pages_of_the_other_side(place: Path, tmp_path: Path) -> None:
    done = compared(place, "few", "bad.py", "--env", "host", "--out", str(tmp_path / "run"), "--format", "json")
    assert done.returncode == 0, done.stderr
    (of_set,) = json.loads(done.stdout)["sets"]
    assert (of_set["pages"], of_set["worse"]) == (3, 3)
    assert of_set["changed"][0]["words"] == {
        "lost": ["0"],
        "gained": [],
        "clutter_gained": ["menu"],
        "clutter_lost": [],
    }
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["options"]["limit"] == 3


@pytest.mark.usefixtures("writing")
def test_fresh_takes_no_extraction_from_the_cache(tmp_path: Path) -> None:
    spec, log = make_set(tmp_path / "set", pages=2), tmp_path / "log"
    one, two = (str(logging_runner(tmp_path, name, log)) for name in ("one", "two"))
    cache = {"BOILERBENCH_CACHE": str(tmp_path / "cache")}
    asked = []
    for fresh in ((), (), ("--fresh",)):
        log.write_text("")
        done = compared(tmp_path, one, two, "--set", spec, "--jobs", "1", *fresh, **cache)
        assert done.returncode == 0, done.stderr
        asked.append(set(log.read_text().split()))
    assert asked == [PAGES_OF_TWO, set(), PAGES_OF_TWO]


def test_common_compares_the_pages_both_have(place: Path) -> None:
    done = compared(place, "few", "run:bad", "--common")
    assert done.returncode == 0, done.stderr
    assert "zyte · words · policy default · 3 pages" in done.stdout
    assert "note: 9 pages left out: in head alone" in done.stdout


@pytest.mark.parametrize("base", ["published", "published/leaderboard.json"])
def test_published_figures_can_be_compared_without_a_test(base: str, place: Path) -> None:
    done = compared(place, f"{base}:good", "run:bad", "--fail-on", "f1 < base - 1pt")
    assert done.returncode == 1
    assert "not tested: F1 1.000 to .458, -54.17 pt\n" in done.stdout
    assert f"note: {base}: figures alone" in done.stdout


def test_floors_are_held_raised_and_lowered_on_request(place: Path, tmp_path: Path) -> None:
    floors = ("--floors", str(tmp_path / "floors.json"))
    assert compared(place, "run:good", "run:good", *floors, "--update-floors").returncode == 0
    assert compared(place, "run:good", "run:good", *floors).returncode == 0
    (floor,) = json.loads((tmp_path / "floors.json").read_text())["floors"]
    lowered = tmp_path / "lowered.json"
    lowered.write_text(json.dumps({"schema": 1, "floors": [floor | {"runner": "bad"}]}))
    done = compared(place, "run:good", "run:bad", "--floors", str(lowered), "--update-floors")
    assert done.returncode == 1
    assert "gate failed: f1 < floor in lowered.json (f1 0.4583, floor 1.0000)" in done.stderr
    more = ("--update-floors", "--allow-regression")
    assert compared(place, "run:good", "run:bad", "--floors", str(lowered), *more).returncode == 0
    assert compared(place, "run:good", "run:bad", "--floors", str(lowered)).returncode == 0


def test_the_markdown_goes_to_the_summary_of_a_job_and_files_to_a_folder(place: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    arguments = (
        "run:good",
        "run:bad",
        "--fail-on",
        "failures > base",
        "--format",
        "github",
        "--report",
        str(tmp_path / "to"),
    )
    done = compared(place, *arguments, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=gate failed%3A failures > base::zyte: failures 1, base 0, limit 0\n")
    written = {file.name: file.read_text("utf-8") for file in (tmp_path / "to").iterdir()}
    assert sorted(written) == sorted(comparison.FILES.values())
    assert summary.read_text("utf-8") == "before\n" + written["comparison.md"]


def test_where_the_words_cannot_be_known_a_note_says_so(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "run", tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "extractions.parquet")
    done = compared(place, "run:good", f"{tmp_path}/run:bad")
    assert done.returncode == 0, done.stderr
    assert "note: words are not shown: " in done.stdout
    assert "keeps no extractions" in done.stdout
    assert "body lost" not in done.stdout


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda truth: truth.pop("p3"), "words are not shown: set 'zyte' has changed since"),
        (lambda truth: truth["p3"].update(articleBody="another"), "words are not shown: set 'zyte' has changed since"),
        (dict.clear, "words are not shown: "),
    ],
)
def test_words_are_never_held_against_another_gold(
    change: Callable[[dict[str, dict[str, str]]], None], says: str, place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place, tmp_path / "copy")
    file = tmp_path / "copy" / "set" / "ground-truth.json"
    truth = json.loads(file.read_text())
    change(truth)
    file.write_text(json.dumps(truth))
    done = compared(tmp_path / "copy", "run:good", "run:bad")
    assert done.returncode == 0, done.stderr
    assert f"note: {says}" in done.stdout
    assert "worse: F1 1.000 to .458" in done.stdout

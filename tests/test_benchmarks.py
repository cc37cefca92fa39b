"""What the benchmarks tell and compare; what they measure is no matter of tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import compare
from benchmarks.report import Report

ROOT = Path(__file__).parents[1]


def benchmarks(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *map(str, arguments)]
    return subprocess.run(command, check=False, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, **more)


def race(ratio: float | None, noise: float | None = 0.0) -> dict[str, Any]:
    return {"name": "race", "ratio": ratio, "noise": noise}


def test_a_race_is_of_the_least_rounds_and_says_how_noisy_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--json", str(tmp_path / "x.json"), "--rounds", "3", "more"])
    report = Report()
    assert (report.rounds, report.arguments) == (3, ["more"])
    report.race("one", ours=[2.0, 2.2, 4.0], theirs=[9.0, 8.0, 8.0], goal=4)
    report.race("two", ours=[1.0], theirs=[3.0])
    assert report.end() == 0
    report.skip("three", "no peer", goal=2)
    assert report.end() == 1
    assert json.loads((tmp_path / "x.json").read_text()) == {
        "schema": 1,
        "races": [
            {
                "name": "one",
                "ours": 2.0,
                "theirs": 8.0,
                "ratio": 4.0,
                "goal": 4,
                "noise": pytest.approx(0.1),
                "why": None,
            },
            {"name": "two", "ours": 1.0, "theirs": 3.0, "ratio": 3.0, "goal": None, "noise": None, "why": None},
            {"name": "three", "ours": None, "theirs": None, "ratio": None, "goal": 2, "noise": None, "why": "no peer"},
        ],
    }
    assert "three                                not measured: no peer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (race(2.0), race(1.91), "same"),
        (race(2.0), race(1.89), "worse"),
        (race(2.0), race(2.2), "better"),
        (race(2.0, 0.2), race(1.7), "same"),
        (race(2.0), race(1.7, 0.2), "same"),
        (race(2.0, None), race(1.85), "same"),
        (race(2.0), race(None), "worse"),
        (race(None), race(2.0), "not measured"),
    ],
)
def test_a_race_went_worse_where_its_ratio_fell_by_more_than_noise(old: Any, new: Any, said: str) -> None:
    assert compare.verdict(old, new) == said


def test_reports_are_compared_race_by_race(tmp_path: Path) -> None:
    for name, ratio in (("old", 2.0), ("new", 1.0)):
        races = [race(ratio), {**race(3.0), "name": f"of {name}"}]
        (tmp_path / f"{name}.json").write_text(json.dumps({"schema": 1, "races": races}))
    done = benchmarks("compare", tmp_path / "old.json", tmp_path / "new.json")
    assert done.returncode == 1
    assert [" ".join(line.split()) for line in done.stdout.splitlines()] == [
        "race 2.000 to 1.000 times: worse",
        f"of old is not in {tmp_path}/new.json",
    ]
    assert benchmarks("compare", tmp_path / "old.json", tmp_path / "old.json").returncode == 0


@pytest.mark.parametrize("content", [None, "[]", "no JSON", '{"schema": 2, "races": []}'])
def test_what_is_no_report_is_refused_in_one_line(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "x.json").write_text(content)
    done = benchmarks("compare", tmp_path / "x.json", tmp_path / "x.json")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_what_cannot_be_measured_says_why_and_is_missed(tmp_path: Path) -> None:
    about = {"BOILERBENCH_DATA": str(tmp_path / "none"), "BOILERBENCH_CACHE": str(tmp_path / "cache"), "PATH": ""}
    done = benchmarks("--json", tmp_path / "x.json", env=about)
    assert done.returncode == 1, done.stderr
    races = json.loads((tmp_path / "x.json").read_text())["races"]
    assert all(each["ratio"] is None and each["why"] for each in races)
    assert {"scoring", "zyte, whole process", "overhead of trafilatura", "report"} <= {each["name"] for each in races}


def test_an_unknown_name_or_option_lists_the_names() -> None:
    for unknown in ("nosuch", "--nosuch"):
        done = benchmarks(unknown)
        assert done.returncode == 2
        assert "overhead" in done.stderr

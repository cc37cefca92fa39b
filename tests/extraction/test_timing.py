from __future__ import annotations

import json
import sys
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boilerbench.extraction import timing
from boilerbench.extraction.timing import ROUNDS
from boilerbench.model import Page
from boilerbench.ranking.runner_columns import COLUMNS, settings, speeds
from boilerbench.storage.run_folder import RunFolder
from tests.command import boilerbench, logging_runner, make_set, rows

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("writing")


def test_speeds_by_hand() -> None:
    seconds = {"html-text": [[1, 9, 1], [3, 3, 3]], "slow": [[4, 4, 90], [8, 12, 12]], "half": [[2, 2, 2], []]}
    timing = pd.DataFrame(
        [
            ("tiny", runner, f"p{page}", number, float(wall))
            for runner, pages in seconds.items()
            for page, rounds in enumerate(pages)
            for number, wall in enumerate(rounds)
        ],
        columns=["set", "runner", "page", "round", "wall"],
    )
    pages = pd.DataFrame({"set": "tiny", "page": ["p0", "p1"], "site": ["a", "b"]})
    found = speeds(timing, pages).set_index("runner")
    assert found["pages_per_second"].to_dict() == {"html-text": 1 / 2, "slow": 1 / 8, "half": 1 / 2}
    assert found["speed"].to_dict() == {"html-text": 1, "slow": 0.25, "half": 0.5}
    assert found["p95_ms"].to_dict() == pytest.approx({"html-text": 2900, "slow": 11600, "half": 2000})
    assert found.loc["slow", ["speed_low", "speed_high"]].tolist() == [0.25, 0.25]
    without = speeds(timing[timing["runner"] != "html-text"], pages)
    assert without[["speed", "speed_low", "speed_high"]].isna().all(axis=None)


def test_settings_are_written_as_they_are_asked_for() -> None:
    assert settings({"a": True, "b": "two words", "c": 1.5}) == 'a=true,b="two words",c=1.5'
    assert settings({}) == ""


def test_a_run_is_timed_apart_and_only_then_has_speeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    spec, log = make_set(tmp_path / "set", pages=2), tmp_path / "log"
    one = logging_runner(tmp_path, "html-text", log)
    two = logging_runner(tmp_path, "slow", log, seconds=0.01)
    run = ("run", "--runner", one, "--runner", two, "--set", spec, "--format", "csv", "--out", tmp_path / "run")
    plain = rows(boilerbench(*run).stdout)
    assert [[row[name] for name in COLUMNS[1:-1]] for row in plain] == [[""] * 6] * 2
    before = len(log.read_text().splitlines())
    timed = {row["runner"]: row for row in rows(boilerbench(*run, "--timing").stdout)}
    assert len(log.read_text().splitlines()) - before == 2 * 2 * ROUNDS
    assert float(timed["html-text"]["speed"]) == 1
    assert float(timed["slow"]["speed"]) < 1
    assert 10 <= float(timed["slow"]["p95_ms"]) < 1000
    kept = RunFolder(tmp_path / "run").table("timing")
    assert kept.groupby(["runner", "page"])["round"].apply(list).tolist() == [[2, 4], [1, 3, 5]] * 2
    assert rows(boilerbench(*run).stdout)[0]["speed"] == ""


@pytest.mark.parametrize("contents", [[0, 1], [0, 1, 2, 0, 1], range(7), range(50), range(120)])
def test_no_process_is_given_a_page_twice_and_each_warms_up(contents: list[int]) -> None:
    pages = [Page(f"p{n}", partial(bytes, str(content), "ascii")) for n, content in enumerate(contents)]
    rounds = list(timing.rounds_of(pages))
    assert len(rounds) == ROUNDS
    for warming, timed in rounds:
        given = [page.read() for page in (*warming, *timed)]
        assert len(set(given)) == len(given)
        assert 0 < len(timed) <= timing.MOST_PAGES
        assert 0 < len(warming) <= timing.MOST_PAGES
    times = Counter(page.id for _, timed in rounds for page in timed)
    assert len(times) == min(len(set(contents)), 40 if len(contents) == 120 else 50)
    assert min(times.values()) >= 2


def test_a_page_that_stands_alone_is_timed_cold() -> None:
    page = Page("p", lambda: b"x")
    assert list(timing.rounds_of([page])) == [([], [page])] * ROUNDS


def test_cpu_seconds_that_a_runner_does_not_measure_stay_unknown(tmp_path: Path) -> None:
    folder = tmp_path / "wall_only"
    folder.mkdir()
    (folder / "runner.toml").write_text(
        'summary = "Measures wall time alone."\ninput = "text"\nformat = "text"\n'
        f'command = [{json.dumps(sys.executable)}, "{{folder}}/serve.py"]\n'
    )
    (folder / "serve.py").write_text(
        "import json\nprint('{\"protocol\": 1}', flush=True)\n"
        "while line := input():\n"
        "    print(json.dumps({'id': json.loads(line)['id'], 'text': 'body', 'seconds': 0.25}), flush=True)\n"
    )
    run = ("run", "--env", "host", "--runner", folder, "--set", make_set(tmp_path / "set", pages=1))
    done = boilerbench(*run, "--timing", "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    kept = RunFolder(tmp_path / "run").table("timing")
    assert kept["wall"].tolist() == [0.25] * ROUNDS
    assert kept["cpu"].isna().all()

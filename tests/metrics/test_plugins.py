"""Metrics of other distributions."""

import os
from pathlib import Path

import pytest

from boilerbench import files, plugins
from tests.command import boilerbench, make_set, rows
from tests.packages import install_plugin

LENGTH = """\
import numpy as np
from boilerbench.metrics import Counts, Metric

class Length(Metric):
    name = "length"
    single = True

    def reference(self, gold, policy):
        return sum(len(segment.text) for segment in gold.segments)

    def count(self, reference, answers):
        wrong = np.array([abs(len(text) - reference) for text in answers], float)
        return Counts(np.full(len(wrong), float(FACTOR)), wrong, wrong, wrong == 0)
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where distributions are installed, seen by every command of the test."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "site"


def f1(output: str) -> str:
    return rows(output)[0]["f1"]


def test_a_metric_of_another_distribution_counts_and_is_counted_again_when_it_changes(
    tmp_path: Path, site: Path
) -> None:
    offers = "length = length_kit:Length"
    install_plugin(site, "length-kit", LENGTH.replace("FACTOR", "1"), plugins.METRICS, offers)
    spec = make_set(tmp_path / "set", 1)
    (tmp_path / "mine.json").write_text('{"p0": "body 0!"}')
    score = ("score", "--set", spec, "--outputs", "json:mine.json", "--metric", "length", "--format", "csv")
    assert f1(boilerbench(*score).stdout) == "0.500000"
    (site / "length_kit.py").write_text(LENGTH.replace("FACTOR", "3"))
    assert f1(boilerbench(*score).stdout) == "0.750000"


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("import no_such_module_here", "ModuleNotFoundError: No module named 'no_such_module_here'"),
        ("raise RuntimeError('two\\nlines')", "RuntimeError: two lines"),
        ("", "AttributeError: module 'bad_kit' has no attribute 'Bad'"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_one_line_and_everything_else_runs(
    module: str, says: str, tmp_path: Path, site: Path
) -> None:
    install_plugin(site, "bad-kit", module, plugins.METRICS, "bad = bad_kit:Bad")
    spec = make_set(tmp_path / "set", 1)
    (tmp_path / "mine.json").write_text('{"p0": "body 0"}')
    score = ("score", "--set", spec, "--outputs", "json:mine.json", "--format", "csv")
    done = boilerbench(*score)
    assert (done.returncode, f1(done.stdout)) == (0, "1.000000")
    (line,) = [line for line in done.stderr.splitlines() if "bad" in line]
    assert line == f"entry point 'bad' of bad-kit 1.0 cannot be loaded: {says}"
    asked = boilerbench(*score, "--metric", "bad")
    assert asked.returncode == 2
    assert asked.stderr.splitlines()[-1] == f"boilerbench: metric 'bad': {line}"


def test_nobody_takes_the_name_of_a_metric_of_ours(tmp_path: Path, site: Path) -> None:
    install_plugin(site, "words-kit", "class Words:\n    name = 'words'\n", plugins.METRICS, "words = words_kit:Words")
    spec = make_set(tmp_path / "set", 1)
    (tmp_path / "mine.json").write_text('{"p0": "body 0"}')
    done = boilerbench("score", "--set", spec, "--outputs", "json:mine.json", "--metric", "words", "--format", "csv")
    assert (done.returncode, f1(done.stdout)) == (0, "1.000000")
    taken = "entry point 'words' of words-kit 1.0: the name 'words' is taken by entry point 'words' of boilerbench"
    assert taken in done.stderr


def test_what_is_no_metric_is_refused_by_whose_it_is(site: Path) -> None:
    install_plugin(site, "odd-kit", "class Odd:\n    name = 'odd'\n", plugins.METRICS, "odd = odd_kit:Odd")
    done = boilerbench("score", "--set", "goldset", "--outputs", "json:x.json", "--metric", "odd")
    assert done.returncode == 2
    assert "metric 'odd': entry point 'odd' of odd-kit 1.0 is no boilerbench.metrics.Metric of that name" in done.stderr

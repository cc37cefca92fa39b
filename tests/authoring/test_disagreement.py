"""Pages worth a gold first: those that runners differ on, spread over what the set's pages are like."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from boilerbench.authoring import disagreement
from tests.command import boilerbench, make_runner, rows

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {
    "same": ("a.example", "", "<p>One two</p>"),
    "two": ("a.example", "", "<p>One two</p><i>three four</i>"),
    "most": ("a.example", "", "<p>One</p><i>two three four five six seven</i>"),
    "fails": ("b.example", "", "<p>boom</p>"),
    "gold": ("b.example", "one", "<p>One</p><i>two three four five six seven</i>"),
}
RUNNERS = {
    "whole": "    return ' '.join(re.sub('<[^>]+>', ' ', html).split())",
    "first": "    if 'boom' in html: raise ValueError('no')\n    return re.search('<p>(.*?)</p>', html)[1]",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("disagree")
    lines = [
        json.dumps({"id": name, "site": site, "html": html} | ({"text": text} if text else {}))
        for name, (site, text, html) in PAGES.items()
    ]
    (place / "pages.jsonl").write_text("\n".join(lines))
    for names in (["whole", "first"], ["whole"]):
        given = [part for name in names for part in ("--runner", make_runner(place, name, RUNNERS[name], "import re"))]
        out = place / f"of-{len(names)}"
        done = boilerbench("run", *given, "--set", f"jsonl:{place}/pages.jsonl", "--env", "host", "--out", out)
        assert done.returncode == 0, done.stderr
    return place / "of-2"


def test_pages_without_gold_come_by_disagreement(run: Path) -> None:
    done = boilerbench("disagree", run, "--most", "--format", "csv")
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert tuple(found[0]) == disagreement.COLUMNS
    most, two = 1 - 2 * 1 / (1 + 7), 1 - 2 * 2 / (2 + 4)
    assert [(row["page"], float(row["disagreement"])) for row in found] == [
        ("most", pytest.approx(most)),
        ("two", pytest.approx(two, abs=1e-6)),
        ("same", 0),
    ]
    assert set(found[0]["differs"].split(", ")) == {"whole", "first"}


def test_it_says_what_annotating_them_would_show(run: Path) -> None:
    done = boilerbench("disagree", run, "--most", "--top", "1", "--format", "json")
    found = json.loads(done.stdout)
    assert [row["page"] for row in found["rows"]] == ["most"]
    power, caveat = found["signatures"]
    assert power.endswith("if the majority were right: 1 now: none.")
    assert caveat == disagreement.CAVEAT
    assert "pages · 1 page to annotate first" in boilerbench("disagree", run, "--top", "1").stdout
    assert disagreement.CAVEAT not in (shown := boilerbench("disagree", run, "--format", "markdown").stdout)
    assert "| most | a.example |" in shown


def test_one_runner_disagrees_with_nobody(run: Path) -> None:
    done = boilerbench("disagree", run.parent / "of-1")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "has one runner, and nobody to disagree with it" in done.stderr


def test_what_is_neither_a_set_nor_a_run_is_one_line(tmp_path: Path) -> None:
    done = boilerbench("disagree", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "unknown set" in done.stderr


def test_a_set_is_run_by_the_default_runners_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from boilerbench.cli.commands import disagree
    from boilerbench.runners import registry

    found = [make_runner(tmp_path, name, body, "import re") for name, body in RUNNERS.items()]
    monkeypatch.setattr(registry, "DEFAULT_RUNNERS", [str(each) for each in found])
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.html").write_text("<p>One</p><i>two</i>")
    disagree.command.main([f"pairs:{tmp_path}/set", "--out", str(tmp_path / "run")], standalone_mode=False)
    done = boilerbench("disagree", tmp_path / "run", "--format", "csv")
    assert [row["page"] for row in rows(done.stdout)] == ["a"]


def spread(pages: list[tuple[str, str, str, float]], most: int) -> list[int]:
    table = pd.DataFrame(pages, columns=["site", "language", "page_type", "disagreement"]).assign(set="s")
    differ = table["disagreement"].to_numpy()
    return disagreement._spread(table, np.arange(len(table)), most, lambda some, _: -differ[some]).tolist()  # noqa: SLF001


@pytest.mark.parametrize(
    ("pages", "order"),
    [
        ([("a", "", "", 0.1), ("b", "", "", 0.9), ("c", "", "", 0.5)], [1, 2, 0]),
        ([("a", "", "", 0.9), ("a", "", "", 0.8), ("b", "", "", 0.1), ("c", "", "", 0.2)], [0, 3, 1, 2]),
        ([("a", "en", "", 0.9), ("b", "en", "", 0.8), ("c", "de", "", 0.1), ("d", "de", "", 0.2)], [0, 3, 1, 2]),
        ([("a", "", "x", 0.1), ("b", "", "x", 0.2), ("c", "", "x", 0.3), ("d", "", "y", 0.9), ("e", "", "y", 0.8)],
         [3, 2, 1, 4, 0]),
    ],
)  # fmt: skip
def test_no_site_language_or_type_has_more_than_its_share(
    pages: list[tuple[str, str, str, float]], order: list[int]
) -> None:
    assert spread(pages, len(pages)) == order
    assert spread(pages, 2) == order[:2]


@pytest.mark.parametrize(
    ("values", "before", "order"),
    [
        ([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.5, 0.5]], [], [1, 3]),  # the mean is .5, .5
        ([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.5, 0.5]], [0], [2, 1]),  # the third makes good for the first
        ([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [1.0, 0.0]], [], [0, 1, 2]),
    ],
)
def test_the_first_pages_stand_for_all(values: list[list[float]], before: list[int], order: list[int]) -> None:
    table = pd.DataFrame({"set": "s", "site": map(str, range(len(values))), "language": "", "page_type": ""})
    cost = disagreement._standing_for_all(np.array(values), np.array(before, int))  # noqa: SLF001
    rest = np.setdiff1d(np.arange(len(values)), before)
    assert disagreement._spread(table, rest, len(order), cost).tolist() == order  # noqa: SLF001


def test_more_pages_show_smaller_differences_as_the_leaderboard_has_them() -> None:
    values = np.column_stack([np.tile([0.9, 0.5], 50), np.full(100, 0.6)])
    sites = pd.Series(map(str, range(100)))
    few, many = (disagreement._detectable(values, sites, list(range(n))) for n in (30, 100))  # noqa: SLF001
    expected = (1.984 + 0.845) * 0.2 / math.sqrt(99)  # t at 97.5 % and 80 % on 99 degrees of freedom; sd 0.2
    assert many == pytest.approx(expected, rel=0.05)
    assert few / many == pytest.approx(math.sqrt(100 / 30), rel=0.1)
    assert disagreement._detectable(values, sites, []) == 1.0  # noqa: SLF001
    assert disagreement._detectable(values, pd.Series(["one"] * 100), list(range(100))) == 1.0  # noqa: SLF001  # a single site

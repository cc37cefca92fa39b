"""Curves of scores whose differences are known by hand, and of real runners that are blind on purpose."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pandas as pd
import pytest

from boilerbench.rendering import TABLE_FORMATS, render
from boilerbench.rendering.stress import at_most
from boilerbench.stress import curves
from tests.command import boilerbench, logging_runner, make_runner, rows, start
from tests.stress.pages import make_set

FAMILIES = ("cookie-dialog", "hidden", "soft-hyphens")
BLIND = {"clutter": "'cmp-dialog' in html", "hiding": "'<div hidden>' in html", "encoding": "'\\u00ad' in html"}
"""What a runner of these tests does not stand, by the family that it is of."""

FIND = "    text = ' '.join(re.findall('<p class=\"t\">(.*?)</p>', html))\n"


def known_scores(f1: dict[str, float], sites: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same F1 by damage on all pages, with a little that differs from site to site; and the pages."""
    scores = pd.DataFrame(
        [
            ("own", f"p{site}@{damage}", "r", "words", "default", 1.0, value + (damage != "clean") * site / 1e4)
            for site in range(sites)
            for damage, value in f1.items()
        ],
        columns=["set", "page", "runner", "metric", "policy", "tp", "f1"],
    ).assign(precision=1.0, recall=1.0)
    pages = scores[["set", "page"]].assign(site=[page.partition("@")[0] for page in scores["page"]])
    return scores, pages


CURVE = {
    "clean": 0.9,
    "clutter.a.1": 0.9,
    "clutter.a.3": 0.5,
    "clutter.b.1": 0.9,
    "clutter.b.3": 0.7,
    "shape.c.1": 0.95,
}


def test_a_curve_is_the_mean_of_paired_differences_and_breaks_where_the_loss_is_significant() -> None:
    table = curves.of_pairs(curves.paired(*known_scores(CURVE, 20)), "words", "default")
    found = {(row["family"], row["stressor"], row["dose"]): row for row in table.to_dict("records")}
    mean = sum(range(20)) / 20 / 1e4
    expected = {("clutter", "", 1): 0.0, ("clutter", "", 3): -0.3, ("shape", "", 1): 0.05, ("shape", "c", 1): 0.05}
    expected |= {
        ("clutter", "a", 1): 0.0,
        ("clutter", "a", 3): -0.4,
        ("clutter", "b", 1): 0.0,
        ("clutter", "b", 3): -0.2,
    }
    assert {key: row["difference"] for key, row in found.items()} == pytest.approx(
        {key: value + mean for key, value in expected.items()}
    )
    assert {row["pages"] for key, row in found.items() if key[1]} == {20}
    assert found["clutter", "", 1]["pages"] == 40
    assert {row["sites"] for row in found.values()} == {20}
    assert {key[:2]: row["breaking"] for key, row in found.items() if pd.notna(row["breaking"])} == {
        ("clutter", ""): 3,
        ("clutter", "a"): 3,
        ("clutter", "b"): 3,
    }
    assert list(found) == [
        *(("clutter", name, dose) for name in ("", "a", "b") for dose in (1, 3)),
        *(("shape", "", 1), ("shape", "c", 1)),
    ]


def test_where_so_few_sites_can_show_nothing_of_so_many_points_nothing_is_tested() -> None:
    table = curves.of_pairs(curves.paired(*known_scores(CURVE, 7)), "words", "default")
    assert table[table["stressor"] == ""]["p"].notna().all()  # three points: 3 / 2^6 is below .05
    assert table[table["stressor"] != ""]["p"].isna().all()  # five: 5 / 2^6 is not
    assert table[table["stressor"] != ""]["breaking"].isna().all()


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_curves_are_written_in_every_format(form: str) -> None:
    table = curves.of_pairs(curves.paired(*known_scores(CURVE, 20)), "words", "default")
    written = render(form, table, ["set:own"], "stress")
    assert "clutter" in written
    if form == "text":
        assert "-29.91*" in written
        assert "not tested" not in written


def test_a_heat_map_puts_runners_that_lose_least_first_and_takes_the_greatest_dose() -> None:
    scores, pages = known_scores(CURVE, 20)
    better = scores.assign(runner="s", f1=scores["f1"].where(scores["page"].str.endswith("@clean"), 0.9))
    table = curves.of_pairs(curves.paired(pd.concat([scores, better]), pages.drop_duplicates()), "words", "default")
    written = render("csv", at_most(table)[["runner", "family", "dose", "difference"]], [], "stress")
    found = [(row["runner"], row["family"], row["dose"], float(row["difference"])) for row in rows(written)]
    mean = sum(range(20)) / 20 / 1e4
    assert found == [
        ("s", "clutter", "3", pytest.approx(0)),
        ("s", "shape", "1", pytest.approx(0)),
        ("r", "clutter", "3", pytest.approx(-0.3 + mean)),
        ("r", "shape", "1", pytest.approx(0.05 + mean)),
    ]
    first, *_ = render("text", table, [], "stress").split("\n\n\n")
    assert "points lost at dose 1 or 3, by family" in first
    assert [line.split() for line in first.splitlines()[-2:]] == [["s", "+0.00", "+0.00"], ["r", "-29.91*", "+5.10*"]]


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The curves of three runners that are each blind to a family, and of one that always says the same."""
    place = tmp_path_factory.mktemp("blind")
    runners = [
        make_runner(place, name, f"{FIND}    return text[: len(text) // 2] if {blind} else text", "import re")
        for name, blind in BLIND.items()
    ]
    runners.append(make_runner(place, "constant", "    return 'Fähre Hund Wasser'"))
    asked = [argument for runner in runners for argument in ("--runner", runner)]
    asked += [argument for family in FAMILIES for argument in ("--family", family)]
    asked += ["--set", make_set(place / "set", 12), "--dose", 1, "--dose", 4, "--format", "csv", "--out", place / "run"]
    done = boilerbench("stress", *asked, env=os.environ | {"BOILERBENCH_CACHE": str(place / "cache")})
    assert done.returncode == 0, done.stderr
    table = pd.DataFrame(rows(done.stdout))
    return table.assign(runner=table["runner"].map(lambda label: Path(label).stem))


@pytest.mark.parametrize("family", BLIND)
def test_a_runner_that_is_blind_to_a_family_is_last_in_just_that(blind: pd.DataFrame, family: str) -> None:
    most = blind[(blind["stressor"] == "") & (blind["dose"] == "4")]
    by_family = most.pivot_table(
        index="runner", columns="family", values="difference", aggfunc=lambda cells: float(*cells)
    )
    assert by_family[family].idxmin() == family
    assert by_family.loc[family, family] < -0.2
    others = by_family.loc[family].drop(family)
    assert (others.abs() < 1e-6).all()
    breaking = most[most["runner"] == family].set_index("family")["breaking"]
    assert breaking.to_dict() == {each: "1" if each == family else "" for each in BLIND}


def test_the_curve_of_a_runner_that_always_says_the_same_is_flat(blind: pd.DataFrame) -> None:
    of_constant = blind[blind["runner"] == "constant"]
    assert set(of_constant["difference"]) == {"0.000000"}
    assert set(of_constant["breaking"]) == {""}


def test_a_report_names_the_page_that_lost_most_and_its_words(tmp_path: Path, cache: Path) -> None:
    assert cache
    body = (
        f"{FIND}    return text.replace('Hund', '').replace('Wasser', 'Salat') if 'Fahrt 2.' in text and {{}} else text"
    )
    one = make_runner(tmp_path, "one", body.format(BLIND["clutter"]), "import re")
    other = make_runner(
        tmp_path, "other", f"    if {BLIND['hiding']}: raise ValueError\n{FIND}    return text", "import re"
    )
    asked = ("--runner", one, "--runner", other, "--set", make_set(tmp_path / "set", 3), "--dose", 1, "--dose", 2)
    families = ("--family", "cookie-dialog", "--family", "hidden")
    done = boilerbench("stress", *asked, *families, "--out", tmp_path / "run", "--report", tmp_path / "report")
    assert done.returncode == 0, done.stderr
    found = {row["runner"]: row for row in rows((tmp_path / "report" / "worst.csv").read_text())}
    assert {
        label: (row["family"], row["page"], row["status"], row["lost"], row["let_in"]) for label, row in found.items()
    } == {
        "one": ("clutter", "p2@clutter.cookie-dialog.1", "", "wasser … hund", "salat"),
        "other": ("hiding", "p0@hiding.hidden.1", "error", found["other"]["lost"], ""),
    }
    assert found["other"]["lost"].startswith("die fähre legte um fünf uhr ab")
    markdown = (tmp_path / "report" / "stress.md").read_text()
    for said in ("by family", "lost: wasser … hund; let in: salat", "status: error"):
        assert said in markdown
        assert said in done.stdout
    assert {row["dose"] for row in rows((tmp_path / "report" / "stress.csv").read_text())} == {"1", "2"}
    assert "cookie-dialog" not in (svg := (tmp_path / "report" / "stress.svg").read_text())
    assert "clutter" in svg


@pytest.mark.usefixtures("writing")
def test_what_is_done_of_a_run_that_was_killed_is_not_done_again(tmp_path: Path, cache: Path) -> None:
    runner, run = logging_runner(tmp_path, "logs", log := tmp_path / "log", seconds=0.05), tmp_path / "run"
    asked = ("stress", "--runner", runner, "--set", make_set(tmp_path / "set", 2), "--family", "hiding", "--out", run)
    with start(*asked, cache=cache) as killed:
        while killed.poll() is None and (not log.exists() or len(log.read_text().splitlines()) < 20):
            time.sleep(0.05)
        killed.kill()
    before = len(log.read_text().splitlines())
    done = boilerbench(*asked, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert before < 82
    assert len(log.read_text().splitlines()) <= 82 + 10  # two pages may be under way; five are asked again in each run


def test_a_failure_is_counted_as_zero(tmp_path: Path, cache: Path) -> None:
    assert cache
    body = f"    if 'cmp-dialog' in html: raise ValueError('no')\n{FIND}    return text"
    asked = ("--runner", make_runner(tmp_path, "fails", body, "import re"), "--set", make_set(tmp_path / "set", 2))
    done = boilerbench(
        "stress", *asked, "--family", "cookie-dialog", "--dose", 1, "--format", "csv", "--out", tmp_path / "r"
    )
    assert {(row["clean"], row["f1"]) for row in rows(done.stdout)} == {("1.000000", "0.000000")}, done.stderr


@pytest.mark.usefixtures("writing")
def test_a_run_that_is_whole_is_not_made_again_and_can_be_scored_again(tmp_path: Path, cache: Path) -> None:
    assert cache
    runner, run = logging_runner(tmp_path, "logs", log := tmp_path / "log"), tmp_path / "run"
    asked = ("--runner", runner, "--set", make_set(tmp_path / "set", 2), "--family", "hidden", "--out", run)
    first = boilerbench("stress", *asked, "--format", "json")
    assert first.returncode == 0, first.stderr
    extracted = log.read_text()
    assert boilerbench("stress", *asked, "--format", "json").stdout == first.stdout
    assert log.read_text() == extracted
    done = boilerbench("score", run, "--metric", "shingles", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout)[0]["pages"] == "12"


def test_scores_by_label_are_made_when_the_run_is_scored_again(tmp_path: Path, cache: Path) -> None:
    assert cache
    asked = ("nothing", "--limit", 2, "--family", "hidden", "--dose", 1, "--out", tmp_path / "run")
    assert boilerbench("stress", *asked).returncode == 0
    assert boilerbench("table", tmp_path / "run", "--by", "label").returncode == 2
    assert boilerbench("score", tmp_path / "run").returncode == 0
    done = boilerbench("table", tmp_path / "run", "--by", "label", "--format", "csv")
    assert "paragraph" in {row["label"] for row in rows(done.stdout)}, done.stderr


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--family", "cluter"), "did you mean 'clutter'"),
        (("--dose", 6), "6 is not in the range"),
        (("--set", "nowhere"), "unknown set 'nowhere'"),
        (("no-such-runner",), "unknown runner"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_two(asked: tuple[object, ...], says: str) -> None:
    done = boilerbench("stress", *asked)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert says in line

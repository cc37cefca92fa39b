from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from boilerbench.comparison.bisect import Measured, bisect, releases
from boilerbench.comparison.history import COLUMNS, falls, history
from boilerbench.comparison.versions import order
from boilerbench.errors import NothingMeasuredError, UnavailableError, UsageError
from boilerbench.labels import load_policy
from boilerbench.model import Extraction, Status
from boilerbench.rendering import TABLE_FORMATS, pictures
from tests.command import boilerbench

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def write_results(folder: Path, version: str, f1: float, runner: str = "mine", fingerprint: str = "0123") -> None:
    """Published figures of one runner, made later than those written before."""
    folder.mkdir(parents=True)
    signature = f"set:tiny|version:none|fingerprint:{fingerprint}|policy:default|metric:words|failures:zero"
    row = {"runner": runner, "version": version, "set": "tiny", "policy": "default", "metric": "words", "f1": f1}
    row |= {"pages": 5, "failed": 0, "empty": 0, "f1_low": f1 - 0.1, "f1_high": None, "precision": f1, "recall": f1}
    (folder / "leaderboard.json").write_text(json.dumps({"schema": 1, "signatures": [signature], "rows": [row]}))
    started = f"2026-01-0{sum(1 for _ in folder.parent.iterdir())}T03:17:00+00:00"
    (folder / "manifest.json").write_text(json.dumps({"schema": 1, "started": started}))


@pytest.fixture
def results(tmp_path: Path) -> Path:
    write_results(tmp_path / "a", "1.10", 0.8, "mine@1.10")
    write_results(tmp_path / "b", "1.9", 0.7, "mine@1.9")
    write_results(tmp_path / "c", "2.0", 0.9)
    write_results(tmp_path / "d", "2.0", 0.85, "mine@.")
    write_results(tmp_path / "e", "2.1", 0.1, "mine", "other")
    write_results(tmp_path / "f", "", 0.5, "mine:fast")
    return tmp_path


def test_results_are_in_order_of_version_then_of_date(results: Path) -> None:
    table = history(results, "words", load_policy("default"))
    assert tuple(table.columns) == COLUMNS
    mine = table[(table["runner"] == "mine") & (table["fingerprint"] == "0123")]
    assert mine["version"].tolist() == ["1.9", "1.10", "2.0"]
    assert mine["f1"].tolist() == [0.7, 0.8, 0.9]
    assert mine["change"].tolist()[1:] == pytest.approx([0.1, 0.1])
    assert len(table) == 6


def test_a_release_that_scores_lower_than_the_one_before_is_named(tmp_path: Path) -> None:
    write_results(tmp_path / "a", "1.9", 0.7)
    write_results(tmp_path / "b", "1.10", 0.8)
    write_results(tmp_path / "c", "2.0", 0.775)
    write_results(tmp_path / "d", "2.0", 0.9, "mine@.")
    write_results(tmp_path / "e", "2.0", 0.1, "mine@.")
    said = "mine fell on tiny by 2.50 points from 1.10 to 2.0 (F1 0.8000 to 0.7750): figures alone, not tested"
    assert falls(history(tmp_path, "words", load_policy("default"))) == [said]
    done = boilerbench("history", tmp_path)
    assert (done.returncode, done.stderr) == (0, f"{said}\n")


COMMIT = "0123456789" * 4


def test_working_trees_and_repositories_are_series_of_their_own_by_date(tmp_path: Path) -> None:
    labels = (
        "x@2.0",
        "x@.",
        "x@2.1",
        "x@.",
        "x@./fork",
        f"x@git+https://g.example/x@{COMMIT}",
        "x@git+https://g.example/x@dev",
    )
    for number, label in enumerate(labels):
        write_results(tmp_path / str(number), "2.0" if "2.1" not in label else "2.1", 0.1 * number, label)
    again = f"x@git+https://g.example/x@{COMMIT[::-1]}"
    write_results(tmp_path / "7", "1.0", 0.7, again)
    table = history(tmp_path, "words", load_policy("default"))
    series = {str(name): rows["f1"].round(1).tolist() for name, rows in table.groupby("runner")}
    repository = "x@git+https://g.example/x"
    assert series == {"x": [0.0, 0.2], "x@.": [0.1, 0.3], "x@./fork": [0.4], repository: [0.5, 0.7]} | {
        f"{repository}@dev": [0.6]
    }
    assert table[table["runner"] == "x"]["change"].iloc[1] == pytest.approx(0.2)


DAYS = [f"2026-01-{day:02}T00:00:00+00:00" for day in range(1, 10)]


@pytest.mark.parametrize(
    "versions",
    [
        "1.9 1.10 2.0.dev3 2.0a1 2.0rc1 2.0 2.0.post1 1!0.1",
        "1.0.0 1.1.0 2.0.0-next.1 2.0.0",
        "0.2.0 0.3.0-canary.2 0.3.0-canary.10 0.3.0",
        "1.0.0-0 1.0.0-1 1.0.0 1.0.1",
        "1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc2 1.0.0-rc10 1.0.0",
        "v0.0.0-20260101000000-4f1d2c3b5a69 v1.2.0 v1.2.1-0.20260201000000-ff1d v1.2.1-0.20260301000000-0f1d v1.2.1",
    ],
)
def test_versions_are_in_the_order_of_those_who_write_them_whatever_their_dates(versions: str) -> None:
    wanted = versions.split()
    shuffled = wanted[::-1]
    assert [shuffled[place] for place in order(shuffled, DAYS[: len(shuffled)])] == wanted


@pytest.mark.parametrize(
    ("versions", "days", "wanted"),
    [
        ("1.0 nightly 1.1", "1 2 3", "1.0 nightly 1.1"),
        ("1.1 nightly 1.0", "1 2 3", "1.0 1.1 nightly"),
        ("r9 r10 r8", "1 2 3", "r9 r10 r8"),
        ("1.2.0 1.2.0-5-gabc1234 1.3.0", "1 2 3", "1.2.0 1.2.0-5-gabc1234 1.3.0"),
        ("1.1 nightly 1.0", "1 0 2", "1.0 1.1 nightly"),
        ("2.0 2.0", "2 1", "2.0 2.0"),
    ],
)
def test_a_version_that_nobody_can_read_stands_where_its_date_says(versions: str, days: str, wanted: str) -> None:
    dates = ["" if day == "0" else DAYS[int(day)] for day in days.split()]
    found = order(versions.split(), dates)
    assert [versions.split()[place] for place in found] == wanted.split()
    assert sorted(found) == list(range(len(dates)))


def test_a_change_is_told_only_on_the_same_pages(results: Path) -> None:
    table = history(results, "words", load_policy("default"))
    assert table[table["fingerprint"] == "other"]["change"].isna().all()


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_a_history_is_written_in_every_format(form: str, results: Path) -> None:
    done = boilerbench("history", results, "--format", form)
    assert done.returncode == 0, done.stderr
    assert "mine:fast" in done.stdout.replace("\\", "")
    assert "1.10" in done.stdout


def test_a_history_is_drawn(results: Path, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    write_results(results / "g", "2.0", 0.85)
    pictures.write(tmp_path / "history.svg", pictures.history, history(results, "words", load_policy("default")))
    picture = (tmp_path / "history.svg").read_text("utf-8")
    assert "mine · tiny (0123) · words" in picture
    assert "2.0 2026-01-0" in picture


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nope",), "nope: there is no leaderboard.json below it"),
        ((".", "--metric", "shingles"), "no leaderboard below it has figures by 'shingles' under policy 'default'"),
        ((".", "--plot", "history.txt"), "a plot is written as .svg, .png or .json"),
    ],
)
def test_a_history_of_nothing_is_one_line_and_2(arguments: tuple[str, ...], says: str, results: Path) -> None:
    done = boilerbench("history", *arguments, cwd=results)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


VERSIONS = [f"1.{number}" for number in range(20)]


def measured(texts: Mapping[str, str], asked: list[str]) -> Callable[[str], Measured | None]:
    """A measure that scores by length, and has nothing for a release without a text."""

    def measure(version: str) -> Measured | None:
        asked.append(version)
        text = texts.get(version)
        return None if text is None else Measured(version, Extraction(Status.OK, text), len(text) / 100)

    return measure


@pytest.mark.parametrize("change", range(1, 20))
def test_the_release_that_changed_a_page_is_found_in_few_steps(change: int) -> None:
    texts = {version: "body" if number < change else "body and menu" for number, version in enumerate(VERSIONS)}
    asked: list[str] = []
    found = bisect(VERSIONS, measured(texts, asked))
    assert (found.before.version, found.after.version) == (VERSIONS[change - 1], VERSIONS[change])
    assert len(asked) <= 7
    assert [each.version for each in found.measured] == sorted(asked, key=VERSIONS.index)


def test_a_page_that_changed_there_and_back_and_again_is_not_said_to_have_changed_once() -> None:
    lengths = [4 if number < 5 else 9 if number < 10 else 3 if number < 14 else 13 for number in range(20)]
    texts = {version: "x" * length for version, length in zip(VERSIONS, lengths, strict=True)}
    found = bisect(VERSIONS, measured(texts, []))
    pairs = {
        (one.extraction.text, other.extraction.text) for one, other in [*found.others, (found.before, found.after)]
    }
    assert len(pairs) > 1
    once = {version: "x" * (4 if number < 5 else 9) for number, version in enumerate(VERSIONS)}
    assert not bisect(VERSIONS, measured(once, [])).others


def test_a_text_that_scores_the_same_is_a_change_too() -> None:
    texts = {version: "body" if number < 13 else "ydob" for number, version in enumerate(VERSIONS)}
    assert bisect(VERSIONS, measured(texts, [])).after.version == "1.13"


def test_a_release_that_cannot_be_run_is_passed_over() -> None:
    texts = {version: "body" if number < 10 else "body and menu" for number, version in enumerate(VERSIONS)}
    del texts["1.10"], texts["1.9"]
    found = bisect(VERSIONS, measured(texts, []))
    assert (found.before.version, found.after.version) == ("1.8", "1.11")
    assert set(found.skipped) == {"1.9", "1.10"}


def test_ends_that_are_equal_or_cannot_be_run_are_refused() -> None:
    with pytest.raises(UsageError, match=r"1\.0 and 1\.19 give the same text"):
        bisect(VERSIONS, measured(dict.fromkeys(VERSIONS, "body"), []))
    with pytest.raises(NothingMeasuredError, match=r"1\.0 cannot be run here"):
        bisect(VERSIONS, measured({}, []))


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [("2.0", "1.0", "has to be older"), ("1.0", "1.0", "has to be older"), ("main", "1.0", "from release to release")],
)
def test_releases_go_from_an_older_to_a_newer(good: str, bad: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        releases("trafilatura", good, bad)


def test_releases_between_two_are_listed() -> None:
    try:
        found = releases("justext", "3.0.0", "3.0.2")
    except UnavailableError as cause:
        pytest.skip(f"no package index: {cause}")
    assert found == ["3.0.0", "3.0.1", "3.0.2"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("justext", "--page", "nope"), "has no page 'nope'"),
        (("nope", "--page", "accordeon-de-firmin"), "unknown runner 'nope'"),
    ],
)
def test_wrong_use_of_bisect_is_one_line_and_2(arguments: tuple[str, ...], says: str) -> None:
    done = boilerbench("bisect", *arguments, "--good", "3.0.0", "--bad", "3.0.2")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boilerbench.errors import UsageError
from boilerbench.extraction import ensemble
from boilerbench.extraction.ensemble import Ensemble, vote
from boilerbench.model import Extraction, Page, Status
from boilerbench.ranking import leaderboard
from tests.command import boilerbench, extractions, make_runner, make_set, rows

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "Home News Sport\nOne two three four five, six. Seven eight\nnine ten Imprint"


def ok(text: str) -> Extraction:
    return Extraction(Status.OK, text)


def test_words_stay_where_enough_answers_have_five_in_a_row_around_them() -> None:
    answers = ["one two three four five six", "ONE TWO THREE FOUR FIVE", "four five six seven eight"]
    assert vote(PAGE, answers, 1) == "One two three four five, six. Seven eight"
    assert vote(PAGE, answers, 2) == "One two three four five, six."
    assert vote(PAGE, answers, 3) == "four five,"
    assert vote(PAGE, answers, 4) == ""


def test_four_words_in_a_row_are_no_vote() -> None:
    assert vote(PAGE, ["One two three four", "One two three four and five"], 1) == ""
    assert vote("too short", ["too short"], 1) == ""
    assert vote("", ["anything"], 1) == ""


def test_stretches_that_are_parted_come_on_lines_of_their_own() -> None:
    assert vote("a b c d e NO f g h i j", ["a b c d e", "f g h i j"], 1) == "a b c d e\nf g h i j"


def test_scripts_without_spaces_vote_by_characters() -> None:
    assert vote("首頁。月亮的背面很冷。關於", ["月亮的背面很冷"], 1) == "月亮的背面很冷。"


def test_a_character_that_normalising_takes_apart_costs_capitals_and_nothing_else() -> None:
    page = "A B C D E \N{LATIN SMALL LETTER N PRECEDED BY APOSTROPHE} F"
    assert vote(page, [page], 1).casefold() == page.casefold()


@pytest.mark.parametrize(("members", "votes"), [("ab", 2), ("abc", 2), ("abcd", 2), ("abcde", 3), ("aabbccdefghi", 5)])
def test_two_thirds_of_the_extractors_are_enough_however_many_votes_each_has(members: str, votes: int) -> None:
    assert ensemble.needed(members) == votes


def test_a_member_named_twice_has_two_votes_and_a_failed_one_none() -> None:
    page = Page("p", lambda: b"<p>One two three four five</p><p>Six seven eight nine ten</p>")
    given = {
        "a": {"p": ok("One two three four five")},
        "b": {"p": ok("Six seven eight nine ten")},
        "c": {"p": Extraction(Status.TIMEOUT, error="no answer")},
    }
    assert ensemble.extract(page, Ensemble("majority:a+b+c", ("a", "b", "c")), given) == Extraction(Status.EMPTY)
    twice = ensemble.extract(page, Ensemble("majority:a+a+b", ("a", "a", "b")), given)
    assert twice == ok("One two three four five")


def test_a_vote_fails_where_all_its_members_failed() -> None:
    failed = {"p": Extraction(Status.CRASH, error="gone")}
    page = Page("p", lambda: b"<p>text</p>")
    found = ensemble.extract(page, Ensemble("majority", ("a", "b")), {"a": failed, "b": failed})
    assert found.status is Status.ERROR


def test_a_vote_of_what_cannot_run_measures_nothing() -> None:
    missing = {"p": Extraction(Status.UNAVAILABLE, error="no Python 4")}
    failed = {"p": Extraction(Status.CRASH, error="gone")}
    page = Page("p", PAGE.encode)
    one = Ensemble("majority", ("a", "b"))
    assert ensemble.extract(page, one, {"a": missing, "b": missing}).status is Status.UNAVAILABLE
    assert ensemble.extract(page, one, {"a": missing, "b": failed}).status is Status.ERROR


def test_a_ceiling_has_the_best_score_of_each_page_by_each_metric() -> None:
    rows = [
        ("p1", "a", "words", 0.9),
        ("p1", "b", "words", 0.5),
        ("p2", "a", "words", 0.1),
        ("p2", "b", "words", 0.7),
        ("p1", "a", "exact", 0.0),
        ("p1", "b", "exact", 1.0),
        ("p1", "c", "words", 1.0),
    ]
    scores = pd.DataFrame(rows, columns=["page", "runner", "metric", "f1"]).assign(set="s", policy="default")
    found = ensemble.with_ceilings(scores, {"ceiling:a+b": ["a", "b"]})
    best = found[found["runner"] == "ceiling:a+b"].set_index(["page", "metric"])["f1"].to_dict()
    assert best == {("p1", "words"): 0.9, ("p2", "words"): 0.7, ("p1", "exact"): 1.0}
    assert len(found) == len(scores) + 3


def test_what_is_not_ranked_moves_nobody_s_rank() -> None:
    pages = pd.DataFrame({"set": "s", "page": list("pqrstuvw"), "site": list("pqrstuvw")})
    rows = [("s", page, runner, f1) for page in "pqrstuvw" for runner, f1 in (("a", 0.9), ("b", 0.2))]
    scores = pd.DataFrame(rows, columns=["set", "page", "runner", "f1"])
    scores = scores.assign(metric="words", policy="default", status="ok", tp=1, fp=0, fn=0, exact=False)
    scores = scores.assign(precision=scores["f1"], recall=scores["f1"])
    board = leaderboard.build(scores, pages, {})
    best = ensemble.with_ceilings(scores, {"ceiling": ["a", "b"]})
    with_ceiling = leaderboard.build(best, pages, {}, unranked=["ceiling"])
    columns = ["runner", "rank_low", "rank_high", "f1_low"]
    ranked = with_ceiling[with_ceiling["runner"] != "ceiling"][columns].to_dict("records")
    assert ranked == board[columns].to_dict("records")
    assert with_ceiling.set_index("runner").loc["ceiling", ["rank_low", "rank_high"]].isna().all()


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("majority:a+d", "majority:a+d: there is no 'd' in this run; name it as a runner as well"),
        ("ceiling:a", "ceiling:a: it takes two runners at least; write ceiling:A+B"),
        ("majority:a+a", "majority:a+a: it takes two runners at least; write majority:A+B"),
    ],
)
def test_an_ensemble_that_cannot_be_is_refused_in_one_line(label: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        ensemble.read([label], ["a", "b", "c"])
    assert str(refused.value) == says


def test_a_run_has_a_ranked_vote_and_an_unranked_ceiling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    one = make_runner(tmp_path / "r", "one", "    return 'body 0' if '0' in html else 'nothing of it'")
    two = make_runner(tmp_path / "r", "two", "    return 'body 1' if '1' in html else 'nothing of it'")
    run = tmp_path / "run"
    names = ["--runner", one, "--runner", two, "majority:one+two", "ceiling"]
    done = boilerbench("run", *names, "--set", make_set(tmp_path / "set", 2), "--out", run, "--format", "csv")
    assert done.returncode == 0, done.stderr
    found = {row["runner"]: row for row in rows(done.stdout)}
    assert [found["ceiling"][column] for column in ("rank_low", "rank_high", "version")] == ["", "", "oracle"]
    assert float(found["ceiling"]["f1"]) == 1
    assert {found[name]["rank_high"] for name in ("one", "two", "majority:one+two")} == {"3"}
    assert set(extractions(run)) == {"one", "two", "majority:one+two"}
    about = json.loads((run / "manifest.json").read_text())["runners"]
    assert about["majority:one+two"] == {"version": "", "members": ["one", "two"], "votes_needed": 2}
    assert about["ceiling"] == {"version": "oracle", "ceiling_of": ["one", "two"]}
    again = boilerbench("table", run, "--format", "text")
    assert "-  ceiling" in again.stdout

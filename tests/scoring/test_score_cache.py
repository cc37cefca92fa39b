from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boilerbench import files, metrics
from boilerbench.labels import load_policy
from boilerbench.model import Extraction, Gold, GoldSet, Metadata, Page, Segment, Status
from boilerbench.scoring import score_cache

if TYPE_CHECKING:
    from pathlib import Path

SET = GoldSet("s", "s", ((Page("p", lambda: b"<p>a b</p>"), Gold((Segment("body", "a b"), Segment("caption", "c")))),))


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty cache, and the policy of each call that really counts."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path))
    calls = []
    score = score_cache.score

    def told(*arguments: object) -> pd.DataFrame:
        calls.append(arguments[3].name)
        return score(*arguments)

    monkeypatch.setattr(score_cache, "score", told)
    return calls


def scores(text: str = "a x", metric: str = "words", policy: str = "default", runner: str = "r") -> pd.DataFrame:
    answers = {runner: {"p": Extraction(Status.OK, text)}}
    return score_cache.scores(SET, answers, [metrics.get(metric)], load_policy(policy))


def test_the_same_answers_are_counted_once_and_give_the_same_table(counted: list[str]) -> None:
    first, second = scores(), scores()
    assert counted == ["default"]
    pd.testing.assert_frame_equal(first, second)
    assert second["tp"].tolist() == [1.0]


@pytest.mark.parametrize(
    "other", [{"text": "a y"}, {"metric": "shingles"}, {"policy": "with-captions"}, {"runner": "q"}], ids=str
)
def test_whatever_a_score_depends_on_makes_it_counted_again(counted: list[str], other: dict[str, str]) -> None:
    scores()
    scores(**other)
    assert len(counted) == 2


def test_other_code_counts_again(counted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    scores()
    monkeypatch.setattr(score_cache, "_code", lambda: "other")
    scores()
    assert len(counted) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"gold": "T"}, {"gold": "U"}),
        ({"said": "T"}, {"said": "U"}),
        ({"said": None}, {"said": ""}),
        ({"metric": "date", "page": b"<p>"}, {"metric": "date", "page": b"<p>a"}),
    ],
    ids=str,
)
def test_metadata_of_gold_and_of_extractions_are_part_of_it(
    counted: list[str], before: dict[str, object], after: dict[str, object]
) -> None:
    def of(gold: str = "T", said: str | None = "T", metric: str = "title", page: bytes = b"") -> None:
        about = Gold((), metadata=Metadata(gold, date="2020"), stated_dates=lambda: ("", ""))
        goldset = GoldSet("s", "s", ((Page("p", lambda: page), about),))
        answers = {"r": {"p": Extraction(Status.OK, metadata=Metadata(said))}}
        score_cache.scores(goldset, answers, [metrics.get(metric)], load_policy("default"))

    of(**before)  # type: ignore[arg-type]
    of(**before)  # type: ignore[arg-type]
    assert len(counted) == 1
    of(**after)  # type: ignore[arg-type]
    assert len(counted) == 2

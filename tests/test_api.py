"""The three lines of Python: `boilerbench.score`, `boilerbench.evaluate`, `boilerbench.load`."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest

import boilerbench
from boilerbench import sets
from boilerbench.errors import BoilerbenchError
from boilerbench.labels import load_policy
from boilerbench.model import Gold, GoldSet, Metadata, Page, Segment


@pytest.mark.parametrize(
    ("metric", "precision", "recall", "f1", "counts"),
    [
        ("words", 2 / 3, 2 / 3, 2 / 3, (2, 1, 1)),
        ("shingles", 0, 0, 0, (0, 1, 1)),
        ("exact", math.nan, math.nan, 0, (0, 0, 0)),
        ("levenshtein", math.nan, math.nan, 2 / 3, (4, 2, 2)),
    ],
)
def test_a_text_is_scored_against_another(
    metric: str, precision: float, recall: float, f1: float, counts: tuple[float, float, float]
) -> None:
    found = boilerbench.score(gold="a b c", prediction="a b d", metric=metric)
    assert (found.precision, found.recall, found.f1) == pytest.approx((precision, recall, f1), nan_ok=True)
    if metric != "levenshtein":
        assert (found.tp, found.fp, found.fn) == counts
    assert found.exact is False
    assert boilerbench.score(gold="a b c", prediction="a b c", metric=metric).f1 == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"gold": "a", "prediction": None}, "prediction is NoneType; it has to be a text"),
        ({"gold": ["a"], "prediction": "a"}, "gold is list; it has to be a text"),
        ({"gold": "a", "prediction": "a", "metric": "word"}, "unknown metric 'word'; did you mean 'words'?"),
        ({"gold": "a", "prediction": {}, "metric": "title"}, "prediction: 'title' is dict, not a text"),
        ({"gold": "a", "prediction": "a", "metric": "snippets"}, "metric 'snippets' measures snippets, not texts"),
    ],
)
def test_wrong_input_is_a_value_error_that_says_what_to_do(arguments: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("?", r"\?")) as caught:
        boilerbench.score(**arguments)
    assert isinstance(caught.value, BoilerbenchError)


def test_a_prediction_may_be_in_a_format() -> None:
    for form, text in (("html", "<p>a <b>b</b></p>"), ("markdown", "a [b](https://c.example)")):
        assert boilerbench.score(gold="a b", prediction=text, format=form).f1 == 1
        assert boilerbench.score(gold="a b", prediction=text).f1 < 1


@pytest.mark.parametrize(
    ("metric", "gold", "prediction", "f1", "counts"),
    [
        ("title", "Boats", "Boats | The Valley", 1, (1, 0, 0)),
        ("title", "Boats", "", 0, (0, 0, 1)),
        ("author", ["Jane Doe", "Luc Roy"], "By Jane Doe", 2 / 3, (1, 0, 1)),
        ("author", "Jane Doe and Luc Roy", ["J. Doe", "Luc Roy"], 1, (2, 0, 0)),
        ("date", "2020-01-02", "2020-01-03T01:00:00+02:00", 1, (1, 0, 0)),
        ("date", "2020-01-02", "2020-02-01", 0, (0, 1, 1)),
        ("language", "pt-BR", "pt", 1, (1, 0, 0)),
    ],
)
def test_what_is_said_of_a_page_is_scored(
    metric: str, gold: Any, prediction: Any, f1: float, counts: tuple[int, int, int]
) -> None:
    found = boilerbench.score(gold, prediction, metric)
    assert (found.f1, (found.tp, found.fp, found.fn)) == (pytest.approx(f1), counts)
    assert found.beside == ({"swapped": (found.fp, 1)} if metric == "date" else {})


NUMBERED = GoldSet(
    "numbered",
    "numbered:",
    tuple((Page(str(n), b"<p>".strip), Gold((Segment("body", f"lamp {n}"),))) for n in range(4)),
)


def test_ids_may_be_numbers_and_a_format_is_said_or_warned_of() -> None:
    linked = {n: f"[lamp](https://a.example) {n}" for n in range(4)}
    assert boilerbench.evaluate(linked, NUMBERED, format="markdown").f1 == 1
    with pytest.warns(UserWarning, match="system: 4 of its 4 texts have .* say what they are: format=markdown"):
        assert boilerbench.evaluate(linked, NUMBERED).f1 < 1
    with pytest.warns(UserWarning, match="format=html"):
        boilerbench.evaluate(dict.fromkeys("0123", "<p>lamp</p>"), NUMBERED)


def test_metadata_are_evaluated_beside_texts() -> None:
    entries = tuple(
        (page, replace(gold, metadata=Metadata(f"Lamp {n}"))) for n, (page, gold) in enumerate(NUMBERED.entries)
    )
    titled = replace(NUMBERED, entries=entries)
    said: dict[Any, Any] = {0: {"title": "Lamp 0"}, 1: {"text": "lamp 1", "title": "Lamp 2 - Shop"}, 2: None}
    found = boilerbench.evaluate(said, titled, "title")
    assert (found.f1, found.precision, found.recall, found.row["said"]) == (0.25, 0.5, 0.25, 0.5)
    assert boilerbench.evaluate(said, titled).f1 == 0.25


def test_a_part_is_scored_alone_where_it_is_asked_for() -> None:
    some: dict[int, str | None] = {0: "lamp 0", 3: None}
    assert (boilerbench.evaluate(some, NUMBERED).f1, boilerbench.evaluate(some, NUMBERED).failed) == (0.25, 2)
    found = boilerbench.evaluate(some, NUMBERED, partial=True)
    assert (found.f1, found.failed, found.empty, found.row["pages"]) == (0.5, 0, 1, 2)
    assert boilerbench.evaluate({0: {"text": "lamp 0", "title": None}}, NUMBERED, partial=True).f1 == 1


def test_predictions_for_a_set_are_a_row_of_a_leaderboard() -> None:
    policy, goldset = load_policy("default"), sets.load("goldset")
    gold = {page.id: policy.body(gold) for page, gold in goldset.entries}
    perfect = boilerbench.evaluate(gold)
    assert (perfect.f1, *perfect.interval, perfect.row["failed"]) == pytest.approx((1, 1, 1, 0))
    assert perfect.signature.startswith(f"set:goldset|version:{goldset.version}|fingerprint:{goldset.fingerprint[:12]}")
    given = dict(list(gold.items())[::2])
    half = boilerbench.evaluate(given, set=goldset, metric="exact", policy="strict")
    assert half.row["failed"] == len(gold) - len(given)
    assert half.pages["f1"].sum() <= len(given)
    assert len(half.pages) == len(gold)
    low, high = half.interval
    assert low < half.f1 < high
    json.dumps(half.signature)


@pytest.mark.parametrize(
    ("predictions", "more", "says"),
    [
        ({"no-such-page": "x"}, {}, "set 'goldset' has no page 'no-such-page'; name pages by the ids of the set"),
        ({"stavering-weir-vote": 5}, {}, "page 'stavering-weir-vote': its prediction is int, not a text"),
        (
            {"stavering-weir-vote": {"titel": "x"}},
            {},
            "page 'stavering-weir-vote': there is no key 'titel'; there are text, title, author",
        ),
        ({"stavering-weir-vote": {"text": 5}}, {}, "the 'text' of its prediction is no text"),
        ({5: "x"}, {}, "set 'goldset' has no page '5'"),
        ({True: "x"}, {}, "set 'goldset' has no page True"),
        ({1: "x", "1": "y"}, {"set": NUMBERED}, "page '1' is there more than once, as a number and as a text"),
        (
            {1: "x"},
            {"set": NUMBERED, "format": "md"},
            "unknown format of predictions 'md'; known: text, html, markdown",
        ),
        ({}, {"set": NUMBERED, "partial": True}, "there is no prediction to score a part of it by"),
        ({}, {"set": "goldest"}, "unknown set 'goldest'; did you mean 'goldset'"),
        ({}, {"metric": "wrods"}, "unknown metric 'wrods'; did you mean 'words'"),
        ({}, {"policy": "lax"}, "unknown policy 'lax'"),
    ],
)
def test_what_cannot_be_evaluated_is_a_value_error(
    predictions: dict[Any, str], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        boilerbench.evaluate(predictions, **more)


def test_a_folder_that_is_no_run_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="not a run folder"):
        boilerbench.load("docs")

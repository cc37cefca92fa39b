"""The three lines of Python: `boilerbench.score`, `boilerbench.evaluate`, `boilerbench.load`."""

import json
import math

import pytest

import boilerbench
from boilerbench import sets
from boilerbench.errors import BoilerbenchError
from boilerbench.labels import load_policy


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
        ({"gold": "a", "prediction": "a", "metric": "snippets"}, "metric 'snippets' measures snippets, not texts"),
    ],
)
def test_wrong_input_is_a_value_error_that_says_what_to_do(arguments: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("?", r"\?")) as caught:
        boilerbench.score(**arguments)
    assert isinstance(caught.value, BoilerbenchError)


def test_predictions_for_a_set_are_a_row_of_a_leaderboard() -> None:
    policy, goldset = load_policy("default"), sets.load("goldset")
    gold = {page.id: policy.body(gold) for page, gold in goldset.entries}
    perfect = boilerbench.evaluate(gold)
    assert (perfect.f1, perfect.interval, perfect.row["failed"]) == (1.0, (1.0, 1.0), 0)
    assert perfect.signature.startswith(f"set:goldset|version:{goldset.version}|fingerprint:{goldset.fingerprint[:12]}")
    given = dict(list(gold.items())[::2])
    half = boilerbench.evaluate(given, set=goldset, metric="exact", policy="strict")
    assert half.row["failed"] == len(gold) - len(given) == 33
    assert half.pages["f1"].sum() <= len(given)
    assert len(half.pages) == len(gold) == 67
    low, high = half.interval
    assert low < half.f1 < high
    json.dumps(half.signature)


@pytest.mark.parametrize(
    ("predictions", "more", "says"),
    [
        ({"no-such-page": "x"}, {}, "set 'goldset' has no page 'no-such-page'; name pages by the ids of the set"),
        ({"lake-ormen": 5}, {}, "page 'lake-ormen': its prediction is int, not a text"),
        ({}, {"set": "goldest"}, "unknown set 'goldest'; did you mean 'goldset'"),
        ({}, {"metric": "wrods"}, "unknown metric 'wrods'; did you mean 'words'"),
        ({}, {"policy": "lax"}, "unknown policy 'lax'"),
    ],
)
def test_what_cannot_be_evaluated_is_a_value_error(
    predictions: dict[str, str], more: dict[str, str], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        boilerbench.evaluate(predictions, **more)


def test_a_folder_that_is_no_run_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="not a run folder"):
        boilerbench.load("docs")

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench import metrics, sets
from boilerbench.errors import UnknownNameError
from boilerbench.labels import load_policy
from boilerbench.model import Gold, Segment
from boilerbench.sets import outputs
from tests.text.test_tokens import texts

if TYPE_CHECKING:
    from pathlib import Path

    from boilerbench.metrics import Counts, Metric

POLICY = load_policy("default")
BODY_WORDS = "one two three four five six"
body_texts = st.lists(st.sampled_from(BODY_WORDS.split()), min_size=1, max_size=30).map(" ".join)
clutter_texts = st.lists(st.sampled_from(["photo", "by", "ann", "share"]), min_size=1, max_size=8).map(" ".join)
OF_TEXT = ("words", "shingles", "exact", "zyte", "wcxb", "levenshtein", "text-edit", "rouge-lsum")
every_metric = pytest.mark.parametrize("metric", [metrics.get(name) for name in OF_TEXT], ids=OF_TEXT)


def gold(*body: str, optional: tuple[str, ...] = ()) -> Gold:
    return Gold((*(Segment("body", text) for text in body), *(Segment("byline", text) for text in optional)))


@pytest.fixture(autouse=True)
def _available(request: pytest.FixtureRequest) -> None:
    metric = request.node.callspec.params.get("metric") if hasattr(request.node, "callspec") else None
    if metric is not None:
        if metric.name == "rouge-lsum":
            request.getfixturevalue("punkt")
        ratios(metric, gold("what is loaded late is no part of a test's time"), "")


def counts(name: str, reference: Gold, *answers: str) -> Counts:
    metric = metrics.get(name)
    return metric.count(metric.reference(reference, POLICY), answers)


def ratios(metric: Metric, reference: Gold, *answers: str) -> list[tuple[float, float, float]]:
    found = metric.ratios(metric.count(metric.reference(reference, POLICY), answers))
    return list(zip(found.precision.tolist(), found.recall.tolist(), found.f1.tolist(), strict=True))


def test_an_unknown_metric_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown metric 'meteor'; known: author, code, .*words, zyte"):
        metrics.get("meteor")


def test_words_counts_each_word_as_often_as_both_sides_have_it() -> None:
    found = counts("words", gold("a a b c"), "a b b d", "", "c b a a")
    assert found.tp.tolist() == [2, 0, 4]
    assert found.fp.tolist() == [2, 0, 0]
    assert found.fn.tolist() == [2, 4, 0]
    assert found.exact.tolist() == [False, False, False]


def test_words_ratios_by_hand() -> None:
    assert ratios(metrics.get("words"), gold("a a b c"), "a b b") == [(2 / 3, 1 / 2, 4 / 7)]


def test_shingles_see_order_and_words_do_not() -> None:
    assert counts("words", gold("a b c d e"), "e d c b a").tp.tolist() == [5]
    found = counts("shingles", gold("a b c d e"), "e d c b a", "a b c d e", "a b c d x")
    assert found.tp.tolist() == [0, 2, 1]
    assert found.fn.tolist() == [2, 0, 1]


def test_a_short_text_is_one_shingle() -> None:
    found = counts("shingles", gold("a b c"), "a b c", "a b", "a b c d")
    assert found.tp.tolist() == [1, 0, 0]
    assert found.fp.tolist() == [0, 1, 1]


def test_exact_wants_all_words_alone_and_in_order() -> None:
    assert [f1 for *_, f1 in ratios(metrics.get("exact"), gold("A b."), "a b", "b a", "a b c")] == [1, 0, 0]


def test_zyte_keeps_case_and_leaves_out_what_its_authors_leave_out() -> None:
    zyte = metrics.get("zyte")
    assert ratios(zyte, gold("A b c d"), "a b c d") == [(0, 0, 0)]
    (precision, recall, _), _ = ratios(zyte, gold("A b c d"), "", "A b c d")
    assert math.isnan(precision)
    assert recall == 0
    (precision, recall, _), (other, _, _) = ratios(zyte, gold(""), "", "x")
    assert math.isnan(precision)
    assert math.isnan(recall)
    assert other == 0


@pytest.mark.parametrize("name", ["words", "shingles", "exact"])
def test_nothing_for_nothing_is_perfect_and_something_for_nothing_is_worthless(name: str) -> None:
    assert [f1 for *_, f1 in ratios(metrics.get(name), gold(""), "", "x")] == [1, 0]
    assert [f1 for *_, f1 in ratios(metrics.get(name), gold("x"), "")] == [0]


def test_optional_text_is_taken_out_even_where_its_words_are_in_the_body() -> None:
    reference = gold("the boat leaves on sunday from the pier", optional=("by ann pier", "photo of the boat"))
    with_them = "by ann pier the boat leaves on sunday from the pier photo of the boat"
    assert counts("words", reference, with_them).fp.tolist() == [0]
    assert counts("words", reference, with_them).fn.tolist() == [0]
    assert counts("exact", reference, with_them).exact.tolist() == [True]


@every_metric
def test_clutter_is_punished(metric: Metric) -> None:
    reference = Gold((Segment("body", BODY_WORDS), Segment("navigation", "home news sport")))
    ((_, _, f1),) = ratios(metric, reference, f"home news sport {BODY_WORDS}")
    assert f1 < 1


@every_metric
@given(reference=texts, answers=st.lists(texts, max_size=3))
def test_scores_lie_between_0_and_1_or_are_left_out(metric: Metric, reference: str, answers: list[str]) -> None:
    found = np.array(ratios(metric, gold(reference), *answers))
    assert np.all(np.isnan(found) | ((found >= 0) & (found <= 1)))


@every_metric
@given(reference=texts)
def test_the_perfect_answer_scores_1_unless_it_is_left_out(metric: Metric, reference: str) -> None:
    found = ratios(metric, gold(reference), reference)[0]
    assert all(value == 1 or math.isnan(value) for value in found)


@given(st.lists(texts, min_size=1, max_size=5), st.randoms(use_true_random=False), texts)
def test_the_order_of_segments_does_not_matter_for_words(segments: list[str], random: object, answer: str) -> None:
    shuffled = list(segments)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ratios(metrics.get("words"), gold(*segments), answer) == ratios(
        metrics.get("words"), gold(*shuffled), answer
    )


@every_metric
@given(
    body=st.lists(body_texts, min_size=1, max_size=3),
    optional=clutter_texts,
    kept=st.integers(0, 3),
    at=st.integers(0, 3),
)
def test_optional_segments_in_an_answer_change_nothing(
    metric: Metric, body: list[str], optional: str, kept: int, at: int
) -> None:
    reference = gold(*body, optional=(optional,))
    without, with_it = body[:kept], body[:kept]
    with_it.insert(at, optional)
    plain, extended = ratios(metric, reference, "\n".join(without), "\n".join(with_it))
    assert np.array_equal(plain, extended, equal_nan=True)


def plain_counts(reference: str, answer: str) -> tuple[int, int, int]:
    both = []
    for text in (reference, answer):
        words = re.findall(r"\w+", text)
        both.append(Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words))
    matched = (both[0] & both[1]).total()
    return matched, both[1].total() - matched, both[0].total() - matched


@given(texts, st.lists(texts, max_size=3))
def test_zyte_counts_what_a_plain_counter_counts(reference: str, answers: list[str]) -> None:
    found = counts("zyte", gold(reference), *answers)
    got = list(zip(found.tp.tolist(), found.fp.tolist(), found.fn.tolist(), strict=True))
    assert got == [plain_counts(reference, answer) for answer in answers]


def test_many_answers_are_counted_in_parts_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["a b c", "c", "", "a a", "b c"]
    whole = counts("words", gold("a b c c"), *answers)
    monkeypatch.setattr("boilerbench.metrics.base._MATRIX_CELLS", 6)
    assert counts("words", gold("a b c c"), *answers).tp.tolist() == whole.tp.tolist()


def test_zyte_gives_the_published_figures_of_all_eleven_systems(data: Path) -> None:
    published = json.loads((data / "published.json").read_text())["zyte-aeb"]["systems"]
    goldset = sets.load(f"zyte:{data / 'zyte-aeb'}")
    systems = outputs.load(f"zyte:{data / 'zyte-aeb' / 'output'}")
    zyte = metrics.get("zyte")
    pages = [
        zyte.count(
            zyte.reference(reference, POLICY), [of.get(page.id, outputs.Prediction("")).text for of in systems.values()]
        )
        for page, reference in goldset.entries
    ]
    found = [zyte.ratios(page) for page in pages]
    precision = np.nanmean([page.precision for page in found], axis=0)
    recall = np.nanmean([page.recall for page in found], axis=0)
    accuracy = np.mean([page.exact for page in pages], axis=0)
    f1 = 2 * precision * recall / (precision + recall)
    rounded = np.column_stack([f1, precision, recall, accuracy]).round(3).tolist()
    assert dict(zip(systems, rounded, strict=True)) == published
    assert len(published) == 11

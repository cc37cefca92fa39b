"""What holds of every score by overlap, whatever the page and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench import metrics
from boilerbench.labels import known_policies, load_policy, taxonomy
from boilerbench.metrics import base
from boilerbench.model import Gold, Segment
from boilerbench.text import tokens

if TYPE_CHECKING:
    from random import Random

BODY = ("paragraph", "heading", "list", "quote", "code", "table")
OPTIONAL = ("title", "byline", "date", "caption", "credit")
CLUTTER = ("comment", "cookie", "navigation", "share", "footer")
PARTS = ("ab-c.d/e", "ab", " ", "\n", "\u6f22", "\u3002", "e\u0301", "x\u00ad", "f,g")
OVERLAPS = ("words", "shingles", "zyte")

every_overlap = pytest.mark.parametrize("name", OVERLAPS)


def of(letters: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(letters), min_size=1, max_size=7).map(" ".join)


def segments(labels: tuple[str, ...], letters: str, least: int = 0) -> st.SearchStrategy[list[Segment]]:
    return st.lists(st.builds(Segment, st.sampled_from(labels), of(letters)), min_size=least, max_size=5)


bodies, optionals, clutters = segments(BODY, "abcde", 1), segments(OPTIONAL, "pqr"), segments(CLUTTER, "xyz")
pages = st.tuples(optionals, bodies, clutters).map(lambda parts: [segment for part in parts for segment in part])
answers = st.lists(of("abcdexyzpqr"), max_size=4).map("\n".join)


def scored(name: str, gold: Gold, *given_answers: str, policy: str = "default") -> np.ndarray:
    """Precision, recall and F1, a row per answer."""
    metric = metrics.get(name)
    found = metric.ratios(metric.count(metric.reference(gold, load_policy(policy)), given_answers))
    return np.column_stack([found.precision, found.recall, found.f1])


@pytest.mark.parametrize("policy", known_policies())
@every_overlap
@given(page=pages, answer=answers)
def test_scores_lie_between_0_and_1_under_every_policy(
    name: str, policy: str, page: list[Segment], answer: str
) -> None:
    found = scored(name, Gold(tuple(page)), answer, policy=policy)
    assert np.all(np.isnan(found) | ((found >= 0) & (found <= 1)))


@every_overlap
@given(page=pages, answer=answers, more=of("xyz"))
def test_adding_clutter_to_an_answer_never_raises_precision(
    name: str, page: list[Segment], answer: str, more: str
) -> None:
    gold = Gold((*page, Segment("cookie", more)))
    before, after = scored(name, gold, answer, f"{answer}\n{more}")[:, 0]
    assert np.isnan(before) or after <= before


@every_overlap
@given(body=bodies, optional=optionals, kept=st.sets(st.integers(0, 4)), data=st.data())
def test_adding_missing_body_to_an_answer_never_lowers_recall(
    name: str, body: list[Segment], optional: list[Segment], kept: set[int], data: st.DataObject
) -> None:
    answer = [segment.text for index, segment in enumerate(body) if index in kept]
    missing = [segment.text for index, segment in enumerate(body) if index not in kept]
    more = data.draw(st.sampled_from(missing)) if missing else ""
    before, after = scored(name, Gold((*optional, *body)), "\n".join(answer), "\n".join([*answer, more]))[:, 1]
    assert after >= before


@every_overlap
@given(body=bodies, optional=optionals, answer=st.lists(of("abcdexyz"), max_size=4), places=st.lists(st.integers(0, 4)))
def test_optional_segments_in_an_answer_change_neither_precision_nor_recall(
    name: str, body: list[Segment], optional: list[Segment], answer: list[str], places: list[int]
) -> None:
    with_them = list(answer)
    for segment, place in zip(optional, places, strict=False):
        with_them.insert(place, segment.text)
    before, after = scored(name, Gold((*optional, *body)), "\n".join(answer), "\n".join(with_them))
    assert np.array_equal(before, after, equal_nan=True)


@given(body=bodies, others=clutters, random=st.randoms(use_true_random=False), answer=answers)
def test_the_order_of_segments_does_not_change_a_multiset_of_words(
    body: list[Segment], others: list[Segment], random: Random, answer: str
) -> None:
    page = [*body, *others]
    shuffled = random.sample(page, len(page))
    assert np.array_equal(scored("words", Gold(tuple(page)), answer), scored("words", Gold(tuple(shuffled)), answer))


@pytest.mark.parametrize("policy", known_policies())
@pytest.mark.parametrize("name", [*OVERLAPS, "exact"])
@given(gold=segments(tuple(taxonomy()), "abcd").map(lambda parts: Gold(tuple(parts))))
def test_the_perfect_answer_scores_1_under_every_policy(name: str, policy: str, gold: Gold) -> None:
    answer = load_policy(policy).body(gold)
    found = scored(name, gold, answer, policy=policy)
    assert np.all(np.isnan(found) | (found == 1))
    assert not answer or np.all(found == 1)


@pytest.mark.parametrize("name", [name for name in metrics.names() if metrics.get(name).view is metrics.TEXT])
@given(
    parts=st.lists(
        st.sampled_from(["ab-c.d/e", "ab", " ", "\n", "\u6f22", "\u3002", "e\u0301", "x\u00ad", "f,g"]), max_size=30
    )
)
def test_a_text_scores_the_same_however_it_is_cut_for_memory(name: str, parts: list[str]) -> None:
    if name == "rouge5":
        pytest.importorskip("jieba")
    if name == "rouge-lsum":
        return  # it cuts nothing, and its data may not be there
    answer = "".join(parts)
    gold = Gold((Segment("title", "ab"), Segment("body", answer[::-1])), ("ab",), ("d/e",))
    whole = scored(name, gold, answer, "ab-c.d/e f,g")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_AT_ONCE", 3)
        patch.setattr(tokens, "_WINDOW", 2)
        for each in (base._gold_tokens, base._optional_grams, base._overlap):  # noqa: SLF001
            each.cache_clear()
        assert np.array_equal(scored(name, gold, answer, "ab-c.d/e f,g"), whole, equal_nan=True)

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench import metrics
from boilerbench.comparison.wording import Wording, wording
from boilerbench.labels import load_policy
from boilerbench.metrics.base import Answers
from boilerbench.model import Gold, Segment

POLICY = load_policy("default")


def words(gold: str, base: str, head: str) -> Wording:
    return wording(Gold((Segment("body", gold),)), POLICY, base, head)


def test_words_of_the_body_are_lost_and_gained_as_passages() -> None:
    found = words("The quick brown fox jumps. It is over.", "the quick brown fox", "the jumps; it is over")
    assert found.lost == ("quick brown fox",)
    assert found.gained == ("jumps it is over",)
    assert found.clutter_gained == found.clutter_lost == ()


def test_clutter_comes_and_goes() -> None:
    found = words("the body", "menu the body", "the body share this")
    assert found == Wording((), (), ("share this",), ("menu",))


def test_a_word_counts_as_often_as_it_came() -> None:
    """The body has `a` twice: base had it once, head brings it three times, once too often."""
    assert words("a a b", "a b", "a a a b") == Wording((), ("a",), ("a",), ())


def test_of_equal_words_the_one_that_went_is_named() -> None:
    body = "one two three four five one six seven eight nine"
    found = words(body, body, "one two three four five")
    assert found.lost == ("one six seven eight nine",)


def test_a_failed_side_has_no_words() -> None:
    assert words("the body", "the body", "").lost == ("the body",)


def test_case_and_punctuation_are_no_difference_and_unspaced_scripts_go_by_character() -> None:
    assert words("Straße, 漢字", "STRASSE 漢字", "strasse 漢").lost == ("字",)


def test_optional_text_is_neither_lost_nor_clutter() -> None:
    gold = Gold((Segment("byline", "Ann Author"), Segment("body", "the body")))
    strict = load_policy("default")
    if strict.role("byline").value == "optional":
        assert wording(gold, strict, "the body", "ann author the body") == Wording((), (), (), ())
    else:
        pytest.fail("a byline is optional by default")


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(" ".join)


@given(TEXTS, TEXTS, TEXTS)
def test_the_numbers_of_words_are_those_of_the_score(gold: str, base: str, head: str) -> None:
    found = words(gold, base, head)
    metric = metrics.get("words")
    counts = metric.count(metric.reference(Gold((Segment("body", gold),)), POLICY), Answers([base, head]))

    def size(passages: tuple[str, ...]) -> int:
        return sum(len(passage.split()) for passage in passages)

    assert size(found.gained) - size(found.lost) == counts.tp[1] - counts.tp[0]
    assert size(found.clutter_gained) - size(found.clutter_lost) == counts.fp[1] - counts.fp[0]
    lost, gained = (Counter(" ".join(passages).split()) for passages in (found.lost, found.gained))
    assert not lost & gained

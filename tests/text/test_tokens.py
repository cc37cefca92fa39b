from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench.metrics.wcxb import LOWER_WORDS
from boilerbench.text import tokens as text_module
from boilerbench.text.tokens import NATURAL_WORDS, REGEX_WORDS, HashIndex, TokenRule, covered, located, ngrams, tokenise

UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "THAI", "LAO", "KHMER", "MYANMAR")

texts = st.text(st.sampled_from("aB1_é ß\n.,。'ก็น้ำ漢字かなー\u0301\u0308\u00ad\u200d\u200b\ud800\udfff😀א")) | st.text()


def plain_words(text: str) -> list[str]:
    """NATURAL_WORDS, one character after the other."""
    words: list[str] = []
    open_word = single = False
    for char in unicodedata.normalize("NFC", text).casefold():
        category = unicodedata.category(char)
        unspaced = unicodedata.name(char, "").startswith(UNSPACED)
        mark = category.startswith("M")
        if category == "Cf":
            continue
        if not (mark or char.isalnum() or char == "_"):
            open_word = single = False
        elif open_word and (mark or (not unspaced and not single)):
            words[-1] += char
            single = unspaced or single
        else:
            words.append(char)
            open_word, single = True, unspaced
    return words


def plain_regex(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def same_pattern(hashes: np.ndarray, words: list[object]) -> bool:
    """Equal hashes stand exactly where equal words stand."""
    first = {word: i for i, word in reversed(list(enumerate(words)))}
    seen = {value: i for i, value in reversed(list(enumerate(hashes.tolist())))}
    return [first[word] for word in words] == [seen[value] for value in hashes.tolist()]


def words_of(text: str) -> int:
    return len(tokenise([text], NATURAL_WORDS).hashes)


@given(st.lists(st.sampled_from([*"aB \n-\u0301", "ß", "\u0130", "\u0958", "\u0f43", "漢", "\u3099", "\u00ad"])))
def test_tokens_are_those_of_the_text_and_stand_where_they_are_located(signs: list[str]) -> None:
    text = "".join(signs)
    hashes, starts, ends = located(text, NATURAL_WORDS)
    assert hashes.tolist() == tokenise([text], NATURAL_WORDS).hashes.tolist()
    for each, start, end in zip(hashes.tolist(), starts.tolist(), ends.tolist(), strict=True):
        assert each in tokenise([text[start:end]], NATURAL_WORDS).hashes.tolist()


@given(st.lists(texts, max_size=4))
def test_tokens_are_equal_where_a_plain_implementation_says_so(some: list[str]) -> None:
    for rule, plain in ((REGEX_WORDS, plain_regex), (NATURAL_WORDS, plain_words)):
        tokens = tokenise(some, rule)
        expected = [plain(text) for text in some]
        assert tokens.lengths.tolist() == [len(words) for words in expected]
        assert same_pattern(tokens.hashes, [word for words in expected for word in words])


@given(st.lists(texts, max_size=4), st.integers(1, 5))
def test_ngrams_are_equal_where_a_plain_implementation_says_so(some: list[str], n: int) -> None:
    grams = ngrams(tokenise(some, REGEX_WORDS), n)
    expected = [
        [tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1)) if words]
        for words in map(plain_regex, some)
    ]
    assert grams.lengths.tolist() == [len(each) for each in expected]
    assert same_pattern(grams.hashes, [gram for each in expected for gram in each])


@given(texts)
def test_a_text_means_the_same_alone_and_among_others(text: str) -> None:
    alone = tokenise([text], NATURAL_WORDS).hashes
    among = tokenise(["before", text, "after"], NATURAL_WORDS).of(1)
    assert alone.tolist() == among.tolist()


@pytest.mark.parametrize("rule", [REGEX_WORDS, NATURAL_WORDS])
def test_no_text_and_empty_texts_have_no_tokens(rule: TokenRule) -> None:
    assert tokenise([], rule).lengths.tolist() == []
    assert tokenise(["", " ", ""], rule).lengths.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It's 3 o'clock", 5),
        ("snake_case", 1),
        ("漢字かな", 4),
        ("漢字 and kana かな", 6),
        ("abc漢def", 3),
        ("น้ำ", 2),
        ("co\u00adop\u200derate", 1),
        ("e\u0301te\u0301", 1),
        ("नमस्ते", 1),
        ("漢\u0301abc", 2),
    ],
)
def test_words_are_cut_as_a_reader_of_the_script_would(text: str, count: int) -> None:
    assert words_of(text) == count


def test_words_ignore_case_and_normal_form_but_the_regex_rule_keeps_both() -> None:
    same = ["Straße CAFÉ", "STRASSE cafe\u0301"]
    natural = tokenise(same, NATURAL_WORDS)
    assert natural.of(0).tolist() == natural.of(1).tolist()
    regex = tokenise(["The", "the"], REGEX_WORDS)
    assert regex.of(0).tolist() != regex.of(1).tolist()


def test_moving_letters_between_the_words_of_an_ngram_changes_its_hash() -> None:
    grams = ngrams(tokenise(["ab c", "a bc", "b ca", "a cb", "c ab"], REGEX_WORDS), 2).hashes
    assert len(set(grams.tolist())) == 5


def test_a_hundred_thousand_words_do_not_collide() -> None:
    tokens = tokenise([" ".join(map(str, range(100_000)))], REGEX_WORDS)
    assert len(np.unique(tokens.hashes)) == 100_000


def test_covered_marks_every_token_of_a_wanted_ngram_within_one_text() -> None:
    tokens = tokenise(["x a b c y", "a b", "c"], REGEX_WORDS)
    wanted = ngrams(tokenise(["a b c"], REGEX_WORDS), 3).hashes
    assert covered(tokens, 3, wanted).tolist() == [False, True, True, True, False, False, False, False]


def test_keeping_some_tokens_keeps_their_texts() -> None:
    tokens = tokenise(["a b", "c", "d"], REGEX_WORDS)
    kept = tokens.keep(np.array([False, True, False, True]))
    assert kept.lengths.tolist() == [1, 0, 1]
    assert [kept.of(i).tolist() for i in (0, 2)] == [tokens.of(0)[1:].tolist(), tokens.of(2).tolist()]


@given(st.lists(st.integers(0, 2**64 - 1)), st.lists(st.integers(0, 2**64 - 1)), st.lists(st.integers(0, 40)))
def test_an_index_finds_what_is_there_and_nothing_else(present: list[int], absent: list[int], near: list[int]) -> None:
    hashes = np.unique(np.array([*present, *near], np.uint64))
    wanted = np.array([*present, *absent, *near, *(value + 1 for value in near)], np.uint64)
    place, found = HashIndex(hashes).find(wanted)
    assert found.tolist() == np.isin(wanted, hashes).tolist()
    assert hashes[place[found]].tolist() == wanted[found].tolist()


WHITE_SPACE = TokenRule("white space", str, lambda char: int(not char.isspace()))
"""A rule whose tokens hold punctuation, as one of a plugin may."""
RULES = (NATURAL_WORDS, REGEX_WORDS, WHITE_SPACE, LOWER_WORDS)


@given(st.lists(texts, min_size=1, max_size=3), st.integers(1, 3))
def test_texts_too_large_to_be_cut_at_once_give_the_same_tokens(some: list[str], window: int) -> None:
    for rule in RULES:
        whole = tokenise(some, rule)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(text_module, "_AT_ONCE", 2)
            patch.setattr(text_module, "_WINDOW", window)
            pieces = tokenise(some, rule)
        assert pieces.hashes.tolist() == whole.hashes.tolist()
        assert pieces.offsets.tolist() == whole.offsets.tolist()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize(
    "word", ["ferry-1.leaves/now", "a", "\u6f22", "\u0e19\u0e49\u0e33", "e\u0301", "x\u00ad", "one two "]
)
def test_a_text_of_any_length_has_the_tokens_that_it_has_uncut(
    rule: TokenRule, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = [word * (2 * text_module._AT_ONCE // len(word)), f"{word} " * (text_module._AT_ONCE // len(word))]  # noqa: SLF001
    pieces = tokenise(long, rule)
    monkeypatch.setattr(text_module, "_AT_ONCE", 1 << 30)
    whole = tokenise(long, rule)
    assert np.array_equal(pieces.hashes, whole.hashes)
    assert np.array_equal(pieces.offsets, whole.offsets)


def test_every_rule_there_is_is_tested() -> None:
    here = Path(text_module.__file__).parents[1]
    assert sum(file.read_text("utf-8").count(" = TokenRule(") for file in here.rglob("*.py")) == len(RULES) - 1


@given(st.lists(texts, min_size=1, max_size=3))
def test_multiset_of_tokens_agrees_with_a_counter(some: list[str]) -> None:
    tokens = tokenise(some, NATURAL_WORDS)
    for start, end, text in zip(*zip(*pairwise(tokens.offsets.tolist()), strict=True), some, strict=True):
        counted = Counter(tokens.hashes[start:end].tolist()).values()
        assert sorted(counted) == sorted(Counter(plain_words(text)).values())

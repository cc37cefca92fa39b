from __future__ import annotations

import builtins
import csv
import hashlib
import io
import json
import math
import random
import re
import sys
import tarfile
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench import metrics, sets
from boilerbench.errors import UsageError
from boilerbench.labels import load_policy
from boilerbench.metrics import rouge5
from boilerbench.metrics.rouge_lsum import lcs, union
from boilerbench.metrics.rouge_lsum import punkt as punkt_module
from boilerbench.metrics.rouge_lsum.lcs import WORD, positions, subsequence, subsequences
from boilerbench.model import Gold, Segment
from boilerbench.ranking import bootstrap
from boilerbench.ranking.resampling import Sums
from boilerbench.sets import outputs
from tests.text.test_tokens import texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

POLICY = load_policy("default")
WCEB_SYSTEMS = ("bs4", "justext", "readability", "trafilatura")
few = st.lists(st.integers(0, 4), max_size=70)


def gold(body: str, *, with_: Sequence[str] = (), without: Sequence[str] = ()) -> Gold:
    return Gold((Segment("body", body),), tuple(with_), tuple(without))


def ratios(name: str, reference: Gold, *answers: str) -> list[tuple[float, float, float]]:
    metric = metrics.get(name)
    found = metric.ratios(metric.count(metric.reference(reference, POLICY), answers))
    return list(zip(found.precision.tolist(), found.recall.tolist(), found.f1.tolist(), strict=True))


def f1(name: str, reference: Gold, *answers: str) -> list[float]:
    return [each for *_, each in ratios(name, reference, *answers)]


def test_wcxb_counts_lower_cased_words() -> None:
    assert ratios("wcxb", gold("A a, b!"), "a B c", "", "x") == [(2 / 3, 2 / 3, 2 / 3), (0, 0, 0), (0, 0, 0)]
    assert ratios("wcxb", gold(" "), "", "...", "x") == [(1, 1, 1), (1, 1, 1), (0, 0, 0)]


def wcxb_by_hand(reference: str, answer: str) -> tuple[float, float, float]:
    expected, found = (Counter(re.findall(r"\w+", text.lower())) for text in (reference, answer))
    if not expected or not found:
        return (float(expected == found),) * 3
    matched = (expected & found).total()
    precision, recall = matched / found.total(), matched / expected.total()
    return precision, recall, 2 * precision * recall / (precision + recall) if matched else 0.0


@given(texts, st.lists(texts, max_size=3))
def test_wcxb_is_what_a_plain_counter_gives(reference: str, answers: list[str]) -> None:
    expected = [wcxb_by_hand(reference, answer) for answer in answers]
    assert ratios("wcxb", gold(reference), *answers) == [pytest.approx(each, abs=1e-12) for each in expected]


def test_wcxb_agrees_with_a_plain_counter_on_every_published_output(data: Path) -> None:
    systems = outputs.load(f"zyte:{data / 'zyte-aeb' / 'output'}")
    for page, reference in sets.load(f"zyte:{data / 'zyte-aeb'}").entries:
        answers = [of.get(page.id, outputs.Prediction("")).text for of in systems.values()]
        expected = [wcxb_by_hand(reference.segments[0].text, answer) for answer in answers]
        assert np.abs(np.array(ratios("wcxb", reference, *answers)) - expected).max() <= 1e-12


def test_wcxb_agrees_with_a_plain_counter_on_every_page_of_its_own_set(data: Path) -> None:
    for page, reference in sets.load(f"wcxb:{data / 'wcxb'}").entries:
        text, source = reference.segments[0].text, page.read()[-4_000:].decode("utf-8", "replace")
        answers = [f"{text[: len(text) // 2].upper()} {source}", source, ""]
        expected = [wcxb_by_hand(text, answer) for answer in answers]
        assert np.abs(np.array(ratios("wcxb", reference, *answers)) - expected).max() <= 1e-12, page.id


def test_wcxb_snippet_rates_ignore_case_and_keep_what_pages_without_snippets_count() -> None:
    reference = gold("", with_=["Two  words", "three"], without=["Menu", "Login", "ad", "x y"])
    assert f1("wcxb-with", reference, "two  WORDS", "two words", "") == [0.5, 0, 0]
    assert f1("wcxb-without", reference, "MENU", "", "menu login ad x y") == [0.75, 1, 0]
    assert f1("wcxb-with", gold("a"), "a") == [1]
    assert f1("wcxb-without", gold("a"), "a") == [0]


def test_levenshtein_is_twice_the_common_subsequence_over_both_lengths() -> None:
    assert f1("levenshtein", gold("a b c d"), "a x c", "d c b a", "", "a b\n c\td") == [4 / 7, 2 / 8, 0, 1]
    assert f1("levenshtein", gold(""), "", " \n", "a") == [1, 1, 0]


def test_levenshtein_of_more_tokens_than_a_plane_of_characters_skips_the_surrogates() -> None:
    tokens = [str(i) for i in range(60_000)]
    assert f1("levenshtein", gold(" ".join(tokens)), " ".join(tokens[1:])) == [2 * 59_999 / 119_999]


def test_text_edit_is_one_minus_edits_over_the_longer_length() -> None:
    assert f1("text-edit", gold("kitten"), "sitting", "", "kitten") == [1 - 3 / 7, 0, 1]
    assert f1("text-edit", gold(""), "", "a") == [1, 0]
    # 2,000 more characters between those of the gold, then one of the gold's replaced as well
    texts_ = ("axxb" * 500 + "x" * 1000, "axxc" + "axxb" * 499 + "x" * 1000)
    assert f1("text-edit", gold("ab" * 500), *texts_) == [1000 / 3000, 999 / 3000]


def rouge_table(gold_: Sequence[int], answer: Sequence[int]) -> int:
    table = [[0] * (len(answer) + 1) for _ in range(len(gold_) + 1)]
    for i, left in enumerate(gold_, 1):
        for j, right in enumerate(answer, 1):
            longer = max(table[i - 1][j], table[i][j - 1])
            table[i][j] = table[i - 1][j - 1] + 1 if left == right else longer
    i, j, bits = len(gold_), len(answer), 0
    while i and j:
        if gold_[i - 1] == answer[j - 1]:
            i, j, bits = i - 1, j - 1, bits | 1 << (i - 1)
        elif table[i][j - 1] > table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return bits


@given(few, few)
def test_the_subsequence_is_the_one_that_is_read_out_of_the_whole_table(gold_: list[int], answer: list[int]) -> None:
    assert subsequence(positions(gold_), len(gold_), answer) == rouge_table(gold_, answer)


def test_many_rows_are_made_again_on_the_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lcs, "_STRETCH", 3)
    test_the_subsequence_is_the_one_that_is_read_out_of_the_whole_table()


@given(st.lists(few.map(lambda each: each[:WORD]), min_size=1, max_size=3), st.lists(few, min_size=1, max_size=3))
def test_all_pairs_at_once_give_the_same_subsequences(golds: list[list[int]], answers: list[list[int]]) -> None:
    words = np.zeros((len(golds), 5), np.uint64)
    for row, each in enumerate(golds):
        for token, bits in positions(each).items():
            words[row, token] = bits
    left, right = (each.ravel() for each in np.indices((len(golds), len(answers))))
    found = subsequences(words, left, [np.array(each, np.int64) for each in answers], right)
    expected = [rouge_table(golds[i], answers[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
    assert found.tolist() == expected


@pytest.mark.usefixtures("punkt")
def test_rouge_lsum_unites_over_sentences_and_counts_no_token_twice() -> None:
    reference = gold("one two three four. Five six.")
    # "one two" comes from one sentence and "four." from another; the second "two" has no counterpart
    assert ratios("rouge-lsum", reference, "One two. And one two. Then four.") == [
        pytest.approx((2 / 7, 2 / 6, 4 / 13))
    ]
    assert ratios("rouge-lsum", gold("a b c"), "c b a") == [(1 / 3, 1 / 3, 1 / 3)]


@pytest.mark.usefixtures("punkt")
def test_rouge_lsum_of_many_sentences_is_found_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(0)  # noqa: S311  no secret
    texts_ = [
        " ".join("".join(draw.choices("abcdef", k=1)) + ". X" * (draw.random() < 0.1) for _ in range(n))
        for n in (900, 700, 900, 5)
    ]
    whole = ratios("rouge-lsum", gold(texts_[0]), *texts_)
    monkeypatch.setattr(union, "_CELLS", 1)
    assert ratios("rouge-lsum", gold(texts_[0]), *texts_) == whole
    assert len(set(whole)) == len(whole)


@pytest.mark.usefixtures("punkt")
def test_rouge_lsum_of_a_blank_gold_has_full_recall() -> None:
    assert ratios("rouge-lsum", gold(" "), "", "a b") == [(1, 1, 1), (0, 1, 0)]
    assert ratios("rouge-lsum", gold("a"), "", " \n") == [(0, 0, 0), (0, 0, 0)]


@pytest.mark.usefixtures("punkt")
@given(st.lists(st.lists(st.sampled_from([*"abcd", "a.", "B", "b?", "C"]), max_size=90).map(" ".join), max_size=4))
def test_rouge_lsum_is_what_the_package_gives(answers: list[str]) -> None:
    rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
    cut = punkt_module.sentences()
    reference = "a b c d a b. C d a. " + " ".join("abcdb" * 14)
    sides = [[each.split() for each in cut(text)] for text in (reference, *answers)]
    expected = [rouge_scorer._summary_level_lcs(sides[0], side) for side in sides[1:]]  # noqa: SLF001
    assert ratios("rouge-lsum", gold(reference), *answers) == [pytest.approx(tuple(each)) for each in expected]


def wceb_columns(data: Path, kind: str, system: str) -> list[dict[str, str]]:
    file = data / "wceb" / "scores" / f"{kind}_{system}.csv"
    if not file.is_file():
        return []
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.usefixtures("punkt")
@pytest.mark.parametrize(
    ("name", "kind", "columns", "published"),
    [("levenshtein", "levenshtein", ("dist",), 4), ("rouge-lsum", "rouge", ("prec", "rec", "f1"), 3)],
)
def test_every_published_score_of_wceb_comes_out(
    data: Path, name: str, kind: str, columns: tuple[str, ...], published: int
) -> None:
    systems = outputs.load(f"wceb:{data / 'wceb' / 'outputs'}")
    found: dict[tuple[str, str], tuple[float, ...]] = {}
    for page, reference in sets.load(f"zyte:{data / 'zyte-aeb'}").entries:
        key = hashlib.sha256(page.read()).hexdigest()
        rows = ratios(name, reference, *(systems[system][key].text for system in WCEB_SYSTEMS))
        found |= {(system, key): row[-len(columns) :] for system, row in zip(WCEB_SYSTEMS, rows, strict=True)}
    scores = {system: wceb_columns(data, kind, system) for system in WCEB_SYSTEMS}
    assert sum(len(rows) == 181 for rows in scores.values()) == published
    for system, rows in scores.items():
        for row in rows:
            expected = [float(row[column]) for column in columns]
            assert found[system, row["hash_key"]] == pytest.approx(expected, abs=1e-9), (system, row["hash_key"])


def test_rouge5_counts_five_tokens_in_a_row_white_space_among_them() -> None:
    pytest.importorskip("jieba")
    # "a b c d" is seven tokens and three 5-grams; "a b c" five tokens and one
    assert ratios("rouge5", gold("a b c d"), "a b c", "a b c d") == [(1, 1 / 3, 0.5), (1, 1, 1)]
    assert f1("rouge5", gold("a b"), "a b", "", "a b c d") == [0, 0, 0]
    assert f1("rouge5", gold(" "), "", "\n", "a b c") == [1, 1, 0]


LATIN = ("C++", "c#", "AT&T", "+", ".", "3.14%", "a-b", "B", "_", " ", "\r", "\n", "\r\n", "\x85", "\u2028", "é", "٣")
CHINESE = ("\uff0c", "中国", "我来到北京清华大学", "T恤", "小明硕士毕业于中国科学院")


@given(st.lists(st.sampled_from([*LATIN, *CHINESE]), max_size=12))
def test_rouge5_cuts_as_jieba_does(pieces: list[str]) -> None:
    jieba = pytest.importorskip("jieba")
    text = "".join(pieces)
    expected = [hash(token) & (1 << 64) - 1 for token in jieba.lcut(text)]
    assert rouge5.cutter().cut([text]).hashes.tolist() == expected


def test_snippets_are_looked_up_with_their_case_and_any_white_space() -> None:
    reference = gold("", with_=["one  two", "Three"], without=["Menu"])
    metric = metrics.get("snippets")
    found = metric.count(metric.reference(reference, POLICY), ["x one\ntwo three", "Three\tMenu one two", ""])
    assert (found.tp.tolist(), found.fp.tolist(), found.fn.tolist()) == ([1, 2, 0], [0, 1, 0], [1, 0, 2])
    accuracy = metrics.get("snippets-accuracy")
    right = accuracy.count(accuracy.reference(reference, POLICY), ["x one\ntwo three", "Three\tMenu one two", ""])
    assert right.tp.tolist() == [2, 2, 1]
    assert f1("snippets-accuracy", reference, "x one two three") == [pytest.approx(2 / 3)]
    assert all(map(math.isnan, ratios("snippets", gold("text"), "text")[0]))


def test_snippets_are_added_up_over_pages() -> None:
    snippets, sites = metrics.get("snippets"), np.array([0, 1])
    found = bootstrap.figures(Sums.of(np.array([[3.0, 1, 0], [0, 0, 2]]), sites).total(), snippets)
    assert (found.precision.item(), found.recall.item(), found.f1.item()) == (3 / 4, 3 / 5, 6 / 9)
    assert bootstrap.figures(Sums.of(np.zeros((2, 3)), sites).total(), snippets).f1.item() == 0


def test_snippets_of_trafilatura_are_all_there(data: Path) -> None:
    with tarfile.open(data / "trafilatura-eval.tar.xz") as archive:
        member = next(each for each in archive if each.name.endswith("/evaldata.json"))
        entries = json.load(archive.extractfile(member) or io.BytesIO())
    metric, totals = metrics.get("snippets"), Counter[str]()
    for entry in entries.values():
        reference = metric.reference(gold("", with_=entry["with"], without=entry["without"]), POLICY)
        found = metric.count(reference, ["\n".join(entry["with"] + entry["without"]), ""])
        totals.update(tp=found.tp[0], fp=found.fp[0], fn=found.fn[1])
    assert len(entries) == 990
    assert totals == {"tp": 2951, "fp": 2966, "fn": 2951}


@pytest.mark.parametrize(("name", "package"), [("rouge-lsum", "nltk"), ("rouge5", "jieba")])
def test_a_missing_package_is_named_with_what_to_do(name: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(module: str, *rest: object, **more: object) -> object:
        if module.startswith(package):
            raise ImportError(module)
        return real(module, *rest, **more)  # type: ignore[arg-type]

    for known in [each for each in sys.modules if each.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, known)
    monkeypatch.setattr(builtins, "__import__", without)
    punkt_module.sentences.cache_clear()
    rouge5.cutter.cache_clear()
    with pytest.raises(UsageError, match=rf"needs {package}.*pip install 'boilerbench\[metrics\]'"):
        metrics.get(name).require()


def test_missing_sentence_parameters_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pytest.importorskip("nltk.data")
    monkeypatch.setattr(data, "path", [])
    punkt_module.sentences.cache_clear()
    with pytest.raises(UsageError, match=r"nltk\.downloader punkt_tab"):
        metrics.get("rouge-lsum").require()

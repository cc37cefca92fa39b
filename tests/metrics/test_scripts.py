"""What docs/scores.md says that published metrics make of scripts other than Latin."""

from __future__ import annotations

from pathlib import Path

import pytest

from boilerbench import score

DOCS = Path(__file__).parents[2] / "docs" / "scores.md"

ENDINGS = ("Лодка отходит от пристани утром", "Лодки отходят с пристаней утрами")  # noqa: RUF001  Russian
TONES = ("เสือ เสื่อ เสื้อ", "เสือ เสือ เสือ")
VOWELS = ("कि की कु कू के", "का का का का का")
ONE_WRONG = ("我来到北京清华大学学习计算机。", "我来到南京清华大学学习计算机。")
NUMBER = ("Лодка отходит в 10 часов", "Поезд придёт через 10 минут")

SAID = [
    (ENDINGS, {"rouge5": 0.218, "words": 0.0}),
    (TONES, {"zyte": 1.0, "wcxb": 1.0, "words": 0.778}),
    (VOWELS, {"zyte": 1.0, "wcxb": 1.0, "words": 0.0}),
    (ONE_WRONG, {"rouge-lsum": 0.0, "levenshtein": 0.0, "words": 0.929, "text-edit": 0.933}),
    (NUMBER, {"rouge-lsum": 0.2, "words": 0.2}),
]


@pytest.mark.parametrize(("texts", "figures"), SAID)
def test_what_is_said_of_a_script_is_what_is_measured(
    texts: tuple[str, str], figures: dict[str, float], request: pytest.FixtureRequest
) -> None:
    gold, prediction = texts
    row = next(line for line in DOCS.read_text("utf-8").splitlines() if gold in line)
    assert prediction in row
    for metric, f1 in figures.items():
        if metric == "rouge5":
            pytest.importorskip("jieba").setLogLevel(60)
        if metric == "rouge-lsum":
            request.getfixturevalue("punkt")
        assert score(gold=gold, prediction=prediction, metric=metric).f1 == pytest.approx(f1, abs=0.0005), metric
        assert f"`{metric}`" in row
        assert f"{f1:.3f}".removeprefix("0") in row


def test_a_letter_of_a_script_that_is_neither_han_nor_latin_is_a_token_of_rouge5() -> None:
    jieba = pytest.importorskip("jieba")
    jieba.setLogLevel(60)
    for text in ("лодка", "เรือ", "नाव", "القارب", "배가"):
        assert jieba.lcut(text) == list(text)
    assert jieba.lcut("boat leaves") == ["boat", " ", "leaves"]


def test_the_package_of_rouge_keeps_latin_letters_and_digits_alone() -> None:
    rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
    assert rouge_scorer.RougeScorer(["rougeLsum"]).score(*NUMBER)["rougeLsum"].fmeasure == 1

from __future__ import annotations

import math

import pytest

from boilerbench import metrics
from boilerbench.labels import load_policy
from boilerbench.metrics import base
from boilerbench.model import Extraction, Gold, GoldSet, Metadata, Page, Segment, Status
from boilerbench.scoring.score import COLUMNS, score

POLICY = load_policy("default")
FAILED = [status for status in Status if status.failed]


def goldset(**texts: str) -> GoldSet:
    pages = ((Page(key, bytes), Gold((Segment("body", text),))) for key, text in texts.items())
    return GoldSet("tiny", "tiny:", tuple(pages))


def answer(text: str) -> Extraction:
    return Extraction(Status.OK if text else Status.EMPTY, text)


def test_one_row_per_page_runner_and_metric_with_counts_by_hand() -> None:
    found = score(
        goldset(p="a a b", q="c"),
        {"good": {"p": answer("a b x"), "q": answer("c")}, "bad": {"p": answer(""), "q": answer("d")}},
        [metrics.get("words"), metrics.get("exact")],
        POLICY,
    )
    assert list(found.columns) == list(COLUMNS)
    assert len(found) == 2 * 2 * 2
    words = found[found["metric"] == "words"].set_index(["page", "runner"])
    assert words.loc[("p", "good"), ["tp", "fp", "fn"]].tolist() == [2, 1, 1]
    assert words.loc[("p", "good"), ["precision", "recall", "f1"]].tolist() == [2 / 3, 2 / 3, 2 / 3]
    assert words.loc[("p", "bad"), ["status", "precision", "recall", "f1"]].tolist() == ["empty", 0, 0, 0]
    assert words.loc[("q", "good"), ["exact", "f1"]].tolist() == [True, 1]
    assert set(found["set"]) == {"tiny"}
    assert set(found["policy"]) == {"default"}


def test_a_metric_of_one_number_leaves_precision_and_recall_empty() -> None:
    row = score(goldset(p="a"), {"r": {"p": answer("a")}}, [metrics.get("exact")], POLICY).iloc[0]
    assert math.isnan(row["precision"])
    assert math.isnan(row["recall"])
    assert row["f1"] == 1


def test_a_page_of_snippets_alone_leaves_every_metric_of_text_and_one_without_gold_every_metric() -> None:
    entries = (
        (Page("p", bytes), Gold((), ("a",), ("b",))),
        (Page("q", bytes), Gold((Segment("body", "a"),))),
        (Page("r", bytes), Gold(())),
    )
    answers = {"r": {page: answer("a") for page in "pqr"}, "failed": {}}
    wanted = [metrics.get(name) for name in ("words", "exact", "wcxb-with", "snippets")]
    found = score(GoldSet("tiny", "tiny:", entries), answers, wanted, POLICY).set_index(["metric", "runner", "page"])
    for name in ("words", "exact"):
        assert found.loc[name]["f1"].fillna(-1).tolist() == [-1, -1, 1, 0, -1, -1]
        assert found.loc[(name, "r", "p"), ["tp", "fp", "fn", "precision", "recall"]].isna().all()
    assert found.loc["wcxb-with"]["f1"].fillna(-1).tolist() == [1, 0, 1, 0, -1, -1]
    assert found.loc[("snippets", "r", "p"), ["tp", "fp", "fn", "f1"]].tolist() == [1, 0, 0, 1]


def test_a_page_without_extraction_is_a_failure_and_a_page_the_set_lacks_is_ignored() -> None:
    found = score(goldset(p="a", q="b"), {"r": {"p": answer("a"), "z": answer("z")}}, [metrics.get("words")], POLICY)
    assert found[["page", "status", "f1"]].to_numpy().tolist() == [["p", "ok", 1.0], ["q", "error", 0.0]]


@pytest.mark.parametrize("status", FAILED)
@pytest.mark.parametrize("name", ["words", "shingles", "exact"])
def test_a_failure_is_zero_even_where_the_gold_is_empty_and_whatever_text_it_left(name: str, status: Status) -> None:
    found = score(
        goldset(p="", q="a"), {"r": {page: Extraction(status, "a") for page in "pq"}}, [metrics.get(name)], POLICY
    )
    assert found["f1"].tolist() == [0, 0]
    assert found["tp"].tolist() == [0, 0]
    assert not found["exact"].any()


def test_an_empty_answer_where_nothing_is_to_be_had_is_right() -> None:
    assert score(goldset(p=""), {"r": {"p": answer("")}}, [metrics.get("words")], POLICY)["f1"].tolist() == [1]


def test_a_failure_leaves_the_mean_of_precision_where_zyte_says_so() -> None:
    row = score(goldset(p="a"), {"r": {}}, [metrics.get("zyte")], POLICY).iloc[0]
    assert math.isnan(row["precision"])
    assert (row["recall"], row["f1"]) == (0, 0)


def test_gold_is_prepared_once_per_page_however_many_runners(monkeypatch: pytest.MonkeyPatch) -> None:
    words, calls = metrics.get("words"), []
    reference = words.reference
    monkeypatch.setattr(words, "reference", lambda gold, policy: calls.append(gold) or reference(gold, policy))
    score(goldset(p="a", q="b"), {name: {} for name in "xyz"}, [words], POLICY)
    assert len(calls) == 2


@pytest.mark.parametrize("runners", [{}, {"r": {}}])
def test_without_runners_or_metrics_the_table_is_empty_but_has_its_columns(
    runners: dict[str, dict[str, Extraction]],
) -> None:
    found = score(goldset(p="a"), runners, [], POLICY)
    assert list(found.columns) == list(COLUMNS)
    assert found.empty
    assert score(goldset(p="a"), {}, [metrics.get("words")], POLICY).empty
    assert score(goldset(), runners, [metrics.get("words")], POLICY).empty


def test_metrics_that_share_a_rule_cut_the_answers_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[object] = []
    plain = base.cut
    monkeypatch.setattr(base, "cut", lambda texts, rule: cut.append(list(texts)) or plain(texts, rule))
    wanted = [metrics.get(name) for name in ("words", "shingles", "exact", "zyte")]
    score(goldset(p="a"), {"r": {"p": answer("b")}}, wanted, POLICY)
    assert cut.count(["b"]) == 2


def test_what_a_runner_never_says_is_unmeasured_and_what_it_says_of_a_page_counts_on_all() -> None:
    entries = tuple((Page(key, bytes), Gold((), metadata=Metadata("T", date="2020-01-02"))) for key in "pqrs")
    titled, untitled = answer("x"), Extraction(Status.ERROR, error="broken")
    says = {"p": Extraction(Status.OK, "x", metadata=Metadata("T | S")), "q": answer(""), "r": untitled}
    wanted = [metrics.get(name) for name in ("title", "date")]
    found = score(
        GoldSet("tiny", "tiny:", entries), {"says": says, "silent": dict.fromkeys("pqrs", titled)}, wanted, POLICY
    ).set_index(["metric", "runner"])
    title = found.loc[("title", "says")].set_index("page")
    assert title["f1"].tolist() == [1, 0, 0, 0]
    assert title["fn"].tolist() == [0, 1, 1, 1]
    assert title["exact"].tolist() == [False] * 4
    for never in (("title", "silent"), ("date", "says"), ("date", "silent")):
        assert found.loc[never][["tp", "fp", "fn", "f1", "precision", "recall"]].isna().all(axis=None)

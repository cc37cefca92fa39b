from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats as scipy_stats

from boilerbench.comparison.compare import compare
from boilerbench.comparison.difference import overall
from boilerbench.errors import NothingMeasuredError, UsageError
from boilerbench.storage.signature import Signature
from tests.pairs import compared, side

PAGES = 1497


def test_every_page_is_a_win_a_tie_or_a_loss() -> None:
    found = compared([0.5, 0.5, 0.5, 0.5, 0.8], [0.9, 0.5, 0.35, 0.5, 0.7])
    assert found.better["page"].tolist() == ["p0000"]
    assert found.worse["page"].tolist() == ["p0002", "p0004"]
    assert found.count == 5
    change = found.changes["f1"]
    assert (change.base, change.head) == (pytest.approx(0.56), pytest.approx(0.59))
    assert change.difference == pytest.approx(0.03)


def test_the_p_value_is_near_that_of_a_paired_t_test() -> None:
    random = np.random.default_rng(1)
    base = random.uniform(0.3, 0.9, 200)
    head = base + random.normal(0.005, 0.05, 200)
    found = compared(base.tolist(), head.tolist())
    expected = scipy_stats.ttest_rel(head, base)
    assert found.changes["f1"].p == pytest.approx(expected.pvalue, abs=0.02)
    low, high = expected.confidence_interval()
    assert (found.changes["f1"].low, found.changes["f1"].high) == (
        pytest.approx(low, abs=0.001),
        pytest.approx(high, abs=0.001),
    )


def test_two_runs_of_one_runner_are_no_different_whatever_the_seed() -> None:
    scores = np.random.default_rng(0).beta(5, 1, PAGES).tolist()
    base, head = side(scores), side(scores)
    verdicts = [compare(base, head, "words", seed=seed)[0].verdict for seed in range(100)]
    assert verdicts == ["not significant"] * 100


def planted(seed: int) -> tuple[list[float], list[float]]:
    """Scores of two versions that differ on a fifth of the pages by chance, and one that lost a point on average."""
    random = np.random.default_rng(seed)
    base = random.beta(5, 1, PAGES)
    churn = np.where(random.random(PAGES) < 0.2, random.normal(0, 0.1, PAGES), 0)
    lost = np.where(random.random(PAGES) < 0.05, 0.2, 0)
    return base.tolist(), (base + churn - lost).tolist()


def test_a_loss_of_one_point_on_many_pages_is_found() -> None:
    found = [compared(*planted(seed)).verdict for seed in range(100)]
    assert found.count("worse") >= 95


def test_chance_alone_is_rarely_taken_for_a_loss() -> None:
    """The level of the test is 5 %, on either side."""
    verdicts = []
    for seed in range(100):
        random = np.random.default_rng(seed)
        base = random.beta(5, 1, PAGES)
        churn = np.where(random.random(PAGES) < 0.2, random.normal(0, 0.1, PAGES), 0)
        verdicts.append(compared(base.tolist(), (base + churn).tolist()).verdict)
    assert verdicts.count("not significant") >= 90


def test_a_loss_on_one_page_is_listed_first() -> None:
    base = np.random.default_rng(3).beta(5, 1, PAGES)
    head = base + np.random.default_rng(4).normal(0, 0.01, PAGES)
    head[777] = base[777] - 0.3
    found = compared(base.tolist(), head.tolist())
    assert found.worse["page"].iloc[0] == "p0777"
    assert found.pages["page"].iloc[0] == "p0777"


def test_pages_of_one_site_show_nothing_about_others() -> None:
    found = compared([0.9] * 5, [0.1] * 5, sites=["one.example"] * 5)
    assert found.verdict == "not tested"
    assert found.changes["f1"].p is None


def test_a_new_and_a_gone_failure_are_told_apart() -> None:
    base = side([0.9, 0.0, 0.0, 0.5], statuses={1: "timeout", 2: "crash"})
    head = side([0.0, 0.8, 0.0, 0.5], statuses={0: "error", 2: "crash"})
    (found,) = compare(base, head, "words")
    assert found.failed == (2, 2)
    assert found.new_failures["page"].tolist() == ["p0000"]
    assert found.gone_failures["page"].tolist() == ["p0001"]


def test_a_slice_that_moved_is_found_beside_one_that_did_not() -> None:
    base = np.full(40, 0.8)
    noise = np.random.default_rng(0).normal(0, 0.01, 40)
    head = base + noise - np.where(np.arange(40) < 20, 0.1, 0)
    found = compared(base.tolist(), head.tolist(), languages=["de"] * 20 + ["en"] * 20)
    slices = found.slices.set_index("value")
    assert slices["pages"].to_dict() == {"de": 20, "en": 20}
    assert slices["p"]["de"] < 0.001
    assert slices["p"]["en"] > 0.05
    assert slices["difference"]["de"] == pytest.approx(noise[:20].mean() - 0.1)


def test_speed_is_a_ratio_over_the_pages_that_both_answered() -> None:
    base = side([0.5, 0.5, 0.5], seconds=0.02)
    head = side([0.5, 0.5, 0.0], seconds=0.03, statuses={2: "timeout"})
    speed = compare(base, head, "words")[0].speed
    assert speed is not None
    assert (speed.pages, speed.clock) == (2, "cpu")
    assert speed.ratio == pytest.approx(1.5)


def test_a_metric_made_of_totals_is_compared_by_its_own_figure() -> None:
    """Precision is 1, so that F1 is 2 tp / (2 tp + fn): 10 + 2 of 20 snippets, then 10 + 4."""
    base, head = side([1.0, 0.2], metric="snippets"), side([1.0, 0.4], metric="snippets")
    change = compare(base, head, "snippets")[0].changes["f1"]
    assert (change.base, change.head) == (pytest.approx(24 / 32), pytest.approx(28 / 34))


def test_a_metric_of_one_number_has_neither_precision_nor_recall() -> None:
    (found,) = compare(side([1.0, 0.0], metric="exact"), side([1.0, 1.0], metric="exact"), "exact")
    assert list(found.changes) == ["f1"]


@pytest.mark.parametrize(
    ("differs", "says"),
    [
        (
            {"fingerprint": "ffffffffffff"},
            "its fingerprint is 0123456789ab in runs/1.0, ffffffffffff in runs/1.1; --common",
        ),
        ({"policy": "strict"}, "its policy is default in runs/1.0, strict in runs/1.1"),
        ({"metric": "shingles(n=5)"}, "its metric is words in runs/1.0, shingles(n=5)"),
        ({"failures": "skipped"}, "its failures is zero in runs/1.0, skipped in runs/1.1"),
    ],
)
def test_what_is_not_comparable_is_refused_by_name(differs: dict[str, str], says: str) -> None:
    head = side([0.5], version="1.1")
    head = replace(head, signatures={"tiny": replace(head.signatures["tiny"], **differs)})
    with pytest.raises(UsageError) as refusal:
        compare(side([0.5]), head, "words")
    assert says in str(refusal.value)


def test_sides_without_a_set_in_common_say_what_each_has() -> None:
    head = replace(side([0.5], version="1.1"), signatures={"other": Signature(set="other")})
    with pytest.raises(UsageError, match=r"no set in common: runs/1.0 has tiny; runs/1.1 has other"):
        compare(side([0.5]), head, "words")


def test_common_compares_the_pages_that_are_the_same_on_both_sides() -> None:
    base = side([0.1, 0.2, 0.3, 0.4])
    head = side([0.1, 0.3, 0.3, 0.6, 0.9], version="1.1", fingerprint="ffffffffffff")
    assert head.scores is not None
    head.scores.loc[3, "gold"] = "corrected"
    (found,) = compare(base, head, "words", common=True)
    assert found.pages["page"].tolist() == ["p0000", "p0002", "p0001"]
    assert found.notes[:2] == ("1 pages left out: in head alone", "1 pages left out: changed")


def test_common_needs_to_know_the_gold_and_a_page() -> None:
    base, head = side([0.1]), side([0.1], version="1.1", fingerprint="ffffffffffff")
    assert base.scores is not None
    with pytest.raises(UsageError, match="no page in common"):
        compare(replace(base, scores=base.scores.assign(page="other")), head, "words", common=True)
    with pytest.raises(UsageError, match="run it again"):
        compare(replace(base, scores=base.scores.assign(gold=None)), head, "words", common=True)


@pytest.mark.parametrize("which", ["base", "head"])
def test_published_figures_are_set_side_by_side_and_not_tested(which: str) -> None:
    sides: dict[str, Any] = {"base": side([0.5, 0.6]), "head": side([0.7, 0.8])}
    sides[which] = replace(sides[which], scores=None)
    (found,) = compare(sides["base"], sides["head"], "words")
    assert found.verdict == "not tested"
    assert found.changes["f1"].difference == pytest.approx(0.2)
    assert not found.paired
    assert found.worse.empty
    assert found.new_failures.empty
    assert "figures alone" in found.notes[0]


def test_a_side_that_could_not_run_is_no_loss() -> None:
    head = side([0.0, 0.0], statuses={0: "unavailable", 1: "unavailable"})
    with pytest.raises(NothingMeasuredError, match="nothing was measured of mine: it is not here"):
        compare(side([0.5, 0.5]), head, "words")


def test_pages_that_a_metric_cannot_measure_are_left_out() -> None:
    base, head = side([0.1, 0.2, 0.3]), side([0.1, 0.3, 0.3])
    for each in (base, head):
        assert each.scores is not None
        each.scores.loc[0, ["tp", "fp", "fn", "precision", "recall", "f1"]] = float("nan")
    (found,) = compare(base, head, "words")
    assert (found.count, found.changes["f1"].base) == (2, pytest.approx(0.25))
    assert base.scores is not None
    with pytest.raises(UsageError, match="nothing of mine is measured by words"):
        compare(replace(base, scores=base.scores.assign(tp=float("nan"))), head, "words")


def test_other_limits_are_noted() -> None:
    base, head = side([0.5]), side([0.5])
    (found,) = compare(replace(base, conditions={"limit": 30}), replace(head, conditions={"limit": 5}), "words")
    assert found.notes[1:] == ("limit is 30 for base, 5 for head",)


def test_several_sets_have_one_verdict() -> None:
    worse = compared(*planted(0))
    better = compared(*reversed(planted(0)))
    same = compared([0.5, 0.6] * 3, [0.5, 0.6] * 3)
    assert overall([worse]) == "worse"
    assert overall([better, same]) == "better"
    assert overall([better, worse]) == "mixed"
    assert overall([same]) == "not significant"


FEW = [f"s{number % 3}" for number in range(48)]
LOPSIDED = ["large"] * 200 + [f"s{number}" for number in range(10)]


@pytest.mark.parametrize(
    ("sites", "why"),
    [
        (["one"] * 12, "too few sites (1; below 6"),
        (FEW, "too few sites (3; below 6"),
        ([f"s{number % 5}" for number in range(50)], "too few sites (5; below 6"),
        (LOPSIDED, "too few sites (11 that count as 1.1, as a few have most pages; below 6"),
    ],
)
def test_where_no_test_can_show_anything_nothing_is_tested_and_the_reason_is_said(sites: list[str], why: str) -> None:
    found = compared([1.0] * len(sites), [0.0] * len(sites), sites=sites)
    assert found.verdict == "not tested"
    assert found.changes["f1"].p is None
    assert found.untested.startswith(why)
    assert found.notes[0].startswith(f"not tested: {why}")
    assert "--unit page" in found.notes[0]


def test_pages_may_be_said_to_be_independent() -> None:
    base, head = side([1.0] * 48, sites=FEW), side([0.5, 0.4] * 24, version="1.1", sites=FEW)
    (found,) = compare(base, head, "words", unit="page")
    assert (found.verdict, found.untested, found.notes) == ("worse", "", ("each page is taken for independent",))
    (by_site,) = compare(base, head, "words")
    assert by_site.verdict == "not tested"


def test_six_sites_can_show_a_difference() -> None:
    assert compared([0.9, 0.8, 0.7, 0.9, 0.8, 0.7], [0.1, 0.1, 0.1, 0.2, 0.1, 0.1]).verdict == "worse"


def test_slices_of_few_sites_have_no_p_value() -> None:
    languages = ["de"] * 5 + ["en"] * 12
    found = compared([0.9, 0.8] * 8 + [0.9], [0.2, 0.1] * 8 + [0.1], languages=languages)
    p = found.slices.set_index("value")["p"]
    assert p.isna()["de"]
    assert p["en"] < 0.05

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from boilerbench import __version__, metrics
from boilerbench.errors import BoilerbenchError, UnknownNameError
from boilerbench.ranking import bootstrap, stats
from boilerbench.ranking.leaderboard import COLUMNS, MORE_COLUMNS, build, pool
from boilerbench.ranking.pairs import COLUMNS as PAIRS
from boilerbench.ranking.pairs import pairs
from boilerbench.ranking.resampling import numbered
from boilerbench.ranking.terms import BY_PAGE, BY_SET, signature
from boilerbench.storage.manifest import SetEntry

PAGES = pd.DataFrame(
    {
        "set": "tiny",
        "page": [f"p{i:02}" for i in range(12)],
        "site": [f"site{i}" for i in range(12)],
        "language": ["en", "de", None, ""] * 3,
        "page_type": "article",
    }
)


def scores_of(f1: dict[str, list[float]], metric: str = "words", status: str = "ok") -> pd.DataFrame:
    rows = [
        {"set": "tiny", "page": page, "runner": runner, "metric": metric, "policy": "default", "status": status}
        | {"tp": value, "exact": value == 1, "precision": value, "recall": value, "f1": value}
        for runner, values in f1.items()
        for page, value in zip(PAGES["page"], values, strict=True)
    ]
    return pd.DataFrame(rows)


SCORES = scores_of({"b": [0.2, 0.4] * 6, "a": [0.9, 1.0] * 6, "c": [0.9, 1.0] * 6})


def test_the_promised_columns_come_first_and_better_runners_first() -> None:
    table = build(SCORES, PAGES, {"a": "1.0"})
    assert tuple(table.columns) == (*COLUMNS, *MORE_COLUMNS)
    assert table["runner"].tolist() == ["a", "c", "b"]
    assert table["version"].tolist() == ["1.0", "", ""]
    assert table["f1"].tolist() == pytest.approx([0.95, 0.95, 0.3])
    assert table["exact"].tolist() == [0.5, 0.5, 0]
    assert table["pages"].tolist() == table["sites"].tolist() == [12, 12, 12]


def test_runners_that_cannot_be_told_apart_share_ranks() -> None:
    table = build(SCORES, PAGES, {})
    assert table[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2], [3, 3]]


@pytest.mark.parametrize("by", [None, "language"])
def test_pages_that_a_metric_cannot_measure_leave_its_figures(by: str | None) -> None:
    left = SCORES["page"].isin(PAGES["page"][PAGES["language"] != "en"])
    partly = SCORES.mask(left, SCORES.assign(tp=np.nan, precision=np.nan, recall=np.nan, f1=np.nan, exact=False))
    table = build(partly, PAGES, {}, by=by)
    known = table[table["f1"].notna()]
    assert known["runner"].tolist() == ["a", "c", "b"]
    assert known["f1"].tolist() == pytest.approx([0.9, 0.9, 0.2])
    assert known["pages"].tolist() == [3, 3, 3]
    nothing = table[table["f1"].isna()]
    assert len(nothing) == (6 if by else 0)
    assert nothing[["rank_low", "rank_high", "f1_low", "precision", "recall", "exact"]].isna().all(axis=None)


def test_intervals_hold_the_estimate() -> None:
    table = build(SCORES, PAGES, {})
    for name in ("f1", "precision", "recall"):
        assert (table[f"{name}_low"] < table[name]).all()
        assert (table[name] < table[f"{name}_high"]).all()


def test_the_order_of_rows_changes_nothing_and_the_seed_does() -> None:
    shuffled = build(SCORES.sample(frac=1, random_state=1), PAGES.sample(frac=1, random_state=2), {})
    pd.testing.assert_frame_equal(shuffled, build(SCORES, PAGES, {}))
    assert not shuffled.equals(build(SCORES, PAGES, {}, seed=1))


def test_failures_and_empty_answers_are_counted() -> None:
    scores = scores_of({"r": [0.0] * 12})
    scores["status"] = ["ok", "empty", "error", "timeout", "memory", "crash", "unavailable", *["ok"] * 5]
    row = build(scores, PAGES, {}).iloc[0]
    assert (row["failed"], row["empty"]) == (5, 1)
    assert row["failures"] == "error:1 timeout:1 memory:1 crash:1 unavailable:1"
    assert set(build(SCORES, PAGES, {})["failures"]) == {""}


def test_a_metric_of_one_number_fills_f1_alone() -> None:
    table = build(scores_of({"r": [1.0, 0.0] * 6}, metric="exact"), PAGES, {})
    assert table["f1"].tolist() == [0.5]
    assert table[["precision", "recall", "precision_low", "recall_high"]].isna().all(axis=None)


def test_zyte_takes_f1_of_the_two_means() -> None:
    scores = scores_of({"r": [1.0] * 12}, metric="zyte")
    scores["precision"], scores["recall"] = [1.0, 0.0] * 6, 1.0
    scores.loc[scores.index[1], "precision"] = np.nan
    row = build(scores, PAGES, {}).iloc[0]
    assert row["precision"] == pytest.approx(6 / 11)
    assert row["f1"] == pytest.approx(2 * (6 / 11) / (1 + 6 / 11))


def test_slices_follow_the_promised_columns_and_name_what_is_unknown() -> None:
    table = build(SCORES, PAGES, {}, by="language")
    assert tuple(table.columns) == (*COLUMNS, "slice", *MORE_COLUMNS)
    assert table["slice"].tolist() == ["de"] * 3 + ["en"] * 3 + ["unknown"] * 3
    assert table["pages"].tolist() == [3] * 6 + [6] * 3
    assert set(build(SCORES, PAGES, {}, by="set")["slice"]) == {"tiny"}
    assert set(build(SCORES, PAGES, {}, by="page-type")["slice"]) == {"article"}


def test_an_unknown_slice_is_refused() -> None:
    with pytest.raises(
        UnknownNameError, match="unknown slice 'colour'; known: language, page-type, set, charset, length, complexity"
    ):
        build(SCORES, PAGES, {}, by="colour")


def test_a_missing_score_a_double_one_and_a_strange_page_are_refused() -> None:
    with pytest.raises(BoilerbenchError, match="35 scores for 3 runners on 12 pages"):
        build(SCORES.iloc[1:], PAGES, {})
    with pytest.raises(BoilerbenchError, match="37 scores"):
        build(pd.concat([SCORES, SCORES.iloc[:1]]), PAGES, {})
    with pytest.raises(BoilerbenchError, match="page p00"):
        build(SCORES, PAGES.iloc[1:], {})


def test_no_scores_make_an_empty_table_with_its_columns() -> None:
    assert tuple(build(SCORES.iloc[:0], PAGES, {}).columns) == (*COLUMNS, *MORE_COLUMNS)


def test_boards_are_sorted_by_set_metric_and_falling_score() -> None:
    both = pd.concat([SCORES, scores_of({"a": [0.0] * 12, "b": [1.0] * 12}, metric="shingles")])
    assert build(both, PAGES, {})[["metric", "runner"]].to_numpy().tolist() == [
        ["shingles", "b"],
        ["shingles", "a"],
        ["words", "a"],
        ["words", "c"],
        ["words", "b"],
    ]


KNOWN = SetEntry("tiny", fingerprint="0123456789abcdef")


def test_the_signature_names_all_a_number_depends_on() -> None:
    version = __version__
    assert str(signature(KNOWN, "strict", "zyte", rounds=10, seed=3)) == (
        "set:tiny|version:none|fingerprint:0123456789ab|policy:strict|metric:zyte(n=4)"
        f"|failures:zero|bootstrap:10|seed:3|boilerbench:{version}"
    )
    assert "metric:words|" in str(signature(KNOWN, "default", "words"))
    made = SetEntry("tiny", text="decode 1 w3lib 2.5, convert 2")
    assert str(signature(made, "default", "words")).endswith("|text:decode 1 w3lib 2.5, convert 2")


def test_a_leaderboard_says_what_difference_it_can_show() -> None:
    sure, few = build(SCORES, PAGES, {}), build(SCORES, PAGES, {}, by="language")
    assert 0 < sure["detectable"].iloc[0] < 0.3
    assert few["detectable"].tolist() == [1] * 9  # so few sites prove nothing


TWO = pd.concat([PAGES, PAGES.iloc[:3].assign(set="other")])
OF_TWO = pd.concat([SCORES, SCORES[SCORES["page"] < "p03"].assign(set="other", f1=0.0, exact=False)])


def test_all_sets_together_count_each_page_or_each_set_the_same() -> None:
    table = pool(OF_TWO, TWO, {"a": "1.0"})
    assert tuple(table.columns) == (*COLUMNS, *MORE_COLUMNS)
    found = table[table["runner"] == "b"].set_index("set")
    assert found["f1"].to_dict() == pytest.approx({BY_PAGE: 0.3 * 12 / 15, BY_SET: 0.15})
    assert found["pages"].tolist() == found["sites"].tolist() == [15, 15]
    exact = table[table["runner"] == "a"].set_index("set")["exact"]
    assert exact.to_dict() == pytest.approx({BY_PAGE: 6 / 15, BY_SET: 0.25})
    assert (table["f1_low"] <= table["f1"]).all()
    assert pool(SCORES, PAGES, {}).empty


def test_over_all_sets_degrees_of_freedom_are_satterthwaites() -> None:
    def together(*sites: str) -> stats.Clusters:
        scores = [np.random.default_rng(0).random((len(each), 2)) for each in sites]
        samples = [
            bootstrap.Sample(metrics.get("words"), ["a", "b"], numbered(list(each)), (f1, f1, f1), f1, pd.DataFrame())
            for each, f1 in zip(sites, scores, strict=True)
        ]
        return bootstrap.by_page(samples, 10, 0).clusters

    assert together("ab", "cd", "ef") == stats.Clusters(6, 1 + 3)
    assert together("aabb", "cdefg") == stats.Clusters(7, 1 + 9**2 / (4**2 / 1 + 5**2 / 4))
    assert together("abcdefg", "h").effective == 1  # the spread of a set of one site is unknown


def test_pairs_by_hand() -> None:
    table = pairs(SCORES, PAGES)
    assert tuple(table.columns) == PAIRS
    assert table[["runner", "other", "wins", "ties", "losses"]].to_numpy().tolist() == [
        ["a", "c", 0, 12, 0],
        ["a", "b", 12, 0, 0],
        ["c", "b", 12, 0, 0],
    ]
    assert table["difference"].tolist() == pytest.approx([0, 0.65, 0.65])
    assert table["agreement"].tolist() == pytest.approx([1, 1, 1])
    assert (table["p"] < 0.05).tolist() == [False, True, True]

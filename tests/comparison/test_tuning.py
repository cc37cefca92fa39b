"""What tuning gains, on scores whose folds can be computed by hand, and in worlds where no setting is better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from boilerbench import metrics
from boilerbench.comparison.tuning import TUNED, Split, fold_of, of_scores
from boilerbench.errors import UsageError
from boilerbench.rendering import TABLE_FORMATS, render
from tests.command import rows

WORDS = metrics.get("words")


def scores(
    f1: dict[str, list[float]], sites: list[int] | None = None, failed: tuple[str, int] = ("", 0)
) -> pd.DataFrame:
    """The scores of settings by page, each page of a site of its own unless `sites` are given."""
    return pd.DataFrame(
        [
            (label, page, (sites or range(99))[page], value, value, value, 1.0)
            for label, values in f1.items()
            for page, value in enumerate(values)
        ],
        columns=["runner", "page", "site", "precision", "recall", "f1", "tp"],
    ).assign(status=lambda table: np.where((table["runner"] == failed[0]) & (table["page"] < failed[1]), "error", "ok"))


def tuned(f1: dict[str, list[float]], folds: int = 10, **more: object) -> pd.DataFrame:
    told = {label: "default" if label == "x" else label.removeprefix("x:") for label in f1}
    return of_scores(scores(f1, **more), told, WORDS, Split(folds, 0))  # type: ignore[arg-type]


def test_an_option_that_is_better_everywhere_gains_as_much_on_pages_held_out() -> None:
    base = [0.5, 0.55, 0.6, 0.5, 0.45, 0.5, 0.5, 0.6]
    table = tuned({"x": base, "x:a=1": [value + 0.2 for value in base], "x:b=1": [value - 0.1 for value in base]})
    assert table["setting"].tolist() == [TUNED, "default", "a=1", "b=1"]
    assert table["gain"].tolist() == pytest.approx([0.2, 0, 0.2, -0.1])
    assert table["f1"].tolist() == pytest.approx([0.725, 0.525, 0.725, 0.425])
    assert table["chosen"].fillna(-1).tolist() == [-1, 0, 8, 0]
    assert table[["pages", "sites", "folds"]].drop_duplicates().to_numpy().tolist() == [[8, 8, 8]]
    assert table["p"][0] == pytest.approx(2**-7)  # eight sites: flipping their signs shows no less
    assert table["low"][0] == pytest.approx(0.2)
    assert table["p"][1:].isna().all()


def test_what_was_chosen_by_luck_loses_on_the_page_that_it_did_not_know() -> None:
    table = tuned({"x": [0.5, 0.5], "x:a=1": [0.9, 0.2], "x:b=1": [0.2, 0.9]}, folds=2)
    assert table["gain"].tolist() == pytest.approx([-0.3, 0, 0.05, 0.05])  # b by the second page, a by the first
    assert table["chosen"].fillna(-1).tolist() == [-1, 0, 1, 1]
    assert pd.isna(table["p"][0])


def test_pages_of_a_site_are_held_out_together() -> None:
    f1 = {"x": [0.5, 0.5, 0.5, 0.5], "x:a=1": [0.9, 0.9, 0.2, 0.3]}
    table = tuned(f1, folds=4, sites=[0, 0, 1, 1])
    assert table["folds"][0] == 2
    assert table["gain"][0] == pytest.approx(-0.125)  # a, on the second site; the default, on the first
    sizes = [7, 1, 1, 1, 3, 2]
    sites = np.repeat(np.arange(6), sizes)
    fold = fold_of(sites, Split(3, 0))
    assert [len({*fold[sites == site]}) for site in range(6)] == [1] * 6
    assert sorted(np.bincount(fold).tolist()) == [4, 4, 7]


def test_the_default_is_chosen_where_nothing_is_better() -> None:
    table = tuned({"x": [0.5] * 8, "x:a=1": [0.5] * 8})
    assert table["chosen"].fillna(-1).tolist() == [-1, 8, 0]
    assert (table["gain"][0], table["p"][0]) == (0, 1)


def test_the_pages_that_failed_are_counted_of_what_was_chosen() -> None:
    f1 = {"x": [0.5] * 8, "x:a=1": [0.0, 0.0, *[0.9] * 6]}
    table = tuned(f1, failed=("x:a=1", 2))
    assert table["failed"].tolist() == [2, 0, 2]


def test_pages_of_one_site_cannot_be_tuned_on() -> None:
    with pytest.raises(UsageError, match="all of one site"):
        tuned({"x": [0.5] * 3, "x:a=1": [0.6] * 3}, sites=[0, 0, 0])


def test_options_that_are_noise_seem_to_gain_and_do_not_on_pages_held_out() -> None:
    random, held_out, apparent, significant = np.random.default_rng(0), [], [], 0
    for _ in range(100):
        f1 = {f"x:a={number}" if number else "x": random.beta(5, 2, 40).tolist() for number in range(20)}
        table = tuned(f1)
        held_out.append(table["gain"][0])
        apparent.append(table["gain"][1:].max())
        significant += table["p"][0] < 0.05
    error = np.std(held_out) / 10
    assert abs(np.mean(held_out)) < 3 * error
    assert np.mean(apparent) > 10 * error
    assert significant <= 8


BETTER = {"x": [0.5, 0.55, 0.6, 0.5, 0.45, 0.5, 0.5, 0.6], "x:a=1": [0.7, 0.76, 0.8, 0.7, 0.65, 0.7, 0.7, 0.8]}


@pytest.mark.parametrize(
    ("f1", "says"),
    [
        (BETTER, "Significant (p = .0078): tuned on others, F1 changes by +20.12 points on pages held out (95 % +19."),
        ({**BETTER, "x:a=1": [0.9, 0.2, 0.9, 0.2, 0.9, 0.2, 0.9, 0.9]}, "Not significant (p = "),
        ({**BETTER, "x:a=1": [0.2] * 8}, "Not significant: the default is chosen in every fold"),
        ({name: values[:3] for name, values in BETTER.items()}, "Not tested, as there are too few sites (3): tuned on"),
    ],
)
def test_the_verdict_claims_no_more_than_was_tested(f1: dict[str, list[float]], says: str) -> None:
    table = tuned(f1).assign(set="own", policy="default", metric="words")
    written = render("text", table, ["set:own|"], "tuning")
    assert says in written
    assert ("optimistic by" in written) == (max(map(np.mean, f1.values())) > np.mean(f1["x"]))
    assert len(written.splitlines()[1].split(". ")) == 1


def test_a_table_for_reading_has_the_ten_best_and_those_chosen_and_one_for_machines_all() -> None:
    f1 = {"x": [0.5] * 8} | {f"x:a={number}": [0.6 - number / 100] * 8 for number in range(1, 15)}
    table = tuned(f1).assign(set="own", policy="default", metric="words")
    for form in TABLE_FORMATS:
        written = render(form, table, ["set:own|"], "tuning")
        assert ("a=14" in written) == (form in ("csv", "json"))
        assert "a=10" in written
        assert ("4 settings that score less" in written) == (form in ("text", "markdown"))
    assert [row["setting"] for row in rows(render("csv", table, [], "tuning"))][:3] == [TUNED, "default", "a=1"]

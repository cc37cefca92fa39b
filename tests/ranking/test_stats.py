from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from boilerbench.ranking import stats
from boilerbench.ranking.resampling import Sums, draw
from boilerbench.ranking.stats import (
    Clusters,
    agreement,
    clusters_of,
    detectable,
    harmonic,
    holm,
    interval,
    outcomes,
    paired_errors,
    paired_p,
    rank_ranges,
)

NAN = float("nan")


def alike(number: int) -> Clusters:
    """Clusters of one size."""
    return Clusters(number, number)


def p_values(estimates: np.ndarray, rounds: np.ndarray, clusters: Clusters) -> np.ndarray:
    """The tests of every two runners, from their figures and those of each round."""
    return paired_p(estimates, paired_errors(rounds, clusters), clusters)


def drawn_means(values: np.ndarray, rounds: int) -> np.ndarray:
    """Means of the columns in each round; every page is a site."""
    return draw([Sums.of(values, np.arange(len(values)))], rounds, 0)[0].means


@pytest.mark.parametrize(
    ("precision", "recall", "f1"),
    [(0.5, 1.0, 2 / 3), (0.0, 0.0, 0.0), (NAN, 0.0, 0.0), (NAN, 1.0, NAN), (1.0, 1.0, 1.0)],
)
def test_harmonic_mean_by_hand(precision: float, recall: float, f1: float) -> None:
    assert harmonic(np.array([precision]), np.array([recall]))[0] == pytest.approx(f1, nan_ok=True)


def test_intervals_are_percentiles_and_leave_out_rounds_without_a_value() -> None:
    rounds = np.column_stack([np.arange(101.0), np.full(101, NAN), [*np.arange(100.0), NAN]])
    low, high = interval(rounds, alike(10**9))
    assert low == pytest.approx([2.5, NAN, 2.475], nan_ok=True)
    assert high == pytest.approx([97.5, NAN, 96.525], nan_ok=True)


@pytest.mark.parametrize("clusters", [2, 7, 40])
def test_few_sites_widen_an_interval_as_much_as_students_t_widens_one_of_a_mean(clusters: int) -> None:
    rounds = scipy_stats.norm.ppf(np.linspace(0, 1, 200_001)[1:-1])[:, None]
    half = scipy_stats.t.ppf(0.975, clusters - 1) * np.sqrt(clusters / (clusters - 1))
    low, high = interval(rounds, alike(clusters))
    expected = min(half, rounds.max())
    assert (low[0], high[0]) == pytest.approx((-expected, expected), rel=1e-3)


def test_sites_of_one_size_count_in_full_and_a_large_one_makes_the_others_count_less() -> None:
    assert clusters_of(list("abcabc")) == Clusters(3, 3)
    assert clusters_of(list("aaaaaaaaab")) == Clusters(2, 100 / 82)
    assert clusters_of(["a"] * 7) == Clusters(1, 1)


def test_uneven_sites_widen_intervals_and_weaken_tests_as_fewer_even_ones_would() -> None:
    rounds = np.random.default_rng(0).normal([0.5, 0.6], 0.03, size=(500, 2))
    uneven = Clusters(12, 5.0)
    assert np.array_equal(interval(rounds, uneven), interval(rounds, alike(5)))
    assert paired_errors(rounds, uneven) == pytest.approx(paired_errors(rounds, alike(5)))
    t = 0.1 / paired_errors(rounds, uneven)[0, 1]
    assert p_values(np.array([0.5, 0.6]), rounds, uneven)[0, 1] == pytest.approx(2 * scipy_stats.t.sf(t, 4))


def test_a_single_site_has_no_interval_and_proves_nothing() -> None:
    rounds = np.array([[0.1, 0.9]] * 10)
    assert np.isnan(interval(rounds, alike(1))).all()
    assert (p_values(rounds[0], rounds, alike(1)) == 1).all()


def test_p_values_agree_with_the_paired_t_test_where_that_holds() -> None:
    generator = np.random.default_rng(3)
    values = generator.normal([0.5, 0.55, 0.8], 0.1, size=(30, 3))
    rounds = drawn_means(values, 20_000)
    p = p_values(values.mean(axis=0), rounds, alike(30))
    for a, b in ((0, 1), (0, 2), (1, 2)):
        expected = scipy_stats.ttest_rel(values[:, a], values[:, b]).pvalue
        assert p[a, b] == pytest.approx(max(expected, 2.0**-29), rel=0.25, abs=1e-3)


def test_equal_runners_cannot_be_told_apart() -> None:
    values = np.random.default_rng(0).random((20, 1)).repeat(2, axis=1)
    rounds = drawn_means(values, 100)
    assert (p_values(values.mean(axis=0), rounds, alike(20)) == 1).all()


def test_a_constant_difference_is_no_stronger_than_flipped_signs_allow() -> None:
    values = np.array([[1.0, 0.0]] * 5)
    rounds = drawn_means(values, 100)
    assert p_values(values.mean(axis=0), rounds, alike(5))[0, 1] == 2.0**-4


def test_rounds_without_a_value_are_left_out_of_the_spread() -> None:
    generator = np.random.default_rng(1)
    rounds = generator.normal([0.5, 0.6], 0.01, size=(200, 2))
    holes = rounds.copy()
    holes[:5, 0] = NAN
    estimates = np.array([0.5, 0.52])
    assert p_values(estimates, holes, alike(40)) == pytest.approx(p_values(estimates, rounds[5:], alike(40)))
    assert (p_values(np.array([NAN, 0.5]), np.full((9, 2), NAN), alike(40)) == 1).all()


def test_holm_by_hand() -> None:
    p = np.array([[1, 0.01, 0.04], [0.01, 1, 0.03], [0.04, 0.03, 1]])
    assert holm(p) == pytest.approx(np.array([[1, 0.03, 0.06], [0.03, 1, 0.06], [0.06, 0.06, 1]]))
    assert holm(np.ones((1, 1))).tolist() == [[1.0]]


def test_rank_ranges_by_hand() -> None:
    p = np.array([[1, 0.2, 0.01], [0.2, 1, 0.2], [0.01, 0.2, 1]])
    low, high = rank_ranges(np.array([0.9, 0.8, 0.7]), p)
    assert low.tolist() == [1, 1, 2]
    assert high.tolist() == [2, 3, 3]


def test_standard_errors_are_those_of_the_paired_t_test() -> None:
    values = np.random.default_rng(5).normal([0.5, 0.6, 0.6], 0.1, size=(40, 3))
    errors = paired_errors(drawn_means(values, 20_000), alike(40))
    differences = values[:, :, None] - values[:, None, :]
    assert errors == pytest.approx(differences.std(axis=0, ddof=1) / np.sqrt(40), rel=0.02)
    assert np.isnan(paired_errors(values, alike(1))).all()


def test_the_detectable_difference_by_hand() -> None:
    errors = np.array([[0, 0.01, 0.03], [0.01, 0, 0.02], [0.03, 0.02, 0]])
    t = scipy_stats.t(19)
    assert detectable(errors, alike(20)) == pytest.approx(0.02 * (t.ppf(1 - 0.05 / 3 / 2) + t.ppf(0.8)))
    assert detectable(errors * 40, alike(20)) == 1
    assert detectable(errors, alike(6)) == 1  # 2 ** -5 is above 0.05 / 3
    assert detectable(errors, alike(7)) < 1
    assert detectable(np.full((3, 3), NAN), alike(1)) == 1
    assert np.isnan(detectable(np.full((3, 3), NAN), alike(20)))
    assert np.isnan(detectable(np.zeros((1, 1)), alike(20)))


def test_runners_that_differ_by_the_same_everywhere_say_nothing_of_the_spread() -> None:
    errors = np.array([[0, 0, 0.03], [0, 0, 0.02], [0.03, 0.02, 0]])
    other = np.array([[0, 0.025, 0.03], [0.025, 0, 0.02], [0.03, 0.02, 0]])
    assert detectable(errors, alike(20)) == detectable(other, alike(20))
    assert np.isnan(detectable(np.zeros((3, 3)), alike(20)))


def test_a_difference_of_the_detectable_size_is_found_as_often_as_it_says() -> None:
    generator, found = np.random.default_rng(0), 0
    size = detectable(np.full((2, 2), 0.1 * np.sqrt(2 / 30)), alike(30))
    for _ in range(300):
        values = generator.normal([0.5, 0.5 + size], 0.1, size=(30, 2))
        found += p_values(values.mean(axis=0), drawn_means(values, 300), alike(30))[0, 1] < 0.05
    assert found / 300 == pytest.approx(0.8, abs=0.05)


def test_wins_and_ties_by_hand() -> None:
    wins, ties = outcomes(np.array([[1, 0.5], [0.5, 0.5], [0, 1], [1, 0.9], [NAN, 1], [0.3, 0.3 + 1e-12]]))
    assert wins.tolist() == [[0, 2], [1, 0]]
    assert ties.tolist() == [[5, 2], [2, 5]]


def test_agreement_is_spearmans_rank_correlation() -> None:
    values = np.random.default_rng(2).random((50, 4)).round(1)
    values[7, 2] = NAN
    expected = scipy_stats.spearmanr(np.delete(values, 7, axis=0)).statistic
    assert agreement(values) == pytest.approx(expected)
    assert np.isnan(agreement(np.array([[1, 0.5], [1, 0.7]]))[0, 1])


def test_few_clusters_are_those_no_p_value_can_reach_the_level_with() -> None:
    assert stats.NEEDED == 6
    for number in range(1, 12):
        said = stats.untestable(stats.clusters_of([str(each) for each in range(number)]))
        assert bool(said) == (2.0 ** (1 - number) > 0.05)


def test_an_interval_of_few_is_students_over_clusters_left_out_in_turn() -> None:
    pages = np.array([[0.2], [0.4], [0.9]])
    left_out = Sums.of(pages, np.arange(3)).leaving_out().means
    assert left_out[:, 0].tolist() == pytest.approx([0.65, 0.55, 0.3])
    low, high = stats.interval_of_few(pages.mean(axis=0), left_out, stats.clusters_of(["a", "b", "c"]), bounded=False)
    error = pages.std(ddof=1) / np.sqrt(3)  # for a mean, the jackknife gives the standard error itself
    width = scipy_stats.t.ppf(0.975, 2) * error
    assert [low[0], high[0]] == pytest.approx([0.5 - width, 0.5 + width])
    for same in (0.0, 0.3, 1.0):
        low, high = stats.interval_of_few(np.array([same]), np.full((3, 1), same), stats.Clusters(3, 3), bounded=True)
        assert low[0] <= same <= high[0]
    low, high = stats.interval_of_few(pages.mean(axis=0), left_out, stats.clusters_of(["a", "b", "c"]), bounded=True)
    assert 0 < low[0] < 0.5 < high[0] < 1

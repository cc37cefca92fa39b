from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench.ranking import resampling
from boilerbench.ranking.resampling import Sums, draw, numbered

NAN = float("nan")


def page_weights(sites: list[str], rounds: int, seed: int) -> np.ndarray:
    """How often each page counts in each round: the bootstrap over sites as one would write it down."""
    found, site_of = np.unique(sites, return_inverse=True)
    drawn = np.random.default_rng(seed).integers(len(found), size=(rounds, len(found)))
    return np.array([np.bincount(each, minlength=len(found))[site_of] for each in drawn])


def weighted_means(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    present = ~np.isnan(values)
    return (weights @ np.where(present, values, 0)) / (weights @ present)


def test_sites_are_numbered_in_the_order_of_their_names() -> None:
    assert numbered(["b", "a", "c", "a"]).tolist() == [1, 0, 2, 0]


def test_sums_by_site_by_hand() -> None:
    sums = Sums.of(np.array([[1.0, NAN], [0.5, 0.5], [0.25, 1.0]]), np.array([1, 0, 1]))
    assert sums.added.tolist() == [[0.5, 0.5], [1.25, 1.0]]
    assert sums.counts.tolist() == [[1, 1], [2, 1]]
    assert sums.total().means.tolist() == [[1.75 / 3, 0.75]]
    assert sums.leaving_out().means.tolist() == [[0.625, 1.0], [0.5, 0.5]]


def test_pages_that_all_have_values_are_counted_once_for_all_columns() -> None:
    sums = Sums.of(np.array([[1.0, 0.0], [0.5, 0.5], [0.25, 1.0]]), np.array([1, 0, 1]))
    assert sums.counts.tolist() == [[1], [2]]
    partly = Sums.of(np.array([[NAN, 1.0]]), np.array([0]))
    assert (sums.total() + partly.total()).means.tolist() == [[1.75 / 3, 2.5 / 4]]


def test_where_only_one_site_has_values_nothing_is_left_without_it() -> None:
    sums = Sums.of(np.array([[0.1], [0.7], [NAN]]), numbered(["a", "a", "b"]))
    assert np.isnan(sums.leaving_out().means[0, 0])
    zeros = Sums.of(np.array([[0.1], [0.7], [0.0]]), numbered(["a", "a", "b"]))
    assert zeros.leaving_out().means[0, 0] == 0


@pytest.mark.parametrize("block", [1, 7, 1 << 19])
@pytest.mark.parametrize("holes", [False, True])
def test_rounds_are_those_of_weighted_pages_however_large_a_block_is(
    block: int, holes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resampling, "_BLOCK", block)
    sites, values = list("cabbaacde"), np.random.default_rng(3).random((9, 4))
    if holes:
        values[[0, 4, 5], [1, 1, 3]] = NAN
    expected = weighted_means(values, page_weights(sites, 50, seed=5))
    (drawn,) = draw([Sums.of(values, numbered(sites))], 50, seed=5)
    assert drawn.means == pytest.approx(expected, rel=1e-14, abs=0)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), st.integers(0, 5))
def test_sites_are_drawn_as_often_as_there_are_and_whole(sites: list[str], seed: int) -> None:
    numbers = numbered(sites)
    whole = np.eye(numbers.max() + 1)[numbers]  # a column per site
    (drawn,) = draw([Sums.of(whole, numbers)], 20, seed)
    times = drawn.added / np.bincount(numbers)
    assert (times == times.round()).all()
    assert (times.sum(axis=1) == numbers.max() + 1).all()


def test_sums_over_equally_many_sites_share_their_draws_and_others_have_their_own() -> None:
    generator = np.random.default_rng(0)
    of_five, also, of_three = (
        Sums.of(generator.random((9, 2)), numbered(list(sites))) for sites in ("abcdeabcd", "eeedcbaab", "aabbcccba")
    )
    together = draw([of_five, of_three, also], 30, seed=1)
    alone = [draw([each], 30, seed=1)[0] for each in (of_five, of_three, also)]
    for one, other in zip(together, alone, strict=True):
        assert one.means == pytest.approx(other.means, rel=1e-14)


def test_the_seed_decides_the_draw() -> None:
    sums = Sums.of(np.arange(8.0)[:, None], numbered(list("abcdefgh")))
    one, same, other = (draw([sums], 50, seed)[0].added for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


@pytest.mark.parametrize("piece", [1, 40, 100, 1 << 18])
def test_products_are_the_same_in_pieces_of_any_size(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).random((9, 3))
    values[2, 1] = NAN
    sums = Sums.of(values, numbered(list("aabbcdefg")))
    (whole,) = draw([sums], 30, 0)
    monkeypatch.setattr(resampling, "_PIECE", piece)
    assert draw([sums], 30, 0)[0].means == pytest.approx(whole.means, rel=1e-14)

"""Shapley values: games worked by hand, the axioms that define them, and how estimates behave."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.outcomes.shapley import coalitions_along, exact_shares, orders_within, shares_along

pytestmark = pytest.mark.unit

WORTH = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def games(draw: st.DrawFn, most: int = 5) -> np.ndarray:
    return draw(arrays(float, 2 ** draw(st.integers(1, most)), elements=WORTH))


def players(values: np.ndarray) -> int:
    return len(values).bit_length() - 1


def test_two_left_gloves_and_a_right() -> None:
    # players 0 and 1 hold a left glove, 2 a right; only a pair is worth anything. The right glove makes the
    # pair unless it comes first: 2/3. A left one does only where it comes second, after the right: 1/6.
    values = [0, 0, 0, 0, 0, 1, 1, 1]
    assert exact_shares(np.array(values)) == pytest.approx([1 / 6, 1 / 6, 2 / 3])


def test_three_planes_and_one_runway() -> None:
    # a runway as long as the longest needs: 1, 2, 3. All share the first stretch, two the second, one the
    # third: 1/3, 1/3 + 1/2, 1/3 + 1/2 + 1
    needs = [1, 2, 3]
    values = [max((needs[i] for i in range(3) if c >> i & 1), default=0) for c in range(8)]
    assert exact_shares(np.array(values)) == pytest.approx([1 / 3, 5 / 6, 11 / 6])


def test_nobody_shares_nothing() -> None:
    assert exact_shares(np.array([7.0])).shape == (0,)


def test_trailing_axes_are_games_of_their_own() -> None:
    one, other = np.array([0.0, 1, 2, 4]), np.array([5.0, 5, 7, 6])
    both = exact_shares(np.stack([one, other], axis=1))
    assert both[:, 0] == pytest.approx([1.5, 2.5])  # (1 + 4 - 2) / 2, (2 + 4 - 1) / 2
    assert both[:, 1] == pytest.approx([-0.5, 1.5])  # (0 + 6 - 7) / 2, (2 + 6 - 5) / 2


def test_a_missing_coalition_is_refused() -> None:
    with pytest.raises(ValueError, match="3 coalitions"):
        exact_shares(np.zeros(3))


@given(games())
def test_shares_add_up(values: np.ndarray) -> None:
    assert exact_shares(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-6)


@given(games(), st.data())
def test_equal_players_have_equal_shares(values: np.ndarray, data: st.DataObject) -> None:
    one = data.draw(st.integers(0, players(values) - 1))
    other = data.draw(st.integers(0, players(values) - 1))

    def swapped(coalition: int) -> int:
        in_one, in_other = coalition >> one & 1, coalition >> other & 1
        return coalition & ~(1 << one | 1 << other) | in_one << other | in_other << one

    even = np.array([values[c] + values[swapped(c)] for c in range(len(values))])
    shares = exact_shares(even)
    assert shares[one] == pytest.approx(shares[other], abs=1e-5)


@given(games(), st.data())
def test_a_player_who_adds_nothing_has_no_share(values: np.ndarray, data: st.DataObject) -> None:
    idle = data.draw(st.integers(0, players(values) - 1))
    without = np.array([values[c & ~(1 << idle)] for c in range(len(values))])
    assert exact_shares(without)[idle] == 0.0


@given(st.integers(1, 4).flatmap(lambda n: arrays(float, (2**n, 2), elements=WORTH)))
def test_shares_of_a_sum_are_the_sums_of_shares(values: np.ndarray) -> None:
    apart = exact_shares(values)
    assert exact_shares(values.sum(axis=1)) == pytest.approx(apart.sum(axis=1), abs=1e-5)


@given(arrays(float, 8, elements=WORTH))
def test_all_orders_give_the_exact_shares(values: np.ndarray) -> None:
    firsts = [order for order in permutations(range(3)) if order < order[::-1]]
    orders = [each for order in firsts for each in (order, order[::-1])]
    assert len(orders) == 6
    found = shares_along(orders, dict(enumerate(values)))
    assert found.shares == pytest.approx(exact_shares(values), abs=1e-5)


@given(st.integers(3, 12), st.integers(0, 120), st.integers(0, 5))
def test_orders_come_with_their_reverses_and_keep_within_the_runs(k: int, most: int, seed: int) -> None:
    orders = orders_within(k, most, seed)
    assert len(orders) % 2 == 0
    assert len(orders) >= 4
    assert all(sorted(order) == list(range(k)) for order in orders)
    assert [order[::-1] for order in orders[::2]] == list(orders[1::2])
    met = coalitions_along(orders)
    assert {0, 2**k - 1} <= set(met)
    assert len(orders) == 4 or len(met) <= most
    assert orders == orders_within(k, most, seed)


@given(games(), st.integers(0, 5))
def test_estimates_add_up_too(values: np.ndarray, seed: int) -> None:
    orders = orders_within(players(values), 0, seed)
    met = {c: values[c] for c in coalitions_along(orders)}
    assert shares_along(orders, met).shares.sum() == pytest.approx(values[-1] - values[0], abs=1e-5)


def test_where_levers_do_not_meet_an_estimate_is_exact() -> None:
    gains = np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0])
    orders = orders_within(7, 30)
    met = {c: sum(gains[i] for i in range(7) if c >> i & 1) for c in coalitions_along(orders)}
    found = shares_along(orders, met)
    assert found.shares == pytest.approx(gains)
    assert found.error == pytest.approx(np.zeros(7), abs=1e-12)


def test_the_error_tells_how_far_out_an_estimate_is() -> None:
    draw = np.random.default_rng(3)
    out = []
    for seed in range(40):
        values = draw.normal(size=64)
        orders = orders_within(6, 45, seed)
        found = shares_along(orders, {c: values[c] for c in coalitions_along(orders)})
        out.append((found.shares - exact_shares(values)) / found.error)
    # 240 shares; errors from a handful of pairs follow Student's t, wider than the normal
    assert 0.5 < np.mean(np.abs(out) < 1) < 0.8

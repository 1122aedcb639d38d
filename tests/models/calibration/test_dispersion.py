"""Dispersion of lists: summed departures, and the capacity that gives a list its spread."""

import numpy as np
import pytest

from models.calibration.dispersion import (
    HORIZON,
    PERSISTENCE,
    capacity_spread,
    list_spread,
    removal_spread,
    summed,
    unexplained_variance,
)
from models.calibration.flows import steady_months
from models.rtt.months import WEEKS_PER_MONTH
from tests.models.histories import growing, silent, still

pytestmark = pytest.mark.unit


def test_sums_of_departures() -> None:
    # alone: the root of their number; always the same: their number; two of 0.5: sqrt(1 + 1 + 2 x 0.5)
    assert summed(0.0, 26) == pytest.approx(np.sqrt(26))
    assert summed(1.0, 26) == pytest.approx(26)
    assert summed(0.5, 2) == pytest.approx(np.sqrt(3))


def test_summed_is_what_a_drawn_path_gives() -> None:
    draw = np.random.default_rng(1)
    level, total = draw.normal(size=20_000), np.zeros(20_000)
    for week in range(HORIZON):
        if week:
            level = PERSISTENCE * level + np.sqrt(1 - PERSISTENCE**2) * draw.normal(size=20_000)
        total += level
    # the standard error of a standard deviation: 1 / sqrt(2 x 20,000) = 0.5%
    assert total.std() == pytest.approx(summed(PERSISTENCE, HORIZON), rel=0.02)


def test_a_lists_spread_is_between_its_own_movements_and_its_sizes() -> None:
    # 24,650 wait at first, and 1% of them more a month, 12% by the end: own movement 0.01 / 1.12 of the last
    history = growing(still((1000,)), 0.01)
    size = float(history.incomplete[-1].sum())
    usual = 0.67 * size**-0.38
    wanted = 4.1 * np.sqrt(0.01 / 1.12 * usual) * size
    assert list_spread(history, steady_months(history))[0] == pytest.approx(wanted, rel=0.01)


def test_a_list_with_few_months_has_the_spread_of_its_size() -> None:
    history = silent(still((1000, 1000)), 0, list(range(11)))
    size = float(history.incomplete[-1, 0].sum())
    found = list_spread(history, steady_months(history))
    assert found[0] == pytest.approx(4.1 * 0.67 * size**-0.38 * size)
    assert found[1] < found[0]  # stood still for a year


def test_capacity_makes_up_what_chance_demand_and_removals_leave() -> None:
    starts, stops, wanted, demand, removals = 100.0, 90.0, 500.0, 0.1, 6.0
    variance = unexplained_variance(*(np.array([x]) for x in (wanted, starts, demand)))
    found = capacity_spread(variance, np.array([stops]), np.array([removals]))[0]
    added_up = summed(PERSISTENCE, HORIZON)
    parts = starts * HORIZON + (demand * starts * added_up) ** 2 + (found * stops * added_up) ** 2
    # removals that are wrong by 6 a week are wrong by 6 x 26 = 156 in half a year
    assert parts + 156**2 == pytest.approx(wanted**2)


def test_capacity_is_dispersed_at_least_a_little() -> None:
    assert capacity_spread(np.zeros(1), np.ones(1), np.ones(1))[0] == 0.02


def test_removals_are_as_uncertain_as_their_months_scatter() -> None:
    # 12 months of 100 and 140 in turn: standard deviation 20 x sqrt(12 / 11) = 20.9 about 120, of the mean
    # 20.9 / sqrt(12) = 6.03; 1.35 times that over 120 a month is 6.8%. Two alike, so the median is their own.
    balance = np.repeat(np.array([[100.0], [140.0]] * 6), 2, axis=1)
    used, removed = np.ones((12, 2), bool), np.full(2, 120 / WEEKS_PER_MONTH)
    expected = 1.35 * 20 * np.sqrt(12 / 11) / np.sqrt(12) / 120
    assert expected == pytest.approx(0.068, abs=0.0005)
    assert removal_spread(balance, used, removed, np.full(2, 1e9)) == pytest.approx(expected)
    # a list hardly dispersed: half its variance, sqrt(0.5 x 1000) = 22.4 patients in 26 weeks
    little = removal_spread(balance, used, removed, np.array([1000.0, 1e9]))
    assert little == pytest.approx([np.sqrt(500) / (120 / WEEKS_PER_MONTH * 26), expected])


def test_removals_known_from_few_months_are_as_uncertain_as_those_of_others() -> None:
    balance = np.repeat(np.array([[100.0], [140.0]] * 6), 3, axis=1)
    used = np.ones((12, 3), bool)
    used[:9, 2] = False
    removed = np.full(3, 120 / WEEKS_PER_MONTH)
    found = removal_spread(balance, used, removed, np.full(3, 1e9))
    assert found == pytest.approx(found[0])
    assert removal_spread(balance, used[:, ::-1] & False, removed, np.full(3, 1e9)) == pytest.approx(0.5)

import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.queueing.theory import (
    clearance_weeks,
    erlang_c,
    factor_for_share,
    mean_wait_so_far,
    mmc_mean_wait,
    needs_relief,
    queue_load,
    queue_sizes,
    relief_capacity,
    steady_queue_size,
    target_capacity,
    target_mean_wait,
    target_queue_size,
    waiting_list_pressure,
)

pytestmark = pytest.mark.unit

positive = st.floats(0.01, 1e6)


def test_load_1() -> None:
    assert queue_load(30, 27) == pytest.approx(1.1111111111, rel=1e-6)  # 30 / 27


def test_relief_1() -> None:
    # 30 + (1200 - 390) / 26 = 30 + 31.153846
    assert relief_capacity(30, 1200, 390, 26) == pytest.approx(61.153846, rel=1e-6)


def test_tcap_1() -> None:
    # 30 + (1.1^2 + 1.2^2) / 2 x 3 / 52 = 30 + 1.325 x 3 / 52
    assert target_capacity(30, 52, 1.1, 1.2, factor=3) == pytest.approx(30.076442, rel=1e-6)


def test_tcap_3() -> None:
    # defaults: 4 + (1 + 1) / 2 x 4 / 52
    assert target_capacity(4, 52) == pytest.approx(4.0769230769, rel=1e-6)


def test_tcap_paper_f1() -> None:
    # 30 + 2 (1 + 4 x 1) / 52 = 30 + 10 / 52; the paper's F of 1 is cv_capacity = 2 sqrt(1)
    assert target_capacity(30, 52, cv_demand=1, cv_capacity=2) == pytest.approx(30.1923076923, rel=1e-6)


def test_tmw_1() -> None:
    # 35 / 4, 30 / 4, 52 / 6
    waits = target_mean_wait([35, 30, 52], factor=[4, 4, 6])
    assert waits == pytest.approx([8.75, 7.5, 8.6666667], rel=1e-6)


def test_press_1() -> None:
    # 2 x 63 / 52, 2 x 42 / 24, 2 x 55 / 50
    pressure = waiting_list_pressure([63, 42, 55], [52, 24, 50])
    assert pressure == pytest.approx([2.42307692, 3.5, 2.2], rel=1e-6)


def test_exp92() -> None:
    # 18 / -ln(0.08) = 18 / 2.5257286
    assert target_mean_wait(18) == pytest.approx(7.1266563178, rel=1e-6)
    assert target_mean_wait(18, factor=-math.log(0.08)) == pytest.approx(7.1266563178, rel=1e-6)


def test_exp92_q() -> None:
    assert target_queue_size(50, 18) == pytest.approx(356.33281589, rel=1e-6)  # 50 x 7.1266563
    assert target_queue_size(50, 18, factor=4) == pytest.approx(225)  # 50 x 18 / 4


def test_queue_days() -> None:
    referrals = [date(2024, 1, day) for day in (1, 4, 10, 16)]
    removals = [date(2024, 1, 8), None, None, None]
    # one from the 1st, two from the 4th, one from the 8th, two from the 10th, three on the 16th
    expected = [1, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 2, 2, 2, 2, 3]
    assert list(queue_sizes(referrals, removals)) == expected


def test_queue_noremoval() -> None:
    referrals = [date(2024, 1, day) for day in (1, 4, 10)]
    assert list(queue_sizes(referrals, [None] * 3)) == [1, 1, 1, 2, 2, 2, 2, 2, 2, 3]


def test_mean_wait_days_in_weeks() -> None:
    # on the 10th two wait: 6 days and 0 days, mean 3 days = 3 / 7 = 0.4286 weeks
    referrals = [date(2024, 1, day) for day in (1, 4, 10)]
    removals = [date(2024, 1, 8), date(2024, 1, 11), None]
    weeks = mean_wait_so_far(referrals, removals, date(2024, 1, 10))
    assert weeks == pytest.approx(0.4285714286, rel=1e-6)
    # so the pressure against 18 weeks is 2 x 0.4286 / 18 = 0.0476, and not seven times that
    assert waiting_list_pressure(weeks, 18) == pytest.approx(0.0476190476, rel=1e-6)


def test_mm1_wait() -> None:
    # 100 / (105 x (105 - 100)) = 0.190476 weeks; by Little's law 100 x 0.190476 = 19.0476 waiting
    wait = mmc_mean_wait(100, 105)
    assert wait == pytest.approx(0.19047619, rel=1e-6)
    assert 100 * wait == pytest.approx(19.047619, rel=1e-6)


def test_erlang_c() -> None:
    assert erlang_c(1, 0.8) == pytest.approx(0.8)  # one server: the load itself
    # two servers, load 1: B = (1/2) / (1 + 1 + 1/2) = 0.2; C = 0.2 / (1 - 0.5 x 0.8) = 1/3
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(10, 9.0) == pytest.approx(0.6687, abs=5e-5)  # as tabulated
    assert erlang_c(3, np.array([0.0, 2.0])) == pytest.approx([0, 4 / 9])  # B(3, 2) = 4/19; C = 4/9


def test_mmc_mean_wait_is_erlang_c_over_spare_capacity() -> None:
    # 9 a week to ten servers of 1 a week: 0.6687 / (10 - 9)
    assert mmc_mean_wait(9, 1, 10) == pytest.approx(erlang_c(10, 9.0))


def test_factor_for_share() -> None:
    assert factor_for_share(0.92) == pytest.approx(2.5257286)  # -ln 0.08
    assert factor_for_share(1 - math.exp(-4)) == pytest.approx(4)


def test_relief_is_for_lists_above_twice_their_target() -> None:
    assert needs_relief(801, 400)
    assert not needs_relief(800, 400)
    assert list(needs_relief([801, 800], 400)) == [True, False]


def test_numbers_give_numbers_and_arrays_arrays() -> None:
    assert isinstance(queue_load(30, 27), float)
    assert isinstance(target_queue_size(30, 18), float)
    assert isinstance(needs_relief(3, 1), bool)
    assert queue_load(np.array([[27.0], [54.0]]), [27, 54, 108]).shape == (2, 3)


def test_an_unknown_stays_unknown() -> None:
    assert list(np.isnan(waiting_list_pressure([np.nan, 9.0], 18))) == [True, False]


@given(positive, positive, st.floats(0.01, 0.999), st.floats(0.1, 10))
def test_the_target_list_scales_with_demand_and_with_the_target(
    demand: float, target: float, share: float, scale: float
) -> None:
    size = target_queue_size(demand, target, share)
    assert target_queue_size(demand * scale, target, share) == pytest.approx(size * scale)
    assert target_queue_size(demand, target * scale, share) == pytest.approx(size * scale)


@given(positive, positive, st.floats(0.01, 0.999))
def test_an_exponential_wait_of_the_target_mean_keeps_the_share_inside(
    demand: float, target: float, share: float
) -> None:
    assert 1 - math.exp(-target / target_mean_wait(target, share)) == pytest.approx(share)
    # Little's law back again
    assert target_queue_size(demand, target, share) / demand == pytest.approx(target_mean_wait(target, share))


@given(positive, positive, positive, st.floats(0.5, 520))
def test_relief_clears_the_excess_in_the_weeks_allowed(
    demand: float, size: float, target: float, weeks: float
) -> None:
    capacity = relief_capacity(demand, size, target, weeks)
    assert size + (demand - capacity) * weeks == pytest.approx(target, abs=1e-6 * (size + demand * weeks))


@given(positive, positive, st.floats(0, 5), st.floats(0, 5), st.floats(0.1, 10))
def test_capacity_to_hold_a_target_is_demand_and_an_allowance(
    demand: float, target: float, cv_demand: float, cv_capacity: float, factor: float
) -> None:
    capacity = target_capacity(demand, target, cv_demand, cv_capacity, factor)
    assert capacity >= demand
    assert target_capacity(demand, target, 0, 0, factor) == demand  # clockwork needs no allowance
    assert target_capacity(demand, target / 2, cv_demand, cv_capacity, factor) >= capacity


@given(positive, st.floats(0.1, 20))
def test_a_list_at_its_target_mean_wait_has_pressure_one_half(target: float, factor: float) -> None:
    # F / 2 x (target / F) / target = 1 / 2, whatever the target and the factor
    mean = target_mean_wait(target, factor=factor)
    assert waiting_list_pressure(mean, target, factor) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("capacity", lambda: queue_load(30, 0)),
        ("capacity", lambda: queue_load([30, 30], [27, -1])),
        ("demand", lambda: queue_load(-1, 27)),
        ("target_wait", lambda: target_mean_wait(0)),
        ("share", lambda: target_mean_wait(18, 1)),
        ("share", lambda: target_queue_size(50, 18, 92)),
        ("factor", lambda: target_mean_wait(18, factor=0)),
        ("weeks", lambda: relief_capacity(30, 1200, 390, 0)),
        ("queue_size", lambda: relief_capacity(30, -1, 390, 26)),
        ("target_queue_size", lambda: relief_capacity(30, 1200, -390, 26)),
        ("cv_demand", lambda: target_capacity(30, 52, -1)),
        ("cv_capacity", lambda: target_capacity(30, 52, 1, -1)),
        ("factor", lambda: target_capacity(30, 52, factor=-4)),
        ("mean_wait", lambda: waiting_list_pressure(-1, 52)),
        ("target_wait", lambda: waiting_list_pressure(10, 0)),
        ("offered_load", lambda: erlang_c(10, 10)),
        ("servers", lambda: erlang_c(0, 0.0)),
        ("demand", lambda: mmc_mean_wait(105, 105)),
        ("service_rate", lambda: mmc_mean_wait(1, 0)),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, ask: Callable[[], object]) -> None:
    with pytest.raises(TandemError, match=f"^{name} cannot be"):
        ask()


def test_dates_that_cannot_be_are_refused() -> None:
    day = date(2024, 1, 4)
    with pytest.raises(TandemError, match="before its referral"):
        queue_sizes([day], [date(2024, 1, 3)])
    with pytest.raises(TandemError, match="1 referrals and 0 removals"):
        queue_sizes([day], [])
    with pytest.raises(TandemError, match="0 referrals"):
        mean_wait_so_far([], [], day)
    assert math.isnan(mean_wait_so_far([day], [day], day))


def test_a_list_settles_where_as_many_leave_as_come() -> None:
    # 100 come, 90 are seen: the 10 others have to be removed, 2% of 500
    assert steady_queue_size(100, 90, 0.02) == pytest.approx(500)
    assert steady_queue_size(100, 110, 0.02) == 0
    assert steady_queue_size(100, 90, 0) == math.inf
    assert steady_queue_size(100, 100, 0) == 0
    assert steady_queue_size([100, 100], 90, [0.01, 0]).tolist() == [pytest.approx(1000), math.inf]


def test_weeks_to_clear_a_list() -> None:
    # without removals: 600 too many, 10 more leave than come a week
    assert clearance_weeks(1000, 400, 90, 100) == pytest.approx(60)
    # with 1% a week removed: at 400 waiting 104 leave, 14 more than come; ln(1 + 0.01 x 600 / 14) / 0.01
    assert clearance_weeks(1000, 400, 90, 100, 0.01) == pytest.approx(35.667, abs=0.001)
    # 110 come: the list settles at (110 - 100) / 0.01 = 1,000, so it is down to 1,500 but never to 1,000
    assert clearance_weeks(2000, 1500, 110, 100, 0.01) == pytest.approx(math.log(2) / 0.01)
    assert clearance_weeks(2000, 1000, 110, 100, 0.01) == math.inf
    assert clearance_weeks(300, 400, 200, 100) == 0
    assert clearance_weeks([1000, 300], 400, [90, 200], 100).tolist() == [pytest.approx(60), 0]
    assert clearance_weeks(1, 0, 0, 5e-324) == math.inf  # 1 / 5e-324 is past the greatest number
    with pytest.raises(TandemError, match="removal cannot be -1"):
        clearance_weeks(1000, 400, 90, 100, -1)


@given(
    size=st.floats(0, 1e6),
    target=st.floats(0, 1e6),
    demand=st.floats(0, 1e4),
    capacity=st.floats(0, 1e4),
    removal=st.one_of(st.just(0.0), st.floats(1e-4, 0.2)),
)
def test_clearance_agrees_with_where_the_list_settles(
    size: float, target: float, demand: float, capacity: float, removal: float
) -> None:
    weeks = clearance_weeks(size, target, demand, capacity, removal)
    if size <= target:
        assert weeks == 0
    elif math.isinf(weeks):
        # or it is down so slowly that the weeks are past the greatest number
        assert (
            steady_queue_size(demand, capacity, removal) >= target * (1 - 1e-9) or capacity - demand < 1e-300
        )
    elif removal and removal * weeks < 30:  # the balance, solved forward, ends at the target
        settled = (demand - capacity) / removal
        there = settled + (size - settled) * math.exp(-removal * weeks)
        assert there == pytest.approx(target, rel=1e-6, abs=1e-6 * (abs(settled) + size))

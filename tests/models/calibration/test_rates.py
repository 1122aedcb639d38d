"""Calibration against returns whose rates are known, and against what must hold for any returns."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibration.flows import steady_months
from models.calibration.fluid_course import fluid_trajectory
from models.calibration.outlook import ANCHOR_WEEKS, outlook
from models.calibration.rates import FLOW_MONTHS, Calibration, calibrate, spread
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from tests.models.histories import BANDS, DAYS, YEAR, england, growing, silent, still

pytestmark = pytest.mark.unit

REVIEWS = 0.4
A_MONTH = DAYS / 12  # working days


def calibrated(history: History, functions: tuple[str, ...] = ("C_110",)) -> Calibration:
    return calibrate(history, england(functions), REVIEWS)


def removals_a_month(found: Calibration) -> np.ndarray:
    """Patients a month who would leave the list as it stands with no reported stop. (S,)"""
    return (found.removal * found.waiting).sum(axis=1) * months.WEEKS_PER_MONTH


def test_a_list_that_stands_still_gives_back_its_flows() -> None:
    history = still()
    found = calibrated(history)
    # A month: 4.348 x 1.02 x 1,000 = 4,435 starts; 2,571 stops; 928 admissions; the other 936 leave.
    starts, stops, admitted = (
        int(history.starts[0, 0]),
        int(history.non_admitted[0].sum()),
        int(history.admitted[0].sum()),
    )
    assert (starts, stops, admitted) == (4435, 2571, 928)
    assert found.starts * A_MONTH == pytest.approx(starts)
    assert removals_a_month(found) == pytest.approx(starts - stops - admitted)
    assert (found.exits * (1 - found.decided()))[0] * A_MONTH == pytest.approx(stops, rel=0.02)
    assert found.admissions * A_MONTH == pytest.approx(admitted, rel=0.02)
    assert found.notes == ("",)
    assert found.data_month == "2025-08"


def test_what_comes_in_goes_out() -> None:
    # nothing has drifted: exits and removals from a stage are what enters it, but for what ageing changes
    found = calibrated(still((400, 1000, 3000)))
    a_day = 1 / months.DAYS_A_WEEK
    outpatients = found.first + found.review
    leave = found.exits + (found.removal * outpatients).sum(axis=1) * a_day
    assert leave == pytest.approx(found.starts, rel=0.01)
    leave_admitted = found.admissions + (found.removal * found.admitted).sum(axis=1) * a_day
    assert leave_admitted == pytest.approx(found.exits * found.decided(), rel=0.03)


def test_the_expected_course_goes_where_the_outlook_says() -> None:
    # half a year on: the list as the outlook has it, within half a per cent, and its share near three points
    history = growing(still((2000, 4000), ("C_110", "C_130")), 0.01)
    whole = england(("C_110", "C_130"))
    found = calibrate(history, whole, REVIEWS)
    ahead = outlook(history, whole, steady_months(history))
    assert found.pace is not None
    calendar = months.working_days_by_week("2025-08", ANCHOR_WEEKS) / months.DAYS_A_WEEK
    waiting, within, _, _ = fluid_trajectory(found.stages(), found.pace[:, :ANCHOR_WEEKS], calendar)
    size = found.waiting.sum(axis=1)
    assert waiting[-1] == pytest.approx(size + ahead.growth(ANCHOR_WEEKS).sum(axis=1), rel=0.005)
    wanted = found.waiting[:, :18].sum(axis=1) / size + ahead.share
    assert within[-1] / waiting[-1] == pytest.approx(wanted, abs=0.03)


def test_a_list_that_grows_has_less_capacity_than_one_that_shrinks() -> None:
    grows, shrinks = (calibrated(growing(still((2000,)), by)) for by in (0.01, -0.01))
    assert grows.starts[0] > shrinks.starts[0]
    # what comes in less what goes out in the first quarter, at the pace that lets the list move
    net = []
    for c in (grows, shrinks):
        assert c.pace is not None
        stops = (c.exits * (1 - c.decided()) + c.admissions) * c.pace[:, :13].mean(axis=1)
        net.append((c.starts - stops)[0] - (c.removal * c.waiting).sum() / months.DAYS_A_WEEK)
    assert net[0] > net[1]


def test_clock_starts_that_fall_short_are_raised_to_balance() -> None:
    # 600 fewer starts a month than stops explain: nobody is removed, starts are the stops, and it is said
    history = still()
    stops = int(history.non_admitted[0].sum() + history.admitted[0].sum())
    found = calibrated(replace(history, starts=np.full_like(history.starts, stops - 600)))
    assert removals_a_month(found)[0] == 0
    assert found.starts * A_MONTH == pytest.approx(stops)
    assert "starts raised" in found.notes[0]


def test_stops_of_unknown_wait_are_stops() -> None:
    history = still()
    found = calibrated(replace(history, unknown_start=np.full_like(history.unknown_start, 100)))
    # 4,435 - 2,571 - 928 - 100
    assert removals_a_month(found) == pytest.approx(836)


def test_a_recoding_is_left_out_with_all_before_it() -> None:
    # From the sixth list on a series is half as large. Read through, the jump would be removals.
    history = still((4000,))
    half: dict[str, Any] = {
        name: np.concatenate([getattr(history, name)[:5], getattr(history, name)[5:] // 2])
        for name in ("incomplete", "dta", "admitted", "non_admitted", "starts")
    }
    broken = replace(history, **half)
    used = steady_months(broken)[:, 0]
    assert used.tolist() == [False] * 5 + [True] * 7
    found = calibrated(broken)
    days = months.working_days_by_month(YEAR)[6:].sum()
    assert found.starts[0] == pytest.approx(7 * int(half["starts"][-1, 0]) / days)
    ratio = removals_a_month(found)[0] / half["incomplete"][-1].sum()
    assert ratio == pytest.approx(936 / still().incomplete[0].sum(), rel=0.05)


def test_months_before_a_gap_are_left_out() -> None:
    # Silent in the fourth month: its flows and the fifth's have no two ends, and older ones are cut off.
    history = silent(still((1000, 800)), 0, [3])
    used = steady_months(history)
    assert used[:, 0].tolist() == [False] * 4 + [True] * 8
    assert used[:, 1].all()
    found = calibrated(history)
    # 8 months of 4,435 on their own working days
    assert found.starts[0] == pytest.approx(8 * 4435 / months.working_days_by_month(YEAR)[5:].sum())


def test_few_months_are_said() -> None:
    found = calibrated(silent(still((1000, 800)), 0, list(range(9))))
    assert found.notes[0] == "only 3 months of flows can be read"
    assert found.notes[1] == ""


def test_a_series_with_no_months_borrows_from_england() -> None:
    found = calibrated(silent(still((1000, 800)), 0, list(range(12))))
    assert "borrowed" in found.notes[0]
    whole = england()
    # England's 221,750 starts a month for its list, on the days of the year, for each who waits here
    turnover = whole.starts[1:].sum() / DAYS / whole.incomplete[-1].sum()
    assert found.starts[0] == pytest.approx(turnover * found.waiting[0].sum())
    assert found.exits[0] > 0
    assert found.admissions[0] > 0


def test_series_no_longer_on_the_returns_are_dropped() -> None:
    found = calibrated(silent(still((1000, 800, 600)), 1, [12]))
    assert found.providers.tolist() == ["R00", "R02"]


def test_the_latest_year_is_used_and_no_more() -> None:
    long = months.month_range("2023-08", "2025-08")
    history = still(span=long)
    starts = history.starts.copy()
    starts[:-FLOW_MONTHS] *= 3
    found = calibrate(replace(history, starts=starts), england(span=long), REVIEWS)
    assert found.starts * A_MONTH == pytest.approx(4435)


def test_what_cannot_be_calibrated_is_refused() -> None:
    short = ("2025-07", "2025-08")
    with pytest.raises(TandemError, match="Only 2 months") as fault:
        calibrate(still(span=short), england(span=short), REVIEWS)
    assert fault.value.remedy
    with pytest.raises(TandemError, match="Nothing is waiting in QK1 in August 2025"):
        calibrate(silent(still(), 0, [12]), england(), REVIEWS)
    with pytest.raises(ValueError, match="different months"):
        calibrate(still(), england(span=YEAR[:-1]), REVIEWS)


def test_those_seen_and_not_yet_seen_are_the_published_list_whole() -> None:
    history = still((37, 1000))
    found = calibrated(history)
    assert (found.waiting == history.incomplete[-1]).all()
    assert (found.admitted == history.dta[-1]).all()
    # no reviews, nobody seen; more reviews, more of the longer waits have been
    none = calibrate(history, england(), 0.0)
    assert not none.review.any()
    more = calibrate(history, england(), 2.0)
    assert more.review.sum() > found.review.sum() > 0
    share = found.review[1] / np.maximum(found.first + found.review, 1)[1]
    assert share[40] > share[10] > share[2]


def counts(most: int) -> st.SearchStrategy[np.ndarray]:
    return st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.default_rng(seed).integers(0, most + 1, (13, 3, BANDS))
    )


@settings(max_examples=40, deadline=None)
@given(
    incomplete=counts(60),
    dta=counts(80),
    admitted=counts(9),
    stops=counts(20),
    scale=st.sampled_from([0, 1, 1, 30]),
    starts=st.integers(0, 3000),
    gaps=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 2)), max_size=8),
)
def test_any_returns_give_rates_that_can_be_run(
    incomplete, dta, admitted, stops, scale, starts, gaps
) -> None:
    history = still((10, 20, 30), ("C_110", "C_130", "X02"))
    history = replace(
        history,
        incomplete=(incomplete * max(scale, 1)).astype(np.int32),
        dta=dta.astype(np.int32),  # at times more than the list itself, as in a faulty return
        admitted=(admitted * scale).astype(np.int32),
        non_admitted=(stops * scale).astype(np.int32),
        starts=np.full((13, 3), starts, np.int32),
    )
    for month, series in gaps:
        history = silent(history, series, [month])
    whole = still((50_000,) * 3, ("C_110", "C_130", "X02"), "ENGLAND").pooled()
    for pool in (whole, history.pooled()):
        found = calibrate(history, pool, REVIEWS)
        assert (found.waiting == history.incomplete[-1]).all()
        assert min(found.first.min(), found.review.min(), found.admitted.min()) >= 0
        for rate in (found.starts, found.exits, found.admissions, found.booking, found.booking_admitted):
            assert np.isfinite(rate).all()
            assert rate.min() >= 0
        for chance in (found.removal, found.decisions, found.decided()):
            assert chance.min() >= 0
            assert chance.max() <= 1
        for wide in (found.demand_spread, found.capacity_spread, found.lost_after_first()):
            assert np.isfinite(wide).all()
            assert wide.min() >= 0


def test_spread_is_beyond_chance() -> None:
    draw = np.random.default_rng(4)
    days = np.full((240, 1), 21)
    used = np.ones((240, 40), bool)
    plain = draw.poisson(400, (240, 40))
    assert spread(plain, days, used).max() < 0.03
    # a month's mean itself strays by 20%
    strays = draw.poisson(400 * draw.normal(1, 0.2, (240, 40)))
    assert spread(strays, days, used).mean() == pytest.approx(0.2, abs=0.01)


def test_a_thin_series_takes_the_spread_of_its_like() -> None:
    draw = np.random.default_rng(5)
    days = np.full((12, 1), 21)
    monthly = draw.poisson(400 * draw.normal(1, 0.2, (12, 41)))
    monthly[:, 40] = draw.poisson(3, 12)
    found = spread(monthly, days, np.ones((12, 41), bool))
    others = np.sort(found[:40])
    assert others[5] < found[40] < others[35]

"""Shown, needed, spare and short, worked by hand; what the returns do not tell; what must always hold."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.capacity.estimate import BEHIND, OWN_SHARE, Capacity, Floor, capacity, explained
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from tests.models.histories import BANDS, YEAR, england, silent, still

pytestmark = pytest.mark.unit

WEEK = months.DAYS_A_WEEK
HALF = Floor(0.5)


def listed(
    starts: int = 10, stops: int = 10, late: int | list[int] = 0, provider: str = "R00", size: int = 20_000
) -> History:
    """A list under `starts` and `stops` a working day, nobody removed; `late` of it have waited 30 weeks."""
    days = months.working_days_by_month(YEAR)
    change = days * (starts - stops)
    change[0] = 0
    total = size + np.cumsum(change)
    incomplete = np.zeros((len(YEAR), 1, BANDS), np.int32)
    incomplete[:, 0, 30] = late
    incomplete[:, 0, 5] = total - incomplete[:, 0, 30]
    stopped = np.zeros_like(incomplete)
    stopped[:, 0, 5] = days * stops
    flat = np.zeros((len(YEAR), 1), np.int32)
    return History(
        scope="QK1",
        months=YEAR,
        providers=np.array([provider]),
        treatment_functions=np.array(["C_110"]),
        incomplete=incomplete,
        dta=np.zeros_like(incomplete),
        admitted=np.zeros_like(incomplete),
        non_admitted=stopped,
        unknown_start=flat,
        starts=(days * starts)[:, None].astype(np.int32),
        reported=np.ones((len(YEAR), 1), bool),
    )


def found_of(history: History, floor: Floor = HALF, england: History | None = None) -> Capacity:
    return capacity(history, (england or history).pooled(), floor)


def test_spare_by_hand() -> None:
    # 10 stops a day are 48.49 a week; 8 starts a day, with nobody removed, are 38.79 of demand.
    found = found_of(listed(starts=8, stops=10))
    quarter, demand = 10 * WEEK, 8 * WEEK
    # 0.44 of the gap closes: 48.49 x 0.8^0.44 = 43.95. Every month is the same on working days, so nothing is
    # taken off for unsteadiness; for chance 1.25 / sqrt(48.49 x 13.04 weeks = 632 stops) = 0.0497.
    shown = quarter * 0.8**0.44 * math.exp(0.06 - 1.25 / math.sqrt(quarter * 3 * months.WEEKS_PER_MONTH))
    assert found.shown[0] == pytest.approx(shown)
    assert found.shown[0] == pytest.approx(44.41, abs=0.01)
    # All wait under 18 weeks, so no more is owed; F = -ln(1 - 0.5) = 0.693, and chance adds 0.693 / 18 = 0.04
    assert found.needed[0] == pytest.approx(demand + math.log(2) / 18)
    assert found.needed[0] == pytest.approx(38.83, abs=0.01)
    assert found.spare[0] == pytest.approx(44.41 - 38.83, abs=0.01)
    assert found.short[0] == 0
    # The range: factors exp(0.06 - 2.1 x 0.0398) = 0.977 and exp(0.06 + 3.4 x 0.0398) = 1.216 on 43.95
    assert found.spare_lower[0] == pytest.approx(43.95 * 0.9767 - 38.83, abs=0.02)
    assert found.spare_upper[0] == pytest.approx(43.95 * 1.2155 - 38.83, abs=0.02)


def test_short_is_the_mirror_image() -> None:
    found = found_of(listed(starts=12, stops=10))
    # demand 58.18 a week; shown 48.49 x 1.2^0.44 x 1.0104 = 53.08
    assert found.shown[0] == pytest.approx(53.08, abs=0.02)
    assert found.short[0] == pytest.approx(58.18 + 0.04 - 53.08, abs=0.02)
    assert found.spare[0] == 0


def test_a_list_too_long_for_the_floor_owes_what_is_over() -> None:
    # Half of 20,000 wait under 18 weeks; at a floor of 80% the list may be 10,000 / 0.8 = 12,500 long, so
    # 7,500 are to be worked off in 26 weeks: 288.5 a week over the demand of 48.49.
    found = found_of(listed(late=10_000), Floor(0.8))
    allowance = -math.log(0.2) / 18
    assert found.needed[0] == pytest.approx(10 * WEEK + 7_500 / 26 + allowance)
    # By August 2026, 12 months or 52.18 weeks on, it is half as much a week.
    later = found_of(listed(late=10_000), Floor(0.8, by="2026-08"))
    assert later.needed[0] == pytest.approx(10 * WEEK + 7_500 / (12 * months.WEEKS_PER_MONTH) + allowance)


def test_its_own_share_today_is_the_usual_floor() -> None:
    found = found_of(listed(late=10_000), OWN_SHARE)
    assert found.share[0] == 0.5
    assert found.needed[0] == pytest.approx(10 * WEEK + math.log(2) / 18)


def test_nothing_is_spare_where_the_share_is_falling() -> None:
    falling = [100 * month for month in range(13)]  # of a list that shrinks from 20,000 to 14,960
    history = listed(starts=8, stops=10, late=falling)
    found = found_of(history, OWN_SHARE)
    assert found.spare[0] == 0
    assert found.notes[0] == BEHIND
    # A planner who asks for less than it has is not falling behind that floor.
    assert found_of(history, HALF).spare[0] == pytest.approx(44.41 - 38.83, abs=0.01)
    # A fall that came back within the quarter is none.
    recovered = [*falling[:9], 0, 0, 0, 0]
    assert found_of(listed(starts=8, stops=10, late=recovered), OWN_SHARE).notes[0] == ""


def test_a_clean_up_of_the_list_is_no_fall_in_demand() -> None:
    history = listed()
    size = history.incomplete.copy()
    size[-3:] -= np.where(size[-3:] > 0, 2_000, 0)  # 2,000 leave in June with no clock stop
    cleaned = replace(history, incomplete=size)
    # Spread over the year's 252 working days they are 7.9 a day, and over the quarter's 64 they'd be 31
    found = found_of(cleaned)
    assert found.needed[0] == pytest.approx((10 - 2_000 / 252) * WEEK + math.log(2) / 18, rel=1e-3)


@pytest.mark.parametrize(
    ("gone", "why"),
    [([12], "no return for August 2025"), ([8], "a month of the last six is missing, or was recoded")],
)
def test_a_series_with_gaps_is_not_known(gone: list[int], why: str) -> None:
    found = found_of(silent(listed(starts=8), 0, gone), england=listed())
    assert np.isnan([found.shown[0], found.needed[0], found.spare[0], found.spare_upper[0]]).all()
    assert found.notes[0] == why
    assert explained(found, 0) == f"Not known: {why}."
    assert not found.known[0]


def test_an_older_gap_is_forgiven() -> None:
    assert found_of(silent(listed(starts=8), 0, [3])).spare[0] > 5


def test_too_few_stops_are_not_known() -> None:
    history = listed(starts=0, stops=0)
    assert found_of(history).notes[0] == "under 2 clock stops a week: too few to tell"


def test_returns_that_contradict_themselves_are_not_known() -> None:
    history = listed()
    starts = history.starts.copy()
    starts[-3:] //= 2  # as if half of the clock starts of the quarter had not been reported
    found = found_of(replace(history, starts=starts))
    assert found.notes[0] == "its clock starts do not explain its stops and list"
    starts = history.starts * 3  # two in three leave with no stop
    found = found_of(replace(history, starts=starts))
    assert found.notes[0] == "more leave its list with no reported clock stop than with one"


def test_what_is_no_trust_shows_less() -> None:
    trust, other = found_of(listed(starts=8)), found_of(listed(starts=8, provider="NVC01"))
    assert other.shown[0] == pytest.approx(trust.shown[0] * math.exp(-0.25))


def test_too_few_months_are_refused() -> None:
    short = listed().until("2025-08", 6)
    with pytest.raises(TandemError, match="Only 6 months running are held up to August 2025"):
        found_of(short)
    history = listed()
    broken = replace(history, months=(*months.month_range("2024-06", "2025-03"), *YEAR[-3:]))
    with pytest.raises(TandemError, match="Only 3 months running"):
        found_of(broken)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.2])
def test_a_floor_nobody_can_keep_is_refused(share: float) -> None:
    with pytest.raises(TandemError, match="can't be kept"):
        Floor(share)


def test_a_floor_for_tomorrow_is_refused() -> None:
    with pytest.raises(TandemError, match="October 2025 is too soon after August 2025"):
        found_of(listed(), Floor(0.92, by="2025-10"))


def test_the_sentence() -> None:
    found = found_of(listed(starts=8, stops=10), OWN_SHARE)
    # its own share is 100%: F = -ln 0.02 = 3.91, an allowance of 0.22 in place of 0.04
    assert explained(found, 0) == (
        "Can be relied on for 44 clock stops a week; needs 39 to hold its own 18-week share of 100.0%; "
        "5.4 spare (80%: 3.9 to 14)."
    )
    assert explained(found_of(listed(starts=12), Floor(0.92, by="2026-08")), 0) == (
        "Can be relied on for 53 clock stops a week; needs 58 to have 92% within 18 weeks by August 2026; "
        "none spare, 5.2 short."
    )


@settings(max_examples=40, deadline=None)
@given(
    starts=st.integers(1, 30),
    stops=st.integers(1, 30),
    late=st.lists(st.integers(0, 9_000), min_size=13, max_size=13),
    share=st.one_of(st.none(), st.floats(0.05, 1.0)),
)
def test_what_always_holds(starts: int, stops: int, late: list[int], share: float | None) -> None:
    history = listed(starts, stops, late)
    found = found_of(history, Floor(share))
    if not found.known[0]:
        assert found.notes[0]
        return
    assert found.spare[0] * found.short[0] == 0
    assert found.spare[0] - found.short[0] == pytest.approx(found.shown[0] - found.needed[0])
    assert 0 <= found.spare_lower[0] <= found.spare[0] <= found.spare_upper[0]
    now, quarter, half = (1 - late[i] / history.incomplete[i].sum() for i in (-1, -4, -7))
    if now < min(quarter, half) - 0.0101 and now <= (share or now):
        assert found.spare[0] == 0
    # A higher floor never frees capacity.
    higher = found_of(history, Floor(min((share or now) + 0.05, 1.0)))
    assert higher.needed[0] >= found.needed[0] - 1e-9 or found.notes[0] == BEHIND


def test_what_a_board_uploads_takes_the_place_of_the_estimate() -> None:
    plain = capacity(still((1000, 1000)), england())
    given = capacity(still((1000, 1000)), england(), uploaded={("R01", "C_110"): 2 * plain.needed[1]})
    assert given.uploaded == {1}
    assert given.shown[0] == plain.shown[0]
    assert given.needed.tolist() == plain.needed.tolist()
    assert given.spare[1] == given.spare_lower[1] == given.spare_upper[1] == pytest.approx(plain.needed[1])
    assert explained(given, 1).startswith("Has, as uploaded by its board, ")
    assert "80%" not in explained(given, 1)
    less = capacity(still((1000, 1000)), england(), uploaded={("R01", "C_110"): plain.needed[1] / 2})
    assert less.plainly_short[1] == pytest.approx(plain.needed[1] / 2)  # no range: short is short

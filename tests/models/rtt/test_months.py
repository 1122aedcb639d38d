from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.rtt.months import (
    add_months,
    first_day,
    first_simulated_monday,
    last_day,
    month_label,
    month_of,
    month_range,
    months_between,
    next_month,
    parse_month,
    parse_period,
    short_month_label,
    week_start,
    week_starts,
    weeks_to_months,
    working_days,
    working_days_between,
    working_days_by_month,
    working_days_by_week,
    working_days_in_week,
)

pytestmark = pytest.mark.unit

months = st.builds("{:04d}-{:02d}".format, st.integers(2000, 2060), st.integers(1, 12))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2025-08", "2025-08"),
        (" 2025-08 ", "2025-08"),
        ("RTT-June-2025", "2025-06"),
        ("RTT-FEBRUARY-2026", "2026-02"),
        ("rtt-December-2024", "2024-12"),
    ],
)
def test_a_month_is_read(text: str, month: str) -> None:
    assert parse_month(text) == month


@pytest.mark.parametrize("text", ["2025-13", "2025-00", "2025-8", "August 2025", "", "2025-08-31", "0000-01"])
def test_a_bad_month_is_refused_by_name(text: str) -> None:
    with pytest.raises(TandemError, match="is not a month") as refused:
        parse_month(text)
    assert "2025-08" in refused.value.remedy


@pytest.mark.parametrize("text", ["RTT-Juno-2025", "RTT-June-25", "June-2025", "RTT-June"])
def test_a_bad_period_is_refused_by_name(text: str) -> None:
    with pytest.raises(TandemError, match="is not a period"):
        parse_period(text)


def test_months_run_over_the_year_end() -> None:
    assert next_month("2025-12") == "2026-01"
    assert add_months("2026-01", -1) == "2025-12"
    assert add_months("2024-04", 16) == "2025-08"  # 16 = 1 year and 4 months
    assert months_between("2024-04", "2025-08") == 16
    assert month_range("2025-11", "2026-02") == ("2025-11", "2025-12", "2026-01", "2026-02")
    assert month_range("2025-11", "2025-10") == ()


@given(months, st.integers(-200, 200))
def test_adding_months_can_be_undone_and_counted(month: str, count: int) -> None:
    there = add_months(month, count)
    assert add_months(there, -count) == month
    assert months_between(month, there) == count


def test_a_month_has_a_first_and_a_last_day_and_a_name() -> None:
    assert first_day("2024-02") == date(2024, 2, 1)
    assert last_day("2024-02") == date(2024, 2, 29)  # leap year
    assert last_day("2025-12") == date(2025, 12, 31)
    assert month_label("2025-08") == "August 2025"
    assert short_month_label("2025-08") == "Aug 2025"
    assert month_of(date(2025, 8, 31)) == "2025-08"


@given(months)
def test_a_month_ends_the_day_before_the_next_begins(month: str) -> None:
    assert last_day(month) + timedelta(days=1) == first_day(next_month(month))


@pytest.mark.parametrize(
    ("month", "days"),
    [
        ("2025-08", 20),  # 21 weekdays, less the late summer bank holiday
        ("2025-04", 20),  # 22, less Good Friday and Easter Monday
        ("2024-12", 20),  # 22, less Christmas Day and Boxing Day
        ("2026-12", 21),  # 23, less Christmas Day (Friday) and Boxing Day in lieu (Monday 28th)
        ("2022-06", 20),  # 22, less the moved spring bank holiday and the Platinum Jubilee
        ("2025-07", 23),  # none
    ],
)
def test_working_days_leave_out_englands_bank_holidays(month: str, days: int) -> None:
    assert working_days(month) == days


def test_working_days_of_a_year() -> None:
    # 2025 has 261 weekdays and 8 bank holidays, all on weekdays
    assert working_days_between(date(2025, 1, 1), date(2025, 12, 31)) == 253
    assert working_days_by_month(month_range("2025-01", "2025-12")).sum() == 253


def test_working_days_between_includes_both_ends_and_may_be_none() -> None:
    assert working_days_between(date(2025, 9, 1), date(2025, 9, 1)) == 1
    assert working_days_between(date(2025, 9, 6), date(2025, 9, 7)) == 0  # a weekend
    assert working_days_between(date(2025, 9, 2), date(2025, 9, 1)) == 0


def test_the_simulation_starts_on_the_first_monday_after_the_month() -> None:
    assert first_simulated_monday("2025-08") == date(2025, 9, 1)  # 31 August is a Sunday
    assert first_simulated_monday("2025-03") == date(2025, 4, 7)  # 31 March is a Monday: a week later
    assert first_simulated_monday("2025-06") == date(2025, 7, 7)  # 30 June is a Monday
    assert week_start("2025-08", 3) == date(2025, 9, 22)


@given(months, st.integers(0, 300))
def test_weeks_start_on_mondays_within_a_week_of_the_months_end(month: str, week: int) -> None:
    first = first_simulated_monday(month)
    assert first.weekday() == 0
    assert timedelta(days=1) <= first - last_day(month) <= timedelta(days=7)
    assert week_start(month, week) - first == timedelta(weeks=week)


def test_working_days_by_week_lose_christmas_and_new_year() -> None:
    # from Monday 1 September 2025: week 16 starts on 22 December (less the 25th and 26th),
    # week 17 on the 29th (less 1 January)
    days = working_days_by_week("2025-08", 19)
    assert list(days[:16]) == [5] * 16
    assert list(days[16:]) == [3, 4, 5]
    assert week_starts("2025-08", 19)[16] == np.datetime64("2025-12-22")
    assert len(working_days_by_week("2025-08", 0)) == 0


@given(months, st.integers(1, 120))
def test_working_days_by_week_agree_with_one_week_at_a_time(month: str, weeks: int) -> None:
    days = working_days_by_week(month, weeks)
    assert days.shape == (weeks,)
    assert days[-1] == working_days_in_week(week_start(month, weeks - 1))
    assert days.sum() == working_days_between(
        week_start(month, 0), week_start(month, weeks) - timedelta(days=1)
    )


def test_weeks_to_months_known_answer_weeks_months() -> None:
    # weeks x 7 / (365.25 / 12): 18 x 7 / 30.4375 = 4.13963
    assert weeks_to_months(np.array([4.0, 18.0, 52.0])) == pytest.approx(
        [0.919918, 4.13963, 11.958932], rel=1e-6
    )

"""Months of the returns, the weeks a simulation runs through, and England's working days in both.

A month is a string 'YYYY-MM'. Week 0 of a simulation starts on the first Monday after the last day of the
month whose list it starts from, so a list counted on Sunday 31 August 2025 runs from Monday 1 September 2025.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from models.errors import TandemError

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKS_PER_MONTH = 365.25 / 12 / 7
DAYS_A_WEEK = 253 / (365.25 / 7)  # working days: 261 weekdays a year less eight bank holidays

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_PERIOD = re.compile(r"RTT-([A-Z]+)-((?:19|20)\d\d)", re.IGNORECASE)


def parse_month(text: str) -> str:
    """Gives the month as 'YYYY-MM', from that form or from a return's period ('RTT-June-2025').

    Raises TandemError if `text` is neither.
    """
    stripped = text.strip()
    if stripped[:4].upper() == "RTT-":
        return parse_period(stripped)
    if not _MONTH.fullmatch(stripped):
        raise TandemError(f"'{text}' is not a month.", "Write it as year and month, such as 2025-08.")
    return stripped


def parse_period(text: str) -> str:
    """Gives the month as 'YYYY-MM' from the period of an official RTT file, such as 'RTT-June-2025'.

    Raises TandemError if `text` is not such a period.
    """
    match = _PERIOD.fullmatch(text.strip())
    name = match.group(1).capitalize() if match else ""
    if match is None or name not in MONTH_NAMES:
        raise TandemError(
            f"'{text}' is not a period of the RTT returns.",
            "Use the official file as published: its periods read like RTT-June-2025.",
        )
    return f"{match.group(2)}-{MONTH_NAMES.index(name) + 1:02d}"


def add_months(month: str, count: int) -> str:
    """Gives the month `count` months after `month` (before it, if negative)."""
    ordinal = _ordinal(month) + count
    return parse_month(f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}")


def next_month(month: str) -> str:
    """Gives the month after `month`."""
    return add_months(month, 1)


def months_between(first: str, last: str) -> int:
    """Gives the number of months from `first` to `last` (0 if equal, negative if `last` is earlier)."""
    return _ordinal(last) - _ordinal(first)


def month_range(first: str, last: str) -> tuple[str, ...]:
    """Gives every month from `first` to `last`, both included; none if `last` is before `first`."""
    return tuple(add_months(first, i) for i in range(months_between(first, last) + 1))


def month_of(day: date) -> str:
    """Gives the month that `day` falls in."""
    return f"{day.year:04d}-{day.month:02d}"


def month_label(month: str) -> str:
    """Gives the month in words, such as 'August 2025'."""
    first = first_day(month)
    return f"{MONTH_NAMES[first.month - 1]} {first.year}"


def short_month_label(month: str) -> str:
    """Gives the month as an axis shows it, such as 'Aug 2025'."""
    first = first_day(month)
    return f"{MONTH_NAMES[first.month - 1][:3]} {first.year}"


def first_day(month: str) -> date:
    """Gives the first day of `month`."""
    year, number = parse_month(month).split("-")
    return date(int(year), int(number), 1)


def last_day(month: str) -> date:
    """Gives the last day of `month`, the day on which its waiting list is counted."""
    first = first_day(month)
    # day 28 plus four days always lies in the next month
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def working_days(month: str) -> int:
    """Gives the working days in `month`: Monday to Friday, less England's bank holidays."""
    return working_days_between(first_day(month), last_day(month))


def working_days_by_month(months: Sequence[str]) -> NDArray[np.int64]:
    """Gives the working days in each of `months`, shape (len(months),)."""
    return np.array([working_days(month) for month in months], dtype=np.int64)


def working_days_between(first: date, last: date) -> int:
    """Gives the working days from `first` to `last`, both included; 0 if `last` is before `first`."""
    if last < first:
        return 0
    return int(np.busday_count(first, last + timedelta(days=1), busdaycal=_calendar(first.year, last.year)))


def first_simulated_monday(month: str) -> date:
    """Gives the Monday on which week 0 starts: the first one after the last day of `month`."""
    end = last_day(month)
    return end + timedelta(days=7 - end.weekday())


def week_start(month: str, week: int) -> date:
    """Gives the Monday of simulated week `week`, counted from 0, for a list of `month`."""
    return first_simulated_monday(month) + timedelta(weeks=week)


def week_starts(month: str, weeks: int) -> NDArray[np.datetime64]:
    """Gives the Mondays of simulated weeks 0 to `weeks` - 1, shape (weeks,), as datetime64[D]."""
    return np.datetime64(first_simulated_monday(month), "D") + np.arange(weeks) * np.timedelta64(7, "D")


def working_days_in_week(monday: date) -> int:
    """Gives the working days in the seven days from `monday`: 5, less the bank holidays."""
    return working_days_between(monday, monday + timedelta(days=6))


def working_days_by_week(month: str, weeks: int) -> NDArray[np.int64]:
    """Gives the working days in simulated weeks 0 to `weeks` - 1, shape (weeks,)."""
    if weeks <= 0:
        return np.zeros(0, dtype=np.int64)
    starts = week_starts(month, weeks)
    calendar = _calendar(week_start(month, 0).year, week_start(month, weeks).year)
    return np.busday_count(starts, starts + np.timedelta64(7, "D"), busdaycal=calendar).astype(np.int64)


def weeks_to_months(weeks: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Gives `weeks` in months of 365.25 / 12 = 30.4375 days: 18 weeks are 4.14 months."""
    return weeks / WEEKS_PER_MONTH


def _ordinal(month: str) -> int:
    first = first_day(month)
    return first.year * 12 + first.month - 1


def _calendar(first_year: int, last_year: int) -> np.busdaycalendar:
    # whole decades, so that a run of months or weeks shares one calendar
    return _decades(first_year // 10, last_year // 10)


@lru_cache(maxsize=32)
def _decades(first: int, last: int) -> np.busdaycalendar:
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=range(first * 10, last * 10 + 10))
    return np.busdaycalendar(holidays=np.array(sorted(bank_holidays), dtype="datetime64[D]"))

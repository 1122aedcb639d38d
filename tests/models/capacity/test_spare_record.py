"""What became of a series called spare, where the half year that followed is known."""

from dataclasses import replace

import numpy as np
import pytest

from models.capacity.spare_record import follow, records
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from tests.models.histories import BANDS

pytestmark = pytest.mark.unit

SPAN = months.month_range("2024-02", "2025-08")
AS_OF = 12  # February 2025: a year before it and six months after
DAYS = months.working_days_by_month(SPAN)


def lists(after: list[list[int]], late: int = 0) -> History:
    """Lists with 8 starts and 10 stops a working day to February 2025, and then stops a day as `after` says.

    In the end `late` of each have waited 30 weeks.
    """
    series = len(after)
    stops = np.full((len(SPAN), series), 10)
    stops[AS_OF + 1 :] = np.array(after).T
    change = DAYS[:, None] * (8 - stops)
    change[0] = 0
    incomplete = np.zeros((len(SPAN), series, BANDS), np.int32)
    incomplete[:, :, 5] = 20_000 + np.cumsum(change, axis=0)
    incomplete[-1, :, 5] -= late
    incomplete[-1, :, 30] = late
    stopped = np.zeros_like(incomplete)
    stopped[:, :, 5] = DAYS[:, None] * stops
    return History(
        scope="ENGLAND",
        months=SPAN,
        providers=np.array([f"R{i:02d}" for i in range(series)]),
        treatment_functions=np.full(series, "C_110"),
        incomplete=incomplete,
        dta=np.zeros_like(incomplete),
        admitted=np.zeros_like(incomplete),
        non_admitted=stopped,
        unknown_start=np.zeros((len(SPAN), series), np.int32),
        starts=np.repeat(DAYS[:, None] * 8, series, axis=1).astype(np.int32),
        reported=np.ones((len(SPAN), series), bool),
    )


# 44.4 clock stops a week are relied on, 9.2 a working day; the range runs to 53, 11 a day, and from 43, 8.9
KEPT = [8, 10, 10, 10, 8, 8]  # a quarter of 10 a day
BROKEN = [9, 9, 9, 9, 9, 9]  # within the range, but not what was called spare
FAR_LESS = [8, 8, 8, 8, 8, 8]
FAR_MORE = [12, 12, 12, 12, 12, 12]


def test_the_best_quarter_is_what_counts() -> None:
    found = follow(lists([KEPT, BROKEN, FAR_LESS, FAR_MORE]), "2025-02")
    assert found.said.data_month == "2025-02"
    assert found.called.all()
    assert found.best == pytest.approx(np.array([10, 9, 8, 12]) * months.DAYS_A_WEEK)
    assert found.delivered.tolist() == [True, False, False, True]
    assert found.under.tolist() == [False, False, True, False]
    assert found.over.tolist() == [False, False, False, True]


def test_a_share_is_held_within_a_point() -> None:
    # All were within 18 weeks; of about 19,000 a hundred are half a point, and five hundred nearly three.
    assert follow(lists([KEPT], late=100), "2025-02").held.all()
    assert not follow(lists([KEPT], late=500), "2025-02").held.any()


def test_who_stops_reporting_is_counted_apart() -> None:
    history = lists([KEPT, KEPT])
    reported = history.reported.copy()
    reported[-1, 1] = False
    found = follow(replace(history, reported=reported), "2025-02")
    assert found.called.tolist() == [True, False]
    assert found.lost == 1


def test_the_record_counts_by_group() -> None:
    history = lists([KEPT, BROKEN, FAR_LESS, FAR_MORE])
    history = replace(history, providers=np.array(["R00", "R01", "R02", "NVC01"]))
    found = {each.group: each for each in records([follow(history, "2025-02")])}
    all_of_them = found["all"]
    # The independent provider shows 22% less than a trust, 34.6, and has nothing to spare over 38.8.
    assert (all_of_them.series, all_of_them.all_series, all_of_them.called) == (4, 4, 3)
    assert all_of_them.delivered == pytest.approx(1 / 3)
    assert all_of_them.below_range == pytest.approx(1 / 3)
    assert all_of_them.above_range == 0
    assert (all_of_them.held, all_of_them.held_by_all) == (1, 1)
    assert found["2025-02"] == replace(all_of_them, group="2025-02")
    assert found["NHS trusts"].called == 3
    assert found["independent and other"].called == 0
    assert np.isnan(found["independent and other"].delivered)
    assert found["3,000 or more waiting"].series == 4


def test_nothing_after_the_month_is_seen() -> None:
    one, other = (follow(lists([after]), "2025-02").said for after in (KEPT, FAR_MORE))
    assert one.shown.tolist() == other.shown.tolist()
    assert one.needed.tolist() == other.needed.tolist()


@pytest.mark.parametrize("month", ["2025-03", "2031-01"])
def test_a_month_with_no_half_year_after_it_is_refused(month: str) -> None:
    with pytest.raises(TandemError, match="What came in the six months after"):
        follow(lists([KEPT]), month)

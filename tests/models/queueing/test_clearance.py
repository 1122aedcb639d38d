"""Where lists are heading: load, the size they settle at, and when they are cleared, or never."""

import math

import numpy as np
import pytest

from models.queueing.clearance import Balance, clearance, in_months, never_said
from models.queueing.theory import target_queue_size
from models.rtt.months import WEEKS_PER_MONTH

pytestmark = pytest.mark.unit


def of(waiting: list[float], arriving: list[float], served: list[float], removal: list[float]) -> Balance:
    return Balance(*(np.array(values, float) for values in (waiting, arriving, served, removal)))


def test_the_balance_of_a_list() -> None:
    # 100 come; 90 are seen and 2% of 1,000 removed: 110 leave
    one = of([1000], [100], [90], [0.02])
    assert one.load() == pytest.approx([100 / 110])
    assert one.load(500) == pytest.approx([1])
    assert one.drift() == pytest.approx([-10 * WEEKS_PER_MONTH])
    assert one.settled() == pytest.approx([500])
    assert one.target() == pytest.approx(100 * 18 / -math.log(0.08))
    assert of([0], [5], [0], [0]).load() == [math.inf]


def test_a_list_that_is_cleared() -> None:
    # gap at 600: 90 + 12 - 100 = 2 a week; ln(1 + 0.02 x 400 / 2) / 0.02 = 80.5 weeks after the run's 104
    found = clearance(of([1000] * 3, [100] * 3, [90] * 3, [0.02] * 3), "2025-08", 104, 600)
    months = (104 + math.log(5) / 0.02) / WEEKS_PER_MONTH
    assert found.months.mean == found.months.lower == found.months.upper == pytest.approx(months)
    assert found.met == 1
    load, settled, cleared = found.sentences()
    assert load == (
        "As the list ends, 90.9 patients come for each 100 who leave (80%: 90.9 to 90.9): "
        "it falls by 43 a month (80%: 43 to 43)."
    )
    assert settled == "At these rates it settles at 500, half of the way there in 8 months."
    # 184.5 weeks are 42.4 months, from August 2025
    assert (
        cleared
        == "It is down to 600, its target, after 3.5 years (80%: 3.5 years to 3.5 years), in February 2029."
    )


def test_a_list_that_never_is_names_the_load_that_makes_it_so() -> None:
    # at the 400 asked for, 90 + 8 leave: 100 / 98 = 102.0
    found = clearance(of([1000], [100], [90], [0.02]), "2025-08", 104, 400)
    assert found.never
    assert found.met == 0
    assert found.cleared_said() == (
        "It is down to 400, its target, never: at that size 102.0 patients would come for each 100 who leave."
    )
    endless = clearance(of([1000], [100], [90], [0]), "2025-08", 104, 400)
    assert endless.sentences()[1] == "At these rates it grows without end."
    falling = clearance(of([1000], [100], [120], [0.01]), "2025-08", 104, 400)
    assert falling.sentences()[1] == "At these rates it runs down until clinics have nobody to see."


def test_futures_that_differ_give_a_band_that_may_end_in_never() -> None:
    # 10 futures: in eight 2 more leave than come at 600, in two as many come as leave
    served = [90.0] * 8 + [88.0] * 2
    found = clearance(of([1000] * 10, [100] * 10, served, [0.02] * 10), "2025-08", 104, 600)
    assert found.months.lower == pytest.approx((104 + math.log(5) / 0.02) / WEEKS_PER_MONTH)
    assert found.months.upper == math.inf
    assert found.met == pytest.approx(0.8)
    assert "to never)" in found.cleared_said()
    # within the run: reached in week 52 and kept
    within = clearance(of([500], [100], [90], [0.02]), "2025-08", 104, 600, np.array([52.0]))
    assert within.months.mean == pytest.approx(52 / WEEKS_PER_MONTH)
    assert clearance(of([500], [100], [90], [0.02]), "2025-08", 104, 600, np.array([0.0])).cleared_said() == (
        "The list is already within its target of 600."
    )


def test_the_target_is_that_of_the_standard_unless_one_is_given() -> None:
    found = clearance(of([1000, 1000], [90, 110], [100, 100], [0.02, 0.02]), "2025-08", 104)
    assert found.target == pytest.approx(target_queue_size(100, 18))


def test_lists_that_never_are_named_worst_first() -> None:
    never = clearance(of([1000], [100], [90], [0.02]), "2025-08", 104, 400)
    worse = clearance(of([1000], [100], [80], [0.02]), "2025-08", 104, 400)
    cleared = clearance(of([1000], [100], [120], [0.02]), "2025-08", 104, 400)
    assert never_said([("Skin", never), ("Eyes", cleared), ("Heart", worse)]) == (
        "Taken by itself, 2 of 3 specialties' lists would never come down to its target. Patients who would "
        "come there for each 100 who leave: Heart (114), Skin (102)."
    )
    assert never_said([("Eyes", cleared)]).startswith("Taken by itself, every specialty's")
    assert never_said([("A", never)] * 5).endswith(" and 2 more.")


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (0, "0 months"),
        (1.2, "1 month"),
        (35.4, "35 months"),
        (48, "4 years"),
        (54, "4.5 years"),
        (601, "more than 50 years"),
        (math.inf, "never"),
    ],
)
def test_a_time_as_it_is_said(months: float, said: str) -> None:
    assert in_months(months) == said

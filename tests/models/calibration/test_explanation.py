"""A series explained: each quantity is the calibration's, and says what it rests on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.calibration.explanation import Explanation, Quantity, explain
from models.calibration.rates import calibrated, workings
from models.errors import TandemError
from models.rtt.history import History
from models.scenarios.assumptions import resolve
from tests.models.histories import DAYS, england, silent, still

pytestmark = pytest.mark.unit

METHOD = Path(__file__).resolve().parents[3] / "docs" / "method.md"


def explained(history: History, provider: str = "R00", function: str = "C_110") -> Explanation:
    return explain(workings(history, england()), resolve({}), provider, function)


def quantity(found: Explanation, name: str) -> Quantity:
    (one,) = (each for each in found.quantities if each.name == name)
    return one


def test_quantities_are_the_calibrations() -> None:
    read = workings(still((1000, 2000)), england())
    found, made = explain(read, resolve({}), "R01", "C_110"), calibrated(read, 0.4)
    for name, value in (
        ("Waiting", made.waiting[1].sum()),
        ("Waiting for a first appointment", made.first[1].sum()),
        ("Clock starts used", made.starts[1]),
        ("Exits used", made.exits[1]),
        ("Admissions used", made.admissions[1]),
        ("Leaves the outpatient stage at 26 weeks", 100 * made.booking[1, 26]),
        ("Is admitted at 52 weeks", 100 * made.booking_admitted[1, 52]),
        ("Removed at 13 weeks", 100 * made.removal[1, 13]),
        ("Exits that are decisions to admit", 100 * made.decided()[1]),
        ("Spread of clock starts", 100 * made.demand_spread[1]),
        ("Spread of capacity", 100 * made.capacity_spread[1]),
        ("Tilt of booking and removals past 18 weeks", read.steering.tilt[0, 1]),
    ):
        assert quantity(found, name).value == pytest.approx(float(value)), name


def test_flows_say_what_was_reported_and_what_was_added() -> None:
    found = explained(still())
    # 4,435 starts a month are reported, on 252 working days; none is late where nothing grows
    reported = quantity(found, "Clock starts reported")
    assert reported.value == pytest.approx(12 * 4435 / DAYS)
    assert reported.months == "September 2024 to August 2025 (12)"
    assert quantity(found, "Late starts added").value == 0
    assert found.note == found.left_out == ""
    # 600 fewer than its stops explain: they are added
    stops = int(still().non_admitted[0].sum() + still().admitted[0].sum())
    short = explained(replace(still(), starts=np.full((13, 1), stops - 600, np.int32)))
    assert quantity(short, "Starts added to balance").value == pytest.approx(12 * 600 / DAYS)
    assert "starts raised" in short.note


def test_pooling_is_told_by_how_much() -> None:
    # a band with e person-weeks is its own by e / (e + 30); 1,000 a week under a week, falling by 4% a week
    waiting = still().incomplete[0, 0] - still().dta[0, 0]
    weeks = waiting * 12 * 365.25 / 12 / 7
    own = (weeks * weeks / (weeks + 30)).sum() / weeks.sum()
    said = quantity(explained(still()), "Leaves the outpatient stage at 4 weeks").origin
    assert said.startswith(f"{own:.0%} its own, {1 - own:.0%} England's for the treatment function")
    thin = quantity(explained(still((5,))), "Leaves the outpatient stage at 4 weeks").origin
    assert int(thin.partition("%")[0]) < 95
    # twelve months of its own beside six of its like
    spread = quantity(explained(still()), "Spread of clock starts").origin
    assert spread == "67% its own, 33% the median of all lists here"


def test_a_gap_and_a_recoding_are_told() -> None:
    gap = explained(silent(still((1000, 800)), 0, [3]))
    # silent in November 2024: December has no list to start from
    assert gap.left_out == (
        "December 2024 and the months before it are left out: the provider did not report at both its ends."
    )
    assert quantity(gap, "Clock starts used").months == "January 2025 to August 2025 (8)"
    history = still((4000,))
    incomplete = history.incomplete.copy()
    incomplete[:5] *= 2
    size = int(history.incomplete[0].sum())
    recoded = explained(replace(history, incomplete=incomplete))
    assert recoded.left_out == (
        f"January 2025 and the months before it are left out: the list went from {2 * size:,} to {size:,}: "
        "a recoding, a merger or a clean-up."
    )


def test_a_series_with_no_month_says_what_it_borrows() -> None:
    found = explained(silent(still((1000, 800)), 0, list(range(12))))
    starts = quantity(found, "Clock starts used")
    assert starts.months == "none"
    assert starts.origin.startswith("England's for each patient waiting")
    assert quantity(found, "Leaves the outpatient stage at 4 weeks").origin.startswith("0% its own, 100%")
    assert "borrowed" in found.note
    assert quantity(found, "Spread of the list in 26 weeks").origin == "lists of its size"


def test_every_quantity_has_a_unit_and_a_place_in_the_method() -> None:
    text = METHOD.read_text(encoding="utf-8")
    for each in explained(still()).quantities:
        assert each.unit
        assert np.isfinite(each.value)
        assert f"**{each.method}" in text or f"\n## {each.method}" in text, each.method


def test_an_assumption_changes_what_rests_on_it() -> None:
    read = workings(still(), england())
    usual, longer = (
        explain(read, resolve(given), "R00", "C_110") for given in ({}, {"appointment_minutes_first": 60})
    )
    assert quantity(longer, "Clinic minutes").value > quantity(usual, "Clinic minutes").value
    assert quantity(longer, "Exits used") == quantity(usual, "Exits used")


@pytest.mark.parametrize(
    ("provider", "function", "said", "remedy"),
    [
        ("RXX", "C_110", "RXX has no list in QK1 in August 2025", "R00, R01"),
        ("R00", "C_130", "R00 has no list for Ophthalmology", "It has C_110"),
        ("R00", "C_999", "'C_999' is not a treatment function", "C_100"),
    ],
)
def test_a_series_that_is_not_there_is_refused(provider: str, function: str, said: str, remedy: str) -> None:
    with pytest.raises(TandemError, match=said) as fault:
        explained(still((1000, 800)), provider, function)
    assert remedy in fault.value.remedy

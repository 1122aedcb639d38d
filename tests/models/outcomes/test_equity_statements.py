"""What is said of equity: clear differences, none, and the warning a board must see."""

import pytest

from models.outcomes.equity_statements import (
    gap_answer,
    gap_change_answer,
    gap_today_answer,
    left_answer,
    list_warning,
    long_wait_answer,
    route_answer,
    virtual_answer,
)
from models.statements import Interval

pytestmark = pytest.mark.unit

SHORTER = Interval(-5234.0, -6000.0, -4000.0)
AHEAD = Interval(0.5, 0.2, 0.8)
BEHIND = Interval(-0.9, -1.4, -0.6)
UNCLEAR = Interval(0.1, -0.3, 0.4)


def test_the_gap_is_said_with_whom_it_disadvantages() -> None:
    assert gap_answer("August 2027", 60.24, 61.4, Interval(1.2, 0.4, 2.0)) == (
        "In August 2027 60.2% of patients in the most deprived fifth of areas would be within 18 weeks, "
        "61.4% in the least deprived: a gap of 1.2 points, to the disadvantage of the most deprived "
        "(80%: +0.4 to +2.0)."
    )
    assert gap_today_answer(-0.3) == "Today the gap is 0.3 points, in favour of the most deprived."
    assert gap_today_answer(0.01) == "Today the gap is 0.0 points."


def test_what_a_scenario_does_to_the_gap() -> None:
    assert gap_change_answer(Interval(1.0, 0.2, 1.5)) == (
        "The scenario moves it 1.0 point against the most deprived (80%: 0.2 to 1.5)."
    )
    assert gap_change_answer(Interval(-0.5, -0.9, -0.1)) == (
        "The scenario moves it 0.5 points in favour of the most deprived (80%: 0.1 to 0.9)."
    )
    assert gap_change_answer(UNCLEAR) == (
        "The scenario makes no clear difference to that gap (80%: −0.3 to +0.4 points)."
    )


@pytest.mark.parametrize(
    ("change", "between", "ending"),
    [
        (Interval(11.4, 9, 13), BEHIND, "Those without access gain 0.9 points less (80%: 0.6 to 1.4)."),
        (
            Interval(-2, -3, -1),
            BEHIND,
            "Those without access are left behind by 0.9 points (80%: 0.6 to 1.4).",
        ),
        (UNCLEAR, BEHIND, "Those without access are left behind by 0.9 points (80%: 0.6 to 1.4)."),
        (UNCLEAR, UNCLEAR, "No clear difference between the two (80%: −0.3 to +0.4 points)."),
        (Interval(2, 1, 3), AHEAD, "Those without access gain 0.5 points more (80%: 0.2 to 0.8)."),
    ],
)
def test_who_is_left_waiting(change: Interval, between: Interval, ending: str) -> None:
    said = left_answer((70.9, change), (71.2, Interval(12.3, 11, 14)), between)
    assert said.startswith("Of those kept from a virtual appointment by want of access alone, 70.9% would be")
    assert "71.2%, 12.3 points more than if nothing changed" in said
    assert said.endswith(ending)


def test_a_shorter_list_that_leaves_people_out_is_warned_of() -> None:
    assert list_warning(SHORTER, BEHIND) == (
        "The list would be 5,230 shorter, but patients who can use neither video nor telephone have less of "
        "it than those who can."
    )
    assert list_warning(SHORTER, UNCLEAR) == ""
    assert list_warning(UNCLEAR, BEHIND) == ""
    assert list_warning(Interval(5234.0, 4000.0, 6000.0), BEHIND) == ""


def test_long_waits_and_what_the_route_takes() -> None:
    assert long_wait_answer(None, 197.0) == "Without access, 197 would have waited over 52 weeks."
    assert long_wait_answer(Interval(-180.0, -341.0, -89.0), 16.0) == (
        "Without access, 16 would have waited over 52 weeks: 180 fewer (80%: 89 to 341) than if nothing "
        "changed."
    )
    assert route_answer(6134.0, 395.3, 173.9, Interval(-0.3, -0.5, -0.1)) == (
        "The face-to-face route for the 6,130 who wait without access takes 395 appointments and 174 hours "
        "of clinic time a week; they have waited 0.3 weeks less than those who can be seen virtually."
    )
    assert route_answer(3.0, 1.0, 0.5, UNCLEAR) == (
        "The face-to-face route for the 3 who wait without access takes 1 appointment and 1 hour of clinic "
        "time a week; they have waited as long as those who can be seen virtually."
    )
    assert virtual_answer(32.68, 33.81) == (
        "32.7% of pathway appointments would be held virtually in the most deprived fifth, "
        "33.8% in the least."
    )

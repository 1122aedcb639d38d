"""Goals: what may be asked for, when a list meets it, and what is said."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.scenarios.goals import Goal, read_goal
from models.statements import Interval

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "measure", "value", "said"),
    [
        ("within-18=92", "share_within_18", 92.0, "92% or more within 18 weeks by August 2027"),
        ("Within-18 = 66.5%", "share_within_18", 66.5, "66.5% or more within 18 weeks by August 2027"),
        ("over-65=0", "over_65", 0.0, "Nobody waiting over 65 weeks by August 2027"),
        ("over-52=1,200", "over_52", 1200.0, "1,200 or fewer waiting over 52 weeks by August 2027"),
        ("list=200000", "waiting", 200000.0, "200,000 or fewer waiting by August 2027"),
    ],
)
def test_a_goal_is_read_and_said(text: str, measure: str, value: float, said: str) -> None:
    goal = read_goal(text, "2027-08")
    assert (goal.measure.name, goal.value) == (measure, value)
    assert goal.sentence == f"{said}, with a probability of 80%."
    assert Goal(goal.name, goal.value, goal.month, goal.probability) == goal


@pytest.mark.parametrize(
    ("text", "month", "probability", "said"),
    [
        ("within-18", "2027-08", 0.8, "is not a goal"),
        ("over-40=0", "2027-08", 0.8, "Write within-18=92"),
        ("over-65=-1", "2027-08", 0.8, "is not a goal"),
        ("over-65=0.5", "2027-08", 0.8, "whole numbers from 0 to 100,000,000"),
        ("within-18=101", "2027-08", 0.8, "outside 0 to 100%"),
        ("within-18=0", "2027-08", 0.8, "outside 0 to 100%"),
        ("over-65=0", "August 2027", 0.8, "is not a month"),
        ("over-65=0", "2027-08", 80, "outside 0.05 to 0.99"),
        ("over-65=0", "2027-08", math.nan, "outside 0.05 to 0.99"),
    ],
)
def test_what_cannot_be_asked_names_its_range(text: str, month: str, probability: float, said: str) -> None:
    with pytest.raises(TandemError, match=said):
        read_goal(text, month, probability)


def test_the_goal_s_week_is_the_last_whole_one_of_its_month() -> None:
    # figures of 31 August 2025: weeks end on Sundays, 7 September the first; 28 September is the fourth and
    # 5 October lies beyond September
    assert Goal("list", 1, "2025-09").weeks("2025-08") == 4
    # to 29 August 2027 there are 728 days, 104 weeks
    assert Goal("list", 1, "2027-08").weeks("2025-08") == 104
    with pytest.raises(TandemError, match="Choose a month after August 2025"):
        Goal("list", 1, "2025-08").weeks("2025-08")


def test_a_share_is_met_from_above_and_a_count_from_below() -> None:
    assert Goal("within-18", 92, "2027-08").met(np.array([91.9, 92.0, 95.0])).tolist() == [False, True, True]
    assert Goal("over-65", 3, "2027-08").met(np.array([2.0, 3.0, 4.0])).tolist() == [True, True, False]


def test_what_can_be_counted_on_is_what_enough_futures_do_as_well_as() -> None:
    values = np.array([50.0, 10.0, 40.0, 20.0, 30.0])
    # 0.8 x 5: four of the five are 40 or fewer; four of the five are 20 or more
    assert Goal("list", 1, "2027-08", 0.8).assured(values) == 40.0
    assert Goal("within-18", 1, "2027-08", 0.8).assured(values) == 20.0


@given(
    st.lists(st.integers(0, 100), min_size=1, max_size=40),
    st.integers(1, 100),
    st.floats(0.05, 0.99),
    st.sampled_from(["list", "within-18"]),
)
def test_a_goal_is_reached_exactly_if_what_can_be_counted_on_meets_it(
    values: list[int], value: int, probability: float, name: str
) -> None:
    goal, found = Goal(name, value, "2027-08", probability), np.array(values, float)
    reached = goal.met(found).sum() >= goal.needed(len(found))
    assert reached == goal.met(np.array([goal.assured(found)]))[0]


def test_the_futures_needed_are_rounded_up() -> None:
    # 0.8 x 30 is 24 exactly, 0.8 x 31 is 24.8, 0.05 x 3 is 0.15
    assert [Goal("list", 1, "2027-08", 0.8).needed(n) for n in (30, 31)] == [24, 25]
    assert Goal("list", 1, "2027-08", 0.05).needed(3) == 1


def test_ranks_hold_the_true_amount_four_times_in_five() -> None:
    # binomial(30, 0.8): P(20 or fewer) = 0.061, P(21 or fewer) = 0.129; P(26 or fewer) = 0.877, P(27) = 0.956
    assert Goal("list", 1, "2027-08", 0.8).ranks(30) == (21, 28)
    # binomial(10, 0.95) is 10 with chance 0.60: an eleventh future would be wanted
    assert Goal("list", 1, "2027-08", 0.95).ranks(10)[1] == 11


@given(st.integers(1, 120), st.floats(0.05, 0.99))
def test_ranks_stand_about_the_futures_needed(replications: int, probability: float) -> None:
    goal = Goal("list", 1, "2027-08", probability)
    lower, upper = goal.ranks(replications)
    assert 1 <= lower <= goal.needed(replications) <= upper <= replications + 1
    within = sum(
        math.comb(replications, k) * probability**k * (1 - probability) ** (replications - k)
        for k in range(lower if lower > 1 else 0, upper)
    )
    # below the first rank there is nothing to stand on: a rank of 1 reaches down to no futures at all
    assert within >= 0.8 - 1e-9


def test_an_outcome_is_said_with_its_unit_and_range() -> None:
    share = Goal("within-18", 92, "2027-08")
    assert share.outcome(Interval(91.23, 88.4, 93.0)) == "91.2% (80%: 88.4% to 93%) within 18 weeks"
    patients = Goal("over-65", 0, "2027-08")
    assert patients.outcome(Interval(1234.0, 1111.0, 2222.0)) == (
        "1,230 (80%: 1,110 to 2,220) waiting over 65 weeks"
    )
    assert patients.outcome(Interval(0.0, 0.0, 0.0)) == "0 waiting over 65 weeks"

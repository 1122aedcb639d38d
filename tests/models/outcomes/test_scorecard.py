"""Verdicts by hand and as a property, and what a scorecard says and gives to take away."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.outcomes.expectations import EXPECTATIONS, Measure, Target, usual_targets
from models.outcomes.milestones import Milestone
from models.outcomes.scorecard import Reading, Scorecard, Verdict, message, scorecard, sheet, verdict_of
from models.statements import Interval

pytestmark = pytest.mark.unit

TODAY = date(2026, 1, 15)
MORE = Measure("Share", "%", 1, 70, 100)
FEWER = Measure("Waiting", "patients", -1, 0, 1e7)
BY_70, NONE, BETTER = Target(70, "2026-03"), Target(0, "2026-03"), Target(None, "2026-03")
RANKS = [Verdict.MISSED, Verdict.CLOSE, Verdict.UNCLEAR, Verdict.MET]


def reading(mean: float, lower: float, upper: float, today: float = 20) -> Reading:
    return Reading(
        today,
        Interval(today, today, today),
        Interval(mean, lower, upper),
        Interval(mean - today, lower - today, upper - today),
    )


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (reading(75, 72, 78), Verdict.MET),
        (reading(71, 69.96, 73), Verdict.MET),  # 69.96 shows as 70.0
        (reading(71, 69, 73), Verdict.UNCLEAR),
        (reading(66, 64, 71), Verdict.UNCLEAR),  # some of the range is there
        (reading(66, 64, 68), Verdict.CLOSE),  # nine tenths of the way from 20 to 70 is 65
        (reading(64.9, 64, 68), Verdict.MISSED),
        (reading(10, 8, 12), Verdict.MISSED),
        (reading(float("nan"), float("nan"), float("nan")), Verdict.UNCLEAR),
    ],
)
def test_a_level_to_reach(found: Reading, verdict: Verdict) -> None:
    assert verdict_of(found, BY_70, MORE) is verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (reading(0.2, 0, 0.4, today=1000), Verdict.MET),  # no patient left, but in a few futures
        (reading(40, 0, 90, today=1000), Verdict.UNCLEAR),
        (reading(90, 70, 110, today=1000), Verdict.CLOSE),  # nine tenths of 1,000 are gone at 100
        (reading(110, 90, 130, today=1000), Verdict.MISSED),
    ],
)
def test_a_level_to_come_down_to(found: Reading, verdict: Verdict) -> None:
    assert verdict_of(found, NONE, FEWER) is verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (Interval(-50, -80, -20), Verdict.MET),
        (Interval(50, 20, 80), Verdict.MISSED),
        (Interval(-50, -120, 20), Verdict.UNCLEAR),
        (Interval(0, 0, 0), Verdict.MISSED),
    ],
)
def test_no_level_asks_for_clearly_better(change: Interval, verdict: Verdict) -> None:
    whole = Interval(500, 400, 600)
    assert verdict_of(Reading(500, whole, whole, change), BETTER, FEWER) is verdict


WHOLE = st.integers(0, 1000)


@given(WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, st.sampled_from([MORE, FEWER]), st.booleans())
def test_better_values_never_give_a_worse_verdict(
    start: int, down: int, up: int, today: int, gain: int, goal: int, measure: Measure, level: bool
) -> None:
    def verdict(mean: float) -> Verdict:
        found = reading(mean, mean - down, mean + up, today)
        return verdict_of(found, Target(float(goal) if level else None, "2026-03"), measure)

    better = start + measure.better * gain
    assume(level or today not in (start, better))  # no change at all is a miss, beside one not clear
    assert RANKS.index(verdict(better)) >= RANKS.index(verdict(start))


def card(**readings: Reading) -> Scorecard:
    found = {name.replace("_", "-"): each for name, each in readings.items()}
    panel = Milestone("QK1", "involve-people", "Patient panel meets", "2026-03", "Asha", done=True)
    return scorecard(
        "Virtual clinics",
        found,
        usual_targets("2025-08", "2027-08"),
        "2027-08",
        [panel],
        {"equitable-care": "Not followed."},
        TODAY,
    )


def test_a_scorecard_counts_its_verdicts() -> None:
    found = card(
        virtual_by_default=reading(75, 72, 78),
        excellent_care=reading(60, 58, 62),
        safety_first=reading(40, 0, 90, today=1000),
    )
    assert [each.expectation.name for each in found.judged] == list(EXPECTATIONS)
    assert found.headline == (
        "Of the ten expectations, Virtual clinics meets 1 and misses 1. 1 has no clear answer. "
        "5 are not worked out. No figure stands for the other 2: 1 of 1 milestone done."
    )
    by_name = {each.expectation.name: each.sentence(TODAY) for each in found.judged}
    assert by_name["excellent-care"] == (
        "Excellent care: missed. Within 18 weeks: 60% (80%: 58% to 62%), against 20% if nothing changed; "
        "asked for: 92% or more by August 2027."
    )
    assert by_name["equitable-care"] == "Equitable care: not worked out. Not followed."
    assert by_name["involve-people"] == "Involve patients and the public: 1 of 1 milestone done."


def test_a_date_past_the_run_s_end_is_not_judged() -> None:
    targets = {"excellent-care": Target(92, "2029-03")}
    found = scorecard("A", {"excellent-care": reading(95, 93, 97)}, targets, "2027-08", today=TODAY)
    judged = {each.expectation.name: each for each in found.judged}["excellent-care"]
    assert (judged.verdict, judged.reading) == (Verdict.LATER, None)
    assert judged.note.startswith("The run ends in August 2027")


def test_the_table_has_a_row_for_each_scenario_and_expectation() -> None:
    found = card(virtual_by_default=reading(75.04, 72, 78))
    frame = sheet([found, found]).frame
    assert len(frame) == 20
    row = frame[frame["Expectation"] == "Virtual by default"].iloc[0]
    assert (row["Scenario, mean"], row["Difference"], row["Verdict"]) == (75.0, 55.0, "Met")
    assert row["Target"] == "70% or more by March 2026"
    panel = frame[frame["Expectation"] == "Involve patients and the public"].iloc[0]
    assert panel["Milestones"] == "Patient panel meets (due March 2026): done"


def test_the_message_leads_with_the_headline_and_names_what_is_left_out() -> None:
    found = card(virtual_by_default=reading(75, 72, 78))
    alone, both = message([found]), message([found, found])
    assert alone.sentence == found.headline
    assert [point.split(":")[0] for point in alone.points] == [
        "Involve patients and the public",
        "Virtual by default",
    ]
    assert len(alone.notes) == 10
    assert both.points == (found.headline, found.headline)

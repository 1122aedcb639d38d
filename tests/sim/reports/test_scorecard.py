"""Readings of the expectations and travel, worked by hand on runs made up for it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from models.outcomes.expectations import Target, usual_targets
from models.outcomes.scorecard import Verdict
from sim.engine.state import MEASURES
from sim.observers.visits import visits_of
from sim.reports.scorecard import (
    NO_CARBON,
    NO_DISTANCE,
    NO_GAP,
    Distances,
    Run,
    gap_reading,
    readings,
    score,
    scorecard_report,
    travel,
    weeks_to,
)
from sim.runs.results import Results

pytestmark = pytest.mark.unit

WEEKS = 104  # to 29 August 2027
MILES = Distances({"RAA": 5.0, "RBB": 15.0}, 0.25)  # 10 and 30 miles there and back, by a straight road
TARGETS = usual_targets("2025-08", "2027-08")


def made(levers: int = 1, **measures: list[list[int]]) -> Run:
    """A run of two trusts and an independent provider, in two futures; every week alike: [future][series]."""
    counts = np.zeros((2, 3, WEEKS, len(MEASURES)), np.int32)
    for name, values in measures.items():
        counts[..., MEASURES.index(name)] = np.array(values)[:, :, None]
    document: dict[str, Any] = {
        "name": "x",
        "levers": [{"lever": "extra_sessions"}] * levers,
        "assumptions": {"road_distance": 1.0},
    }
    opening = np.zeros((3, 105), np.int32)
    opening[0, 0], opening[0, 70] = 60, 40  # 60 of 100 within 18 weeks, 40 over 65
    results = Results(
        scope="QK1",
        data_month="2025-08",
        document=document,
        seed=1,
        providers=np.array(["RAA", "RBB", "NT999"]),
        treatment_functions=np.array(["C_110"] * 3),
        counts=counts,
        opening=opening,
        closing=np.zeros((3, 105)),
    )
    return Run(results, visits_of(results))


SAME = [[10, 10, 10]] * 2
BASELINE = made(
    0,
    waiting=[[50, 30, 20]] * 2,
    within_18=[[30, 20, 10]] * 2,
    over_65=[[4, 1, 0]] * 2,
    first_face_to_face=SAME,
    follow_up_face_to_face=SAME,
)
SCENARIO = made(
    waiting=[[50, 30, 20]] * 2,
    within_18=[[48, 29, 19], [49, 29, 19]],
    over_65=[[0, 0, 0]] * 2,
    first_face_to_face=SAME,
    follow_up_face_to_face=[[4, 10, 10], [0, 10, 10]],
    follow_up_virtual=[[6, 0, 0], [10, 0, 0]],
    advice_given=[[2, 1, 0]] * 2,
    patient_initiated=[[1, 0, 0]] * 2,
    moved_in=[[0, 3, 0]] * 2,
)


def test_each_measure_by_hand() -> None:
    found, notes = readings(SCENARIO, BASELINE, TARGETS, MILES)
    means = {name: (each.baseline.mean, each.scenario.mean) for name, each in found.items()}
    assert means == {
        "safety-first": (5, 0),
        "excellent-care": (60, pytest.approx(96.5)),  # 96 and 97 of 100
        # of 60 appointments a week 6 and 10 are virtual
        "virtual-by-default": (0, pytest.approx(100 * 8 / 60)),
        # if nothing changed (20 x 10 + 20 x 30) / 40 miles; else (14 or 10 x 10 + 600) / 40
        "local-settings": (20, pytest.approx((740 / 40 + 700 / 40) / 2)),
        "community-care": (0, 4),  # 2 + 1 + 1 a week
        # 800 miles a week x 52 x 0.25 kg = 10.4 tonnes; 720 on the mean
        "sustainability": (pytest.approx(10.4), pytest.approx(9.36)),
        "one-system": (0, 3),
    }
    assert (found["excellent-care"].today, found["safety-first"].today) == (60, 40)
    assert notes == {"equitable-care": NO_GAP}


def test_the_verdicts_that_follow() -> None:
    card = score("Virtual clinics", SCENARIO, BASELINE, TARGETS, MILES)
    verdicts = {each.expectation.name: each.verdict for each in card.judged}
    assert [name for name, verdict in verdicts.items() if verdict is Verdict.MET] == [
        "safety-first",
        "local-settings",
        "excellent-care",
        "community-care",
        "sustainability",
        "one-system",
    ]
    assert verdicts["virtual-by-default"] is Verdict.MISSED
    assert verdicts["equitable-care"] is Verdict.UNKNOWN


def test_a_gap_that_was_worked_out_is_judged() -> None:
    gap = readings(SCENARIO, BASELINE, TARGETS, MILES)[0]["excellent-care"]
    card = score("A", SCENARIO, BASELINE, TARGETS, MILES, gap=gap)
    assert {each.expectation.name: each.reading for each in card.judged}["equitable-care"] == gap


@dataclass(frozen=True)
class Followed:
    """Three pictures of a gap in two futures: on the day, after 52 weeks, after 104."""

    points: tuple[tuple[float, float], ...]
    weeks: tuple[int, ...] = (0, 52, 104)

    def gaps(self, measure: str, place: int) -> np.ndarray:
        return np.array(self.points[place])


def test_the_gap_is_read_at_its_date_against_the_day_of_the_figures() -> None:
    with_it, without = Followed(((5, 5), (3, 4), (1, 2))), Followed(((5, 5), (6, 6), (7, 9)))
    found = gap_reading(with_it, without, 103)  # the last picture before
    assert (found.today, found.baseline.mean, found.scenario.mean, found.change.mean) == (5, 6, 3.5, -2.5)
    assert gap_reading(with_it, without, 104).change.mean == -6.5
    card = score("A", SCENARIO, BASELINE, TARGETS, MILES, gap=found)
    assert {each.expectation.name: each.verdict for each in card.judged}["equitable-care"] is Verdict.MET


def test_what_cannot_be_known_is_said() -> None:
    nowhere, notes = readings(SCENARIO, BASELINE, TARGETS, Distances({}, 0.25))
    assert not {"local-settings", "sustainability"} & set(nowhere)
    assert notes["local-settings"] == notes["sustainability"] == NO_DISTANCE
    assert (
        readings(SCENARIO, BASELINE, TARGETS, Distances({"RAA": 1}, None))[1]["sustainability"] == NO_CARBON
    )
    before = {"excellent-care": Target(92, "2025-08")}
    assert "before the run begins" in readings(SCENARIO, BASELINE, before, MILES)[1]["excellent-care"]


@pytest.mark.parametrize(
    ("month", "weeks"), [("2025-08", 0), ("2025-09", 4), ("2027-08", 104), ("2030-01", 104)]
)
def test_weeks_to_a_month_s_last_whole_week(month: str, weeks: int) -> None:
    assert weeks_to("2025-08", WEEKS, month) == weeks  # September 2025 begins on a Monday


def test_travel_by_hand() -> None:
    found = travel("Virtual clinics", SCENARIO, BASELINE, MILES, {"RAA": "Riverside"})
    assert [each.name for each in found.journeys] == ["Riverside", "RBB"]
    # 6 and 10 visits fewer a week over 52 weeks, 10 miles each
    assert (found.change.mean, found.journeys[0].change.mean) == (-52 * 8 * 10, -52 * 8)
    assert found.baseline.mean == 52 * 800
    assert found.appointments.mean == 0  # as many are kept, virtually
    assert found.left_out == pytest.approx(20 / 60)
    assert found.tonnes is not None
    assert found.tonnes.mean == pytest.approx(-52 * 80 * 0.25 / 1000)


def test_the_way_by_road_differs_from_future_to_future_and_is_shared_by_both_runs() -> None:
    def free(run: Run) -> Run:
        return replace(run, results=replace(run.results, document={"name": "x", "levers": []}))

    with_it, without = free(SCENARIO), free(BASELINE)
    miles = MILES.miles(with_it)
    assert miles.shape == (2, 3)  # two futures; the third provider's is not known
    assert miles[:, 1] == pytest.approx(3 * miles[:, 0])
    assert miles[0, 0] != miles[1, 0]
    assert ((miles[:, 0] >= 10) & (miles[:, 0] <= 20)).all()  # 1 to 2 times
    assert MILES.miles(without)[:, :2].tolist() == miles[:, :2].tolist()
    found = travel("A", with_it, without, MILES, {})
    each = [-52 * visits * way for visits, way in zip((6, 10), miles[:, 0], strict=True)]
    assert found.change.mean == pytest.approx(sum(each) / 2)


def test_runs_of_two_worlds_are_refused() -> None:
    other = made(within_18=SAME)
    shorter = replace(other, results=replace(other.results, seed=2))
    with pytest.raises(ValueError, match="seed"):
        readings(SCENARIO, shorter, TARGETS, MILES)


def test_what_is_taken_away_says_the_same() -> None:
    card = score("Virtual clinics", SCENARIO, BASELINE, TARGETS, MILES)
    found = travel("Virtual clinics", SCENARIO, BASELINE, MILES, {})
    report = scorecard_report(card, found, SCENARIO.results, "Leicester", "1.0", "Forecasts miss by 3%.")
    assert report.headline == card.headline == report.messages[0].sentence
    assert [sheet.name for sheet in report.sheets] == ["Scorecard", "Travel"]
    assert "Forecasts miss by 3%." in report.caveats
    assert "Virtual by default: 70% or more by March 2026" in report.about["Targets"]

"""A board's own capacity as clock stops: minutes, misses, repeats and theatre, worked by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.capacity.uploaded import CapacityLine, Medium, Stop, stops_a_week, uploaded_stops
from models.queueing.clinic_minutes import Clinic
from models.scenarios.assumptions import resolve

pytestmark = pytest.mark.unit

CLINIC = replace(
    Clinic.from_assumptions(resolve({})),
    missed_face_to_face=0.1,
    missed_virtual=0.2,
    virtual_length=0.8,
    repeated=0.25,
    session_minutes=240.0,
)
STOP = Stop(minutes=45.0, theatre=0.2, most_virtual=0.5)
DAY = date(2025, 10, 1)


def line(medium: Medium = "face_to_face", **given: Any) -> CapacityLine:
    return CapacityLine("RXN", "C_101", medium, DAY, **given)


def test_face_to_face_minutes_lose_those_missed() -> None:
    # 1,000 minutes, 900 of them kept, 45 a stop
    assert stops_a_week([line(minutes=1000)], STOP, CLINIC) == pytest.approx(20)


def test_sessions_stand_for_minutes_of_the_usual_length() -> None:
    # 5 x 240 = 1,200, of which 1,080 are kept
    assert stops_a_week([line(sessions=5)], STOP, CLINIC) == pytest.approx(24)
    assert stops_a_week([line(sessions=5, minutes=1000)], STOP, CLINIC) == pytest.approx(20)


def test_virtual_minutes_are_shorter_and_some_are_repeated() -> None:
    # 400 virtual: 320 kept, worth 320 / 0.8 = 400 face to face, of which a quarter come again: 900 + 300
    found = stops_a_week([line(minutes=1000), line("virtual", minutes=400)], STOP, CLINIC)
    assert found == pytest.approx(1200 / 45)


def test_virtual_minutes_that_its_patients_cannot_use_count_for_nothing() -> None:
    # at most half virtual, so as much as face to face: 900 + 900 x 0.75
    found = stops_a_week([line(minutes=1000), line("virtual", minutes=9000)], STOP, CLINIC)
    assert found == pytest.approx(1575 / 45)


def test_theatre_limits_where_it_is_scarcer() -> None:
    # 3 slots at 0.2 a stop let 15 stops through, 10 slots 50
    assert stops_a_week([line(minutes=1000, theatre_slots=3)], STOP, CLINIC) == pytest.approx(15)
    assert stops_a_week([line(minutes=1000, theatre_slots=10)], STOP, CLINIC) == pytest.approx(20)


def test_only_lines_of_the_day_and_of_series_that_are_known_count() -> None:
    ended = replace(line(minutes=9000), valid_from=date(2025, 1, 1), valid_to=date(2025, 9, 30))
    other = replace(line(minutes=1000), provider="RZZ")
    found = uploaded_stops([ended, line(minutes=1000), other], {("RXN", "C_101"): STOP}, CLINIC, DAY)
    assert found == {("RXN", "C_101"): pytest.approx(20)}


def test_days_overlap_up_to_the_last() -> None:
    first = replace(line(), valid_from=date(2025, 1, 1), valid_to=DAY)
    assert first.overlaps(line())
    assert line().overlaps(first)
    assert not replace(first, valid_to=date(2025, 9, 30)).overlaps(line())
    assert not first.overlaps(line("virtual"))


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e4), st.floats(0, 1e5))
def test_more_capacity_is_never_fewer_stops(face: float, virtual: float, slots: float, more: float) -> None:
    def stops(by_face: float, by_virtual: float) -> float:
        given_lines = [line(minutes=by_face, theatre_slots=slots), line("virtual", minutes=by_virtual)]
        return stops_a_week(given_lines, STOP, CLINIC)

    base = stops(face, virtual)
    assert 0 <= base <= slots / STOP.theatre + 1e-9
    assert stops(face + more, virtual) >= base - 1e-9
    assert stops(face, virtual + more) >= base - 1e-9

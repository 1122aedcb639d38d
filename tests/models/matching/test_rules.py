"""Each hard rule alone: a row that fits, with one value changed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.errors import TandemError
from models.matching import rules
from models.matching.inputs import matching_inputs
from models.matching.pairs import Pairs, pairs_of
from models.matching.rule import Rule
from models.matching.rule_mask import failed_rules, mask_type
from models.matching.rules import RULES, WITHIN
from tests.models.matching.small_lists import AS_OF, MILE, frame, patient, slot

pytestmark = pytest.mark.unit


def pairs(person: dict[str, Any], place: dict[str, Any], count_asked: bool = False) -> Pairs:
    inputs = matching_inputs(frame(patient() | person), frame(slot() | place), AS_OF)
    return pairs_of(inputs.patients, inputs.services, inputs.first_week, inputs.as_of_day, count_asked)


def failing(person: dict[str, Any], place: dict[str, Any], count_asked: bool = False) -> set[str]:
    """Names of the rules that fail between the usual patient and slot, so changed."""
    preview = pairs(person, place, count_asked)
    return {name for name, rule in RULES.items() if not np.broadcast_to(rule.passes(preview), (1, 1)).all()}


def test_the_usual_patient_may_take_the_usual_slot() -> None:
    assert failing({}, {}) == set()


@pytest.mark.parametrize(
    ("rule", "person", "place", "kept"),
    [
        ("treatment_function", {"treatment_function": "C_502"}, {}, False),
        ("setting", {"setting": "inpatient"}, {}, False),
        ("procedure", {"procedure": "W40"}, {}, False),
        ("procedure", {"procedure": " w37 "}, {}, True),
        ("procedure", {"procedure": "W40"}, {"procedure": None}, True),
        ("procedure", {"procedure": None}, {}, False),
        ("procedure", {"procedure": None}, {"procedure": ""}, True),
        ("elsewhere", {}, {"provider": "RWE"}, False),
        ("medium", {"can_telephone": True}, {"medium": "video"}, False),
        ("medium", {"can_video": True}, {"medium": "video"}, True),
        ("medium", {"can_video": True}, {"medium": "telephone"}, False),
        ("medium", {"can_telephone": True}, {"medium": "telephone"}, True),
        ("approval", {"home_approval": "no"}, {}, False),
        ("approval", {"home_approval": "asked"}, {}, False),
        ("approval", {"home_approval": None}, {}, False),
        ("own_right", {"route": "patient", "weeks_waited": 39}, {}, False),
        ("own_right", {"route": "patient", "weeks_waited": 40}, {}, True),
        ("own_right", {"route": "patient", "weeks_waited": 60, "age_band": "16-17"}, {}, False),
        ("own_right", {"route": "patient", "weeks_waited": 60, "age_band": None}, {}, False),
        # 56 days from 31 August 2026 is 26 October
        (
            "own_right",
            {"route": "patient", "weeks_waited": 60, "next_appointment": pd.Timestamp("2026-10-26")},
            {},
            False,
        ),
        (
            "own_right",
            {"route": "patient", "weeks_waited": 60, "next_appointment": pd.Timestamp("2026-10-27")},
            {},
            True,
        ),
        ("priority", {"priority": 2}, {"most_urgent": 3}, False),
        ("priority", {"priority": 3}, {"most_urgent": 3}, True),
        ("asa", {"asa": 3}, {"max_asa": 2}, False),
        ("asa", {"asa": 2}, {"max_asa": 2}, True),
        ("asa", {"asa": np.nan}, {"max_asa": 2}, False),
        ("asa", {"asa": np.nan}, {}, True),
        ("bmi", {"bmi": 40.1}, {"max_bmi": 40}, False),
        ("bmi", {"bmi": 40}, {"max_bmi": 40, "min_bmi": 40}, True),
        ("bmi", {"bmi": 17.9}, {"min_bmi": 18}, False),
        ("bmi", {"bmi": np.nan}, {"max_bmi": 40}, False),
        ("age", {"age_band": "16-17"}, {"min_age": 18}, False),
        ("age", {"age_band": "18-29"}, {"min_age": 18}, True),
        ("age", {"age_band": "70-79"}, {"max_age": 79}, True),
        ("age", {"age_band": "70-79"}, {"max_age": 75}, False),
        ("age", {"age_band": "80+"}, {"max_age": 120}, False),
        ("age", {"age_band": None}, {"min_age": 18}, False),
        ("interpreter", {"needs_interpreter": True}, {"interpreter": False}, False),
        ("interpreter", {"needs_interpreter": True}, {}, True),
        ("diagnostic", {"needs_diagnostic": True}, {}, False),
        ("diagnostic", {"needs_diagnostic": True}, {"diagnostic": "on_site"}, True),
        (
            "diagnostic",
            {"needs_diagnostic": True, "can_video": True},
            {"diagnostic": "on_site", "medium": "video"},
            False,
        ),
        (
            "diagnostic",
            {"needs_diagnostic": True, "can_video": True},
            {"diagnostic": "at_home", "medium": "video"},
            True,
        ),
        ("distance", {"travel_miles": 39.5}, {}, False),
        ("distance", {"travel_miles": 39.7}, {}, True),
        ("distance", {"travel_miles": 0, "can_video": True}, {"medium": "video"}, True),
        ("distance", {"latitude": np.nan}, {}, False),
        ("distance", {"latitude": np.nan, "travel_miles": np.inf}, {}, True),
        # the slot is in the week of 7 September
        ("before_appointment", {"next_appointment": pd.Timestamp("2026-09-13")}, {}, False),
        ("before_appointment", {"next_appointment": pd.Timestamp("2026-09-14")}, {}, True),
        ("not_past", {}, {"week": pd.Timestamp("2026-08-24")}, False),
        ("not_past", {}, {"week": pd.Timestamp("2026-08-31")}, True),
    ],
)
def test_a_rule_decides_alone(rule: str, person: dict[str, Any], place: dict[str, Any], kept: bool) -> None:
    failed = failing(person, place) - ({"before_appointment"} if rule == "not_past" else set())
    assert failed == (set() if kept else {rule})


def test_patients_asked_for_count_if_the_planner_says_so() -> None:
    assert failing({"home_approval": "asked"}, {}, count_asked=True) == set()
    assert failing({"home_approval": "no"}, {}, count_asked=True) == {"approval"}


def test_what_a_patient_has_refused_is_not_offered() -> None:
    preview = pairs({}, {})
    refused = Pairs(**{**vars(preview), "declined": np.array([[True]])})
    assert RULES["not_declined"].passes(preview).all()
    assert not RULES["not_declined"].passes(refused).any()


def test_miles_are_great_circle_and_none_by_video() -> None:
    assert pairs({}, {}).miles[0, 0] == pytest.approx(39.6, abs=1e-4)
    assert pairs({}, {"latitude": 52 - 7 * MILE}).miles[0, 0] == pytest.approx(7, abs=1e-4)
    assert pairs({}, {"medium": "video"}).miles[0, 0] == 0


def test_a_bit_is_set_for_each_rule_that_fails() -> None:
    names = [rule.name for rule in WITHIN]
    bits = failed_rules(pairs({"asa": 4, "travel_miles": 10}, {"max_asa": 2}))
    assert bits.tolist() == [[(1 << names.index("asa")) | (1 << names.index("distance"))]]


def test_a_mask_is_as_narrow_as_its_rules_allow() -> None:
    assert [mask_type(count).name for count in (1, 16, 17, 32, 33, 64)] == [
        "uint16",
        "uint16",
        "uint32",
        "uint32",
        "uint64",
        "uint64",
    ]
    with pytest.raises(TandemError, match="There are 65 hard rules"):
        mask_type(65)


def test_the_last_of_64_rules_has_its_bit() -> None:
    many = (*[replace(RULES["asa"], name=f"rule {number}") for number in range(63)], RULES["distance"])
    bits = failed_rules(pairs({"travel_miles": 10}, {}), many)
    assert bits.dtype == np.dtype(np.uint64)
    assert bits.tolist() == [[1 << 63]]


def test_every_rule_says_what_it_asks_and_why_it_fails() -> None:
    assert set(RULES) == {rule.name for rule in vars(rules).values() if isinstance(rule, Rule)}
    for rule in RULES.values():
        assert rule.sentence.endswith(".")
        assert rule.heading
        assert rule.fails
        assert not rule.fails.endswith(".")


def test_a_rule_without_its_words_is_refused() -> None:
    with pytest.raises(TandemError, match="The rule asa speaks of bmi, for which it has no words"):
        replace(RULES["asa"], fails="providers do not take {bmi}")
    with pytest.raises(TandemError, match="The rule asa does not say what must hold"):
        replace(RULES["asa"], sentence="")

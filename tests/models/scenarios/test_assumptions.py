import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.assumptions import (
    CHAPTER_FACTOR,
    CHAPTER_SHARES,
    CLOCK_STARTS,
    REGISTER,
    Assumption,
    assumption,
    resolve,
    virtual_ceiling,
    virtual_now,
)

pytestmark = pytest.mark.unit

ASSUMED = {
    "no_access_deprivation_odds",
    "no_access_older_odds",
    "no_access_child_odds",
    "gp_advice_contacts",
    "pifu_returns",
    "pifu_safety",
    "telephone_share",
    "telephone_missed_relative",
    "telephone_repeat_relative",
    "telephone_slot_relative",
    "cannot_use_video",
    "appointment_minutes_first",
    "appointment_minutes_follow_up",
    "clinic_session_hours",
    "virtual_ceiling_multiple",
    "virtual_ceiling_most",
    "virtual_repeat",
    "virtual_slot_length",
    "local_diagnostic",
    "emeritus_session_hours",
    "gp_contacts",
    "cannot_use_virtual",
    "follow_up_interval",
    "follow_up_minutes_cap",
    "road_distance",
    "pifu_returns_by_gp",
}


@pytest.mark.parametrize(
    ("key", "value", "low", "high"),
    [
        ("virtual_share_first", 13.5, 0, 100),
        ("virtual_share_follow_up", 19.4, 0, 100),
        ("virtual_share_all", 17.5, 0, 100),
        ("follow_ups_per_first", 2.03, 0, 6),
        ("dna_face_to_face", 7.6, 0, 30),
        ("dna_virtual_relative", 1.0, 0.5, 1.5),
        ("virtual_repeat", 8, 0, 40),
        ("virtual_slot_length", 0.85, 0.5, 1.2),
        ("pifu_share_now", 3, 0, 60),
        ("pifu_target", 5, 0, 60),
        ("advice_diversion", 6, 0, 30),
        ("local_diagnostic", 25, 0, 80),
        ("gp_contacts", 0.1, 0, 1),
        ("cannot_use_virtual", 6, 0, 40),
    ],
)
def test_values_and_ranges_are_the_evidences(key: str, value: float, low: float, high: float) -> None:
    entry = assumption(key)
    assert (entry.value, entry.low, entry.high) == (value, low, high)


def test_values_without_a_range_of_their_own() -> None:
    expected = {
        "appointments_per_pathway": 1.4,
        "appointments_admitted_extra": 0.9,
        "non_admitted_share": 79.9,
        "pifu_follow_up_effect": 0.4,  # 2% fewer follow-ups for 5% on PIFU
        "emeritus_session_hours": 3.5,
        "clinic_session_hours": 3.5,
        "appointment_minutes_first": 30,
        "appointment_minutes_follow_up": 20,
        "follow_up_interval": 13,
        "follow_up_minutes_cap": 75,
    }
    assert {key: assumption(key).value for key in expected} == expected


def test_every_entry_is_within_its_range_and_has_label_unit_and_source() -> None:
    for key, entry in REGISTER.items():
        assert entry.key == key
        assert entry.low <= entry.value <= entry.high
        assert entry.label
        assert entry.unit
        assert entry.source


def test_what_has_no_source_is_marked_and_says_so() -> None:
    assert {key for key, entry in REGISTER.items() if entry.is_assumption} == ASSUMED
    assert all("no source" in REGISTER[key].source for key in ASSUMED)


def test_the_shares_of_first_and_follow_up_make_the_share_of_all() -> None:
    # (13.5 + 2.03 x 19.4) / (1 + 2.03) = 52.882 / 3.03 = 17.45, published as 17.5
    value = resolve({})
    follow_ups = value["follow_ups_per_first"]
    share = (value["virtual_share_first"] + follow_ups * value["virtual_share_follow_up"]) / (1 + follow_ups)
    assert share == pytest.approx(value["virtual_share_all"], abs=0.06)


def test_a_likely_range_lies_about_the_value_and_within_what_may_be_chosen() -> None:
    for entry in REGISTER.values():
        assert entry.low <= entry.likely_low <= entry.value <= entry.likely_high <= entry.high, entry.key
        assert not entry.is_assumption or entry.uncertain, entry.key
    planners = {"pifu_target", "advice_diversion"}
    counted = {"virtual_share_first", "virtual_share_follow_up", "virtual_share_all", "non_admitted_share"}
    assert not any(REGISTER[key].uncertain for key in planners | counted)


def test_belief_has_the_value_in_the_middle_and_eight_tenths_within_the_likely_range() -> None:
    # 8, likely 4 to 15: 1.2816 standard normal deviations are the tenth, 8 - 4 below or 15 - 8 above
    repeat = REGISTER["virtual_repeat"]
    normal = np.array([-1.2815515655, -0.64077578, 0.0, 0.64077578, 1.2815515655, -6.0, 9.0])
    # half as far out is half as far from 8; six deviations below, 8 - 6 / 1.2816 x 4 < 0, is cut off at 0,
    # and nine above, 8 + 9 / 1.2816 x 7 = 57, at 40
    assert repeat.believed(normal) == pytest.approx([4, 6, 8, 11.5, 15, 0, 40])
    drawn = repeat.believed(np.random.default_rng(5).standard_normal(40_000))
    likely = (drawn >= repeat.likely_low) & (drawn <= repeat.likely_high)
    assert likely.mean() == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / 40_000))
    assert np.median(drawn) == pytest.approx(8, abs=0.1)


@given(st.sampled_from(sorted(REGISTER.values(), key=lambda entry: entry.key)), st.floats(-9, 9))
def test_what_is_believed_may_be_chosen(entry: Assumption, normal: float) -> None:
    found = float(entry.believed(np.array(normal)))
    assert resolve({entry.key: found})[entry.key] == found
    assert entry.uncertain or found == entry.value


def test_overrides_stand_in_for_defaults() -> None:
    values = resolve({"virtual_repeat": 12})
    assert values["virtual_repeat"] == 12.0
    assert values["dna_face_to_face"] == 7.6
    assert set(values) == set(REGISTER)
    assert REGISTER["virtual_repeat"].value == 8
    assert pickle.loads(pickle.dumps(values)) == values  # they travel to other processes with a scenario


@given(st.sampled_from(sorted(REGISTER)), st.floats(0, 1))
def test_any_value_of_the_range_is_taken(key: str, position: float) -> None:
    entry = assumption(key)
    value = min(entry.low + position * (entry.high - entry.low), entry.high)
    assert resolve({key: value})[key] == value


@given(st.sampled_from(sorted(REGISTER)), st.floats(1e-6, 1e6), st.booleans())
def test_a_value_outside_is_refused_with_key_and_range(key: str, beyond: float, above: bool) -> None:
    entry = assumption(key)
    value = entry.high + beyond if above else entry.low - beyond
    with pytest.raises(TandemError) as refused:
        resolve({key: value})
    assert key in refused.value.message
    assert f"{entry.low:g} to {entry.high:g}" in refused.value.message
    assert ("above it" if above else "below it") in refused.value.message


@pytest.mark.parametrize("value", ["8", None, True, math.nan, [8]])
def test_a_value_that_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(TandemError, match=r"virtual_repeat.*is not a number"):
        resolve({"virtual_repeat": value})


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(TandemError, match="no assumption 'virtual_repeats'") as refused:
        resolve({"virtual_repeats": 8})
    assert "virtual_repeat" in refused.value.remedy


def test_todays_virtual_shares_average_to_the_published_one() -> None:
    assert set(CLOCK_STARTS) == set(TREATMENT_FUNCTIONS)
    starts = sum(CLOCK_STARTS.values())
    mean = sum(CLOCK_STARTS[code] * virtual_now(code) for code in TREATMENT_FUNCTIONS) / starts
    assert mean == pytest.approx(17.5)
    first = sum(CLOCK_STARTS[code] * virtual_now(code, 13.5) for code in TREATMENT_FUNCTIONS) / starts
    assert first == pytest.approx(13.5)


def test_todays_virtual_share_is_its_chapters_rescaled() -> None:
    # chapters weighed by clock starts average 15.30, so the factor is 17.5 / 15.30 = 1.144
    assert pytest.approx(1.144, abs=0.0005) == CHAPTER_FACTOR
    assert virtual_now("C_320") == pytest.approx(34 * 1.144, abs=0.02)  # circulatory
    assert virtual_now("C_130") == pytest.approx(4 * 1.144, abs=0.01)  # eye and ear
    assert virtual_now("X02") == 17.5  # spans many chapters
    assert virtual_now("C_320", 100) == 100.0


def test_ceilings_are_two_and_a_half_times_the_chapter_and_at_most_85() -> None:
    assert virtual_ceiling("C_320") == 85  # 2.5 x 34 = 85
    assert virtual_ceiling("C_400") == 77.5  # 2.5 x 31
    assert virtual_ceiling("C_130") == 10  # 2.5 x 4
    assert virtual_ceiling("X02") == 43.75  # 2.5 x 17.5
    assert virtual_ceiling("X03") == 85  # mental health
    assert virtual_ceiling("C_320", multiple=3) == 85  # 102, capped
    assert virtual_ceiling("C_320", most=60) == 60


def test_every_ceiling_leaves_room_above_today() -> None:
    for code in TREATMENT_FUNCTIONS:
        assert virtual_now(code) < virtual_ceiling(code) <= 85


def test_an_unknown_treatment_function_has_no_share() -> None:
    with pytest.raises(TandemError, match="is not a treatment function"):
        virtual_now("C_999")
    with pytest.raises(TandemError, match="is not a treatment function"):
        virtual_ceiling("C_999")


def test_the_chapters_are_the_published_ones() -> None:
    assert CHAPTER_SHARES == {
        "circulatory": 34,
        "nervous": 31,
        "endocrine": 30,
        "respiratory": 29,
        "digestive": 23,
        "cancer": 23,
        "musculoskeletal": 16,
        "genitourinary": 16,
        "skin": 8,
        "eye and ear": 4,
    }

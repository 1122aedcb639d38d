"""Why not: the rule that binds, what would change it, and the proof."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import TandemError
from models.matching.card import proof, rules_checked
from models.matching.preview import preview_matching
from models.matching.rules import RULES
from tests.models.matching.brute_force import priority_keys_of
from tests.models.matching.small_lists import AS_OF, MILE, TERMS, frame, patient, random_lists, slot

pytestmark = pytest.mark.unit


def test_a_place_too_far_says_how_far() -> None:
    preview = preview_matching(frame(patient(travel_miles=30.0)), frame(slot()), TERMS)
    row = preview.unmatched.iloc[0]
    assert (row["rule"], row["reason"]) == ("distance", "No place: places are farther than 30 miles.")
    assert row["change"] == "A place within 40 miles; willing 30 miles."
    assert row["changing_rule"] == "distance"


def test_the_binding_rule_is_the_one_that_leaves_nothing() -> None:
    # one place fails by priority, the other by distance: the waterfall gets as far as distance
    slots = frame(slot("S1", most_urgent=4), slot("S2", latitude=52 + 79.6 * MILE))
    row = preview_matching(frame(patient()), slots, TERMS).unmatched.iloc[0]
    assert row["rule"] == "distance"
    assert row["change"] == "A place within 80 miles; willing 50 miles."


@pytest.mark.parametrize(
    ("person", "place", "sentence"),
    [
        ({"home_approval": "asked"}, {}, "1 place if the home trust approved."),
        ({"asa": 3}, {"max_asa": 2, "count": 3}, "3 places if the provider took ASA grade 3."),
        ({"bmi": np.nan}, {"max_bmi": 40}, "1 place if the provider took a BMI that is not known."),
        (
            {"next_appointment": pd.Timestamp("2026-09-04")},
            {},
            "1 place if the appointment of 4 September 2026 were given up, "
            "from the week of 7 September 2026.",
        ),
        ({"asa": 3, "travel_miles": 5.0}, {"max_asa": 2}, "No single change would do."),
        ({"procedure": "W40"}, {}, "No single change would do."),
        ({"latitude": np.nan}, {}, "1 place if it were known where the patient lives."),
    ],
)
def test_what_would_change_it(person: dict, place: dict, sentence: str) -> None:
    preview = preview_matching(frame(patient() | person), frame(slot() | place), TERMS)
    assert preview.unmatched["change"].tolist() == [sentence]


def test_a_change_is_not_held_out_where_a_stronger_claim_would_still_hold_the_place() -> None:
    strong, weak = patient("P1", priority=2), patient("P2", priority=3, travel_miles=10.0)
    preview = preview_matching(frame(strong, weak), frame(slot()), TERMS)
    assert preview.unmatched["change"].tolist() == ["No single change would do."]
    preview = preview_matching(frame(strong | {"priority": 4}, weak), frame(slot()), TERMS)
    assert preview.unmatched["change"].tolist() == ["A place within 40 miles; willing 10 miles."]


def test_a_function_or_setting_nobody_offers_is_said() -> None:
    people = frame(patient("P1", treatment_function="C_502"), patient("P2", setting="inpatient"))
    preview = preview_matching(people, frame(slot()), TERMS)
    assert preview.unmatched["rule"].tolist() == ["treatment_function", "setting"]
    assert preview.unmatched["reason"].tolist() == [
        "No place: nothing is offered for Gynaecology.",
        "No place: nothing is offered for Trauma and orthopaedics as in-patient.",
    ]


def test_places_left_say_why() -> None:
    slots = frame(
        slot("S1", count=3),
        slot("S2", max_asa=1),
        slot("S3", setting="inpatient"),
        slot("S4", weeks=-1),
        slot("S5", max_asa=1, latitude=55.0),
    )
    preview = preview_matching(frame(patient()), slots, TERMS)
    assert preview.unused["slot_id"].tolist() == ["S1", "S2", "S3", "S4", "S5"]
    assert preview.unused["left"].tolist() == [2, 1, 1, 1, 1]
    assert preview.unused["rule"].tolist() == ["placed_elsewhere", "asa", "nobody", "not_past", "asa"]
    assert preview.unused["reason"][0] == "The 1 patient who could use it holds a place already."
    assert preview.unused["reason"][1].startswith("No patient fits. 1 patient is kept out by one rule alone:")


def test_the_proof_names_who_holds_the_places_and_none_is_weaker() -> None:
    # P1 could go to either, P2 only to S1: the two places are full and P3 has the weakest priority
    slots = frame(slot("S1"), slot("S2", provider="NVC08", max_asa=2))
    people = frame(
        patient("P1", weeks_waited=60), patient("P2", weeks_waited=50, asa=4), patient("P3", weeks_waited=40)
    )
    preview = preview_matching(people, slots, TERMS)
    row = preview.unmatched.iloc[0]
    assert (row["patient_id"], row["rule"], row["suitable_places"], row["closed_places"]) == (
        "P3",
        "held_ahead",
        2,
        2,
    )
    shown = proof(preview, "P3")
    assert shown.holders["patient_id"].tolist() == ["P1", "P2"]
    assert shown.places["slot_id"].tolist() == ["S1", "S2"]
    assert "The weakest claim among them is priority 3, 50 weeks; this patient's is priority 3, 40" in (
        shown.sentence
    )
    with pytest.raises(TandemError, match="P1 has a place"):
        proof(preview, "P1")
    with pytest.raises(TandemError, match="no patient P9"):
        proof(preview, "P9")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_proof_and_every_change_holds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    patients, slots = random_lists(rng, 16, 7)
    preview = preview_matching(patients, slots, TERMS)
    priority_key = dict(zip(patients["patient_id"], priority_keys_of(patients), strict=True))
    count = slots.set_index("slot_id")["count"]
    for row in preview.unmatched.head(4).itertuples():
        shown = proof(preview, row.patient_id)
        # all places full, nobody with a weaker priority, and nobody with an option outside them
        assert count[shown.places["slot_id"]].sum() == len(shown.holders)
        assert all(priority_key[name] <= priority_key[row.patient_id] for name in shown.holders["patient_id"])
        for name in (row.patient_id, *shown.holders["patient_id"]):
            table = rules_checked(preview, name)
            options = table[table[list(RULES)].all(axis=1) & (table["count"] > 0)]
            assert set(options["slot_id"]) <= set(shown.places["slot_id"])
        if row.rule == "held_ahead":
            assert row.closed_places >= len(shown.holders)
        if row.changing_rule == "distance":
            willing = patients.copy()
            willing.loc[willing["patient_id"] == row.patient_id, "travel_miles"] = np.inf
            assert row.patient_id in set(preview_matching(willing, slots, TERMS).matches["patient_id"])


def test_the_card_shows_each_place_against_each_rule() -> None:
    slots = frame(slot("S1", weeks=1), slot("S2", weeks=3), slot("S3", max_asa=1))
    person = patient(next_appointment=pd.Timestamp(AS_OF) + pd.Timedelta(weeks=2))
    table = rules_checked(preview_matching(frame(person), slots, TERMS), "P1").set_index("slot_id")
    assert table["failed"].to_dict() == {"S1": 0, "S2": 1, "S3": 1}
    assert table.loc["S2", "before_appointment"] == np.False_
    assert table.loc["S3", "asa"] == np.False_
    assert table.loc["S1", "miles"] == pytest.approx(39.6)

"""The matching as a whole: against brute force, and what must hold whatever the lists."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.columns import names
from models.matching import reasons
from models.matching.columns import PATIENTS, SLOTS
from models.matching.preview import Preview, preview_matching
from models.matching.solving import least_travel, offers, priority_matching, proof
from models.matching.terms import Answer, Decision
from models.matching.warm import warm
from tests.models.matching.brute_force import best_value, options_of, priority_keys_of, value_of
from tests.models.matching.small_lists import AS_OF, TERMS, frame, patient, random_lists, slot

pytestmark = pytest.mark.unit

SEEDS = st.integers(0, 2**32 - 1)


def made(seed: int, patients: int = 12, batches: int = 6) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    return random_lists(rng, int(rng.integers(1, patients)), int(rng.integers(1, batches)))


def batches_by_patient(preview: Preview, slots: pd.DataFrame, patients: pd.DataFrame) -> np.ndarray:
    """Each patient's batch in the lists' own order."""
    slot_of = dict(zip(preview.matches["patient_id"], preview.matches["slot_id"], strict=True))
    row_of = {name: row for row, name in enumerate(slots["slot_id"])}
    return np.array([row_of.get(slot_of.get(name, ""), -1) for name in patients["patient_id"]])


def accept(patient_id: str, slot_id: str) -> Decision:
    return Decision(patient_id, slot_id, Answer.ACCEPTED, "A planner", datetime(2026, 9, 1, 9))


def test_the_test_lists_have_columns_as_described() -> None:
    assert set(patient()) <= set(names(PATIENTS))
    assert set(slot()) <= set(names(SLOTS))


@pytest.mark.parametrize("part", range(5))
def test_no_assignment_is_better(part: int) -> None:
    for seed in range(40 * part, 40 * part + 40):
        patients, slots = made(seed, 9)
        options, priority_keys = options_of(patients, slots, AS_OF), priority_keys_of(patients)
        preview = preview_matching(patients, slots, TERMS)
        reached = value_of(priority_keys, options, batches_by_patient(preview, slots, patients))
        assert reached == best_value(priority_keys, options, slots["count"].tolist()), seed


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_no_block_is_overfilled_and_no_rule_is_broken(seed: int) -> None:
    patients, slots = made(seed, 40, 12)
    preview = preview_matching(patients, slots, TERMS)
    options = options_of(patients, slots, AS_OF)
    rows = {name: row for row, name in enumerate(slots["slot_id"])}
    whose = {name: row for row, name in enumerate(patients["patient_id"])}
    for offer in preview.offers.itertuples():
        assert rows[offer.slot_id] in options[whose[offer.patient_id]]
    firm = preview.offers[preview.offers["kind"] != "standby"]["slot_id"].value_counts()
    count = slots.set_index("slot_id")["count"]
    assert (firm <= count[firm.index]).all()
    assert preview.offers.groupby("patient_id").size().max() <= 5 if len(preview.offers) else True
    assert not preview.offers.duplicated(["patient_id", "slot_id"]).any()
    assert len(preview.matches) + len(preview.unmatched) == len(patients)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_who_has_accepted_stays_and_others_gain_no_more_than_there_is(seed: int) -> None:
    patients, slots = made(seed, 30, 10)
    first = preview_matching(patients, slots, TERMS)
    kept = first.matches.iloc[::2]
    decisions = [accept(row.patient_id, row.slot_id) for row in kept.itertuples()]
    again = preview_matching(patients, slots, TERMS, decisions)
    confirmed = again.matches[again.matches["confirmed"]]
    assert sorted(zip(confirmed["patient_id"], confirmed["slot_id"], strict=True)) == sorted(
        zip(kept["patient_id"], kept["slot_id"], strict=True)
    )
    # what half of the patients accepted was part of the best, so the best is reached again
    priority_keys, options = priority_keys_of(patients), options_of(patients, slots, AS_OF)
    reached = [
        value_of(priority_keys, options, batches_by_patient(preview, slots, patients))
        for preview in (first, again)
    ]
    assert reached[0] == reached[1]


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_a_slot_more_never_lowers_the_result(seed: int) -> None:
    patients, slots = made(seed, 30, 10)
    priority_keys, options = priority_keys_of(patients), options_of(patients, slots, AS_OF)
    fewer = preview_matching(patients, slots.iloc[:-1], TERMS)
    all_of_them = preview_matching(patients, slots, TERMS)
    won_less = value_of(priority_keys, options, batches_by_patient(fewer, slots, patients))[0]
    won_more = value_of(priority_keys, options, batches_by_patient(all_of_them, slots, patients))[0]
    assert won_more <= won_less  # winners of each priority key are negated: the smaller is the better


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    patients, slots = made(seed, 30, 10)
    shuffled = preview_matching(
        patients.sample(frac=1, random_state=seed % 1000), slots.sample(frac=1, random_state=1), TERMS
    )
    preview = preview_matching(patients, slots, TERMS)
    for name in ("matches", "offers", "unmatched", "unused", "fairness"):
        pd.testing.assert_frame_equal(getattr(preview, name), getattr(shuffled, name))


def test_the_stronger_claim_wins_whatever_the_travel() -> None:
    slots = frame(slot("S1"))
    near = patient("P1", latitude=52.5, priority=3, weeks_waited=30, deprivation=5)
    for stronger in ({"priority": 2, "weeks_waited": 0}, {"weeks_waited": 31}, {"deprivation": 1}):
        preview = preview_matching(frame(near, patient("P2") | stronger), slots, TERMS)
        assert preview.matches["patient_id"].tolist() == ["P2"]
    # equal priorities: 39.6 miles against 5.1, so the nearer
    preview = preview_matching(frame(near, patient("P0")), slots, TERMS)
    assert preview.matches["patient_id"].tolist() == ["P1"]


def test_a_strong_claim_with_one_option_moves_another_who_has_two() -> None:
    both, one = patient("P1", priority=2), patient("P2", priority=3, asa=4)
    slots = frame(slot("S1"), slot("S2", provider="NVC08", latitude=52.1, max_asa=2))
    preview = preview_matching(frame(both, one), slots, TERMS)
    assert dict(zip(preview.matches["patient_id"], preview.matches["slot_id"], strict=True)) == {
        "P1": "S2",
        "P2": "S1",
    }


def test_the_stronger_claim_has_the_earlier_week() -> None:
    slots = frame(slot("S2", weeks=2), slot("S1", weeks=1))
    preview = preview_matching(frame(patient("P1", priority=4), patient("P2", priority=2)), slots, TERMS)
    assert preview.matches["slot_id"].tolist() == ["S2", "S1"]
    assert preview.matches["weeks_waited_then"].tolist() == [32, 31]


def test_weeks_saved_are_up_to_the_appointment_or_the_wait_expected_at_home() -> None:
    # slot in week 1: booked in week 6 saves 5; 8.5 weeks more at home save 7.5; not known
    rows = [
        patient("P1", next_appointment=pd.Timestamp("2026-10-14")),
        patient("P2", expected_weeks=8.5),
        patient("P3"),
    ]
    preview = preview_matching(frame(*rows), frame(slot(count=3)), TERMS)
    assert preview.matches["weeks_saved"].tolist()[:2] == [5.0, 7.5]
    assert preview.matches["weeks_saved"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(("people", "places"), [(0, 0), (0, 2), (2, 0)])
def test_an_empty_side_gives_an_empty_matching(people: int, places: int) -> None:
    patients = frame(*(patient(f"P{row}") for row in range(people))).reindex(columns=names(PATIENTS))
    slots = frame(*(slot(f"S{row}") for row in range(places))).reindex(columns=names(SLOTS))
    preview = preview_matching(patients, slots, TERMS)
    assert (len(preview.matches), len(preview.unmatched), len(preview.unused)) == (0, people, places)


def test_warming_compiles_all_there_is() -> None:
    warm()
    compiled = (
        priority_matching._assign,
        least_travel._arcs,
        least_travel._deal_weeks,
        offers._offer,
        proof._reach,
        proof._spread,
        reasons._why_unmatched,
        reasons._why_unused,
    )
    before = [len(each.signatures) for each in compiled]
    assert min(before) > 0
    patients, slots = made(5, 40, 12)
    preview_matching(patients, slots, TERMS)
    assert [len(each.signatures) for each in compiled] == before

"""Answers kept step by step, with who, when and why; an undoing is a step of its own."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from data.database.store import Store
from data.imports.patients import read_patients
from data.imports.slots import read_slots
from data.saved.matching import store_patients, store_slots
from data.saved.matching_steps import (
    Matching,
    decisions_of,
    keep_matching,
    matching,
    matchings,
    record_answer,
    steps_of,
    undo_answer,
)
from data.saved.scenarios import Outdated
from models.errors import TandemError
from models.matching.terms import Answer, Decision, Refusal, Terms
from tests.data.imports.lists import TODAY, csv_file, patient_row, slot_row

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC).replace(tzinfo=None)
REFUSED = Decision("P1", "S1", Answer.REFUSED, "Ann", NOON, Refusal.PLACE, "no car")
ACCEPTED = Decision("P2", "S1", Answer.ACCEPTED, "Bob", NOON)


@pytest.fixture
def kept(store: Store) -> Matching:
    patients = read_patients(csv_file(patient_row(patient_id="P1"), patient_row(patient_id="P2")), TODAY)
    slots = read_slots(csv_file(slot_row(slot_id="S1")), TODAY)
    return keep_matching(
        store,
        "First try",
        store_patients(store, "QK1", "A", patients, {}).id,
        store_slots(store, "QK1", "B", slots, {}).id,
        Terms(date(2026, 11, 22), True),
        "Ann",
    )


def test_a_matching_is_found_again(store: Store, kept: Matching) -> None:
    assert matching(store, kept.id) == kept
    assert matchings(store, "QK1") == matchings(store) == [kept]
    assert matchings(store, "QE1") == []
    with pytest.raises(TandemError, match="no matching 'nothing'"):
        matching(store, "nothing")
    with pytest.raises(TandemError, match="no list 'nothing'"):
        keep_matching(store, "Second", "nothing", kept.slots, kept.terms)


def test_answers_stand_until_they_are_taken_back(store: Store, kept: Matching) -> None:
    assert record_answer(store, kept.id, REFUSED, after=0) == 1
    assert record_answer(store, kept.id, ACCEPTED, after=1) == 2
    assert decisions_of(store, kept.id) == (REFUSED, ACCEPTED)
    assert undo_answer(store, kept.id, 1, after=2, who="Cid", when=NOON, note="wrong patient") == 3
    assert decisions_of(store, kept.id) == (ACCEPTED,)
    again = record_answer(store, kept.id, REFUSED, after=3)
    assert decisions_of(store, kept.id) == (ACCEPTED, REFUSED)
    steps = steps_of(store, kept.id)
    assert steps["step"].tolist() == [1, 2, 3, again]
    assert steps["standing"].tolist() == [False, True, False, True]
    assert steps["undoes"].fillna(0).tolist() == [0, 0, 1, 0]
    assert steps.loc[2, ["who", "note", "patient_id"]].tolist() == ["Cid", "wrong patient", "P1"]
    assert steps.loc[0, "changed_at"] == pd.Timestamp(NOON)


def test_two_people_at_once(store: Store, kept: Matching) -> None:
    record_answer(store, kept.id, REFUSED, after=0)
    with pytest.raises(Outdated, match="1 steps by now, not 0"):
        record_answer(store, kept.id, ACCEPTED, after=0)
    with pytest.raises(Outdated):
        undo_answer(store, kept.id, 1, after=0, who="Bob", when=NOON)
    assert decisions_of(store, kept.id) == (REFUSED,)


def test_only_an_answer_that_stands_is_taken_back(store: Store, kept: Matching) -> None:
    record_answer(store, kept.id, REFUSED, after=0)
    undo_answer(store, kept.id, 1, after=1, who="Bob", when=NOON)
    for step in (1, 2, 3):
        with pytest.raises(TandemError, match=f"Step {step} is no answer that stands"):
            undo_answer(store, kept.id, step, after=2, who="Bob", when=NOON)

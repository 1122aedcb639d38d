"""Both sides as arrays."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from models.errors import TandemError
from models.matching.columns import FACE_TO_FACE, PATIENTS, SLOTS
from models.matching.inputs import NEVER, matching_inputs, monday_of, week_of
from tests.models.matching.small_lists import AS_OF, frame, patient, slot

pytestmark = pytest.mark.unit


def test_weeks_begin_on_mondays() -> None:
    assert week_of(date(2026, 8, 31)) == week_of(date(2026, 9, 6)) == week_of(date(2026, 9, 7)) - 1
    assert monday_of(np.array([week_of(date(2026, 9, 3))], dtype=np.int32))[0] == np.datetime64("2026-08-31")


@pytest.mark.parametrize(
    ("as_of", "first"), [(date(2026, 8, 31), date(2026, 8, 31)), (date(2026, 9, 1), date(2026, 9, 7))]
)
def test_the_first_week_is_one_that_has_not_begun(as_of: date, first: date) -> None:
    assert matching_inputs(frame(patient()), frame(slot()), as_of).first_week == week_of(first)


def test_weeks_of_what_is_offered_alike_are_one_service() -> None:
    slots = frame(
        slot("S3", weeks=2), slot("S1", weeks=1), slot("S2", max_asa=2), slot("S4", weeks=1, price=9.0)
    )
    inputs = matching_inputs(frame(patient()), slots, AS_OF)
    assert inputs.batches.ids.tolist() == ["S1", "S4", "S3", "S2"]
    assert inputs.batches.service.tolist() == [0, 0, 0, 1]
    assert len(inputs.services.provider) == 2
    assert inputs.slot_frame["slot_id"].tolist() == inputs.batches.ids.tolist()


def test_blanks_take_their_defaults_and_columns_may_be_left_out() -> None:
    least = [column.name for column in PATIENTS if column.required]
    offered = [column.name for column in SLOTS if column.required]
    inputs = matching_inputs(frame(patient())[least], frame(slot())[offered], AS_OF)
    assert inputs.patients.appointment_day.tolist() == [NEVER]
    assert not inputs.patients.can_video[0]
    assert inputs.services.interpreter[0]
    assert inputs.slot_frame["medium"].tolist() == [FACE_TO_FACE]


@pytest.mark.parametrize(
    ("patients", "slots", "message"),
    [
        (frame(patient(), patient()), frame(slot()), "patient_id P1 more than once"),
        (frame(patient()), frame(slot(), slot()), "slot_id S1 more than once"),
        (frame(patient()).drop(columns="priority"), frame(slot()), "patients has no column priority"),
        (frame(patient(priority=None)), frame(slot()), "patients has a blank priority"),
        (frame(patient(setting="ward")), frame(slot()), "'ward' is not a setting"),
        (frame(patient()), frame(slot(medium="letter")), "'letter' is not a medium"),
    ],
)
def test_what_cannot_be_is_said(patients: pd.DataFrame, slots: pd.DataFrame, message: str) -> None:
    with pytest.raises(TandemError, match=message):
        matching_inputs(patients, slots, AS_OF)


def test_columns_say_what_a_cell_may_hold() -> None:
    allowed = {column.name: column.allowed for column in PATIENTS}
    assert allowed["priority"] == "a whole number from 1 to 4"
    assert allowed["home_approval"] == "one of yes, no, asked"
    for columns in (PATIENTS, SLOTS):
        assert len({column.name for column in columns}) == len(columns)
        for column in columns:
            assert column.default is None or not column.required
            if column.values:
                assert column.example in column.values

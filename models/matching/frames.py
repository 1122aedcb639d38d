"""The tables of a matching, a row a match, offer, unmatched patient or batch with places left."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.matching.answers import Standing
from models.matching.columns import FACE_TO_FACE, MEDIA
from models.matching.inputs import NEVER, Floats, MatchingInputs, monday_of
from models.matching.solving.offers import KINDS
from models.matching.solving.priority_matching import NO_BATCH
from models.matching.solving.problems import Solved
from models.matching.words import WEEK_BEGUN, binding_names, changes, reasons, unused_words
from models.rtt.organisations import great_circle_miles

CONFIRMED = "confirmed"  # beside the kinds of offers
_MONDAY_OF_WEEK_0 = 4

Places = NDArray[np.integer]


def matches_frame(inputs: MatchingInputs, assignment: Places, standing: Standing) -> pd.DataFrame:
    """Gives a row a patient with a place, by pseudonym: where, when, how far, weeks waited then and saved.

    `weeks_saved` is missing where neither a next appointment nor the weeks expected at home are known.
    """
    patient = np.flatnonzero(assignment != NO_BATCH)
    batch = assignment[patient]
    frame = _patient_columns(inputs, patient)
    frame = frame.join(_place_columns(inputs, patient, batch))
    frame["weeks_saved"] = _weeks_saved(inputs, patient, batch)
    frame["price"] = inputs.batches.price[batch]
    frame["confirmed"] = standing.confirmed[patient] != NO_BATCH
    return frame


def offers_frame(inputs: MatchingInputs, standing: Standing, solved: Sequence[Solved]) -> pd.DataFrame:
    """Gives a row an offer, best first within a patient: held, spare or standby; confirmed where accepted."""
    accepted = np.flatnonzero(standing.confirmed != NO_BATCH)
    patient = _joined([each.problem.patients[each.offers.patient] for each in solved], accepted)
    batch = _joined(
        [each.problem.batches[each.offers.batch] for each in solved], standing.confirmed[accepted]
    )
    kind = _joined([each.offers.kind for each in solved], np.full(len(accepted), len(KINDS)))
    order = np.argsort(patient, kind="stable")
    patient, batch, kind = patient[order], batch[order], kind[order]
    first = np.searchsorted(patient, patient)
    frame = pd.DataFrame(
        {
            "patient_id": inputs.patients.ids[patient],
            "rank": np.arange(len(patient)) - first + 1,
            "kind": pd.Categorical.from_codes(kind, [*KINDS, CONFIRMED]),
        }
    )
    return frame.join(_place_columns(inputs, patient, batch))


def unmatched_frame(inputs: MatchingInputs, solved: Sequence[Solved]) -> pd.DataFrame:
    """Gives a row a patient without a place: the rule that binds, why, and what would change it.

    `suitable_places` keep every rule; `closed_places` are all that their holders could move to, all held;
    `places_gained` would be had if `changing_rule` alone changed.
    """
    parts = []
    functions = np.unique(inputs.services.treatment_function)
    for each in solved:
        if not len(each.unmatched.patient):
            continue
        patient = each.problem.patients[each.unmatched.patient]
        frame = _patient_columns(inputs, patient)
        function = inputs.patients.treatment_function[patient[0]]
        names = binding_names(each.unmatched, function in functions, each.options > 0)
        listed = inputs.patient_frame.iloc[patient]
        frame["rule"] = names
        frame["reason"] = list(reasons(each.unmatched, names, each.closed.tolist(), listed))
        change_rows = list(changes(each.unmatched, listed))
        frame["change"] = [sentence for _, _, sentence in change_rows]
        frame["changing_rule"] = [name for name, _, _ in change_rows]
        frame["places_gained"] = [count for _, count, _ in change_rows]
        frame["suitable_places"] = each.unmatched.suitable
        frame["closed_places"] = np.where(each.unmatched.suitable > 0, each.closed, 0)
        frame.index = pd.Index(patient)
        parts.append(frame)
    if not parts:
        names = [
            "rule",
            "reason",
            "change",
            "changing_rule",
            "places_gained",
            "suitable_places",
            "closed_places",
        ]
        return _patient_columns(inputs, np.zeros(0, dtype=np.intp)).reindex(
            columns=[*_patient_columns(inputs, np.zeros(0, dtype=np.intp)), *names]
        )
    return pd.concat(parts).sort_index().reset_index(drop=True)


def unused_frame(inputs: MatchingInputs, solved: Sequence[Solved]) -> pd.DataFrame:
    """Gives a row a batch with places left, by name: how many, the rule that binds, and why."""
    past = np.flatnonzero((inputs.batches.week < inputs.first_week) & (inputs.batches.count > 0))
    batch = _joined([each.problem.batches[each.unused.batch] for each in solved], past)
    left = _joined([each.unused.left for each in solved], inputs.batches.count[past])
    words = [word for each in solved for word in unused_words(each.unused, len(each.problem.patients))] + [
        WEEK_BEGUN
    ] * len(past)
    frame = inputs.slot_frame.iloc[batch][_SLOT_COLUMNS].reset_index(drop=True)
    frame["left"] = left
    frame["rule"] = [name for name, _ in words]
    frame["reason"] = [sentence for _, sentence in words]
    return frame.sort_values("slot_id", ignore_index=True)


_PATIENT_COLUMNS = [
    "patient_id",
    "home_provider",
    "treatment_function",
    "setting",
    "priority",
    "weeks_waited",
    "synthetic",
]
_SLOT_COLUMNS = [
    "slot_id",
    "provider",
    "site",
    "treatment_function",
    "setting",
    "medium",
    "week",
    "count",
    "synthetic",
]


def _joined(parts: Sequence[Places], last: Places) -> NDArray[np.intp]:
    return np.concatenate([*parts, last]).astype(np.intp)


def _patient_columns(inputs: MatchingInputs, patient: Places) -> pd.DataFrame:
    return inputs.patient_frame.iloc[patient][_PATIENT_COLUMNS].reset_index(drop=True)


def _place_columns(inputs: MatchingInputs, patient: Places, batch: Places) -> pd.DataFrame:
    """Gives where and when: slot, provider, site, medium, week, miles, weeks until it and waited by then."""
    slots = inputs.slot_frame
    until = inputs.batches.week[batch] - (inputs.as_of_day - _MONDAY_OF_WEEK_0) // 7
    return pd.DataFrame(
        {
            "slot_id": inputs.batches.ids[batch],
            "provider": slots["provider"].to_numpy(object)[batch],
            "site": slots["site"].to_numpy(object)[batch],
            "medium": pd.Categorical.from_codes(_medium(inputs, batch), MEDIA),
            "week": monday_of(inputs.batches.week[batch]).astype("datetime64[s]"),
            "miles": np.round(miles_between(inputs, patient, batch), 1),
            "weeks_until": until,
            "weeks_waited_then": inputs.patients.weeks_waited[patient] + until,
        }
    )


def _medium(inputs: MatchingInputs, batch: Places) -> Places:
    return inputs.services.medium[inputs.batches.service[batch]]


def miles_between(inputs: MatchingInputs, patient: Places, batch: Places) -> Floats:
    """Gives miles from each patient to each batch, pair by pair: 0 by video or telephone, NaN not known."""
    service = inputs.batches.service[batch]
    miles = great_circle_miles(
        inputs.patients.latitude[patient],
        inputs.patients.longitude[patient],
        inputs.services.latitude[service],
        inputs.services.longitude[service],
    )
    return np.where(_medium(inputs, batch) == MEDIA.index(FACE_TO_FACE), miles, 0.0)


def _weeks_saved(inputs: MatchingInputs, patient: Places, batch: Places) -> Floats:
    week = inputs.batches.week[batch].astype(float)
    booked = inputs.patients.appointment_day[patient]
    at_home = np.where(
        booked != NEVER,
        (booked - _MONDAY_OF_WEEK_0) // 7,
        (inputs.as_of_day - _MONDAY_OF_WEEK_0) // 7 + inputs.patients.expected_weeks[patient],
    )
    return at_home - week

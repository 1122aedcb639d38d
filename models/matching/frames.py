"""The tables of a matching, a row a match, offer, unmatched patient or block with places left."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.matching.answers import Standing
from models.matching.columns import FACE_TO_FACE, MEDIA
from models.matching.offers import KINDS
from models.matching.priority_matching import NO_BLOCK
from models.matching.problems import Solved
from models.matching.sides import NEVER, Floats, Sides, monday_of
from models.matching.words import binding_names, changes, reasons, unused_words, values_of
from models.rtt.organisations import great_circle_miles

CONFIRMED = "confirmed"  # beside the kinds of offers
_MONDAY_OF_WEEK_0 = 4

Places = NDArray[np.integer]


def matches_frame(sides: Sides, held: Places, standing: Standing) -> pd.DataFrame:
    """Gives a row a patient with a place, by pseudonym: where, when, how far, weeks waited then and saved.

    `weeks_saved` is missing where neither a next appointment nor the weeks expected at home are known.
    """
    patient = np.flatnonzero(held != NO_BLOCK)
    block = held[patient]
    frame = _patient_columns(sides, patient)
    frame = frame.join(_place_columns(sides, patient, block))
    frame["weeks_saved"] = _weeks_saved(sides, patient, block)
    frame["price"] = sides.blocks.price[block]
    frame["confirmed"] = standing.confirmed[patient] != NO_BLOCK
    return frame


def offers_frame(sides: Sides, standing: Standing, solved: Sequence[Solved]) -> pd.DataFrame:
    """Gives a row an offer, best first within a patient: held, spare or standby; confirmed where accepted."""
    accepted = np.flatnonzero(standing.confirmed != NO_BLOCK)
    patient = _joined([each.problem.patients[each.offers.patient] for each in solved], accepted)
    block = _joined([each.problem.blocks[each.offers.block] for each in solved], standing.confirmed[accepted])
    kind = _joined([each.offers.kind for each in solved], np.full(len(accepted), len(KINDS)))
    order = np.argsort(patient, kind="stable")
    patient, block, kind = patient[order], block[order], kind[order]
    first = np.searchsorted(patient, patient)
    frame = pd.DataFrame(
        {
            "patient_id": sides.patients.ids[patient],
            "rank": np.arange(len(patient)) - first + 1,
            "kind": pd.Categorical.from_codes(kind, [*KINDS, CONFIRMED]),
        }
    )
    return frame.join(_place_columns(sides, patient, block))


def unmatched_frame(sides: Sides, solved: Sequence[Solved]) -> pd.DataFrame:
    """Gives a row a patient without a place: the rule that binds, why, and what would change it.

    `suitable_places` keep every rule; `closed_places` are all that their holders could move to, all held;
    `places_gained` would be had if `changing_rule` alone changed.
    """
    parts = []
    functions = np.unique(sides.services.treatment_function)
    for each in solved:
        if not len(each.unmatched.patient):
            continue
        patient = each.problem.patients[each.unmatched.patient]
        frame = _patient_columns(sides, patient)
        function = sides.patients.treatment_function[patient[0]]
        names = binding_names(each.unmatched, function in functions, each.options > 0)
        values = values_of(sides.patient_frame.iloc[patient])
        frame["rule"] = names
        frame["reason"] = list(reasons(each.unmatched, names, each.closed.tolist(), values))
        found = list(changes(each.unmatched, values))
        frame["change"] = [sentence for _, _, sentence in found]
        frame["changing_rule"] = [name for name, _, _ in found]
        frame["places_gained"] = [count for _, count, _ in found]
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
        return _patient_columns(sides, np.zeros(0, dtype=np.intp)).reindex(
            columns=[*_patient_columns(sides, np.zeros(0, dtype=np.intp)), *names]
        )
    return pd.concat(parts).sort_index().reset_index(drop=True)


def unused_frame(sides: Sides, solved: Sequence[Solved]) -> pd.DataFrame:
    """Gives a row a block with places left, by name: how many, the rule that binds, and why."""
    past = np.flatnonzero((sides.blocks.week < sides.first_week) & (sides.blocks.count > 0))
    block = _joined([each.problem.blocks[each.unused.block] for each in solved], past)
    left = _joined([each.unused.left for each in solved], sides.blocks.count[past])
    words = [word for each in solved for word in unused_words(each.unused, len(each.problem.patients))] + [
        ("not_past", "The week has begun.")
    ] * len(past)
    frame = sides.slot_frame.iloc[block][_SLOT_COLUMNS].reset_index(drop=True)
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


def _patient_columns(sides: Sides, patient: Places) -> pd.DataFrame:
    return sides.patient_frame.iloc[patient][_PATIENT_COLUMNS].reset_index(drop=True)


def _place_columns(sides: Sides, patient: Places, block: Places) -> pd.DataFrame:
    """Gives where and when: slot, provider, site, medium, week, miles, weeks until it and waited by then."""
    slots = sides.slot_frame
    until = sides.blocks.week[block] - (sides.as_of_day - _MONDAY_OF_WEEK_0) // 7
    return pd.DataFrame(
        {
            "slot_id": sides.blocks.ids[block],
            "provider": slots["provider"].to_numpy(object)[block],
            "site": slots["site"].to_numpy(object)[block],
            "medium": pd.Categorical.from_codes(_medium(sides, block), MEDIA),
            "week": monday_of(sides.blocks.week[block]).astype("datetime64[s]"),
            "miles": np.round(miles_between(sides, patient, block), 1),
            "weeks_until": until,
            "weeks_waited_then": sides.patients.weeks_waited[patient] + until,
        }
    )


def _medium(sides: Sides, block: Places) -> Places:
    return sides.services.medium[sides.blocks.service[block]]


def miles_between(sides: Sides, patient: Places, block: Places) -> Floats:
    """Gives miles from each patient to each block, pair by pair: 0 by video or telephone, NaN not known."""
    service = sides.blocks.service[block]
    miles = great_circle_miles(
        sides.patients.latitude[patient],
        sides.patients.longitude[patient],
        sides.services.latitude[service],
        sides.services.longitude[service],
    )
    return np.where(_medium(sides, block) == MEDIA.index(FACE_TO_FACE), miles, 0.0)


def _weeks_saved(sides: Sides, patient: Places, block: Places) -> Floats:
    week = sides.blocks.week[block].astype(float)
    booked = sides.patients.appointment_day[patient]
    at_home = np.where(
        booked != NEVER,
        (booked - _MONDAY_OF_WEEK_0) // 7,
        (sides.as_of_day - _MONDAY_OF_WEEK_0) // 7 + sides.patients.expected_weeks[patient],
    )
    return at_home - week

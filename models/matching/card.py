"""One patient's card: each place against each rule, and the proof if there is no place."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.errors import TandemError
from models.matching.frames import miles_between
from models.matching.pairs import pairs_of
from models.matching.preview import Preview
from models.matching.rules import RULES, not_declined
from models.matching.solving.priority_matching import NO_BATCH, priority_keys
from models.matching.solving.problems import Options, options_of, problems
from models.matching.solving.proof import closure_of


@dataclass(frozen=True)
class Proof:
    """Why no way of moving people gives a patient a place.

    `holders` have all `places` among them, each with at least as strong a priority and no option outside.
    """

    places: pd.DataFrame  # slot_id, provider, week, count
    holders: pd.DataFrame  # patient_id, slot_id, priority, weeks_waited, deprivation
    sentence: str


def rules_checked(preview: Preview, patient_id: str) -> pd.DataFrame:
    """Gives a row a batch of the patient's treatment function: slot, provider, week, miles, and each rule
    by name.

    True where the rule is kept. Fewest rules failed come first, then the nearest.
    """
    inputs, patient = preview.inputs, _row(preview, patient_id)
    wanted = inputs.patients.treatment_function[patient]
    batch = np.flatnonzero(inputs.services.treatment_function[inputs.batches.service] == wanted)
    services = inputs.services.take(inputs.batches.service[batch])
    # a service's first and last week stand for its batches elsewhere; here each batch is looked at alone
    week = inputs.batches.week[batch]
    services.first_week[:], services.last_week[:] = week, week
    pairs = pairs_of(
        inputs.patients.take(np.array([patient])),
        services,
        inputs.first_week,
        inputs.as_of_day,
        preview.terms.count_asked,
    )
    table = inputs.slot_frame.iloc[batch][["slot_id", "provider", "site", "medium", "week", "count"]]
    table = table.reset_index(drop=True)
    table["miles"] = np.round(miles_between(inputs, np.full(len(batch), patient), batch), 1)
    for name, rule in RULES.items():
        table[name] = np.broadcast_to(rule.passes(pairs), (1, len(batch)))[0]
    refused = preview.standing.barred_batch[preview.standing.barred_patient == patient]
    table[not_declined.name] = ~np.isin(batch, refused)
    table["failed"] = len(RULES) - table[list(RULES)].sum(axis=1)
    return table.sort_values(["failed", "miles", "week", "slot_id"], ignore_index=True)


def proof(preview: Preview, patient_id: str) -> Proof:
    """Gives the proof for a patient without a place; raises TandemError for one who has."""
    patient = _row(preview, patient_id)
    if preview.assignment[patient] != NO_BATCH:
        raise TandemError(f"Patient {patient_id} has a place.", "Ask for the proof of one who has none.")
    options, row, assignment = _problem_of(preview, patient)
    closure = closure_of(options.field, assignment, row)
    batch = options.problem.batches[closure.batches]
    holder = options.problem.patients[closure.holders]
    holders = preview.inputs.patient_frame.iloc[holder][
        ["patient_id", "priority", "weeks_waited", "deprivation"]
    ]
    holders = holders.reset_index(drop=True)
    holders.insert(1, "slot_id", preview.inputs.batches.ids[preview.assignment[holder]])
    places = preview.inputs.slot_frame.iloc[batch][["slot_id", "provider", "week", "count"]]
    return Proof(places.reset_index(drop=True), holders, _sentence(preview, patient, holder))


def _problem_of(preview: Preview, patient: int) -> tuple[Options, int, np.ndarray]:
    """Gives the patient's problem with its rules applied, the patient's row in it, and who holds what."""
    for problem in problems(preview.inputs, preview.standing):
        row = np.flatnonzero(problem.patients == patient)
        if len(row):
            assignment = preview.assignment[problem.patients]
            within = np.where(assignment == NO_BATCH, NO_BATCH, np.searchsorted(problem.batches, assignment))
            options = options_of(preview.inputs, preview.standing, problem, preview.terms)
            return options, int(row[0]), within.astype(np.int32)
    raise TandemError("The patient is in no problem.", "Match again.")


def _sentence(preview: Preview, patient: int, holder: np.ndarray) -> str:
    if not len(holder):
        return "No place that keeps every rule is still to be given."
    priority_key, _ = priority_keys(preview.inputs.patients.take(np.append(holder, patient)))
    weakest = holder[int(np.argmax(priority_key[:-1]))]
    waiting = preview.inputs.patients
    who = "1 patient holds" if len(holder) == 1 else f"{len(holder):,} patients hold"
    return (
        f"{who} every place this patient could have, directly or by others moving, and could go nowhere "
        "else. "
        f"The weakest claim among them is priority {waiting.priority[weakest]}, "
        f"{waiting.weeks_waited[weakest]} weeks; this patient's is priority {waiting.priority[patient]}, "
        f"{waiting.weeks_waited[patient]} weeks."
    )


def _row(preview: Preview, patient_id: str) -> int:
    place = np.searchsorted(preview.inputs.patients.ids, patient_id)
    if place == len(preview.inputs.patients.ids) or preview.inputs.patients.ids[place] != patient_id:
        raise TandemError(f"There is no patient {patient_id}.", "Choose one of the list.")
    return int(place)

"""One patient's card: each place against each rule, and the proof if there is no place."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.errors import TandemError
from models.matching.frames import miles_between
from models.matching.preview import Preview
from models.matching.priority_matching import NO_BLOCK, claims
from models.matching.problems import Options, options_of, problems
from models.matching.proof import closure_of
from models.matching.rules import RULES, pairs_of


@dataclass(frozen=True)
class Proof:
    """Why no way of moving people gives a patient a place.

    `holders` hold all `places` among them, each with at least as strong a claim and no option outside them.
    """

    places: pd.DataFrame  # slot_id, provider, week, count
    holders: pd.DataFrame  # patient_id, slot_id, priority, weeks_waited, deprivation
    sentence: str


def rules_checked(found: Preview, patient_id: str) -> pd.DataFrame:
    """Gives a row a block of the patient's treatment function: slot, provider, week, miles, and each rule
    by name.

    True where the rule is kept. Fewest rules failed come first, then the nearest.
    """
    sides, patient = found.sides, _row(found, patient_id)
    wanted = sides.patients.treatment_function[patient]
    block = np.flatnonzero(sides.services.treatment_function[sides.blocks.service] == wanted)
    services = sides.services.take(sides.blocks.service[block])
    # a service's first and last week stand for its blocks elsewhere; here each block is looked at alone
    week = sides.blocks.week[block]
    services.first_week[:], services.last_week[:] = week, week
    pairs = pairs_of(
        sides.patients.take(np.array([patient])),
        services,
        sides.first_week,
        sides.as_of_day,
        found.terms.count_asked,
    )
    table = sides.slot_frame.iloc[block][["slot_id", "provider", "site", "medium", "week", "count"]]
    table = table.reset_index(drop=True)
    table["miles"] = np.round(miles_between(sides, np.full(len(block), patient), block), 1)
    for name, rule in RULES.items():
        table[name] = np.broadcast_to(rule.passes(pairs), (1, len(block)))[0]
    refused = found.standing.barred_block[found.standing.barred_patient == patient]
    table["not_declined"] = ~np.isin(block, refused)
    table["failed"] = len(RULES) - table[list(RULES)].sum(axis=1)
    return table.sort_values(["failed", "miles", "week", "slot_id"], ignore_index=True)


def proof(found: Preview, patient_id: str) -> Proof:
    """Gives the proof for a patient without a place; raises TandemError for one who has."""
    patient = _row(found, patient_id)
    if found.held[patient] != NO_BLOCK:
        raise TandemError(f"Patient {patient_id} has a place.", "Ask for the proof of one who has none.")
    options, row, held = _problem_of(found, patient)
    closure = closure_of(options.field, held, row)
    block = options.problem.blocks[closure.blocks]
    holder = options.problem.patients[closure.holders]
    holders = found.sides.patient_frame.iloc[holder][
        ["patient_id", "priority", "weeks_waited", "deprivation"]
    ]
    holders = holders.reset_index(drop=True)
    holders.insert(1, "slot_id", found.sides.blocks.ids[found.held[holder]])
    places = found.sides.slot_frame.iloc[block][["slot_id", "provider", "week", "count"]]
    return Proof(places.reset_index(drop=True), holders, _sentence(found, patient, holder))


def _problem_of(found: Preview, patient: int) -> tuple[Options, int, np.ndarray]:
    """Gives the patient's problem with its rules applied, the patient's row in it, and who holds what."""
    for problem in problems(found.sides, found.standing):
        row = np.flatnonzero(problem.patients == patient)
        if len(row):
            held = found.held[problem.patients]
            within = np.where(held == NO_BLOCK, NO_BLOCK, np.searchsorted(problem.blocks, held))
            options = options_of(found.sides, found.standing, problem, found.terms)
            return options, int(row[0]), within.astype(np.int32)
    raise TandemError("The patient is in no problem.", "Match again.")


def _sentence(found: Preview, patient: int, holder: np.ndarray) -> str:
    if not len(holder):
        return "No place that keeps every rule is still to be given."
    claim, _ = claims(found.sides.patients.take(np.append(holder, patient)))
    weakest = holder[int(np.argmax(claim[:-1]))]
    waiting = found.sides.patients
    who = "1 patient holds" if len(holder) == 1 else f"{len(holder):,} patients hold"
    return (
        f"{who} every place this patient could have, directly or by others moving, and could go nowhere "
        "else. "
        f"The weakest claim among them is priority {waiting.priority[weakest]}, "
        f"{waiting.weeks_waited[weakest]} weeks; this patient's is priority {waiting.priority[patient]}, "
        f"{waiting.weeks_waited[patient]} weeks."
    )


def _row(found: Preview, patient_id: str) -> int:
    place = np.searchsorted(found.sides.patients.ids, patient_id)
    if place == len(found.sides.patients.ids) or found.sides.patients.ids[place] != patient_id:
        raise TandemError(f"There is no patient {patient_id}.", "Choose one of the list.")
    return int(place)

"""Answers to offers as they bear on the next matching: who is confirmed, and what is not offered again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.errors import TandemError
from models.matching.inputs import Ints, MatchingInputs, Services, SlotBatches
from models.matching.solving.offers import STANDBY
from models.matching.solving.priority_matching import NO_BATCH
from models.matching.terms import Answer, Decision, Refusal


@dataclass(frozen=True)
class Standing:
    """What the answers so far leave: places confirmed, and batches each patient is not offered again."""

    confirmed: Ints  # (N,): batch, NO_BATCH for none
    places: Ints  # (B,): places still to be given in weeks that have not begun
    barred_patient: Ints  # pairs of patient and batch, by patient
    barred_batch: Ints


def latest(decisions: Sequence[Decision]) -> list[Decision]:
    """Gives the last answer of each patient to each slot, in the order they were given."""
    last: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        last.pop((decision.patient_id, decision.slot_id), None)
        last[decision.patient_id, decision.slot_id] = decision
    return list(last.values())


def standing(inputs: MatchingInputs, decisions: Sequence[Decision]) -> Standing:
    """Gives what the answers leave. Answers of patients no longer listed, or refusals of slots withdrawn,
    are moot.

    Raises TandemError if an accepted place is no longer offered, or a patient or a place is accepted too
    often.
    """
    patients, batches = inputs.patients, inputs.batches
    confirmed = np.full(len(patients.ids), NO_BATCH, dtype=np.int32)
    places = np.where(batches.week >= inputs.first_week, batches.count, 0).astype(np.int32)
    given = latest(decisions)
    rows = pd.Index(patients.ids).get_indexer([each.patient_id for each in given])
    at = pd.Index(batches.ids).get_indexer([each.slot_id for each in given])
    barred: list[tuple[int, NDArray[np.intp]]] = []
    for decision, patient, batch in zip(given, rows, at, strict=True):
        if patient < 0:
            continue
        if decision.answer is Answer.ACCEPTED:
            _confirm(decision, int(patient), int(batch), confirmed)
        elif batch >= 0:
            barred.append((int(patient), _not_again(decision, int(batch), inputs.services, batches)))
    taken = np.bincount(confirmed[confirmed != NO_BATCH], minlength=len(places))
    crowded = np.flatnonzero(taken > batches.count)
    if len(crowded):
        raise TandemError(
            f"Slot {batches.ids[crowded[0]]} has {batches.count[crowded[0]]} places, and "
            f"{taken[crowded[0]]} are accepted.",
            "Undo an acceptance, or offer more places.",
        )
    pairs = [(patient, batch) for patient, refused in barred for batch in refused]
    unique = np.unique(np.array(pairs, dtype=np.int32).reshape(-1, 2), axis=0)
    left = np.maximum(places - taken, 0).astype(np.int32)
    return Standing(confirmed, left, unique[:, 0].copy(), unique[:, 1].copy())


def _confirm(decision: Decision, patient: int, batch: int, confirmed: Ints) -> None:
    if batch < 0:
        raise TandemError(
            f"Patient {decision.patient_id} accepted slot {decision.slot_id}, which is no longer offered.",
            "Undo the acceptance, or offer the slot again.",
        )
    if confirmed[patient] != NO_BATCH:
        raise TandemError(
            f"Patient {decision.patient_id} has accepted two slots, {decision.slot_id} the second.",
            "Undo one of the acceptances.",
        )
    confirmed[patient] = batch


def _not_again(decision: Decision, batch: int, services: Services, batches: SlotBatches) -> NDArray[np.intp]:
    """Gives the batches that an answer other than acceptance keeps from being offered again."""
    service = batches.service[batch]
    if decision.answer is Answer.NO_ANSWER or decision.reason is Refusal.WEEK:
        return np.array([batch])
    if decision.reason is Refusal.STAY:
        return np.arange(len(batches.ids))
    if decision.reason is Refusal.PLACE:
        return np.flatnonzero(services.provider[batches.service] == services.provider[service])
    if decision.reason is Refusal.MEDIUM:
        return np.flatnonzero(services.medium[batches.service] == services.medium[service])
    return np.flatnonzero(batches.service == service)


def answered(offers: pd.DataFrame, decisions: Sequence[Decision], decision: Decision) -> tuple[Decision, ...]:
    """Gives the answers so far with one more, to an offer of the latest preview's table.

    Raises TandemError for an answer to no offer, an acceptance of standby (somebody else holds that place),
    or a second acceptance. As a place is held or spare for one patient at most, no more are accepted than
    there are.
    """
    offer = offers[(offers["patient_id"] == decision.patient_id) & (offers["slot_id"] == decision.slot_id)]
    where = f"slot {decision.slot_id} by patient {decision.patient_id}"
    if not len(offer):
        raise TandemError(f"No offer of {where} can be found.", "Answer one of the patient's offers.")
    if decision.answer is Answer.ACCEPTED:
        if offer["kind"].iloc[0] == STANDBY:
            raise TandemError(
                f"Standby can't be accepted: {where} is held by somebody else.",
                "Wait for their answer and match again, or take a place that is held or spare.",
            )
        taken = [
            each.slot_id
            for each in latest(decisions)
            if each.patient_id == decision.patient_id and each.answer is Answer.ACCEPTED
        ]
        if taken:
            raise TandemError(
                f"Patient {decision.patient_id} has accepted slot {taken[0]} already.", "Undo that first."
            )
    return (*decisions, decision)


def undone(decisions: Sequence[Decision], patient_id: str) -> tuple[Decision, ...]:
    """Gives the answers so far without the patient's last; raises TandemError if there is none."""
    for place in range(len(decisions) - 1, -1, -1):
        if decisions[place].patient_id == patient_id:
            return (*decisions[:place], *decisions[place + 1 :])
    raise TandemError(f"Patient {patient_id} has answered nothing.", "There is nothing to undo.")

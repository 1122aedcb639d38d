"""Up to five offers a patient, best first: the place held, then spare places, then standby.

A place is offered firmly (held or spare) to one patient at most, so that all firm offers could be accepted
at once. Spare places go round in order of priority, one more choice each round. Standby is a place somebody
else holds or was offered: free only if they refuse. The others are at services the patient has no better
offer from.
"""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.matching.inputs import Ints
from models.matching.rule_mask import Mask
from models.matching.solving.priority_matching import NO_BATCH, Field, refused

OFFERS = 5
HELD, SPARE, STANDBY = KINDS = ("held", "spare", "standby")


@dataclass(frozen=True)
class Offers:
    """K offers: whose, which batch, and its place in KINDS; a patient's together, best first."""

    patient: Ints
    batch: Ints
    kind: Ints


def offers_of(field: Field, assignment: Ints, order: Ints) -> Offers:
    """Gives the offers when patients hold `assignment`."""
    used = np.bincount(assignment[assignment != NO_BATCH], minlength=len(field.week)).astype(np.int32)
    batch, kind = _offer(
        field.failed,
        field.nearest,
        field.home,
        field.last_week,
        field.begin,
        field.week,
        field.places,
        field.places - used,
        field.barred_begin,
        field.barred,
        assignment,
        order,
        OFFERS,
    )
    patient, rank = np.nonzero(batch != NO_BATCH)
    return Offers(patient.astype(np.int32), batch[patient, rank], kind[patient, rank])


@nb.njit(cache=True, nogil=True)
def _offer(
    failed: Mask,
    nearest: Ints,
    home: Ints,
    last_week: Ints,
    begin: Ints,
    week: Ints,
    places: Ints,
    spare: Ints,
    barred_begin: Ints,
    barred: Ints,
    assignment: Ints,
    order: Ints,
    most: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    patients, services = failed.shape[0], len(begin) - 1
    offered = np.full((patients, most), NO_BATCH, np.int32)
    kind = np.zeros((patients, most), np.int32)
    count = np.zeros(patients, np.int32)
    at = np.zeros(patients, np.int32)  # the next service to look at for a spare place
    for patient in range(patients):
        if assignment[patient] != NO_BATCH:
            offered[patient, 0] = assignment[patient]
            count[patient] = 1
    for _ in range(most - 1):
        for patient in order:
            if count[patient] == most:
                continue
            offered_spare = False
            while at[patient] < services and not offered_spare:
                service = nearest[home[patient], at[patient]]
                at[patient] += 1
                if failed[patient, service] != 0:
                    continue
                if (
                    assignment[patient] != NO_BATCH
                    and begin[service] <= assignment[patient] < begin[service + 1]
                ):
                    continue
                for batch in range(begin[service], begin[service + 1]):
                    if week[batch] > last_week[patient]:
                        break
                    if spare[batch] == 0:
                        continue
                    if not refused(barred_begin, barred, patient, batch):
                        spare[batch] -= 1
                        offered[patient, count[patient]] = batch
                        kind[patient, count[patient]] = 1
                        count[patient] += 1
                        offered_spare = True
                        break
    for patient in range(patients):
        firm = count[patient]
        for step in range(services):
            if count[patient] == most:
                break
            service = nearest[home[patient], step]
            if failed[patient, service] != 0:
                continue
            again = False
            for k in range(firm):
                again = again or begin[service] <= offered[patient, k] < begin[service + 1]
            if again:
                continue
            for batch in range(begin[service], begin[service + 1]):
                if week[batch] > last_week[patient]:
                    break
                if places[batch] == 0:
                    continue
                if not refused(barred_begin, barred, patient, batch):
                    offered[patient, count[patient]] = batch
                    kind[patient, count[patient]] = 2
                    count[patient] += 1
                    break
    return offered, kind

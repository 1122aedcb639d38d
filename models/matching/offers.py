"""Up to five offers a patient, best first: the place held, then spare places, then standby.

A place is offered firmly (held or spare) to one patient at most, so that all firm offers could be accepted
at once. Spare places go round in order of claim, one more choice each round. Standby is a place somebody
else holds or was offered: free only if they refuse. The others are at services the patient has no better
offer from.
"""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.matching.priority_matching import NO_BLOCK, Field, refused
from models.matching.sides import Ints

OFFERS = 5
HELD, SPARE, STANDBY = KINDS = ("held", "spare", "standby")


@dataclass(frozen=True)
class Offers:
    """K offers: whose, which block, and its place in KINDS; a patient's together, best first."""

    patient: Ints
    block: Ints
    kind: Ints


def offers_of(field: Field, held: Ints, order: Ints) -> Offers:
    """Gives the offers when patients hold `held`."""
    used = np.bincount(held[held != NO_BLOCK], minlength=len(field.week)).astype(np.int32)
    block, kind = _offer(
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
        held,
        order,
        OFFERS,
    )
    patient, rank = np.nonzero(block != NO_BLOCK)
    return Offers(patient.astype(np.int32), block[patient, rank], kind[patient, rank])


@nb.njit(cache=True, nogil=True)
def _offer(
    failed: NDArray[np.uint16],
    nearest: Ints,
    home: Ints,
    last_week: Ints,
    begin: Ints,
    week: Ints,
    places: Ints,
    spare: Ints,
    barred_begin: Ints,
    barred: Ints,
    held: Ints,
    order: Ints,
    most: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    patients, services = failed.shape[0], len(begin) - 1
    offered = np.full((patients, most), NO_BLOCK, np.int32)
    kind = np.zeros((patients, most), np.int32)
    count = np.zeros(patients, np.int32)
    at = np.zeros(patients, np.int32)  # the next service to look at for a spare place
    for patient in range(patients):
        if held[patient] != NO_BLOCK:
            offered[patient, 0] = held[patient]
            count[patient] = 1
    for _ in range(most - 1):
        for patient in order:
            if count[patient] == most:
                continue
            found = False
            while at[patient] < services and not found:
                service = nearest[home[patient], at[patient]]
                at[patient] += 1
                if failed[patient, service] != 0:
                    continue
                if held[patient] != NO_BLOCK and begin[service] <= held[patient] < begin[service + 1]:
                    continue
                for block in range(begin[service], begin[service + 1]):
                    if week[block] > last_week[patient]:
                        break
                    if spare[block] == 0:
                        continue
                    if not refused(barred_begin, barred, patient, block):
                        spare[block] -= 1
                        offered[patient, count[patient]] = block
                        kind[patient, count[patient]] = 1
                        count[patient] += 1
                        found = True
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
            for block in range(begin[service], begin[service + 1]):
                if week[block] > last_week[patient]:
                    break
                if places[block] == 0:
                    continue
                if not refused(barred_begin, barred, patient, block):
                    offered[patient, count[patient]] = block
                    kind[patient, count[patient]] = 2
                    count[patient] += 1
                    break
    return offered, kind

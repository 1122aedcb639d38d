"""Who gets a place: the most urgent first, then the longest wait, then the most deprived.

Sets of patients who can all have a place together form a transversal matroid, so adding patients in order
of claim, each by an augmenting path that moves others without unseating them, gives the best set in every
prefix of the order, and the most patients in all (priority matching: Roth, Sönmez and Ünver 2005). A search
that fails has reached a set of full blocks, held by patients with at least as strong a claim who have no
option outside it: it can never open again and is closed for the rest, which is what keeps this fast, and is
the proof for each loser.
"""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.matching.sides import Floats, Ints, Patients

NO_BLOCK = -1


def claims(patients: Patients) -> tuple[Ints, Ints]:
    """Gives (claim, order): the strength of each patient's claim, 0 the strongest, and the patients by it.

    Equal claims are equal in clinical priority, weeks waited and deprivation; a tenth that is not known
    counts as the middle. Within a claim the order is that of the arrays.
    """
    keys = np.stack(
        [
            patients.priority,
            -patients.weeks_waited,
            np.where(np.isnan(patients.deprivation), 5.5, patients.deprivation),
        ]
    )
    order = np.lexsort(keys[::-1]).astype(np.int32)
    fresh = (np.diff(keys[:, order], axis=1) != 0).any(axis=0)
    claim = np.empty(len(order), dtype=np.int32)
    claim[order] = np.concatenate([[0], np.cumsum(fresh)])[: len(order)]
    return claim, order


@dataclass(frozen=True)
class Field:
    """One problem's options: N patients, S services, B blocks; services of a patient nearest first."""

    failed: NDArray[np.uint16]  # (N, S): 0 where the rules are kept
    nearest: NDArray[np.int32]  # (H, S): services by miles from each home
    home: Ints  # (N,): row of `nearest`
    last_week: Ints  # (N,): latest week the patient may be offered
    begin: Ints  # (S + 1,): where each service's blocks begin
    week: Ints  # (B,)
    places: Ints  # (B,): places to be given; 0 where past
    barred_begin: Ints  # (N + 1,): where each patient's refused blocks begin
    barred: Ints  # blocks


def hold_places(field: Field, order: Ints) -> Ints:
    """Gives each patient's block, NO_BLOCK for none: the best set of patients, not yet the least travel."""
    held: Ints = _hold(
        field.failed,
        field.nearest,
        field.home,
        field.last_week,
        field.begin,
        field.week,
        field.places,
        field.barred_begin,
        field.barred,
        order,
    )
    return held


@nb.njit(cache=True, nogil=True)
def refused(barred_begin: Ints, barred: Ints, patient: int, block: int) -> bool:
    """Whether a patient has refused a block, and is not to be offered it again."""
    return block in barred[barred_begin[patient] : barred_begin[patient + 1]]


@nb.njit(cache=True, nogil=True)
def _hold(
    failed: NDArray[np.uint16],
    nearest: Ints,
    home: Ints,
    last_week: Ints,
    begin: Ints,
    week: Ints,
    places: Ints,
    barred_begin: Ints,
    barred: Ints,
    order: Ints,
) -> Ints:
    patients, services, blocks = failed.shape[0], len(begin) - 1, len(week)
    held = np.full(patients, NO_BLOCK, np.int32)
    free = places.copy()
    first = np.full(blocks, -1, np.int32)  # a chain of each block's holders
    following = np.full(patients, -1, np.int32)
    closed = np.zeros(blocks, np.bool_)
    seen = np.full(blocks, -1, np.int32)  # the search that last reached a block
    came_by = np.full(blocks, -1, np.int32)  # the patient it was reached through
    passed = np.zeros(services, np.int32)  # blocks of a service reached so far, from its first
    passed_in = np.full(services, -1, np.int32)
    queue = np.empty(patients, np.int32)
    reached = np.empty(blocks, np.int32)
    for search in range(patients):
        newcomer = order[search]
        queue[0] = newcomer
        waiting, served, found, n_reached = 1, 0, NO_BLOCK, 0
        while served < waiting and found == NO_BLOCK:
            patient = queue[served]
            served += 1
            restricted = barred_begin[patient + 1] > barred_begin[patient]
            for step in range(services):
                service = nearest[home[patient], step]
                if failed[patient, service] != 0:
                    continue
                if passed_in[service] != search:
                    passed_in[service] = search
                    passed[service] = begin[service]
                block = begin[service] if restricted else passed[service]
                while block < begin[service + 1] and week[block] <= last_week[patient]:
                    permitted = not (restricted and refused(barred_begin, barred, patient, block))
                    if permitted and seen[block] != search and not closed[block]:
                        seen[block] = search
                        came_by[block] = patient
                        reached[n_reached] = block
                        n_reached += 1
                        if free[block] > 0:
                            found = block
                            break
                        holder = first[block]
                        while holder != -1:
                            queue[waiting] = holder
                            waiting += 1
                            holder = following[holder]
                    block += 1
                if found != NO_BLOCK:
                    break
                if not restricted:
                    passed[service] = block
        if found == NO_BLOCK:
            for k in range(n_reached):
                closed[reached[k]] = True
            continue
        free[found] -= 1
        block = found
        while True:  # each on the way moves up by one
            patient = came_by[block]
            left = held[patient]
            if left != NO_BLOCK:
                if first[left] == patient:
                    first[left] = following[patient]
                else:
                    before = first[left]
                    while following[before] != patient:
                        before = following[before]
                    following[before] = following[patient]
            held[patient] = block
            following[patient] = first[block]
            first[block] = patient
            if left == NO_BLOCK:
                break
            block = left
    return held


def by_miles(miles: Floats) -> NDArray[np.int32]:
    """Gives each row's columns by miles, the nearest first; equal ones in their order, unknown ones last."""
    return np.argsort(miles, axis=1, kind="stable").astype(np.int32)

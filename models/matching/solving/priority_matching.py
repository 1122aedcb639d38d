"""Who gets a place: the most urgent first, then the longest wait, then the most deprived.

Sets of patients who can all have a place together form a transversal matroid, so adding patients in order
of priority, each by an augmenting path that moves others without unseating them, gives the best set in every
prefix of the order, and the most patients in all (priority matching: Roth, Sönmez and Ünver 2005). A search
that fails has reached a set of full batches, held by patients with at least as strong a priority who have no
option outside it: it can never open again and is closed for the rest, which is what keeps this fast, and is
the proof for each loser.
"""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.matching.inputs import Floats, Ints, Patients
from models.matching.rule_mask import Mask

NO_BATCH = -1


def priority_keys(patients: Patients) -> tuple[Ints, Ints]:
    """Gives (priority key, order): each patient's key, 0 the first to be placed, and the patients by it.

    Equal keys are equal in clinical priority, weeks waited and deprivation; a tenth that is not known counts
    as the middle. Within a key the order is that of the arrays.
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
    priority_key = np.empty(len(order), dtype=np.int32)
    priority_key[order] = np.concatenate([[0], np.cumsum(fresh)])[: len(order)]
    return priority_key, order


@dataclass(frozen=True)
class Field:
    """One problem's options: N patients, S services, B slot batches; services of a patient nearest first."""

    failed: Mask  # (N, S): 0 where the rules are kept
    nearest: NDArray[np.int32]  # (H, S): services by miles from each home
    home: Ints  # (N,): row of `nearest`
    last_week: Ints  # (N,): latest week the patient may be offered
    begin: Ints  # (S + 1,): where each service's batches begin
    week: Ints  # (B,)
    places: Ints  # (B,): places to be given; 0 where past
    barred_begin: Ints  # (N + 1,): where each patient's refused batches begin
    barred: Ints  # batches


def assign_by_priority(field: Field, order: Ints) -> Ints:
    """Gives each patient's batch, NO_BATCH for none: the best set of patients, not yet the least travel."""
    assignment: Ints = _assign(
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
    return assignment


@nb.njit(cache=True, nogil=True)
def refused(barred_begin: Ints, barred: Ints, patient: int, batch: int) -> bool:
    """Whether a patient has refused a batch, and is not to be offered it again."""
    return batch in barred[barred_begin[patient] : barred_begin[patient + 1]]


@nb.njit(cache=True, nogil=True)
def _assign(
    failed: Mask,
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
    patients, services, batches = failed.shape[0], len(begin) - 1, len(week)
    assignment = np.full(patients, NO_BATCH, np.int32)
    free = places.copy()
    first = np.full(batches, -1, np.int32)  # a chain of each batch's holders
    following = np.full(patients, -1, np.int32)
    closed = np.zeros(batches, np.bool_)
    seen = np.full(batches, -1, np.int32)  # the search that last reached a batch
    came_by = np.full(batches, -1, np.int32)  # the patient it was reached through
    passed = np.zeros(services, np.int32)  # batches of a service reached so far, from its first
    passed_in = np.full(services, -1, np.int32)
    queue = np.empty(patients, np.int32)
    reached = np.empty(batches, np.int32)
    for search in range(patients):
        newcomer = order[search]
        queue[0] = newcomer
        waiting, served, opening, n_reached = 1, 0, NO_BATCH, 0
        while served < waiting and opening == NO_BATCH:
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
                batch = begin[service] if restricted else passed[service]
                while batch < begin[service + 1] and week[batch] <= last_week[patient]:
                    permitted = not (restricted and refused(barred_begin, barred, patient, batch))
                    if permitted and seen[batch] != search and not closed[batch]:
                        seen[batch] = search
                        came_by[batch] = patient
                        reached[n_reached] = batch
                        n_reached += 1
                        if free[batch] > 0:
                            opening = batch
                            break
                        holder = first[batch]
                        while holder != -1:
                            queue[waiting] = holder
                            waiting += 1
                            holder = following[holder]
                    batch += 1
                if opening != NO_BATCH:
                    break
                if not restricted:
                    passed[service] = batch
        if opening == NO_BATCH:
            for k in range(n_reached):
                closed[reached[k]] = True
            continue
        free[opening] -= 1
        batch = opening
        while True:  # each on the way moves up by one
            patient = came_by[batch]
            left = assignment[patient]
            if left != NO_BATCH:
                if first[left] == patient:
                    first[left] = following[patient]
                else:
                    before = first[left]
                    while following[before] != patient:
                        before = following[before]
                    following[before] = following[patient]
            assignment[patient] = batch
            following[patient] = first[batch]
            first[batch] = patient
            if left == NO_BATCH:
                break
            batch = left
    return assignment


def by_miles(miles: Floats) -> NDArray[np.int32]:
    """Gives each row's columns by miles, the nearest first; equal ones in their order, unknown ones last."""
    return np.argsort(miles, axis=1, kind="stable").astype(np.int32)

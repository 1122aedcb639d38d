"""The proof that a patient could not have a place: who holds the places, and that none could move."""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.matching.inputs import Ints
from models.matching.rule_mask import Mask
from models.matching.solving.priority_matching import NO_BATCH, Field, refused

SPARE_IN_REACH = 2**30  # weaker than any key: a place nobody holds


@dataclass(frozen=True)
class Closure:
    """Every place a patient could get by moving others: `batches`, all full, and their `holders`."""

    batches: Ints
    holders: Ints


def closure_of(field: Field, assignment: Ints, patient: int) -> Closure:
    """Gives the batches reached from a patient by asking holder after holder to move, and who holds them.

    Every option of the patient and of each holder is among the batches. So if all are full, and nobody among
    the holders has a weaker priority, no way of moving people gives this patient a place without taking one
    from a priority at least as strong.
    """
    reached, asked = _reach(
        field.failed,
        field.last_week,
        field.begin,
        field.week,
        field.places,
        field.barred_begin,
        field.barred,
        assignment,
        patient,
    )
    asked[patient] = False
    return Closure(np.flatnonzero(reached).astype(np.int32), np.flatnonzero(asked).astype(np.int32))


@nb.njit(cache=True, nogil=True)
def _reach(
    failed: Mask,
    last_week: Ints,
    begin: Ints,
    week: Ints,
    places: Ints,
    barred_begin: Ints,
    barred: Ints,
    assignment: Ints,
    patient: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    batches = len(week)
    holders = np.zeros(batches + 1, np.int32)  # of each batch, one after the other
    for batch in assignment:
        if batch != NO_BATCH:
            holders[batch + 1] += 1
    start = np.cumsum(holders)
    holder = np.empty(start[-1], np.int32)
    filled = start[:-1].copy()
    for each in range(len(assignment)):
        if assignment[each] != NO_BATCH:
            holder[filled[assignment[each]]] = each
            filled[assignment[each]] += 1
    reached = np.zeros(batches, np.bool_)
    asked = np.zeros(len(assignment), np.bool_)
    queue = np.empty(len(assignment), np.int32)
    queue[0], served, waiting = patient, 0, 1
    asked[patient] = True
    while served < waiting:
        each = queue[served]
        served += 1
        for service in range(len(begin) - 1):
            if failed[each, service] != 0:
                continue
            for batch in range(begin[service], begin[service + 1]):
                if week[batch] > last_week[each]:
                    break
                if places[batch] == 0 or reached[batch] or refused(barred_begin, barred, each, batch):
                    continue
                reached[batch] = True
                for k in range(start[batch], start[batch + 1]):
                    if not asked[holder[k]]:
                        asked[holder[k]] = True
                        queue[waiting] = holder[k]
                        waiting += 1
    return reached, asked


def weakest_in_reach(field: Field, assignment: Ints, priority_key: Ints) -> Ints:
    """Gives (B,) the weakest priority that would have to give way if one patient more came to each batch.

    Holders may move on to any of their other options. SPARE_IN_REACH where nobody would have to; -1 where
    there are no places. A patient who could come to a batch would get in exactly if this is weaker than
    their own.
    """
    used = np.bincount(assignment[assignment != NO_BATCH], minlength=len(field.week))
    at = np.full(len(field.week), -1, dtype=np.int32)
    matched = np.flatnonzero(assignment != NO_BATCH).astype(np.int32)
    np.maximum.at(at, assignment[matched], priority_key[matched])
    at[field.places > used] = SPARE_IN_REACH
    reach: Ints = _spread(
        field.failed,
        field.last_week,
        field.begin,
        field.week,
        field.barred_begin,
        field.barred,
        assignment,
        matched,
        at,
        np.argsort(-at, kind="stable").astype(np.int32),
    )
    return reach


@nb.njit(cache=True, nogil=True)
def _spread(
    failed: Mask,
    last_week: Ints,
    begin: Ints,
    week: Ints,
    barred_begin: Ints,
    barred: Ints,
    assignment: Ints,
    matched: Ints,
    at: Ints,
    weakest_first: Ints,
) -> Ints:
    batches = len(week)
    service_of = np.empty(batches, np.int32)
    for service in range(len(begin) - 1):
        service_of[begin[service] : begin[service + 1]] = service
    reach = np.full(batches, -1, np.int32)
    stack = np.empty(batches, np.int32)
    asking = matched.copy()  # whose own batch has no value yet
    left = len(asking)
    for start in weakest_first:
        if at[start] < 0 or reach[start] >= 0:
            continue
        reach[start] = at[start]
        stack[0], height = start, 1
        while height:
            height -= 1
            batch = stack[height]
            k = 0
            while k < left:
                patient = asking[k]
                own = assignment[patient]
                comes = reach[own] >= 0
                if (
                    not comes
                    and failed[patient, service_of[batch]] == 0
                    and week[batch] <= last_week[patient]
                    and not refused(barred_begin, barred, patient, batch)
                ):
                    reach[own] = at[start]
                    stack[height] = own
                    height += 1
                if comes:  # not to be asked again
                    left -= 1
                    asking[k] = asking[left]
                else:
                    k += 1
    return reach

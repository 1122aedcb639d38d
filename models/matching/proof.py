"""The proof that a patient could not have a place: who holds the places, and that none could move."""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.matching.priority_matching import NO_BLOCK, Field, refused
from models.matching.sides import Ints

SPARE_IN_REACH = 2**30  # weaker than any claim: a place nobody holds


@dataclass(frozen=True)
class Closure:
    """Every place a patient could get by moving others: `blocks`, all full, and their `holders`."""

    blocks: Ints
    holders: Ints


def closure_of(field: Field, held: Ints, patient: int) -> Closure:
    """Gives the blocks reached from a patient by asking holder after holder to move, and who holds them.

    Every option of the patient and of each holder is among the blocks. So if all are full, and nobody among
    the holders has a weaker claim, no way of moving people gives this patient a place without taking one
    from a claim at least as strong.
    """
    reached, asked = _reach(
        field.failed,
        field.last_week,
        field.begin,
        field.week,
        field.places,
        field.barred_begin,
        field.barred,
        held,
        patient,
    )
    asked[patient] = False
    return Closure(np.flatnonzero(reached).astype(np.int32), np.flatnonzero(asked).astype(np.int32))


@nb.njit(cache=True, nogil=True)
def _reach(
    failed: NDArray[np.uint16],
    last_week: Ints,
    begin: Ints,
    week: Ints,
    places: Ints,
    barred_begin: Ints,
    barred: Ints,
    held: Ints,
    patient: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    blocks = len(week)
    holders = np.zeros(blocks + 1, np.int32)  # of each block, one after the other
    for block in held:
        if block != NO_BLOCK:
            holders[block + 1] += 1
    start = np.cumsum(holders)
    holder = np.empty(start[-1], np.int32)
    filled = start[:-1].copy()
    for each in range(len(held)):
        if held[each] != NO_BLOCK:
            holder[filled[held[each]]] = each
            filled[held[each]] += 1
    reached = np.zeros(blocks, np.bool_)
    asked = np.zeros(len(held), np.bool_)
    queue = np.empty(len(held), np.int32)
    queue[0], served, waiting = patient, 0, 1
    asked[patient] = True
    while served < waiting:
        each = queue[served]
        served += 1
        for service in range(len(begin) - 1):
            if failed[each, service] != 0:
                continue
            for block in range(begin[service], begin[service + 1]):
                if week[block] > last_week[each]:
                    break
                if places[block] == 0 or reached[block] or refused(barred_begin, barred, each, block):
                    continue
                reached[block] = True
                for k in range(start[block], start[block + 1]):
                    if not asked[holder[k]]:
                        asked[holder[k]] = True
                        queue[waiting] = holder[k]
                        waiting += 1
    return reached, asked


def weakest_in_reach(field: Field, held: Ints, claim: Ints) -> Ints:
    """Gives (B,) the weakest claim that would have to give way if one patient more came to each block.

    Holders may move on to any of their other options. SPARE_IN_REACH where nobody would have to; -1 where
    there are no places. A patient who could come to a block would get in exactly if this is weaker than
    their claim.
    """
    used = np.bincount(held[held != NO_BLOCK], minlength=len(field.week))
    at = np.full(len(field.week), -1, dtype=np.int32)
    matched = np.flatnonzero(held != NO_BLOCK).astype(np.int32)
    np.maximum.at(at, held[matched], claim[matched])
    at[field.places > used] = SPARE_IN_REACH
    reach: Ints = _spread(
        field.failed,
        field.last_week,
        field.begin,
        field.week,
        field.barred_begin,
        field.barred,
        held,
        matched,
        at,
        np.argsort(-at, kind="stable").astype(np.int32),
    )
    return reach


@nb.njit(cache=True, nogil=True)
def _spread(
    failed: NDArray[np.uint16],
    last_week: Ints,
    begin: Ints,
    week: Ints,
    barred_begin: Ints,
    barred: Ints,
    held: Ints,
    matched: Ints,
    at: Ints,
    weakest_first: Ints,
) -> Ints:
    blocks = len(week)
    service_of = np.empty(blocks, np.int32)
    for service in range(len(begin) - 1):
        service_of[begin[service] : begin[service + 1]] = service
    reach = np.full(blocks, -1, np.int32)
    stack = np.empty(blocks, np.int32)
    asking = matched.copy()  # whose own block has no value yet
    left = len(asking)
    for start in weakest_first:
        if at[start] < 0 or reach[start] >= 0:
            continue
        reach[start] = at[start]
        stack[0], height = start, 1
        while height:
            height -= 1
            block = stack[height]
            k = 0
            while k < left:
                patient = asking[k]
                own = held[patient]
                comes = reach[own] >= 0
                if (
                    not comes
                    and failed[patient, service_of[block]] == 0
                    and week[block] <= last_week[patient]
                    and not refused(barred_begin, barred, patient, block)
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

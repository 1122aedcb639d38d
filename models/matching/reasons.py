"""Why a patient has no place and what would change it; why a place has no patient."""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.matching.inputs import Floats, Ints
from models.matching.rule_mask import Mask
from models.matching.rules import WITHIN, before_appointment, distance, not_declined
from models.matching.solving.priority_matching import NO_BATCH, Field, refused
from models.matching.solving.proof import SPARE_IN_REACH

RULE_COUNT = len(WITHIN)
HELD_AHEAD = RULE_COUNT  # stands for a rule: places there are, but others hold them
# rules that are also asked batch by batch, or whose nearest place is told
_BEFORE_APPOINTMENT = WITHIN.index(before_appointment)
_NOT_DECLINED = WITHIN.index(not_declined)
_DISTANCE = WITHIN.index(distance)


@dataclass(frozen=True)
class Unmatched:
    """U patients without a place. `binding` is the rule (place in WITHIN, or HELD_AHEAD) that leaves nothing.

    `would_win`, (U, rules): places the patient would get in at if that rule alone were not there: free, or
    held by weaker priorities that must then give way. `nearest` is the least miles among those beyond the
    patient's reach, `earliest` the first week among those too late.
    """

    patient: Ints
    binding: Ints
    suitable: Ints  # places that keep every rule: all held by others
    would_win: NDArray[np.int32]
    nearest: Floats
    earliest: Ints


def unmatched_of(field: Field, assignment: Ints, reach: Ints, priority_key: Ints, miles: Floats) -> Unmatched:
    """Gives why patients hold nothing, from the rules failed and the weakest key in reach of each batch."""
    losers = np.flatnonzero(assignment == NO_BATCH).astype(np.int32)
    binding, suitable, would_win, nearest, earliest = _why_unmatched(
        field.failed,
        field.home,
        field.last_week,
        field.begin,
        field.week,
        field.places,
        field.barred_begin,
        field.barred,
        reach,
        priority_key,
        miles,
        losers,
        RULE_COUNT,
        _DISTANCE,
        _BEFORE_APPOINTMENT,
        SPARE_IN_REACH,
    )
    return Unmatched(losers, binding, suitable, would_win, nearest, earliest)


@nb.njit(cache=True, nogil=True)
def _bit(rule: int) -> np.uint64:
    return np.uint64(1) << np.uint64(rule)


@nb.njit(cache=True, nogil=True)
def _first_failed(mask: np.uint64, count: int) -> int:
    """The first rule of the waterfall that fails; `count` if all are kept."""
    if mask == 0:
        return count
    first = 0
    while not mask & _bit(first):
        first += 1
    return first


@nb.njit(cache=True, nogil=True)
def _why_unmatched(
    failed: Mask,
    home: Ints,
    last_week: Ints,
    begin: Ints,
    week: Ints,
    places: Ints,
    barred_begin: Ints,
    barred: Ints,
    reach: Ints,
    priority_key: Ints,
    miles: Floats,
    losers: Ints,
    count: int,
    far: int,
    before: int,
    never: int,
) -> tuple[Ints, Ints, NDArray[np.int32], Floats, Ints]:
    binding = np.zeros(len(losers), np.int32)
    suitable = np.zeros(len(losers), np.int32)
    would_win = np.zeros((len(losers), count), np.int32)
    nearest = np.full(len(losers), np.inf)
    earliest = np.full(len(losers), never, np.int32)
    for row in range(len(losers)):
        patient = losers[row]
        for service in range(len(begin) - 1):
            mask = np.uint64(failed[patient, service])
            first = _first_failed(mask, count)
            binding[row] = max(binding[row], first)
            if first < count and mask != _bit(first):  # more than one fails
                continue
            for batch in range(begin[service], begin[service + 1]):
                if places[batch] == 0:
                    continue
                late = week[batch] > last_week[patient]
                if first == count:
                    if not late:
                        if not refused(barred_begin, barred, patient, batch):
                            suitable[row] += places[batch]
                        continue
                    rule = before
                elif late and first != before:
                    continue
                else:
                    rule = first
                if reach[batch] <= priority_key[patient]:
                    continue
                would_win[row, rule] += places[batch]
                if rule == far:
                    nearest[row] = min(nearest[row], miles[home[patient], service])
                elif rule == before:
                    earliest[row] = min(earliest[row], week[batch])
    return binding, suitable, would_win, nearest, earliest


@dataclass(frozen=True)
class Unused:
    """V batches with places left. `fit` patients keep every rule there and hold a place elsewhere.

    `kept_out`, (V, rules): patients whom that rule alone keeps from the batch.
    """

    batch: Ints
    left: Ints
    fit: Ints
    kept_out: NDArray[np.int32]
    binding: Ints  # the rule at which the last patients fall away


def unused_of(field: Field, assignment: Ints) -> Unused:
    """Gives why each batch with places left has them."""
    used = np.bincount(assignment[assignment != NO_BATCH], minlength=len(field.week))
    left = (field.places - used).astype(np.int32)
    batches = np.flatnonzero(left > 0).astype(np.int32)
    service = (np.searchsorted(field.begin, batches, side="right") - 1).astype(np.int32)
    fit, kept_out, binding = _why_unused(
        field.failed,
        field.last_week,
        field.week,
        batches,
        service,
        field.barred_begin,
        field.barred,
        RULE_COUNT,
        _BEFORE_APPOINTMENT,
        _NOT_DECLINED,
    )
    return Unused(batches, left[batches], fit, kept_out, binding)


@nb.njit(cache=True, nogil=True)
def _why_unused(
    failed: Mask,
    last_week: Ints,
    week: Ints,
    batches: Ints,
    services: Ints,
    barred_begin: Ints,
    barred: Ints,
    count: int,
    before: int,
    declined: int,
) -> tuple[Ints, NDArray[np.int32], Ints]:
    fit = np.zeros(len(batches), np.int32)
    kept_out = np.zeros((len(batches), count), np.int32)
    binding = np.zeros(len(batches), np.int32)
    for patient in range(failed.shape[0]):  # a row of the rules is read once, in order
        for row in range(len(batches)):
            mask = np.uint64(failed[patient, services[row]])
            if week[batches[row]] > last_week[patient]:
                mask |= _bit(before)
            if refused(barred_begin, barred, patient, batches[row]):
                mask |= _bit(declined)
            first = _first_failed(mask, count)
            binding[row] = max(binding[row], first)
            if first == count:
                fit[row] += 1
            elif mask == _bit(first):
                kept_out[row, first] += 1
    return fit, kept_out, binding

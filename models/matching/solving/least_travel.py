"""Least travel among the best sets of winners, then the earliest weeks: a least-cost flow.

The number of winners of each priority key is already settled. A key whose patients all win, or all lose, is
settled itself; of a key where some win, the flow chooses those who travel least, so that ties go to the
nearest and to nothing else. Weeks of one service are a chain: a patient enters at the latest week that
suits and may flow to any earlier one, so a patient has one arc a service and not one a slot batch.
"""

import numba as nb
import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.graph.python import min_cost_flow

from models.errors import TandemError
from models.matching.inputs import Floats, Ints
from models.matching.rule_mask import Mask
from models.matching.solving.priority_matching import NO_BATCH, Field, refused

ARC_LIMIT = (
    3_000_000  # arcs of one problem; beyond it a patient keeps the nearest services and the place held
)
HUNDREDTHS = 100  # of a mile, in which the solver counts
UNKNOWN_MILES = 700.0  # the length of Great Britain


def least_travel(
    field: Field, assignment: Ints, priority_key: Ints, order: Ints, miles: Floats, arc_limit: int = ARC_LIMIT
) -> tuple[Ints, int]:
    """Gives each patient's batch again, with the least total miles and then the earliest weeks.

    `miles` is (H, S), from each home. Also gives the number of services a patient could keep, S where nothing
    was pruned. No winner of a settled key can lose by it, and no key gets fewer places.
    """
    winners = assignment != NO_BATCH
    among = np.bincount(priority_key, minlength=priority_key.max(initial=-1) + 1)
    won = np.bincount(priority_key[winners], minlength=len(among))
    contested = (won > 0) & (won < among)
    taking_part = np.flatnonzero(winners | contested[priority_key]).astype(np.int32)
    services = len(field.begin) - 1
    if not len(taking_part):
        return assignment, services
    kept = services
    if len(taking_part) * services > arc_limit:
        kept = _most_kept(field, taking_part, arc_limit)
    patient, service, batch, fixed = _arcs(
        field.failed,
        field.nearest,
        field.home,
        field.last_week,
        field.begin,
        field.week,
        field.places,
        field.barred_begin,
        field.barred,
        assignment,
        taking_part,
        kept,
    )
    taken, by_service, used = _solve(
        field, priority_key, contested, won, taking_part, patient, service, batch, fixed, miles
    )
    dealt = _deal_weeks(by_service, taken, used, field.begin, field.week, field.last_week, order[::-1].copy())
    return dealt, kept


def _most_kept(field: Field, taking_part: Ints, arc_limit: int) -> int:
    """Gives how many services each patient may keep for the arcs to stay within their limit."""
    options = np.sort((field.failed[taking_part] == 0).sum(axis=1))
    if options.sum() <= arc_limit:
        return len(field.begin) - 1
    # arcs if each keeps at most k: rises with k
    left, right = 1, int(options[-1])
    while left < right:
        middle = (left + right + 1) // 2
        if np.minimum(options, middle).sum() <= arc_limit:
            left = middle
        else:
            right = middle - 1
    return left


@nb.njit(cache=True, nogil=True)
def _arcs(
    failed: Mask,
    nearest: Ints,
    home: Ints,
    last_week: Ints,
    begin: Ints,
    week: Ints,
    places: Ints,
    barred_begin: Ints,
    barred: Ints,
    assignment: Ints,
    taking_part: Ints,
    kept: int,
) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """Gives arcs (patient, service, batch, whether the batch itself is meant and not any earlier one too)."""
    services = len(begin) - 1
    size = 0
    for _ in range(2):  # first counts, then fills
        if size:
            patients_out = np.empty(size, np.int32)
            services_out = np.empty(size, np.int32)
            batches_out = np.empty(size, np.int32)
            fixed_out = np.empty(size, np.bool_)
        else:
            patients_out = np.empty(0, np.int32)
            services_out = np.empty(0, np.int32)
            batches_out = np.empty(0, np.int32)
            fixed_out = np.empty(0, np.bool_)
        filling = size > 0
        n = 0
        for patient in taking_part:
            restricted = barred_begin[patient + 1] > barred_begin[patient]
            options = 0
            for step in range(services):
                service = nearest[home[patient], step]
                if failed[patient, service] != 0:
                    continue
                holds = begin[service] <= assignment[patient] < begin[service + 1]
                if options >= kept and not holds:
                    continue
                options += 1
                latest = -1
                for batch in range(begin[service], begin[service + 1]):
                    if week[batch] > last_week[patient]:
                        break
                    if places[batch] == 0:
                        continue
                    latest = batch
                    if restricted and not refused(barred_begin, barred, patient, batch):
                        if filling:
                            patients_out[n] = patient
                            services_out[n] = service
                            batches_out[n] = batch
                            fixed_out[n] = True
                        n += 1
                if latest >= 0 and not restricted:
                    if filling:
                        patients_out[n] = patient
                        services_out[n] = service
                        batches_out[n] = latest
                        fixed_out[n] = False
                    n += 1
        size = n
    return patients_out, services_out, batches_out, fixed_out


def _solve(
    field: Field,
    priority_key: Ints,
    contested: NDArray[np.bool_],
    won: NDArray[np.intp],
    taking_part: Ints,
    patient: Ints,
    service: Ints,
    batch: Ints,
    fixed: NDArray[np.bool_],
    miles: Floats,
) -> tuple[Ints, Ints, Ints]:
    """Gives (N,) batches taken by fixed arcs, (N,) services taken by the others, (B,) places these use."""
    batches = len(field.week)
    row_of = np.full(len(priority_key), -1, dtype=np.int32)
    row_of[taking_part] = np.arange(len(taking_part))
    entry = len(taking_part)  # a node a batch to enter its chain by, then one a batch for its places
    place = entry + batches
    sink = place + batches
    priority_keys = np.flatnonzero(contested)
    node_of_key = np.full(len(contested), -1, dtype=np.int32)
    node_of_key[priority_keys] = sink + 1 + np.arange(len(priority_keys))

    of_contested_key = taking_part[contested[priority_key[taking_part]]]
    first_of_service = np.zeros(batches, dtype=bool)
    first_of_service[field.begin[:-1][field.begin[:-1] < field.begin[1:]]] = True
    later = np.flatnonzero(~first_of_service)
    every = np.arange(batches)
    weeks = field.week - field.week.min()
    # a mile's hundredth outweighs every week that can be saved
    scale = int(won.sum()) * int(weeks.max() + 1) + 1
    hundredths = np.rint(np.nan_to_num(miles, nan=UNKNOWN_MILES) * HUNDREDTHS).astype(np.int64)

    many = int(won.sum())
    solver = min_cost_flow.SimpleMinCostFlow()

    def add(
        tail: NDArray[np.integer], head: NDArray[np.integer], capacity: ArrayLike, cost: ArrayLike
    ) -> Ints:
        arcs: Ints = solver.add_arcs_with_capacity_and_unit_cost(
            tail.astype(np.int32),
            head.astype(np.int32),
            np.broadcast_to(np.asarray(capacity, dtype=np.int64), tail.shape),
            np.broadcast_to(np.asarray(cost, dtype=np.int64), tail.shape),
        )
        return arcs

    options = add(
        row_of[patient],
        np.where(fixed, place, entry) + batch,
        1,
        hundredths[field.home[patient], service] * scale,
    )
    add(node_of_key[priority_key[of_contested_key]], row_of[of_contested_key], 1, 0)
    add(entry + later, entry + later - 1, many, 0)
    through_chain = add(entry + every, place + every, many, 0)
    add(place + every, np.full(batches, sink), np.minimum(field.places, many), weeks)
    supplies = np.zeros(sink + 1 + len(priority_keys), dtype=np.int64)
    supplies[row_of[taking_part[~contested[priority_key[taking_part]]]]] = 1
    supplies[node_of_key[priority_keys]] = won[priority_keys]
    supplies[sink] = -many
    solver.set_nodes_supplies(np.arange(len(supplies), dtype=np.int32), supplies)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise TandemError(
            f"Least travel could not be found: the solver answered {status}.",
            "Match a smaller list, such as one treatment function.",
        )
    flows = solver.flows(options) > 0
    taken = np.full(len(priority_key), NO_BATCH, dtype=np.int32)
    by_service = np.full(len(priority_key), -1, dtype=np.int32)
    direct, through = flows & fixed, flows & ~fixed
    taken[patient[direct]] = batch[direct]
    by_service[patient[through]] = service[through]
    used = solver.flows(through_chain).astype(np.int32)
    return taken, by_service, used


@nb.njit(cache=True, nogil=True)
def _deal_weeks(
    by_service: Ints, taken: Ints, used: Ints, begin: Ints, week: Ints, last_week: Ints, weakest_first: Ints
) -> Ints:
    """Gives every patient's batch: within a service the stronger priority has the earlier week.

    Dealt from the last week back, each to the weakest of those it is early enough for, which always leaves as
    many places as patients, in weeks that suit them.
    """
    dealt = taken.copy()
    services = len(begin) - 1
    size = np.zeros(services + 1, np.int32)
    for patient in weakest_first:
        if by_service[patient] >= 0:
            size[by_service[patient] + 1] += 1
    start = np.cumsum(size)
    members = np.empty(start[-1], np.int32)
    filled = start[:-1].copy()
    for patient in weakest_first:
        service = by_service[patient]
        if service >= 0:
            members[filled[service]] = patient
            filled[service] += 1
    for service in range(services):
        for batch in range(begin[service + 1] - 1, begin[service] - 1, -1):
            for k in range(start[service], start[service + 1]):
                if used[batch] == 0:
                    break
                patient = members[k]
                if dealt[patient] == NO_BATCH and last_week[patient] >= week[batch]:
                    dealt[patient] = batch
                    used[batch] -= 1
    return dealt

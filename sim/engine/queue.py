"""The waiting list, compiled: who leaves it unreported, who is booked from it, how it is counted.

Sums weighed by the order of booking are in whole numbers, so that they are the same on every machine.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from sim.engine.random import binomial, exponential
from sim.engine.state import (
    ADMITTED,
    FIRST,
    FIRST_FACE,
    LONGEST,
    OVER_52,
    QUEUES,
    REVIEW,
    REVIEW_FACE,
    WAITING,
    WAITING_ADMISSION,
    WITHIN_18,
)


def rates(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rates a week at which what has these chances a week comes: 1 - exp(-rate) is the chance."""
    return -np.log1p(-np.minimum(chances, 1.0 - 2.0**-53))


@nb.njit(cache=True, nogil=True)
def remove(stream, state, leaving, level, oldest, newest, cohort_sums):
    """Take out patients who leave with no reported stop, at `level` times the rates; returns how many.

    Along the list, patient by patient, each takes up their rate: the next to leave is the one in whom an
    exponential time runs out, and after them it starts anew. So there is a draw for each who leaves, not for
    each who waits. Who waits to be admitted stands last, so that more theatre leaves the other draws alone.
    """
    for cohort in range(oldest, newest + 1):
        cohort_sums[cohort] = (
            state[FIRST, cohort]
            + state[FIRST_FACE, cohort]
            + state[REVIEW, cohort]
            + state[REVIEW_FACE, cohort]
        )
    removed = 0
    ahead = exponential(stream) / level
    for cohort in range(oldest, newest + 1):
        rate = leaving[newest - cohort]
        left = cohort_sums[cohort]
        while rate * left > ahead:
            left -= min(int(ahead / rate) + 1, left)
            queue, after = REVIEW_FACE, left  # those after the one who leaves, counted from the last queue
            while after >= state[queue, cohort]:
                after -= state[queue, cohort]
                queue -= 1
            state[queue, cohort] -= 1
            removed += 1
            ahead = exponential(stream) / level
        ahead -= rate * left
    for cohort in range(oldest, newest + 1):
        rate = leaving[newest - cohort]
        left = state[ADMITTED, cohort]
        while rate * left > ahead:
            left -= min(int(ahead / rate) + 1, left)
            state[ADMITTED, cohort] -= 1
            removed += 1
            ahead = exponential(stream) / level
        ahead -= rate * left
    return removed


@nb.njit(cache=True, nogil=True)
def weigh(state, order, order_admitted, oldest, newest, queue_sums):
    """Sum each queue into `queue_sums`: patients, and patients weighed by the order of booking."""
    for queue in range(ADMITTED):
        queue_sums[0, queue], queue_sums[1, queue] = weigh_queue(state, queue, order, oldest, newest)
    queue_sums[0, ADMITTED], queue_sums[1, ADMITTED] = weigh_queue(
        state, ADMITTED, order_admitted, oldest, newest
    )


@nb.njit(cache=True, nogil=True)
def weigh_queue(state, queue, order, oldest, newest):
    """One queue's patients, and their sum weighed by the order of booking."""
    present = np.int64(0)
    weighed = np.int64(0)
    for cohort in range(oldest, newest + 1):
        present += state[queue, cohort]
        weighed += np.int64(state[queue, cohort]) * np.int64(order[newest - cohort])
    return present, weighed


@nb.njit(cache=True, nogil=True)
def book(state, queue, order, booked, oldest, newest, ratio, running, offset):
    """Give each cohort of one queue its share of the slots; returns the running sum of weights.

    Shares are rounded along the queue, from `offset` on, so that the slots given add up.
    """
    before = int(running * ratio + offset)
    for cohort in range(oldest, newest + 1):
        running += np.int64(state[queue, cohort]) * np.int64(order[newest - cohort])
        now = int(running * ratio + offset)
        booked[queue, cohort] = min(now - before, state[queue, cohort])
        before = now
    return running


@nb.njit(cache=True, nogil=True)
def top_up(state, first_queue, last_queue, oldest, newest, wanted, booked):
    """Give the slots that small cohorts could not fill to the longest waits."""
    missing = wanted
    for queue in range(first_queue, last_queue + 1):
        for cohort in range(oldest, newest + 1):
            missing -= booked[queue, cohort]
    cohort = oldest
    while missing > 0 and cohort <= newest:
        for queue in range(first_queue, last_queue + 1):
            more = min(state[queue, cohort] - booked[queue, cohort], missing)
            booked[queue, cohort] += more
            missing -= more
        cohort += 1
    cohort = newest
    while missing < 0 and cohort >= oldest:  # one too many by rounding: the shortest wait gives way
        for queue in range(first_queue, last_queue + 1):
            less = min(booked[queue, cohort], -missing)
            booked[queue, cohort] -= less
            missing += less
        cohort -= 1


@nb.njit(cache=True, nogil=True)
def in_turn(state, first_queue, last_queue, oldest, newest, settings, wanted):
    """How many of `wanted` slots go to the longest waits rather than by the order of booking."""
    if settings.longest_first <= 0.0:
        return 0
    past = 0
    for queue in range(first_queue, last_queue + 1):
        for cohort in range(oldest, newest + 1 - int(settings.longest_from)):
            past += state[queue, cohort]
    return min(int(wanted * settings.longest_first + 0.5), past)


@nb.njit(cache=True, nogil=True)
def validate(stream, state, oldest, newest, settings):
    """Take off long waits that a check finds need no longer wait; returns how many."""
    found = 0
    for queue in range(QUEUES):
        for cohort in range(oldest, newest + 1 - int(settings.validation_from)):
            if state[queue, cohort] > 0:
                here = binomial(stream, state[queue, cohort], settings.validation)
                state[queue, cohort] -= here
                found += here
    return found


@nb.njit(cache=True, nogil=True)
def take_longest(state, queue, oldest, newest, wanted):
    """Take up to `wanted` of the longest waits from a queue; returns how many there were."""
    taken = 0
    for cohort in range(oldest, newest + 1):
        here = min(state[queue, cohort], wanted - taken)
        state[queue, cohort] -= here
        taken += here
        if taken == wanted:
            break
    return taken


@nb.njit(cache=True, nogil=True)
def count(state, oldest, newest, out):
    """Count the list at the week's end against its standards; returns the oldest cohort that holds anyone."""
    for cohort in range(oldest, newest):
        here = 0
        for queue in range(QUEUES):
            here += state[queue, cohort]
        if here > 0:
            break
        oldest = cohort + 1
    for queue in range(QUEUES):
        total = 0
        end = newest + 1
        for stretch in range(len(LONGEST)):  # from the newest cohorts back, between two standards at a time
            start = max(newest - LONGEST[stretch], oldest)
            here = 0
            for cohort in range(start, end):
                here += state[queue, cohort]
            end = min(end, start)
            total += here
            if stretch == 0:
                out[WITHIN_18] += here
            for standard in range(stretch - 1):
                out[OVER_52 + standard] += here
        out[WAITING] += total
        if queue == ADMITTED:
            out[WAITING_ADMISSION] = total
    return oldest

"""Patients tracked by class through the kernel's week, compiled: who of a cell moves when some of it do.

To the kernel all who stand in one cell (series, replication, queue, cohort) are alike, so who of them moves
is a draw without replacement. What is kept here is the mean of that draw, given everything the kernel drew:
each class moves in proportion. So following draws no random number, changes no result, and adds no noise of
its own to the difference of two scenarios. Patients are in PARTS, whole numbers, shared out by rounding
along the classes: each cell's add up to its patients exactly, always.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.outcomes.equity import CLASSES, GROUPS
from sim.engine.state import ADMITTED, FIRST, FIRST_FACE, QUEUES, REVIEW
from sim.engine.unrefcounted import unrefcounted

PARTS = 1 << 16  # of a patient: 32 bits hold a cell of up to 32,767 of them
# what happens to patients, counted by class
EVENTS = (
    "clock_starts",
    "first_virtual",
    "first_face_to_face",
    "review_virtual",
    "review_face_to_face",
    "stops",
    "removals",
    "moved_out",
)
(CAME, FIRST_ON_VIDEO, FIRST_IN_PERSON, REVIEW_ON_VIDEO, REVIEW_IN_PERSON, STOPPED, LEFT, TAKEN) = range(
    len(EVENTS)
)
WAITS = ("waiting", "within_18", "over_52", "over_65", "weeks_waited")  # the last a sum of whole weeks
# kinds of outcome of an appointment, of which `sim.engine.clinics` tells fifteen apart
SEEN_FACE, SEEN_VIRTUAL, TO_REPEAT = 0, 6, 9
AGAIN, STOP, DECIDE = range(3)
OUTCOMES = 15


class ClassTracking(NamedTuple):
    """Patients by class, and room to work in. The last axis is the class."""

    members: NDArray[np.int32]  # (S, R, queues, cohorts, classes) parts of patients
    mix: NDArray[np.float64]  # (3, S, R, classes) running shares of classes: virtual, face to face, all
    events: NDArray[np.int64]  # (R, events, classes) parts, summed over series from the first week on
    before: NDArray[np.int32]  # (queues, cohorts) patients before a step
    outcomes: NDArray[np.int32]  # (queues, cohorts, outcomes) of the appointments just held


def begin_tracking(state: NDArray[np.int32], mix: NDArray[np.float64]) -> ClassTracking:
    """Everyone in `state` (S, R, queues, cohorts), in classes by `mix` (3, S, R, classes)."""
    series, replications, queues, cohorts = state.shape
    running = np.cumsum(mix, axis=-1)
    running[..., -1] = 1.0
    running[0, :, :, GROUPS - 1 :] = 1.0
    made = ClassTracking(
        members=np.zeros((series, replications, queues, cohorts, CLASSES), np.int32),
        mix=running,
        events=np.zeros((replications, len(EVENTS), CLASSES), np.int64),
        before=np.zeros((queues, cohorts), np.int32),
        outcomes=np.zeros((queues, cohorts, OUTCOMES), np.int32),
    )
    open_with(made, state)
    return made


@nb.njit(cache=True, nogil=True)
def open_with(tracking, state):
    """Give everybody in `state` a class, as their queue's mix has them."""
    members, mix = unrefcounted(tracking.members), unrefcounted(tracking.mix)
    for s in range(state.shape[0]):
        for r in range(state.shape[1]):
            for queue in range(QUEUES):
                kind = 2 if queue == ADMITTED else queue % 2
                for cohort in range(state.shape[3]):
                    if state[s, r, queue, cohort] > 0:
                        enter(members[s, r, queue, cohort], mix[kind, s, r], state[s, r, queue, cohort])


@nb.njit(cache=True, nogil=True)
def enter(cell, running, patients):
    """Add patients to a cell by the running shares of the classes, which end at 1."""
    before = np.int64(0)
    whole = patients * PARTS
    for each in range(len(running)):
        now = np.int64(whole * running[each] + 0.5)
        cell[each] += now - before
        before = now


@nb.njit(cache=True, nogil=True)
def share_out(cell, to, patients, leaving):
    """Add this many patients of a cell to a sum, each class in proportion; `leaving` 1: out of the cell."""
    total = np.int64(0)
    for each in range(len(cell)):
        total += cell[each]
    share = patients * PARTS / total
    running = np.int64(0)
    before = np.int64(0)
    for each in range(len(cell)):
        running += cell[each]
        now = np.int64(running * share + 0.5)
        cell[each] -= (now - before) * leaving
        to[each] += now - before
        before = now


@nb.njit(cache=True, nogil=True)
def move(cell, to, patients):
    """Move this many patients of a cell to another, or out into a sum."""
    share_out(cell, to, patients, 1)


@nb.njit(cache=True, nogil=True)
def tell(cell, to, patients):
    """Count this many patients of a cell by class, without moving them."""
    share_out(cell, to, patients, 0)


@nb.njit(cache=True, nogil=True)
def arrive(tracking, s, r, newest, able, others):
    """New clock starts: those who can be seen virtually, and the others."""
    members, mix = unrefcounted(tracking.members), unrefcounted(tracking.mix)
    came = unrefcounted(tracking.events)[r, CAME]
    for queue in (FIRST, FIRST_FACE):
        patients = able if queue == FIRST else others
        enter(members[s, r, queue, newest], mix[queue, s, r], patients)
        enter(came, mix[queue, s, r], patients)


@nb.njit(cache=True, nogil=True)
def remember(tracking, state, oldest, newest):
    """Note how many stand where, before some of them leave."""
    before = unrefcounted(tracking.before)
    for queue in range(QUEUES):
        for cohort in range(oldest, newest + 1):
            before[queue, cohort] = state[queue, cohort]


@nb.njit(cache=True, nogil=True)
def leave(tracking, s, r, state, oldest, newest, event):
    """Let go of whoever has left `state` since it was last noted, and note it again."""
    members, before = unrefcounted(tracking.members), unrefcounted(tracking.before)
    out = unrefcounted(tracking.events)[r, event]
    for queue in range(QUEUES):
        for cohort in range(oldest, newest + 1):
            gone = before[queue, cohort] - state[queue, cohort]
            if gone > 0:
                move(members[s, r, queue, cohort], out, gone)
                before[queue, cohort] = state[queue, cohort]


@nb.njit(cache=True, nogil=True)
def follow_appointments(tracking, s, r, first_queue, last_queue, oldest, newest):
    """Carry along whoever was seen in these queues, and clear the outcomes noted.

    From the last queue back: nobody goes to a queue before their own, so whoever has just come into one is
    not taken for one of those who were booked from it.
    """
    noted = unrefcounted(tracking.outcomes)
    for queue in range(last_queue, first_queue - 1, -1):
        for cohort in range(oldest, newest + 1):
            held = noted[queue, cohort]
            if held.any():
                face, virtual, repeated = np.int64(0), np.int64(0), np.int64(0)
                for ended in range(3):
                    face += held[SEEN_FACE + ended]
                    virtual += held[SEEN_VIRTUAL + ended]
                    repeated += held[TO_REPEAT + ended]
                go_on(
                    tracking,
                    s,
                    r,
                    queue,
                    cohort,
                    face,
                    virtual + repeated,
                    held[SEEN_FACE + AGAIN] + held[SEEN_VIRTUAL + AGAIN],
                    held[SEEN_FACE + DECIDE] + held[SEEN_VIRTUAL + DECIDE],
                    repeated,
                    held[SEEN_FACE + STOP] + held[SEEN_VIRTUAL + STOP],
                )
                held[:] = 0


@nb.njit(cache=True, nogil=True)
def go_on(tracking, s, r, queue, cohort, face, virtual, again, decided, repeated, stopped):
    """Count who of a cell was seen and how, and move them to what comes next."""
    members, sums = unrefcounted(tracking.members)[s, r], unrefcounted(tracking.events)[r]
    cell = members[queue, cohort]
    is_first = queue <= FIRST_FACE
    if virtual > 0:
        tell(cell, sums[FIRST_ON_VIDEO if is_first else REVIEW_ON_VIDEO], virtual)
    if face > 0:
        tell(cell, sums[FIRST_IN_PERSON if is_first else REVIEW_IN_PERSON], face)
    if again > 0 and is_first:
        move(cell, members[queue + REVIEW, cohort], again)
    if decided > 0:
        move(cell, members[ADMITTED, cohort], decided)
    if repeated > 0:
        move(cell, members[queue + 1, cohort], repeated)
    if stopped > 0:
        move(cell, sums[STOPPED], stopped)


@nb.njit(cache=True, nogil=True)
def add_up_waits(tracking, newest, first_cohort, found):
    """Add up who waits and how long, into `found` (R, waits, classes), in parts; `first_cohort` is (S, R)."""
    members = unrefcounted(tracking.members)
    for s in range(members.shape[0]):
        for r in range(members.shape[1]):
            for queue in range(QUEUES):
                for cohort in range(first_cohort[s, r], newest + 1):
                    waited = newest - cohort
                    cell = members[s, r, queue, cohort]
                    for each in range(len(cell)):
                        found[r, 0, each] += cell[each]
                        found[r, 4, each] += np.int64(cell[each]) * waited
                    if waited < 18:
                        for each in range(len(cell)):
                            found[r, 1, each] += cell[each]
                    if waited >= 52:
                        for each in range(len(cell)):
                            found[r, 2, each] += cell[each]
                    if waited >= 65:
                        for each in range(len(cell)):
                            found[r, 3, each] += cell[each]

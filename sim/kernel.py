"""One provider's week, compiled: every clinic of the provider, every replication, one call.

State is counts of patients by the week their clock started, so that ageing costs nothing and a clock moves
with its patient for free. `state[series, replication, queue, cohort]` holds pathways; cohort 104 + 1 + t
started its clock in week t, cohort 104 - b had waited b whole weeks when the figures were counted.

Sums weighed by the order of booking are in whole numbers, so that they are the same on every machine.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from sim.random import (
    AFTER,
    ATTENDANCE,
    BOOKING,
    FOLLOW_UPS,
    REFERRALS,
    REMOVALS,
    THEATRE,
    binomial,
    patients_until,
    poisson,
    start_stream,
    uniform,
)  # fmt: skip

BANDS = 105
# queues: waiting for a first appointment or a review, by who can be seen virtually; then to be admitted
FIRST, FIRST_FACE, REVIEW, REVIEW_FACE, ADMITTED = range(5)
QUEUES = 5
LONGEST = (17, 51, 64, 77, 103, 1 << 30)  # the longest whole weeks waited in each stretch between standards

MEASURES = (
    "waiting", "within_18", "over_52", "over_65", "over_78", "over_104", "waiting_admission",
    "clock_starts", "stops_non_admitted", "stops_admitted", "removals", "decisions_to_admit",
    "first_face_to_face", "first_virtual", "follow_up_face_to_face", "follow_up_virtual",
    "missed_face_to_face", "missed_virtual", "repeated", "follow_ups_overdue",
)  # fmt: skip
(
    WAITING, WITHIN_18, OVER_52, OVER_65, OVER_78, OVER_104, WAITING_ADMISSION,
    STARTS, NON_ADMITTED, STOPS_ADMITTED, REMOVED, DECIDED,
    FIRST_FACE_SEEN, FIRST_VIRTUAL_SEEN, FOLLOW_FACE_SEEN, FOLLOW_VIRTUAL_SEEN,
    MISSED_FACE, MISSED_VIRTUAL, REPEATED, OVERDUE,
) = range(len(MEASURES))  # fmt: skip


class Rules(NamedTuple):
    """How clinics work, the same in every series; shares are fractions."""

    first_minutes: float
    follow_up_minutes: float
    virtual_length: float
    missed_face: float
    missed_virtual: float
    repeated: float
    review_share: float
    extra_if_admitted: float
    follow_up_weeks: int
    follow_up_cap: float
    kept_weeks: float  # of usual minutes and admissions kept when nobody waits


class Model(NamedTuple):
    """What does not change while the world runs; arrays by series, first axis S."""

    keys: NDArray[np.uint64]  # (S, R) names of the random streams
    starts: NDArray[np.float64]  # (S,) clock starts a working day
    minutes: NDArray[np.float64]  # (S,) clinic minutes a working day
    theatre: NDArray[np.float64]  # (S,) admissions a working day
    capable: NDArray[np.float64]  # (S,) share of patients who can be seen virtually
    again: NDArray[np.float64]  # (S,) chance that an appointment is followed by another
    # by weeks waited, as long as anyone can have waited when the run ends: (S, cohorts)
    booking: NDArray[np.int32]  # order of booking: relative chances, in millionths
    booking_admitted: NDArray[np.int32]
    decisions: NDArray[np.float64]  # share of exits that are decisions to admit
    removal: NDArray[np.float64]  # chance a week


class Settings(NamedTuple):
    """What policies change from week to week, by series. (S,)"""

    virtual_first: NDArray[np.float64]  # share of capable patients' first bookings made virtual
    virtual_follow_up: NDArray[np.float64]  # the same for reviews and follow-ups
    extra_minutes: NDArray[np.float64]  # clinic minutes this week beyond the usual
    extra_theatre: NDArray[np.float64]  # admissions this week beyond the usual
    demand: NDArray[np.float64]  # factor on clock starts


class World(NamedTuple):
    """What the week changes."""

    state: NDArray[np.int32]  # (S, R, queues, cohorts) pathways
    due: NDArray[np.int32]  # (S, R, weeks) follow-ups due
    repeats: NDArray[np.int32]  # (S, R) follow-ups to be repeated face to face
    minutes: NDArray[np.float64]  # (S, R) clinic minutes owed or left from last week
    admissions: NDArray[np.float64]  # (S, R) the same for theatre
    oldest: NDArray[np.int32]  # (S, R) first cohort that may hold anyone
    out: NDArray[np.int32]  # (R, S, weeks, measures)


# Only this function holds the tuples of arrays: taking an array from one is counted in and out of use, which
# in the functions below, called for every series and replication, would cost more than their work.
@nb.njit(cache=True, nogil=True)
def provider_week(rules, model, settings, world, begin, end, week, days, demand, capacity):
    """Run series `begin` to `end` through `week` (0 the first) of `days` working days, in every replication.

    `demand` and `capacity`, (S, R), are this week's factors on clock starts and on minutes and admissions.
    """
    newest = BANDS + week
    cohorts = world.state.shape[3]
    stream = np.zeros(1, np.uint64)
    line = np.zeros((2, QUEUES), np.int64)
    booked = np.zeros((QUEUES, cohorts), np.int32)
    places = np.zeros(cohorts, np.int32)
    for s in range(begin, end):
        hazard, decisions = model.removal[s], model.decisions[s]
        order, order_admitted = model.booking[s], model.booking_admitted[s]
        virtual_first, virtual_follow_up = settings.virtual_first[s], settings.virtual_follow_up[s]
        mean_starts = model.starts[s] * days * settings.demand[s]
        mean_minutes, mean_theatre = model.minutes[s] * days, model.theatre[s] * days
        keep_minutes = rules.kept_weeks * 5 * model.minutes[s]
        keep_theatre = rules.kept_weeks * 5 * model.theatre[s]
        highest = max(hazard.max(), 1e-12)
        for r in range(world.state.shape[1]):
            state, due, out = world.state[s, r], world.due[s, r], world.out[r, s, week]
            key, oldest = model.keys[s, r], world.oldest[s, r]

            start_stream(stream, key, week, REFERRALS)
            arrived = poisson(stream, mean_starts * demand[s, r])
            able = binomial(stream, arrived, model.capable[s])
            state[FIRST, newest] += able
            state[FIRST_FACE, newest] += arrived - able
            out[STARTS] = arrived

            start_stream(stream, key, week, REMOVALS)
            out[REMOVED] = _remove(stream, state, hazard, highest, oldest, newest)
            _weigh(state, order, order_admitted, oldest, newest, line)

            start_stream(stream, key, week, THEATRE)
            slots = mean_theatre * capacity[s, r] + settings.extra_theatre[s] + world.admissions[s, r]
            left = _admit(stream, state, order_admitted, oldest, newest, slots, line, booked, out)
            world.admissions[s, r] = left if left < 1.0 else min(left, keep_theatre)

            minutes = mean_minutes * capacity[s, r] + settings.extra_minutes[s] + world.minutes[s, r]
            start_stream(stream, key, week, FOLLOW_UPS)
            minutes, world.repeats[s, r] = _follow_up(
                rules, stream, due, world.repeats[s, r], week, days, minutes,
                virtual_follow_up * model.capable[s], model.again[s], out,
            )  # fmt: skip

            start_stream(stream, key, week, BOOKING)
            minutes, firsts = _see(
                rules, stream, key, week, state, order, decisions, oldest, newest, minutes,
                virtual_first, virtual_follow_up, line, booked, places, out,
            )  # fmt: skip
            one = max(rules.first_minutes, rules.follow_up_minutes)
            world.minutes[s, r] = minutes if minutes < one else min(minutes, max(keep_minutes, one))

            # firsts seen for good lead to follow-ups, decisions to admit to further appointments
            start_stream(stream, key, week, AFTER)
            later = binomial(stream, firsts, model.again[s])
            whole = int(rules.extra_if_admitted)
            later += whole * out[DECIDED] + binomial(stream, out[DECIDED], rules.extra_if_admitted - whole)
            due[week + rules.follow_up_weeks] += later
            world.oldest[s, r] = _count(state, oldest, newest, out)


@nb.njit(cache=True, nogil=True)
def _remove(stream, state, hazard, highest, oldest, newest):
    """Take out patients who leave with no reported stop; returns how many.

    Patients are struck by the highest chance, counting on to the next one struck, and spared in proportion
    to their own.
    """
    removed = 0
    ahead = patients_until(stream, highest)
    for queue in range(QUEUES):
        for cohort in range(oldest, newest + 1):
            left = state[queue, cohort]
            if left <= ahead:
                ahead -= left
                continue
            gone = 0
            while left > ahead:
                left -= ahead + 1
                gone += int(uniform(stream) * highest < hazard[newest - cohort])
                ahead = patients_until(stream, highest)
            ahead -= left
            state[queue, cohort] -= gone
            removed += gone
    return removed


@nb.njit(cache=True, nogil=True)
def _weigh(state, order, order_admitted, oldest, newest, line):
    """Sum each queue into `line`: patients, and patients weighed by the order of booking."""
    for queue in range(ADMITTED):
        line[0, queue], line[1, queue] = _weigh_queue(state, queue, order, oldest, newest)
    line[0, ADMITTED], line[1, ADMITTED] = _weigh_queue(state, ADMITTED, order_admitted, oldest, newest)


@nb.njit(cache=True, nogil=True)
def _weigh_queue(state, queue, order, oldest, newest):
    present = np.int64(0)
    weighed = np.int64(0)
    for cohort in range(oldest, newest + 1):
        present += state[queue, cohort]
        weighed += np.int64(state[queue, cohort]) * np.int64(order[newest - cohort])
    return present, weighed


@nb.njit(cache=True, nogil=True)
def _book(state, queue, order, booked, oldest, newest, ratio, running, offset):
    """Give each cohort of one queue its share of the slots; returns the running sum of weights.

    Shares are rounded along the line, from `offset` on, so that the slots given add up.
    """
    before = int(running * ratio + offset)
    for cohort in range(oldest, newest + 1):
        running += np.int64(state[queue, cohort]) * np.int64(order[newest - cohort])
        now = int(running * ratio + offset)
        booked[queue, cohort] = min(now - before, state[queue, cohort])
        before = now
    return running


@nb.njit(cache=True, nogil=True)
def _top_up(state, first_queue, last_queue, oldest, newest, wanted, booked):
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
def _admit(stream, state, order, oldest, newest, slots, line, booked, out):
    """Theatre slots go to those with a decision to admit, in their order; returns the slots left."""
    wanted = min(int(max(slots, 0.0)), line[0, ADMITTED])
    if wanted > 0:
        ratio = wanted / line[1, ADMITTED]
        _book(state, ADMITTED, order, booked, oldest, newest, ratio, np.int64(0), uniform(stream))
        _top_up(state, ADMITTED, ADMITTED, oldest, newest, wanted, booked)
        for cohort in range(oldest, newest + 1):
            state[ADMITTED, cohort] -= booked[ADMITTED, cohort]
    out[STOPS_ADMITTED] = wanted
    return slots - wanted


@nb.njit(cache=True, nogil=True)
def _follow_up(rules, stream, due, repeats_due, week, days, minutes, able, again, out):
    """Follow-ups due take their share of the minutes first, up to the cap.

    Returns the minutes left and the follow-ups now waiting to be repeated face to face.
    """
    length = rules.follow_up_minutes
    mean_minutes = length * (1.0 - able * (1.0 - rules.virtual_length))

    # a short week takes its share of those due, as it does of first appointments; the rest wait a week;
    # those to be repeated face to face come first
    open_share = min(days / 5.0, 1.0)
    room = max(minutes, 0.0) * rules.follow_up_cap
    repeats = min(repeats_due, int(room / length))
    planned = min(int(due[week] * open_share + 0.5), int(max(room - repeats * length, 0.0) / mean_minutes))
    virtual = binomial(stream, planned, able)
    face = planned - virtual
    missed_repeats = binomial(stream, repeats, rules.missed_face)
    missed_face = binomial(stream, face, rules.missed_face)
    missed_virtual = binomial(stream, virtual, rules.missed_virtual)
    to_repeat = binomial(stream, virtual - missed_virtual, rules.repeated)
    done = repeats - missed_repeats + face - missed_face + virtual - missed_virtual - to_repeat

    waiting_repeat = repeats_due - repeats + missed_repeats + to_repeat
    waiting_planned = due[week] - planned + missed_face + missed_virtual
    due[week + 1] += waiting_planned
    due[week + rules.follow_up_weeks] += binomial(stream, done, again)
    out[FOLLOW_FACE_SEEN] += repeats - missed_repeats + face - missed_face
    out[FOLLOW_VIRTUAL_SEEN] += virtual - missed_virtual
    out[MISSED_FACE] += missed_repeats + missed_face
    out[MISSED_VIRTUAL] += missed_virtual
    out[REPEATED] += to_repeat
    out[OVERDUE] = waiting_repeat + waiting_planned
    return minutes - (repeats + face + virtual * rules.virtual_length) * length, waiting_repeat


@nb.njit(cache=True, nogil=True)
def _see(
    rules, stream, key, week, state, order, decisions, oldest, newest, minutes,
    virtual_first, virtual_follow_up, line, booked, places, out,
):  # fmt: skip
    """First appointments and reviews in what minutes are left.

    Returns the minutes to carry over and how many firsts were seen for good.
    """
    present = line[0, FIRST] + line[0, FIRST_FACE] + line[0, REVIEW] + line[0, REVIEW_FACE]
    total = line[1, FIRST] + line[1, FIRST_FACE] + line[1, REVIEW] + line[1, REVIEW_FACE]
    if present == 0:
        return minutes, 0
    shorter = 1.0 - rules.virtual_length
    first = line[1, FIRST] * (1.0 - virtual_first * shorter) + line[1, FIRST_FACE]
    review = line[1, REVIEW] * (1.0 - virtual_follow_up * shorter) + line[1, REVIEW_FACE]
    mean_minutes = (rules.first_minutes * first + rules.follow_up_minutes * review) / total
    slots = int(max(minutes, 0.0) / mean_minutes)
    wanted = min(slots, present)
    if wanted == 0:
        return minutes, 0

    # all appointments are booked before any is held, so that nobody is seen twice in a week
    offset = uniform(stream)
    running = np.int64(0)
    for queue in range(ADMITTED):
        running = _book(state, queue, order, booked, oldest, newest, wanted / total, running, offset)
    _top_up(state, FIRST, REVIEW_FACE, oldest, newest, wanted, booked)

    start_stream(stream, key, week, ATTENDANCE)
    used, firsts = 0.0, 0
    for queue in range(ADMITTED):
        virtual = virtual_first if queue == FIRST else virtual_follow_up if queue == REVIEW else 0.0
        spent, seen = _attend(
            rules, stream, state, queue, virtual, decisions, oldest, newest, booked, places, out
        )
        used += spent
        if queue <= FIRST_FACE:
            firsts += seen
    return minutes - used, firsts


@nb.njit(cache=True, nogil=True)
def _attend(rules, stream, state, queue, virtual, decisions, oldest, newest, booked, places, out):
    """Hold one queue's appointments, patient by patient; returns their minutes and how many it saw."""
    is_first = queue <= FIRST_FACE
    virtual_missed = virtual * rules.missed_virtual
    virtual_lost = virtual_missed + virtual * (1.0 - rules.missed_virtual) * rules.repeated
    face_missed = virtual + (1.0 - virtual) * rules.missed_face
    reviewed = rules.review_share

    many = 0
    for cohort in range(oldest, newest + 1):  # where anyone is booked, found without branching
        places[many] = cohort
        many += int(booked[queue, cohort] > 0)
    patients, on_video, missed_f, missed_v, repeated, seen, decided, stopped = 0, 0, 0, 0, 0, 0, 0, 0
    for place in range(many):
        cohort = places[place]
        admit_from = reviewed + (1.0 - reviewed) * (1.0 - decisions[newest - cohort])
        lost_here, missed_here, leave_here, admit_here, seen_before = 0, 0, 0, 0, seen
        for _ in range(booked[queue, cohort]):  # sums of comparisons: a branch on chance costs more than all
            attended = uniform(stream)
            outcome = uniform(stream)
            is_virtual = int(attended < virtual)
            lost = int(attended < virtual_lost)
            missed = (1 - is_virtual) * int(attended < face_missed)
            done = 1 - lost - missed
            on_video += is_virtual
            missed_here += int(attended < virtual_missed)
            lost_here += lost
            missed_f += missed
            seen += done
            leave_here += done * int(outcome >= reviewed)
            admit_here += done * int(outcome >= admit_from)
        repeat_here = lost_here - missed_here
        patients += booked[queue, cohort]
        missed_v += missed_here
        repeated += repeat_here
        decided += admit_here
        stopped += leave_here - admit_here
        state[queue, cohort] -= leave_here
        state[ADMITTED, cohort] += admit_here
        if repeat_here > 0:  # they wait on, with the same clock, to be seen face to face
            state[queue, cohort] -= repeat_here
            state[queue + 1, cohort] += repeat_here
        if is_first:  # seen, and to be seen again
            review_here = seen - seen_before - leave_here
            state[queue, cohort] -= review_here
            state[queue + 2, cohort] += review_here
    out[FIRST_VIRTUAL_SEEN if is_first else FOLLOW_VIRTUAL_SEEN] += on_video - missed_v
    out[FIRST_FACE_SEEN if is_first else FOLLOW_FACE_SEEN] += patients - on_video - missed_f
    out[MISSED_VIRTUAL] += missed_v
    out[MISSED_FACE] += missed_f
    out[REPEATED] += repeated
    out[DECIDED] += decided
    out[NON_ADMITTED] += stopped
    length = rules.first_minutes if is_first else rules.follow_up_minutes
    return length * (patients - on_video + on_video * rules.virtual_length), seen


@nb.njit(cache=True, nogil=True)
def _count(state, oldest, newest, out):
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

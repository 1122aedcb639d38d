"""Clinics and theatres of one series' week, compiled: admissions, follow-ups, firsts and reviews."""

import numba as nb
import numpy as np

from sim.engine.queue import book, in_turn, top_up, weigh_queue
from sim.engine.random import (
    ATTENDANCE,
    BOOKING,
    EMERITUS,
    FOLLOW_UPS,
    INITIATED,
    binomial,
    halves,
    in_parts,
    next_point,
    start_stream,
    uniform,
)
from sim.engine.state import (
    ADMITTED,
    DECIDED,
    FIRST,
    FIRST_FACE,
    FIRST_FACE_SEEN,
    FIRST_VIRTUAL_SEEN,
    FOLLOW_FACE_SEEN,
    FOLLOW_VIRTUAL_SEEN,
    MISSED_FACE,
    MISSED_VIRTUAL,
    NON_ADMITTED,
    OVERDUE,
    PATIENT_INITIATED,
    REPEATED,
    REVIEW,
    REVIEW_FACE,
    STOPS_ADMITTED,
)
from sim.engine.unrefcounted import unrefcounted

CATCH_UP = 4  # weeks over which what a short week put off is made up
FEW = 4  # patients of one cohort who are booked in a week; mostly there are no more

# What comes of an appointment: seen face to face, missed so, seen virtually, that to be repeated, missed so;
# in each what comes of who is seen: another appointment, a clock stop, a decision to admit. For each outcome,
# how many leave the queue (first appointments, reviews), have a decision, are seen again, go to face to face.
LEAVE_FIRSTS = np.array([1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0], np.int32)
LEAVE_REVIEWS = np.array([0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0], np.int32)
DECISION = np.array([0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], np.int32)
SEEN_AGAIN = np.array([1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], np.int32)
LOST_TO_FACE = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0], np.int32)
NOBODY = np.zeros(15, np.int32)


@nb.njit(cache=True, nogil=True)
def admit(settings, stream, state, order, oldest, newest, slots, queue_sums, booked, out):
    """Theatre slots go to those with a decision to admit, in their order; returns the slots left."""
    wanted = min(int(max(slots, 0.0)), queue_sums[0, ADMITTED])
    if wanted > 0:
        longest = in_turn(state, ADMITTED, ADMITTED, oldest, newest, settings, wanted)
        ratio = (wanted - longest) / queue_sums[1, ADMITTED]
        book(state, ADMITTED, order, booked, oldest, newest, ratio, np.int64(0), uniform(stream))
        top_up(state, ADMITTED, ADMITTED, oldest, newest, wanted, booked)
        for cohort in range(oldest, newest + 1):
            state[ADMITTED, cohort] -= booked[ADMITTED, cohort]
    out[STOPS_ADMITTED] = wanted
    return slots - wanted


@nb.njit(cache=True, nogil=True)
def follow_up(clinic, settings, stream, key, due, repeats_due, week, days, minutes, capable, again, out):
    """Follow-ups due take their share of the minutes first, up to the cap.

    Returns the minutes left and the follow-ups now waiting to be repeated face to face.
    """
    start_stream(stream, key, week, FOLLOW_UPS)
    length = clinic.follow_up_minutes
    able = settings.virtual_follow_up * capable
    mean_minutes = length * (1.0 - able * (1.0 - settings.length_follow_up))

    # a short week takes its share of those due, as it does of first appointments, and the next weeks take the
    # rest between them; those to be repeated face to face come first
    open_share = min(days / 5.0, 1.0)
    room = max(minutes, 0.0) * clinic.follow_up_cap
    repeats = min(repeats_due, int(room / length))
    open_to = int(due[week] * open_share + 0.5)
    planned = min(open_to, int(max(room - repeats * length, 0.0) / mean_minutes))
    virtual = binomial(stream, planned, able)
    face = planned - virtual
    missed_repeats = binomial(stream, repeats, settings.missed_face)
    missed_face = binomial(stream, face, settings.missed_face)
    missed_virtual = binomial(stream, virtual, settings.missed_follow_up)
    to_repeat = binomial(stream, virtual - missed_virtual, settings.repeated_follow_up)
    done = repeats - missed_repeats + face - missed_face + virtual - missed_virtual - to_repeat

    waiting_repeat = repeats_due - repeats + missed_repeats + to_repeat
    put_off = due[week] - open_to
    waiting_planned = open_to - planned + missed_face + missed_virtual
    due[week + 1] += waiting_planned
    if put_off > 0:
        for place in range(CATCH_UP):
            due[week + 1 + place] += (put_off + place) // CATCH_UP
    later = binomial(stream, done, again)
    start_stream(stream, key, week, INITIATED)
    out[PATIENT_INITIATED] += plan(clinic, settings, stream, due, week, later)
    out[FOLLOW_FACE_SEEN] += repeats - missed_repeats + face - missed_face
    out[FOLLOW_VIRTUAL_SEEN] += virtual - missed_virtual
    out[MISSED_FACE] += missed_repeats + missed_face
    out[MISSED_VIRTUAL] += missed_virtual
    out[REPEATED] += to_repeat
    out[OVERDUE] = waiting_repeat + waiting_planned + put_off
    return minutes - (repeats + face + virtual * settings.length_follow_up) * length, waiting_repeat


@nb.njit(cache=True, nogil=True)
def plan(clinic, settings, stream, due, week, later):
    """Put follow-ups in the diary, or leave them to the patient; returns how many are left to the patient."""
    left = 0
    if settings.patient_initiated > 0.0:
        left = binomial(stream, later, settings.patient_initiated)
        back = binomial(stream, left, clinic.returns)
        put_in_diary(clinic, stream, due, week, back)
        due[week + clinic.safety_weeks] += binomial(stream, left - back, clinic.safety)
    put_in_diary(clinic, stream, due, week, later - left)
    return left


@nb.njit(cache=True, nogil=True)
def put_in_diary(clinic, stream, due, week, patients):
    """Follow-ups fall due about the usual weeks from now, evenly over a few weeks either side."""
    span = 2 * clinic.follow_up_spread + 1
    first = week + clinic.follow_up_weeks - clinic.follow_up_spread
    turn = int(uniform(stream) * span)
    for place in range(span):
        due[first + (place + turn) % span] += (patients + place) // span


@nb.njit(cache=True, nogil=True)
def see(
    clinic,
    settings,
    stream,
    key,
    week,
    state,
    order,
    decisions,
    oldest,
    newest,
    minutes,
    virtual_first,
    queue_sums,
    booked,
    places,
    tally,
    out,
    tracking,
):
    """First appointments and reviews in what minutes are left.

    Returns the minutes to carry over and how many firsts were seen for good.
    """
    present = (
        queue_sums[0, FIRST] + queue_sums[0, FIRST_FACE] + queue_sums[0, REVIEW] + queue_sums[0, REVIEW_FACE]
    )
    total = (
        queue_sums[1, FIRST] + queue_sums[1, FIRST_FACE] + queue_sums[1, REVIEW] + queue_sums[1, REVIEW_FACE]
    )
    if present == 0:
        return minutes, 0
    first = (
        queue_sums[1, FIRST] * (1.0 - virtual_first * (1.0 - settings.length_first))
        + queue_sums[1, FIRST_FACE]
    )
    shorter = settings.virtual_follow_up * (1.0 - settings.length_follow_up)
    review = queue_sums[1, REVIEW] * (1.0 - shorter) + queue_sums[1, REVIEW_FACE]
    mean_minutes = (clinic.first_minutes * first + clinic.follow_up_minutes * review) / total
    slots = int(max(minutes, 0.0) / mean_minutes)
    start_stream(stream, key, week, BOOKING)
    offset = uniform(stream)
    over = int(slots * settings.overbooked + uniform(stream)) if settings.overbooked > 0.0 else 0
    wanted = min(slots + over, present)
    if wanted == 0:
        return minutes, 0

    # all appointments are booked before any is held, so that nobody is seen twice in a week
    longest = in_turn(state, FIRST, REVIEW_FACE, oldest, newest, settings, wanted)
    ratio = (wanted - longest) / total
    running = np.int64(0)
    for queue in range(ADMITTED):
        running = book(state, queue, order, booked, oldest, newest, ratio, running, offset)
    top_up(state, FIRST, REVIEW_FACE, oldest, newest, wanted, booked)

    start_stream(stream, key, week, ATTENDANCE)
    used, firsts = 0.0, 0
    missed = out[MISSED_FACE] + out[MISSED_VIRTUAL]
    for queue in range(ADMITTED):
        virtual = virtual_first if queue == FIRST else settings.virtual_follow_up if queue == REVIEW else 0.0
        spent, seen = attend(
            clinic,
            settings,
            stream,
            state,
            queue,
            virtual,
            decisions,
            oldest,
            newest,
            booked,
            places,
            tally,
            out,
            tracking,
        )
        used += spent
        if queue <= FIRST_FACE:
            firsts += seen
    # a patient booked over takes the place of one who does not come; what finds no such place runs over
    missed = out[MISSED_FACE] + out[MISSED_VIRTUAL] - missed
    used -= min(missed, max(wanted - slots, 0)) * mean_minutes
    return minutes - used, firsts


@nb.njit(cache=True, nogil=True)
def see_by_emeritus(
    clinic,
    settings,
    stream,
    key,
    week,
    state,
    order,
    decisions,
    oldest,
    newest,
    booked,
    places,
    tally,
    out,
    tracking,
):
    """Virtual firsts with retired consultants, beside the usual clinics; returns how many were seen."""
    start_stream(stream, key, week, EMERITUS)
    present, weighed = weigh_queue(state, FIRST, order, oldest, newest)
    slots = settings.emeritus_minutes / (clinic.first_minutes * settings.length_first)
    wanted = min(int(slots + uniform(stream)), present)
    if wanted == 0:
        return 0
    book(state, FIRST, order, booked, oldest, newest, wanted / weighed, np.int64(0), uniform(stream))
    top_up(state, FIRST, FIRST, oldest, newest, wanted, booked)
    _, seen = attend(
        clinic,
        settings,
        stream,
        state,
        FIRST,
        1.0,
        decisions,
        oldest,
        newest,
        booked,
        places,
        tally,
        out,
        tracking,
    )
    return seen


@nb.njit(cache=True, nogil=True)
def attend(
    clinic,
    settings,
    stream,
    state,
    queue,
    virtual,
    decisions,
    oldest,
    newest,
    booked,
    places,
    tally,
    out,
    tracking,
):
    """Hold one queue's appointments, patient by patient; returns their minutes and how many it saw.

    What comes of each is noted in `tracking` by cohort, unless that is None.
    """
    is_first = queue <= FIRST_FACE
    missed_virtual = settings.missed_first if is_first else settings.missed_follow_up
    repeated_virtual = settings.repeated_first if is_first else settings.repeated_follow_up
    virtual_missed = virtual * missed_virtual
    missed_below = in_parts(virtual_missed)
    repeated_below = in_parts(virtual_missed + virtual * (1.0 - missed_virtual) * repeated_virtual)
    virtual_below = in_parts(virtual)
    face_missed_below = in_parts(virtual + (1.0 - virtual) * settings.missed_face)
    leaves_from = in_parts(clinic.review_share)
    leave_share = 1.0 - clinic.review_share
    seen_again = queue + 2 if is_first else queue
    leaving = LEAVE_FIRSTS if is_first else LEAVE_REVIEWS
    again = SEEN_AGAIN if is_first else NOBODY

    patients = 0  # in a row, each by their cohort, written a few at a time: a branch on how many costs more
    for cohort in range(oldest, newest + 1):
        here = booked[queue, cohort]
        for copy in range(FEW):
            places[np.uint32(patients + copy)] = cohort
        for copy in range(FEW, here):
            places[patients + copy] = cohort
        patients += here

    tally[:] = 0
    if tracking is not None:
        noted = unrefcounted(tracking.outcomes)
    point = stream[0]
    for patient in range(patients):  # sums of comparisons, for the same reason
        cohort = places[patient]
        point = next_point(point)
        attended, ends = halves(point)
        ended = int(ends >= leaves_from) + int(
            ends >= in_parts(1.0 - leave_share * decisions[newest - cohort])
        )
        outcome = np.uint32(
            3
            * (
                int(attended < missed_below)
                + int(attended < repeated_below)
                + int(attended < virtual_below)
                + int(attended < face_missed_below)
            )
            + ended
        )
        tally[outcome] += 1
        if tracking is not None:
            noted[queue, cohort, outcome] += 1
        state[queue, cohort] -= leaving[outcome]
        state[ADMITTED, cohort] += DECISION[outcome]
        state[seen_again, cohort] += again[outcome]
        if LOST_TO_FACE[outcome]:  # who waits on, with the same clock, to be seen face to face
            state[queue + 1, cohort] += 1
    stream[0] = point
    missed_v, repeated = tally[12:].sum(), tally[9:12].sum()
    on_video, missed_f = missed_v + repeated + tally[6:9].sum(), tally[3:6].sum()
    seen = patients - missed_v - repeated - missed_f
    stopped, decided = tally[1] + tally[7], tally[2] + tally[8]
    out[FIRST_VIRTUAL_SEEN if is_first else FOLLOW_VIRTUAL_SEEN] += on_video - missed_v
    out[FIRST_FACE_SEEN if is_first else FOLLOW_FACE_SEEN] += patients - on_video - missed_f
    out[MISSED_VIRTUAL] += missed_v
    out[MISSED_FACE] += missed_f
    out[REPEATED] += repeated
    out[DECIDED] += decided
    out[NON_ADMITTED] += stopped
    length = clinic.first_minutes if is_first else clinic.follow_up_minutes
    shortened = settings.length_first if is_first else settings.length_follow_up
    return length * (patients - on_video + on_video * shortened), seen

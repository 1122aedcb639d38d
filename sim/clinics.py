"""Clinics and theatres of one series' week, compiled: admissions, follow-ups, firsts and reviews."""

import numba as nb
import numpy as np

from sim.line import book, in_turn, top_up, weigh_queue
from sim.random import (
    ATTENDANCE,
    BOOKING,
    EMERITUS,
    FOLLOW_UPS,
    INITIATED,
    binomial,
    start_stream,
    uniform,
)  # fmt: skip
from sim.state import (
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
)  # fmt: skip

CATCH_UP = 4  # weeks over which what a short week put off is made up


@nb.njit(cache=True, nogil=True)
def admit(terms, stream, state, order, oldest, newest, slots, line, booked, out):
    """Theatre slots go to those with a decision to admit, in their order; returns the slots left."""
    wanted = min(int(max(slots, 0.0)), line[0, ADMITTED])
    if wanted > 0:
        longest = in_turn(state, ADMITTED, ADMITTED, oldest, newest, terms, wanted)
        ratio = (wanted - longest) / line[1, ADMITTED]
        book(state, ADMITTED, order, booked, oldest, newest, ratio, np.int64(0), uniform(stream))
        top_up(state, ADMITTED, ADMITTED, oldest, newest, wanted, booked)
        for cohort in range(oldest, newest + 1):
            state[ADMITTED, cohort] -= booked[ADMITTED, cohort]
    out[STOPS_ADMITTED] = wanted
    return slots - wanted


@nb.njit(cache=True, nogil=True)
def follow_up(rules, terms, stream, key, due, repeats_due, week, days, minutes, capable, again, out):
    """Follow-ups due take their share of the minutes first, up to the cap.

    Returns the minutes left and the follow-ups now waiting to be repeated face to face.
    """
    start_stream(stream, key, week, FOLLOW_UPS)
    length = rules.follow_up_minutes
    able = terms.virtual_follow_up * capable
    mean_minutes = length * (1.0 - able * (1.0 - terms.length_follow_up))

    # a short week takes its share of those due, as it does of first appointments, and the next weeks take the
    # rest between them; those to be repeated face to face come first
    open_share = min(days / 5.0, 1.0)
    room = max(minutes, 0.0) * rules.follow_up_cap
    repeats = min(repeats_due, int(room / length))
    open_to = int(due[week] * open_share + 0.5)
    planned = min(open_to, int(max(room - repeats * length, 0.0) / mean_minutes))
    virtual = binomial(stream, planned, able)
    face = planned - virtual
    missed_repeats = binomial(stream, repeats, terms.missed_face)
    missed_face = binomial(stream, face, terms.missed_face)
    missed_virtual = binomial(stream, virtual, terms.missed_follow_up)
    to_repeat = binomial(stream, virtual - missed_virtual, terms.repeated_follow_up)
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
    out[PATIENT_INITIATED] += plan(rules, terms, stream, due, week, later)
    out[FOLLOW_FACE_SEEN] += repeats - missed_repeats + face - missed_face
    out[FOLLOW_VIRTUAL_SEEN] += virtual - missed_virtual
    out[MISSED_FACE] += missed_repeats + missed_face
    out[MISSED_VIRTUAL] += missed_virtual
    out[REPEATED] += to_repeat
    out[OVERDUE] = waiting_repeat + waiting_planned + put_off
    return minutes - (repeats + face + virtual * terms.length_follow_up) * length, waiting_repeat


@nb.njit(cache=True, nogil=True)
def plan(rules, terms, stream, due, week, later):
    """Put follow-ups in the diary, or leave them to the patient; returns how many are left to the patient."""
    left = 0
    if terms.patient_initiated > 0.0:
        left = binomial(stream, later, terms.patient_initiated)
        back = binomial(stream, left, rules.returns)
        put_in_diary(rules, stream, due, week, back)
        due[week + rules.safety_weeks] += binomial(stream, left - back, rules.safety)
    put_in_diary(rules, stream, due, week, later - left)
    return left


@nb.njit(cache=True, nogil=True)
def put_in_diary(rules, stream, due, week, patients):
    """Follow-ups fall due about the usual weeks from now, evenly over a few weeks either side."""
    span = 2 * rules.follow_up_spread + 1
    first = week + rules.follow_up_weeks - rules.follow_up_spread
    turn = int(uniform(stream) * span)
    for place in range(span):
        due[first + (place + turn) % span] += (patients + place) // span


@nb.njit(cache=True, nogil=True)
def see(
    rules, terms, stream, key, week, state, order, decisions, oldest, newest, minutes,
    virtual_first, line, booked, places, out,
):  # fmt: skip
    """First appointments and reviews in what minutes are left.

    Returns the minutes to carry over and how many firsts were seen for good.
    """
    present = line[0, FIRST] + line[0, FIRST_FACE] + line[0, REVIEW] + line[0, REVIEW_FACE]
    total = line[1, FIRST] + line[1, FIRST_FACE] + line[1, REVIEW] + line[1, REVIEW_FACE]
    if present == 0:
        return minutes, 0
    first = line[1, FIRST] * (1.0 - virtual_first * (1.0 - terms.length_first)) + line[1, FIRST_FACE]
    shorter = terms.virtual_follow_up * (1.0 - terms.length_follow_up)
    review = line[1, REVIEW] * (1.0 - shorter) + line[1, REVIEW_FACE]
    mean_minutes = (rules.first_minutes * first + rules.follow_up_minutes * review) / total
    slots = int(max(minutes, 0.0) / mean_minutes)
    wanted = min(int(slots * (1.0 + terms.overbooked)), present)
    if wanted == 0:
        return minutes, 0

    # all appointments are booked before any is held, so that nobody is seen twice in a week
    start_stream(stream, key, week, BOOKING)
    offset = uniform(stream)
    longest = in_turn(state, FIRST, REVIEW_FACE, oldest, newest, terms, wanted)
    ratio = (wanted - longest) / total
    running = np.int64(0)
    for queue in range(ADMITTED):
        running = book(state, queue, order, booked, oldest, newest, ratio, running, offset)
    top_up(state, FIRST, REVIEW_FACE, oldest, newest, wanted, booked)

    start_stream(stream, key, week, ATTENDANCE)
    used, firsts = 0.0, 0
    missed = out[MISSED_FACE] + out[MISSED_VIRTUAL]
    for queue in range(ADMITTED):
        virtual = virtual_first if queue == FIRST else terms.virtual_follow_up if queue == REVIEW else 0.0
        spent, seen = attend(
            rules, terms, stream, state, queue, virtual, decisions, oldest, newest, booked, places, out
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
    rules, terms, stream, key, week, state, order, decisions, oldest, newest, booked, places, out
):
    """Virtual firsts with retired consultants, beside the usual clinics; returns how many were seen."""
    start_stream(stream, key, week, EMERITUS)
    present, weighed = weigh_queue(state, FIRST, order, oldest, newest)
    slots = terms.emeritus_minutes / (rules.first_minutes * terms.length_first)
    wanted = min(int(slots + uniform(stream)), present)
    if wanted == 0:
        return 0
    book(state, FIRST, order, booked, oldest, newest, wanted / weighed, np.int64(0), uniform(stream))
    top_up(state, FIRST, FIRST, oldest, newest, wanted, booked)
    _, seen = attend(rules, terms, stream, state, FIRST, 1.0, decisions, oldest, newest, booked, places, out)
    return seen


@nb.njit(cache=True, nogil=True)
def attend(rules, terms, stream, state, queue, virtual, decisions, oldest, newest, booked, places, out):
    """Hold one queue's appointments, patient by patient; returns their minutes and how many it saw."""
    is_first = queue <= FIRST_FACE
    missed_virtual = terms.missed_first if is_first else terms.missed_follow_up
    repeated_virtual = terms.repeated_first if is_first else terms.repeated_follow_up
    virtual_missed = virtual * missed_virtual
    virtual_lost = virtual_missed + virtual * (1.0 - missed_virtual) * repeated_virtual
    face_missed = virtual + (1.0 - virtual) * terms.missed_face
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
    shortened = terms.length_first if is_first else terms.length_follow_up
    return length * (patients - on_video + on_video * shortened), seen

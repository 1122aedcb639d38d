"""One provider's week, compiled: every clinic of the provider, every replication, one call."""

import numba as nb
import numpy as np

from sim.engine.class_tracking import LEFT, STOPPED, TAKEN, arrive, follow_appointments, leave, remember
from sim.engine.clinics import FEW, NOBODY, admit, follow_up, plan, put_in_diary, see, see_by_emeritus
from sim.engine.queue import count, remove, take_longest, validate, weigh
from sim.engine.random import (
    ADVICE,
    AFTER,
    CLASSES,
    INDEPENDENT,
    REFERRALS,
    REMOVALS,
    TELEPHONE,
    THEATRE,
    VALIDATION,
    binomial,
    poisson,
    start_stream,
    uniform,
)
from sim.engine.settings import clinic_parameters, week_settings
from sim.engine.state import (
    ADMITTED,
    ADVISED,
    BANDS,
    DECIDED,
    FIRST,
    FIRST_BY_TELEPHONE,
    FIRST_FACE,
    FIRST_VIRTUAL_SEEN,
    FOLLOW_BY_TELEPHONE,
    FOLLOW_VIRTUAL_SEEN,
    MOVED_OUT,
    PATIENT_INITIATED,
    QUEUES,
    REMOVED,
    REVIEW_FACE,
    STARTS,
    VALIDATED,
    WAITING,
    WITHIN_18,
)
from sim.engine.unrefcounted import unrefcounted


@nb.njit(cache=True, nogil=True)
def provider_week(inputs, settings_table, world, begin, end, week, days, demand, capacity, tracking):
    """Run series `begin` to `end` through `week` (0 the first) of `days` working days, in every replication.

    `settings_table` is (S, R, week settings); `demand` and `capacity`, (S, R), are this week's factors on
    clock starts and on minutes and admissions. Patients are carried along by class in `tracking`; None
    compiles to a week that knows of no classes.
    """
    cohorts = world.pathways.shape[3]
    stream = np.zeros(1, np.uint64)
    queue_sums = np.zeros((2, QUEUES), np.int64)
    booked = np.zeros((QUEUES, cohorts), np.int32)
    sums = np.zeros(cohorts, np.int32)
    tally = np.zeros(len(NOBODY), np.int64)
    series_week(
        inputs,
        settings_table,
        world,
        begin,
        end,
        week,
        days,
        demand,
        capacity,
        tracking,
        stream,
        queue_sums,
        booked,
        sums,
        tally,
    )


# Everything it works on is held by its caller.
@nb.njit(cache=True, nogil=True)
def series_week(
    inputs,
    settings_table,
    world,
    begin,
    end,
    week,
    days,
    demand,
    capacity,
    tracking,
    own_stream,
    own_queue_sums,
    own_booked,
    own_sums,
    own_tally,
):
    """The same, with room to work in: (1,), (2, queues), (queues, cohorts), (cohorts,) and (outcomes,)."""
    newest = BANDS + week
    stream, queue_sums = unrefcounted(own_stream), unrefcounted(own_queue_sums)
    booked, sums = unrefcounted(own_booked), unrefcounted(own_sums)
    tally = unrefcounted(own_tally)
    places = np.zeros(4096, np.uint32)
    parameter_rows, settings_rows = unrefcounted(inputs.clinic_parameters), unrefcounted(settings_table)
    usual, able_share = unrefcounted(inputs.minutes), unrefcounted(inputs.capable)
    again, removal_level = unrefcounted(inputs.again), unrefcounted(inputs.removal_level)
    keys, all_decisions = unrefcounted(inputs.keys), unrefcounted(inputs.decisions)
    all_leaving = unrefcounted(inputs.leaving)
    booking, booking_admitted = unrefcounted(inputs.booking), unrefcounted(inputs.booking_admitted)
    states, dues, outs = unrefcounted(world.pathways), unrefcounted(world.due), unrefcounted(world.out)
    repeats, kept_minutes = unrefcounted(world.repeats), unrefcounted(world.minutes)
    kept_admissions, first_cohort = unrefcounted(world.admissions), unrefcounted(world.oldest)
    for s in range(begin, end):
        leaving, decisions = all_leaving[s], all_decisions[s]
        order, order_admitted = booking[s], booking_admitted[s]
        mean_referrals, mean_theatre = inputs.starts[s] * days, inputs.theatre[s] * days
        for r in range(states.shape[1]):
            clinic = clinic_parameters(parameter_rows, r)
            settings = week_settings(settings_rows, s, r)
            state, due, out = states[s, r], dues[s, r], outs[r, s, week]
            key, oldest = keys[s, r], first_cohort[s, r]

            start_stream(stream, key, week, REFERRALS)
            arrived = poisson(stream, mean_referrals * settings.demand * demand[s, r])
            if settings.advice > 0.0:
                start_stream(stream, key, week, ADVICE)
                out[ADVISED] = binomial(stream, arrived, settings.advice)
                arrived -= out[ADVISED]
            start_stream(stream, key, week, CLASSES)
            able = binomial(stream, arrived, able_share[s, r])
            state[FIRST, newest] += able
            state[FIRST_FACE, newest] += arrived - able
            out[STARTS] = arrived
            if tracking is not None:
                arrive(tracking, s, r, newest, able, arrived - able)
                remember(tracking, state, oldest, newest)

            start_stream(stream, key, week, REMOVALS)
            out[REMOVED] = remove(stream, state, leaving, removal_level[s, r], oldest, newest, sums)
            if settings.validation > 0.0:
                start_stream(stream, key, week, VALIDATION)
                out[VALIDATED] = validate(stream, state, oldest, newest, settings)
                out[REMOVED] += out[VALIDATED]
            if tracking is not None:
                leave(tracking, s, r, state, oldest, newest, LEFT)
            if settings.independent > 0.0:
                start_stream(stream, key, week, INDEPENDENT)
                places_taken = int(settings.independent + uniform(stream))
                out[MOVED_OUT] += take_longest(state, ADMITTED, oldest, newest, places_taken)
                if tracking is not None:
                    leave(tracking, s, r, state, oldest, newest, TAKEN)
            weigh(state, order, order_admitted, oldest, newest, queue_sums)
            most_booked = queue_sums[0, :ADMITTED].sum()
            if most_booked + FEW > len(places):
                places = np.zeros(2 * most_booked, np.uint32)

            start_stream(stream, key, week, THEATRE)
            pace = settings.capacity * capacity[s, r]
            slots = mean_theatre * pace + settings.extra_theatre + kept_admissions[s, r]
            slots = admit(
                settings, stream, state, order_admitted, oldest, newest, slots, queue_sums, booked, out
            )
            if tracking is not None:
                leave(tracking, s, r, state, oldest, newest, STOPPED)
            kept_admissions[s, r] = min(slots, max(clinic.kept_weeks * 5 * inputs.theatre[s], 1.0))

            minutes = usual[s, r] * days * pace + settings.extra_minutes + kept_minutes[s, r]
            minutes, repeats[s, r] = follow_up(
                clinic,
                settings,
                stream,
                key,
                due,
                repeats[s, r],
                week,
                days,
                minutes,
                able_share[s, r],
                again[s, r],
                out,
            )
            virtual_first = settings.virtual_first
            if settings.asking > 0.0 and week > 0:  # the longer the local wait, the more patients ask
                before = outs[r, s, week - 1]
                late = 1.0 - before[WITHIN_18] / max(before[WAITING], 1)
                virtual_first += (1.0 - virtual_first) * settings.asking * late
            minutes, firsts = see(
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
            )
            if tracking is not None:
                follow_appointments(tracking, s, r, FIRST, REVIEW_FACE, oldest, newest)
            longest_visit = max(clinic.first_minutes, clinic.follow_up_minutes)
            kept_minutes[s, r] = min(minutes, max(clinic.kept_weeks * 5 * usual[s, r], longest_visit))
            if settings.emeritus_minutes > 0.0:
                firsts += see_by_emeritus(
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
                )
                if tracking is not None:
                    follow_appointments(tracking, s, r, FIRST, FIRST, oldest, newest)

            # firsts seen for good lead to follow-ups, decisions to admit to further appointments
            start_stream(stream, key, week, AFTER)
            later = binomial(stream, firsts, again[s, r])
            whole = int(clinic.extra_if_admitted)
            more = whole * out[DECIDED] + binomial(stream, out[DECIDED], clinic.extra_if_admitted - whole)
            put_in_diary(clinic, stream, due, week, more)
            out[PATIENT_INITIATED] += plan(clinic, settings, stream, due, week, later)
            start_stream(stream, key, week, TELEPHONE)
            out[FIRST_BY_TELEPHONE] = binomial(stream, out[FIRST_VIRTUAL_SEEN], settings.telephone_first)
            out[FOLLOW_BY_TELEPHONE] = binomial(
                stream, out[FOLLOW_VIRTUAL_SEEN], settings.telephone_follow_up
            )
            first_cohort[s, r] = count(state, oldest, newest, out)

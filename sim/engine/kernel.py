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
    Rules,
    Terms,
)
from sim.engine.unrefcounted import borrowed


@nb.njit(cache=True, nogil=True)
def terms_of(table, s, r):
    """One series' settings in one replication, from their row, in the order of their names."""
    return Terms(
        table[s, r, 0],
        table[s, r, 1],
        table[s, r, 2],
        table[s, r, 3],
        table[s, r, 4],
        table[s, r, 5],
        table[s, r, 6],
        table[s, r, 7],
        table[s, r, 8],
        table[s, r, 9],
        table[s, r, 10],
        table[s, r, 11],
        table[s, r, 12],
        table[s, r, 13],
        table[s, r, 14],
        table[s, r, 15],
        table[s, r, 16],
        table[s, r, 17],
        table[s, r, 18],
        table[s, r, 19],
        table[s, r, 20],
        table[s, r, 21],
        table[s, r, 22],
        table[s, r, 23],
        table[s, r, 24],
    )


@nb.njit(cache=True, nogil=True)
def rules_of(table, r):
    """One replication's rules, from their row, in the order of their names."""
    return Rules(
        table[r, 0],
        table[r, 1],
        table[r, 2],
        table[r, 3],
        int(table[r, 4]),
        int(table[r, 5]),
        table[r, 6],
        table[r, 7],
        table[r, 8],
        table[r, 9],
        int(table[r, 10]),
    )


@nb.njit(cache=True, nogil=True)
def provider_week(model, table, world, begin, end, week, days, demand, capacity, followed):
    """Run series `begin` to `end` through `week` (0 the first) of `days` working days, in every replication.

    `table` holds the settings, (S, R, terms); `demand` and `capacity`, (S, R), are this week's factors on
    clock starts and on minutes and admissions. Patients are carried along by class in `followed`; None
    compiles to a week that knows of no classes.
    """
    cohorts = world.state.shape[3]
    stream = np.zeros(1, np.uint64)
    line = np.zeros((2, QUEUES), np.int64)
    booked = np.zeros((QUEUES, cohorts), np.int32)
    sums = np.zeros(cohorts, np.int32)
    tally = np.zeros(len(NOBODY), np.int64)
    series_week(
        model,
        table,
        world,
        begin,
        end,
        week,
        days,
        demand,
        capacity,
        followed,
        stream,
        line,
        booked,
        sums,
        tally,
    )


# Everything it works on is held by its caller.
@nb.njit(cache=True, nogil=True)
def series_week(
    model,
    table,
    world,
    begin,
    end,
    week,
    days,
    demand,
    capacity,
    followed,
    own_stream,
    own_line,
    own_booked,
    own_sums,
    own_tally,
):
    """The same, with room to work in: (1,), (2, queues), (queues, cohorts), (cohorts,) and (outcomes,)."""
    newest = BANDS + week
    stream, line = borrowed(own_stream), borrowed(own_line)
    booked, sums = borrowed(own_booked), borrowed(own_sums)
    tally = borrowed(own_tally)
    places = np.zeros(4096, np.uint32)
    every_rule, every_term = borrowed(model.rules), borrowed(table)
    usual, able_share = borrowed(model.minutes), borrowed(model.capable)
    again, removal_level = borrowed(model.again), borrowed(model.removal_level)
    keys, all_decisions = borrowed(model.keys), borrowed(model.decisions)
    all_leaving = borrowed(model.leaving)
    booking, booking_admitted = borrowed(model.booking), borrowed(model.booking_admitted)
    states, dues, outs = borrowed(world.state), borrowed(world.due), borrowed(world.out)
    repeats, kept_minutes = borrowed(world.repeats), borrowed(world.minutes)
    kept_admissions, first_cohort = borrowed(world.admissions), borrowed(world.oldest)
    for s in range(begin, end):
        leaving, decisions = all_leaving[s], all_decisions[s]
        order, order_admitted = booking[s], booking_admitted[s]
        mean_referrals, mean_theatre = model.starts[s] * days, model.theatre[s] * days
        for r in range(states.shape[1]):
            rules, terms = rules_of(every_rule, r), terms_of(every_term, s, r)
            state, due, out = states[s, r], dues[s, r], outs[r, s, week]
            key, oldest = keys[s, r], first_cohort[s, r]

            start_stream(stream, key, week, REFERRALS)
            arrived = poisson(stream, mean_referrals * terms.demand * demand[s, r])
            if terms.advice > 0.0:
                start_stream(stream, key, week, ADVICE)
                out[ADVISED] = binomial(stream, arrived, terms.advice)
                arrived -= out[ADVISED]
            start_stream(stream, key, week, CLASSES)
            able = binomial(stream, arrived, able_share[s, r])
            state[FIRST, newest] += able
            state[FIRST_FACE, newest] += arrived - able
            out[STARTS] = arrived
            if followed is not None:
                arrive(followed, s, r, newest, able, arrived - able)
                remember(followed, state, oldest, newest)

            start_stream(stream, key, week, REMOVALS)
            out[REMOVED] = remove(stream, state, leaving, removal_level[s, r], oldest, newest, sums)
            if terms.validation > 0.0:
                start_stream(stream, key, week, VALIDATION)
                out[VALIDATED] = validate(stream, state, oldest, newest, terms)
                out[REMOVED] += out[VALIDATED]
            if followed is not None:
                leave(followed, s, r, state, oldest, newest, LEFT)
            if terms.independent > 0.0:
                start_stream(stream, key, week, INDEPENDENT)
                places_taken = int(terms.independent + uniform(stream))
                out[MOVED_OUT] += take_longest(state, ADMITTED, oldest, newest, places_taken)
                if followed is not None:
                    leave(followed, s, r, state, oldest, newest, TAKEN)
            weigh(state, order, order_admitted, oldest, newest, line)
            most_booked = line[0, :ADMITTED].sum()
            if most_booked + FEW > len(places):
                places = np.zeros(2 * most_booked, np.uint32)

            start_stream(stream, key, week, THEATRE)
            pace = terms.capacity * capacity[s, r]
            slots = mean_theatre * pace + terms.extra_theatre + kept_admissions[s, r]
            slots = admit(terms, stream, state, order_admitted, oldest, newest, slots, line, booked, out)
            if followed is not None:
                leave(followed, s, r, state, oldest, newest, STOPPED)
            kept_admissions[s, r] = min(slots, max(rules.kept_weeks * 5 * model.theatre[s], 1.0))

            minutes = usual[s, r] * days * pace + terms.extra_minutes + kept_minutes[s, r]
            minutes, repeats[s, r] = follow_up(
                rules,
                terms,
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
            virtual_first = terms.virtual_first
            if terms.asking > 0.0 and week > 0:  # the longer the local wait, the more patients ask
                before = outs[r, s, week - 1]
                late = 1.0 - before[WITHIN_18] / max(before[WAITING], 1)
                virtual_first += (1.0 - virtual_first) * terms.asking * late
            minutes, firsts = see(
                rules,
                terms,
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
                line,
                booked,
                places,
                tally,
                out,
                followed,
            )
            if followed is not None:
                follow_appointments(followed, s, r, FIRST, REVIEW_FACE, oldest, newest)
            longest_visit = max(rules.first_minutes, rules.follow_up_minutes)
            kept_minutes[s, r] = min(minutes, max(rules.kept_weeks * 5 * usual[s, r], longest_visit))
            if terms.emeritus_minutes > 0.0:
                firsts += see_by_emeritus(
                    rules,
                    terms,
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
                    followed,
                )
                if followed is not None:
                    follow_appointments(followed, s, r, FIRST, FIRST, oldest, newest)

            # firsts seen for good lead to follow-ups, decisions to admit to further appointments
            start_stream(stream, key, week, AFTER)
            later = binomial(stream, firsts, again[s, r])
            whole = int(rules.extra_if_admitted)
            more = whole * out[DECIDED] + binomial(stream, out[DECIDED], rules.extra_if_admitted - whole)
            put_in_diary(rules, stream, due, week, more)
            out[PATIENT_INITIATED] += plan(rules, terms, stream, due, week, later)
            start_stream(stream, key, week, TELEPHONE)
            out[FIRST_BY_TELEPHONE] = binomial(stream, out[FIRST_VIRTUAL_SEEN], terms.telephone_first)
            out[FOLLOW_BY_TELEPHONE] = binomial(stream, out[FOLLOW_VIRTUAL_SEEN], terms.telephone_follow_up)
            first_cohort[s, r] = count(state, oldest, newest, out)

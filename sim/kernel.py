"""One provider's week, compiled: every clinic of the provider, every replication, one call."""

import numba as nb
import numpy as np

from sim.clinics import admit, follow_up, plan, put_in_diary, see, see_by_emeritus
from sim.line import count, remove, take_longest, validate, weigh
from sim.random import (
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
)  # fmt: skip
from sim.state import (
    ADMITTED,
    ADVISED,
    BANDS,
    BY_TELEPHONE,
    DECIDED,
    FIRST,
    FIRST_FACE,
    FIRST_VIRTUAL_SEEN,
    FOLLOW_VIRTUAL_SEEN,
    MOVED_OUT,
    PATIENT_INITIATED,
    QUEUES,
    REMOVED,
    STARTS,
    VALIDATED,
    WAITING,
    WITHIN_18,
    Terms,
)  # fmt: skip


@nb.njit(cache=True, nogil=True)
def terms_of(settings, s):
    """One series' settings as plain numbers, in the order of their names."""
    return Terms(
        settings.virtual_first[s],
        settings.virtual_follow_up[s],
        settings.telephone[s],
        settings.asking[s],
        settings.missed_face[s],
        settings.missed_virtual[s],
        settings.overbooked[s],
        settings.patient_initiated[s],
        settings.advice[s],
        settings.demand[s],
        settings.capacity[s],
        settings.extra_minutes[s],
        settings.extra_theatre[s],
        settings.emeritus_minutes[s],
        settings.independent[s],
        settings.longest_first[s],
        settings.longest_from[s],
        settings.validation[s],
        settings.validation_from[s],
    )


# Only this function holds the tuples of arrays: taking an array from one is counted in and out of use, which
# in the functions it calls for every series and replication would cost more than their work.
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
    longest_visit = max(rules.first_minutes, rules.follow_up_minutes)
    for s in range(begin, end):
        terms = terms_of(settings, s)
        hazard, decisions = model.removal[s], model.decisions[s]
        order, order_admitted = model.booking[s], model.booking_admitted[s]
        mean_referrals = model.starts[s] * days * terms.demand
        mean_minutes = model.minutes[s] * days * terms.capacity
        mean_theatre = model.theatre[s] * days * terms.capacity
        keep_minutes = max(rules.kept_weeks * 5 * model.minutes[s], longest_visit)
        keep_theatre = max(rules.kept_weeks * 5 * model.theatre[s], 1.0)
        highest = max(hazard.max(), 1e-12)
        for r in range(world.state.shape[1]):
            state, due, out = world.state[s, r], world.due[s, r], world.out[r, s, week]
            key, oldest = model.keys[s, r], world.oldest[s, r]

            start_stream(stream, key, week, REFERRALS)
            arrived = poisson(stream, mean_referrals * demand[s, r])
            if terms.advice > 0.0:
                start_stream(stream, key, week, ADVICE)
                out[ADVISED] = binomial(stream, arrived, terms.advice)
                arrived -= out[ADVISED]
            start_stream(stream, key, week, CLASSES)
            able = binomial(stream, arrived, model.capable[s])
            state[FIRST, newest] += able
            state[FIRST_FACE, newest] += arrived - able
            out[STARTS] = arrived

            start_stream(stream, key, week, REMOVALS)
            out[REMOVED] = remove(stream, state, hazard, highest, oldest, newest)
            if terms.validation > 0.0:
                start_stream(stream, key, week, VALIDATION)
                out[VALIDATED] = validate(stream, state, oldest, newest, terms)
                out[REMOVED] += out[VALIDATED]
            if terms.independent > 0.0:
                start_stream(stream, key, week, INDEPENDENT)
                places_taken = int(terms.independent + uniform(stream))
                out[MOVED_OUT] += take_longest(state, ADMITTED, oldest, newest, places_taken)
            weigh(state, order, order_admitted, oldest, newest, line)

            start_stream(stream, key, week, THEATRE)
            slots = mean_theatre * capacity[s, r] + terms.extra_theatre + world.admissions[s, r]
            slots = admit(terms, stream, state, order_admitted, oldest, newest, slots, line, booked, out)
            world.admissions[s, r] = min(slots, keep_theatre)

            minutes = mean_minutes * capacity[s, r] + terms.extra_minutes + world.minutes[s, r]
            minutes, world.repeats[s, r] = follow_up(
                rules, terms, stream, key, due, world.repeats[s, r], week, days, minutes,
                model.capable[s], model.again[s], out,
            )  # fmt: skip
            virtual_first = terms.virtual_first
            if terms.asking > 0.0 and week > 0:  # the longer the local wait, the more patients ask
                before = world.out[r, s, week - 1]
                late = 1.0 - before[WITHIN_18] / max(before[WAITING], 1)
                virtual_first += (1.0 - virtual_first) * terms.asking * late
            minutes, firsts = see(
                rules, terms, stream, key, week, state, order, decisions, oldest, newest, minutes,
                virtual_first, line, booked, places, out,
            )  # fmt: skip
            world.minutes[s, r] = min(minutes, keep_minutes)
            if terms.emeritus_minutes > 0.0:
                firsts += see_by_emeritus(
                    rules, terms, stream, key, week, state, order, decisions, oldest, newest,
                    booked, places, out,
                )  # fmt: skip

            # firsts seen for good lead to follow-ups, decisions to admit to further appointments
            start_stream(stream, key, week, AFTER)
            later = binomial(stream, firsts, model.again[s])
            whole = int(rules.extra_if_admitted)
            more = whole * out[DECIDED] + binomial(stream, out[DECIDED], rules.extra_if_admitted - whole)
            put_in_diary(rules, stream, due, week, more)
            out[PATIENT_INITIATED] += plan(rules, terms, stream, due, week, later)
            start_stream(stream, key, week, TELEPHONE)
            virtual = out[FIRST_VIRTUAL_SEEN] + out[FOLLOW_VIRTUAL_SEEN]
            out[BY_TELEPHONE] = binomial(stream, virtual, terms.telephone)
            world.oldest[s, r] = count(state, oldest, newest, out)

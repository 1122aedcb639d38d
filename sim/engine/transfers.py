"""Patients who move between paired trusts, compiled: a week's video appointments at the partner."""

import numba as nb
import numpy as np

from sim.engine.class_tracking import go_on
from sim.engine.clinics import plan
from sim.engine.kernel import rules_of, terms_of
from sim.engine.random import PAIRING, binomial, start_stream, uniform
from sim.engine.state import (
    ADMITTED,
    BANDS,
    DECIDED,
    FIRST,
    FIRST_FACE,
    FIRST_VIRTUAL_SEEN,
    MISSED_VIRTUAL,
    MOVED_IN,
    MOVED_OUT,
    NON_ADMITTED,
    PATIENT_INITIATED,
    REPEATED,
    REVIEW,
)


@nb.njit(cache=True, nogil=True)
def pair_week(model, table, world, home, partner, week, limit, minutes, waited, diagnostic, followed):
    """Offer long waiters of series `home` a virtual first appointment in series `partner`, this week.

    At most `limit` of them, in at most `minutes` of the partner's, longest waits first, who have waited
    `waited` weeks and can be seen virtually. One who needs a `diagnostic` (a chance), another appointment or
    a face-to-face repeat, or for whom admission is decided, goes home with the clock running; one whose clock
    stops does so at the partner. Transfers count both ways. `limit`, `minutes`, `diagnostic` are (R,).
    Patients are carried along by class in `followed`, unless None.
    """
    newest = BANDS + week
    stream = np.zeros(1, np.uint64)
    for r in range(world.state.shape[1]):
        if minutes[r] <= 0.0:
            continue
        start_stream(stream, model.keys[home, r], week, PAIRING)
        rules, here_terms = rules_of(model.rules, r), terms_of(table, home, r)
        visit = rules.first_minutes * here_terms.length_first
        needs_more = 1.0 - (1.0 - diagnostic[r]) * (1.0 - rules.review_share)
        state, here, there = world.state[home, r], world.out[r, home, week], world.out[r, partner, week]
        offers = int(min(limit[r], minutes[r] / visit) + uniform(stream))
        firsts = 0
        for cohort in range(world.oldest[home, r], newest + 1 - int(waited)):
            sent = min(state[FIRST, cohort], offers)
            if sent == 0:
                continue
            offers -= sent
            absent = binomial(stream, sent, here_terms.missed_first)
            repeat = binomial(stream, sent - absent, here_terms.repeated_first)
            seen = sent - absent - repeat
            again = binomial(stream, seen, needs_more)
            decide = binomial(stream, seen - again, model.decisions[home, newest - cohort])
            stopped = seen - again - decide
            if followed is not None:
                go_on(followed, home, r, FIRST, cohort, 0, sent - absent, again, decide, repeat, stopped)
            state[FIRST, cohort] -= repeat + seen
            state[FIRST_FACE, cohort] += repeat
            state[REVIEW, cohort] += again
            state[ADMITTED, cohort] += decide
            here[MOVED_OUT] += sent
            here[MOVED_IN] += sent - stopped
            here[DECIDED] += decide
            there[MOVED_IN] += sent
            there[MOVED_OUT] += sent - stopped
            there[NON_ADMITTED] += stopped
            there[FIRST_VIRTUAL_SEEN] += sent - absent
            there[MISSED_VIRTUAL] += absent
            there[REPEATED] += repeat
            world.minutes[partner, r] -= visit * sent
            firsts += seen
        later = binomial(stream, firsts, model.again[home, r])
        here[PATIENT_INITIATED] += plan(rules, here_terms, stream, world.due[home, r], week, later)

"""Patients who move between paired trusts, compiled: a week's video appointments at the partner."""

import numba as nb
import numpy as np

from sim.clinics import put_in_diary
from sim.random import PAIRING, binomial, start_stream, uniform
from sim.state import (
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
    REPEATED,
    REVIEW,
)  # fmt: skip


@nb.njit(cache=True, nogil=True)
def pair_week(rules, model, settings, world, home, partner, week, days, limit, given, waited, diagnostic):
    """Offer long waiters of series `home` a virtual first appointment in series `partner`, this week.

    At most `limit` of them, in at most the share `given` of the partner's usual minutes, longest waits first,
    who have waited `waited` weeks and can be seen virtually. One who needs a `diagnostic` (a chance), another
    appointment or a face-to-face repeat, or for whom admission is decided, goes home with the clock running;
    one whose clock stops does so at the partner. Transfers count both ways.
    """
    newest = BANDS + week
    stream = np.zeros(1, np.uint64)
    visit = rules.first_minutes * rules.virtual_length
    missed = settings.missed_virtual[home]
    needs_more = 1.0 - (1.0 - diagnostic) * (1.0 - rules.review_share)
    minutes = given * model.minutes[partner] * days * settings.capacity[partner]
    for r in range(world.state.shape[1]):
        start_stream(stream, model.keys[home, r], week, PAIRING)
        state, here, there = world.state[home, r], world.out[r, home, week], world.out[r, partner, week]
        offers = int(min(limit, minutes / visit) + uniform(stream))
        firsts = 0
        for cohort in range(world.oldest[home, r], newest + 1 - int(waited)):
            sent = min(state[FIRST, cohort], offers)
            if sent == 0:
                continue
            offers -= sent
            absent = binomial(stream, sent, missed)
            repeat = binomial(stream, sent - absent, rules.repeated)
            seen = sent - absent - repeat
            again = binomial(stream, seen, needs_more)
            decide = binomial(stream, seen - again, model.decisions[home, newest - cohort])
            stopped = seen - again - decide
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
        later = binomial(stream, firsts, model.again[home])
        put_in_diary(rules, stream, world.due[home, r], week, later)

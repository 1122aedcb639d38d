"""Patients who move between paired trusts, compiled: a week's video appointments at the partner."""

import numba as nb
import numpy as np

from sim.engine.class_tracking import go_on
from sim.engine.clinics import plan
from sim.engine.random import PAIRING, binomial, start_stream, uniform
from sim.engine.settings import clinic_parameters, week_settings
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
def pair_week(
    inputs, settings_table, world, home, partner, week, limit, minutes, waited, diagnostic, tracking
):
    """Offer long waiters of series `home` a virtual first appointment in series `partner`, this week.

    At most `limit` of them, in at most `minutes` of the partner's, longest waits first, who have waited
    `waited` weeks and can be seen virtually. One who needs a `diagnostic` (a chance), another appointment or
    a face-to-face repeat, or for whom admission is decided, goes home with the clock running; one whose clock
    stops does so at the partner. Transfers count both ways. `limit`, `minutes`, `diagnostic` are (R,).
    Patients are carried along by class in `tracking`, unless None.
    """
    newest = BANDS + week
    stream = np.zeros(1, np.uint64)
    for r in range(world.pathways.shape[1]):
        if minutes[r] <= 0.0:
            continue
        start_stream(stream, inputs.keys[home, r], week, PAIRING)
        clinic, settings = (
            clinic_parameters(inputs.clinic_parameters, r),
            week_settings(settings_table, home, r),
        )
        visit = clinic.first_minutes * settings.length_first
        needs_more = 1.0 - (1.0 - diagnostic[r]) * (1.0 - clinic.review_share)
        state, here, there = world.pathways[home, r], world.out[r, home, week], world.out[r, partner, week]
        offers = int(min(limit[r], minutes[r] / visit) + uniform(stream))
        firsts = 0
        for cohort in range(world.oldest[home, r], newest + 1 - int(waited)):
            sent = min(state[FIRST, cohort], offers)
            if sent == 0:
                continue
            offers -= sent
            absent = binomial(stream, sent, settings.missed_first)
            repeat = binomial(stream, sent - absent, settings.repeated_first)
            seen = sent - absent - repeat
            again = binomial(stream, seen, needs_more)
            decide = binomial(stream, seen - again, inputs.decisions[home, newest - cohort])
            stopped = seen - again - decide
            if tracking is not None:
                go_on(tracking, home, r, FIRST, cohort, 0, sent - absent, again, decide, repeat, stopped)
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
        later = binomial(stream, firsts, inputs.again[home, r])
        here[PATIENT_INITIATED] += plan(clinic, settings, stream, world.due[home, r], week, later)

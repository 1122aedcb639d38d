"""What a world opens with: the published lists, parted by who has been seen, and follow-ups promised."""

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.rtt import months
from sim.engine.state import ADMITTED, BANDS, FIRST, QUEUES, REVIEW

Counts = NDArray[np.int32]
Floats = NDArray[np.float64]


def not_yet_seen(found: Calibration, more_reviews: Floats) -> Counts:
    """Those waiting for a first appointment by weeks waited, in each replication. (S, R, 105)

    The share not yet seen falls as exp(-k x chances of an exit), k the appointments beyond the first; where k
    is believed to be `more_reviews` (R,) times the calibrated, it is the calibrated share to that power.
    """
    waiting = found.first + found.review
    share = np.divide(found.first, waiting, out=np.zeros(waiting.shape), where=waiting > 0)
    return np.stack([whole_share(waiting, share**power) for power in more_reviews], axis=1)


def lost_after_first(found: Calibration, first: Counts) -> Floats:
    """Patients removed between a first appointment and an exit, for each exit. (S, R)"""
    seen = (found.first + found.review)[:, None] - first
    a_week = np.einsum("sb,srb->sr", found.removal, seen)
    exits = (found.exits * months.DAYS_A_WEEK)[:, None]
    return np.divide(a_week, exits, out=np.zeros(a_week.shape), where=exits > 0)


def queues(found: Calibration, first: Counts, capable: Floats, weeks: int) -> Counts:
    """Pathways as the kernel keeps them, (S, R, queues, cohorts), with room for `weeks` more of starts."""
    series, replications = capable.shape
    pathways = np.zeros((series, replications, QUEUES, BANDS + weeks), np.int32)
    for r in range(replications):
        for queue, waiting in ((FIRST, first[:, r]), (REVIEW, found.first + found.review - first[:, r])):
            able = whole_share(waiting, capable[:, r, None])
            pathways[:, r, queue, :BANDS] = able[:, ::-1]
            pathways[:, r, queue + 1, :BANDS] = (waiting - able)[:, ::-1]
    pathways[:, :, ADMITTED, :BANDS] = found.admitted[:, None, ::-1]
    return pathways


def promised(a_week: Floats, until: Floats, spread: Floats, weeks: int) -> Counts:
    """Follow-ups in the diary by week when the run begins, as many a week as exits left behind. (S, R, weeks)

    They fall due `until` weeks after the appointment before them, give or take `spread`, (R,) each.
    """
    due = np.zeros((*a_week.shape, weeks), np.int32)
    ahead = np.arange(int((until + spread).max()))
    still = np.clip(((until + spread)[:, None] - ahead) / (2 * spread + 1)[:, None], 0, 1)
    before = np.zeros(a_week.shape)
    for week, added_up in enumerate(np.cumsum(still, axis=1).T):
        running = np.floor(a_week * added_up + 0.5)
        due[:, :, week] = running - before
        before = running
    return due


def whole_share(waiting: Counts, share: Floats) -> Counts:
    """`share` of each series' patients in whole numbers by band, rounded along the line to keep the sum."""
    running = np.floor(np.cumsum(waiting * share, axis=1) + 0.5)
    whole = np.diff(running, axis=1, prepend=0.0)
    return np.minimum(whole, waiting).astype(np.int32)

"""How far lists stray from their expected course, and how much capacity must vary to let them.

A list's error six months on goes with its own monthly movements and, as these are few, with those of lists
of its size: the geometric mean of both, times one constant, held 80% of the outcomes (docs/hindcast.md).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.history import History

Floats = NDArray[np.float64]

PERSISTENCE = 0.92  # of a departure by the week, so that ranges hold at three months and at six
HORIZON = 26  # weeks at which the spread is set
HALF_YEAR = 4.1  # standard deviations of a list at the horizon, in usual monthly movements
USUAL_MOVE = 0.67  # a list's mean monthly movement, as a share of it: this x patients ** USUAL_FALL
USUAL_FALL = -0.38  # fitted to the medians of six sizes of list, from under 100 to over 8,000
LEAST_MOVE = 0.005  # a list that stood stiller than this by chance or by rounding
SHARED_PROVIDER = 0.09  # of a departure's variance, what all lists of a provider share
SHARED_ENGLAND = 0.003  # and what all lists in England share: its list then strays by 0.9% in six months
NARROWEST, WIDEST = 0.02, 0.6  # bounds on the standard deviation of a week's capacity over its mean


def summed(persistence: float, weeks: int) -> float:
    """Standard deviation of the sum of `weeks` departures of standard deviation 1."""
    lag = np.arange(1, weeks)
    return float(np.sqrt(weeks + 2 * ((weeks - lag) * persistence**lag).sum()))


def list_spread(history: History, used: NDArray[np.bool_]) -> Floats:
    """Standard deviation of each list about its expected size at the horizon, patients. (S,)"""
    size = history.incomplete.sum(axis=2, dtype=float)
    now = np.maximum(size[-1], 1.0)
    usual = USUAL_MOVE * now**USUAL_FALL
    count = used.sum(axis=0)
    moved = (np.abs(np.diff(size, axis=0)) * used).sum(axis=0) / np.maximum(count, 1) / now
    own = np.where(count >= 3, np.maximum(moved, LEAST_MOVE), usual)
    return np.asarray(HALF_YEAR * np.sqrt(own * usual) * now)


def capacity_spread(wanted: Floats, starts: Floats, stops: Floats, demand_spread: NDArray[Any]) -> Floats:
    """Spread of capacity that gives lists the spread `wanted`, beyond chance and what demand gives. (S,)

    `starts` and `stops` are patients a week.
    """
    added_up = summed(PERSISTENCE, HORIZON)
    rest = wanted**2 - starts * HORIZON - (demand_spread * starts * added_up) ** 2
    spread = np.sqrt(np.maximum(rest, 0.0)) / np.maximum(stops * added_up, 1e-9)
    return np.clip(spread, NARROWEST, WIDEST)

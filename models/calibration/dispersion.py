"""Dispersion: how far lists depart from their fluid trajectory, and how much capacity must vary to let them.

A list's error six months on goes with its own monthly movements and, as these are few, with those of lists
of its size: the geometric mean of both, times one constant, held 80% of the outcomes (docs/hindcast.md).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.rtt.history import History
from models.rtt.months import WEEKS_PER_MONTH

Floats = NDArray[np.float64]

PERSISTENCE = 0.92  # of a departure by the week, so that ranges hold at three months and at six
HORIZON = 26  # weeks at which the spread is set
HALF_YEAR = 4.1  # standard deviations of a list at the horizon, in usual monthly movements
USUAL_MOVE = 0.67  # a list's mean monthly movement, as a share of it: this x patients ** USUAL_FALL
USUAL_FALL = -0.38  # fitted to the medians of six sizes of list, from under 100 to over 8,000
OWN_MONTHS = 3  # of movements below which a list is taken to move as lists of its size do
LEAST_MOVE = 0.005  # a list that stood stiller than this by chance or by rounding
SHARED_PROVIDER = 0.09  # of a departure's variance, what all lists of a provider share
SHARED_ENGLAND = (
    0.003  # and what all lists in England share: its list is then dispersed by 0.9% in six months
)
# From one eight months to the next the balance of starts, stops and lists differs by this many times what the
# scatter of its months alone would give, in lists of over 400 starts a month.
LASTING = 1.35
MOST_OF_REMOVALS, WIDEST_REMOVAL = 0.5, 0.5
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
    own = np.where(count >= OWN_MONTHS, np.maximum(moved, LEAST_MOVE), usual)
    return np.asarray(HALF_YEAR * np.sqrt(own * usual) * now)


def unexplained_variance(wanted: Floats, starts: Floats, demand_spread: NDArray[Any]) -> Floats:
    """Variance of lists that should have the spread `wanted`, beyond chance and what demand gives it. (S,)

    `wanted` is patients, `starts` patients a week.
    """
    of_demand = demand_spread * starts * summed(PERSISTENCE, HORIZON)
    return np.asarray(np.maximum(wanted**2 - starts * HORIZON - of_demand**2, 0.0))


def removal_spread(balance: Floats, used: NDArray[np.bool_], removed: Floats, variance: Floats) -> Floats:
    """Standard error of the level of each series' removals, over that level. (S,)

    From the scatter of the months' `balance`, (M-1, S), that removals are read from, mixed with that of its
    like: the median of all, weighed as six months. `removed` are patients a week. Some of the scatter is late
    reporting that moves no list: removals have at most MOST_OF_REMOVALS of the `variance` to be explained.
    """
    count = used.sum(axis=0)
    mean = (balance * used).sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(used, balance - mean, 0.0) ** 2).sum(axis=0) / np.maximum(count - 1, 1)
    level = np.maximum(removed, 0.25)
    own = LASTING**2 * squares / np.maximum(count, 1) / (level * WEEKS_PER_MONTH) ** 2
    known = (count >= 6) & (removed > 1)
    typical = float(np.median(own[known])) if known.any() else WIDEST_REMOVAL**2
    weight = np.where(known, count, 0)
    mixed = np.sqrt((own * weight + typical * 6) / (weight + 6))
    room = np.sqrt(MOST_OF_REMOVALS * variance) / (level * HORIZON)
    return np.minimum(np.minimum(mixed, room), WIDEST_REMOVAL)


def capacity_spread(variance: Floats, stops: Floats, removals_error: Floats) -> Floats:
    """Spread of capacity that explains a list's `variance` at the horizon beyond that of removals. (S,)

    `stops`, and `removals_error`, by how much the level of removals may be wrong, are patients a week.
    """
    rest = np.maximum(variance - (removals_error * HORIZON) ** 2, 0.0)
    spread = np.sqrt(rest) / np.maximum(stops * summed(PERSISTENCE, HORIZON), 1e-9)
    return np.clip(spread, NARROWEST, WIDEST)

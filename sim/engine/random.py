"""Random streams that depend on what they are for, never on who computes them.

A stream is named by (seed, replication, provider, treatment function, week, purpose). So any split over
processes gives the same draws, and a scenario and its baseline share them clinic by clinic: what differs
between the two is the lever.
"""

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

Keys = NDArray[np.uint64]

# purposes within a series' week: a lever that needs more draws for one leaves the others as they were
(
    REFERRALS,
    REMOVALS,
    FOLLOW_UPS,
    BOOKING,
    ATTENDANCE,
    AFTER,
    THEATRE,
    ADVICE,
    VALIDATION,
    INDEPENDENT,
    EMERITUS,
    INITIATED,
    TELEPHONE,
    CLASSES,
    PAIRING,
    REMOVAL_LEVEL,
) = range(16)

_STEP = np.uint64(0x9E3779B97F4A7C15)  # splitmix64: Steele, Lea and Flood 2014
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_LOW = np.uint64(0xFFFFFFFF)
_WEEK = np.uint64(0xD1342543DE82EF95)
_PURPOSE = np.uint64(0xA0761D6478BD642F)


def provider_number(code: str) -> int:
    """A provider's code as a number, so that it can name a stream: base 256 of its characters."""
    return int.from_bytes(code.encode("ascii", "replace"), "big")


def provider_sequence(seed: int, replication: int, provider: str) -> np.random.SeedSequence:
    """The root of all of a provider's randomness in one replication."""
    number = provider_number(provider)
    return np.random.SeedSequence(seed, spawn_key=(replication, number & 0xFFFFFFFF, number >> 32))


def series_keys(sequence: np.random.SeedSequence) -> Keys:
    """One key for each of the treatment functions, in the order of the official file. (23,) uint64"""
    return np.asarray(sequence.generate_state(len(TREATMENT_FUNCTIONS), np.uint64), np.uint64)


@nb.njit(cache=True, nogil=True, inline="always")
def _mix(z):
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))


@nb.njit(cache=True, nogil=True)
def start_stream(stream, key, week, purpose):
    """Set `stream` (uint64[1]) to the beginning of what (key, week, purpose) names."""
    stream[0] = _mix(_mix(key + np.uint64(week) * _WEEK) + np.uint64(purpose) * _PURPOSE)


@nb.njit(cache=True, nogil=True, inline="always")
def uniform(stream):
    """The next number of the stream, evenly in [0, 1)."""
    stream[0] += _STEP
    return (_mix(stream[0]) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@nb.njit(cache=True, nogil=True, inline="always")
def next_point(point):
    """The point of a stream after this one: held in a variable, it is quicker to step than `stream`."""
    return point + _STEP


@nb.njit(cache=True, nogil=True, inline="always")
def halves(point):
    """Two independent numbers of this point of a stream, whole and even in [0, 2**32)."""
    drawn = _mix(point)
    return np.int64(drawn >> np.uint64(32)), np.int64(drawn & _LOW)


@nb.njit(cache=True, nogil=True, inline="always")
def in_parts(chance):
    """The number below which a half lies with this chance."""
    return np.int64(chance * 4294967296.0)


@nb.njit(cache=True, nogil=True)
def normals(keys, purpose):
    """A standard normal number for each key, (S, R), the same in every week: Box and Muller 1958."""
    drawn = np.empty(keys.shape)
    stream = np.zeros(1, np.uint64)
    for s in range(keys.shape[0]):
        for r in range(keys.shape[1]):
            start_stream(stream, keys[s, r], 0, purpose)
            far = math.sqrt(-2.0 * math.log(1.0 - uniform(stream)))
            drawn[s, r] = far * math.cos(2.0 * math.pi * uniform(stream))
    return drawn


@nb.njit(cache=True, nogil=True)
def binomial(stream, trials, chance):
    """How many of `trials` meet an event of this chance: by inversion, or BTRS (Hörmann 1993)."""
    if trials <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return trials
    if chance > 0.5:
        return trials - _binomial_low(stream, trials, 1.0 - chance)
    return _binomial_low(stream, trials, chance)


@nb.njit(cache=True, nogil=True)
def _binomial_low(stream, n, p):
    q = 1.0 - p
    if n * p < 10.0:
        odds = p / q
        while True:
            left = uniform(stream)
            density = q**n
            for k in range(n + 1):
                if left < density:
                    return k
                left -= density
                density *= odds * (n - k) / (k + 1)
    spread = math.sqrt(n * p * q)
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    centre = n * p + 0.5
    v_r = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spread
    mode = math.floor((n + 1) * p)
    while True:
        u = uniform(stream) - 0.5
        v = uniform(stream)
        us = 0.5 - abs(u)
        if us <= 0.0:
            continue
        k = math.floor((2.0 * a / us + b) * u + centre)
        if us >= 0.07 and v <= v_r:
            return int(k)
        if k < 0 or k > n or v <= 0.0:
            continue
        at_mode = math.lgamma(mode + 1.0) + math.lgamma(n - mode + 1.0)
        accept = at_mode - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0) + (k - mode) * math.log(p / q)
        if math.log(v * alpha / (a / (us * us) + b)) <= accept:
            return int(k)


@nb.njit(cache=True, nogil=True)
def poisson(stream, mean):
    """A Poisson count with this mean: by products below 10, Hörmann's PTRS (1993) above."""
    if mean <= 0.0:
        return 0
    if mean < 10.0:
        limit = math.exp(-mean)
        count = 0
        product = uniform(stream)
        while product > limit:
            count += 1
            product *= uniform(stream)
        return count
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    v_r = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u = uniform(stream) - 0.5
        v = uniform(stream)
        us = 0.5 - abs(u)
        if us <= 0.0:
            continue
        k = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= v_r:
            return int(k)
        if k < 0 or (us < 0.013 and v > us):
            continue
        if v <= 0.0:
            continue
        tried = math.log(v * inverse_alpha / (a / (us * us) + b))
        if tried <= k * math.log(mean) - mean - math.lgamma(k + 1.0):
            return int(k)


@nb.njit(cache=True, nogil=True, inline="always")
def exponential(stream):
    """A waiting time with mean 1, without memory."""
    return -math.log(1.0 - uniform(stream))

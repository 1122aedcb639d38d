"""What differs by replication, so that bands are as wide as what is known: flows, removals and evidence.

Clock starts and capacity of each series are multiplied by a factor with mean 1 that departs and returns: its
logarithm is a first-order autoregression by week. Its spread is the series' own; a part of each departure is
shared by all of a provider's series, and a little by all of England's. The level of a series' removals holds
for a whole replication, and so does each assumption of the register, drawn for all series together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.dispersion import PERSISTENCE, SHARED_ENGLAND, SHARED_PROVIDER
from models.calibration.rates import Calibration
from models.rtt.organisations import ENGLAND
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.assumptions import REGISTER, resolve
from sim.engine.random import REMOVAL_LEVEL, Keys, normals, provider_sequence

Factors = NDArray[np.float64]
# Follow-ups already promised take their minutes whatever the pace, so a change of minutes changes exits by
# more: in England's lists, seven tenths of the change wanted brings it about.
IN_MINUTES = 0.7
OWN = 1.0 - SHARED_PROVIDER - SHARED_ENGLAND  # of a departure's variance, what is the series' alone


def factors(
    calibration: Calibration,
    spans: Sequence[tuple[int, int]],
    seed: int,
    replications: Sequence[int],
    weeks: int,
) -> tuple[Factors, Factors]:
    """Factors on clock starts and on minutes and admissions, each (weeks, S, R)."""
    series = calibration.series
    place = {code: i for i, code in enumerate(TREATMENT_FUNCTIONS)}
    order = np.array([place[code] for code in calibration.treatment_functions])
    shocks = np.empty((2, weeks, series, len(replications)))
    for column, replication in enumerate(replications):
        everywhere = _source(seed, replication, ENGLAND).standard_normal((weeks, 2, 1))
        for begin, end in spans:
            provider = str(calibration.providers[begin])
            # weeks first, every specialty drawn: a longer run or another scope keeps what it shares
            drawn = _source(seed, replication, provider).standard_normal((weeks, 2, len(place) + 1))
            own, shared = drawn[:, :, order[begin:end]], drawn[:, :, -1:]
            together = np.sqrt(SHARED_PROVIDER) * shared + np.sqrt(SHARED_ENGLAND) * everywhere
            mixed = np.sqrt(OWN) * own + together
            shocks[:, :, begin:end, column] = mixed.transpose(1, 0, 2)
    capacity = _dispersed(shocks[1], calibration.capacity_spread)
    if calibration.pace is not None:
        planned = 1.0 + IN_MINUTES * (calibration.pace[:, :weeks].T - 1.0)
        capacity[: len(planned)] *= planned[:, :, None]
    return _dispersed(shocks[0], calibration.demand_spread), capacity


def evidence(chosen: Mapping[str, float], seed: int, replications: Sequence[int]) -> Mapping[str, Factors]:
    """The value of every assumption in each replication, by key, in its own unit. (R,) each

    What a planner has `chosen` holds in all of them; what else is uncertain is drawn by its own stream.
    """
    values = {}
    for key, value in resolve(chosen).items():
        entry = REGISTER[key]
        if entry.uncertain and key not in chosen:
            drawn = [_source(seed, each, key).standard_normal() for each in replications]
            values[key] = entry.believed(np.array(drawn))
        else:
            values[key] = np.full(len(replications), value)
    return values


def removal_levels(calibration: Calibration, keys: Keys) -> Factors:
    """Factors with mean 1 on each series' rate of removal, by the names of its streams. (S, R)"""
    if calibration.removal_spread is None:
        return np.ones(keys.shape)
    scale = calibration.removal_spread[:, None]
    return np.asarray(np.exp(scale * normals(keys, REMOVAL_LEVEL) - scale**2 / 2))


def _source(seed: int, replication: int, name: str) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(provider_sequence(seed, replication, name)))


def _dispersed(shocks: NDArray[Any], spread: NDArray[np.float64]) -> Factors:
    level = shocks[0].copy()
    path = np.empty_like(shocks)
    fresh = np.sqrt(1 - PERSISTENCE**2)
    for week in range(len(shocks)):
        if week:
            level = PERSISTENCE * level + fresh * shocks[week]
        path[week] = level
    scale = spread[None, :, None]
    return np.exp(scale * path - scale**2 / 2)

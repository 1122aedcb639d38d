"""How demand and capacity stray from their calibrated means, by replication: bands are as wide as the past.

Each flow of each series is multiplied by a factor with mean 1 that strays and returns: the logarithm is a
first-order autoregression by week. Its spread is the series' own, beyond chance.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration import Calibration
from models.treatment_functions import TREATMENT_FUNCTIONS
from sim.random import provider_sequence

Factors = NDArray[np.float64]
PERSISTENCE = 0.97  # from one week to the next: half of a departure is gone in 23 weeks (docs/method.md)


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
    for begin, end in spans:
        provider = str(calibration.providers[begin])
        for column, replication in enumerate(replications):
            source = np.random.Generator(np.random.PCG64(provider_sequence(seed, replication, provider)))
            # weeks first, every specialty drawn: a longer run or another scope keeps what it shares
            drawn = source.standard_normal((weeks, 2, len(TREATMENT_FUNCTIONS)))[:, :, order[begin:end]]
            shocks[:, :, begin:end, column] = drawn.transpose(1, 0, 2)
    return (
        _stray(shocks[0], calibration.demand_spread),
        _stray(shocks[1], calibration.capacity_spread),
    )


def _stray(shocks: NDArray[Any], spread: NDArray[np.float64]) -> Factors:
    level = shocks[0].copy()
    path = np.empty_like(shocks)
    fresh = np.sqrt(1 - PERSISTENCE**2)
    for week in range(len(shocks)):
        if week:
            level = PERSISTENCE * level + fresh * shocks[week]
        path[week] = level
    scale = spread[None, :, None]
    return np.exp(scale * path - scale**2 / 2)

"""Who is on a scope's lists by deprivation and age: published shares, fitted to provider and function."""

import numpy as np
from numpy.typing import NDArray

from data.database.store import Store
from data.returns.history import provider_boards
from data.returns.home_areas import shares_of
from models.calibration.proportional_fitting import raked
from models.calibration.rates import Calibration
from models.outcomes.equity import AGES, FIFTHS, Composition

Floats = NDArray[np.float64]
TENTHS = tuple(map(str, range(1, 2 * len(FIFTHS) + 1)))


def composition(store: Store, calibration: Calibration) -> Composition:
    """Gives who is on each series' list by deprivation and age.

    Within a provider, treatment functions differ as they do in England, fitted so that the provider's list
    has its own published shares; a provider without any has its board's, and else England's by function.
    """
    boards = provider_boards(store, calibration.data_month)
    names, provider = np.unique(calibration.providers, return_inverse=True)
    waiting = calibration.waiting.sum(axis=1).astype(float)
    fitted: dict[str, Floats] = {}
    for dimension in ("deprivation", "age"):
        shares = _by_function(calibration.treatment_functions, dimension)
        for place, name in enumerate(names):
            here = provider == place
            wanted = _published(dimension, str(name), boards.get(str(name), ""))
            if wanted.any() and waiting[here].any():
                counts = np.maximum(waiting[here], 1.0)  # those of a series with nobody now count for little
                table = raked(shares[here] * counts[:, None], counts, wanted)
                shares[here] = table / table.sum(axis=1, keepdims=True)
        fitted[dimension] = shares
    return Composition(fitted["deprivation"], fitted["age"], _england(store, calibration.data_month))


def _england(store: Store, month: str) -> Floats:
    """Gives England's list by fifth and age, (5, 3): its treatment functions' shares by their lists."""
    rows = store.rows(
        "SELECT treatment_function, sum(total)::DOUBLE FROM pathways "
        "WHERE month = ? AND part = 'incomplete' AND english GROUP BY 1 ORDER BY 1",
        [month],
    )
    functions = np.array([function for function, _ in rows])
    weight = np.array([waiting for _, waiting in rows])
    deprivation, age = (_by_function(functions, dimension) for dimension in ("deprivation", "age"))
    return np.asarray(np.einsum("f,fd,fa->da", weight / weight.sum(), deprivation, age))


def _by_function(functions: NDArray[np.str_], dimension: str) -> Floats:
    """Gives each treatment function's shares in England, which add up to one."""
    shares = np.stack([_published(dimension, str(function)) for function in functions])
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _published(dimension: str, *codes: str) -> Floats:
    """Gives the shares of the first of the codes that has any, tenths of deprivation paired to fifths."""
    if dimension == "age":
        return shares_of(AGES, dimension, *codes)
    return shares_of(TENTHS, dimension, *codes).reshape(len(FIFTHS), 2).sum(axis=1)

"""How providers work through those who wait, from the store, and what that means for a referral now."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from data.database.edition import edition
from data.database.store import Store
from data.returns.capacity import capacity_of
from data.returns.history import history
from data.returns.lists import months
from models.calibration.rates import FLOW_MONTHS
from models.errors import TandemError
from models.rtt.history import History
from models.rtt.months import month_label
from models.rtt.organisations import ENGLAND
from models.waits.expected_waits import WINDOW, WaitCurves, share_by, wait_curves, weeks_until

Floats = NDArray[np.float64]
Series = tuple[str, str]  # provider, treatment function


def curves_of(store: Store, month: str) -> WaitCurves:
    """Give the curves of every provider and treatment function in England on the figures of a month.

    Kept for the two months asked for last. Raises TandemError where the month is not held, or fewer than
    three before it are.
    """
    present = months(store)
    if month not in present:
        raise TandemError(f"{month_label(month)} is not held.", "Choose another month, or import it.")
    if present.index(month) < WINDOW:
        raise TandemError(
            f"Only {present.index(month)} months before {month_label(month)} are held; waits need {WINDOW}.",
            "Choose a later month, or import earlier ones on the Data page.",
        )
    return _curves(store, month, edition(store, month))


def waits_in(left: Floats) -> dict[str, Floats]:
    """Give half_within and nine_in_ten_within (weeks), and the share treated_within_18, of curves."""
    return {
        "half_within": weeks_until(left, 0.5),
        "nine_in_ten_within": weeks_until(left, 0.9),
        "treated_within_18": share_by(left),
    }


def spare_stops(store: Store, month: str) -> dict[Series, float]:
    """Give the clock stops a week that each series in England can spare; NaN, or none, where not known."""
    return _spare(store, month, edition(store, month))


@lru_cache(maxsize=2)
def _curves(store: Store, month: str, figures: str) -> WaitCurves:
    """The curves of a month; `figures` names its returns, so that a revised month is read again."""
    return wait_curves(*_returns(store, month))


@lru_cache(maxsize=2)
def _spare(store: Store, month: str, figures: str) -> dict[Series, float]:
    try:
        capacity = capacity_of(store, ENGLAND, month, england=_returns(store, month)[1])
    except TandemError:  # what is spare takes more months than a wait does
        return {}
    codes = zip(capacity.providers, capacity.treatment_functions, capacity.spare, strict=True)
    return {(str(provider), str(function)): float(spare) for provider, function, spare in codes}


def _returns(store: Store, month: str) -> tuple[History, History]:
    """England's returns of the year to a month, by provider, and by treatment function alone."""
    whole = history(store, ENGLAND, month, FLOW_MONTHS + 1)
    return whole, whole.throughout().pooled()

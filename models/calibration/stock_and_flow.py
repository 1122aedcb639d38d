"""A monthly stock-and-flow planner, for comparison: the method of the R package NHSRtt (BNSSG ICB, 2024).

Compartments are months waited, the last one open. Each month everyone moves one on; a share is treated and a
share leaves untreated ('reneges', the balance). Months by series: arrays are (P, B, S) or (P, S), with P
months, B compartments; a single series may leave S out.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.rtt.history import History
from models.rtt.months import WEEKS_PER_MONTH

Floats = NDArray[np.float64]
MOST_MONTHS = 12  # the package's own default: those who waited a year or more stand together
BANDS = 105


@dataclass(frozen=True)
class Rates:
    """Shares of those who reach each month waited who leave within it. Each (B,) or (B, S)."""

    renege: Floats
    capacity: Floats


@dataclass(frozen=True)
class Projection:
    """Patients month by month. Each (P, B) or (P, B, S)."""

    treatments: Floats
    waiting: Floats


def calibrate(referrals: NDArray[Any], waiting: NDArray[Any], treated: NDArray[Any]) -> Rates:
    """Mean shares treated and reneging by months waited, over the months given.

    `referrals` (P, ...) , `waiting` at each month's end and `treated` in it (P, B, ...). The first
    month gives only the list to start from. Where more are found than were referred, referrals are raised.
    """
    inflow = np.empty((len(waiting) - 1, *waiting.shape[1:]))
    inflow[:, 1:] = waiting[:-1, :-1]
    inflow[:, -1] += waiting[:-1, -1]
    inflow[:, 0] = referrals[1:]
    reneges = inflow - treated[1:] - waiting[1:]
    missing = np.maximum(-reneges[:, 0], 0.0)
    inflow[:, 0] += missing
    reneges[:, 0] += missing
    return Rates(renege=_mean_share(reneges, inflow), capacity=_mean_share(treated[1:].astype(float), inflow))


def project(
    capacity: NDArray[Any], referrals: NDArray[Any], waiting: NDArray[Any], rates: Rates
) -> Projection:
    """Run the list forward: `capacity` treatments and `referrals` a month, (P, ...), from `waiting` (B, ...).

    Treatments are spread over months waited in proportion to those there and their share treated.
    """
    now = np.asarray(waiting, dtype=float)
    shape = (len(capacity), *now.shape)
    treatments, lists = np.empty(shape), np.empty(shape)
    for month, (slots, referred) in enumerate(zip(capacity, referrals, strict=True)):
        inflow = np.zeros_like(now)
        inflow[1:] = now[:-1]
        inflow[-1] += now[-1]
        inflow[0] = referred
        wanted = rates.capacity * inflow
        total = wanted.sum(axis=0)
        treatments[month] = wanted * np.divide(slots, total, out=np.zeros_like(total), where=total > 0)
        now = longest_first(inflow - rates.renege * inflow - treatments[month])
        lists[month] = now
    return Projection(treatments, lists)


def longest_first(waiting: NDArray[Any]) -> Floats:
    """Counts by months waited, (B, ...), with treatments that found nobody given to the longest waits.

    What is left over stays negative, in proportion, where it was.
    """
    counts = np.asarray(waiting, dtype=float)
    spare = np.maximum(-counts, 0.0)
    surplus = spare.sum(axis=0)
    left, after = surplus.copy(), np.maximum(counts, 0.0)
    for month in reversed(range(len(counts))):
        treated = np.minimum(after[month], left)
        after[month] -= treated
        left = left - treated
    return np.asarray(after - spare * np.divide(left, surplus, out=np.zeros_like(surplus), where=surplus > 0))


def percentile_wait(waiting: NDArray[Any], share: float) -> float:
    """Months that `share` of a list have waited at most, straight within a month; `waiting` is (B,)."""
    below = np.concatenate([[0.0], np.cumsum(waiting)])
    wanted = share * below[-1]
    month = int(np.searchsorted(below, wanted, side="left")) - 1
    month = min(max(month, 0), len(waiting) - 1)
    return float(month + (wanted - below[month]) / waiting[month])


def held_flows(history: History, horizon: int) -> tuple[Floats, Floats]:
    """The planner's forecast with flows held at the mean of the months given: list, and within 18 weeks.

    Each (horizon, S), by months after the latest. Shares are kept within one either way: in compartments
    that hold next to nobody a mean of ratios has no bounds, and the comparison would be no fair one.
    """
    stops = (history.admitted + history.non_admitted).astype(float)
    known = stops.sum(axis=2)
    scale = 1.0 + np.divide(history.unknown_start, known, out=np.zeros_like(known), where=known > 0)
    treated = _by_month(stops * scale[:, :, None])
    waiting = _by_month(history.incomplete)
    referrals = history.starts.astype(float)
    fitted = calibrate(referrals, waiting, treated)
    rates = Rates(np.clip(fitted.renege, -1.0, 1.0), np.clip(fitted.capacity, 0.0, 1.0))
    ahead = (horizon, 1)
    capacity = np.tile(treated[1:].sum(axis=1).mean(axis=0), ahead)
    projected = project(capacity, np.tile(referrals[1:].mean(axis=0), ahead), waiting[-1], rates)
    lists = np.maximum(projected.waiting, 0.0)
    part = 18 / WEEKS_PER_MONTH - 4  # 18 weeks are four months and a part of the fifth
    return lists.sum(axis=1), lists[:, :4].sum(axis=1) + part * lists[:, 4]


def _by_month(banded: NDArray[Any]) -> Floats:
    """Weeks waited gathered into months, (M, S, 105) to (M, B, S); a week over a month's end is parted."""
    edges = np.minimum(np.arange(MOST_MONTHS + 1) * WEEKS_PER_MONTH, BANDS)
    nobody = np.zeros((*banded.shape[:2], 1))
    running = np.concatenate([nobody, np.cumsum(banded, axis=2, dtype=float)], axis=2)
    whole = edges.astype(int)
    part = edges - whole
    below = running[..., whole] * (1 - part) + running[..., np.minimum(whole + 1, BANDS)] * part
    months = np.diff(np.concatenate([below, running[..., -1:]], axis=2), axis=2)
    return np.moveaxis(months, 2, 1)


def _mean_share(leaving: Floats, inflow: Floats) -> Floats:
    """Mean over months of the share leaving, of the months with anyone to leave."""
    share = np.divide(leaving, inflow, out=np.full(inflow.shape, np.nan), where=inflow > 0)
    known = ~np.isnan(share)
    return np.asarray(np.where(known, share, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))

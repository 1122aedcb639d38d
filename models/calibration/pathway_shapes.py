"""How exits, decisions to admit and removals spread over weeks waited, from England's returns.

A cohort is followed from one month's list to the next: those who waited w weeks wait w + 4.35 a month on,
unless their clock stopped or they left with no reported stop. Bins are a month wide, centred on the wait at
which the event fell.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.rtt import months
from models.rtt.history import History
from models.rtt.waiting_list import BANDS

Floats = NDArray[np.float64]
MONTH = months.WEEKS_PER_MONTH
LATE_BINS = 3  # up to 11 weeks waited: where more join the list than the clock starts reported


@dataclass(frozen=True)
class Shapes:
    """Chances by weeks waited, one row a treatment function in England's order."""

    removal: Floats  # (F, 105) a week, of leaving the list with no reported stop
    decisions: Floats  # (F, 105) share of outpatient exits that are decisions to admit
    booking: Floats  # (F, 105) a week, of leaving the outpatient stage
    booking_admitted: Floats  # (F, 105) a week, of being admitted once the decision is taken
    turnover: Floats  # (3, F) starts, exits and admissions a working day for each patient waiting
    late_starts: Floats  # (F,) pathways that join the list unreported when young, a clock start


def pooled_shapes(england: History) -> Shapes:
    """The shapes of each treatment function over the months held, every provider together."""
    edges = np.concatenate([[0.0], np.arange(0.5, 24.0) * MONTH])  # event ages; the last bin runs on
    balance = _removed(england, edges)
    late = np.maximum(-balance[:, :LATE_BINS], 0.0).sum(axis=1)
    removed = np.maximum(balance, 0.0)
    exposed = _per_bin(_mean_list(england.incomplete), edges) * MONTH * (len(england.months) - 1)
    removal_bins = _smooth(removed / np.maximum(exposed, 1.0))
    removal = _to_bands(removal_bins, edges)

    # those who leave the admitted stage unreported had a decision too: assumed as likely as on the whole list
    waiting_dta = _per_bin(_mean_list(england.dta), edges) * MONTH * (len(england.months) - 1)
    decided_bins = np.maximum(_decided(england, edges) + removal_bins * waiting_dta, 0.0)
    stops = england.non_admitted[1:].sum(axis=0, dtype=float)
    stops_bins = _per_bin(stops, edges)
    share_bins = _smooth(decided_bins / np.maximum(decided_bins + stops_bins, 1.0))
    decisions = np.minimum(_to_bands(share_bins, edges), 0.95)

    weeks = MONTH * (len(england.months) - 1)
    outpatient = _mean_list(np.maximum(england.incomplete - england.dta, 0)) * weeks
    admitted = _mean_list(england.dta) * weeks
    exits = stops / (1.0 - decisions)
    admissions = england.admitted[1:].sum(axis=0, dtype=float)
    days = months.working_days_by_month(england.months)[1:].sum()
    waiting = np.maximum(england.incomplete[-1].sum(axis=1), 1)
    turnover = np.stack([england.starts[1:].sum(axis=0), exits.sum(axis=1), admissions.sum(axis=1)])
    return Shapes(
        removal=removal,
        decisions=decisions,
        booking=_rate(exits, outpatient),
        booking_admitted=_rate(admissions, admitted),
        turnover=turnover / days / waiting,
        late_starts=late / np.maximum(england.starts[1:].sum(axis=0), 1),
    )


def _rate(events: Floats, exposure: Floats) -> Floats:
    """Events a person-week by band, a band with few person-weeks leaning on the treatment function's mean."""
    mean = events.sum(axis=1, keepdims=True) / np.maximum(exposure.sum(axis=1, keepdims=True), 1.0)
    lean = 50.0
    return np.asarray((events + lean * mean) / (exposure + lean))


def _mean_list(banded: NDArray[Any]) -> Floats:
    """The mean list by band over the months: each month's two ends, halved. (F, 105)"""
    return np.asarray((banded[1:].mean(axis=0) + banded[:-1].mean(axis=0)) / 2)


def below(banded: NDArray[Any], weeks: Floats) -> Floats:
    """Patients who waited less than each of `weeks`, spread evenly within a band. (..., len(weeks))"""
    running = np.concatenate([np.zeros((*banded.shape[:-1], 1)), np.cumsum(banded, axis=-1)], axis=-1)
    at = np.clip(weeks, 0, BANDS - 1)
    low = np.floor(at).astype(int)
    part = at - low
    return np.asarray(running[..., low] * (1 - part) + running[..., np.minimum(low + 1, BANDS)] * part)


def _per_bin(banded: NDArray[Any], edges: Floats) -> Floats:
    """Patients in each bin between `edges`, the last bin open. (..., len(edges))"""
    running = below(banded, edges)
    total = banded.sum(axis=-1, dtype=float)[..., None]
    return np.diff(np.concatenate([running, total], axis=-1), axis=-1)


def _cohort_change(banded: NDArray[Any], edges: Floats) -> Floats:
    """Now less a month before, following each cohort through its event bin. (F, len(edges))"""
    half = MONTH / 2
    now = _per_bin(banded[1:], np.concatenate([[0.0], edges[1:] + half]))
    was = _per_bin(banded[:-1], np.maximum(edges - half, 0.0))
    was[..., 0] = 0.0  # the youngest bin holds those whose clock started in the month
    return np.asarray((now - was).sum(axis=0))


def _removed(england: History, edges: Floats) -> Floats:
    stops = _per_bin((england.admitted + england.non_admitted)[1:], edges).sum(axis=0)
    removed = -_cohort_change(england.incomplete, edges) - stops
    removed[:, 0] += england.starts[1:].sum(axis=0)
    return np.asarray(removed)


def _decided(england: History, edges: Floats) -> Floats:
    admitted = _per_bin(england.admitted[1:], edges).sum(axis=0)
    return np.asarray(_cohort_change(england.dta, edges) + admitted)


def _smooth(bins: Floats) -> Floats:
    """Each bin averaged with its neighbours, ends kept."""
    padded = np.pad(bins, ((0, 0), (1, 1)), mode="edge")
    return np.asarray((padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4)


def _to_bands(bins: Floats, edges: Floats) -> Floats:
    """Bin values carried to the 105 weekly bands, straight between the middles of bins."""
    middles = np.concatenate([(edges[:-1] + edges[1:]) / 2, [edges[-1] + MONTH / 2]])
    at = np.arange(BANDS) + 0.5
    return np.stack([np.interp(at, middles, row) for row in bins])

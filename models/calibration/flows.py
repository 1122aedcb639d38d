"""The flows of each series over the months that can be read, and the curves by weeks waited they give.

A series' own curve is mixed with England's for its treatment function: one series is often too thin to tell.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.pathway_shapes import Shapes
from models.rtt import months
from models.rtt.history import History

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

POOL_WEEKS = 30.0  # person-weeks of England's curve that a series' own curve is mixed with
STEP = 0.3  # a list that moves by more than this share in a month was recoded, split or cleaned
STEP_FLOOR = 200  # patients below which such a move can be chance


@dataclass(frozen=True)
class Flows:
    """What came to S series and left them over the months used, and the chances of removal. Patients."""

    used: NDArray[np.bool_]  # (M-1, S) the months read: `steady_months`
    days: Floats  # (S,) working days of them
    starts: Floats  # (S,) new clock starts: reported, late, and what the balance lacks
    reported_starts: Floats  # (S,) those of them that were reported
    unexplained: Floats  # (S,) those of them without which more left and stayed than came
    exits: Floats  # (S,) that left the outpatient stage: a stop or a decision to admit
    decided: Floats  # (S,) decisions to admit
    admissions: Floats  # (S,) admitted stops
    removal: Floats  # (S, 105) chance a week of leaving with no reported stop

    @property
    def measured(self) -> NDArray[np.bool_]:
        """Whether any month of a series could be read. (S,)"""
        return np.asarray(self.days > 0)

    def a_day(self) -> Floats:
        """Starts, exits and admissions a working day. (3, S)"""
        per_day = 1.0 / np.maximum(self.days, 1)
        return np.stack([self.starts * per_day, self.exits * per_day, self.admissions * per_day])


@dataclass(frozen=True)
class Order:
    """Who of S series leaves a stage first: chances a week by weeks waited."""

    decisions: Floats  # (S, 105) share of outpatient exits that are decisions to admit
    booking: Floats  # (S, 105) of leaving the outpatient stage
    booking_admitted: Floats  # (S, 105) of being admitted
    own: Floats  # (S,) how much of `booking` is the series' own rather than England's, over those who waited
    own_admitted: Floats  # (S,) the same of `booking_admitted`


def steady_months(history: History) -> NDArray[np.bool_]:
    """Months whose flows can be read, (M-1, S): reported at both ends, with no break or recoding since."""
    size = history.incomplete.sum(axis=2).astype(float)
    both = history.reported[1:] & history.reported[:-1]
    before, after = size[:-1], size[1:]
    jumped = (np.abs(after - before) > STEP * before) & (np.maximum(before, after) > STEP_FLOOR)
    return np.flip(np.logical_and.accumulate(np.flip(both & ~jumped, 0), axis=0), 0)


def read_flows(history: History, shapes: Shapes, pool: NDArray[Any]) -> Flows:
    """The flows of each series of `history`; `pool` is its treatment function's place in `shapes`, (S,).

    Removals are the balance: starts - stops - change of the list. They spread over weeks waited as England's.
    """
    used = steady_months(history)

    def over(monthly: NDArray[Any]) -> Floats:
        return np.asarray((monthly * used).sum(axis=0), dtype=float)

    size = history.incomplete.sum(axis=2, dtype=float)
    dta = history.dta.sum(axis=2, dtype=float)
    starts = over(history.starts[1:])
    admitted = over(history.admitted.sum(axis=2)[1:])
    stops = over(stops_by_month(history)[1:])
    balance = over(balance_by_month(history))

    late = shapes.late_starts[pool] * starts
    removed = balance + late
    unexplained = np.maximum(-removed, 0)  # more left and stayed than came: the clock starts fell short
    removal = _scaled(shapes.removal[pool], person_weeks(history.incomplete, used), np.maximum(removed, 0))
    decided = np.maximum(admitted + over(np.diff(dta, axis=0)), 0.0)
    decided += (removal * person_weeks(history.dta, used)).sum(axis=1)
    decided = np.where(size[-1] > 0, decided, 0.0)
    return Flows(
        used=used,
        days=(months.working_days_by_month(history.months)[1:, None] * used).sum(axis=0),
        starts=starts + late + unexplained,
        reported_starts=starts,
        unexplained=unexplained,
        exits=stops - admitted + decided,
        decided=decided,
        admissions=admitted,
        removal=removal,
    )


def booking_order(history: History, flows: Flows, shapes: Shapes, pool: NDArray[Any]) -> Order:
    """In what order the patients of each series have been booked; `pool` as in `read_flows`."""
    used = flows.used
    decisions = _decision_shares(shapes.decisions[pool], history, flows)
    exits = used_sum(history.non_admitted, used) / np.maximum(1.0 - decisions, 0.05)
    exposure = person_weeks(np.maximum(history.incomplete - history.dta, 0), used)
    admitted, exposure_admitted = used_sum(history.admitted, used), person_weeks(history.dta, used)
    return Order(
        decisions=decisions,
        booking=own_curve(exits, exposure, shapes.booking[pool]),
        booking_admitted=own_curve(admitted, exposure_admitted, shapes.booking_admitted[pool]),
        own=_own_part(exposure),
        own_admitted=_own_part(exposure_admitted),
    )


def stops_by_month(history: History) -> Floats:
    """All clock stops, those of unknown wait among them, pathways. (M, S)"""
    banded = history.admitted.sum(axis=2, dtype=float) + history.non_admitted.sum(axis=2, dtype=float)
    return np.asarray(banded + history.unknown_start)


def balance_by_month(history: History) -> Floats:
    """Starts - stops - change of the list, patients in each month after the first. (M-1, S)"""
    change = np.diff(history.incomplete.sum(axis=2, dtype=float), axis=0)
    return np.asarray(history.starts[1:] - stops_by_month(history)[1:] - change)


def used_sum(banded: Integers, used: NDArray[np.bool_]) -> Floats:
    """Pathways by band over the months used, (M-1, S), the first month of all aside. (S, 105)"""
    return np.einsum("msb,ms->sb", banded[1:], used, dtype=float)


def person_weeks(banded: Integers, used: NDArray[np.bool_]) -> Floats:
    """Person-weeks waited at each band over the months used: the mean of a month's two ends. (S, 105)"""
    ends = np.einsum("msb,ms->sb", banded[1:], used, dtype=float)
    begins = np.einsum("msb,ms->sb", banded[:-1], used, dtype=float)
    return np.asarray((ends + begins) / 2 * months.WEEKS_PER_MONTH)


def _scaled(shape: Floats, exposure: Floats, total: Floats) -> Floats:
    """Hazards in proportion to `shape` that yield `total` events over `exposure`, none above one in four."""
    expected = (shape * exposure).sum(axis=1)
    scale = np.divide(total, expected, out=np.zeros_like(total), where=expected > 0)
    return np.minimum(shape * scale[:, None], 0.25)


def own_curve(events: Floats, exposure: Floats, pooled: Floats) -> Floats:
    """A series' weekly chances by weeks waited, its own where it has the patients, England's where not."""
    expected = (pooled * exposure).sum(axis=1)
    level = np.divide(events.sum(axis=1), expected, out=np.ones_like(expected), where=expected > 0)
    level = np.clip(level, 0.05, 20.0)[:, None]
    return np.minimum((events + POOL_WEEKS * pooled * level) / (exposure + POOL_WEEKS), 1.0)


def _own_part(exposure: Floats) -> Floats:
    """How much of a curve so mixed is the series' own, over its person-weeks; 0 where it has none. (S,)"""
    total = exposure.sum(axis=1)
    own = (exposure * exposure / (exposure + POOL_WEEKS)).sum(axis=1)
    return np.divide(own, total, out=np.zeros_like(total), where=total > 0)


def _decision_shares(shape: Floats, history: History, flows: Flows) -> Floats:
    """Share of exits that are decisions to admit by weeks waited, meeting each series' own total. (S, 105)"""
    stops, decided = used_sum(history.non_admitted, flows.used), flows.decided
    odds = shape / np.maximum(1.0 - shape, 0.02)
    # stops are the rest of the exits, so decisions at a band are stops x odds x one factor for the series
    base = (stops * odds).sum(axis=1)
    factor = np.divide(decided, base, out=np.zeros_like(base), where=base > 0)[:, None]
    share = odds * factor / (1.0 + odds * factor)
    no_stops = (base <= 0) & (decided > 0)
    overall = np.divide(decided, flows.exits, out=np.zeros_like(decided), where=flows.exits > 0)
    return np.where(no_stops[:, None], overall[:, None], share)

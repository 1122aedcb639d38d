"""Calibration: from monthly returns to the rates, booking order and removals that drive a simulation.

Flows come from the latest months of each series (provider x treatment function); how they spread over weeks
waited is pooled towards the same treatment function in England, because one series is too thin to tell.
The method, with its formulas and error, is in `docs/method.md`.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import months
from models.errors import TandemError
from models.expected_course import Stages, steer
from models.history import History
from models.outlook import ANCHOR_WEEKS, LATER_WEEKS, outlook
from models.pathway_shapes import Shapes, pooled_shapes
from models.stray import capacity_spread, list_spread

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

FLOW_MONTHS = 12  # a whole year, so that every season counts once
POOL_WEEKS = 30.0  # person-weeks of England's curve that a series' own curve is mixed with
STEP = 0.3  # a list that moves by more than this share in a month was recoded, split or cleaned
STEP_FLOOR = 200  # patients below which such a move can be chance


@dataclass(frozen=True)
class Calibration:
    """What a simulation needs to know of S series on the day the figures were counted.

    Rates are patients a working day; hazards are chances a week by weeks waited (105 bands, the last open).
    """

    scope: str
    data_month: str
    providers: NDArray[Any]  # (S,) codes, sorted, so that a provider's series stand together
    treatment_functions: NDArray[Any]  # (S,)
    first: Integers  # (S, 105) waiting for a first appointment: estimated from the list's age
    review: Integers  # (S, 105) seen once, waiting to be seen again: estimated likewise
    admitted: Integers  # (S, 105) waiting with a decision to admit: published
    starts: Floats  # (S,) new clock starts
    exits: Floats  # (S,) leave the outpatient stage: a clock stop or a decision to admit
    admissions: Floats  # (S,) admitted clock stops
    decisions: Floats  # (S, 105) share of exits that are decisions to admit
    booking: Floats  # (S, 105) chance of leaving the outpatient stage in a week, the order of booking
    booking_admitted: Floats  # (S, 105) the same for the admitted stage
    removal: Floats  # (S, 105) chance of leaving the list with no reported stop
    demand_spread: Floats  # (S,) standard deviation of monthly starts over their mean, beyond chance
    capacity_spread: Floats  # (S,) the same for a week's capacity: what lets a list stray as lists have
    notes: tuple[str, ...]  # (S,) what is unusual about the series' returns, '' if nothing
    pace: Floats | None = None  # (S, weeks) factor on capacity week by week, 1 from then on; None: always 1

    @property
    def series(self) -> int:
        return len(self.providers)

    def decided(self) -> Floats:
        """Share of each series' exits that are decisions to admit, as its list stands. (S,)"""
        return _share_of(self.booking * (self.first + self.review), self.decisions)

    def lost_after_first(self) -> Floats:
        """Patients removed between a first appointment and an exit, for each exit. (S,)"""
        a_week = (self.removal * self.review).sum(axis=1)
        exits = self.exits * months.DAYS_A_WEEK
        return np.divide(a_week, exits, out=np.zeros_like(exits), where=exits > 0)

    def stages(self) -> Stages:
        """The two stages as the recursion of the expected course reads them, flows a week."""
        week = months.DAYS_A_WEEK
        return Stages(
            outpatient=(self.first + self.review).astype(float),
            admitted=self.admitted.astype(float),
            starts=self.starts * week,
            exits=self.exits * week,
            admissions=self.admissions * week,
            decisions=self.decisions,
            booking=self.booking,
            booking_admitted=self.booking_admitted,
            removal=self.removal,
        )

    @property
    def waiting(self) -> Integers:
        """Pathways waiting by series and weeks waited, both stages: exactly as published. (S, 105)"""
        return self.first + self.review + self.admitted


def calibrate(history: History, england: History, reviews_per_first: float) -> Calibration:
    """The calibration of the latest month of `history`.

    `england` holds the same months with one series per treatment function, all providers together.
    `reviews_per_first` is the appointments a pathway needs beyond its first before its clock can stop.
    Raises TandemError where the months are too few, or nothing waits in the latest.
    """
    if len(history.months) < 3:
        raise TandemError(
            f"Only {len(history.months)} months are held for {history.scope}; a forecast needs three.",
            "Import earlier months on the Data page.",
        )
    if history.months[-1] != england.months[-1]:
        raise ValueError("history and england end in different months")
    history, england = _latest(history), _latest(england)
    shapes = pooled_shapes(england)
    place = {code: i for i, code in enumerate(england.treatment_functions)}
    pool = np.array([place[code] for code in history.treatment_functions])

    used = steady_months(history)  # (M-1, S): flows of month m+1, from list m to list m+1
    days = months.working_days_by_month(history.months)[1:, None]
    totals = _flow_totals(history, used)
    served_days = (days * used).sum(axis=0)

    removal_shape = shapes.removal[pool]
    exposure = _exposure(history.incomplete, used)
    late = shapes.late_starts[pool] * totals.starts
    removed = totals.balance + late
    unexplained = np.maximum(-removed, 0)  # more left and stayed than came: the clock starts fell short
    removal = _scaled(removal_shape, exposure, np.maximum(removed, 0))
    decided = np.maximum(totals.admitted + totals.dta_change, 0.0)
    decided += (removal * _exposure(history.dta, used)).sum(axis=1)
    decided = np.where(totals.incomplete_last > 0, decided, 0.0)
    exits_total = totals.non_admitted + decided

    decisions = _decision_shares(shapes.decisions[pool], history, used, exits_total, decided)
    booking = _own_curve(
        _used_sum(history.non_admitted, used) / np.maximum(1.0 - decisions, 0.05),
        _exposure(np.maximum(history.incomplete - history.dta, 0), used),
        shapes.booking[pool],
    )
    booking_admitted = _own_curve(
        _used_sum(history.admitted, used), _exposure(history.dta, used), shapes.booking_admitted[pool]
    )
    first, review = _split_reviews(history, booking, reviews_per_first)
    admitted = np.minimum(history.dta[-1], history.incomplete[-1]).astype(np.int32)

    # Capacity is first what the list as it stands needs to hold its size, then steered to its outlook.
    per_day = 1.0 / np.maximum(served_days, 1)
    starts = (totals.starts + late + unexplained) * per_day
    measured = np.stack([starts, exits_total * per_day, totals.admitted * per_day])
    starts, usual_exits, usual_admissions = _fill_unmeasured(measured, served_days > 0, history, shapes, pool)
    removed_here = (removal * (first + review)).sum(axis=1) / months.DAYS_A_WEEK
    removed_admitted = (removal * admitted).sum(axis=1) / months.DAYS_A_WEEK
    exits = _near(starts - removed_here, usual_exits)
    deciding = _share_of(booking * (first + review), decisions) * exits
    admissions = _near(deciding - removed_admitted, usual_admissions)
    week = months.DAYS_A_WEEK
    stages = Stages(
        outpatient=(first + review).astype(float),
        admitted=admitted.astype(float),
        starts=starts * week,
        exits=exits * week,
        admissions=admissions * week,
        decisions=decisions,
        booking=booking,
        booking_admitted=booking_admitted,
        removal=removal,
    )
    ahead = outlook(history, england, used)
    calendar = months.working_days_by_week(history.months[-1], ANCHOR_WEEKS) / months.DAYS_A_WEEK
    steering = steer(stages, ahead.growth(LATER_WEEKS), ahead.share, calendar)
    steered = stages.tilted(steering.tilt)
    steered = replace(steered, admissions=steered.admissions * steering.theatre)
    hold = steering.hold
    demand_spread = spread(history.starts[1:], days, used)
    straying = list_spread(history, used)
    return Calibration(
        scope=history.scope,
        data_month=history.months[-1],
        providers=history.providers,
        treatment_functions=history.treatment_functions,
        first=first,
        review=review,
        admitted=admitted,
        starts=starts,
        exits=steered.exits * hold / week,
        admissions=steered.admissions * hold / week,
        decisions=decisions,
        booking=steered.booking,
        booking_admitted=steered.booking_admitted,
        removal=steered.removal,
        pace=steering.pace,
        demand_spread=demand_spread,
        capacity_spread=capacity_spread(straying, steered.starts, steered.stops() * hold, demand_spread),
        notes=tuple(_note(used[:, s], unexplained[s], totals.starts[s]) for s in range(len(pool))),
    )


@dataclass(frozen=True)
class _Totals:
    """Sums over the months used, each (S,), patients."""

    starts: Floats
    non_admitted: Floats
    admitted: Floats
    dta_change: Floats
    balance: Floats  # starts - stops - change: removals that no return reports
    incomplete_last: Floats


def _latest(history: History) -> History:
    """The last year of flows of the series still on the returns, with the month before it to start from."""
    keep = slice(-(FLOW_MONTHS + 1), None)
    here = history.reported[-1] & (history.incomplete[-1].sum(axis=1) > 0)
    if not here.any():
        raise TandemError(
            f"Nothing is waiting in {history.scope} in {months.month_label(history.months[-1])}.",
            "Choose another board, or import a month in which it reported.",
        )
    banded = ("incomplete", "dta", "admitted", "non_admitted")
    flat = ("unknown_start", "starts", "reported")
    return History(
        scope=history.scope,
        months=history.months[keep],
        providers=history.providers[here],
        treatment_functions=history.treatment_functions[here],
        **{name: getattr(history, name)[keep][:, here] for name in (*banded, *flat)},
    )


def steady_months(history: History) -> NDArray[np.bool_]:
    """Months whose flows can be read, (M-1, S): reported at both ends, with no break or recoding since."""
    size = history.incomplete.sum(axis=2).astype(float)
    both = history.reported[1:] & history.reported[:-1]
    before, after = size[:-1], size[1:]
    jumped = (np.abs(after - before) > STEP * before) & (np.maximum(before, after) > STEP_FLOOR)
    return np.flip(np.logical_and.accumulate(np.flip(both & ~jumped, 0), axis=0), 0)


def _stops(history: History) -> Floats:
    banded = history.admitted.sum(axis=2, dtype=float) + history.non_admitted.sum(axis=2, dtype=float)
    return np.asarray(banded + history.unknown_start)


def _flow_totals(history: History, used: NDArray[np.bool_]) -> _Totals:
    def over(monthly: NDArray[Any]) -> Floats:
        return np.asarray((monthly * used).sum(axis=0), dtype=float)

    size = history.incomplete.sum(axis=2, dtype=float)
    dta = history.dta.sum(axis=2, dtype=float)
    starts = over(history.starts[1:])
    admitted = over(history.admitted.sum(axis=2)[1:])
    stops = over(_stops(history)[1:])
    change = over(np.diff(size, axis=0))
    return _Totals(
        starts=starts,
        non_admitted=stops - admitted,
        admitted=admitted,
        dta_change=over(np.diff(dta, axis=0)),
        balance=starts - stops - change,
        incomplete_last=size[-1],
    )


def _share_of(weights: Floats, shares: Floats) -> Floats:
    """The mean of `shares` over weeks waited, weighed by `weights`; 0 where there is no weight. (S,)"""
    total = weights.sum(axis=1)
    return np.divide((weights * shares).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)


def _near(wanted: Floats, usual: Floats) -> Floats:
    """`wanted`, but not further from the usual than a provider could go: half as much again, or half."""
    return np.clip(wanted, 0.5 * usual, 1.5 * usual)


def _used_sum(banded: Integers, used: NDArray[np.bool_]) -> Floats:
    return np.einsum("msb,ms->sb", banded[1:], used, dtype=float)


def _exposure(banded: Integers, used: NDArray[np.bool_]) -> Floats:
    """Person-weeks waited at each band over the months used: the mean of a month's two ends. (S, 105)"""
    ends = np.einsum("msb,ms->sb", banded[1:], used, dtype=float)
    begins = np.einsum("msb,ms->sb", banded[:-1], used, dtype=float)
    return np.asarray((ends + begins) / 2 * months.WEEKS_PER_MONTH)


def _scaled(shape: Floats, exposure: Floats, total: Floats) -> Floats:
    """Hazards in proportion to `shape` that yield `total` events over `exposure`, none above one in four."""
    expected = (shape * exposure).sum(axis=1)
    scale = np.divide(total, expected, out=np.zeros_like(total), where=expected > 0)
    return np.minimum(shape * scale[:, None], 0.25)


def _own_curve(events: Floats, exposure: Floats, pooled: Floats) -> Floats:
    """A series' weekly chances by weeks waited, its own where it has the patients, England's where not."""
    expected = (pooled * exposure).sum(axis=1)
    level = np.divide(events.sum(axis=1), expected, out=np.ones_like(expected), where=expected > 0)
    level = np.clip(level, 0.05, 20.0)[:, None]
    return np.minimum((events + POOL_WEEKS * pooled * level) / (exposure + POOL_WEEKS), 1.0)


def _decision_shares(
    shape: Floats, history: History, used: NDArray[np.bool_], exits: Floats, decided: Floats
) -> Floats:
    """Share of exits that are decisions to admit by weeks waited, meeting each series' own total. (S, 105)"""
    stops = _used_sum(history.non_admitted, used)
    odds = shape / np.maximum(1.0 - shape, 0.02)
    # stops are the rest of the exits, so decisions at a band are stops x odds x one factor for the series
    base = (stops * odds).sum(axis=1)
    factor = np.divide(decided, base, out=np.zeros_like(base), where=base > 0)[:, None]
    share = odds * factor / (1.0 + odds * factor)
    no_stops = (base <= 0) & (decided > 0)
    overall = np.divide(decided, exits, out=np.zeros_like(decided), where=exits > 0)
    return np.where(no_stops[:, None], overall[:, None], share)


def _fill_unmeasured(
    rates: Floats, measured: NDArray[np.bool_], history: History, shapes: Shapes, pool: NDArray[Any]
) -> Floats:
    """Rates for series with no month of flows: England's flow a patient waiting, so that they stand still."""
    size = history.incomplete[-1].sum(axis=1)
    borrowed = shapes.turnover[:, pool] * size
    return np.where(measured, rates, borrowed)


def _split_reviews(history: History, booking: Floats, reviews_per_first: float) -> tuple[Integers, Integers]:
    """Those without a decision to admit, parted into not yet seen and seen: no return tells them apart.

    If all are booked alike, the share not yet seen after w weeks is exp(-reviews x chances so far).
    """
    outpatient = np.maximum(history.incomplete[-1] - history.dta[-1], 0)
    so_far = np.cumsum(booking, axis=1) - booking
    unseen = np.exp(-reviews_per_first * so_far)
    running = np.cumsum(outpatient * unseen, axis=1)
    first = np.diff(np.floor(running + 0.5), axis=1, prepend=0.0)  # whole patients, the sum kept
    first = np.minimum(first, outpatient).astype(np.int32)
    return first, (outpatient - first).astype(np.int32)


def spread(monthly: NDArray[Any], days: NDArray[Any], used: NDArray[np.bool_]) -> Floats:
    """Standard deviation of a monthly flow over its mean, on working days and beyond chance. (S,)

    A series' own variance is shrunk to that of its like: the median of all, weighed as six months.
    """
    count = used.sum(axis=0)
    per_day = np.where(used, monthly / days, 0.0)
    mean = per_day.sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(used, per_day - mean, 0.0) ** 2).sum(axis=0) / np.maximum(count - 1, 1)
    chance = mean / days.mean()  # Poisson: the variance of a month's mean a day
    own = np.divide(squares - chance, mean**2, out=np.zeros_like(mean), where=mean > 0)
    known = (count >= 6) & (mean * days.mean() > 20)
    typical = float(np.median(own[known])) if known.any() else 0.01
    weight = np.where(known, count, 0)
    mixed = (own * weight + typical * 6) / (weight + 6)
    return np.sqrt(np.clip(mixed, 0.0, 0.25))


def _note(used: NDArray[np.bool_], unexplained: float, starts: float) -> str:
    if not used.any():
        return "no month of flows can be read: borrowed from the same specialty in England"
    if used.sum() < 6:
        return f"only {int(used.sum())} months of flows can be read"
    if unexplained > 0.05 * max(starts, 1):
        return "more patients leave or stay than its clock starts explain: starts raised to balance"
    return ""

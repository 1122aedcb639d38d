"""Calibration: from monthly returns to the rates, booking order and removals that drive a simulation.

Flows come from the latest months of each series (provider x treatment function); how they spread over weeks
waited is pooled towards the same treatment function in England, because one series is too thin to tell.
The method, with its formulas and error, is in `docs/method.md`.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.dispersion import capacity_spread, list_spread, removal_spread, unexplained_variance
from models.calibration.flows import Flows, Order, balance_by_month, booking_order, read_flows
from models.calibration.fluid_course import Stages, Steering, steer
from models.calibration.outlook import ANCHOR_WEEKS, LATER_WEEKS, Outlook, outlook
from models.calibration.pathway_shapes import Shapes, pooled_shapes
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

FLOW_MONTHS = 12  # a whole year, so that every season counts once
LIKE_MONTHS = 6  # of a series' own, as which the spread of its like weighs; fewer tell nothing of its own


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
    capacity_spread: Floats  # (S,) the same for a week's capacity: what disperses a list as lists have been
    notes: tuple[str, ...]  # (S,) what is unusual about the series' returns, '' if nothing
    removal_spread: Floats | None = None  # (S,) standard error of the level of removals, over it; None: none
    spare: Floats | None = None  # (S,) exits a day that it could make and its own list does not need
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
    return calibrated(workings(history, england), reviews_per_first)


@dataclass(frozen=True)
class Workings:
    """What a calibration is made from, which explains it series by series; flows of stages are a week."""

    history: History  # the year of returns that was read, the month before it first
    flows: Flows
    order: Order
    still: Stages  # with the capacity that holds the lists their size
    ahead: Outlook
    steering: Steering
    steered: Stages  # with the capacity and the order that take the lists to their outlook
    straying: Floats  # (S,) standard deviation of each list about its expected size at six months, patients


def workings(history: History, england: History) -> Workings:
    """From returns to rates, step by step; arguments and errors as of `calibrate`."""
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
    flows = read_flows(history, shapes, pool)
    order = booking_order(history, flows, shapes, pool)
    still = _standing_still(history, flows, order, shapes, pool)
    ahead = outlook(history, england, flows.used)
    calendar = months.working_days_by_week(history.months[-1], ANCHOR_WEEKS) / months.DAYS_A_WEEK
    steering = steer(still, ahead.growth(LATER_WEEKS), ahead.share, ahead.over_52, calendar)
    steered = _steered(still, steering)
    straying = list_spread(history, flows.used)
    return Workings(history, flows, order, still, ahead, steering, steered, straying)


def calibrated(found: Workings, reviews_per_first: float) -> Calibration:
    """The calibration that `workings` lead to; `reviews_per_first` as of `calibrate`."""
    history, flows, order, steered = found.history, found.flows, found.order, found.steered
    first, review = _split_reviews(history, order.booking, reviews_per_first)
    week = months.DAYS_A_WEEK
    days = months.working_days_by_month(history.months)[1:, None]
    demand_spread = spread(history.starts[1:], days, flows.used)
    to_explain = unexplained_variance(found.straying, steered.starts, demand_spread)
    removed = (steered.removal * (steered.outpatient + steered.admitted)).sum(axis=1)
    removals = removal_spread(balance_by_month(history), flows.used, removed, to_explain)
    return Calibration(
        scope=history.scope,
        data_month=history.months[-1],
        providers=history.providers,
        treatment_functions=history.treatment_functions,
        first=first,
        review=review,
        admitted=found.still.admitted.astype(np.int32),
        starts=found.still.starts / week,
        exits=steered.exits / week,
        admissions=steered.admissions / week,
        decisions=order.decisions,
        booking=steered.booking,
        booking_admitted=steered.booking_admitted,
        removal=steered.removal,
        pace=found.steering.pace,
        demand_spread=demand_spread,
        removal_spread=removals,
        capacity_spread=capacity_spread(to_explain, steered.stops(), removals * removed),
        notes=tuple(_note(flows, s) for s in range(len(history.providers))),
    )


def _standing_still(
    history: History, flows: Flows, order: Order, shapes: Shapes, pool: NDArray[Any]
) -> Stages:
    """The latest lists, with the capacity that holds each stage its size, as far as a provider could go.

    Series with no month of flows take England's flow a patient waiting.
    """
    admitted = np.minimum(history.dta[-1], history.incomplete[-1]).astype(float)
    outpatient = np.maximum(history.incomplete[-1] - history.dta[-1], 0).astype(float)
    pooled = shapes.turnover[:, pool] * history.incomplete[-1].sum(axis=1)
    starts, usual_exits, usual_admissions = np.where(flows.measured, flows.a_day(), pooled)
    removed_here = (flows.removal * outpatient).sum(axis=1) / months.DAYS_A_WEEK
    removed_admitted = (flows.removal * admitted).sum(axis=1) / months.DAYS_A_WEEK
    exits = _near(starts - removed_here, usual_exits)
    deciding = _share_of(order.booking * outpatient, order.decisions) * exits
    admissions = _near(deciding - removed_admitted, usual_admissions)
    week = months.DAYS_A_WEEK
    return Stages(
        outpatient=outpatient,
        admitted=admitted,
        starts=starts * week,
        exits=exits * week,
        admissions=admissions * week,
        decisions=order.decisions,
        booking=order.booking,
        booking_admitted=order.booking_admitted,
        removal=flows.removal,
    )


def _steered(still: Stages, steering: Steering) -> Stages:
    """The stages with the capacity and the order of booking that take each list to its outlook."""
    steered = still.tilted(steering.tilt)
    admissions = steered.admissions * steering.theatre
    hold = steering.hold
    return replace(steered, exits=steered.exits * hold, admissions=admissions * hold)


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


def _share_of(weights: Floats, shares: Floats) -> Floats:
    """The mean of `shares` over weeks waited, weighed by `weights`; 0 where there is no weight. (S,)"""
    total = weights.sum(axis=1)
    return np.divide((weights * shares).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)


def _near(wanted: Floats, usual: Floats) -> Floats:
    """`wanted`, but not further from the usual than a provider could go: half as much again, or half."""
    return np.clip(wanted, 0.5 * usual, 1.5 * usual)


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

    A series' own variance is shrunk to that of its like: the median of all, weighed as LIKE_MONTHS.
    """
    count = used.sum(axis=0)
    per_day = np.where(used, monthly / days, 0.0)
    mean = per_day.sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(used, per_day - mean, 0.0) ** 2).sum(axis=0) / np.maximum(count - 1, 1)
    chance = mean / days.mean()  # Poisson: the variance of a month's mean a day
    own = np.divide(squares - chance, mean**2, out=np.zeros_like(mean), where=mean > 0)
    weight = own_months(monthly, days, used)
    typical = float(np.median(own[weight > 0])) if weight.any() else 0.01
    mixed = (own * weight + typical * LIKE_MONTHS) / (weight + LIKE_MONTHS)
    return np.sqrt(np.clip(mixed, 0.0, 0.25))


def own_months(monthly: NDArray[Any], days: NDArray[Any], used: NDArray[np.bool_]) -> NDArray[Any]:
    """Months of its own that a series' `spread` rests on: none if they, or its patients, are too few. (S,)"""
    count = used.sum(axis=0)
    per_day = np.where(used, monthly / days, 0.0).sum(axis=0) / np.maximum(count, 1)
    return np.where((count >= LIKE_MONTHS) & (per_day * days.mean() > 20), count, 0)


def _note(flows: Flows, series: int) -> str:
    count = int(flows.used[:, series].sum())
    if not count:
        return "no month of flows can be read: borrowed from the same specialty in England"
    if count < 6:
        return f"only {count} month{'s' if count > 1 else ''} of flows can be read"
    if flows.unexplained[series] > 0.05 * max(flows.reported_starts[series], 1):
        return "more patients leave or stay than its clock starts explain: starts raised to balance"
    return ""

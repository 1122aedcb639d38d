"""Where a list is heading: its load, the size it settles at, and the months until it is cleared, or never.

The rates are those of the last year of a run and are held as they are. The list is taken as a fluid
(`models.queueing.theory.steady_queue_size`): clinics and theatres take what they take, removals grow with the
list.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.queueing import theory as queueing
from models.rtt.months import WEEKS_PER_MONTH, add_months, month_label
from models.statements import Interval, count, spread, straddling

Floats = NDArray[np.float64]

STANDARD_WEEKS = 18.0  # 92% of those waiting are to have waited less
LONGEST = 600  # months: longer is said to be more than fifty years
EDGES = (0.1, 0.9)


@dataclass(frozen=True)
class Balance:
    """What comes to a list and what leaves it, a week, in each of R replications."""

    waiting: Floats  # (R,) patients at the end
    arriving: Floats  # (R,) clock starts, and patients moved in
    served: Floats  # (R,) clock stops, and patients moved out
    removal: Floats  # (R,) chance a week that somebody waiting leaves with no reported stop

    def load(self, size: float | Floats | None = None) -> Floats:
        """Patients who come for each who leaves: as the list stands, or were it of another size. (R,)"""
        leaving = self.served + self.removal * (self.waiting if size is None else size)
        return np.divide(self.arriving, leaving, out=np.full_like(leaving, np.inf), where=leaving > 0)

    def drift(self) -> Floats:
        """Patients a month by which the list grows. (R,)"""
        return (self.arriving - self.served - self.removal * self.waiting) * WEEKS_PER_MONTH

    def settled(self) -> Floats:
        """Patients at which the list would settle; 0 if capacity is enough for all. (R,)"""
        return np.asarray(queueing.steady_queue_size(self.arriving, self.served, self.removal))

    def target(self) -> float:
        """Patients on a list of which 92% wait under 18 weeks (Fong and others), on average."""
        return float(queueing.target_queue_size(self.arriving.mean(), STANDARD_WEEKS))

    def weeks_to(self, size: float) -> Floats:
        """Further weeks until the list is down to `size`; infinite if never. (R,)"""
        return np.asarray(
            queueing.clearance_weeks(self.waiting, size, self.arriving, self.served, self.removal)
        )

    def mean(self) -> "Balance":
        """The balance of the means over replications, as one replication."""
        size = max(float(self.waiting.mean()), 1e-9)
        return Balance(
            waiting=np.array([self.waiting.mean()]),
            arriving=np.array([self.arriving.mean()]),
            served=np.array([self.served.mean()]),
            removal=np.array([(self.removal * self.waiting).mean() / size]),
        )


@dataclass(frozen=True)
class Clearance:
    """Where a list is heading. Bands hold 80% of the replications; infinite months stand for never."""

    month: str  # of the figures, 'YYYY-MM', from which months are counted
    target: float  # patients
    load: Interval  # patients who come for each 100 who leave, as the list ends
    drift: Interval  # patients a month
    settled: float  # patients; infinite if the list grows without end
    halfway: float  # months in which half of the way there is gone; infinite with no removals
    load_at_target: float  # patients who would come for each 100 who leave, were the list at its target
    months: Interval  # until the list is down to its target; the band's ends are replications
    met: float  # share of replications in which the target is reached at some time

    @property
    def never(self) -> bool:
        return math.isinf(self.months.mean)

    def sentences(self) -> tuple[str, ...]:
        """Load and drift, where the list settles, and when it is cleared."""
        return self._load_said(), self._settled_said(), self.cleared_said()

    def cleared_said(self) -> str:
        """When the list is down to its target, or the load that keeps it from it."""
        if self.months.upper == 0:
            return f"The list is already within its target of {count(self.target)}."
        goal = f"It is down to {count(self.target)}, its target,"
        if self.never:
            chance = f" In {self.met:.0%} of the futures it does." if self.met else ""
            return (
                f"{goal} never: at that size {self.load_at_target:.1f} patients would come for each 100 "
                f"who leave.{chance}"
            )
        ends = f"80%: {in_months(self.months.lower)} to {in_months(self.months.upper)}"
        when = ""
        if self.months.mean <= LONGEST:
            when = f", in {month_label(add_months(self.month, round(self.months.mean)))}"
        return f"{goal} after {in_months(self.months.mean)} ({ends}){when}."

    def _load_said(self) -> str:
        ends = f"80%: {self.load.lower:.1f} to {self.load.upper:.1f}"
        if self.drift.clear:
            way = "grows" if self.drift.mean > 0 else "falls"
            moves = f"it {way} by {count(self.drift.mean)} a month ({spread(self.drift)})"
        else:
            between = straddling(self.drift, "fewer", "more")
            moves = f"it may grow or fall (80%: {between} a month)"
        return (
            f"As the list ends, {self.load.mean:.1f} patients come for each 100 who leave ({ends}): {moves}."
        )

    def _settled_said(self) -> str:
        if math.isinf(self.settled):
            return "At these rates it grows without end."
        if self.settled == 0:
            return "At these rates it runs down until clinics have nobody to see."
        there = f"At these rates it settles at {count(self.settled)}"
        return f"{there}, half of the way there in {in_months(self.halfway)}."


def clearance(
    balance: Balance, month: str, weeks: int, target: float | None = None, reached: Floats | None = None
) -> Clearance:
    """Where a list is heading after a run of `weeks` on the figures of `month`.

    `target` is a list size; left out, it is that of which 92% wait under 18 weeks. `reached` gives the week,
    from 0 for the start, from which a replication's list kept within the target until the run's end; nan
    where it did not. (R,)
    """
    goal = balance.target() if target is None else target
    whole = balance.mean()
    further = balance.weeks_to(goal)
    total = weeks + further if reached is None else np.where(np.isnan(reached), weeks + further, reached)
    expected = weeks + float(whole.weeks_to(goal)[0])
    if whole.waiting[0] <= goal:
        expected = float(np.median(total))
    rate = float(whole.removal[0])
    return Clearance(
        month=month,
        target=goal,
        load=_interval(balance.load() * 100, float(whole.load()[0]) * 100),
        drift=_interval(balance.drift(), float(whole.drift()[0])),
        settled=float(whole.settled()[0]),
        halfway=math.log(2) / rate / WEEKS_PER_MONTH if rate > 0 else math.inf,
        load_at_target=float(whole.load(goal)[0]) * 100,
        months=_interval(total / WEEKS_PER_MONTH, expected / WEEKS_PER_MONTH),
        met=float(np.isfinite(total).mean()),
    )


def never_said(named: Sequence[tuple[str, Clearance]], most: int = 3) -> str:
    """Which lists by themselves never come down to their target, the greatest load there first."""
    never = sorted(
        ((name, each) for name, each in named if each.never), key=lambda item: -item[1].load_at_target
    )
    if not never:
        return "Taken by itself, every specialty's list comes down to its target."
    worst = ", ".join(f"{name} ({each.load_at_target:.0f})" for name, each in never[:most])
    more = f" and {len(never) - most} more" if len(never) > most else ""
    return (
        f"Taken by itself, {len(never)} of {len(named)} specialties' lists would never come down to its "
        f"target. Patients who would come there for each 100 who leave: {worst}{more}."
    )


def in_months(months: float) -> str:
    """A time as it is said: '9 months', '4 years', 'never'."""
    if math.isinf(months):
        return "never"
    if months > LONGEST:
        return "more than 50 years"
    if months >= 36:
        return f"{months / 12:.1f} years".replace(".0 years", " years")
    whole = max(round(months), 0)
    return f"{whole} month{'' if whole == 1 else 's'}"


def _interval(values: Floats, mean: float) -> Interval:
    """The band of values that may be infinite: its ends are values themselves, nothing between them."""
    ordered = np.sort(values)
    last = len(ordered) - 1
    lower, upper = ordered[math.floor(EDGES[0] * last)], ordered[math.ceil(EDGES[1] * last)]
    return Interval(mean, float(lower), float(upper))

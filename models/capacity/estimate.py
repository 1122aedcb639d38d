"""Spare capacity: what a series has shown it can deliver, what it needs for its own patients, and the rest.

Rates are clock stops a week of the usual number of working days (`months.DAYS_A_WEEK`). How often what was
called spare was later delivered, and how the constants were chosen: `docs/spare.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.flows import steady_months, stops_by_month
from models.calibration.outlook import ANCHOR_WEEKS, Outlook, outlook
from models.calibration.rates import FLOW_MONTHS, spread
from models.errors import TandemError
from models.queueing.theory import factor_for_share, relief_capacity, target_capacity
from models.rtt import months
from models.rtt.history import History
from models.rtt.organisations import provider_kind

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HISTORY_MONTHS = FLOW_MONTHS + 1  # a year of flows and the list before it
WITHIN = 18  # weeks: the standard
QUARTER, HALF_YEAR = 3, 6  # months
THIN = 2.0  # clock stops a week below which a quarter's are too few to tell
UNBALANCED = 0.25  # of a quarter's clock stops by which what came in may exceed its clock starts unexplained
FALL = 0.01  # a point of the 18-week share, which moves by as much for no reason
LEAST_WEEKS = 13  # of a floor that is to be met by a month: sooner is not planned for
LEAST_SHARE, MOST_SHARE = 0.5, 0.98  # between which a floor says how much a list must be ahead of chance

# Quantile regressions on the best quarter of the six months that followed October 2024 to February 2025, on
# lists that had been shrinking (docs/spare.md).
FOLLOWS = 0.44  # of the gap between what is done and what comes in, what closes: providers follow demand
WIDEST = 0.5  # of the logarithm of that gap: a wider one tells no more
BEST = 0.06  # of the logarithm of the best quarter to come over that level, at every chance

BEHIND = "its 18-week share has been falling for half a year: nothing is called spare"


@dataclass(frozen=True)
class _Chance:
    """How far from its usual place the best quarter to come may lie, in logarithms."""

    unsteady: float  # for each unit of the spread of a series' months, beyond chance
    few: float  # for each unit of 1 / sqrt(clock stops of the quarter)
    no_trust: float  # where the provider is no NHS trust: it works to contracts

    def factor(self, unsteady: Floats, quarter_stops: Floats, trust: Flags) -> Floats:
        """The best quarter to come over the level. (S,)"""
        few = 1.0 / np.sqrt(np.maximum(quarter_stops, 1.0))
        return np.exp(BEST + self.unsteady * unsteady + self.few * few + self.no_trust * ~trust)


LOWER = _Chance(unsteady=-0.66, few=-2.1, no_trust=-0.45)  # nine in ten reach it
SHOWN = _Chance(unsteady=-0.43, few=-1.25, no_trust=-0.25)  # more than four in five
UPPER = _Chance(unsteady=0.92, few=3.4, no_trust=0.0)  # one in ten


@dataclass(frozen=True)
class Floor:
    """The waits a provider keeps for its own patients before it helps others."""

    share: float | None = None  # within 18 weeks, as a fraction; None: each series' own today
    by: str | None = None  # month by whose end, 'YYYY-MM'; None: in six months

    def __post_init__(self) -> None:
        if self.share is not None and not 0.0 < self.share <= 1.0:
            raise TandemError(
                f"A floor of {self.share:.0%} within 18 weeks can't be kept.",
                "Give a share above 0 and up to 100%, such as 92.",
            )

    def weeks(self, data_month: str) -> float:
        """Weeks from the end of `data_month` in which it is to be met."""
        if self.by is None:
            return float(ANCHOR_WEEKS)
        ahead = months.months_between(data_month, self.by) * months.WEEKS_PER_MONTH
        if ahead < LEAST_WEEKS:
            raise TandemError(
                f"{months.month_label(self.by)} is too soon after {months.month_label(data_month)}.",
                "Give a month at least three months after the figures'.",
            )
        return float(ahead)


OWN_SHARE = Floor()


@dataclass(frozen=True)
class Capacity:
    """Capacity of S series in clock stops a week; nan, with the reason in `notes`, where it is not known."""

    scope: str
    data_month: str
    floor: Floor
    providers: NDArray[Any]  # (S,) codes
    treatment_functions: NDArray[Any]  # (S,)
    share: Floats  # (S,) of the list within 18 weeks, as a fraction
    shown: Floats  # (S,) what it can be expected to deliver in a quarter soon, with four chances in five
    needed: Floats  # (S,) what keeps its own waits at the floor
    spare_lower: Floats  # (S,) 80% range of the best quarter of the next six months, less what it needs
    spare_upper: Floats  # (S,)
    notes: tuple[str, ...]  # (S,) why it is not known, or why nothing is spare; '' if there is nothing to say
    uploaded: frozenset[int] = frozenset()  # places of the series whose `shown` their board gave itself

    @property
    def known(self) -> Flags:
        """Where the returns tell. (S,)"""
        return ~np.isnan(self.shown)

    @property
    def spare(self) -> Floats:
        """Shown less needed, never below 0. (S,)"""
        return np.maximum(self.shown - self.needed, 0.0)

    @property
    def short(self) -> Floats:
        """Needed less shown, never below 0. (S,)"""
        return np.maximum(self.needed - self.shown, 0.0)

    @property
    def plainly_short(self) -> Floats:
        """Short where the need is above the middle of what it may deliver, shown to the upper end. (S,)

        Shown is cautious, so that most series are a little short of it: those are 0 here.
        """
        middle = (self.shown + self.needed + self.spare_upper) / 2
        return np.where(self.needed > middle, self.short, 0.0 * self.short)


def capacity(
    history: History,
    england: History,
    floor: Floor = OWN_SHARE,
    uploaded: Mapping[tuple[str, str], float] = MappingProxyType({}),
) -> Capacity:
    """The capacity of each series of `history` as its last month stands.

    Series that returned anything in the last quarter are there. `england` holds the same months with one
    series per treatment function. A year is read, and six months of flows are the least. `uploaded` holds,
    by provider and treatment function, the clock stops a week that a board says itself: they take the place
    of what was estimated, and have no range. Raises TandemError where fewer are held.
    """
    history, england = _unbroken(history), _unbroken(england)
    if len(history.months) <= HALF_YEAR:
        raise TandemError(
            f"Only {len(history.months)} months running are held up to "
            f"{months.month_label(history.months[-1])}; what is spare shows over {HALF_YEAR + 1}.",
            "Choose a later month, or import earlier ones on the Data page.",
        )
    history = history.chosen(np.asarray(history.reported[-QUARTER:].any(axis=0)))
    used = steady_months(history)
    size = history.incomplete.sum(axis=2, dtype=float)
    share = history.incomplete[:, :, :WITHIN].sum(axis=2) / np.maximum(size, 1.0)
    flow = _flow(history, used, size)
    trust = np.array([provider_kind(str(code)) == "NHS trust" for code in history.providers], dtype=bool)

    level = _level(flow)
    in_quarter = flow.quarter * QUARTER * months.WEEKS_PER_MONTH
    unsteady = spread(flow.stops[1:], flow.days[1:, None], used)
    lower, shown, upper = (level * each.factor(unsteady, in_quarter, trust) for each in (LOWER, SHOWN, UPPER))
    keys = zip(history.providers, history.treatment_functions, strict=True)
    given = np.array([uploaded.get((str(code), str(function)), np.nan) for code, function in keys])
    lower, shown, upper = (np.where(np.isnan(given), each, given) for each in (lower, shown, upper))
    ahead = outlook(history, england, used)
    floors = np.full(len(trust), floor.share) if floor.share is not None else share[-1]
    weeks = floor.weeks(history.months[-1])
    needed = _needed(history, flow, used, unsteady, size[-1], share[-1], ahead, floors, weeks)
    behind = _falls_behind(share, floors)
    needed = np.where(behind, np.maximum(needed, shown), needed)
    unknown = _unknown(history, used, size, flow)
    return Capacity(
        scope=history.scope,
        data_month=history.months[-1],
        floor=floor,
        providers=history.providers,
        treatment_functions=history.treatment_functions,
        share=np.where(size[-1] > 0, share[-1], np.nan),
        shown=np.where(unknown == "", shown, np.nan),
        needed=np.where(unknown == "", needed, np.nan),
        spare_lower=np.where(unknown == "", np.maximum(np.minimum(lower, shown) - needed, 0.0), np.nan),
        spare_upper=np.where(unknown == "", np.maximum(np.maximum(upper, shown) - needed, 0.0), np.nan),
        notes=tuple(np.where((unknown == "") & behind, BEHIND, unknown).tolist()),
        uploaded=frozenset(np.flatnonzero(~np.isnan(given)).tolist()),
    )


def _unbroken(history: History) -> History:
    """The months since the last that is not held."""
    last = history.months[-1]
    running = 1
    while running < len(history.months) and history.months[-1 - running] == months.add_months(last, -running):
        running += 1
    return history.until(last, running)


@dataclass(frozen=True)
class _Flow:
    """Clock stops of S series by month, and over the last quarter beside what came in. Stops a week."""

    stops: Floats  # (M, S) pathways
    days: NDArray[np.int64]  # (M,) working days
    quarter: Floats  # (S,) delivered a week
    demand: Floats  # (S,) clock starts of the quarter less removals at the year's rate
    removed: Floats  # (S,) removals at the year's rate: who left the list with no reported stop
    unexplained: Floats  # (S,) by how much stops and growth exceed that: starts were not reported


def _flow(history: History, used: Flags, size: Floats) -> _Flow:
    stops, starts = stops_by_month(history), history.starts.astype(float)
    days = months.working_days_by_month(history.months)
    # at the year's rate, because a list that was cleaned up in the quarter does not need less care since
    removed = ((starts[1:] - stops[1:] - np.diff(size, axis=0)) * used).sum(axis=0)
    usual = removed / np.maximum((days[1:, None] * used).sum(axis=0), 1) * months.DAYS_A_WEEK
    a_week = months.DAYS_A_WEEK / days[-QUARTER:].sum()
    quarter, came = stops[-QUARTER:].sum(axis=0) * a_week, starts[-QUARTER:].sum(axis=0) * a_week
    demand = np.maximum(came - usual, 0.0)
    grown = (size[-1] - size[-1 - QUARTER]) * a_week
    return _Flow(stops, days, quarter, demand, usual, quarter + grown - demand)


def _level(flow: _Flow) -> Floats:
    """What the next quarters will centre on: the last one's, part of the way to what came in. (S,)"""
    delivered = np.maximum(flow.quarter, 1e-9)
    gap = np.log(np.maximum(flow.demand, 1e-9) / delivered)
    return np.asarray(delivered * np.exp(FOLLOWS * np.clip(gap, -WIDEST, WIDEST)))


def _needed(
    history: History,
    flow: _Flow,
    used: Flags,
    unsteady: Floats,
    size: Floats,
    share: Floats,
    ahead: Outlook,
    floors: Floats,
    weeks: float,
) -> Floats:
    """What keeps each series at its floor: what comes in, what a list too long for it owes, and chance. (S,)

    A list may be as long as those expected to be within 18 weeks are the floor's share of; a shorter one is
    not let grow.
    """
    within = size * np.clip(share + ahead.share, 0.0, 1.0)
    longest = np.divide(within, floors, out=size.copy(), where=floors > 0)
    owed = relief_capacity(flow.demand, size, np.minimum(size, longest), weeks)
    a_month = flow.demand * months.WEEKS_PER_MONTH
    uneven = spread(history.starts[1:], flow.days[1:, None], used)
    return np.asarray(
        target_capacity(
            owed,
            WITHIN,
            cv_demand=np.sqrt(1.0 + uneven**2 * a_month),
            cv_capacity=np.sqrt(1.0 + unsteady**2 * a_month),
            factor=factor_for_share(np.clip(floors, LEAST_SHARE, MOST_SHARE)),
        )
    )


def _falls_behind(share: Floats, floors: Floats) -> Flags:
    """Where the 18-week share, no better than its floor, has fallen over a quarter and half a year. (S,)"""
    quarter = share[-1] < share[-1 - QUARTER] - FALL
    half_year = share[-1] < share[-1 - HALF_YEAR] - FALL
    return np.asarray(quarter & half_year & (share[-1] <= floors))


def _unknown(history: History, used: Flags, size: Floats, flow: _Flow) -> NDArray[np.str_]:
    """Why the returns don't tell, '' where they do. (S,)"""
    month = months.month_label(history.months[-1])
    why = np.full(len(history.providers), "", dtype=object)
    why[flow.removed > flow.quarter] = "more leave its list with no reported clock stop than with one"
    why[flow.unexplained > UNBALANCED * flow.quarter] = "its clock starts do not explain its stops and list"
    why[flow.quarter < THIN] = f"under {THIN:g} clock stops a week: too few to tell"
    why[~used[-HALF_YEAR:].all(axis=0)] = "a month of the last six is missing, or was recoded"
    why[size[-1] == 0] = "nobody waits"
    why[~history.reported[-1]] = f"no return for {month}"
    return why


def explained(found: Capacity, series: int) -> str:
    """The sentence that explains a series' capacity, in clock stops a week."""
    note = found.notes[series]
    if not found.known[series]:
        return f"Not known: {note}."
    shown, needed, spare = found.shown[series], found.needed[series], found.spare[series]
    own = found.floor.share is None
    share = found.share[series] if own else found.floor.share
    purpose = f"hold its own 18-week share of {share:.1%}" if own else f"have {share:.0%} within 18 weeks"
    if found.floor.by:
        purpose += f" by {months.month_label(found.floor.by)}"
    source = "Has, as uploaded by its board," if series in found.uploaded else "Can be relied on for"
    sentence = f"{source} {_a_week(shown)} clock stops a week; needs {_a_week(needed)} to {purpose}; "
    if note:
        return f"{sentence}{note}."
    if spare > 0:
        if series in found.uploaded:
            return f"{sentence}{_a_week(spare)} spare."
        lower, upper = found.spare_lower[series], found.spare_upper[series]
        return f"{sentence}{_a_week(spare)} spare (80%: {_a_week(lower)} to {_a_week(upper)})."
    return f"{sentence}none spare, {_a_week(found.short[series])} short."


def _a_week(stops: float) -> str:
    return f"{stops:,.0f}" if stops >= 9.95 else f"{stops:.1f}"

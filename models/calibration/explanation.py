"""One series' calibration explained: every quantity with its unit, what it rests on, where it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.calibration.dispersion import HORIZON, OWN_MONTHS
from models.calibration.outlook import ANCHOR_WEEKS, SOON_WEEKS
from models.calibration.rates import LIKE_MONTHS, Calibration, Workings, calibrated, own_months
from models.errors import TandemError
from models.queueing.clinic_minutes import (
    Clinic,
    appointments_per_exit,
    capable_share,
    minutes_per_exit,
    reachable_share,
    today_share,
    virtual_bookings,
)
from models.rtt import months
from models.rtt.treatment_functions import name_of
from models.scenarios.assumptions import REGISTER

WAITS = (4, 13, 26, 52, 78)  # whole weeks waited at which curves are shown


@dataclass(frozen=True)
class Quantity:
    """One calibrated quantity: how it came about, and the part of docs/method.md that gives its formula."""

    group: str
    name: str
    value: float
    unit: str
    months: str  # of returns that it rests on
    origin: str  # whether the series' own, England's or assumed
    method: str  # heading or term in docs/method.md


@dataclass(frozen=True)
class Explanation:
    """A series' quantities, what is unusual about its returns, and the months that could not be read."""

    scope: str
    data_month: str
    provider: str
    treatment_function: str
    note: str  # as the calibration says it, '' if nothing
    left_out: str  # which months and why, '' if none
    quantities: tuple[Quantity, ...]


def explain(
    found: Workings, values: Mapping[str, float], provider: str, treatment_function: str
) -> Explanation:
    """The explanation of one series, under resolved assumptions (`models.scenarios.assumptions.resolve`).

    Raises TandemError where the scope has no such series, naming those it has.
    """
    series = _place(found, provider, treatment_function)
    one = _Series(found, calibrated(found, values["appointments_per_pathway"] - 1), values, series)
    return Explanation(
        scope=found.history.scope,
        data_month=found.history.months[-1],
        provider=provider,
        treatment_function=treatment_function,
        note=one.made.notes[series],
        left_out=_left_out(found, series),
        quantities=tuple(one.quantities()),
    )


def _place(workings: Workings, provider: str, treatment_function: str) -> int:
    history = workings.history
    here = history.providers == provider
    if not here.any():
        raise TandemError(
            f"{provider} has no list in {history.scope} in {months.month_label(history.months[-1])}.",
            f"Its providers are {', '.join(dict.fromkeys(history.providers.tolist()))}.",
        )
    name_of(treatment_function)  # refuses what is none
    place = np.flatnonzero(here & (history.treatment_functions == treatment_function))
    if not len(place):
        raise TandemError(
            f"{provider} has no list for {name_of(treatment_function)}.",
            f"It has {', '.join(history.treatment_functions[here].tolist())}.",
        )
    return int(place[0])


def _left_out(workings: Workings, series: int) -> str:
    """Which months' flows are not read, and what happened in the last of them."""
    history, used = workings.history, workings.flows.used[:, series]
    if used.all():
        return ""
    last = int(np.flatnonzero(~used)[-1])
    month = months.month_label(history.months[last + 1])
    if history.reported[last : last + 2, series].all():
        before, after = history.incomplete[last : last + 2, series].sum(axis=1)
        what = f"the list went from {before:,} to {after:,}: a recoding, a merger or a clean-up"
    else:
        what = "the provider did not report at both its ends"
    return f"{month} and the months before it are left out: {what}."


@dataclass(frozen=True)
class _Series:
    """One series of a calibration, ready to be read off."""

    found: Workings
    made: Calibration
    values: Mapping[str, float]
    series: int

    @cached_property
    def read(self) -> str:
        """The months of flows that its rates rest on."""
        used = self.found.flows.used[:, self.series]
        count = int(used.sum())
        if not count:
            return "none"
        first = self.found.history.months[1 + int(np.flatnonzero(used)[0])]
        span = f"{months.month_label(first)} to {self.latest}" if count > 1 else self.latest
        return f"{span} ({count})"

    @cached_property
    def latest(self) -> str:
        return months.month_label(self.found.history.months[-1])

    @property
    def measured(self) -> bool:
        return bool(self.found.flows.measured[self.series])

    @property
    def shaped(self) -> str:
        """How what is spread over weeks waited as England's came about."""
        return (
            "by weeks waited England's, the level its own" if self.measured else "none: no month can be read"
        )

    def quantities(self) -> Iterator[Quantity]:
        yield from self._list()
        yield from self._flows()
        yield from self._curves()
        yield from self._course()
        yield from self._spread()
        yield from self._clinic()

    def _list(self) -> Iterator[Quantity]:
        row, made = self.series, self.made
        estimate = "estimated from the list's age and the order of booking"
        for name, banded, origin in (
            ("Waiting", made.waiting, "its own, published"),
            ("Waiting with a decision to admit", made.admitted, "its own, published"),
            ("Waiting for a first appointment", made.first, estimate),
            ("Seen once, waiting to be seen again", made.review, estimate),
        ):
            method = "Seen already" if origin == estimate else "What is published"
            yield Quantity("List", name, float(banded[row].sum()), "patients", self.latest, origin, method)

    def _flows(self) -> Iterator[Quantity]:
        row, flows, still = self.series, self.found.flows, self.found.still
        own = "its own" if self.measured else "England's for each patient waiting: no month can be read"
        day, days = "patients a working day", max(float(flows.days[row]), 1.0)

        def quantity(name: str, value: float, origin: str, method: str, unit: str = day) -> Quantity:
            return Quantity("Flows", name, value, unit, self.read, origin, method)

        reported, raised = float(flows.reported_starts[row]), float(flows.unexplained[row])
        late = float(flows.starts[row]) - reported - raised
        yield quantity("Clock starts reported", reported / days, "its own", "Calibration")
        share = f"England's share for the treatment function, {late / reported:.1%}" if reported else "none"
        yield quantity("Late starts added", late / days, share, "Late starts")
        yield quantity("Starts added to balance", raised / days, "its own balance", "Late starts")
        yield quantity("Clock starts used", float(self.made.starts[row]), own, "Calibration")
        usual = flows.a_day()[:, row]
        yield quantity(
            "Exits from the outpatient stage, past", float(usual[1]), "its own", "Decisions to admit"
        )
        yield quantity("Admissions, past", float(usual[2]), "its own", "Calibration")
        hold = "what holds its size"
        yield quantity(
            "Exits that hold the list", float(still.exits[row]) / months.DAYS_A_WEEK, hold, "Steered to it"
        )
        yield quantity(
            "Admissions that hold the list",
            float(still.admissions[row]) / months.DAYS_A_WEEK,
            hold,
            "Steered to it",
        )
        steered = "what holds it on its expected course"
        yield quantity("Exits used", float(self.made.exits[row]), steered, "Steered to it")
        yield quantity("Admissions used", float(self.made.admissions[row]), steered, "Steered to it")
        yield quantity(
            "Exits that are decisions to admit",
            float(self.made.decided()[row]) * 100,
            self.shaped,
            "Decisions to admit",
            "%",
        )
        removed = float((self.made.removal[row] * self.made.waiting[row]).sum()) / months.DAYS_A_WEEK
        yield quantity("Removals with no reported stop", removed, self.shaped, "Removals")
        yield quantity(
            "Removed after a first appointment, for each exit",
            float(self.made.lost_after_first()[row]),
            "from removals and those seen already",
            "Removals",
            "patients",
        )

    def _curves(self) -> Iterator[Quantity]:
        row, order = self.series, self.found.order
        for name, curve, origin, method in (
            ("Leaves the outpatient stage", self.made.booking, _mixed(order.own[row]), "Order of booking"),
            ("Is admitted", self.made.booking_admitted, _mixed(order.own_admitted[row]), "Order of booking"),
            ("Removed", self.made.removal, self.shaped, "Removals"),
        ):
            for wait in WAITS:
                yield Quantity(
                    "Chances a week by wait",
                    f"{name} at {wait} weeks",
                    float(curve[row, wait]) * 100,
                    "%",
                    self.read,
                    f"{origin}; past 18 weeks tilted",
                    method,
                )
        for wait in WAITS:
            yield Quantity(
                "Chances a week by wait",
                f"Exit is a decision to admit at {wait} weeks",
                float(self.made.decisions[row, wait]) * 100,
                "%",
                self.read,
                self.shaped,
                "Decisions to admit",
            )

    def _course(self) -> Iterator[Quantity]:
        row, ahead, steering = self.series, self.found.ahead, self.found.steering
        own = "its own latest months and England's; nothing for others than NHS trusts"
        changes = f"in {ANCHOR_WEEKS} weeks"
        for name, value, unit in (
            (f"Growth in the first {SOON_WEEKS} weeks", ahead.soon[row], "patients a week"),
            ("Growth besides", ahead.later[row], "patients a week"),
            (f"Change of the 18-week share {changes}", ahead.share[row] * 100, "points"),
            (f"The share over a year {changes}", ahead.over_52[row], "times"),
        ):
            yield Quantity(
                "Outlook", name, float(value), unit, "the last three, England's twelve", own, "Outlook"
            )
        searched = "sought so that the list and its waits meet the outlook"
        for name, value in (
            ("Capacity over what holds the list", steering.hold[row]),
            ("Admissions besides", steering.theatre[row]),
            ("Tilt of booking and removals past 18 weeks", steering.tilt[0, row]),
            ("The same past a year, besides", steering.tilt[1, row]),
            ("Pace of capacity in the first week", steering.pace[row, 0]),
            (f"Pace of capacity in week {ANCHOR_WEEKS}", steering.pace[row, ANCHOR_WEEKS - 1]),
        ):
            yield Quantity("Steering", name, float(value), "times", self.latest, searched, "Steered to it")

    def _spread(self) -> Iterator[Quantity]:
        row, history, flows = self.series, self.found.history, self.found.flows
        days = months.working_days_by_month(history.months)[1:, None]
        count = int(own_months(history.starts[1:], days, flows.used)[row])
        part = count / (count + LIKE_MONTHS)
        yield Quantity(
            "Uncertainty",
            "Spread of clock starts",
            float(self.made.demand_spread[row]) * 100,
            "% of the mean",
            self.read,
            f"{part:.0%} its own, {1 - part:.0%} the median of all lists here",
            "Uncertainty",
        )
        own = flows.used[:, row].sum() >= OWN_MONTHS
        moved = "its own monthly movement and that of lists of its size" if own else "lists of its size"
        yield Quantity(
            "Uncertainty",
            f"Spread of the list in {HORIZON} weeks",
            float(self.found.straying[row]),
            "patients",
            self.read,
            moved,
            "Uncertainty",
        )
        yield Quantity(
            "Uncertainty",
            "Spread of capacity",
            float(self.made.capacity_spread[row]) * 100,
            "% of the mean",
            self.read,
            "what lets the list stray so",
            "Uncertainty",
        )

    def _clinic(self) -> Iterator[Quantity]:
        row, values, made = slice(self.series, self.series + 1), self.values, self.made
        clinic = Clinic.from_assumptions(values)
        codes = made.treatment_functions[row]
        each = appointments_per_exit(clinic, made.decided()[row], made.lost_after_first()[row])
        capable = capable_share(clinic, codes, {}, values)
        today = [
            today_share(codes, values[key]) for key in ("virtual_share_first", "virtual_share_follow_up")
        ]
        bookings = [virtual_bookings(clinic, share, capable) for share in today]
        minutes = minutes_per_exit(clinic, each, bookings[0], bookings[1], capable)
        chapter = f"by the treatment function's diagnosis chapter, {REGISTER['virtual_share_all'].source}"
        ceiling = "assumption: " + REGISTER["virtual_ceiling_multiple"].label[0].lower()
        ceiling += REGISTER["virtual_ceiling_multiple"].label[1:]
        assumed = "appointments and lengths of the register, some of them assumptions"
        for name, value, unit, origin in (
            ("First appointments for each exit", each.firsts, "appointments", assumed),
            ("Reviews for each exit", each.reviews, "appointments", assumed),
            ("Later follow-ups for each exit", each.later, "appointments", assumed),
            ("Clinic minutes for each exit", minutes, "minutes", assumed),
            ("Clinic minutes", minutes * made.exits[row], "minutes a working day", assumed),
            ("First appointments virtual today", today[0] * 100, "%", chapter),
            ("Follow-ups virtual today", today[1] * 100, "%", chapter),
            ("Patients who can be seen virtually", capable * 100, "%", ceiling),
            ("Attendances that can be virtual", reachable_share(clinic, capable) * 100, "%", ceiling),
        ):
            yield Quantity(
                "Clinic",
                name,
                float(np.asarray(value)[0]),
                unit,
                "none: from the register",
                origin,
                "A week in the model",
            )


def _mixed(own: float) -> str:
    return f"{own:.0%} its own, {1 - own:.0%} England's for the treatment function"

"""Which lever did what: the change a scenario brings, parted among its levers by their Shapley values.

What a lever adds depends on those already pulled. Its share is what it adds on the mean over all orders in
which the levers can come in, so the shares add up to the whole change and no order is preferred.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import factorial
from threading import Event
from typing import Any

import pandas as pd

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.outcomes.shapley import coalitions_along, exact_shares, orders_within, shares_along
from models.rtt.measures import measure
from models.rtt.months import month_label, month_of
from models.rtt.treatment_functions import name_of
from models.scenarios.scenario import LeverSetting, Scenario
from models.statements import Interval
from sim.runs.common_random_numbers import Floats, PairedRuns, interval
from sim.runs.runner import Progress

MOST_RUNS = 32  # all coalitions of five levers; beyond that the shares are estimated


@dataclass(frozen=True)
class Waterfall:
    """A scenario's change from its baseline, lever by lever, in each replication.

    Patients, or percent and percentage points for share_within_18. Every replication's shares add up to its
    own change. `error` is the standard error that comes of `orders` being a sample of all orders in which
    the levers could come in; where the shares are exact there is none, and `orders` is 0.
    """

    scope: str
    data_month: str
    document: Mapping[str, Any]
    paired: PairedRuns
    levers: tuple[str, ...]  # as a reader names them, in the scenario's order
    baseline: Floats  # (measures, R)
    shares: Floats  # (levers, measures, R)
    error: Floats | None  # (levers, measures) of a share's mean
    orders: int
    runs: int

    @property
    def last_day(self) -> dt.date:
        return self.paired.last_day(self.data_month)

    def start(self, name: str) -> Interval:
        """The measure if nothing changes."""
        return interval(self.baseline[self._row(name)])

    def share(self, lever: int, name: str) -> Interval:
        """What one lever, by its place in the scenario, adds to the measure or takes from it."""
        return interval(self.shares[lever, self._row(name)])

    def change(self, name: str) -> Interval:
        """What all levers together change."""
        return interval(self.shares[:, self._row(name)].sum(axis=0))

    def end(self, name: str) -> Interval:
        """The measure under the scenario."""
        return interval(self.baseline[self._row(name)] + self.shares[:, self._row(name)].sum(axis=0))

    def sentences(self, name: str) -> tuple[str, ...]:
        """The whole change, each lever's share of it, the greatest first, and how sure the shares are."""
        shown = measure(name)
        month = month_label(month_of(self.last_day))
        lines = [f"By {month}, all levers together: {shown.say_change(self.change(name))}."]
        order = sorted(range(len(self.levers)), key=lambda lever: -abs(self.share(lever, name).mean))
        lines += [f"{self.levers[lever]}: {shown.say_change(self.share(lever, name))}." for lever in order]
        return (*lines, caution) if (caution := self.caution(name)) else tuple(lines)

    def caution(self, name: str) -> str:
        """How far estimated shares may be out, in a sentence; empty where they are exact."""
        if self.error is None:
            return ""
        shown = measure(name)
        error, least = float(self.error[:, self._row(name)].max()), 0.1 if shown.is_share else 1.0
        most = f"under {least:g}" if error < least else shown.form(error)
        return (
            f"These shares are estimated from {self.orders} of the {factorial(len(self.levers)):,} orders in "
            f"which the levers can come in: one may be out by {most} {shown.unit_of_change} "
            "(standard error), for which the others make up."
        )

    def frame(self) -> pd.DataFrame:
        """A row per measure and step, from the baseline by each lever to the scenario, with its 80% band.

        Columns: measure, unit, step, mean, lower, upper, sampling_error.
        """
        rows = []
        for column, name in enumerate(self.paired.measures):
            shown = measure(name)
            steps: list[tuple[str, Interval, float, str]] = [("baseline", self.start(name), 0.0, shown.unit)]
            for lever, label in enumerate(self.levers):
                error = 0.0 if self.error is None else float(self.error[lever, column])
                steps.append((label, self.share(lever, name), error, shown.unit_of_change))
            steps.append(("scenario", self.end(name), 0.0, shown.unit))
            rows += [
                {
                    "measure": name,
                    "unit": unit,
                    "step": step,
                    "mean": contribution.mean,
                    "lower": contribution.lower,
                    "upper": contribution.upper,
                    "sampling_error": error,
                }
                for step, contribution, error, unit in steps
            ]
        return pd.DataFrame(rows)

    def _row(self, name: str) -> int:
        return self.paired.measures.index(name)


def attribute(
    calibration: Calibration,
    scenario: Scenario,
    paired: PairedRuns,
    *,
    most_runs: int = MOST_RUNS,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> Waterfall:
    """Each lever's share of what `scenario` changes, from at most `most_runs` runs, or two pairs of orders.

    Exact where all 2**levers coalitions can be run; else along random orders and their reverses. Raises
    TandemError where no lever is pulled, sim.runs.runner.Cancelled when `cancel` is set.
    """
    players = len(scenario.levers)
    if not players:
        raise TandemError(
            f"{scenario.title} pulls no lever, so there is no change to share out.",
            "Choose a scenario with levers.",
        )
    exact = 2**players <= most_runs
    orders = () if exact else orders_within(players, most_runs, paired.seed)
    coalitions = tuple(range(2**players)) if exact else coalitions_along(orders)
    runs = [(calibration, coalition_of(scenario, members)) for members in coalitions]
    values = paired.outcomes(runs, progress, cancel)
    error = None
    if exact:
        shares = exact_shares(values)
    else:
        shares = shares_along(orders, dict(zip(coalitions, values, strict=True))).shares
        means = dict(zip(coalitions, values.mean(axis=-1), strict=True))
        error = shares_along(orders, means).error
    return Waterfall(
        scope=calibration.scope,
        data_month=calibration.data_month,
        document=scenario.document(),
        paired=paired,
        levers=labels(scenario.levers),
        baseline=values[coalitions.index(0)],
        shares=shares,
        error=error,
        orders=len(orders),
        runs=len(runs),
    )


def coalition_of(scenario: Scenario, members: int) -> Scenario:
    """The scenario with some of its levers, by the bits of `members`, in the same world as with all.

    Its assumptions stand, and so does who can be seen virtually: the ceilings of levers left out as well,
    in the scenario's order, because where two levers give one the later holds.
    """
    ceilings = tuple(setting for setting in scenario.levers if setting.values.get("ceilings"))
    return replace(
        scenario,
        levers=tuple(each for place, each in enumerate(scenario.levers) if members >> place & 1),
        ceilings_of=(*scenario.ceilings_of, *ceilings),
    )


def labels(settings: Sequence[LeverSetting]) -> tuple[str, ...]:
    """A name for each lever of a scenario that no other has: its title, with what sets it apart if needed."""
    titles = Counter(setting.lever.title for setting in settings)
    named = [
        setting.lever.title if titles[setting.lever.title] == 1 else _apart(setting) for setting in settings
    ]
    alike, seen = Counter(named), Counter[str]()
    for place, name in enumerate(named):
        seen[name] += 1
        if alike[name] > 1:
            named[place] = f"{name}, {seen[name]}"
    return tuple(named)


def _apart(setting: LeverSetting) -> str:
    """A lever's title with its trusts and its scope: 'Trust pairing (RWE, RNQ; Ophthalmology)'."""
    trusts = [setting.text(each.name) for each in setting.lever.parameters if each.kind == "provider"]
    functions = [name_of(code) for code in setting.treatment_functions]
    where = [", ".join(part) for part in (trusts, setting.providers, functions) if any(part)]
    return f"{setting.lever.title} ({'; '.join(where)})" if where else setting.lever.title

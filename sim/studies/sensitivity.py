"""How sure the answer is of its evidence: one assumption at a time put at both ends of its likely range.

Scenario and baseline are both run with the assumption at its low and at its high end, in the same futures, so
that what is told is how much the scenario's effect, not the list, hangs on the assumption. All others differ
from replication to replication as they do in any run.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event
from types import MappingProxyType
from typing import Any

import pandas as pd

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.rtt.measures import measure
from models.rtt.months import month_label, month_of
from models.scenarios.assumptions import REGISTER, Assumption
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario, in_unit
from models.statements import Interval
from sim.runs.common_random_numbers import Floats, PairedRuns, interval
from sim.runs.runner import Progress

# how clinics work, whatever lever is pulled
CLINICS = (
    "appointment_minutes_first",
    "appointment_minutes_follow_up",
    "appointments_per_pathway",
    "appointments_admitted_extra",
    "follow_ups_per_first",
    "follow_up_interval",
    "follow_up_minutes_cap",
    "dna_face_to_face",
)
CALIBRATED_ON = frozenset({"appointments_per_pathway"})  # assumptions that change the calibration itself


@dataclass(frozen=True)
class Swing:
    """A scenario's effect with one assumption at each end of its likely range; patients, or points."""

    assumption: Assumption
    low: float  # in the assumption's unit
    high: float
    at_low: Interval
    at_high: Interval
    difference: Interval  # at high less at low

    @property
    def width(self) -> float:
        """How far the effect moves between the two ends, on the mean."""
        return abs(self.difference.mean)


@dataclass(frozen=True)
class Tornado:
    """How a scenario's effect hangs on each assumption behind it; patients, or points."""

    scope: str
    data_month: str
    document: Mapping[str, Any]
    paired: PairedRuns
    assumptions: tuple[Assumption, ...]
    fixed: tuple[Assumption, ...]  # not varied: the scenario says what they are
    effect: Floats  # (measures, R) scenario less baseline, nothing put at an end
    at_low: Floats  # (assumptions, measures, R)
    at_high: Floats

    @property
    def last_day(self) -> dt.date:
        return self.paired.last_day(self.data_month)

    def change(self, name: str) -> Interval:
        """The scenario's effect on a measure, nothing put at an end."""
        return interval(self.effect[self.paired.measures.index(name)])

    def swings(self, name: str) -> tuple[Swing, ...]:
        """One for each assumption, the widest first."""
        column = self.paired.measures.index(name)
        ends = [
            Swing(
                each,
                each.likely_low,
                each.likely_high,
                interval(self.at_low[row, column]),
                interval(self.at_high[row, column]),
                interval(self.at_high[row, column] - self.at_low[row, column]),
            )
            for row, each in enumerate(self.assumptions)
        ]
        return tuple(sorted(ends, key=lambda swing: -swing.width))

    def sentences(self, name: str, most: int = 3) -> tuple[str, ...]:
        """The effect, and what it hangs on most."""
        shown = measure(name)
        month = month_label(month_of(self.last_day))
        lines = [f"By {month}: {shown.say_change(self.change(name))} than if nothing changed."]
        for swing in self.swings(name)[:most]:
            entry = swing.assumption
            ends = [
                f"{shown.say_change(at)} at {in_unit(f'{value:g}', entry.unit)}"
                for value, at in ((swing.low, swing.at_low), (swing.high, swing.at_high))
            ]
            lines.append(f"{entry.label}: {', '.join(ends)}.")
        if self.fixed:
            fixed = ", ".join(each.label.lower() for each in self.fixed)
            lines.append(f"Held as the scenario sets them: {fixed}.")
        return tuple(lines)

    def frame(self) -> pd.DataFrame:
        """A row per measure, assumption and end of its range, the widest swing first, with 80% bands.

        Columns: measure, unit, assumption, label, end, value, value_unit, mean, lower, upper, swing. The
        first row of a measure, with no assumption, is the effect with nothing put at an end.
        """
        rows: list[dict[str, Any]] = []
        for name in self.paired.measures:
            start = {"measure": name, "unit": measure(name).unit_of_change}
            rows.append(start | {"assumption": "", "label": "", "end": ""} | vars(self.change(name)))
            for swing in self.swings(name):
                entry = swing.assumption
                behind = {"assumption": entry.key, "label": entry.label, "value_unit": entry.unit}
                for end, value, at in (("low", swing.low, swing.at_low), ("high", swing.high, swing.at_high)):
                    where = {"end": end, "value": value, "swing": swing.width}
                    rows.append(start | behind | where | vars(at))
        columns = "measure unit assumption label end value value_unit mean lower upper swing".split()
        return pd.DataFrame(rows, columns=columns)


def behind(scenario: Scenario) -> tuple[Assumption, ...]:
    """The uncertain assumptions behind a scenario: its levers', and how clinics work. In that order.

    What gives a lever's setting its default is no evidence but the planner's own choice, and is left out.
    """
    keys: list[str] = []
    for setting in scenario.levers:
        lever = setting.lever
        keys += lever.assumptions
        keys += [
            parameter.assumption
            for parameter in lever.parameters
            if parameter.assumption and parameter.default != REGISTER[parameter.assumption].value
        ]
    entries = [REGISTER[key] for key in dict.fromkeys((*keys, *CLINICS))]
    return tuple(entry for entry in entries if entry.uncertain)


def tornado(
    calibrated: Callable[[Scenario], Calibration],
    scenario: Scenario,
    paired: PairedRuns,
    *,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> Tornado:
    """The scenario's effect with each assumption behind it at both ends of its likely range.

    `calibrated` gives the calibration under a scenario's assumptions. An assumption that the scenario itself
    sets is held there. Raises TandemError where no lever is pulled, sim.runs.runner.Cancelled on `cancel`.
    """
    if not scenario.levers:
        raise TandemError(
            f"{scenario.title} pulls no lever, so it has no effect to examine.",
            "Choose a scenario with levers.",
        )
    candidates = behind(scenario)
    varied = tuple(each for each in candidates if each.key not in scenario.assumptions)
    usual = calibrated(scenario)
    runs = [(usual, scenario)]
    for entry in varied:
        for value in (entry.likely_low, entry.likely_high):
            changed = MappingProxyType({**scenario.assumptions, entry.key: value})
            here = replace(scenario, assumptions=changed)
            runs.append((calibrated(here) if entry.key in CALIBRATED_ON else usual, here))
    pairs = [pair for rates, here in runs for pair in ((rates, here), (rates, baseline_for(here)))]
    values = paired.outcomes(pairs, progress, cancel)
    effects = values[0::2] - values[1::2]
    return Tornado(
        scope=usual.scope,
        data_month=usual.data_month,
        document=scenario.document(),
        paired=paired,
        assumptions=varied,
        fixed=tuple(each for each in candidates if each.key in scenario.assumptions),
        effect=effects[0],
        at_low=effects[1::2],
        at_high=effects[2::2],
    )

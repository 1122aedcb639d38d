"""One or more settings of a scenario moved over a grid of values, every combination in the same futures."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import numpy as np
import pandas as pd

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.rtt.measures import measure
from models.scenarios.levers import LEVERS, Parameter
from models.scenarios.parameters_to_vary import names_to_vary, read_varied
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario, in_unit, read_scenario
from models.statements import Interval
from sim.runs.common_random_numbers import Floats, PairedRuns, interval
from sim.runs.runner import Cancelled, Progress

MOST_COMBINATIONS = 200
VARIABLE = ("number", "optional", "when", "provider")  # kinds of settings that take one value after the other

Given = float | str


@dataclass(frozen=True)
class Variation:
    """A setting of one of a scenario's levers, and the values it takes in turn."""

    name: str  # as it was asked for: 'virtual_by_default.first'
    place: int  # of the lever in the scenario, from 0
    parameter: Parameter
    values: tuple[Given, ...]


@dataclass(frozen=True)
class Sweep:
    """What every combination leads to, and the baseline; patients, or percent for share_within_18."""

    scope: str
    data_month: str
    document: Mapping[str, Any]  # the scenario before anything in it is varied
    paired: PairedRuns
    names: tuple[str, ...]  # of the settings varied
    combinations: tuple[tuple[Given, ...], ...]  # their values
    baseline: Floats  # (measures, R)
    outcomes: Floats  # (combinations, measures, R)
    asked: int  # combinations; more than there are where it was stopped before the last

    @property
    def last_day(self) -> dt.date:
        return self.paired.last_day(self.data_month)

    def end(self, combination: int, name: str) -> Interval:
        return interval(self.outcomes[combination, self.paired.measures.index(name)])

    def start(self, name: str) -> Interval:
        """The measure if nothing changes."""
        return interval(self.baseline[self.paired.measures.index(name)])

    def change(self, combination: int, name: str) -> Interval:
        """A combination less the baseline: patients, or percentage points."""
        row = self.paired.measures.index(name)
        return interval(self.outcomes[combination, row] - self.baseline[row])

    def frame(self) -> pd.DataFrame:
        """A row per measure and combination, with 80% bands of the measure and of its change.

        Columns: one for each setting varied, then measure, unit, mean, lower, upper, baseline, change,
        change_lower, change_upper.
        """
        rows = []
        for name in self.paired.measures:
            for place, given in enumerate(self.combinations):
                change = self.change(place, name)
                rows.append(
                    dict(zip(self.names, given, strict=True))
                    | {"measure": name, "unit": measure(name).unit}
                    | vars(self.end(place, name))
                    | {"baseline": self.start(name).mean}
                    | {"change": change.mean, "change_lower": change.lower, "change_upper": change.upper}
                )
        return pd.DataFrame(rows)


def vary(scenario: Scenario, asked: Sequence[str]) -> tuple[Scenario, tuple[Variation, ...]]:
    """The scenario and its variations as asked for: 'virtual_by_default.first=30,50,70'.

    A lever pulled more than once is told apart by a number: 'trust_pairing#2.weekly_limit=10,20'. A lever
    that is not pulled is added; what else it sets then changes nothing, if what is varied has a value that
    does (`models.scenarios.parameters_to_vary`), or stands at its default. Raises TandemError naming what
    can't be understood.
    """
    given: dict[str, str] = {}
    for text in asked:
        name, _, values = (part.strip() for part in text.partition("="))
        if not values:
            raise TandemError(
                f"{text!r} names no values.",
                "Write LEVER.SETTING=VALUE,VALUE, such as extra_sessions.clinics=5,10.",
            )
        if name in given:
            raise TandemError(f"{name} is varied twice.", "Give all of its values at once.")
        given[name] = values
    scenario = _with_levers(scenario, tuple(given))
    variations = []
    for name, values in given.items():
        place, parameter = _setting_of(scenario, name)
        variations.append(
            Variation(
                name, place, parameter, tuple(_read(parameter, each.strip()) for each in values.split(","))
            )
        )
    return scenario, tuple(variations)


def _with_levers(scenario: Scenario, names: Sequence[str]) -> Scenario:
    """The scenario with every lever pulled that the names speak of without a number."""
    pulled = {setting.lever.name for setting in scenario.levers}
    absent = [name for name in names if name.partition(".")[0] in LEVERS.keys() - pulled]
    variable = [name for name in absent if name in names_to_vary()]
    if variable:
        scenario = replace(scenario, levers=read_varied(scenario, variable)[0].levers)
    document = scenario.document()
    added = {name.partition(".")[0] for name in variable}
    others = dict.fromkeys(name.partition(".")[0] for name in absent)
    document["levers"] += [{"lever": lever} for lever in others if lever not in added]
    return read_scenario(document)


def _setting_of(scenario: Scenario, name: str) -> tuple[int, Parameter]:
    """The place of a lever in the scenario that pulls it, and the setting."""
    named, _, setting = name.partition(".")
    lever_name, _, number = named.partition("#")
    lever = LEVERS.get(lever_name)
    if lever is None:
        raise TandemError(f"There is no lever called {lever_name!r}.", f"The levers are {', '.join(LEVERS)}.")
    settable = {each.name: each for each in lever.parameters if each.kind in VARIABLE}
    if setting not in settable:
        raise TandemError(
            f"{lever_name} has no setting {setting!r} that can be varied.",
            f"It has {', '.join(settable)}: write {lever_name}.{next(iter(settable))}=VALUE,VALUE.",
        )
    places = [place for place, each in enumerate(scenario.levers) if each.lever is lever]
    if len(places) > 1 and not number:
        raise TandemError(
            f"{scenario.title} pulls {lever_name} {len(places)} times.",
            f"Say which: {lever_name}#1.{setting} to {lever_name}#{len(places)}.{setting}.",
        )
    if number and number not in {str(each + 1) for each in range(len(places))}:
        raise TandemError(
            f"{scenario.title} pulls {lever_name} {len(places)} times, so there is no {named}.",
            "Number them from 1 in the scenario's order.",
        )
    return places[int(number or 1) - 1], settable[setting]


def _read(parameter: Parameter, text: str) -> Given:
    if parameter.kind not in ("number", "optional"):
        return text
    try:
        return float(text)
    except ValueError:
        raise TandemError(
            f"{parameter.label}: {text!r} is not a number.",
            f"Give {in_unit(f'{parameter.low:,g} to {parameter.high:,g}', parameter.unit)}.",
        ) from None


def sweep(
    calibration: Calibration,
    scenario: Scenario,
    variations: Sequence[Variation],
    paired: PairedRuns,
    *,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> Sweep:
    """What each combination of the variations leads to, and what happens if nothing changes.

    `cancel` ends it with the combinations that are done. Raises TandemError for a value out of its range or
    too many combinations, sim.runs.runner.Cancelled where none is done.
    """
    combinations = tuple(itertools.product(*(each.values for each in variations)))
    if len(combinations) > MOST_COMBINATIONS:
        raise TandemError(
            f"That is {len(combinations):,} combinations.", f"Choose at most {MOST_COMBINATIONS:,}."
        )
    scenarios = [_with(scenario, variations, given) for given in combinations]
    values: list[Floats] = []
    for place, each in enumerate((baseline_for(scenario), *scenarios)):

        def tell(share: float, before: int = place) -> None:
            progress((before + share) / (len(scenarios) + 1))

        try:
            values += list(paired.outcomes([(calibration, each)], tell, cancel))
        except Cancelled:
            if len(values) < 2:  # the baseline alone says nothing
                raise
            break
    return Sweep(
        scope=calibration.scope,
        data_month=calibration.data_month,
        document=scenario.document(),
        paired=paired,
        names=tuple(each.name for each in variations),
        combinations=combinations[: len(values) - 1],
        baseline=values[0],
        outcomes=np.stack(values[1:]),
        asked=len(combinations),
    )


def _with(scenario: Scenario, variations: Sequence[Variation], given: Sequence[Given]) -> Scenario:
    document = scenario.document()
    for variation, value in zip(variations, given, strict=True):
        document["levers"][variation.place][variation.parameter.name] = value
    return read_scenario(document)

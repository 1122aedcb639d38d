"""Parameters to vary: the numbers of a scenario's levers that are varied to find what a goal would take.

A parameter is varied from its least, where it changes nothing, through the scenario's own value towards its
limit. Those of a mix vary together: at a factor t each stands at least + t (own value - least), so that what
they add stays in the scenario's proportion, up to the factor at which the first of them meets its limit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from models.scenarios import assumptions
from models.scenarios.levers import LEVERS, Lever, Parameter
from models.scenarios.scenario import LeverSetting, Scenario, ScenarioError, Value, in_unit, read_scenario

_EXACT = 9  # decimals that a step's multiples are rounded to


@dataclass(frozen=True)
class VariedParameter:
    """A number to vary: the place of its lever in the scenario, from 0, and the parameter's name."""

    place: int
    parameter: str


@dataclass(frozen=True)
class ParameterRange:
    """From `least`, where a parameter changes nothing, through the scenario's `own` value to `limit`."""

    varied: VariedParameter
    lever: Lever
    parameter: Parameter
    least: float
    own: float
    limit: float

    @property
    def name(self) -> str:
        """The parameter as the command line names it: 'extra_sessions.clinics'."""
        return f"{self.lever.name}.{self.parameter.name}"

    def at(self, factor: float) -> float:
        """Its value at a factor, in the steps the form offers: counts in whole units; at 0, its least."""
        steps = math.floor((self.least + factor * (self.own - self.least)) / self.parameter.step + 0.5)
        value = _exact(steps * self.parameter.step)
        beyond = value > self.least if self.own > self.least else value < self.least
        return value if factor and beyond else self.least

    def say(self, value: float, between: tuple[float, float | None] | None = None) -> str:
        """A value with its interval, in words: 'extra sessions (extra clinic sessions) at 15 (80%: ...)'."""
        title = self.lever.title[0].lower() + self.lever.title[1:]
        label = self.parameter.label[0].lower() + self.parameter.label[1:]
        words = f"{title} ({label}) at {in_unit(_number(value), self.parameter.unit)}"
        if between is None:
            return words
        low, high = between
        if high is None:
            return f"{words} (80%: {_number(low)} or {'more' if self.own > self.least else 'less'})"
        return f"{words} (80%: {_number(min(low, high))} to {_number(max(low, high))})"


@dataclass(frozen=True)
class Mix:
    """One parameter or several, varied in fixed proportion by whole steps of the one with the most."""

    scenario: Scenario
    ranges: tuple[ParameterRange, ...]

    @property
    def most(self) -> float:
        """The factor at which the first parameter meets its limit."""
        return min((span.limit - span.least) / (span.own - span.least) for span in self.ranges)

    @property
    def steps(self) -> int:
        """How many steps there are above none; step 0 changes nothing."""
        return max(self._steps(span) for span in self.ranges)

    def _steps(self, span: ParameterRange) -> int:
        far = span.least + self.most * (span.own - span.least)
        return _whole_steps(span, far)

    @property
    def alone(self) -> bool:
        """Whether at step 0 nothing is left of the scenario's levers that changes anything."""
        varied = {(span.varied.place, span.parameter.name) for span in self.ranges}
        places = {place for place, _ in varied}
        return all(
            place in places and (setting.lever.limits_together or not _others(self.scenario, place, varied))
            for place, setting in enumerate(self.scenario.levers)
        )

    def factor(self, step: int) -> float:
        """How much of the scenario's own values a step stands for: 1 is the scenario as it was written."""
        if step == 0:
            return 0.0
        lead = max(self.ranges, key=self._steps)
        way = math.copysign(lead.parameter.step, lead.own - lead.least)
        value = _base(lead) + step * way
        return (value - lead.least) / (lead.own - lead.least)

    def values(self, step: int) -> tuple[float, ...]:
        """Each parameter's value at a step, in its own unit."""
        factor = self.factor(step)
        return tuple(span.at(factor) for span in self.ranges)

    def at(self, step: int) -> Scenario:
        """The scenario with its parameters at a step; a lever that asks for what is so today is left out."""
        levers = list(self.scenario.levers)
        for span, value in zip(self.ranges, self.values(step), strict=True):
            place = span.varied.place
            levers[place] = _with_value(levers[place], span.parameter.name, value)
        out = [setting for setting in levers if _as_today(self.scenario, setting)]
        ceilings = tuple(setting for setting in out if setting.values.get("ceilings"))
        return replace(
            self.scenario,
            levers=tuple(setting for setting in levers if not _as_today(self.scenario, setting)),
            ceilings_of=(*self.scenario.ceilings_of, *ceilings),
        )


def mix(scenario: Scenario, varied: Sequence[VariedParameter]) -> Mix:
    """The parameters of a scenario as they vary together; raises ScenarioError for what cannot be varied.

    A single one whose own value is its least is varied upwards to its limit; in a mix it would have no part.
    """
    if not varied:
        raise ScenarioError("No lever is named to be turned.", "Name one, such as extra_sessions.clinics.")
    if len(set(varied)) < len(varied):
        raise ScenarioError("A lever's setting is named twice.", "Name each once.")
    ranges = tuple(_range(scenario, each) for each in varied)
    if len(ranges) == 1 and ranges[0].own == ranges[0].least:
        ranges = (replace(ranges[0], own=ranges[0].limit),)
    for span in ranges:
        if span.limit == span.least:
            raise ScenarioError(f"{span.name} is at its limit already.", "Turn another setting.")
        if span.own == span.least:
            raise ScenarioError(
                f"{span.name} stands at {_number(span.least)}, which changes nothing: it has no part in "
                "the mix.",
                f"Give it its part, such as {span.name}={span.least + 10 * span.parameter.step:g}.",
            )
    return Mix(scenario, ranges)


def read_varied(scenario: Scenario, texts: Sequence[str]) -> tuple[Scenario, tuple[VariedParameter, ...]]:
    """The scenario and what is varied from 'lever.parameter' or 'lever.parameter=part', one text each.

    A lever the scenario has not is added at its defaults, with its other settings where they change nothing;
    a part given replaces the scenario's own value. Raises ScenarioError naming what can be varied.
    """
    asked = [_read(text) for text in texts]
    added = dict.fromkeys(lever.name for lever, _, _ in asked if not _places(scenario, lever))
    for name in added:
        wanted = [parameter.name for lever, parameter, _ in asked if lever.name == name]
        setting = _added(scenario, LEVERS[name], wanted)
        scenario = replace(scenario, levers=(*scenario.levers, setting))
    if added and len(added) == len(scenario.levers):
        scenario = replace(scenario, name="what-it-would-take", title="What it would take", description="")
    varied = []
    for lever, parameter, own in asked:
        places = _places(scenario, lever)
        if len(places) > 1:
            raise ScenarioError(
                f"The scenario pulls {lever.name} {len(places)} times: which is meant is not clear.",
                "Keep the one to be turned.",
            )
        varied.append(VariedParameter(places[0], parameter.name))
        if own is not None:
            checked = read_scenario({"name": "part", "levers": [{"lever": lever.name, parameter.name: own}]})
            levers = list(scenario.levers)
            value = checked.levers[0].values[parameter.name]
            levers[places[0]] = _with_value(levers[places[0]], parameter.name, value)
            scenario = replace(scenario, levers=tuple(levers))
    return scenario, tuple(varied)


def names_to_vary() -> tuple[str, ...]:
    """Everything that can be varied, as 'lever.parameter'."""
    return tuple(
        f"{lever.name}.{parameter.name}"
        for lever in LEVERS.values()
        for parameter in lever.parameters
        if parameter.can_vary
    )


def _read(text: str) -> tuple[Lever, Parameter, float | None]:
    named, _, part = (piece.strip() for piece in text.partition("="))
    if named not in names_to_vary():
        raise ScenarioError(f"{named!r} cannot be turned.", f"Name one of {', '.join(names_to_vary())}.")
    lever = LEVERS[named.partition(".")[0]]
    parameter = lever.parameter(named.partition(".")[2])
    if not part:
        return lever, parameter, None
    try:
        return lever, parameter, float(part)
    except ValueError:
        raise ScenarioError(f"{text!r}: {part!r} is not a number.", f"Write {named}=20, say.") from None


def _places(scenario: Scenario, lever: Lever) -> list[int]:
    return [place for place, setting in enumerate(scenario.levers) if setting.lever.name == lever.name]


def _added(scenario: Scenario, lever: Lever, varied: Sequence[str]) -> LeverSetting:
    """A lever at its defaults whose settings other than those varied change nothing."""
    setting = read_scenario({"name": "added", "levers": [{"lever": lever.name}]}).levers[0]
    if lever.limits_together:
        return setting
    for parameter in lever.parameters:
        if parameter.can_vary and parameter.name not in varied:
            setting = _with_value(setting, parameter.name, _least(scenario, parameter))
    return setting


def _range(scenario: Scenario, varied: VariedParameter) -> ParameterRange:
    if not 0 <= varied.place < len(scenario.levers):
        raise ScenarioError(
            f"The scenario has no lever {varied.place + 1}.",
            f"It has {len(scenario.levers)}; name one of them.",
        )
    setting = scenario.levers[varied.place]
    lever = setting.lever
    parameter = next((p for p in lever.parameters if p.name == varied.parameter), None)
    if parameter is None or not parameter.can_vary:
        can = [p.name for p in lever.parameters if p.can_vary]
        raise ScenarioError(f"{lever.name}.{varied.parameter} cannot be turned.", f"Turn {' or '.join(can)}.")
    least, own = _least(scenario, parameter), setting.number(varied.parameter)
    return ParameterRange(
        varied, lever, parameter, least, own, parameter.low if own < least else parameter.high
    )


def _least(scenario: Scenario, parameter: Parameter) -> float:
    if parameter.neutral is not None:
        return parameter.neutral
    return assumptions.resolve(scenario.assumptions)[str(parameter.assumption)]


def _as_today(scenario: Scenario, setting: LeverSetting) -> bool:
    """Whether a lever whose numbers change nothing where they are today's asks for no more than today's.

    It is then left out, for it would still give every specialty the same share.
    """
    from_today = [parameter for parameter in setting.lever.parameters if parameter.neutral_today]
    return bool(from_today) and all(setting.values[p.name] == _least(scenario, p) for p in from_today)


def _others(scenario: Scenario, place: int, varied: set[tuple[int, str]]) -> list[Parameter]:
    """The settings of a lever that are not varied and do not stand where they change nothing."""
    setting = scenario.levers[place]
    return [
        parameter
        for parameter in setting.lever.parameters
        if parameter.can_vary
        and (place, parameter.name) not in varied
        and setting.number(parameter.name) != _least(scenario, parameter)
    ]


def _with_value(setting: LeverSetting, name: str, value: Value) -> LeverSetting:
    return replace(setting, values=MappingProxyType(dict(setting.values) | {name: value}))


def _base(span: ParameterRange) -> float:
    """The multiple of the parameter's step at or just before its least, in the direction it is varied."""
    before = math.floor if span.own > span.least else math.ceil
    return _exact(before(_exact(span.least / span.parameter.step)) * span.parameter.step)


def _whole_steps(span: ParameterRange, far: float) -> int:
    return max(math.floor(_exact(abs(far - _base(span)) / span.parameter.step)), 1)


def _exact(value: float) -> float:
    return round(value, _EXACT)


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0").replace("-", "−")

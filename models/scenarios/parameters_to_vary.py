"""Dials: the settings of a scenario's levers that are turned to find what a goal would take.

A dial runs from its least, where it changes nothing, through the scenario's own value towards its limit. A
mix of dials turns together: at a factor t every dial stands at least + t (own value - least), so that what
they add stays in the scenario's proportion, up to the factor at which the first of them meets its limit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from models.scenarios import assumptions
from models.scenarios.levers import LEVERS, VIRTUAL_BY_DEFAULT, Lever, Parameter
from models.scenarios.scenario import LeverSetting, Scenario, ScenarioError, Value, in_unit, read_scenario

SHARES = ("first", "follow_up")  # of virtual by default: they have no neutral value, today's is their least
# settings that each limit the same thing: at its neutral value any of them stops the lever
LIMITS_TOGETHER = ("trust_pairing",)
_EXACT = 9  # decimals that a step's multiples are rounded to


@dataclass(frozen=True)
class Dial:
    """A number to turn: the place of its lever in the scenario, from 0, and the parameter's name."""

    place: int
    parameter: str


@dataclass(frozen=True)
class Track:
    """A dial's way: from `least`, where it changes nothing, through the scenario's `own` value to `limit`."""

    dial: Dial
    lever: Lever
    parameter: Parameter
    least: float
    own: float
    limit: float

    @property
    def name(self) -> str:
        """The dial as the command line names it: 'extra_sessions.clinics'."""
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
        said = f"{title} ({label}) at {in_unit(_number(value), self.parameter.unit)}"
        if between is None:
            return said
        low, high = between
        if high is None:
            return f"{said} (80%: {_number(low)} or {'more' if self.own > self.least else 'less'})"
        return f"{said} (80%: {_number(min(low, high))} to {_number(max(low, high))})"


@dataclass(frozen=True)
class Mix:
    """One dial or several, turned in fixed proportion by whole steps of the one with the most of them."""

    scenario: Scenario
    tracks: tuple[Track, ...]

    @property
    def most(self) -> float:
        """The factor at which the first dial meets its limit."""
        return min((track.limit - track.least) / (track.own - track.least) for track in self.tracks)

    @property
    def steps(self) -> int:
        """How many steps there are above none; step 0 changes nothing."""
        return max(self._steps(track) for track in self.tracks)

    def _steps(self, track: Track) -> int:
        far = track.least + self.most * (track.own - track.least)
        return _whole_steps(track, far)

    @property
    def alone(self) -> bool:
        """Whether at step 0 nothing is left of the scenario's levers that changes anything."""
        dialled = {(track.dial.place, track.parameter.name) for track in self.tracks}
        places = {place for place, _ in dialled}
        return all(
            place in places
            and (setting.lever.name in LIMITS_TOGETHER or not _others(self.scenario, place, dialled))
            for place, setting in enumerate(self.scenario.levers)
        )

    def factor(self, step: int) -> float:
        """How much of the scenario's own values a step stands for: 1 is the scenario as it was written."""
        if step == 0:
            return 0.0
        lead = max(self.tracks, key=self._steps)
        way = math.copysign(lead.parameter.step, lead.own - lead.least)
        value = _base(lead) + step * way
        return (value - lead.least) / (lead.own - lead.least)

    def values(self, step: int) -> tuple[float, ...]:
        """Each dial's value at a step, in its own unit."""
        factor = self.factor(step)
        return tuple(track.at(factor) for track in self.tracks)

    def at(self, step: int) -> Scenario:
        """The scenario with its dials at a step; virtual by default is left out where it is as today."""
        levers = list(self.scenario.levers)
        for track, value in zip(self.tracks, self.values(step), strict=True):
            place = track.dial.place
            levers[place] = _turned(levers[place], track.parameter.name, value)
        today = _today(self.scenario)
        out = [setting for setting in levers if _as_today(setting, today)]
        ceilings = tuple(setting for setting in out if setting.values.get("ceilings"))
        return replace(
            self.scenario,
            levers=tuple(setting for setting in levers if not _as_today(setting, today)),
            ceilings_of=(*self.scenario.ceilings_of, *ceilings),
        )


def mix(scenario: Scenario, dials: Sequence[Dial]) -> Mix:
    """The dials of a scenario as they turn together; raises ScenarioError for what cannot be turned.

    A single dial whose own value is its least turns upwards to its limit; in a mix it would have no part.
    """
    if not dials:
        raise ScenarioError("No lever is named to be turned.", "Name one, such as extra_sessions.clinics.")
    if len(set(dials)) < len(dials):
        raise ScenarioError("A lever's setting is named twice.", "Name each once.")
    tracks = tuple(_track(scenario, dial) for dial in dials)
    if len(tracks) == 1 and tracks[0].own == tracks[0].least:
        tracks = (replace(tracks[0], own=tracks[0].limit),)
    for track in tracks:
        if track.limit == track.least:
            raise ScenarioError(f"{track.name} is at its limit already.", "Turn another setting.")
        if track.own == track.least:
            raise ScenarioError(
                f"{track.name} stands at {_number(track.least)}, which changes nothing: it has no part in "
                "the mix.",
                f"Give it its part, such as {track.name}={track.least + 10 * track.parameter.step:g}.",
            )
    return Mix(scenario, tracks)


def read_dials(scenario: Scenario, texts: Sequence[str]) -> tuple[Scenario, tuple[Dial, ...]]:
    """The scenario and its dials from 'lever.parameter' or 'lever.parameter=part', one text a dial.

    A lever the scenario has not is added at its defaults, with its other settings where they change nothing;
    a part given replaces the scenario's own value. Raises ScenarioError naming what can be turned.
    """
    asked = [_read(text) for text in texts]
    added = dict.fromkeys(lever.name for lever, _, _ in asked if not _places(scenario, lever))
    for name in added:
        turned = [parameter.name for lever, parameter, _ in asked if lever.name == name]
        setting = _added(scenario, LEVERS[name], turned)
        scenario = replace(scenario, levers=(*scenario.levers, setting))
    if added and len(added) == len(scenario.levers):
        scenario = replace(scenario, name="what-it-would-take", title="What it would take", description="")
    dials = []
    for lever, parameter, own in asked:
        places = _places(scenario, lever)
        if len(places) > 1:
            raise ScenarioError(
                f"The scenario pulls {lever.name} {len(places)} times: which is meant is not clear.",
                "Keep the one to be turned.",
            )
        dials.append(Dial(places[0], parameter.name))
        if own is not None:
            checked = read_scenario({"name": "part", "levers": [{"lever": lever.name, parameter.name: own}]})
            levers = list(scenario.levers)
            value = checked.levers[0].values[parameter.name]
            levers[places[0]] = _turned(levers[places[0]], parameter.name, value)
            scenario = replace(scenario, levers=tuple(levers))
    return scenario, tuple(dials)


def can_turn(lever: Lever, parameter: Parameter) -> bool:
    """Whether a setting can be a dial: a number with a value at which it changes nothing."""
    return parameter.kind == "number" and (parameter.neutral is not None or _is_share(lever, parameter))


def dial_names() -> tuple[str, ...]:
    """Everything that can be turned, as 'lever.parameter'."""
    return tuple(
        f"{lever.name}.{parameter.name}"
        for lever in LEVERS.values()
        for parameter in lever.parameters
        if can_turn(lever, parameter)
    )


def _read(text: str) -> tuple[Lever, Parameter, float | None]:
    named, _, part = (piece.strip() for piece in text.partition("="))
    if named not in dial_names():
        raise ScenarioError(f"{named!r} cannot be turned.", f"Name one of {', '.join(dial_names())}.")
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


def _added(scenario: Scenario, lever: Lever, turned: Sequence[str]) -> LeverSetting:
    """A lever at its defaults whose settings other than those turned change nothing."""
    setting = read_scenario({"name": "added", "levers": [{"lever": lever.name}]}).levers[0]
    if lever.name in LIMITS_TOGETHER:
        return setting
    for parameter in lever.parameters:
        if can_turn(lever, parameter) and parameter.name not in turned:
            setting = _turned(setting, parameter.name, _least(scenario, lever, parameter))
    return setting


def _track(scenario: Scenario, dial: Dial) -> Track:
    if not 0 <= dial.place < len(scenario.levers):
        raise ScenarioError(
            f"The scenario has no lever {dial.place + 1}.",
            f"It has {len(scenario.levers)}; name one of them.",
        )
    setting = scenario.levers[dial.place]
    lever = setting.lever
    parameter = next((p for p in lever.parameters if p.name == dial.parameter), None)
    if parameter is None or not can_turn(lever, parameter):
        can = [p.name for p in lever.parameters if can_turn(lever, p)]
        raise ScenarioError(f"{lever.name}.{dial.parameter} cannot be turned.", f"Turn {' or '.join(can)}.")
    least, own = _least(scenario, lever, parameter), setting.number(dial.parameter)
    return Track(dial, lever, parameter, least, own, parameter.low if own < least else parameter.high)


def _least(scenario: Scenario, lever: Lever, parameter: Parameter) -> float:
    if parameter.neutral is not None:
        return parameter.neutral
    return _today(scenario)[parameter.name]


def _today(scenario: Scenario) -> Mapping[str, float]:
    """Today's shares held virtually, percent, by the parameter of virtual by default."""
    values = assumptions.resolve(scenario.assumptions)
    keys = {name: VIRTUAL_BY_DEFAULT.parameter(name).assumption for name in SHARES}
    return {name: values[key] for name, key in keys.items() if key}


def _as_today(setting: LeverSetting, today: Mapping[str, float]) -> bool:
    """Whether a setting of virtual by default asks for no more than is virtual already.

    It is then left out, for it would still give every specialty the same share.
    """
    virtual = setting.lever.name == VIRTUAL_BY_DEFAULT.name
    return virtual and all(setting.values[name] == today[name] for name in SHARES)


def _others(scenario: Scenario, place: int, dialled: set[tuple[int, str]]) -> list[Parameter]:
    """The settings of a lever that are not dialled and do not stand where they change nothing."""
    setting = scenario.levers[place]
    return [
        parameter
        for parameter in setting.lever.parameters
        if can_turn(setting.lever, parameter)
        and (place, parameter.name) not in dialled
        and setting.number(parameter.name) != _least(scenario, setting.lever, parameter)
    ]


def _is_share(lever: Lever, parameter: Parameter) -> bool:
    return lever.name == VIRTUAL_BY_DEFAULT.name and parameter.name in SHARES


def _turned(setting: LeverSetting, name: str, value: Value) -> LeverSetting:
    return replace(setting, values=MappingProxyType(dict(setting.values) | {name: value}))


def _base(track: Track) -> float:
    """The multiple of the track's step at or just before its least, seen in the direction it turns."""
    before = math.floor if track.own > track.least else math.ceil
    return _exact(before(_exact(track.least / track.parameter.step)) * track.parameter.step)


def _whole_steps(track: Track, far: float) -> int:
    return max(math.floor(_exact(abs(far - _base(track)) / track.parameter.step)), 1)


def _exact(value: float) -> float:
    return round(value, _EXACT)


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0").replace("-", "−")

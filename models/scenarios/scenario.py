"""A scenario: levers with their settings, as a plain document that can be read, checked and kept."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from models.errors import TandemError
from models.rtt import months
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios import assumptions
from models.scenarios.levers import LEVERS, Lever, Parameter

Value = float | str | Mapping[str, float] | None
RELATIVE_WEEKS = re.compile(r"\+([0-9]{1,3})w")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PROVIDER = re.compile(r"[A-Za-z0-9]{3,6}")
SCOPES = ("providers", "treatment_functions")


class ScenarioError(TandemError):
    """A scenario document that cannot be run; the message names the lever, the setting and its range."""


@dataclass(frozen=True)
class LeverSetting:
    """One lever as a scenario pulls it. An empty scope means every provider or treatment function."""

    lever: Lever
    values: Mapping[str, Value]
    providers: tuple[str, ...] = ()
    treatment_functions: tuple[str, ...] = ()

    def number(self, name: str) -> float:
        value = self.values[name]
        if not isinstance(value, float):
            raise TypeError(f"{self.lever.name}.{name} is not a number")
        return value

    def optional(self, name: str) -> float | None:
        """A number that may be left empty; None where it was."""
        value = self.values[name]
        return value if isinstance(value, float) else None

    def text(self, name: str) -> str:
        value = self.values[name]
        return value if isinstance(value, str) else ""

    def table(self, name: str) -> Mapping[str, float]:
        value = self.values[name]
        return value if isinstance(value, Mapping) else {}

    def week(self, name: str, data_month: str) -> int | None:
        """The week of the simulation (0 the first after `data_month`) a moment falls in; None if unset."""
        value = self.values[name]
        if not isinstance(value, str) or not value:
            return None
        if relative := RELATIVE_WEEKS.fullmatch(value):
            return int(relative[1])
        first = months.week_start(data_month, 0)
        return max((dt.date.fromisoformat(value) - first).days // 7, 0)

    def parties(self) -> tuple[str, ...]:
        """The providers that the lever brings together."""
        named = (self.text(p.name) for p in self.lever.parameters if p.kind == "provider")
        return tuple(code for code in named if code)

    def document(self) -> dict[str, Any]:
        """The setting as plain values, defaults too, so that it means the same if they change; no blanks."""
        given = {
            p.name: dict(value) if isinstance(value := self.values[p.name], Mapping) else value
            for p in self.lever.parameters
            if self.values[p.name] not in (None, "", {}) or self.values[p.name] != _default(p)
        }
        scope = {name: list(getattr(self, name)) for name in SCOPES if getattr(self, name)}
        return {"lever": self.lever.name} | given | scope


@dataclass(frozen=True)
class Scenario:
    """Levers in play and the assumptions changed from the register. No levers: the baseline."""

    name: str
    title: str = ""
    description: str = ""
    levers: tuple[LeverSetting, ...] = ()
    assumptions: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    # levers that are not pulled, but whose ceilings say who can be seen virtually: a baseline's, so that it
    # stands in the same world as its scenario
    ceilings_of: tuple[LeverSetting, ...] = ()

    def providers_named(self) -> list[tuple[Lever, str]]:
        """Each lever with each provider that it names, as its scope or as a party to it."""
        named: list[tuple[Lever, str]] = []
        for setting in self.levers:
            named += [(setting.lever, code) for code in (*setting.providers, *setting.parties())]
        return named

    def document(self) -> dict[str, Any]:
        """The scenario as a plain document: `read_scenario` gives the same scenario back."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "levers": [setting.document() for setting in self.levers],
            "assumptions": dict(self.assumptions),
        }


def read_scenario(document: Mapping[str, Any]) -> Scenario:
    """The scenario a document describes; raises ScenarioError naming what is wrong and its range."""
    if not isinstance(document, Mapping):
        raise ScenarioError("A scenario is a set of named values.", "Give at least a name and its levers.")
    known = ("name", "title", "description", "levers", "assumptions")
    _refuse_unknown(document, known, "The scenario")
    name = document.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ScenarioError("The scenario has no name.", "Add a line such as name: virtual-70.")
    levers = [] if document.get("levers") is None else document["levers"]
    if isinstance(levers, str | bytes) or not isinstance(levers, Sequence):
        raise ScenarioError("The scenario's levers are not a list.", "Write each lever as an item of a list.")
    changed = {} if document.get("assumptions") is None else document["assumptions"]
    if not isinstance(changed, Mapping):
        raise ScenarioError("The scenario's assumptions are not named values.", "Write each as key: number.")
    resolved = assumptions.resolve(changed)
    return Scenario(
        name=name.strip(),
        title=_read_words(document, "title") or name.strip(),
        description=_read_words(document, "description"),
        levers=tuple(_read_setting(item, place) for place, item in enumerate(levers, start=1)),
        assumptions=MappingProxyType({key: resolved[key] for key in changed}),
    )


def _read_words(document: Mapping[str, Any], name: str) -> str:
    given = document.get(name)
    if given is not None and not isinstance(given, str):
        raise ScenarioError(
            f"The scenario's {name} is {given!r}, which is not text.",
            f"Write it in quotes, or leave {name} out.",
        )
    return (given or "").strip()


def _read_setting(item: Any, place: int) -> LeverSetting:
    if not isinstance(item, Mapping) or "lever" not in item:
        raise ScenarioError(f"Lever {place} of the scenario has no name.", "Add lever: and one of its names.")
    lever = LEVERS.get(str(item["lever"]))
    if lever is None:
        raise ScenarioError(
            f"There is no lever called {item['lever']!r} (lever {place} of the scenario).",
            f"The levers are {', '.join(LEVERS)}.",
        )
    names = [p.name for p in lever.parameters]
    _refuse_unknown(item, ("lever", *names, *SCOPES), f"Lever {lever.name}")
    values = {p.name: _read_value(lever, p, item.get(p.name)) for p in lever.parameters}
    scope = {name: _read_codes(lever, name, item.get(name)) for name in SCOPES}
    return LeverSetting(lever=lever, values=MappingProxyType(values), **scope)


def _refuse_unknown(given: Mapping[str, Any], known: Sequence[str], whose: str) -> None:
    for key in given:
        if key not in known:
            raise ScenarioError(f"{whose} has no setting called {key!r}.", f"It takes {', '.join(known)}.")


def _default(parameter: Parameter) -> Value:
    if parameter.kind == "table":
        return MappingProxyType({})
    if parameter.kind == "number" and isinstance(parameter.default, int | float):
        return float(parameter.default)
    return parameter.default


def _read_value(lever: Lever, parameter: Parameter, given: Any) -> Value:
    if given is None:
        return _default(parameter)
    if parameter.kind == "when":
        return _read_moment(lever, parameter, given)
    if parameter.kind == "table":
        return _read_table(lever, parameter, given)
    if parameter.kind == "provider":
        return _read_provider(lever, parameter, given)
    return _read_number(lever, parameter, given)


def _read_number(lever: Lever, parameter: Parameter, given: Any, of: str = "") -> float:
    named = f"{lever.name}: {parameter.label.lower()}{of}"
    allowed = in_unit(f"{parameter.low:,g} to {parameter.high:,g}", parameter.unit)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ScenarioError(f"{named} is {_shown(given)}, which is not a number.", f"Give {allowed}.")
    if not parameter.low <= given <= parameter.high:  # also refuses nan
        beyond = f"{given:,g}" if abs(given) < 1e300 or isinstance(given, float) else "far"  # past any float
        raise ScenarioError(
            f"{named} is {beyond}, outside {allowed}.",
            f"Choose a value in that range. {reason(parameter)}".strip(),
        )
    return float(given)


def in_unit(number: str, unit: str) -> str:
    """A number with its unit as they are written: '0 to 30%', '13 weeks'."""
    return f"{number}{'' if unit.startswith('%') else ' '}{unit}".strip()


def reason(parameter: Parameter) -> str:
    """What stands behind a setting: how it is meant and, where there is any, the evidence."""
    sentences = [parameter.help] if parameter.help else []
    if parameter.assumption:
        entry = assumptions.assumption(parameter.assumption)
        sentences.append(f"{entry.label}: {in_unit(f'{entry.value:g}', entry.unit)} ({entry.source}).")
    return " ".join(sentences)


def _shown(given: Any) -> str:
    """A value as it was given, no longer than a message can hold."""
    try:
        text = repr(given)
    except ValueError:  # a whole number of more digits than Python writes out
        return "a number too long to write"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _read_moment(lever: Lever, parameter: Parameter, given: Any) -> str:
    text = given.isoformat() if isinstance(given, dt.date) else given
    if isinstance(text, str):
        text = text.strip()
        if not text or RELATIVE_WEEKS.fullmatch(text):
            return text
        try:
            if DATE.fullmatch(text):
                return dt.date.fromisoformat(text).isoformat()
        except ValueError:  # a day that the month does not have
            pass
    raise ScenarioError(
        f"{lever.name}: {parameter.label.lower()} is {_shown(text)}, which is not a date.",
        "Write a date as 2026-04-06, or weeks after the latest figures as +26w, up to +999w.",
    )


def _read_provider(lever: Lever, parameter: Parameter, given: Any) -> str:
    if isinstance(given, str) and not given.strip():
        return ""  # left open
    return _read_code(lever, parameter.label.lower(), given)


def _read_code(lever: Lever, named: str, given: Any) -> str:
    if not isinstance(given, str) or not PROVIDER.fullmatch(given.strip()):
        raise ScenarioError(
            f"{lever.name}: {named} is {_shown(given)}, which is not a provider's code.",
            "Give a code of three to six letters and digits, such as RWE, as the Backlog page lists them.",
        )
    return given.strip().upper()


def _read_table(lever: Lever, parameter: Parameter, given: Any) -> Mapping[str, float]:
    if not isinstance(given, Mapping):
        raise ScenarioError(
            f"{lever.name}: {parameter.label.lower()} is not a table.", "Write C_110: 40 and so on."
        )
    for code in given:
        _refuse_unknown_code(lever, str(code))
    return MappingProxyType(
        {str(code): _read_number(lever, parameter, value, f" ({code})") for code, value in given.items()}
    )


def _read_codes(lever: Lever, name: str, given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    if isinstance(given, str | bytes) or not isinstance(given, Sequence):
        raise ScenarioError(f"{lever.name}: {name} is not a list of codes.", "Write them as [RWE, NT322].")
    if name == "providers":
        return tuple(_read_code(lever, "one of its providers", code) for code in given)
    for code in given:
        _refuse_unknown_code(lever, str(code))
    return tuple(str(code) for code in given)


def _refuse_unknown_code(lever: Lever, code: str) -> None:
    if code not in TREATMENT_FUNCTIONS:
        raise ScenarioError(
            f"{lever.name}: {code!r} is not a treatment function.",
            f"The codes are {', '.join(TREATMENT_FUNCTIONS)}.",
        )

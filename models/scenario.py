"""A scenario: levers with their settings, as a plain document that can be read, checked and kept."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from models import assumptions, months
from models.errors import TandemError
from models.levers import LEVERS, Lever, Parameter
from models.treatment_functions import TREATMENT_FUNCTIONS

Value = float | str | Mapping[str, float] | None
RELATIVE_WEEKS = re.compile(r"\+(\d{1,3})w")
PROVIDER = re.compile(r"[A-Z0-9]{3,6}")
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
    levers = document.get("levers") or []
    if isinstance(levers, str | Mapping) or not isinstance(levers, Sequence):
        raise ScenarioError("The scenario's levers are not a list.", "Write each lever as an item of a list.")
    changed = document.get("assumptions") or {}
    if not isinstance(changed, Mapping):
        raise ScenarioError("The scenario's assumptions are not named values.", "Write each as key: number.")
    resolved = assumptions.resolve(changed)
    return Scenario(
        name=name.strip(),
        title=str(document.get("title") or "").strip() or name.strip(),
        description=str(document.get("description") or "").strip(),
        levers=tuple(_read_setting(item, place) for place, item in enumerate(levers, start=1)),
        assumptions=MappingProxyType({key: resolved[key] for key in changed}),
    )


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
    allowed = f"{parameter.low:,g} to {parameter.high:,g} {parameter.unit}".strip()
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ScenarioError(f"{named} is {given!r}, which is not a number.", f"Give {allowed}.")
    if not parameter.low <= given <= parameter.high:  # also refuses nan
        beyond = f"{given:,g}" if abs(given) < 1e300 or isinstance(given, float) else "far"  # past any float
        raise ScenarioError(
            f"{named} is {beyond}, outside {allowed}.",
            f"Choose a value in that range. {parameter.help}".strip(),
        )
    return float(given)


def _read_moment(lever: Lever, parameter: Parameter, given: Any) -> str:
    text = given.isoformat() if isinstance(given, dt.date) else str(given).strip()
    if not text or RELATIVE_WEEKS.fullmatch(text):
        return text
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ScenarioError(
            f"{lever.name}: {parameter.label.lower()} is {text!r}, which is not a date.",
            "Write a date as 2026-04-06, or weeks after the latest figures as +26w.",
        ) from None


def _read_provider(lever: Lever, parameter: Parameter, given: Any) -> str:
    if not isinstance(given, str) or not PROVIDER.fullmatch(given.strip().upper()):
        raise ScenarioError(
            f"{lever.name}: {parameter.label.lower()} is {given!r}, which is not a provider's code.",
            "Give a code such as RWE, as the Backlog page lists them.",
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
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ScenarioError(f"{lever.name}: {name} is not a list of codes.", "Write them as [RWE, NT322].")
    if name == "treatment_functions":
        for code in given:
            _refuse_unknown_code(lever, str(code))
    return tuple(str(code) for code in given)


def _refuse_unknown_code(lever: Lever, code: str) -> None:
    if code not in TREATMENT_FUNCTIONS:
        raise ScenarioError(
            f"{lever.name}: {code!r} is not a treatment function.",
            f"The codes are {', '.join(TREATMENT_FUNCTIONS)}.",
        )

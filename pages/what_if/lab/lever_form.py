"""The form of levers, drawn from their definitions in `models/scenarios/levers`: new ones need no code here.

The values live in the session under keys of their own until the form is read as a scenario document.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from models.rtt import months
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS, name_of
from models.scenarios.assumptions import REGISTER, Assumption
from models.scenarios.levers import LEVERS, Lever, Parameter
from models.scenarios.scenario import LeverSetting, Scenario, read_scenario

LONGEST_WEEKS = 260  # after the figures, as far as a moment can be chosen
IN_PLAY = "levers_in_play"  # begins the key of each group's choice
_ORDER = "lever_order"  # of the scenario that filled the form
_VERSION = "lever_form_version"  # counts how often the form was filled, because a table can't be refilled


def fill_form(scenario: Scenario, month: str) -> None:
    """Set every control to what `scenario` says, on the figures of `month`; before the form is drawn."""
    state = st.session_state
    state[_VERSION] = state.get(_VERSION, 0) + 1
    state[_ORDER] = [setting.lever.name for setting in scenario.levers]
    for group, names in groups().items():
        state[f"{IN_PLAY}_{group}"] = [name for name in names if name in state[_ORDER]]
    for setting in scenario.levers:
        _fill_lever(setting, month)
    for key, entry in REGISTER.items():
        state[f"assume_{key}"] = float(scenario.assumptions.get(key, entry.value))


def form_is_filled() -> bool:
    """Whether the session holds the form's values: Streamlit drops them when another page is shown."""
    return all(f"{IN_PLAY}_{group}" in st.session_state for group in groups())


def groups() -> dict[str, list[str]]:
    """The levers' names by the document they come from, both in the levers' own order."""
    levers: dict[str, list[str]] = {}
    for name, lever in LEVERS.items():
        levers.setdefault(lever.group, []).append(name)
    return levers


def draw_form(providers: Mapping[str, str], month: str) -> dict[str, Any]:
    """Draw the levers by group and give what they say: `levers` and `assumptions` of a scenario document.

    `providers` names those the scope has, by code.
    """
    drawn: dict[str, dict[str, Any]] = {}
    for group, names in groups().items():
        chosen = st.pills(
            group,
            names,
            selection_mode="multi",
            key=f"{IN_PLAY}_{group}",
            wrap=True,
            format_func=lambda name: LEVERS[name].title,
        )
        for name in names:
            if name in chosen:
                drawn[name] = _draw_lever(LEVERS[name], providers, month)
    order = [*st.session_state[_ORDER], *LEVERS]
    levers = [drawn[name] for name in dict.fromkeys(order) if name in drawn]
    return {"levers": levers, "assumptions": _draw_assumptions()}


def _key(lever: Lever, name: str) -> str:
    return f"lever_{lever.name}_{name}"


def _fill_lever(setting: LeverSetting, month: str) -> None:
    for scope in ("providers", "treatment_functions"):
        st.session_state[_key(setting.lever, scope)] = list(getattr(setting, scope))
    for parameter in setting.lever.parameters:
        _fill(setting.lever, parameter, setting, month)


def _fill(lever: Lever, parameter: Parameter, setting: LeverSetting, month: str) -> None:
    state, key = st.session_state, _key(lever, parameter.name)
    if parameter.kind == "number":
        state[key] = setting.number(parameter.name)
    elif parameter.kind == "optional":
        state[key] = setting.optional(parameter.name)
    elif parameter.kind == "table":
        state[f"{key}_given"] = dict(setting.table(parameter.name))
    elif parameter.kind == "provider":
        state[key] = str(setting.values[parameter.name] or "")
    else:
        week = setting.week(parameter.name, month)
        day = None if week is None else months.week_start(month, min(week, LONGEST_WEEKS))
        state[key] = day
        # a moment in weeks stays in weeks, as written, unless the planner chooses another day
        state[f"{key}_given"] = (setting.values[parameter.name], day)


def _draw_lever(lever: Lever, providers: Mapping[str, str], month: str) -> dict[str, Any]:
    if _key(lever, "providers") not in st.session_state:  # newly in play: as its definition has it
        _fill_lever(read_scenario({"name": "usual", "levers": [{"lever": lever.name}]}).levers[0], month)
    with st.expander(f"**{lever.title}**", key=_key(lever, "group"), on_change="ignore"):
        st.markdown(lever.sentence)
        st.caption(f"Where it comes from: {lever.source}.")
        drawn = {each.name: _draw(lever, each, providers, month) for each in lever.parameters}
        scope = {
            "providers": st.multiselect(
                "Only at these providers",
                list(providers),
                key=_key(lever, "providers"),
                format_func=lambda code: providers.get(code, code),
                placeholder="All providers",
            ),
            "treatment_functions": st.multiselect(
                "Only in these specialties",
                list(TREATMENT_FUNCTIONS),
                format_func=name_of,
                key=_key(lever, "treatment_functions"),
                placeholder="All specialties",
            ),
        }
    given = {name: value for name, value in drawn.items() if value is not None}
    return {"lever": lever.name} | given | {name: codes for name, codes in scope.items() if codes}


def _draw(lever: Lever, parameter: Parameter, providers: Mapping[str, str], month: str) -> Any:
    if parameter.kind in ("number", "optional"):
        return _draw_number(lever, parameter)
    if parameter.kind == "when":
        return _draw_moment(lever, parameter, month)
    if parameter.kind == "provider":
        return _draw_provider(lever, parameter, providers)
    return _draw_table(lever, parameter)


def _draw_number(lever: Lever, parameter: Parameter) -> float | None:
    label = f"{parameter.label}, {parameter.unit}" if parameter.unit else parameter.label
    key, whole = _key(lever, parameter.name), f"%.{0 if parameter.step == int(parameter.step) else 1}f"
    low, high, step, help = parameter.low, parameter.high, parameter.step, parameter.help or None
    value: float | None
    if parameter.kind == "optional":
        value = st.number_input(
            label, low, high, None, step=step, key=key, help=help, format=whole, placeholder="As today"
        )
    elif (low, high) == (0.0, 100.0):
        value = st.slider(label, low, high, step=step, key=key, help=help, format=whole)
    else:
        value = st.number_input(label, low, high, step=step, key=key, help=help, format=whole)
    if parameter.assumption:
        _evidence(REGISTER[parameter.assumption])
    return None if value is None else float(value)


def _draw_moment(lever: Lever, parameter: Parameter, month: str) -> str:
    key = _key(lever, parameter.name)
    written, day = st.session_state[f"{key}_given"]
    chosen = st.date_input(
        parameter.label,
        key=key,
        value=None,
        format="DD/MM/YYYY",
        min_value=months.week_start(month, 0),
        max_value=months.week_start(month, LONGEST_WEEKS),
        help=_in_days(parameter.help),
    )
    if chosen == day:
        return str(written)
    return chosen.isoformat() if isinstance(chosen, dt.date) else ""


def _draw_provider(lever: Lever, parameter: Parameter, providers: Mapping[str, str]) -> str:
    key = _key(lever, parameter.name)
    # a link may name a provider outside the board; it stays on offer so that the form says what runs
    offered = dict.fromkeys(("", st.session_state[key], *providers))
    return st.selectbox(
        parameter.label,
        list(offered),
        key=key,
        format_func=lambda code: providers.get(code, code) or "Chosen for the board",
        help=parameter.help or None,
    )


def _in_days(text: str) -> str | None:
    """The help of a moment without how weeks are written, which a calendar does not need."""
    return text.partition(", or weeks after")[0].removesuffix("A date") or None


def _draw_table(lever: Lever, parameter: Parameter) -> dict[str, float]:
    key = _key(lever, parameter.name)
    given: dict[str, float] = st.session_state[f"{key}_given"]
    usual = parameter.usual
    frame = pd.DataFrame(
        {
            "code": list(TREATMENT_FUNCTIONS),
            "name": [each.name for each in TREATMENT_FUNCTIONS.values()],
            "registered": [usual(code) if usual else None for code in TREATMENT_FUNCTIONS],
            "yours": pd.array([given.get(code) for code in TREATMENT_FUNCTIONS], dtype="Float64"),
        }
    )
    with st.popover(
        f"{parameter.label} ({len(given)} changed)" if given else parameter.label, width="stretch"
    ):
        st.caption(f":gray-badge[Assumption] {parameter.help}")
        edited = st.data_editor(
            frame,
            key=f"{key}_{st.session_state[_VERSION]}",
            hide_index=True,
            height=248,
            placeholder="as assumed" if usual else "",
            disabled=["code", "name", "registered"],
            column_config={
                "code": None,
                "name": st.column_config.TextColumn("Specialty", width="medium"),
                "registered": st.column_config.NumberColumn("Assumed", format="%.0f") if usual else None,
                "yours": st.column_config.NumberColumn(
                    "Yours", min_value=parameter.low, max_value=parameter.high, format="%.0f"
                ),
            },
        )
    mine = edited.dropna(subset="yours")
    return {str(code): float(value) for code, value in zip(mine["code"], mine["yours"], strict=True)}


def _draw_assumptions() -> dict[str, float]:
    """The register's entries behind the levers, each within its range; gives those that were changed."""
    behind = dict.fromkeys(key for lever in LEVERS.values() for key in lever.assumptions)
    with st.expander("Assumptions behind the levers"):
        st.caption("They hold in the baseline too, so that a difference is the levers' alone.")
        for key in behind:
            entry = REGISTER[key]
            st.number_input(
                f"{entry.label}, {entry.unit}",
                entry.low * 1.0,
                entry.high * 1.0,
                key=f"assume_{key}",
                step=0.05 if entry.high <= 5 else 1.0,
                format="%g",
                help=entry.note or None,
            )
            _evidence(entry, value=False)
    kept = st.session_state
    return {key: kept[f"assume_{key}"] for key, each in REGISTER.items() if _changed(each)}


def _changed(entry: Assumption) -> bool:
    return float(st.session_state.get(f"assume_{entry.key}", entry.value)) != float(entry.value)


def _evidence(entry: Assumption, *, value: bool = True) -> None:
    source = entry.source.removeprefix("Assumption: ")
    unit = entry.unit if entry.unit == "%" else f" {entry.unit}"
    words = f"{entry.label}: {entry.value:g}{unit}." if value else f"Usual: {entry.value:g}."
    mark = ":gray-badge[Assumption] " if entry.is_assumption else ""
    note = f" {entry.note}" if value and entry.note else ""
    st.caption(f"{mark}{words} {source[:1].upper()}{source[1:].removesuffix('.')}.{note}")

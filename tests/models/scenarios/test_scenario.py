"""Scenario documents: read back as written, or refused with the lever, setting and range."""

import datetime as dt
import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.assumptions import REGISTER
from models.scenarios.levers import LEVERS, Parameter
from models.scenarios.scenario import Scenario, ScenarioError, read_scenario

pytestmark = pytest.mark.unit

MOMENTS = st.one_of(
    st.integers(0, 999).map(lambda weeks: f"+{weeks}w"),
    st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)).map(dt.date.isoformat),
)


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    if parameter.kind == "when":
        return MOMENTS
    if parameter.kind == "table":
        return st.dictionaries(st.sampled_from(list(TREATMENT_FUNCTIONS)), st.floats(0, 100), max_size=3)
    if parameter.kind == "provider":
        return st.sampled_from(["RWE", "RNQ", "NT322"])
    return st.floats(parameter.low, parameter.high)


PULLS = st.sampled_from(list(LEVERS.values())).flatmap(
    lambda lever: st.fixed_dictionaries(
        {"lever": st.just(lever.name)},
        optional={p.name: values_of(p) for p in lever.parameters}
        | {
            "providers": st.lists(st.sampled_from(["RWE", "RNQ", "NT322"]), max_size=2),
            "treatment_functions": st.lists(st.sampled_from(list(TREATMENT_FUNCTIONS)), max_size=2),
        },
    )
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
DOCUMENTS = st.fixed_dictionaries(
    {"name": WORDS.filter(lambda text: text.strip())},
    optional={
        "title": WORDS,
        "description": WORDS,
        "levers": st.lists(PULLS, max_size=3),
        "assumptions": st.fixed_dictionaries(
            {}, optional={key: st.floats(entry.low, entry.high) for key, entry in REGISTER.items()}
        ),
    },
)


@given(DOCUMENTS)
@example({"name": "spaces", "title": "   ", "description": " \t"})
def test_a_document_reads_back_as_the_same_scenario(document: dict[str, Any]) -> None:
    scenario = read_scenario(document)
    written = scenario.document()
    assert read_scenario(written) == scenario
    assert read_scenario(json.loads(json.dumps(written))) == scenario
    assert read_scenario(yaml.safe_load(yaml.safe_dump(written, allow_unicode=True))) == scenario


def test_a_document_keeps_its_defaults_and_leaves_out_blanks() -> None:
    scenario = read_scenario(
        {
            "name": "two",
            "levers": [{"lever": "extra_sessions", "clinics": 10, "theatre_slots": 5, "providers": []}],
        }
    )
    kept = {"lever": "extra_sessions", "clinics": 10.0, "theatre_slots": 5.0, "starts": "+0w"}
    assert scenario.document()["levers"] == [kept]


def pulled(**values: Any) -> Scenario:
    return read_scenario({"name": "tried", "levers": [{"lever": "virtual_by_default"} | values]})


@pytest.mark.parametrize(
    ("lever", "parameter"),
    [(lever, p) for lever in LEVERS.values() for p in lever.parameters if p.kind == "number"],
)
@pytest.mark.parametrize(
    "beyond",
    [-1e6, 1e6, math.inf, -math.inf, math.nan, 10**400, -(10**400)],
    ids=lambda value: f"{value}"[:5],
)
def test_a_number_out_of_range_names_lever_setting_and_range(
    lever: Any, parameter: Any, beyond: float
) -> None:
    with pytest.raises(ScenarioError) as fault:
        read_scenario({"name": "far", "levers": [{"lever": lever.name, parameter.name: beyond}]})
    said = str(fault.value)
    assert lever.name in said
    assert parameter.label.lower() in said
    assert f"{parameter.low:,g} to {parameter.high:,g}" in said


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "set of named values"),
        ("virtual-70", "set of named values"),
        ({}, "no name"),
        ({"name": "  "}, "no name"),
        ({"name": 7}, "no name"),
        ({"name": "a", "lever": []}, "no setting called 'lever'"),
        ({"name": "a", "levers": "virtual_by_default"}, "not a list"),
        ({"name": "a", "levers": {"lever": "referral_growth"}}, "not a list"),
        ({"name": "a", "levers": [{"first": 70}]}, "Lever 1 .* has no name"),
        ({"name": "a", "levers": [{"lever": "referral_growth"}, "x"]}, "Lever 2 .* has no name"),
        ({"name": "a", "levers": [{"lever": "virtual"}]}, "no lever called 'virtual'.*virtual_by_default"),
        (
            {"name": "a", "levers": [{"lever": "referral_growth", "rate": 2}]},
            "referral_growth .*'rate'.*growth",
        ),
        ({"name": "a", "title": 7}, "title is 7, which is not text"),
        ({"name": "a", "levers": 0}, "not a list"),
        ({"name": "a", "assumptions": [1]}, "assumptions are not named"),
        ({"name": "a", "assumptions": False}, "assumptions are not named"),
        ({"name": "a", "assumptions": {"virtual_repeat": 41}}, "virtual_repeat.*0 to 40"),
        ({"name": "a", "assumptions": {"virtual_repeats": 4}}, "virtual_repeats.*virtual_repeat"),
        ({"name": "a", "assumptions": {3: 4}}, "no assumption '3'"),
        ({"name": "a", "assumptions": {None: 4}}, "no assumption"),
        ({"name": "a", "assumptions": {"virtual_repeat": 10**400}}, "0 to 40"),
        ({"name": "a", "assumptions": {"virtual_repeat": "8"}}, "not a number"),
    ],
)
def test_what_is_wrong_with_a_document_is_said(document: Any, said: str) -> None:
    with pytest.raises(TandemError, match=f"(?s){said}") as fault:
        read_scenario(document)
    assert fault.value.remedy


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"first": "70"}, "first appointments held virtually is '70', which is not a number.*0 to 100%"),
        ({"first": True}, "not a number"),
        ({"first": [70]}, "not a number"),
        ({"starts": "April"}, "starts is 'April', which is not a date.*2026-04-06"),
        ({"starts": "+4000w"}, "not a date"),
        ({"starts": "2026-02-30"}, "not a date"),
        ({"full_by": [1]}, "not a date"),
        ({"ceilings": 40}, "not a table"),
        ({"ceilings": {"C_110": 140}}, r"C_110.*140.*0 to 100"),
        ({"ceilings": {"C_999": 40}}, "'C_999' is not a treatment function"),
        ({"ceilings": {110: 40}}, "'110' is not a treatment function"),
        ({"providers": "RWE"}, "providers is not a list"),
        ({"providers": {"RWE": 1}}, "providers is not a list"),
        (
            {"providers": ["RWE", "Leicester"]},
            "one of its providers is 'Leicester', which is not a provider's",
        ),
        ({"starts": 20260406}, "starts is 20260406, which is not a date"),
        ({"first": 170}, "170, outside 0 to 100%.*Of all first attendances.*13.5% .*HES"),
        ({"treatment_functions": ["C_110", "orthopaedics"]}, "'orthopaedics' is not a treatment function"),
    ],
)
def test_what_is_wrong_with_a_setting_is_said(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=f"virtual_by_default.*{said}") as fault:
        pulled(**values)
    assert fault.value.remedy


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=6),
        st.dates(),
        st.datetimes(),
        st.binary(max_size=3),
        st.sampled_from([10**400, -(10**400), "+4w", "2026-04-06", "C_110", "RWE"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=6), st.integers(), st.none()), inner, max_size=3),
    ),
    max_leaves=6,
)
NAMES = ["name", "title", "description", "levers", "assumptions"]
SETTINGS = sorted(
    {p.name for lever in LEVERS.values() for p in lever.parameters} | {"providers", "treatment_functions"}
)
KEYS = st.one_of(st.sampled_from(list(REGISTER)), st.text(max_size=6), st.integers(), st.none())
NEARLY = st.fixed_dictionaries(
    {"name": st.just("near")},
    optional={
        "levers": st.lists(
            st.fixed_dictionaries(
                {"lever": st.sampled_from([*LEVERS, "other"])}, optional=dict.fromkeys(SETTINGS, ANYTHING)
            ),
            max_size=2,
        ),
        "assumptions": st.dictionaries(KEYS, ANYTHING, max_size=2),
        "title": ANYTHING,
        "description": ANYTHING,
    },
)


@settings(max_examples=300)
@given(st.one_of(NEARLY, ANYTHING, st.dictionaries(st.sampled_from(NAMES), ANYTHING)))
def test_any_document_is_a_scenario_or_a_fault_that_can_be_mended(document: Any) -> None:
    try:
        scenario = read_scenario(document)
    except TandemError as told:
        fault = told
    else:
        assert read_scenario(scenario.document()) == scenario
        return
    assert fault.message
    assert fault.remedy


def test_moments_become_weeks_of_the_simulation() -> None:
    # August 2025 runs from Monday 1 September: 6 April 2026 is 217 days on, 31 weeks to the day
    (setting,) = pulled(starts="2026-04-06", full_by="+40w").levers
    assert setting.week("starts", "2025-08") == 31
    assert setting.week("full_by", "2025-08") == 40
    assert pulled(starts="2026-04-05").levers[0].week("starts", "2025-08") == 30
    assert pulled(starts="2020-01-01").levers[0].week("starts", "2025-08") == 0  # already under way
    assert pulled(starts=dt.date(2026, 4, 6)).levers[0].week("starts", "2025-08") == 31  # as YAML reads it
    (sessions,) = read_scenario({"name": "s", "levers": [{"lever": "extra_sessions"}]}).levers
    assert sessions.week("ends", "2025-08") is None


def test_a_setting_is_read_as_what_it_is() -> None:
    (setting,) = pulled(ceilings={"C_110": 40}).levers
    assert setting.table("ceilings") == {"C_110": 40}
    assert setting.number("first") == 70
    with pytest.raises(TypeError, match="starts"):
        setting.number("starts")

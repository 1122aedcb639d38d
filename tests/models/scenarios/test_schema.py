"""The published schema: equal to what the levers give, and of one mind with the reader of documents."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from models.errors import TandemError
from models.scenarios.assumptions import REGISTER
from models.scenarios.levers import LEVERS
from models.scenarios.presets import PRESETS
from models.scenarios.scenario import read_scenario
from models.scenarios.schema import scenario_schema
from tests.models.scenarios.test_scenario import DOCUMENTS

pytestmark = pytest.mark.unit

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "scenario.schema.json"
VALIDATOR = Draft202012Validator(scenario_schema())

# What a JSON file can hold, rich in near misses. Days that a month lacks are the reader's alone to refuse.
PLAIN = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.floats(0, 100),
        st.text(max_size=6),
        st.sampled_from(
            [
                10**400,
                "",
                " ",
                "+4w",
                " +26w ",
                "+4000w",
                "+٣w",
                "2026-04-06",
                "20260406",
                "2026-W15-1",
                "C_110",
                "C_999",
                "RWE",
                "rwe ",
                "RW",
                "ßa",
                "RWE\n",
            ]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=6), st.just("C_110")), inner, max_size=2),
    ),
    max_leaves=5,
)


def pulled(name: str) -> st.SearchStrategy[dict[str, Any]]:
    own = [each.name for each in LEVERS[name].parameters] if name in LEVERS else []
    keys = [*own, "providers", "treatment_functions"]
    return st.fixed_dictionaries({"lever": st.just(name)}, optional=dict.fromkeys(keys, PLAIN))


NEAR = st.fixed_dictionaries(
    {"name": st.one_of(st.just("near"), PLAIN)},
    optional={
        "title": PLAIN,
        "description": PLAIN,
        "levers": st.one_of(
            st.lists(st.sampled_from([*LEVERS, "other"]).flatmap(pulled), max_size=2),
            st.lists(st.dictionaries(st.sampled_from(["lever", "share"]), PLAIN), max_size=1),
            PLAIN,
        ),
        "assumptions": st.one_of(
            st.dictionaries(st.sampled_from([*REGISTER, "x"]), PLAIN, max_size=2), PLAIN
        ),
        "other": PLAIN,
    },
)


def is_read(document: Any) -> bool:
    try:
        read_scenario(document)
    except TandemError:
        return False
    return True


def test_the_published_schema_is_the_one_the_levers_give() -> None:
    # written by `python run.py scenario --schema --out docs/scenario.schema.json`
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == scenario_schema()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(scenario_schema())


def test_every_setting_and_assumption_is_described_with_its_range() -> None:
    schema = scenario_schema()
    for lever in LEVERS.values():
        properties = schema["$defs"][lever.name]["properties"]
        assert set(properties) == {
            "lever",
            *(each.name for each in lever.parameters),
            "providers",
            "treatment_functions",
        }
        for each in lever.parameters:
            if each.kind == "number":
                assert (properties[each.name]["minimum"], properties[each.name]["maximum"]) == (
                    each.low,
                    each.high,
                )
    shares = schema["$defs"]["missed_appointments"]["properties"]["reduction"]["description"]
    assert shares.startswith("0 to 90% of those missed. 0% of those missed changes nothing.")
    assert "NHS England, 2021/22" in shares
    repeat = schema["properties"]["assumptions"]["properties"]["virtual_repeat"]
    assert (repeat["default"], repeat["minimum"], repeat["maximum"]) == (8, 0, 40)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_keeps_to_it(name: str) -> None:
    VALIDATOR.validate(PRESETS[name].document())
    VALIDATOR.validate(read_scenario(PRESETS[name].document()).document())


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_a_good_document_keeps_to_it_as_written_and_as_kept(document: dict[str, Any]) -> None:
    VALIDATOR.validate(document)
    VALIDATOR.validate(read_scenario(document).document())


@settings(max_examples=300, deadline=None)
@given(st.one_of(NEAR, PLAIN))
@example({"name": "a", "levers": {}})
@example({"name": "a", "levers": [{"lever": "referral_growth", "starts": 20260406}]})
@example({"name": "a", "levers": [{"lever": "referral_growth", "providers": ["RWE", None]}]})
@example({"name": "a", "levers": [{"lever": "trust_pairing", "home": " ", "partner": "rwe"}]})
@example({"name": "a", "levers": [{"lever": "virtual_by_default", "ceilings": {"C_110": 101}}]})
@example({"name": "a", "assumptions": {"virtual_repeat": None}})
@example({"name": "a", "assumptions": 0})
@example({"name": "a", "title": False})
def test_schema_and_reader_agree_on_any_document(document: Any) -> None:
    assert VALIDATOR.is_valid(document) == is_read(document)


def test_a_day_the_month_lacks_is_refused_by_the_reader() -> None:
    growth = {"lever": "referral_growth", "starts": "2026-02-30"}
    assert not is_read({"name": "a", "levers": [growth]})

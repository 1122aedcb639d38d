"""The definitions of levers: whole, within their own limits and backed by the register."""

from pathlib import Path

import pytest

from models.scenarios.assumptions import REGISTER
from models.scenarios.levers import LEVERS, Lever, Parameter, capacity, outpatients
from models.scenarios.scenario import read_scenario

pytestmark = pytest.mark.unit

PARAMETERS = [(lever, parameter) for lever in LEVERS.values() for parameter in lever.parameters]


def test_every_lever_defined_is_found_by_a_name_of_its_own() -> None:
    defined = [
        lever.name
        for module in (outpatients, capacity)
        for lever in vars(module).values()
        if isinstance(lever, Lever)
    ]
    assert list(LEVERS) == defined
    assert len(set(defined)) == len(defined)
    assert all(lever.name == name for name, lever in LEVERS.items())
    files = {path.stem for path in Path(outpatients.__file__).parent.glob("*.py")}
    assert files == {"__init__", "lever", "outpatients", "capacity"}  # one more has to be collected too


def test_a_number_that_is_neutral_as_today_says_what_today_is() -> None:
    today = [parameter for _, parameter in PARAMETERS if parameter.neutral_today]
    assert [(p.name, p.neutral, p.assumption) for p in today] == [
        ("first", None, "virtual_share_first"),
        ("follow_up", None, "virtual_share_follow_up"),
    ]
    assert all(p.can_vary for p in today)
    assert not LEVERS["validation"].parameter("waited").can_vary
    assert not LEVERS["virtual_by_default"].parameter("ceilings").can_vary


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
def test_a_lever_says_what_it_is_and_where_it_comes_from(lever: Lever) -> None:
    assert lever.title
    assert lever.sentence.endswith(".")
    assert lever.source
    assert set(lever.assumptions) <= set(REGISTER)
    names = [parameter.name for parameter in lever.parameters]
    assert len(set(names)) == len(names)
    assert "starts" in names
    assert lever.parameter("starts") is lever.parameters[names.index("starts")]


@pytest.mark.parametrize(("lever", "parameter"), PARAMETERS)
def test_a_parameters_default_lies_in_its_range(lever: Lever, parameter: Parameter) -> None:
    assert parameter.label
    assert parameter.assumption is None or parameter.assumption in REGISTER
    if parameter.kind == "optional":
        assert parameter.unit
        assert parameter.default is None
        assert parameter.low < parameter.high
    if parameter.kind == "number":
        assert parameter.unit
        assert isinstance(parameter.default, float)
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.neutral is None or parameter.low <= parameter.neutral <= parameter.high
        assert 0 < parameter.step <= parameter.high - parameter.low


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
def test_a_lever_can_be_pulled_with_nothing_but_its_name(lever: Lever) -> None:
    setting = read_scenario({"name": "plain", "levers": [{"lever": lever.name}]}).levers[0]
    for parameter in lever.parameters:
        if parameter.kind == "number":
            assert setting.number(parameter.name) == parameter.default
        elif parameter.kind == "optional":
            assert setting.optional(parameter.name) is None
            assert parameter.name not in setting.document()
        elif parameter.kind == "table":
            assert setting.table(parameter.name) == {}


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
@pytest.mark.parametrize("end", ["low", "high"])
def test_both_ends_of_a_range_may_be_chosen(lever: Lever, end: str) -> None:
    chosen = {p.name: getattr(p, end) for p in lever.parameters if p.kind in ("number", "optional")}
    setting = read_scenario({"name": "ends", "levers": [{"lever": lever.name} | chosen]}).levers[0]
    assert {name: setting.number(name) for name in chosen} == chosen

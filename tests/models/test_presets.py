"""The scenarios that ship, and the baseline a scenario is held against."""

import pytest

from models.errors import TandemError
from models.presets import PRESETS, baseline_for, preset
from models.scenario import read_scenario

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_read_and_says_what_it_is(name: str) -> None:
    found = preset(name)
    assert found.name == name
    assert found.title
    assert found.description.endswith(".")
    assert read_scenario(found.document()) == found


def test_the_presets_of_the_first_page() -> None:
    assert preset("baseline").levers == ()
    (virtual,) = preset("virtual-70").levers
    assert (virtual.number("first"), virtual.number("follow_up")) == (70, 70)
    assert virtual.week("full_by", "2025-08") == 26  # within six months
    (sessions,) = preset("extra-sessions").levers
    assert (sessions.number("clinics"), sessions.number("theatre_slots")) == (20, 40)
    (growth,) = preset("referral-growth").levers
    assert growth.number("growth") == 2


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(TandemError, match="virtual-80") as fault:
        preset("virtual-80")
    assert "virtual-70" in fault.value.remedy


def test_a_baseline_keeps_the_assumptions_and_no_lever() -> None:
    scenario = read_scenario(
        {"name": "mine", "levers": [{"lever": "referral_growth"}], "assumptions": {"virtual_repeat": 20}}
    )
    base = baseline_for(scenario)
    assert (base.name, base.levers) == ("baseline", ())
    assert base.assumptions == {"virtual_repeat": 20}
    assert baseline_for(preset("virtual-70")).document() == preset("baseline").document()

"""The scenarios that ship, and the baseline a scenario is held against."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration.rates import Calibration, calibrate
from models.errors import TandemError
from models.pairing.default_pair import needs_trusts, with_trusts
from models.scenarios.presets import PRESETS, baseline_for, preset
from models.scenarios.scenario import Scenario, read_scenario
from tests.models.histories import BANDS, england, still

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


def test_the_five_documents_are_covered() -> None:
    sources = " ".join(each.source for each in PRESETS.values())
    for document in (
        "Trust pairing",
        "Digital Mutual Aid System",
        "Leicester, Leicestershire and Rutland's ten expectations",
        "jointly manage the backlog",
        "Outpatient Recovery and Transformation Programme",
    ):
        assert document in sources


def board(
    long_waits: dict[str, int], providers: tuple[str, ...], functions: tuple[str, ...] | None = None
) -> Calibration:
    """Lists of 100 who wait for a first appointment: so many of each provider's for 40 weeks, the rest 2.

    Each provider has ten exits a working day.
    """
    found = calibrate(still((1000,) * len(providers), functions), england(functions or ("C_110",)), 0.4)
    first = np.zeros((len(providers), BANDS), np.int32)
    first[:, 40] = [long_waits[code] for code in providers]
    first[:, 2] = 100 - first[:, 40]
    return replace(found, providers=np.array(providers), first=first, exits=np.full(len(providers), 10.0))


def pairing(**values: object) -> Scenario:
    return read_scenario({"name": "pair", "levers": [{"lever": "trust_pairing"} | values]})


def chosen(scenario: Scenario, calibration: Calibration) -> tuple[str, str]:
    setting = with_trusts(scenario, calibration).levers[0]
    return setting.text("home"), setting.text("partner")


def test_the_longest_waits_are_paired_with_the_shortest() -> None:
    # the partner gives 5% of 10 x 5 x 26 = 65 places; RA1's 60 long waits find one each at either, but at
    # RC3 10% wait so long (60 x 0.5 = 30 avoided) and at RB2 30% (60 x 0.3 = 18)
    lists = {"RA1": 60, "RB2": 30, "RC3": 10}
    found = board(lists, ("RA1", "RB2", "RC3"))
    assert chosen(preset("trust-pairing"), found) == ("RA1", "RC3")
    assert chosen(pairing(partner="RB2"), found) == ("RA1", "RB2")
    assert chosen(pairing(home="RB2"), found) == ("RB2", "RC3")
    assert chosen(pairing(providers=["RB2"]), found) == ("RB2", "RC3")
    # from 41 weeks on nobody waits longer at one than at another
    with pytest.raises(TandemError, match="No two providers of QK1 could be paired") as fault:
        with_trusts(pairing(waited=41), found)
    assert fault.value.remedy


def test_the_partners_places_limit_what_is_avoided() -> None:
    # 1% of 1,300 is 13 places: RA1 to RC3 13 x 0.5 = 6.5, RB2 to RC3 13 x 0.2; with two treatment functions
    # RB2 has twice 13 x 0.4 with RD4, more than RA1's one
    codes = ("RA1", "RB2", "RB2", "RC3", "RD4", "RD4")
    functions = ("C_110", "C_130", "X02", "C_110", "C_130", "X02")
    found = board({"RA1": 60, "RB2": 50, "RC3": 10, "RD4": 10}, codes, functions)
    assert chosen(pairing(given=1), found) == ("RB2", "RD4")
    assert chosen(pairing(given=1, treatment_functions=["C_110"]), found) == ("RA1", "RC3")


def test_trusts_come_before_other_providers_and_the_first_code_before_its_equals() -> None:
    lists = {"RA1": 60, "RB2": 50, "RC3": 50, "NT1": 0}
    assert chosen(pairing(), board(lists, ("NT1", "RA1", "RB2", "RC3"))) == ("RA1", "RB2")
    assert chosen(pairing(), board(lists, ("NT1", "RA1"))) == ("RA1", "NT1")
    with pytest.raises(TandemError, match="could be paired"):  # only a trust is helped
        with_trusts(pairing(home="NT1"), board({"RA1": 0, "NT1": 60}, ("NT1", "RA1")))


def test_trusts_that_are_named_stay() -> None:
    named = pairing(home="RA1", partner="RB2")
    assert not needs_trusts(named)
    assert with_trusts(named, board({"RA1": 1, "RB2": 90}, ("RA1", "RB2"))) is named
    assert needs_trusts(preset("trust-pairing"))
    assert not needs_trusts(preset("recovery-programme"))


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

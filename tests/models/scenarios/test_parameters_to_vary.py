"""Parameters to vary: how far each goes, what a mix adds in proportion, and what cannot be varied."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scenarios.parameters_to_vary import Mix, VariedParameter, mix, names_to_vary, read_varied
from models.scenarios.presets import preset
from models.scenarios.scenario import ScenarioError, read_scenario

pytestmark = pytest.mark.unit


def varying(*texts: str, levers: Any = ()) -> Mix:
    scenario = read_scenario({"name": "tried", "levers": list(levers)})
    return mix(*read_varied(scenario, texts))


def test_one_parameter_runs_from_where_it_changes_nothing_to_its_limit_in_whole_units() -> None:
    found = varying("extra_sessions.clinics")
    assert found.steps == 1000
    assert [found.values(step) for step in (0, 1, 17, 1000)] == [(0.0,), (1.0,), (17.0,), (1000.0,)]
    assert found.factor(17) == pytest.approx(1.7)  # of the default, 10
    setting = found.at(17).levers[0]
    # its other setting stands where it changes nothing
    assert (setting.number("clinics"), setting.number("theatre_slots")) == (17.0, 0.0)


def test_half_steps_where_the_form_offers_them_and_downwards_where_the_part_is_less() -> None:
    found = varying("referral_growth.growth=-2")
    assert found.steps == 40  # from 0 to -20% by halves
    assert [found.values(step) for step in (0, 1, 40)] == [(0.0,), (-0.5,), (-20.0,)]


def test_a_virtual_share_starts_from_today_s() -> None:
    found = varying("virtual_by_default.first")
    # today's 13.5%, then whole percents: 14 to 100
    assert found.steps == 87
    assert [found.values(step) for step in (0, 1, 87)] == [(13.5,), (14.0,), (100.0,)]
    assert found.at(0).levers == ()
    assert found.at(1).levers[0].number("follow_up") == 19.4  # as today


def test_a_mix_keeps_its_proportion_up_to_the_first_limit() -> None:
    found = varying("extra_sessions.clinics=20", "extra_sessions.theatre_slots=40")
    # clinics meet 1,000 at 50 times their part, when theatres stand at 2,000 of 5,000: 2,000 steps
    assert (found.most, found.steps) == (50.0, 2000)
    assert found.values(40) == (20.0, 40.0)
    assert found.factor(40) == 1.0
    assert found.values(41) == (21.0, 41.0)  # 20.5 is a whole session
    assert found.values(2000) == (1000.0, 2000.0)


def test_a_mix_counts_from_today_s_virtual_shares() -> None:
    both = {"lever": "virtual_by_default", "first": 53.5, "follow_up": 59.4}
    found = varying("virtual_by_default.first", "virtual_by_default.follow_up", levers=[both])
    # 40 points above today's each: follow-ups meet 100% at 80.6 / 40 times that
    assert found.most == pytest.approx(80.6 / 40)
    first, follow_up = found.values(found.steps)
    assert follow_up - 19.4 == pytest.approx(first - 13.5, abs=1)
    assert found.at(0).levers == ()


def test_what_stands_beside_the_varied_stays() -> None:
    beside = {"lever": "referral_growth", "growth": 2}
    found = varying("emeritus_consultants.sessions", levers=[beside])
    assert [setting.lever.name for setting in found.at(7).levers] == [
        "referral_growth",
        "emeritus_consultants",
    ]
    assert found.at(7).levers[0].number("growth") == 2.0
    assert read_scenario(found.at(7).document()) == found.at(7)


def test_a_mix_is_alone_if_nothing_else_is_pulled() -> None:
    assert varying("extra_sessions.clinics").alone
    assert varying("trust_pairing.weekly_limit").alone  # its other limit does nothing without it
    assert not varying("extra_sessions.clinics", levers=[{"lever": "referral_growth"}]).alone
    both = {"lever": "extra_sessions", "clinics": 10, "theatre_slots": 20}
    assert not varying("extra_sessions.clinics", levers=[both]).alone
    assert varying("extra_sessions.clinics", "extra_sessions.theatre_slots", levers=[both]).alone


def test_ceilings_stay_when_a_virtual_lever_is_left_out() -> None:
    lever = {"lever": "virtual_by_default", "ceilings": {"C_110": 70}}
    found = varying("virtual_by_default.first", "virtual_by_default.follow_up", levers=[lever])
    assert found.at(0).ceilings_of[0].table("ceilings") == {"C_110": 70.0}
    assert found.at(1).ceilings_of == ()


def test_pairing_keeps_its_other_limit_for_at_none_it_would_move_nobody() -> None:
    found = varying("trust_pairing.weekly_limit")
    assert found.at(30).levers[0].number("given") == 5.0


def test_values_are_said_with_unit_and_interval() -> None:
    clinics = varying("extra_sessions.clinics").ranges[0]
    said = "extra sessions (extra clinic sessions) at 1,000 sessions a week"
    assert clinics.say(1000) == said
    assert clinics.say(1000, (900.0, None)) == f"{said} (80%: 900 or more)"
    growth = varying("referral_growth.growth=-2").ranges[0]
    said = "referral growth (growth in clock starts) at −3.5% a year"
    assert growth.say(-3.5, (-3.0, -4.5)) == f"{said} (80%: −4.5 to −3)"
    assert growth.say(-3.5, (-3.0, None)) == f"{said} (80%: −3 or less)"


@given(st.sampled_from(names_to_vary()), st.data())
def test_every_parameter_varies_within_its_lever_s_range(name: str, data: st.DataObject) -> None:
    found = varying(name)
    parameter = found.ranges[0].parameter
    step = data.draw(st.integers(0, found.steps))
    (value,) = found.values(step)
    assert parameter.low <= value <= parameter.high
    assert found.values(0) == (found.ranges[0].least,)
    if step:
        assert value > found.values(step - 1)[0]
        assert read_scenario(found.at(step).document()).levers[0].number(parameter.name) == value


@given(st.integers(1, 1000), st.integers(1, 5000), st.data())
def test_no_parameter_of_a_mix_goes_back_or_past_its_limit(
    clinics: int, theatres: int, data: st.DataObject
) -> None:
    found = varying(f"extra_sessions.clinics={clinics}", f"extra_sessions.theatre_slots={theatres}")
    step = data.draw(st.integers(1, found.steps))
    before, here = found.values(step - 1), found.values(step)
    assert all(a <= b for a, b in zip(before, here, strict=True))
    assert before != here
    assert here[0] <= 1000
    assert here[1] <= 5000
    # in proportion, but for the halves that whole units round away
    factor = found.factor(step)
    assert abs(here[0] - factor * clinics) <= 0.5 + 1e-6
    assert abs(here[1] - factor * theatres) <= 0.5 + 1e-6


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["validation.waited"], "'validation.waited' cannot be turned"),
        (["clinics"], "Name one of virtual_by_default.first"),
        (["extra_sessions.clinics=many"], "'many' is not a number"),
        (["extra_sessions.clinics=1001"], "outside 0 to 1,000 sessions a week"),
        (["extra_sessions.clinics", "extra_sessions.clinics"], "named twice"),
        (["extra_sessions.clinics", "extra_sessions.theatre_slots"], "theatre_slots=10"),
        ([], "No lever is named"),
    ],
)
def test_what_cannot_be_turned_says_what_can(texts: list[str], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        varying(*texts)


def test_a_lever_pulled_twice_is_not_guessed_at() -> None:
    twice = [{"lever": "extra_sessions", "providers": [code]} for code in ("RWE", "RNQ")]
    with pytest.raises(ScenarioError, match="2 times"):
        varying("extra_sessions.clinics", levers=twice)
    scenario = read_scenario({"name": "tried", "levers": twice})
    assert mix(scenario, [VariedParameter(1, "clinics")]).at(3).levers[1].number("clinics") == 3.0
    with pytest.raises(ScenarioError, match="no lever 3"):
        mix(scenario, [VariedParameter(2, "clinics")])
    with pytest.raises(ScenarioError, match="Turn clinics or theatre_slots"):
        mix(scenario, [VariedParameter(0, "starts")])


def test_a_parameter_at_its_limit_has_nowhere_to_go() -> None:
    scenario = read_scenario(
        {
            "name": "tried",
            "levers": [{"lever": "virtual_by_default", "first": 100}],
            "assumptions": {"virtual_share_first": 100},
        }
    )
    with pytest.raises(ScenarioError, match="at its limit already"):
        mix(scenario, [VariedParameter(0, "first")])


def test_a_scenario_of_varied_levers_alone_has_a_name_of_its_own() -> None:
    alone, _ = read_varied(preset("baseline"), ["extra_sessions.clinics"])
    beside, varied = read_varied(preset("recovery-programme"), ["emeritus_consultants.sessions"])
    assert (alone.name, beside.name) == ("what-it-would-take", "recovery-programme")
    assert varied == (VariedParameter(3, "sessions"),)
    assert len(beside.levers) == 4

"""What an effect hangs on: assumptions at both ends of their likely range, scenario and baseline alike."""

from dataclasses import replace
from typing import Any

import pytest

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.scenarios.assumptions import REGISTER
from models.scenarios.levers import LEVERS
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario, read_scenario
from sim.runs.common_random_numbers import PairedRuns
from sim.studies.sensitivity import CALIBRATED_ON, CLINICS, behind, tornado
from tests.sim.clinics import board

pytestmark = pytest.mark.unit

PAIRED = PairedRuns(("waiting", "over_52"), weeks=12, replications=3, workers=1)
EXTRA = {"lever": "extra_sessions", "clinics": 60}


def pulled(*levers: dict[str, Any], **assumptions: float) -> Scenario:
    return read_scenario({"name": "tried", "levers": list(levers), "assumptions": assumptions})


def ends_of(key: str) -> tuple[float, float]:
    return REGISTER[key].likely_low, REGISTER[key].likely_high


def keys(scenario: Scenario) -> list[str]:
    return [entry.key for entry in behind(scenario)]


def test_behind_a_scenario_stand_its_levers_evidence_and_how_clinics_work() -> None:
    found = keys(pulled({"lever": "patient_initiated_follow_up"}, {"lever": "virtual_by_default"}))
    assert {"pifu_returns", "virtual_repeat", "virtual_ceiling_multiple"} <= set(found)
    assert len(found) == len(set(found))
    assert "emeritus_session_hours" not in found  # no such lever is pulled
    assert {key for key in CLINICS if REGISTER[key].uncertain} <= set(found)
    assert all(REGISTER[key].uncertain for key in found)


def test_a_settings_own_default_is_the_planners_choice_and_no_evidence() -> None:
    # 5% patient-initiated and 6% answered with advice are what the register gives the settings to begin with
    found = keys(pulled({"lever": "patient_initiated_follow_up"}, {"lever": "advice_and_guidance"}))
    assert not {"pifu_target", "advice_diversion"} & set(found)


def test_ranges_lie_within_what_may_be_chosen() -> None:
    for entry in behind(pulled(*({"lever": name} for name in LEVERS if name != "trust_pairing"))):
        assert entry.low <= entry.likely_low < entry.likely_high <= entry.high
    assert set(CLINICS) | CALIBRATED_ON <= set(REGISTER)


def test_each_end_is_the_scenario_against_a_baseline_in_the_same_world() -> None:
    scenario = pulled(EXTRA)
    found = tornado(lambda here: board(), scenario, PAIRED)
    place = [entry.key for entry in found.assumptions].index("clinic_session_hours")
    low, high = ends_of("clinic_session_hours")
    for value, told in ((low, found.at_low), (high, found.at_high)):
        there = pulled(EXTRA, clinic_session_hours=value)
        ends = PAIRED.outcomes([(board(), there), (board(), baseline_for(there))])
        assert told[place].tolist() == (ends[0] - ends[1]).tolist()
    ends = PAIRED.outcomes([(board(), scenario), (board(), baseline_for(scenario))])
    assert found.effect.tolist() == (ends[0] - ends[1]).tolist()


def test_longer_sessions_shorten_the_list_by_more_and_the_widest_swing_comes_first() -> None:
    found = tornado(lambda here: board(), pulled(EXTRA), PAIRED)
    swings = found.swings("waiting")
    widths = [swing.width for swing in swings]
    assert widths == sorted(widths, reverse=True)
    hours = next(swing for swing in swings if swing.assumption.key == "clinic_session_hours")
    assert hours.at_high.mean < found.change("waiting").mean < hours.at_low.mean < 0
    assert hours.difference.mean == pytest.approx(hours.at_high.mean - hours.at_low.mean)
    said = found.sentences("waiting")
    assert said[0].startswith("By November 2025: ")  # twelve weeks after August end on 23 November
    assert said[1].startswith(f"{swings[0].assumption.label}: ")
    assert f" at {swings[0].low:g}" in said[1]


def test_what_the_scenario_sets_is_held() -> None:
    found = tornado(lambda here: board(), pulled(EXTRA, clinic_session_hours=4), PAIRED)
    assert "clinic_session_hours" not in [entry.key for entry in found.assumptions]
    assert [entry.key for entry in found.fixed] == ["clinic_session_hours"]
    assert found.sentences("waiting")[-1] == (
        "Held as the scenario sets them: length of an extra clinic session."
    )


def test_the_calibration_is_made_again_only_where_it_rests_on_the_assumption() -> None:
    asked: list[dict[str, float]] = []

    def calibrated(here: Scenario) -> Calibration:
        asked.append(dict(here.assumptions))
        return replace(board(), scope="QK1" if here.assumptions else "QE1")

    found = tornado(calibrated, pulled(EXTRA), PAIRED)
    low, high = ends_of("appointments_per_pathway")
    assert asked == [{}, {"appointments_per_pathway": low}, {"appointments_per_pathway": high}]
    assert found.scope == "QE1"


def test_the_frame_holds_both_ends_of_every_assumption() -> None:
    found = tornado(lambda here: board(), pulled(EXTRA), PAIRED)
    frame = found.frame()
    # for each of two measures the effect itself, then a low and a high end
    assert len(frame) == 2 * (1 + 2 * len(found.assumptions))
    first = frame[frame["measure"] == "waiting"].iloc[:3]
    assert first["end"].tolist() == ["", "low", "high"]
    assert first["mean"].iloc[0] == pytest.approx(found.change("waiting").mean)
    assert first["swing"].iloc[1] == found.swings("waiting")[0].width


def test_without_levers_there_is_no_effect() -> None:
    with pytest.raises(TandemError, match="no effect"):
        tornado(lambda here: board(), pulled(), PAIRED)

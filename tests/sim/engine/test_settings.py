"""The kernel's settings: each declared whole, read where its row says, neutral in a baseline, and of use."""

from typing import Any

import numpy as np
import pytest

from models.scenarios.presets import BASELINE
from models.scenarios.scenario import read_scenario
from sim.engine import settings, state
from sim.engine.settings import ClinicParameters, SettingsTable, WeekSettings
from sim.engine.world import World
from sim.runs.runner import run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit

WEEKS = 8
# as the evidence has them today, in every world; what is left is for policies alone
FROM_EVIDENCE = {
    *(f"{name}_{kind}" for kind in ("first", "follow_up") for name in ("virtual", "length", "missed")),
    *(f"{name}_{kind}" for kind in ("first", "follow_up") for name in ("repeated", "telephone")),
    "missed_face",
}
# every setting at work: what one switches on, another has an effect in
AT_WORK = WeekSettings(
    virtual_first=0.3,
    virtual_follow_up=0.4,
    asking=0.3,
    length_first=0.8,
    length_follow_up=0.7,
    missed_first=0.1,
    missed_follow_up=0.12,
    repeated_first=0.1,
    repeated_follow_up=0.15,
    telephone_first=0.5,
    telephone_follow_up=0.6,
    missed_face=0.08,
    overbooked=0.1,
    patient_initiated=0.3,
    advice=0.1,
    demand=1.0,
    capacity=0.9,
    extra_minutes=300.0,
    extra_theatre=2.0,
    emeritus_minutes=200.0,
    independent=2.0,
    longest_first=0.3,
    longest_from=15.0,
    validation=0.1,
    validation_from=10.0,
)


def opened(weeks: int = WEEKS) -> World:
    calibration = board(functions=("C_110", "X02"))
    out = np.zeros((2, calibration.series, weeks, len(state.MEASURES)), np.int32)
    scenario = read_scenario({"name": "settings"})
    return World(calibration, scenario, 1, range(2), weeks, out)


def outcome(week: WeekSettings, halved: str = "") -> bytes:
    """Everything that a world comes to with these settings in every week, one clinic parameter halved."""
    world = opened()
    world.settings.table[:] = week
    if halved:
        settings.parameter(world.inputs.clinic_parameters, halved)[:] //= 2
    world.run()
    ended = world.state
    kept = (ended.out, ended.pathways, ended.due, ended.repeats, ended.minutes, ended.admissions)
    return b"".join(each.tobytes() for each in kept)


@pytest.mark.parametrize("kind", [WeekSettings, ClinicParameters])
def test_every_setting_is_declared_with_its_meaning_unit_and_neutral_value(kind: Any) -> None:
    units = {settings.SHARE, settings.TIMES, settings.WEEKS, settings.MINUTES, settings.PATIENTS}
    declared = settings.meanings(kind)
    assert tuple(declared) == kind._fields == tuple(kind._field_defaults)
    for name, means in declared.items():
        assert means.words
        assert means.unit in units | {settings.APPOINTMENTS}, name
        neutral = kind._field_defaults[name]
        assert 0 <= neutral <= 1
        assert neutral == 1 or means.unit != settings.TIMES


def test_a_row_is_read_in_the_order_of_the_declarations() -> None:
    table = np.arange(2 * 3 * len(WeekSettings._fields), dtype=float).reshape(2, 3, -1)
    assert settings.week_settings(table, 1, 2) == WeekSettings(*table[1, 2])
    rows = settings.parameter_table(2, follow_up_weeks=[13, 9], returns=0.25)
    assert settings.clinic_parameters(rows, 0) == ClinicParameters(follow_up_weeks=13, returns=0.25)
    assert settings.clinic_parameters(rows, 1) == ClinicParameters(follow_up_weeks=9, returns=0.25)
    assert isinstance(settings.clinic_parameters(rows, 1).follow_up_weeks, int)
    assert settings.parameter(rows, "follow_up_weeks").tolist() == [13, 9]
    with pytest.raises(TypeError, match="follow_up_month"):
        settings.parameter_table(2, follow_up_month=3)


def test_a_table_begins_neutral_and_its_attributes_are_views_of_it() -> None:
    made = SettingsTable(2, 3)
    assert (made.table == np.array(WeekSettings())).all()
    made.advice[1] = 0.5
    assert made.table[1, :, WeekSettings._fields.index("advice")].tolist() == [0.5, 0.5, 0.5]
    with pytest.raises(AttributeError):
        made.advise  # noqa: B018


def test_a_baseline_is_a_world_with_what_is_not_evidence_neutral() -> None:
    world = opened(weeks=12)
    for name, neutral in WeekSettings._field_defaults.items():
        if name in FROM_EVIDENCE:
            assert (getattr(world.settings, name) != neutral).any() or name.startswith("length"), name
        else:
            assert (getattr(world.settings, name) == neutral).all(), name
            getattr(world.settings, name)[:] = neutral
    world.run()
    base = run(world.calibration, read_scenario(BASELINE.document()), weeks=12, replications=2)
    assert base.counts.tobytes() == world.state.out.tobytes()


@pytest.mark.parametrize("name", WeekSettings._fields)
def test_every_week_setting_is_read(name: str) -> None:
    more = AT_WORK._replace(**{name: 1.5 * getattr(AT_WORK, name)})
    assert outcome(more) != outcome(AT_WORK)


@pytest.mark.parametrize("name", ClinicParameters._fields)
def test_every_clinic_parameter_is_read(name: str) -> None:
    # minutes are kept where nobody waits
    week = AT_WORK._replace(capacity=40.0) if name == "kept_weeks" else AT_WORK
    assert outcome(week, halved=name) != outcome(week)

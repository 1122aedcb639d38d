"""The world: what must be true of any board, whatever is assumed and whatever levers are pulled."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.scenarios.assumptions import REGISTER
from models.scenarios.presets import preset
from models.scenarios.scenario import Scenario, read_scenario
from sim.engine import state
from sim.engine.world import World
from tests.sim.clinics import BANDS, FIXED, board, only

pytestmark = pytest.mark.unit

LEVERS = [
    {"lever": "virtual_by_default", "first": 90, "follow_up": 90, "full_by": "+4w"},
    {"lever": "extra_sessions", "clinics": 8, "theatre_slots": 12, "starts": "+3w", "ends": "+9w"},
    {"lever": "referral_growth", "growth": 20},
]


AS_REGISTERED = read_scenario({"name": "as-registered", "assumptions": FIXED})


def world(scenario: Scenario, weeks: int = 16, replications: int = 3, **changes: Any) -> World:
    calibration = board(**changes)
    out = np.zeros((replications, calibration.series, weeks, len(state.MEASURES)), np.int32)
    made = World(calibration, scenario, 1, range(replications), weeks, out)
    made.run()
    return made


def imbalance(made: World) -> int:
    """The largest error of opening + starts = waiting + stops + removals, in any week of any series."""
    out = made.state.out.astype(np.int64)
    left = out[..., [state.NON_ADMITTED, state.STOPS_ADMITTED, state.REMOVED]].sum(axis=-1)
    opening = made.calibration.waiting.sum(axis=1)[None, :, None]
    expected = opening + np.cumsum(out[..., state.STARTS] - left, axis=2)
    return int(np.abs(expected - out[..., state.WAITING]).max())


def at_an_end(key: str) -> st.SearchStrategy[float]:
    entry = REGISTER[key]
    return st.sampled_from([entry.low, entry.value, entry.high])


SCENARIOS = st.builds(
    lambda levers, assumptions: read_scenario({"name": "any", "levers": levers, "assumptions": assumptions}),
    st.lists(st.sampled_from(LEVERS), max_size=3),
    st.fixed_dictionaries({}, optional={key: at_an_end(key) for key in REGISTER}),
)


@settings(max_examples=40, deadline=None)
@given(SCENARIOS, st.sampled_from([0.2, 40.0]), st.sampled_from([0.0, 0.5]))
def test_patients_are_conserved_and_never_negative(scenario: Scenario, starts: float, spread: float) -> None:
    made = world(scenario, starts=starts, spread=spread)
    assert imbalance(made) == 0
    assert made.state.out.min() >= 0
    assert made.state.pathways.min() >= 0
    assert made.state.due.min() >= 0
    assert made.state.repeats.min() >= 0
    listed = made.state.pathways.sum(axis=(2, 3)).T
    assert (listed == made.state.out[:, :, -1, state.WAITING]).all()


def test_standards_are_nested_and_the_stages_add_up() -> None:
    out = world(preset("baseline"), weeks=30).state.out
    long = out[..., state.OVER_52 : state.OVER_104 + 1]
    assert (np.diff(long, axis=-1) <= 0).all()
    assert (out[..., state.WITHIN_18] + out[..., state.OVER_52] <= out[..., state.WAITING]).all()
    assert (out[..., state.WAITING_ADMISSION] <= out[..., state.WAITING]).all()
    virtual = out[..., state.FIRST_VIRTUAL_SEEN] + out[..., state.FOLLOW_VIRTUAL_SEEN]
    assert (out[..., state.REPEATED] <= virtual).all()


def test_the_world_opens_with_the_published_list() -> None:
    calibration = board()
    out = np.zeros((2, calibration.series, 1, len(state.MEASURES)), np.int32)
    opened = World(calibration, preset("baseline"), 1, range(2), 1, out)
    assert (opened.waiting()[:, 1:] == 2 * calibration.waiting[:, :-1]).sum() >= BANDS - 2
    cohorts = opened.state.pathways.sum(axis=2)[:, :, BANDS - 1 :: -1]  # the shortest wait first
    assert (cohorts == calibration.waiting[:, None, :]).all()


def test_the_opening_list_is_parted_by_who_can_be_seen_virtually() -> None:
    made = board()
    out = np.zeros((1, made.series, 1, len(state.MEASURES)), np.int32)
    opened = World(made, AS_REGISTERED, 1, [0], 1, out)
    able = opened.state.pathways[:, 0, state.FIRST].sum(axis=1)
    # whole patients, rounded once along the line: within half a patient of the share
    assert np.abs(able - opened.capable[:, 0] * made.first.sum(axis=1)).max() <= 0.5


def test_waiting_ends_as_counted() -> None:
    made = world(preset("baseline"), weeks=20)
    closing = made.waiting()
    last = made.state.out[:, :, -1].sum(axis=0)
    assert (closing.sum(axis=1) == last[:, state.WAITING]).all()
    assert (closing[:, :18].sum(axis=1) == last[:, state.WITHIN_18]).all()
    assert (closing[:, 52:].sum(axis=1) == last[:, state.OVER_52]).all()
    assert (closing[:, 104] == last[:, state.OVER_104]).all()


def test_clinics_deliver_the_calibrated_exits_while_patients_wait() -> None:
    # minutes are set so that today's mix of appointments gives the calibrated exits: no bank holidays counted
    # twice, no minutes lost to virtual repeats or missed appointments that the arithmetic does not know of
    made = world(preset("baseline"), weeks=52, replications=40, spread=0.0)
    out = made.state.out.astype(float)
    exits = (out[..., state.NON_ADMITTED] + out[..., state.DECIDED]).sum(axis=(1, 2))
    expected = (made.calibration.exits.sum()) * made.days.sum()
    assert exits.mean() == pytest.approx(expected, rel=0.02)


def test_firsts_and_follow_ups_come_as_often_as_assumed() -> None:
    made = world(AS_REGISTERED, weeks=78, replications=20, spread=0.0)
    out = made.state.out[:, :, 26:].astype(float).sum(axis=(0, 2))
    firsts = out[:, state.FIRST_FACE_SEEN] + out[:, state.FIRST_VIRTUAL_SEEN]
    follow_ups = out[:, state.FOLLOW_FACE_SEEN] + out[:, state.FOLLOW_VIRTUAL_SEEN]
    repeated = out[:, state.REPEATED]
    # an attendance that has to be repeated is counted twice: at most `repeated` too many
    wanted = FIXED["follow_ups_per_first"]
    ratio = follow_ups.sum() / firsts.sum()
    slack = repeated.sum() / firsts.sum()
    assert wanted - slack - 0.05 < ratio < wanted + slack + 0.05


def test_a_series_with_nobody_waiting_and_no_starts_does_nothing() -> None:
    empty = board(starts=0.0)
    out = np.zeros((2, empty.series, 8, len(state.MEASURES)), np.int32)
    World(empty, preset("virtual-70"), 1, range(2), 8, out).run()
    assert not out.any()


def test_short_weeks_hold_fewer_clinics() -> None:
    # a list of 31 July 2025 runs from Monday 4 August: the fourth week, from 25 August, has the bank holiday
    made = world(preset("baseline"), weeks=6, replications=200, spread=0.0, data_month="2025-07")
    assert made.days.tolist() == [5, 5, 5, 4, 5, 5]
    starts = made.state.out[..., state.STARTS].sum(axis=1).mean(axis=0)
    assert starts[3] / starts[[0, 1, 2, 4, 5]].mean() == pytest.approx(0.8, abs=0.01)


def test_a_run_can_be_stopped_at_a_weeks_end() -> None:
    calibration = only(board(), board().providers == "RWE")
    out = np.zeros((1, calibration.series, 12, len(state.MEASURES)), np.int32)
    heard: list[int] = []

    def tick(week: int) -> bool:
        heard.append(week)
        return week < 4

    World(calibration, preset("baseline"), 1, [0], 12, out).run(tick)
    assert heard == [0, 1, 2, 3, 4]
    assert out[:, :, :5, state.WAITING].all()
    assert not out[:, :, 5:].any()


def test_evidence_differs_by_replication_and_leaves_the_calibrated_exits() -> None:
    # whatever is believed of appointments, minutes are those that give the exits the returns show
    made = world(preset("baseline"), weeks=52, replications=60, spread=0.0)
    a_minute = made.inputs.minutes / made.calibration.exits[:, None]
    assert a_minute[0].std() / a_minute[0].mean() > 0.1
    out = made.state.out.astype(float)
    exits = (out[..., state.NON_ADMITTED] + out[..., state.DECIDED]).sum(axis=(1, 2))
    expected = made.calibration.exits.sum() * made.days.sum()
    assert exits.mean() == pytest.approx(expected, rel=0.02)
    # first and follow-up minutes, repeats and intervals move a baseline's exits by few in a hundred
    assert exits.std() / expected < 0.03


def test_removals_vary_by_replication_as_their_level_is_uncertain() -> None:
    calibration = replace(board(spread=0.0), removal_spread=np.full(9, 0.3))
    out = np.zeros((60, 9, 12, len(state.MEASURES)), np.int32)
    made = World(calibration, AS_REGISTERED, 1, range(60), 12, out)
    made.run()
    assert imbalance(made) == 0
    removed = out[..., state.REMOVED].sum(axis=2)
    for series, level in enumerate(made.inputs.removal_level):
        # in proportion to the level, a little less, for a list that loses more is shorter: 85 to 105%
        slope = np.polyfit(level, removed[:, series] / removed[:, series].mean() * level.mean(), 1)[0]
        assert slope == pytest.approx(0.95, abs=0.25)


def test_minutes_follow_from_the_calibrated_exits() -> None:
    calibration = board()
    out = np.zeros((1, calibration.series, 1, len(state.MEASURES)), np.int32)
    opened = World(calibration, AS_REGISTERED, 1, [0], 1, out)
    # at least a first and 0.4 reviews, 30 + 0.4 x 20 minutes an exit, all 15% shorter by video
    assert (opened.inputs.minutes[:, 0] > 0.85 * (30 + 0.4 * 20) * calibration.exits).all()
    assert opened.each.firsts + opened.each.reviews == pytest.approx(1.4)

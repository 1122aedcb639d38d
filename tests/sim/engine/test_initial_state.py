"""The opening of a world: whole patients, the published list kept, parted as the evidence has it."""

from dataclasses import replace

import numpy as np
import pytest

from models.scenarios.scenario import read_scenario
from sim.engine import initial_state as opening
from sim.engine import state
from sim.engine.world import World
from tests.sim.clinics import FIXED, board

pytestmark = pytest.mark.unit


def test_as_many_reviews_as_calibrated_leave_the_calibrated_parting() -> None:
    found = board()
    first = opening.not_yet_seen(found, np.ones(2))
    assert (first == found.first[:, None]).all()
    lost = opening.lost_after_first(found, first)
    assert lost == pytest.approx(np.tile(found.lost_after_first()[:, None], 2))


def test_more_reviews_mean_that_fewer_wait_for_their_first() -> None:
    # 75 of 100 not yet seen; with twice the reviews 0.75^2 = 56.25%, with none everybody
    found = board()
    waiting = np.full_like(found.first, 100)
    found = replace(found, first=waiting // 4 * 3, review=waiting // 4)
    first = opening.not_yet_seen(found, np.array([0.0, 1.0, 2.0]))
    assert first.sum(axis=2)[0].tolist() == [10_500, 7_875, pytest.approx(5_906, abs=1)]  # 105 bands
    assert first.max() <= 100


def test_queues_keep_the_published_list_in_every_replication() -> None:
    found = board()
    first = opening.not_yet_seen(found, np.array([0.5, 1.7]))
    capable = np.tile(np.linspace(0, 1, found.series)[:, None], 2)
    pathways = opening.queues(found, first, capable, weeks=4)
    assert pathways.shape == (found.series, 2, state.QUEUES, state.BANDS + 4)
    assert pathways.min() >= 0
    listed = pathways.sum(axis=2)[:, :, state.BANDS - 1 :: -1]
    assert (listed == found.waiting[:, None]).all()
    able = pathways[:, :, state.FIRST].sum(axis=2)
    assert np.abs(able - capable * first.sum(axis=2)).max() <= 0.5


def test_the_diary_holds_a_week_of_promises_until_they_run_out() -> None:
    # ten a week fall due for as long as appointments of the past reach: 3 weeks in full, then 2/3, 1/3, none
    due = opening.promised(np.array([[10.0, 10.0]]), np.array([4.0, 2.0]), np.array([1.0, 0.0]), weeks=9)
    assert due[0, 0].tolist() == [10, 10, 10, 7, 3, 0, 0, 0, 0]
    assert due[0, 1].tolist() == [10, 10, 0, 0, 0, 0, 0, 0, 0]


def test_an_opening_by_evidence_and_one_by_choice() -> None:
    calibration = board()
    out = np.zeros((3, calibration.series, 1, len(state.MEASURES)), np.int32)
    chosen = read_scenario({"name": "chosen", "assumptions": FIXED})
    parted = []
    for scenario in (read_scenario({"name": "drawn"}), chosen):
        opened = World(calibration, scenario, 1, range(3), 1, out)
        firsts = opened.state.pathways[:, :, [state.FIRST, state.FIRST_FACE]].sum(axis=(0, 2, 3))
        parted.append(len(set(firsts.tolist())))
    assert parted == [3, 1]

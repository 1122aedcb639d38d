"""Cohorts followed through a run: who stays until treated, what a scenario changes, and what it doesn't."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest

from models.errors import TandemError
from models.scenarios.presets import preset
from models.scenarios.scenario import read_scenario
from sim.engine.state import STARTS
from sim.observers.expected_waits import expected_waits
from sim.runs.runner import Cancelled, run
from tests.sim.clinics import FIXED, board

pytestmark = pytest.mark.unit

CLINICS = read_scenario(
    {"name": "clinics", "levers": [{"lever": "extra_sessions", "clinics": 60, "theatre_slots": 60}]}
)
VALIDATION = read_scenario(
    {"name": "checks", "levers": [{"lever": "validation", "waited": 12, "removed": 20, "every": 8}]}
)
BASELINE = replace(preset("baseline"), assumptions=FIXED)


def test_the_share_left_is_that_of_the_runs_own_list() -> None:
    calm = board(spread=0.0)
    calm = replace(calm, removal=np.zeros_like(calm.removal))
    (found,) = expected_waits(calm, [BASELINE], replications=4)
    ran = run(calm, BASELINE, weeks=20, replications=4)
    started = ran.counts[:, :, :4, STARTS].sum(axis=(0, 2)) / 4
    # after 20 weeks the four cohorts have waited 16 and a half to 19 and a half weeks: 18 in the middle
    there = ran.closing[:, 16:20].sum(axis=1) / started
    assert found.left[0, :, 18] == pytest.approx(there, abs=0.01)
    assert (found.left[..., 0] == 1.0).all()
    assert (np.diff(found.left, axis=-1) <= 0).all()


def test_who_leaves_with_no_stop_counts_as_nobody_treated() -> None:
    still = board()
    none = np.zeros(still.series)
    closed = replace(still, exits=none, admissions=none, removal=5 * still.removal)
    found = expected_waits(closed, [BASELINE, VALIDATION], replications=10)
    # clinics are shut: up to 6% a week leave with no stop and a fifth of the long waits at every check, but
    # nobody is treated; of those who stay all are left, as far as chance in few patients allows
    for each in found:
        assert each.left[0, :, 26] == pytest.approx(np.ones(still.series), abs=0.08)
        assert each.left[0, :, 26].mean() == pytest.approx(1.0, abs=0.02)


def test_more_clinics_shorten_waits_and_later_ones_only_later() -> None:
    calibration = board()
    late = read_scenario(
        {
            "name": "late",
            "levers": [
                {"lever": "extra_sessions", "clinics": 60, "theatre_slots": 60, "starts": "2026-09-01"}
            ],
        }
    )
    before, now, later = expected_waits(
        calibration, [preset("baseline"), CLINICS, late], referred=(0, 52), replications=4, workers=2
    )
    assert before.left.shape == (2, calibration.series, 105)
    assert (now.half_within()[0] < before.half_within()[0]).all()
    assert (now.treated_within_18()[0] > before.treated_within_18()[0]).all()
    # until September 2026, 52 weeks on, nothing differs: equal random numbers give equal cohorts
    assert np.array_equal(later.left[0, :, :48], before.left[0, :, :48])
    assert (later.treated_within_18()[1] > before.treated_within_18()[1]).all()


def test_a_cohort_of_few_is_not_known() -> None:
    small = board(starts=1.0)
    (found,) = expected_waits(small, [BASELINE], replications=10)
    # 1 to 1.8 a week, four weeks, ten replications: at most 72 of the 200 that it takes
    assert np.isnan(found.half_within()).all()
    assert np.isnan(found.nine_in_ten_within()).all()


def test_progress_is_heard_and_it_stops_when_cancelled() -> None:
    heard: list[float] = []
    expected_waits(board(), [BASELINE], replications=2, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)
    stop = Event()
    with pytest.raises(Cancelled):
        expected_waits(board(), [BASELINE], replications=2, cancel=stop, progress=lambda share: stop.set())


def test_referrals_may_begin_as_late_as_a_run_may_end() -> None:
    (found,) = expected_waits(board(), [BASELINE], referred=(260,), replications=1)
    assert found.left.shape == (1, board().series, 105)
    with pytest.raises(TandemError, match="261 weeks"):
        expected_waits(board(), [BASELINE], referred=(261,), replications=1)

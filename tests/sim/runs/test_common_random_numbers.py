"""Several scenarios in the same futures: each as if run alone, with one progress for all."""

import datetime as dt

import numpy as np
import pytest

from models.errors import TandemError
from models.scenarios.presets import preset
from sim.engine.state import MEASURES
from sim.runs.common_random_numbers import PairedRuns, interval
from sim.runs.runner import run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit

SMALL = PairedRuns(("waiting", "share_within_18", "over_52"), weeks=6, replications=3, seed=4, workers=1)


def test_outcomes_are_those_of_each_run_alone() -> None:
    found = board()
    scenarios = [preset("baseline"), preset("extra-sessions")]
    heard: list[float] = []
    outcomes = SMALL.outcomes([(found, each) for each in scenarios], heard.append)
    assert outcomes.shape == (2, 3, 3)
    for scenario, outcome in zip(scenarios, outcomes, strict=True):
        alone = run(found, scenario, seed=4, weeks=6, replications=3).counts[:, :, -1].sum(axis=1)
        of = {name: alone[:, i] for i, name in enumerate(MEASURES)}
        assert outcome[0].tolist() == of["waiting"].tolist()
        assert outcome[1] == pytest.approx(100 * of["within_18"] / of["waiting"])
        assert outcome[2].tolist() == of["over_52"].tolist()
    assert heard == pytest.approx(np.arange(1, 13) / 12)


def test_measures_are_taken_on_the_last_sunday() -> None:
    # the first week after August 2025 begins on Monday 1 September; six weeks on it is 12 October
    assert SMALL.last_day("2025-08") == dt.date(2025, 10, 12)


def test_a_measure_that_is_not_known_is_refused_before_anything_runs() -> None:
    with pytest.raises(TandemError, match="'waits'"):
        PairedRuns(("waits",))


def test_an_interval_is_the_mean_and_the_middle_80_in_a_hundred() -> None:
    found = interval(np.arange(11.0))  # 0 to 10: mean 5, 10th percentile 1, 90th 9
    assert (found.mean, found.lower, found.upper) == (5.0, 1.0, 9.0)

"""A list in motion begins with the list of the figures and ends with the run's own closing list."""

from threading import Event

import numpy as np
import pytest

from models.scenarios.presets import baseline_for, preset
from sim.observers.wait_profiles import profiles
from sim.runs.runner import Cancelled, run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


def test_the_pictures_belong_to_the_run() -> None:
    calibration, scenario = board(), preset("virtual-70")
    heard: list[float] = []
    found, unchanged = profiles(
        calibration, [scenario, baseline_for(scenario)], weeks=7, replications=12, progress=heard.append
    )
    assert found.weeks == (0, 1, 3, 5, 7)
    assert found.waiting[0] == pytest.approx(calibration.waiting.sum(axis=0))
    ran = run(calibration, scenario, weeks=7, replications=12)
    assert found.waiting[-1] == pytest.approx(ran.closing.sum(axis=0))
    for place, week in enumerate(found.weeks[1:], start=1):
        waiting = ran.total("waiting")[:, week - 1].mean()
        assert found.waiting[place].sum() == pytest.approx(waiting)
        within = ran.total("within_18")[:, week - 1].mean()
        assert found.waiting[place][:18].sum() == pytest.approx(within)
    apart = run(calibration, baseline_for(scenario), weeks=7, replications=12)
    assert unchanged.waiting[-1] == pytest.approx(apart.closing.sum(axis=0))
    assert heard[-1] == pytest.approx(1.0)
    assert heard == sorted(heard)


def test_days_are_those_of_the_figures_and_of_sundays() -> None:
    (found,) = profiles(board(), [preset("baseline")], weeks=2, replications=2)
    # the figures are counted on the last day of their month; weeks begin on the first Monday after it
    assert found.day(0).endswith("August 2025")
    assert found.day(1) == "14 September 2025"


def test_it_stops_when_it_is_cancelled() -> None:
    stop = Event()
    with pytest.raises(Cancelled):
        profiles(
            board(),
            [preset("baseline")],
            weeks=20,
            replications=4,
            cancel=stop,
            progress=lambda share: stop.set(),
        )
    assert np.isfinite(profiles(board(), [preset("baseline")], weeks=2, replications=2)[0].waiting).all()

"""GP work in a simulated run: what of it makes contacts, and these under a scenario and without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np

from models.calibration.rates import Calibration
from models.rtt.months import WEEKS_PER_MONTH
from models.scenarios.assumptions import resolve
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario
from models.waits.gp_work import Activity, AreaLists, GpWork, gp_work
from sim.engine.state import MEASURES
from sim.engine.uncertainty import evidence
from sim.observers.observer import ResultsObserver, RunPart, in_place
from sim.runs.common_random_numbers import observe_each
from sim.runs.comparison import SETTLED_WEEKS
from sim.runs.results import Results
from sim.runs.runner import SpreadOptions

_EVENTS = {"advice": "advice_given", "initiated": "patient_initiated"}


@dataclass(frozen=True)
class GpChange:
    """GP contacts a month by area: today, and at the end of the run without the scenario and with it."""

    weeks: int
    today: GpWork
    baseline: GpWork
    scenario: GpWork


def gp_change(
    calibration: Calibration,
    scenario: Scenario,
    areas: AreaLists,
    *,
    weeks: int = 52,
    replications: int = 20,
    seed: int = 1,
    **options: Unpack[SpreadOptions],
) -> GpChange:
    """GP work under `scenario` and its baseline, on the same random numbers and the same evidence.

    `areas` has the calibration's series. Options and errors as of `sim.runs.runner.observe`.
    """
    seen = observe_each(
        calibration,
        (baseline_for(scenario), scenario),
        (ActivityObserver(),),
        seed=seed,
        weeks=weeks,
        replications=replications,
        **options,
    )
    waiting = np.tile(calibration.waiting.sum(axis=1).astype(float), (replications, 1))
    nothing = np.zeros_like(waiting)
    today = Activity(waiting, nothing, nothing)
    drawn = evidence(scenario.assumptions, seed, range(replications))
    values = resolve(scenario.assumptions)
    baseline, changed = (gp_work(activity, areas, values, drawn) for (activity,) in seen)
    return GpChange(weeks, gp_work(today, areas, values, drawn), baseline, changed)


@dataclass(frozen=True)
class ActivityObserver(ResultsObserver[Activity]):
    """Keeps what of a run makes GP work at its end; events over its last weeks, a month."""

    def reduced(self, results: Results) -> Activity:
        last = min(SETTLED_WEEKS, results.weeks)
        monthly = {
            name: results.counts[:, :, -last:, MEASURES.index(measure)].sum(axis=2) / last * WEEKS_PER_MONTH
            for name, measure in _EVENTS.items()
        }
        return Activity(results.counts[:, :, -1, MEASURES.index("waiting")].astype(float), **monthly)

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Activity]]) -> Activity:
        return Activity(
            in_place([(part, piece.waiting) for part, piece in pieces], axis=1),
            in_place([(part, piece.advice) for part, piece in pieces], axis=1),
            in_place([(part, piece.initiated) for part, piece in pieces], axis=1),
        )

    def merged_replications(self, pieces: list[Activity]) -> Activity:
        return Activity(
            np.concatenate([each.waiting for each in pieces]),
            np.concatenate([each.advice for each in pieces]),
            np.concatenate([each.initiated for each in pieces]),
        )

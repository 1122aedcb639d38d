"""GP work in a simulated run: what of it makes contacts, and these under a scenario and without it."""

from dataclasses import dataclass
from threading import Event

import numpy as np

from models.calibration.rates import Calibration
from models.rtt.months import WEEKS_PER_MONTH
from models.scenarios.assumptions import resolve
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario
from models.waits.gp_work import Activity, AreaLists, GpWork, gp_work
from sim.engine.state import MEASURES
from sim.engine.uncertainty import evidence
from sim.runs.comparison import SETTLED_WEEKS
from sim.runs.results import Results
from sim.runs.runner import Progress, run_in_batches

_EVENTS = {"advice": "advice_given", "initiated": "patient_initiated"}


@dataclass(frozen=True)
class GpChange:
    """GP contacts a month by area: today, and at the end of the run without the scenario and with it."""

    weeks: int
    today: GpWork
    baseline: GpWork
    scenario: GpWork


def activity(results: Results) -> Activity:
    """What of a run, or of a batch of it, makes GP work at its end; events over its last weeks, a month."""
    last = min(SETTLED_WEEKS, results.weeks)
    monthly = {
        name: results.counts[:, :, -last:, MEASURES.index(measure)].sum(axis=2) / last * WEEKS_PER_MONTH
        for name, measure in _EVENTS.items()
    }
    return Activity(results.counts[:, :, -1, MEASURES.index("waiting")].astype(float), **monthly)


def gp_change(
    calibration: Calibration,
    scenario: Scenario,
    areas: AreaLists,
    *,
    weeks: int = 52,
    replications: int = 20,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> GpChange:
    """GP work under `scenario` and its baseline, on the same random numbers and the same evidence.

    `areas` has the calibration's series. Raises sim.runs.runner.Cancelled when `cancel` is set.
    """
    drawn = evidence(scenario.assumptions, seed, range(replications))
    values = resolve(scenario.assumptions)
    found: list[GpWork] = []
    pair = (baseline_for(scenario), scenario)
    for place, each in enumerate(pair):

        def heard(share: float, place: int = place) -> None:
            progress((place + share) / len(pair))

        batches = [
            activity(batch)
            for batch in run_in_batches(
                calibration,
                each,
                seed=seed,
                weeks=weeks,
                replications=replications,
                workers=workers,
                progress=heard,
                cancel=cancel,
            )
        ]
        found.append(gp_work(_together(batches), areas, values, drawn))
    waiting = np.tile(calibration.waiting.sum(axis=1).astype(float), (replications, 1))
    nothing = np.zeros_like(waiting)
    today = gp_work(Activity(waiting, nothing, nothing), areas, values, drawn)
    return GpChange(weeks, today, *found)


def _together(batches: list[Activity]) -> Activity:
    return Activity(
        np.concatenate([each.waiting for each in batches]),
        np.concatenate([each.advice for each in batches]),
        np.concatenate([each.initiated for each in batches]),
    )

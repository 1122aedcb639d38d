"""Several scenarios on common random numbers: what each leads to, measure by measure.

Runs of one seed share their random numbers, so that what differs between two of them is the scenario's doing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.rtt import months
from models.rtt.measures import USUAL, measure
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario
from models.statements import Interval
from sim.runs.results import band
from sim.runs.runner import Cancelled, Progress, RunOptions, observe, run
from sim.runs.work_units import Observers

Floats = NDArray[np.float64]


def with_baseline(scenario: Scenario) -> tuple[Scenario, ...]:
    """A scenario and its baseline, or the scenario alone where it pulls no lever."""
    return (scenario, baseline_for(scenario)) if scenario.levers else (scenario,)


def observe_each(
    calibration: Calibration,
    scenarios: Sequence[Scenario],
    observers: Observers,
    **options: Unpack[RunOptions],
) -> tuple[tuple[Any, ...], ...]:
    """What `sim.runs.runner.observe` gives of each scenario, on the same random numbers.

    `progress` hears the share done of all together; Cancelled has what was seen of each scenario begun.
    """
    progress = options.get("progress", lambda share: None)
    seen: list[tuple[Any, ...]] = []
    for place, scenario in enumerate(scenarios):
        own: RunOptions = {**options, "progress": _part_of(progress, place, len(scenarios))}
        try:
            seen.append(observe(calibration, scenario, observers, **own))
        except Cancelled as fault:
            kept = (*seen, fault.kept) if fault.kept else tuple(seen)
            raise Cancelled(fault.message, fault.remedy, kept or None) from fault
    return tuple(seen)


@dataclass(frozen=True)
class PairedRuns:
    """How scenarios are compared: by what, at the end of which week, in how many replications.

    Raises TandemError where a measure is not known.
    """

    measures: tuple[str, ...] = USUAL
    weeks: int = 104
    replications: int = 30
    seed: int = 1
    workers: int | None = None

    def __post_init__(self) -> None:
        for name in self.measures:
            measure(name)

    def last_day(self, data_month: str) -> dt.date:
        """The Sunday on which the measures are taken."""
        day: dt.date = (months.week_starts(data_month, self.weeks)[-1] + np.timedelta64(6, "D")).item()
        return day

    def outcomes(
        self,
        runs: Sequence[tuple[Calibration, Scenario]],
        progress: Progress = lambda share: None,
        cancel: Event | None = None,
    ) -> Floats:
        """What each run leads to: patients, or percent for share_within_18. (runs, measures, R)

        `progress` hears the share done of all runs together; setting `cancel` raises
        sim.runs.runner.Cancelled.
        """
        totals = np.empty((len(runs), len(self.measures), self.replications))
        for place, (calibration, scenario) in enumerate(runs):
            results = run(
                calibration,
                scenario,
                seed=self.seed,
                weeks=self.weeks,
                replications=self.replications,
                workers=self.workers,
                progress=_part_of(progress, place, len(runs)),
                cancel=cancel,
            )
            totals[place] = [results.by_replication(each) for each in self.measures]
        return totals


def _part_of(progress: Progress, place: int, parts: int) -> Progress:
    """What one of several runs, each an equal part of the whole, tells of its own share."""
    return lambda share: progress((place + share) / parts)


def interval(values: Floats) -> Interval:
    """The mean over replications, and what 80% of them lie between."""
    return Interval.of(band(values))

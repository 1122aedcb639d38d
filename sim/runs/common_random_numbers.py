"""Several scenarios in the same simulated futures: what each leads to, measure by measure.

Runs of one seed share their random numbers, so that what differs between two of them is the scenario's doing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.rtt import months
from models.rtt.measures import USUAL, measure
from models.scenarios.scenario import Scenario
from models.statements import Interval
from sim.runs.results import band
from sim.runs.runner import Progress, run

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Futures:
    """The futures scenarios are seen in: what is measured, at the end of which week, in how many of them.

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
        found = np.empty((len(runs), len(self.measures), self.replications))
        for place, (calibration, scenario) in enumerate(runs):

            def tell(share: float, before: int = place) -> None:
                progress((before + share) / len(runs))

            results = run(
                calibration,
                scenario,
                seed=self.seed,
                weeks=self.weeks,
                replications=self.replications,
                workers=self.workers,
                progress=tell,
                cancel=cancel,
            )
            found[place] = [results.by_replication(each) for each in self.measures]
        return found


def interval(values: Floats) -> Interval:
    """The mean over replications, and what 80% of them lie between."""
    return Interval.of(band(values))

"""A list in motion: how many have waited how long, week by week, in the same futures as a run's answer."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.rtt import months
from models.scenarios.scenario import Scenario
from sim.engine.state import BANDS, MEASURES
from sim.engine.world import World
from sim.runs.runner import Cancelled, Progress

BLOCK = 10  # replications run at once: their world takes 300 MB for all of England
EVERY = 2  # weeks between two pictures


@dataclass(frozen=True)
class Profiles:
    """A list by weeks waited, every second week from the day of the figures; the mean of all replications.

    `waiting` is (pictures, 105) pathways; `weeks` how many weeks have been simulated by each, 0 first.
    """

    data_month: str
    weeks: tuple[int, ...]
    waiting: NDArray[np.float64]

    def day(self, place: int) -> str:
        """The day of a picture in words: '31 August 2025'."""
        if self.weeks[place] == 0:
            day = months.last_day(self.data_month)
        else:
            starts = months.week_starts(self.data_month, self.weeks[place])
            day = (starts[-1] + np.timedelta64(6, "D")).item()
        return f"{day.day} {day:%B %Y}"


def profiles(
    calibration: Calibration,
    scenarios: Sequence[Scenario],
    *,
    seed: int = 1,
    weeks: int = 104,
    replications: int = 30,
    workers: int = 1,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> tuple[Profiles, ...]:
    """Each scenario's list in motion. The last picture is the closing list of the run with these arguments.

    `progress` hears the share done, 0 to 1; raises sim.runs.runner.Cancelled when `cancel` is set.
    """
    kept = tuple(sorted({0, *range(weeks, 0, -EVERY)}))
    blocks = [range(begin, min(begin + BLOCK, replications)) for begin in range(0, replications, BLOCK)]
    todo = [(scenario, block) for scenario in scenarios for block in blocks]
    lock, done = Lock(), 0

    def pictures(scenario: Scenario, block: range) -> NDArray[np.int64]:
        found = np.zeros((len(kept), BANDS), np.int64)

        def look(week: int) -> bool:
            nonlocal done
            if week + 1 in kept:
                found[kept.index(week + 1)] = _by_weeks_waited(world, week + 1)
            with lock:
                done += 1
                progress(done / (len(todo) * weeks))
            return not (cancel and cancel.is_set())

        if cancel and cancel.is_set():
            return found
        out = np.zeros((len(block), calibration.series, weeks, len(MEASURES)), np.int32)
        world = World(calibration, scenario, seed, block, weeks, out)
        found[0] = _by_weeks_waited(world, 0)
        world.run(look)
        return found

    with ThreadPoolExecutor(workers) as hands:
        each = list(hands.map(lambda work: pictures(*work), todo))
    if cancel and cancel.is_set():
        raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
    sums = np.reshape(each, (len(scenarios), len(blocks), len(kept), BANDS)).sum(axis=1)
    return tuple(Profiles(calibration.data_month, kept, whole / replications) for whole in sums)


def _by_weeks_waited(world: World, weeks: int) -> NDArray[np.int64]:
    """Pathways after so many weeks by whole weeks waited, all series and replications together. (105,)"""
    cohorts = world.state.pathways.sum(axis=(0, 1, 2), dtype=np.int64)
    newest_first = cohorts[: BANDS + weeks][::-1]  # the clocks of later weeks have not started yet
    bands = newest_first[:BANDS].copy()
    bands[-1] += newest_first[BANDS:].sum()
    return bands

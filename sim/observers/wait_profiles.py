"""A list in motion: how many have waited how long, week by week, in the run of its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.rtt import months
from models.scenarios.scenario import Scenario
from sim.engine.state import BANDS
from sim.engine.world import World
from sim.observers.observer import Observer, Recorder, RunPart
from sim.runs.common_random_numbers import observe_each
from sim.runs.runner import RunOptions

Patients = NDArray[np.int64]

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
    calibration: Calibration, scenarios: Sequence[Scenario], **options: Unpack[RunOptions]
) -> tuple[Profiles, ...]:
    """Each scenario's list in motion. The last picture is the closing list of the run with these options.

    Options and errors as of `sim.runs.runner.observe`.
    """
    seen = observe_each(calibration, scenarios, (ProfilesObserver(),), **options)
    return tuple(profile for (profile,) in seen)


@dataclass(frozen=True)
class ProfilesObserver(Observer[Patients]):
    """Adds up the list by weeks waited in each picture, (pictures, 105) pathways of all replications."""

    def start(self, world: World, part: RunPart) -> Recorder[Patients]:
        return _Pictures(world, part.weeks)

    def merged_replications(self, pieces: list[Patients]) -> Patients:
        return np.sum(pieces, axis=0)

    def result(self, whole: RunPart, piece: Patients) -> Profiles:
        mean = piece / len(whole.replications)
        return Profiles(whole.calibration.data_month, _pictured(whole.weeks), mean)


class _Pictures:
    def __init__(self, world: World, weeks: int) -> None:
        self._world, self._weeks = world, _pictured(weeks)
        self._found = np.zeros((len(self._weeks), BANDS), np.int64)
        self._found[0] = _by_weeks_waited(world, 0)

    def week(self, week: int) -> None:
        if week + 1 in self._weeks:
            self._found[self._weeks.index(week + 1)] = _by_weeks_waited(self._world, week + 1)

    def end(self) -> Patients:
        return self._found


def _pictured(weeks: int) -> tuple[int, ...]:
    return tuple(sorted({0, *range(weeks, 0, -EVERY)}))


def _by_weeks_waited(world: World, weeks: int) -> NDArray[np.int64]:
    """Pathways after so many weeks by whole weeks waited, all series and replications together. (105,)"""
    cohorts = world.state.pathways.sum(axis=(0, 1, 2), dtype=np.int64)
    newest_first = cohorts[: BANDS + weeks][::-1]  # the clocks of later weeks have not started yet
    bands = newest_first[:BANDS].copy()
    bands[-1] += newest_first[BANDS:].sum()
    return bands

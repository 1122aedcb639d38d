"""Waits by deprivation, age and access through a run: the same futures as its answer, followed by class."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.outcomes.equity import CLASSES, DIMENSIONS, Composition, by_group
from models.rtt import months
from models.scenarios.scenario import Scenario
from models.statements import Interval
from sim.engine.class_tracking import EVENTS, PARTS, WAITS, add_up_waits
from sim.engine.state import BANDS, MEASURES, QUEUES
from sim.engine.world import World
from sim.runs.common_random_numbers import interval
from sim.runs.results import band
from sim.runs.runner import Cancelled, Progress, check_scope, check_size
from sim.runs.work_units import Unit, shares_of_providers, unit_of

Floats = NDArray[np.float64]

EVERY = 4  # weeks between two pictures
SETTLED = 3  # pictures over which appointments are added up
HELD = 20_000_000  # numbers that follow the patients of one world: 80 MB
SHARES = ("within_18", "over_52", "over_65")  # of those waiting
FIRSTS = ("first_virtual", "first_face_to_face")
REVIEWS = ("review_virtual", "review_face_to_face")
GROUP_MEASURES = (
    "waiting",
    *SHARES,
    "over_52_patients",
    "mean_weeks",
    "seen_virtually",
    "appointments",
    "stops",
)


@dataclass(frozen=True)
class Equity:
    """One run by class, every fourth week from the day of the figures and in its last.

    `waits` is (R, pictures, 5, 45), in the order of WAITS: patients at the week's end, and the weeks they
    have waited added up. `events` is (R, pictures, 8, 45), in the order of EVENTS: from the first week on.
    Appointments are those on the pathway that were attended, a first or a review; follow-ups after it belong
    to no class. Patients are means over who may stand for whom, so not whole; they add up to the run's.
    """

    scope: str
    data_month: str
    document: Mapping[str, Any]  # the scenario as run
    seed: int
    weeks: tuple[int, ...]  # simulated by each picture, 0 first
    waits: Floats
    events: Floats
    minutes: Floats  # (R, 2) of a first appointment and of a review face to face

    @property
    def replications(self) -> int:
        return len(self.waits)

    @property
    def month(self) -> str:
        """The month in words in which the last simulated week ends."""
        ends = months.week_starts(self.data_month, self.weeks[-1])[-1] + np.timedelta64(6, "D")
        return months.month_label(months.month_of(ends.item()))

    def by_group(self, measure: str, dimension: str) -> Floats:
        """A measure by replication, picture and group of a dimension. (R, pictures, groups)

        Of GROUP_MEASURES: patients waiting; percent of them within 18 weeks, over 52 or 65; how many are over
        52; the mean of the weeks they have waited; and, over twelve weeks, percent of appointments held
        virtually, appointments a week and clock stops a week. nan where there are none.
        """
        waiting = self._waiting("waiting", dimension)
        if measure == "waiting":
            return waiting
        if measure == "mean_weeks":
            return _ratio(self._waiting("weeks_waited", dimension), waiting)
        if measure == "over_52_patients":
            return self._waiting("over_52", dimension)
        if measure in SHARES:
            return 100 * _ratio(self._waiting(measure, dimension), waiting)
        if measure == "stops":
            return self._a_week(("stops",), dimension)
        seen = self._a_week((*FIRSTS, *REVIEWS), dimension)
        if measure == "appointments":
            return seen
        return 100 * _ratio(self._a_week((FIRSTS[0], REVIEWS[0]), dimension), seen)

    def gap(self, measure: str = "within_18", place: int = -1) -> Interval:
        """Least deprived fifth less most deprived at a picture, the last: points, or the measure's unit."""
        return interval(self.gaps(measure, place))

    def gap_today(self, measure: str = "within_18") -> Interval:
        """The same gap on the day of the figures."""
        return self.gap(measure, 0)

    def gaps(self, measure: str = "within_18", place: int = -1) -> Floats:
        """The gap in each replication. (R,)"""
        found = self.by_group(measure, "deprivation")[:, place]
        return np.asarray(found[:, -1] - found[:, 0])

    def minutes_face_to_face(self, dimension: str) -> Floats:
        """Clinic minutes a week of pathway appointments face to face at the end. (R, groups)"""
        each = (self._a_week((kind[1],), dimension)[:, -1] for kind in (FIRSTS, REVIEWS))
        return np.asarray(sum(seen * self.minutes[:, [i]] for i, seen in enumerate(each)))

    def frame(self) -> pd.DataFrame:
        """Every measure's mean and 80% band: week, dimension, group, measure, mean, lower, upper."""
        parts = []
        for dimension, groups in DIMENSIONS.items():
            for measure in GROUP_MEASURES:
                found = band(self.by_group(measure, dimension))
                parts.append(
                    pd.DataFrame(
                        {
                            "week": np.repeat(np.array(self.weeks, np.int32), len(groups)),
                            "dimension": dimension,
                            "group": np.tile(groups, len(self.weeks)),
                            "measure": measure,
                            "mean": found.mean.ravel(),
                            "lower": found.lower.ravel(),
                            "upper": found.upper.ravel(),
                        }
                    )
                )
        return pd.concat(parts, ignore_index=True)

    def _waiting(self, measure: str, dimension: str) -> Floats:
        return by_group(self.waits[:, :, WAITS.index(measure)], dimension)

    def _a_week(self, events: Sequence[str], dimension: str) -> Floats:
        """Events a week over the SETTLED pictures up to each; nan on the day of the figures."""
        whole = by_group(self.events[:, :, [EVENTS.index(event) for event in events]].sum(axis=2), dimension)
        before = np.maximum(np.arange(len(self.weeks)) - SETTLED, 0)
        weeks = np.array(self.weeks)
        passed = (weeks - weeks[before])[None, :, None].astype(float)
        return _ratio(whole - whole[:, before], np.broadcast_to(passed, whole.shape))


def equity(
    calibration: Calibration,
    scenarios: Sequence[Scenario],
    composition: Composition,
    *,
    seed: int = 1,
    weeks: int = 104,
    replications: int = 30,
    workers: int = 1,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> tuple[Equity, ...]:
    """Each scenario's run by class, in the futures of the run with these arguments.

    `composition` is that of the calibration's series. `progress` hears the share done, 0 to 1; raises
    sim.runs.runner.Cancelled when `cancel` is set, and TandemError as `sim.runs.runner.run` does.
    """
    check_size(weeks, replications, seed)
    kept = tuple(sorted({*range(0, weeks, EVERY), weeks}))
    todo = []
    for place, scenario in enumerate(scenarios):
        check_scope(calibration, scenario)
        todo += [(place, unit) for unit in _units(calibration, scenario, seed, weeks, replications)]
    waits = np.zeros((len(scenarios), replications, len(kept), len(WAITS), CLASSES), np.int64)
    events = np.zeros((len(scenarios), replications, len(kept), len(EVENTS), CLASSES), np.int64)
    minutes = np.zeros((len(scenarios), replications, 2))
    lock, done, size = Lock(), 0, sum(unit.size for _, unit in todo) * weeks

    def carry_out(work: tuple[int, Unit]) -> None:
        place, unit = work
        if cancel and cancel.is_set():
            return
        out = np.zeros((len(unit.replications), len(unit.rows), weeks, len(MEASURES)), np.int32)
        world = World(
            unit.calibration,
            unit.scenario,
            seed,
            unit.replications,
            weeks,
            out,
            unit.allocation,
            composition.chosen(unit.rows),
        )
        tracking, here = world.class_tracking, slice(unit.replications.start, unit.replications.stop)
        assert tracking is not None
        found = np.zeros((len(kept), len(unit.replications), len(WAITS), CLASSES), np.int64)
        happened = np.zeros((len(kept), len(unit.replications), len(EVENTS), CLASSES), np.int64)
        add_up_waits(tracking, BANDS - 1, world.state.oldest, found[0])

        def look(week: int) -> bool:
            nonlocal done
            if week + 1 in kept:
                at = kept.index(week + 1)
                add_up_waits(tracking, BANDS + week, world.state.oldest, found[at])
                happened[at] = tracking.events
            with lock:
                done += unit.size
                progress(done / size)
            return not (cancel and cancel.is_set())

        world.run(look)
        with lock:
            waits[place, here] += found.swapaxes(0, 1)
            events[place, here] += happened.swapaxes(0, 1)
            minutes[place, here] = np.stack([world.clinic.first_minutes, world.clinic.follow_up_minutes], 1)
        # a world that has ended is held by its own calendar until Python tidies up
        world.class_tracking = None

    with ThreadPoolExecutor(workers) as hands:
        list(hands.map(carry_out, todo))
    if cancel and cancel.is_set():
        raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
    return tuple(
        Equity(
            scope=calibration.scope,
            data_month=calibration.data_month,
            document=scenario.document(),
            seed=seed,
            weeks=kept,
            waits=waits[place] / PARTS,
            events=events[place] / PARTS,
            minutes=minutes[place],
        )
        for place, scenario in enumerate(scenarios)
    )


def _units(
    calibration: Calibration, scenario: Scenario, seed: int, weeks: int, replications: int
) -> Iterator[Unit]:
    """The run in units of which each holds at most HELD numbers, or one replication of one group."""
    each = calibration.series * QUEUES * (BANDS + weeks) * CLASSES
    block = max(HELD // each, 1)
    parts = shares_of_providers(calibration, scenario, -(-each // HELD))
    for begin in range(0, replications, block):
        here = range(begin, min(begin + block, replications))
        for rows in parts:
            yield unit_of(calibration, scenario, seed, weeks, here, rows)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)

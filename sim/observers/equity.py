"""Waits by deprivation, age and access through a run: that of its answer, with patients tracked by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.outcomes.equity import CLASSES, DIMENSIONS, Composition, by_group
from models.rtt import months
from models.scenarios.scenario import Scenario
from models.statements import Interval
from sim.engine.class_tracking import EVENTS, PARTS, WAITS, add_up_waits
from sim.engine.state import BANDS, QUEUES
from sim.engine.world import World
from sim.observers.observer import Observer, Recorder, RunPart
from sim.runs.common_random_numbers import interval, observe_each
from sim.runs.results import band
from sim.runs.runner import RunOptions

Floats = NDArray[np.float64]

EVERY = 4  # weeks between two pictures
SETTLED = 3  # pictures over which appointments are added up
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
        shares = self.by_group(measure, "deprivation")[:, place]
        return np.asarray(shares[:, -1] - shares[:, 0])

    def minutes_face_to_face(self, dimension: str) -> Floats:
        """Clinic minutes a week of pathway appointments face to face at the end. (R, groups)"""
        each = (self._a_week((kind[1],), dimension)[:, -1] for kind in (FIRSTS, REVIEWS))
        return np.asarray(sum(seen * self.minutes[:, [i]] for i, seen in enumerate(each)))

    def frame(self) -> pd.DataFrame:
        """Every measure's mean and 80% band: week, dimension, group, measure, mean, lower, upper."""
        parts = []
        for dimension, groups in DIMENSIONS.items():
            for measure in GROUP_MEASURES:
                bands = band(self.by_group(measure, dimension))
                parts.append(
                    pd.DataFrame(
                        {
                            "week": np.repeat(np.array(self.weeks, np.int32), len(groups)),
                            "dimension": dimension,
                            "group": np.tile(groups, len(self.weeks)),
                            "measure": measure,
                            "mean": bands.mean.ravel(),
                            "lower": bands.lower.ravel(),
                            "upper": bands.upper.ravel(),
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
    **options: Unpack[RunOptions],
) -> tuple[Equity, ...]:
    """Each scenario's run by class, `composition` being that of the calibration's series.

    Options and errors as of `sim.runs.runner.observe`.
    """
    seen = observe_each(calibration, scenarios, (EquityObserver(composition),), **options)
    return tuple(outcome for (outcome,) in seen)


@dataclass(frozen=True, eq=False)
class EquityObserver(Observer[Equity]):
    """Has patients tracked by class, and keeps an `Equity`."""

    composition: Composition  # of the series of the whole run

    def start(self, world: World, part: RunPart) -> Recorder[Equity]:
        return _Pictures(world, part, self.composition.chosen(part.rows))

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Equity]]) -> Equity:
        first, *others = (piece for _, piece in pieces)
        # in whole parts of patients, so exact
        return replace(
            first,
            waits=sum((each.waits for each in others), first.waits),
            events=sum((each.events for each in others), first.events),
        )

    def merged_replications(self, pieces: list[Equity]) -> Equity:
        return replace(
            pieces[0],
            waits=np.concatenate([each.waits for each in pieces]),
            events=np.concatenate([each.events for each in pieces]),
            minutes=np.concatenate([each.minutes for each in pieces]),
        )

    def numbers(self, series: int, weeks: int) -> int:
        return series * QUEUES * (BANDS + weeks) * CLASSES


class _Pictures:
    """The pictures of one unit, taken as it runs."""

    def __init__(self, world: World, part: RunPart, composition: Composition) -> None:
        self._world, self._part = world, part
        self._tracking = world.track_classes(composition)
        self._weeks = tuple(sorted({*range(0, part.weeks, EVERY), part.weeks}))
        shape = len(self._weeks), len(part.replications)
        self._waits = np.zeros((*shape, len(WAITS), CLASSES), np.int64)
        self._events = np.zeros((*shape, len(EVENTS), CLASSES), np.int64)
        add_up_waits(self._tracking, BANDS - 1, world.state.oldest, self._waits[0])

    def week(self, week: int) -> None:
        if week + 1 in self._weeks:
            at = self._weeks.index(week + 1)
            add_up_waits(self._tracking, BANDS + week, self._world.state.oldest, self._waits[at])
            self._events[at] = self._tracking.events

    def end(self) -> Equity:
        part, clinic = self._part, self._world.clinic
        return Equity(
            scope=part.calibration.scope,
            data_month=part.calibration.data_month,
            document=part.scenario.document(),
            seed=part.seed,
            weeks=self._weeks,
            waits=self._waits.swapaxes(0, 1) / PARTS,
            events=self._events.swapaxes(0, 1) / PARTS,
            minutes=np.stack([clinic.first_minutes, clinic.follow_up_minutes], 1),
        )


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)

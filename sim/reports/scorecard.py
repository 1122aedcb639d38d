"""What a scenario's run says of each expectation that can be measured, and of travel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.outcomes.expectations import EXPECTATIONS, YEAR, Target, last_whole_month
from models.outcomes.milestones import Milestone
from models.outcomes.scorecard import Reading, Scorecard, scorecard
from models.outcomes.travel import KILOGRAMS, Journeys, Travel
from models.reports.report import Report
from models.rtt import months
from models.rtt.months import month_label
from sim.engine.uncertainty import evidence
from sim.observers.visits import FACE_TO_FACE, Visits
from sim.reports.report_sections import expectations_part
from sim.reports.scenario_report import CAVEATS, about
from sim.reports.side_by_side import virtual_share
from sim.runs.common_random_numbers import interval
from sim.runs.results import Results, difference

Floats = NDArray[np.float64]
LISTS = {"safety-first": "over_65", "excellent-care": "share_within_18"}  # read at the date's week end
NO_GAP = "Not followed in this run: ask for the gap by deprivation, which takes longer."
NO_DISTANCE = "Where the patients of these providers live is not published."
NO_CARBON = "Nobody has said what a mile costs: give kg CO2e a mile."


@dataclass(frozen=True)
class Distances:
    """What travel is counted with: miles one way in a straight line, by trust's code, and kg CO2e a mile.

    How much longer the way is by road differs from future to future, as every assumption does.
    """

    straight: Mapping[str, float]
    carbon: float | None

    def miles(self, run: "Run") -> Floats:
        """Miles of a visit, there and back by road, by replication and provider; nan if not known. (R, P)"""
        results = run.results
        futures = range(results.before, results.before + results.replications)
        chosen = results.document.get("assumptions", {})
        by_road = evidence(chosen, results.seed, futures)["road_distance"]
        straight = np.array([self.straight.get(code, np.nan) for code in run.visits.providers])
        return np.asarray(2 * by_road[:, None] * straight)


@dataclass(frozen=True)
class Run:
    """One run as the scorecard reads it."""

    results: Results
    visits: Visits


def weeks_to(data_month: str, weeks: int, month: str) -> int:
    """How many of a run's simulated weeks there are to the last whole week of a month; 0 if none."""
    days = (months.last_day(month) - months.first_simulated_monday(data_month)).days + 1
    return min(max(days // 7, 0), weeks)


class ByClass(Protocol):
    """A run that was followed by class: the gap between the least and the most deprived, in pictures."""

    @property
    def weeks(self) -> tuple[int, ...]:
        """Simulated by each picture; the first is the day of the figures."""
        ...

    def gaps(self, measure: str, place: int) -> Floats:
        """Least less most deprived fifth at a picture, by replication: points. (R,)"""
        ...


def gap_reading(scenario: ByClass, baseline: ByClass, weeks: int) -> Reading:
    """The gap in the share within 18 weeks after so many weeks, or at the last picture before; points."""
    place = int(np.searchsorted(scenario.weeks, weeks, side="right")) - 1
    with_it, without = (run.gaps("within_18", place) for run in (scenario, baseline))
    today = float(baseline.gaps("within_18", 0).mean())
    return Reading(today, interval(without), interval(with_it), interval(with_it - without))


def readings(
    scenario: Run,
    baseline: Run,
    targets: Mapping[str, Target],
    distances: Distances,
    gap: Reading | None = None,
) -> tuple[dict[str, Reading], dict[str, str]]:
    """What stands for each expectation at its target's date, by name; and why, where there is nothing.

    Both runs have the same scope, data, seed, weeks and replications: ValueError otherwise. `gap` is the
    gap between the most and the least deprived, in points, where it was worked out.
    """
    difference(scenario.results, baseline.results, "waiting")
    read, notes = {}, {}
    for name, target in targets.items():
        measure = EXPECTATIONS[name].measure
        assert measure is not None
        end = weeks_to(scenario.results.data_month, scenario.results.weeks, target.month)
        if name == "equitable-care":
            if gap:
                read[name] = gap
            else:
                notes[name] = NO_GAP
            continue
        if end == 0:
            notes[name] = (
                f"{months.month_label(target.month)} is before the run begins: choose a later month."
            )
            continue
        first = max(end - measure.weeks, 0)
        with_it, without = (_values(name, run, first, end, distances) for run in (scenario, baseline))
        if np.isnan(with_it).any() or np.isnan(without).any():
            notes[name] = NO_CARBON if name == "sustainability" and distances.carbon is None else NO_DISTANCE
            continue
        today = float(without.mean())
        if name in LISTS:
            today = _today(scenario.results, LISTS[name])
        read[name] = Reading(today, interval(without), interval(with_it), interval(with_it - without))
    return read, notes


def score(
    title: str,
    scenario: Run,
    baseline: Run,
    targets: Mapping[str, Target],
    distances: Distances,
    milestones: Sequence[Milestone] = (),
    gap: Reading | None = None,
) -> Scorecard:
    """The scorecard of a scenario called `title`, from its run and its baseline's; see `readings`."""
    read, notes = readings(scenario, baseline, targets, distances, gap)
    last = last_whole_month(scenario.results.data_month, scenario.results.weeks)
    return scorecard(title, read, targets, last, milestones, notes)


def travel(
    title: str, scenario: Run, baseline: Run, distances: Distances, names: Mapping[str, str]
) -> Travel:
    """Travel in the last year of a run, or in all of a shorter one; `names` are the trusts' by code."""
    weeks = min(YEAR, scenario.results.weeks)
    end = scenario.results.weeks
    with_it, without = (run.visits.attended(end - weeks, end) for run in (scenario, baseline))
    miles = distances.miles(baseline)
    known = ~np.isnan(miles[0])
    face, faced = with_it[..., FACE_TO_FACE], without[..., FACE_TO_FACE]
    driven, drove = face * miles, faced * miles
    journeys = [
        Journeys(
            provider=code,
            name=names.get(code, code),
            miles=float(miles[:, place].mean()),
            visits=interval(faced[:, place]),
            change=interval((face - faced)[:, place]),
            miles_change=interval((driven - drove)[:, place]),
        )
        for place, code in enumerate(baseline.visits.providers)
        if known[place]
    ]
    whole = faced.mean(axis=0)
    return Travel(
        title=title,
        weeks=weeks,
        journeys=tuple(sorted(journeys, key=lambda each: each.miles_change.mean)),
        baseline=interval(np.nansum(drove, axis=1)),
        change=interval(np.nansum(driven - drove, axis=1)),
        appointments=interval(with_it.sum(axis=(1, 2)) - without.sum(axis=(1, 2))),
        carbon=distances.carbon,
        left_out=float(whole[~known].sum() / max(whole.sum(), 1)),
    )


def scorecard_report(
    card: Scorecard, travelled: Travel, results: Results, place: str, version: str, missed: str = ""
) -> Report:
    """The scorecard and the travel of one scenario to take away; `missed` says how wrong forecasts were."""
    part = expectations_part([(card, travelled)])
    return Report(
        title=f"{card.title}: the ten expectations",
        place=place,
        data_month=month_label(results.data_month),
        headline=card.headline,
        messages=part.messages,
        sheets=part.sheets,
        about={**about(results, place, version), **part.about},
        caveats=(*CAVEATS, missed) if missed else CAVEATS,
        labels=("Estimated by simulation",),
    )


def _values(name: str, run: Run, first: int, end: int, distances: Distances) -> Floats:
    """What stands for an expectation by replication, in its unit; nan where it can't be known. (R,)"""
    if name in LISTS:
        return run.results.by_replication(LISTS[name], end - 1)
    return _MEASURES[name](run, first, end, distances)


def _virtual(run: Run, first: int, end: int, distances: Distances) -> Floats:
    return virtual_share(run.results, first, end)


def _miles_an_appointment(run: Run, first: int, end: int, distances: Distances) -> Floats:
    attended, miles = run.visits.attended(first, end), distances.miles(run)
    known = ~np.isnan(miles[0])
    driven = np.nansum(attended[..., FACE_TO_FACE] * miles, axis=1)
    return _share(driven, attended[:, known].sum(axis=(1, 2)))


def _without_a_visit(run: Run, first: int, end: int, distances: Distances) -> Floats:
    return sum(
        (
            run.results.total(name)[:, first:end].mean(axis=1)
            for name in ("advice_given", "patient_initiated")
        ),
        start=np.zeros(run.results.replications),
    )


def _tonnes_a_year(run: Run, first: int, end: int, distances: Distances) -> Floats:
    miles = distances.miles(run)
    if distances.carbon is None or np.isnan(miles).all():
        return np.full(run.results.replications, np.nan)
    driven = np.nansum(run.visits.attended(first, end)[..., FACE_TO_FACE] * miles, axis=1)
    return np.asarray(driven * distances.carbon / KILOGRAMS * YEAR / (end - first))


def _moves(run: Run, first: int, end: int, distances: Distances) -> Floats:
    return np.asarray(run.results.total("moved_in")[:, first:end].mean(axis=1))


_MEASURES: Mapping[str, Callable[[Run, int, int, Distances], Floats]] = {
    "virtual-by-default": _virtual,
    "local-settings": _miles_an_appointment,
    "community-care": _without_a_visit,
    "sustainability": _tonnes_a_year,
    "one-system": _moves,
}


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0, dtype=float)


def _today(results: Results, measure: str) -> float:
    if measure != "share_within_18":
        return float(results.opening_value(measure))
    return 100 * results.opening_value("within_18") / max(results.opening_value("waiting"), 1)

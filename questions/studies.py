"""Deeper looks at a scenario: which lever did what, how sure it is, what it would take, how it moves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from data.database.store import Store
from data.returns.scope import scope_name
from models.calibration.rates import Calibration
from models.pairing.default_pair import with_trusts
from models.reports.report import Report, Sheet
from models.rtt.measures import USUAL
from models.rtt.waiting_list import STANDARD_WEEKS
from models.scenarios.goals import Goal
from models.scenarios.parameters_to_vary import Mix, mix, read_varied
from questions.plain_report import plain_report
from questions.prepare import calibration, prepare
from questions.question import Question
from questions.way import Way
from sim.observers.wait_profiles import Profiles, profiles
from sim.runs.common_random_numbers import PairedRuns
from sim.runs.runner import Cancelled
from sim.studies.attribution import Waterfall, attribute
from sim.studies.sensitivity import Tornado, tornado
from sim.studies.solve import Solution, Trial, doses, solve
from sim.studies.sweep import Sweep, Variation, sweep

Heard = Callable[[Trial], None]


@dataclass(frozen=True)
class _Study:
    """What the answers of this room share: the question, and where it is in words."""

    question: Question
    place: str

    def _report(self, sentences: tuple[str, ...], frame: pd.DataFrame, name: str, explained: str) -> Report:
        return plain_report(self.question, self.place, sentences, (Sheet(name, explained, frame),))


@dataclass(frozen=True)
class AttributionAnswer(_Study):
    """The change parted among the levers."""

    waterfall: Waterfall

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sentences = self.waterfall.sentences(self.waterfall.paired.measures[0])
        return self._report(sentences, self.waterfall.frame(), "Which lever did what", "Shares of the change")


@dataclass(frozen=True)
class Attribution:
    """Which lever did what, of `measures`."""

    question: Question
    measures: tuple[str, ...] = USUAL

    @property
    def key(self) -> tuple[object, ...]:
        return ("attribution", self.question.digest, self.measures)

    def work_out(self, store: Store, way: Way) -> AttributionAnswer:
        prepared = prepare(store, self.question)
        paired = _paired(self.question, self.measures, way)
        shares = attribute(
            prepared.calibration, prepared.scenario, paired, progress=way.progress, cancel=way.cancel
        )
        return AttributionAnswer(self.question, scope_name(store, self.question.scope), shares)


@dataclass(frozen=True)
class EvidenceAnswer(_Study):
    """The effect with each assumption at both ends of its likely range."""

    tornado: Tornado

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sentences = self.tornado.sentences(self.tornado.paired.measures[0])
        return self._report(sentences, self.tornado.frame(), "Evidence", "Effect at both ends of each range")


@dataclass(frozen=True)
class Evidence:
    """Which evidence the answer hangs on, of `measures`, in at most so many replications."""

    question: Question
    measures: tuple[str, ...] = USUAL
    most: int = 1000

    @property
    def replications(self) -> int:
        return min(self.question.replications, self.most)

    @property
    def key(self) -> tuple[object, ...]:
        return ("evidence", self.question.digest, self.measures, self.replications)

    def work_out(self, store: Store, way: Way) -> EvidenceAnswer:
        swings = tornado(
            lambda scenario: calibration(store, self.question, scenario),
            prepare(store, self.question).scenario,
            _paired(replace(self.question, replications=self.replications), self.measures, way),
            progress=way.progress,
            cancel=way.cancel,
        )
        return EvidenceAnswer(self.question, scope_name(store, self.question.scope), swings)


@dataclass(frozen=True)
class GridAnswer(_Study):
    """What every combination of settings leads to."""

    sweep: Sweep

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sentence = f"{len(self.sweep.combinations)} combinations of {', '.join(self.sweep.names)}."
        return self._report(
            (sentence,), self.sweep.frame(), "Settings", "A row for each combination and measure"
        )


@dataclass(frozen=True)
class Grid:
    """A scenario's settings moved over a grid, of `measures`."""

    question: Question
    variations: tuple[Variation, ...]
    measures: tuple[str, ...] = USUAL

    @property
    def key(self) -> tuple[object, ...]:
        return ("grid", self.question.digest, self.variations, self.measures)

    def work_out(self, store: Store, way: Way) -> GridAnswer:
        prepared = prepare(store, self.question)
        grid = sweep(
            prepared.calibration,
            prepared.scenario,
            self.variations,
            _paired(self.question, self.measures, way),
            progress=way.progress,
            cancel=way.cancel,
        )
        return GridAnswer(self.question, scope_name(store, self.question.scope), grid)


class SolveStopped(Cancelled):
    """The search was stopped; `doses` are those tried before, a row each as `SolveAnswer` gives them."""

    def __init__(self, fault: Cancelled, doses: pd.DataFrame) -> None:
        super().__init__(fault.message, fault.remedy)
        self.doses = doses


@dataclass(frozen=True)
class SolveAnswer(_Study):
    """The least that reaches the goal, or the most that was tried."""

    solution: Solution

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        return self._report(self.solution.sentences, self.solution.frame(), "Doses", "Every dose tried")


@dataclass(frozen=True)
class Solve:
    """What it would take: the least of `levers` ('extra_sessions.clinics', or with '=part'), turned together
    beside the scenario, that reaches `goal`. `heard` is told of each dose as it is done.
    """

    question: Question
    goal: Goal
    levers: tuple[str, ...]
    heard: Heard = field(default=lambda trial: None, compare=False)

    @property
    def key(self) -> tuple[object, ...]:
        return ("solve", self.question.digest, self.goal, self.levers)

    def mix(self, rates: Calibration) -> Mix:
        """What is turned, with two trusts in every pairing; raises TandemError for what can't be turned."""
        scenario, varied = read_varied(self.question.scenario, self.levers)
        return mix(with_trusts(scenario, rates), varied)

    def work_out(self, store: Store, way: Way) -> SolveAnswer:
        scenario, varied = read_varied(self.question.scenario, self.levers)
        mix(scenario, varied)  # refuses what can't be turned before anything is read
        rates = calibration(store, self.question, scenario)
        varied_mix, tried = self.mix(rates), list[Trial]()

        def heard(trial: Trial) -> None:
            tried.append(trial)
            self.heard(trial)

        try:
            solution = solve(
                rates,
                varied_mix,
                self.goal,
                seed=self.question.seed,
                replications=self.question.replications,
                workers=way.workers,
                progress=way.progress,
                cancel=way.cancel,
                heard=heard,
            )
        except Cancelled as fault:
            raise SolveStopped(fault, doses(varied_mix, sorted(tried, key=lambda each: each.step))) from fault
        return SolveAnswer(self.question, scope_name(store, self.question.scope), solution)


@dataclass(frozen=True)
class MotionAnswer(_Study):
    """The list by weeks waited through the run: the scenario's, and the baseline's where it is another."""

    scenario: Profiles
    baseline: Profiles | None

    @property
    def sentence(self) -> str:
        """What the pictures show from the first day to the last."""
        first, last = (self.scenario.waiting[place] for place in (0, -1))
        within = [float(each[:STANDARD_WEEKS].sum()) for each in (first, last)]
        over = [float(each[52:].sum()) for each in (first, last)]
        return (
            f"From {self.scenario.day(0)} to {self.scenario.day(len(self.scenario.weeks) - 1)}, those under "
            f"{STANDARD_WEEKS} weeks go from {within[0]:,.0f} to {within[1]:,.0f}, those over 52 from "
            f"{over[0]:,.0f} to {over[1]:,.0f}."
        )

    def frame(self) -> pd.DataFrame:
        """A row a run, picture and week waited: run, week, day, weeks_waited (104: or more), pathways."""
        runs = {"scenario": self.scenario} | ({"baseline": self.baseline} if self.baseline else {})
        return pd.concat(
            [
                pd.DataFrame(
                    {
                        "run": run,
                        "week": week,
                        "day": profiles.day(place),
                        "weeks_waited": range(len(profiles.waiting[place])),
                        "pathways": profiles.waiting[place].round(1),
                    }
                )
                for run, profiles in runs.items()
                for place, week in enumerate(profiles.weeks)
            ],
            ignore_index=True,
        )

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        return self._report(
            (self.sentence,), self.frame(), "Weeks waited", "Mean of the futures, by weeks waited"
        )


@dataclass(frozen=True)
class Motion:
    """How the list moves, by weeks waited."""

    question: Question

    @property
    def key(self) -> tuple[object, ...]:
        return ("motion", self.question.digest)

    def work_out(self, store: Store, way: Way) -> MotionAnswer:
        prepared = prepare(store, self.question)
        pictures = profiles(
            prepared.calibration,
            prepared.both,
            seed=self.question.seed,
            weeks=self.question.weeks,
            replications=self.question.replications,
            **way.options,
        )
        place = scope_name(store, self.question.scope)
        return MotionAnswer(self.question, place, pictures[0], pictures[1] if len(pictures) > 1 else None)


def _paired(question: Question, measures: tuple[str, ...], way: Way) -> PairedRuns:
    return PairedRuns(measures, question.weeks, question.replications, question.seed, way.workers)

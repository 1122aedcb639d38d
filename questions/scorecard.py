"""A scenario held against the ten expectations, with the miles that its appointments are travelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.organisations import providers_by_code
from data.returns.travel import straight_miles
from data.saved.milestones import milestones
from models.outcomes.expectations import Target, last_whole_month, usual_targets
from models.outcomes.milestones import Milestone
from models.outcomes.scorecard import Scorecard as Card
from models.outcomes.travel import Travel
from models.reports.report import Part, Report, joined
from models.scenarios.assumptions import resolve
from questions.equity import Equity, EquityAnswer
from questions.lab import Lab, LabAnswer
from questions.question import Question
from questions.runs import Outcome
from questions.way import Way
from sim.reports.report_sections import expectations_part
from sim.reports.scorecard import Distances, Run, gap_reading, score, scorecard_report, travel, weeks_to

BY_CLASS = 0.7  # of the way, where who waits is followed too


@dataclass(frozen=True)
class Surroundings:
    """What scorecards of a scope are made with beside runs: miles one way in a straight line and plain names
    by trust's code, and the milestones kept for the scope.
    """

    miles: Mapping[str, float]
    names: Mapping[str, str]
    milestones: Sequence[Milestone]

    @classmethod
    def of(cls, store: Store, scope: str, providers: Sequence[str]) -> "Surroundings":
        """Those of a scope whose appointments are at `providers`."""
        names = {code: each.plain_name for code, each in providers_by_code(store).items()}
        return cls(straight_miles(store, providers), names, milestones(store, scope))


@dataclass(frozen=True)
class ScorecardAnswer:
    """The verdicts and the travel of a scenario called `title`."""

    lab: LabAnswer
    title: str
    card: Card
    travel: Travel
    equity: EquityAnswer | None

    def part(self) -> Part:
        """What joins the report of the same scenario: the scorecard, travel, and equity where followed."""
        part = expectations_part([(self.card, self.travel)])
        return part.beside(self.equity.part(self.title)) if self.equity else part

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        whole = scorecard_report(
            self.card, self.travel, self.lab.scenario, self.lab.place, PRODUCT_VERSION, self.lab.past_error
        )
        return joined(whole, [self.equity.part(self.title)] if self.equity else [])


@dataclass(frozen=True)
class Scorecard:
    """The question of the Scorecard page.

    `own` are the targets the planner changed, by expectation; `carbon` kg CO2e a mile, None where nobody
    says. `by_class` also follows who waits, for the gap by deprivation.
    """

    question: Question
    own: Mapping[str, Target] = field(default_factory=dict)
    carbon: float | None = None
    title: str = ""  # other than the scenario's own
    by_class: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        return ("scorecard", self.question.digest, tuple(self.own.items()), self.carbon, self.by_class)

    @property
    def last_month(self) -> str:
        """The last month whose end the run reaches."""
        return last_whole_month(self.question.month, self.question.weeks)

    @property
    def targets(self) -> dict[str, Target]:
        """The usual targets, and the planner's own in their place."""
        return usual_targets(self.question.month, self.last_month) | dict(self.own)

    def judge(self, store: Store, lab: LabAnswer, equity: EquityAnswer | None = None) -> ScorecardAnswer:
        """The answer from runs that are there already."""
        scenario, baseline = _run(lab.comparison.scenario), _run(lab.comparison.baseline)
        around = Surroundings.of(store, self.question.scope, baseline.visits.providers)
        distances = Distances(around.miles, self.carbon)
        title = self.title or self.question.scenario.title or self.question.scenario.name
        gap = None
        if equity:
            month = self.targets["equitable-care"].month
            weeks = weeks_to(self.question.month, self.question.weeks, month)
            gap = gap_reading(equity.runs[0], equity.runs[-1], weeks)
        card = score(title, scenario, baseline, self.targets, distances, around.milestones, gap)
        moved = travel(title, scenario, baseline, distances, around.names)
        return ScorecardAnswer(lab, title, card, moved, equity)

    def work_out(self, store: Store, way: Way) -> ScorecardAnswer:
        share = 1 - BY_CLASS if self.by_class else 1.0
        lab = Lab(self.question).work_out(store, way.part(0, share))
        equity = None
        if self.by_class:
            equity = Equity(self.question).work_out(store, way.part(share, BY_CLASS))
        return self.judge(store, lab, equity)


def usual(question: Question, *, by_class: bool = False) -> Scorecard:
    """The scorecard at the usual targets, a mile at what the scenario says it costs."""
    carbon = resolve(question.scenario.assumptions)["carbon_a_mile"]
    return Scorecard(question, carbon=carbon, by_class=by_class)


def together(answers: Sequence[ScorecardAnswer]) -> Part:
    """The scorecards and travel of scenarios side by side, what joins the report of their comparison."""
    return expectations_part([(each.card, each.travel) for each in answers])


def _run(outcome: Outcome) -> Run:
    return Run(outcome.results, outcome.visits)

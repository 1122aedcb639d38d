"""What a scenario would do to a scope's list, against the same future without it."""

from dataclasses import dataclass, replace
from functools import cached_property

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.past_errors import error_said
from data.returns.scope import scope_name
from models.outcomes.cost import Prices
from models.reports.report import Report
from models.rtt.months import WEEKS_PER_MONTH
from questions import runs
from questions.prepare import prepare
from questions.question import Question
from questions.runs import Comparison
from questions.way import Way
from sim.reports.clearance import heading_said
from sim.reports.scenario_report import scenario_report
from sim.runs.comparison import Answer, answer
from sim.runs.results import Results

READING = 0.05  # of the way: the calibration
NO_PRICES = Prices()


@dataclass(frozen=True)
class LabAnswer:
    """A scenario's run beside its baseline's, and what is said of them. `warning` says what went wrong."""

    question: Question
    place: str  # in words
    comparison: Comparison
    warning: str = ""

    def asked_as(self, question: Question) -> "LabAnswer":
        """The same answer to a question that does the same, whatever it calls its scenario."""
        return replace(self, question=question)

    @property
    def scenario(self) -> Results:
        """The scenario's run, under the name that the question gives it now."""
        ran = self.comparison.scenario.results  # remembered, perhaps from when it was called otherwise
        asked = self.question.scenario.document()
        named = {name: asked[name] for name in ("name", "title", "description")}
        return replace(ran, document={**ran.document, **named})

    @property
    def baseline(self) -> Results:
        return self.comparison.baseline.results

    @property
    def title(self) -> str:
        """What the scenario is called."""
        return self.question.scenario.title

    @property
    def unchanged(self) -> bool:
        """Whether no lever is pulled, so that scenario and baseline are one run."""
        return self.comparison.scenario is self.comparison.baseline

    @cached_property
    def statements(self) -> Answer:
        """The answer in sentences: headline, changes, who gains, who loses, what limits it."""
        return answer(self.scenario, self.baseline)

    @cached_property
    def heading(self) -> tuple[str, ...]:
        """Where the list is heading, and when it would be cleared, in sentences; none for a short run."""
        return tuple(heading_said(self.scenario))

    @property
    def past_error(self) -> str:
        """How wrong such forecasts have been, in a sentence."""
        return error_said(self.question.scope, self.question.weeks / WEEKS_PER_MONTH)

    def report(self, prices: Prices = NO_PRICES) -> Report:
        """What page, command, slide, sheet and print render; with what it costs where prices are given."""
        return scenario_report(
            self.scenario, self.baseline, self.place, PRODUCT_VERSION, self.past_error, prices
        )


@dataclass(frozen=True)
class Lab:
    """The question of the scenario lab. `keep` saves its runs in the store."""

    question: Question
    keep: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        return ("lab", self.question.digest)

    def work_out(self, store: Store, way: Way) -> LabAnswer:
        prepared = prepare(store, self.question)
        way.progress(READING)
        comparison = runs.compared(store, self.question, prepared, way.part(READING, 1 - READING))
        warning = runs.save(store, self.question, comparison) if self.keep else ""
        return LabAnswer(self.question, scope_name(store, self.question.scope), comparison, warning)

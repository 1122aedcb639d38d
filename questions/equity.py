"""Who waits, by deprivation, age and access to video, through a scenario and through its baseline."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from data.database.store import Store
from data.returns.equity import composition
from data.returns.scope import scope_name
from models.reports.report import Part, Report, joined
from questions.plain_report import plain_report
from questions.prepare import prepare
from questions.question import Question
from questions.way import Way
from sim.observers.equity import Equity as Followed
from sim.observers.equity import equity
from sim.reports.equity_statements import EquityAnswer as Statements
from sim.reports.equity_statements import answer
from sim.reports.report_sections import equity_part


@dataclass(frozen=True)
class EquityAnswer:
    """A scenario's run by class, and its baseline's where it is another."""

    question: Question
    place: str
    scenario: Followed
    baseline: Followed | None

    @property
    def runs(self) -> tuple[Followed, ...]:
        return (self.scenario, self.baseline) if self.baseline else (self.scenario,)

    @property
    def compared(self) -> "EquityAnswer":
        """The same beside a baseline in any case: a scenario without levers is its own."""
        return replace(self, baseline=self.baseline or self.scenario)

    @cached_property
    def statements(self) -> Statements:
        """The gap today, what the scenario does to it, and who is left behind."""
        return answer(self.scenario, self.baseline)

    def part(self, title: str) -> Part:
        """What joins the report of the same scenario, called `title`."""
        return equity_part([(title, self.scenario, self.baseline)])

    def frame(self) -> pd.DataFrame:
        """Every group of every run: scenario, week, dimension, group, measure, mean, lower, upper."""
        frames = []
        for run in self.runs:
            frame = run.frame()
            frame.insert(0, "scenario", str(run.document["name"]))
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        whole = plain_report(self.question, self.place, self.statements.sentences)
        return joined(whole, [self.part(whole.title)])


@dataclass(frozen=True)
class Equity:
    """The question of the Equity page."""

    question: Question

    @property
    def key(self) -> tuple[object, ...]:
        return ("equity", self.question.digest)

    def work_out(self, store: Store, way: Way) -> EquityAnswer:
        prepared = prepare(store, self.question)
        runs = equity(
            prepared.calibration,
            prepared.both,
            composition(store, prepared.calibration),
            seed=self.question.seed,
            weeks=self.question.weeks,
            replications=self.question.replications,
            **way.options,
        )
        place = scope_name(store, self.question.scope)
        return EquityAnswer(self.question, place, runs[0], runs[1] if len(runs) > 1 else None)

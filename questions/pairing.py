"""A plan of pairs tried in the simulation: both queues with it and without."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from data.database.store import Store
from data.returns.pairing import Ground
from data.returns.scope import scope_name
from models.pairing.pairs import Plan
from models.pairing.reasons import both_said
from models.reports.report import Report, Sheet
from models.scenarios.scenario import Scenario
from questions.plain_report import plain_report
from questions.question import Question, canonical
from questions.way import Way
from sim.reports.pairing_statements import agreement_said, beside_said, taken_up_said, together_said, warnings
from sim.studies.pairing_trial import LISTS, BothSides, Trial, try_plan


@dataclass(frozen=True)
class TrialAnswer:
    """What both queues keep of a plan."""

    question: Question
    place: str
    trial: Trial
    names: Mapping[str, str]  # of trusts, by code

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """All pairs together, what is placed beside them, and whether the plan's count is kept."""
        together = together_said("All pairs together", self.trial.together, self.trial.month)
        return tuple(filter(None, (together, beside_said(self.trial), agreement_said(self.trial))))

    def of_pair(self, both: BothSides) -> tuple[str, ...]:
        """What is said of one pair: how far its places are taken up, and what to beware of."""
        return tuple(filter(None, (taken_up_said(both, self.trial.weeks), *warnings(both, self.names))))

    def frame(self) -> pd.DataFrame:
        """A row a pair, trust and measure: now, without, with and changed by the plan (mean, band)."""
        rows = [
            {
                "pair": both_said(both.pair.trusts, self.names),
                "trust": side.trust,
                "helps": side.helps,
                "measure": measure,
                "now": side.now[measure],
                "without": side.without[measure].mean,
                "with_plan": side.with_plan[measure].mean,
                "change": side.change[measure].mean,
                "change_lower": side.change[measure].lower,
                "change_upper": side.change[measure].upper,
            }
            for both in self.trial.pairs
            for side in both.sides
            for measure in LISTS
        ]
        return pd.DataFrame(rows)

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sheet = Sheet("Both sides", "Each pair's trusts, without the plan and with it", self.frame())
        return plain_report(self.question, self.place, self.sentences, (sheet,))


@dataclass(frozen=True)
class PairingTrial:
    """A plan, with what is placed beside it (`scenario`), on the `ground` it was made on.

    `asked` names all that the plan rests on.
    """

    scope: str
    ground: Ground = field(compare=False)
    plan: Plan = field(compare=False)
    scenario: Scenario
    asked: str
    weeks: int = 104
    replications: int = 30

    @property
    def question(self) -> Question:
        rates = self.ground.calibration
        return Question(
            rates.scope, rates.data_month, "", canonical(self.scenario), self.weeks, self.replications
        )

    @property
    def key(self) -> tuple[object, ...]:
        return ("pairing", self.asked, self.weeks, canonical(self.scenario))

    def work_out(self, store: Store, way: Way) -> TrialAnswer:
        trial = try_plan(
            self.ground.calibration,
            self.plan,
            self.scenario,
            self.ground.floors(),
            weeks=self.weeks,
            replications=self.replications,
            workers=way.workers,
            progress=way.progress,
            cancel=way.cancel,
        )
        return TrialAnswer(self.question, scope_name(store, self.scope), trial, self.ground.names)

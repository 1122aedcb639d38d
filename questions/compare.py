"""Up to five scenarios side by side, on the same figures and the same random numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError
from models.outcomes.cost import Prices
from models.reports.report import Part, Report, joined
from questions.equity import Equity, EquityAnswer
from questions.lab import NO_PRICES, Lab, LabAnswer
from questions.question import Question
from questions.scorecard import Scorecard, ScorecardAnswer, together
from questions.way import Way
from sim.reports.comparison_report import MOST, comparison_report
from sim.reports.report_sections import equity_part
from sim.reports.scenario_report import numbered
from sim.reports.side_by_side import Column


@dataclass(frozen=True)
class CompareAnswer:
    """The scenarios' answers in their order, and what was asked beside them; none of it where it wasn't."""

    answers: tuple[LabAnswer, ...]
    scorecards: tuple[ScorecardAnswer, ...] = ()
    equity: tuple[EquityAnswer | None, ...] = ()  # None: not followed

    @property
    def titles(self) -> list[str]:
        """The scenarios' titles, those that are alike numbered."""
        return titled([each.question for each in self.answers])

    @cached_property
    def columns(self) -> list[Column]:
        """Each scenario beside its baseline, under its title."""
        pairs = zip(self.titles, self.answers, strict=True)
        return [Column(title, each.scenario, each.baseline) for title, each in pairs]

    def part(self) -> Part:
        """What joins the report: the scorecards and travel, and equity of those that were followed."""
        part = together(self.scorecards) if self.scorecards else Part()
        pairs = zip(self.titles, self.equity, strict=False)
        followed = [(title, each.scenario, each.baseline) for title, each in pairs if each]
        return part.beside(equity_part(followed)) if followed else part

    def report(self, prices: Prices = NO_PRICES, *, alone: bool = False) -> Report:
        """What page, command, slide, sheet and print render; with costs where prices are given.

        `alone` leaves out what joins it.
        """
        first = self.answers[0]
        whole = comparison_report(self.columns, first.place, PRODUCT_VERSION, prices, first.past_error)
        return whole if alone else joined(whole, [self.part()])


@dataclass(frozen=True)
class Compare:
    """The question of the Compare page: scenarios of one scope, month and setting.

    `scorecards` asks each against the ten expectations, one for each question; `by_class` who waits.
    """

    questions: tuple[Question, ...]
    scorecards: tuple[Scorecard, ...] = ()
    by_class: bool = False

    def __post_init__(self) -> None:
        if len(self.questions) > MOST:
            raise TandemError(
                f"{len(self.questions)} scenarios were named.",
                f"Name up to {MOST}: more can't be told apart.",
            )

    @property
    def question(self) -> Question:
        """The first, whose scope, month and setting are those of all."""
        return self.questions[0]

    @property
    def key(self) -> tuple[object, ...]:
        cards = tuple(card.key for card in self.scorecards)
        return ("compare", *(each.digest for each in self.questions), cards, self.by_class)

    def work_out(self, store: Store, way: Way) -> CompareAnswer:
        parts = len(self.questions) * (2 if self.by_class else 1)
        answers = [
            Lab(each).work_out(store, way.part(place / parts, 1 / parts))
            for place, each in enumerate(self.questions)
        ]
        equity = [
            Equity(each).work_out(store, way.part((len(answers) + place) / parts, 1 / parts))
            for place, each in enumerate(self.questions)
            if self.by_class
        ]
        return self.put_together(store, answers, equity)

    def put_together(
        self, store: Store, answers: Sequence[LabAnswer], equity: Sequence[EquityAnswer | None] = ()
    ) -> CompareAnswer:
        """The answer from answers that are there already, one for each question in its order."""
        cards = [
            replace(card, title=title).judge(store, lab, equity[place] if equity else None)
            for place, (card, title, lab) in enumerate(
                zip(self.scorecards, titled(self.questions), answers, strict=False)
            )
        ]
        return CompareAnswer(tuple(answers), tuple(cards), tuple(equity))


def titled(questions: Sequence[Question]) -> list[str]:
    """The titles of their scenarios, those that are alike numbered."""
    return numbered([each.scenario.title or each.scenario.name for each in questions])

"""A forecast made on earlier figures beside what was published since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from data.database.store import Store
from data.returns.lists import trend
from data.returns.scope import scope_name
from models.errors import TandemError
from models.reports.report import Report, Sheet
from models.rtt.months import month_label
from questions import runs
from questions.plain_report import plain_report
from questions.prepare import prepare
from questions.question import Question
from questions.way import Way
from sim.studies.outturn import MISSED_TOGETHER, outturn, outturn_frame, outturn_said
from sim.studies.outturn import Outturn as Month


@dataclass(frozen=True)
class OutturnAnswer:
    """Each measure's months since the forecast: what it expected, and what was published."""

    question: Question
    place: str
    months: Mapping[str, Sequence[Month]]  # by measure

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """How the newest month came out, how the others did, and what a miss is of."""
        together = (MISSED_TOGETHER,) if self.question.scenario.levers else ()
        return (*outturn_said(self.months), *together)

    def frame(self) -> pd.DataFrame:
        """A row a measure and month, as `sim.studies.outturn.outturn_frame`."""
        return outturn_frame(self.months)

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sheet = Sheet("Outturn", "Published beside expected, month by month", self.frame())
        return plain_report(self.question, self.place, self.sentences, (sheet,))


@dataclass(frozen=True)
class Outturn:
    """A question on earlier figures, held against the months published since."""

    question: Question

    @property
    def key(self) -> tuple[object, ...]:
        return ("outturn", self.question.digest)

    def work_out(self, store: Store, way: Way) -> OutturnAnswer:
        question = self.question
        published = trend(store, question.scope).rename(columns={"incomplete": "waiting"}).to_dict("records")
        newest = str(published[-1]["month"])
        if question.month >= newest:
            raise nothing_since(question.month, newest)
        made = runs.outcome(store, question, prepare(store, question), way)
        months = outturn(made.results, published)
        return OutturnAnswer(question, scope_name(store, question.scope), months)


def nothing_since(month: str, newest: str) -> TandemError:
    """The fault of a forecast that nothing can be set beside."""
    return TandemError(
        f"Nothing that came after {month_label(month)} can be set beside a forecast from there.",
        f"Name a month that is held, before {newest}.",
    )

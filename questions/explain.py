"""What the forecasts of one series rest on, number by number."""

from dataclasses import asdict, dataclass

import pandas as pd

from data.database.store import Store
from data.returns.calibrations import read
from data.returns.gaps import gaps
from data.returns.scope import scope_name
from models.calibration.explanation import Explanation, explain
from models.reports.report import Report, Sheet
from models.scenarios.assumptions import resolve
from questions.plain_report import plain_report
from questions.question import Question
from questions.way import Way


@dataclass(frozen=True)
class ExplainAnswer:
    """A series' calibrated quantities, and what is unusual in its returns."""

    question: Question
    place: str
    explanation: Explanation
    silent: tuple[str, ...]  # a sentence for each stretch of months without returns

    @property
    def flags(self) -> tuple[str, ...]:
        """What is unusual in its returns, in sentences."""
        explanation = self.explanation
        note = f"{explanation.note[0].upper()}{explanation.note[1:]}." if explanation.note else ""
        unusual = tuple(filter(None, (note, explanation.left_out, *self.silent)))
        return unusual or ("Nothing unusual in its returns.",)

    def frame(self) -> pd.DataFrame:
        """A row a quantity: group, name, value, unit, months, origin, method."""
        return pd.DataFrame([asdict(each) for each in self.explanation.quantities])

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sheet = Sheet("Quantities", "What the forecasts of the series rest on", self.frame())
        return plain_report(self.question, self.place, self.flags, (sheet,))


@dataclass(frozen=True)
class Explain:
    """The question about a provider's treatment function."""

    question: Question
    provider: str
    treatment_function: str

    @property
    def key(self) -> tuple[object, ...]:
        return ("explain", self.question.digest, self.provider, self.treatment_function)

    def work_out(self, store: Store, way: Way) -> ExplainAnswer:
        question = self.question
        values = resolve(question.scenario.assumptions)
        read_from = read(store, question.scope, question.month)
        explanation = explain(read_from, values, self.provider, self.treatment_function)
        missed = gaps(store)
        missed = missed[
            (missed["provider"] == self.provider) & (missed["last_month"] < explanation.data_month)
        ]
        silent = tuple(
            f"No returns for {row.missing} months after {row.last_month}." for row in missed.itertuples()
        )
        return ExplainAnswer(question, scope_name(store, question.scope), explanation, silent)

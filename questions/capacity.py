"""Where capacity is spare in a scope, in clock stops, appointments and theatre slots a week."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from data.database.store import Store
from data.returns.capacity import capacity_frame, capacity_of, spare_record
from data.returns.scope import scope_name
from models.capacity.estimate import OWN_SHARE, Capacity, Floor, explained
from models.capacity.spare_appointments import PerStop, per_stop
from models.reports.report import Report, Sheet
from models.scenarios.assumptions import resolve
from models.scenarios.presets import preset
from questions.plain_report import plain_report
from questions.prepare import calibration
from questions.question import Question
from questions.way import Way

SHOWN = 10  # series said in words: those with the most to spare


@dataclass(frozen=True)
class SpareAnswer:
    """What each series has shown, needs and can spare, and what a clock stop takes there."""

    question: Question
    place: str
    capacity: Capacity
    each: PerStop

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """How many can spare how much, how often that came true, and what boards uploaded in its place."""
        capacity = self.capacity
        known, delivered = int(capacity.known.sum()), spare_record()[0].delivered
        statements = (
            f"{self._called:,} of {known:,} series have capacity to spare, {np.nansum(capacity.spare):,.0f} "
            f"clock stops a week together. Of {len(capacity.providers) - known:,} more "
            "the returns do not tell.",
            f"Of the series called spare in past months {delivered:.0%} later delivered it.",
        )
        if not capacity.uploaded:
            return statements
        uploaded = len(capacity.uploaded)
        return (*statements, f"{uploaded:,} series have what their board uploaded in place of the estimate.")

    @cached_property
    def largest(self) -> tuple[str, ...]:
        """The series with the most to spare, each explained."""
        capacity = self.capacity
        order = np.argsort(-np.nan_to_num(capacity.spare), kind="stable")[: min(self._called, SHOWN)]
        return tuple(
            f"{capacity.providers[s]} {capacity.treatment_functions[s]}: {explained(capacity, int(s))}"
            for s in order
        )

    @property
    def _called(self) -> int:
        return int((self.capacity.spare > 0).sum())

    def frame(self) -> pd.DataFrame:
        """A row a series, as `data.returns.capacity.capacity_frame`."""
        return capacity_frame(self.capacity, self.each)

    def report(self) -> Report:
        """What page, command, slide, sheet and print render."""
        sheet = Sheet("Capacity", "Shown, needed and spare a week, estimated", self.frame())
        return plain_report(self.question, self.place, self.sentences, (sheet,))


@dataclass(frozen=True)
class Spare:
    """Capacity on a question's figures, or as it was known in the month `as_of`, over what `floor` keeps."""

    question: Question
    floor: Floor = OWN_SHARE
    as_of: str | None = None  # refused where it is not held

    @classmethod
    def of(cls, store: Store, scope: str, as_of: str | None = None, floor: Floor = OWN_SHARE) -> "Spare":
        """The question about a scope if nothing changes; errors as for `Question.of`."""
        return cls(Question.of(store, scope, preset("baseline"), as_of), floor, as_of)

    @property
    def key(self) -> tuple[object, ...]:
        return ("spare", self.question.digest, self.floor, self.as_of)

    def work_out(self, store: Store, way: Way) -> SpareAnswer:
        question = self.question
        capacity = capacity_of(store, question.scope, self.as_of or question.month, self.floor)
        each = per_stop(calibration(store, question), resolve({}), {}, capacity)
        return SpareAnswer(question, scope_name(store, question.scope), capacity, each)

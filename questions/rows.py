"""A scenario's whole run, a batch of replications at a time: every provider's series, week by week."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from data.database.store import Store
from data.returns.past_errors import error_said
from models.rtt.months import WEEKS_PER_MONTH
from questions.plain_report import about
from questions.prepare import Prepared, prepare
from questions.question import Question
from questions.way import Way
from sim.observers.counts import Counts, CountsByTreatmentFunction
from sim.reports.clearance import heading_said
from sim.runs.results import Results
from sim.runs.runner import Cancelled, observe_in_batches


@dataclass
class Rows:
    """A question's run, of which only the sums by treatment function stay here; the store may be closed.

    `stopped` is set where the run was stopped after some of its replications, which then stand for it.
    """

    question: Question
    prepared: Prepared
    stopped: Cancelled | None = None
    _kept: list[Results] = field(default_factory=list)

    @classmethod
    def of(cls, store: Store, question: Question) -> "Rows":
        """What is to be run; errors as for `questions.prepare.prepare`."""
        return cls(question, prepare(store, question))

    def batches(self, way: Way) -> Iterator[Results]:
        """Each batch in turn. A run that is stopped ends early; raises Cancelled where nothing was done."""
        try:
            for batch, pooled in observe_in_batches(
                self.prepared.calibration,
                self.prepared.scenario,
                (Counts(), CountsByTreatmentFunction()),
                seed=self.question.seed,
                weeks=self.question.weeks,
                replications=self.question.replications,
                **way.options,
            ):
                self._kept.append(pooled)
                yield batch
        except Cancelled as fault:
            if not self._kept:
                raise
            self.stopped = fault

    @property
    def about(self) -> dict[str, object]:
        """What makes the run again, as a table's file carries it."""
        return about(self.question, self.prepared.scenario.document())

    @property
    def replications(self) -> int:
        """So many were done."""
        return sum(batch.replications for batch in self._kept)

    @property
    def results(self) -> Results:
        """What was done, by treatment function."""
        return CountsByTreatmentFunction().merged_replications(list(self._kept))  # which is emptied

    @property
    def sentences(self) -> tuple[str, ...]:
        """Where the list is heading, and how wrong such forecasts have been."""
        months = self.question.weeks / WEEKS_PER_MONTH
        return (*heading_said(self.results), error_said(self.question.scope, months))

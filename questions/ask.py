"""One way to ask: a question is a value, its answer one object that pages and commands render."""

from typing import Protocol, TypeVar

from data.database.store import Store
from models.reports.report import Report
from questions.question import Question
from questions.way import Way


class Answer(Protocol):
    """What a question is answered with."""

    def report(self) -> Report:
        """What page, command, slide, sheet and print all render."""
        ...


Given = TypeVar("Given", bound=Answer, covariant=True)


class Asked(Protocol[Given]):
    """Something to ask: a value that knows what names it, and how it is worked out."""

    @property
    def question(self) -> Question:
        """The scenario it is about, where and on which figures."""
        ...

    @property
    def key(self) -> tuple[object, ...]:
        """What it shares with everybody who asks the same: its kind first."""
        ...

    def work_out(self, store: Store, way: Way) -> Given: ...


def ask(store: Store, asked: Asked[Given], way: Way = Way()) -> Given:  # noqa: B008  a frozen value
    """The answer: data prepared once, run once.

    Raises TandemError where it can't be answered, and `sim.runs.runner.Cancelled` where it was stopped.
    """
    answer = asked.work_out(store, way)
    way.progress(1.0)
    return answer

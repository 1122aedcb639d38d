"""How a command asks a question, and how it says what was asked and writes what came of it."""

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from commands.parts.opening import Interrupted, Progress, interrupted, scenario_of
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    import pandas as pd

    from data.database.store import Store
    from models.scenarios.scenario import Scenario
    from questions.ask import Answer, Asked
    from questions.question import Question

Given = TypeVar("Given", bound="Answer")


def question_of(
    store: "Store", options: argparse.Namespace, scenario: "Scenario | None" = None
) -> "Question":
    """The question that the options name, or the same of another scenario: what they leave out is usual.

    Raises TandemError for a scenario, board or month that is not there.
    """
    from models.rtt.months import parse_month
    from questions.question import REPLICATIONS, WEEKS, Question

    until = getattr(options, "until", None)
    return Question.of(
        store,
        options.board,
        scenario or scenario_of(options.scenario),
        parse_month(until) if until else None,
        getattr(options, "weeks", WEEKS[2]),
        getattr(options, "replications", REPLICATIONS[2]),
        getattr(options, "seed", 1),
    )


def answer_to(store: "Store", asked: "Asked[Given]", what: str, workers: int | None = None) -> "Given":
    """The answer, with its progress called `what`; the first Ctrl-C stops it, and raises Interrupted."""
    from questions.ask import ask
    from questions.way import Way, check_workers
    from sim.runs.runner import Cancelled

    check_workers(workers)
    with interrupted() as cancel:
        try:
            return ask(store, asked, Way(Progress(what).say, cancel, workers))
        except Cancelled as fault:
            raise Interrupted(fault) from fault


def heading(question: "Question", name: str = "") -> str:
    """What was asked, as an answer begins: scope, scenario, figures, seed, replications, and whose work.

    `name` is that of the scenario where it is not the question's own.
    """
    from models.rtt.months import month_label

    return (
        f"{question.scope}, {name or question.scenario.name}, figures of {month_label(question.month)}, "
        f"seed {question.seed}, {question.replications:,} replications, Tandem {PRODUCT_VERSION}"
    )


def check_table(path: Path | None) -> None:
    """Raises TandemError unless a table can be written there; None is no table."""
    from data.writers.exports import check_format

    if path:
        check_format(path)


def write_table(frames: "Iterable[pd.DataFrame]", path: Path | None, about: Mapping[str, Any]) -> None:
    """Write a table with what it came from, and say so; None is no table."""
    from data.writers.exports import write_results

    if path:
        rows = write_results(frames, path, about)
        print(f"{rows:,} rows written to {path}")

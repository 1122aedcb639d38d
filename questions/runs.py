"""Runs of scenarios, remembered and kept: each question's run is made once, whoever asks.

Of a run only the sums by treatment function are kept, the lists by provider every fourth week, and the
appointments kept at each trust.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from cachetools import LRUCache, cached

from data.database.store import Store
from data.saved.runs import Run, runs, save_run
from questions.prepare import Prepared
from questions.question import Question
from questions.way import Way
from sim.observers.counts import CountsByTreatmentFunction
from sim.observers.groups import Groups, GroupsObserver
from sim.observers.visits import Visits, VisitsObserver
from sim.runs.results import Results
from sim.runs.runner import observe

REMEMBERED = 12  # runs
NOT_SAVED = "The run is shown but could not be saved in the store; its link will run it again."

log = logging.getLogger(__name__)
_saving = Lock()


@dataclass(frozen=True)
class Outcome:
    """One finished run, its series summed to treatment functions, and what the calibration says of it."""

    results: Results
    providers: Groups
    visits: Visits
    series: int
    notes: tuple[str, ...]  # one of each series that has something unusual in its returns
    began: datetime
    ended: datetime  # UTC, without a zone


@dataclass(frozen=True)
class Comparison:
    """A scenario and its baseline; the same outcome twice where the scenario has no levers."""

    scenario: Outcome
    baseline: Outcome


def compared(store: Store, question: Question, prepared: Prepared, way: Way) -> Comparison:
    """The runs of a question and of its baseline, on the same random numbers.

    Raises `sim.runs.runner.Cancelled` where the way was stopped.
    """
    wanted = [question.baseline] if not question.scenario.levers else [question.baseline, question]
    outcomes = [
        outcome(store, each, prepared, way.part(place / len(wanted), 1 / len(wanted)))
        for place, each in enumerate(wanted)
    ]
    return Comparison(scenario=outcomes[-1], baseline=outcomes[0])


@cached(
    LRUCache(REMEMBERED),
    key=lambda store, question, prepared, way: (str(store.path), question.digest),
    lock=Lock(),
)
def outcome(store: Store, question: Question, prepared: Prepared, way: Way) -> Outcome:
    """The run of a question on what was prepared for it or for the scenario it is the baseline of."""
    scenario = prepared.scenario if question.scenario.levers else prepared.baseline
    began = _now()
    results, lists, visits = observe(
        prepared.calibration,
        scenario,
        (CountsByTreatmentFunction(), GroupsObserver("providers"), VisitsObserver()),
        seed=question.seed,
        weeks=question.weeks,
        replications=question.replications,
        **way.options,
    )
    rates = prepared.calibration
    notes = tuple(filter(None, rates.notes))
    return Outcome(results, lists, visits, rates.series, notes, began, _now())


def save(store: Store, question: Question, comparison: Comparison) -> str:
    """Save a question's run and its baseline's in the store; gives a warning where that failed, else ''."""
    try:
        _save(store, question.baseline, comparison.baseline)
        if question.scenario.levers:
            _save(store, question, comparison.scenario)
    except Exception:  # a full disk must not take the answer away
        log.exception("saving run %s", question.digest)
        return NOT_SAVED
    return ""


def _save(store: Store, question: Question, made: Outcome) -> None:
    """Save the run once: the same question gives the same numbers, so an older row is as good."""
    saved = Run(
        id=question.digest,
        document=made.results.document,
        scope=question.scope,
        seed=question.seed,
        weeks=question.weeks,
        replications=question.replications,
        data_month=question.month,
        started_at=made.began,
        finished_at=made.ended,
    )
    summary = made.results.summary().assign(provider="", treatment_function="")
    with _saving:
        if question.digest not in set(runs(store)["id"]):
            save_run(store, saved, summary)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)

"""Runs of scenarios in the background: a scenario and its baseline, one job for each question.

Of each run only the sums by treatment function are kept, the lists by provider every fourth week, and the
appointments kept at each trust.
"""

import logging
import threading
import time
from collections.abc import Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

from data.database.store import Store
from data.returns.calibrations import england_history
from data.saved.runs import Run, runs, save_run
from models.calibration.rates import Calibration
from models.errors import TandemError
from models.pairing.default_pair import with_trusts
from models.rtt.history import History
from models.rtt.organisations import ENGLAND
from models.scenarios.scenario import Scenario
from questions.jobs import FAULT, KEPT, Shelf, Task, Turn
from questions.prepare import calibration
from questions.question import Request
from sim.observers.counts import CountsByTreatmentFunction
from sim.observers.groups import Groups, GroupsObserver
from sim.observers.visits import Visits, VisitsObserver
from sim.runs.results import Results
from sim.runs.runner import observe

READING = 0.05  # of the way: the calibration
NOT_SAVED = "The run is shown but could not be saved in the store; its link will run it again."
WAITING = "Waiting for another run of all England to end …"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """One finished run, its series summed to treatment functions, and what the calibration says of it."""

    results: Results
    providers: Groups
    visits: Visits
    series: int
    notes: tuple[str, ...]  # one of each series that has something unusual in its returns


@dataclass(frozen=True)
class Comparison:
    """A scenario and its baseline; the same outcome twice where the scenario has no levers."""

    scenario: Outcome
    baseline: Outcome


@dataclass(eq=False)
class Job(Task):
    """One question being answered; `comparison` is the answer once it is done without a fault."""

    request: Request = field(kw_only=True)
    warning: str = ""
    comparison: Comparison | None = None


class Desk:
    """All runs of this process: one job for each question, whoever asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._one_england = threading.Lock()  # each takes 1 GB while it runs
        self._running: dict[Hashable, Job] = {}
        self._finished: Shelf[Job] = Shelf(KEPT)
        self._outcomes: Shelf[Outcome] = Shelf(KEPT)
        self._england: Shelf[History] = Shelf(2)

    def ask(self, store: Store, request: Request, watcher: str) -> Job:
        """The job that answers `request`: remembered, joined while it runs, or started.

        A watcher has one question at a time: one it asked before is left, and stops if nobody else waits.
        """
        name = (str(store.path), request.digest)
        with self._lock:
            for other in list(self._running.values()):
                if other.request.digest != request.digest:
                    other.leave(watcher)
            running = self._running.get(name)
            if running and not running.cancel.is_set():
                running.watchers.add(watcher)
                return running
            finished = self._finished.find(name)
            if finished:
                return finished
            job = self._running[name] = Job({watcher}, request=request)
        threading.Thread(target=self._answer, args=(store, job, name), daemon=True, name="run").start()
        return job

    def cancel(self, job: Job, watcher: str) -> None:
        """Leave a job; it stops within a simulated week when nobody else waits for it."""
        with self._lock:
            job.leave(watcher)

    def _answer(self, store: Store, job: Job, name: Hashable) -> None:
        try:
            with self._turn(job):
                job.began = time.monotonic()
                job.comparison = self._compare(store, job)
        except TandemError as fault:
            job.fault = fault
        except Exception:
            log.exception("run %s", job.request)
            job.fault = FAULT
        with self._lock:
            if self._running.get(name) is job:
                del self._running[name]
            if job.comparison:
                self._finished.put(name, job)
        job.done.set()

    def calibration(self, store: Store, request: Request, scenario: Scenario | None = None) -> Calibration:
        """What a question is run from, or the same under another scenario's assumptions."""
        name = (str(store.path), request.month, request.edition)
        with self._lock:
            england = self._england.find(name)
        if england is None:
            england = england_history(store, request.month)
            with self._lock:
                self._england.put(name, england)
        return calibration(store, request.scope, scenario or request.scenario, request.month, england)

    def _turn(self, job: Job) -> "nullcontext[None] | Turn":
        return Turn(self._one_england, job, WAITING) if job.request.scope == ENGLAND else nullcontext()

    def _compare(self, store: Store, job: Job) -> Comparison:
        request = job.request
        found = self.calibration(store, request)
        job.share = READING
        wanted = [request.baseline] if not request.scenario.levers else [request.baseline, request]
        outcomes = []
        for place, each in enumerate(wanted):
            start = READING + (1 - READING) * place / len(wanted)
            outcomes.append(self._outcome(store, found, each, job, start, (1 - READING) / len(wanted)))
        return Comparison(scenario=outcomes[-1], baseline=outcomes[0])

    def _outcome(
        self, store: Store, found: Calibration, request: Request, job: Job, start: float, part: float
    ) -> Outcome:
        name = (str(store.path), request.digest)
        with self._lock:
            known = self._outcomes.find(name)
        if known:
            return known

        def progress(share: float) -> None:
            job.share = start + part * share

        began = datetime.now(UTC).replace(tzinfo=None)
        results, lists, visits = observe(
            found,
            with_trusts(request.scenario, found),
            (CountsByTreatmentFunction(), GroupsObserver("providers"), VisitsObserver()),
            seed=request.seed,
            weeks=request.weeks,
            replications=request.replications,
            progress=progress,
            cancel=job.cancel,
        )
        notes = tuple(filter(None, found.notes))
        outcome = Outcome(results, lists, visits, found.series, notes)
        try:
            _save(store, request, results, began)
        except Exception:  # a full disk must not take the answer away
            log.exception("saving run %s", request.digest)
            job.warning = NOT_SAVED
        with self._lock:
            self._outcomes.put(name, outcome)
        return outcome


def _save(store: Store, request: Request, results: Results, began: datetime) -> None:
    """Save the run once: the same question gives the same numbers, so an older row is as good."""
    saved = Run(
        id=request.digest,
        document=results.document,
        scope=request.scope,
        seed=request.seed,
        weeks=request.weeks,
        replications=request.replications,
        data_month=request.month,
        started_at=began,
        finished_at=datetime.now(UTC).replace(tzinfo=None),
    )
    summary = results.summary().assign(provider="", treatment_function="")
    with _saving:
        if request.digest not in set(runs(store)["id"]):
            save_run(store, saved, summary)


_first_desk = threading.Lock()
_saving = threading.Lock()
_desks: list[Desk] = []


def desk() -> Desk:
    """The one desk of this process, shared by everybody's pages."""
    with _first_desk:
        if not _desks:
            _desks.append(Desk())
    return _desks[0]

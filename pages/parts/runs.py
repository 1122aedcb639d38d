"""Runs in the background: started once for everybody who asks the same, watched, cancelled, remembered.

A run lives in a thread of its own that touches nothing of the page, so a click, a closed tab or another
planner's run does not disturb it. Of each run only the sums by treatment function are kept.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar

from data.calibrations import calibration, england_history
from data.runs import Run, runs, save_run
from data.store import Store
from models.calibration import Calibration
from models.errors import TandemError
from models.history import History
from models.organisations import ENGLAND
from pages.parts.lab_link import Request
from sim.comparison import by_treatment_function
from sim.results import Results
from sim.runner import Cancelled, run

KEPT = 12  # finished questions, and runs behind them: a board's take 6 MB, the largest 30
READING = 0.05  # of the way: the calibration
FAULT = TandemError(
    "The run stopped at a fault inside Tandem, and nothing of it was kept.",
    "Run it again. If it stops again, the window Tandem was started from tells more.",
)
NOT_SAVED = "The run is shown but could not be saved in the store; its link will run it again."

log = logging.getLogger(__name__)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Outcome:
    """One finished run, its series summed to treatment functions, and what the calibration says of it."""

    results: Results
    series: int
    notes: tuple[str, ...]  # one of each series that has something unusual in its returns


@dataclass(frozen=True)
class Comparison:
    """A scenario and its baseline; the same outcome twice where the scenario has no levers."""

    scenario: Outcome
    baseline: Outcome


@dataclass(eq=False)
class Job:
    """One question being answered. `share` runs from 0 to 1; after `done` is set the rest stays as it is."""

    request: Request
    watchers: set[str]
    share: float = 0.0
    waiting: bool = False  # for another run of all England to end
    warning: str = ""
    comparison: Comparison | None = None
    fault: TandemError | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    began: float | None = None  # monotonic seconds, once it is past waiting

    def seconds_left(self) -> float | None:
        """Seconds until the end at the pace so far; None while that would be a guess."""
        if self.began is None or self.share <= READING:
            return None
        elapsed = time.monotonic() - self.began
        return elapsed / self.share * (1 - self.share) if elapsed > 1 else None


class Shelf(Generic[Value]):
    """The latest things made, by name, oldest out; the caller holds the desk's lock."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Value] = OrderedDict()

    def find(self, name: Hashable) -> Value | None:
        if name not in self._held:
            return None
        self._held.move_to_end(name)
        return self._held[name]

    def put(self, name: Hashable, value: Value) -> None:
        self._held[name] = value
        self._held.move_to_end(name)
        while len(self._held) > self._most:
            self._held.popitem(last=False)


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
                    _leave(other, watcher)
            running = self._running.get(name)
            if running and not running.cancel.is_set():
                running.watchers.add(watcher)
                return running
            finished = self._finished.find(name)
            if finished:
                return finished
            job = self._running[name] = Job(request, {watcher})
        threading.Thread(target=self._answer, args=(store, job, name), daemon=True, name="run").start()
        return job

    def cancel(self, job: Job, watcher: str) -> None:
        """Leave a job; it stops within a simulated week when nobody else waits for it."""
        with self._lock:
            _leave(job, watcher)

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

    def _turn(self, job: Job) -> "nullcontext[None] | _Turn":
        return _Turn(self._one_england, job) if job.request.scope == ENGLAND else nullcontext()

    def _compare(self, store: Store, job: Job) -> Comparison:
        request = job.request
        found = self._calibrate(store, request)
        job.share = READING
        wanted = [request.baseline] if not request.scenario.levers else [request.baseline, request]
        outcomes = []
        for place, each in enumerate(wanted):
            start = READING + (1 - READING) * place / len(wanted)
            outcomes.append(self._outcome(store, found, each, job, start, (1 - READING) / len(wanted)))
        return Comparison(scenario=outcomes[-1], baseline=outcomes[0])

    def _calibrate(self, store: Store, request: Request) -> Calibration:
        name = (str(store.path), request.month, request.edition)
        with self._lock:
            england = self._england.find(name)
        if england is None:
            england = england_history(store, request.month)
            with self._lock:
                self._england.put(name, england)
        return calibration(store, request.scope, request.scenario, request.month, england)

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
        results = run(
            found, request.scenario, seed=request.seed, weeks=request.weeks,
            replications=request.replications, progress=progress, cancel=job.cancel,
        )  # fmt: skip
        outcome = Outcome(by_treatment_function(results), found.series, tuple(filter(None, found.notes)))
        try:
            _save(store, request, outcome.results, began)
        except Exception:  # a full disk must not take the answer away
            log.exception("saving run %s", request.digest)
            job.warning = NOT_SAVED
        with self._lock:
            self._outcomes.put(name, outcome)
        return outcome


class _Turn:
    """Waits for the one place for a run of all England, as long as the job is not cancelled."""

    def __init__(self, place: threading.Lock, job: Job) -> None:
        self._place, self._job = place, job

    def __enter__(self) -> None:
        self._job.waiting = True
        while not self._place.acquire(timeout=0.1):
            if self._job.cancel.is_set():
                raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
        self._job.waiting = False

    def __exit__(self, *exc: object) -> None:
        self._place.release()


def _leave(job: Job, watcher: str) -> None:
    job.watchers.discard(watcher)
    if not job.watchers:
        job.cancel.set()


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


def in_words(seconds: float) -> str:
    """A time left as it is said: 'about 25 seconds', 'about 2 minutes'."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} seconds"
    return f"about {round(seconds / 60)} minutes"


_first_desk = threading.Lock()
_saving = threading.Lock()
_desks: list[Desk] = []


def desk() -> Desk:
    """The one desk of this process, shared by everybody's pages."""
    with _first_desk:
        if not _desks:
            _desks.append(Desk())
    return _desks[0]

"""Questions answered behind a page: asked once for everybody who asks the same, watched, stopped, remembered.

A job lives in a thread of its own that touches nothing of the page, so a click, a closed tab or another
planner's job does not disturb it.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from cachetools import LRUCache

from data.database.store import Store
from models.errors import TandemError
from models.rtt.organisations import ENGLAND
from questions.ask import Answer, Asked, ask
from questions.way import Way
from sim.runs.runner import Cancelled, Progress

REMEMBERED = 12  # answers of a kind
FEWER = {"matching": 3}  # of 100,000 patients one takes some 100 MB
SURE = 0.05  # of the way, before which a time left would be a guess
FAULT = TandemError(
    "The run stopped at a fault inside Tandem, and nothing of it was kept.",
    "Run it again. If it stops again, the window Tandem was started from tells more.",
)
RUNS = ("lab", "outturn")  # kinds that a planner waits for: on every core, each board at once
OTHERS_STUDY = "Waiting for another planner's to end …"
OTHERS_MATCHING = "Waiting for another matching to end …"
OTHERS_ENGLAND = "Waiting for another run of all England to end …"  # each takes 1 GB while it runs
ALONE = 1  # core for anything else: the other is for the planner who moves a lever meanwhile

log = logging.getLogger(__name__)
Work = Callable[[Progress, threading.Event], Any]


@dataclass(eq=False)
class Job:
    """Something being worked out. `share` runs from 0 to 1; after `done` is set the rest stays as it is."""

    kind: str
    about: str  # digest of the question it is about
    watchers: set[str]
    share: float = 0.0
    waiting: str = ""  # for what, in words, until it may begin
    fault: TandemError | None = None
    answer: Any = None
    cancel: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    began: float | None = None  # monotonic seconds, once it is past waiting

    @property
    def answered(self) -> bool:
        """Whether it is done without a fault."""
        return self.done.is_set() and self.fault is None

    def seconds_left(self) -> float | None:
        """Seconds until the end at the pace so far; None while that would be a guess."""
        if self.began is None or self.share <= SURE:
            return None
        elapsed = time.monotonic() - self.began
        return elapsed / self.share * (1 - self.share) if elapsed > 1 else None

    def leave(self, watcher: str) -> None:
        """Take a watcher away; the job stops when nobody else waits for it. The caller holds the lock."""
        self.watchers.discard(watcher)
        if not self.watchers:
            self.cancel.set()


class Jobs:
    """All jobs of this process, by what they are asked: one for each, whoever asks.

    One run of all England at a time, one matching, and one study on one core.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._lock = threading.Lock()
        self._places = {place: threading.Lock() for place in (OTHERS_ENGLAND, OTHERS_STUDY, OTHERS_MATCHING)}
        self._running: dict[Hashable, Job] = {}
        self._remembered = remembered
        self._answered: dict[str, LRUCache[Hashable, Job]] = {}  # by kind

    def find(self, store: Store, asked: Asked[Answer]) -> Job | None:
        """The job that answers this, running or remembered."""
        return self._find((str(store.path), *asked.key))

    def ask(self, store: Store, asked: Asked[Answer], watcher: str) -> Job:
        """The job that answers this: remembered, joined while it runs, or started.

        A watcher has one job of a kind at a time: one asked for before is left.
        """
        kind, scope = str(asked.key[0]), asked.question.scope
        workers = None if kind in RUNS else ALONE
        place = OTHERS_STUDY if kind not in RUNS else OTHERS_ENGLAND if scope == ENGLAND else ""

        def work(progress: Progress, cancel: threading.Event) -> Answer:
            return ask(store, asked, Way(progress, cancel, workers))

        return self.start((str(store.path), *asked.key), kind, asked.question.digest, watcher, work, place)

    def start(
        self, name: Hashable, kind: str, about: str, watcher: str, work: Work, place: str = OTHERS_STUDY
    ) -> Job:
        """The job of that name, remembered, joined while it runs, or started as `work`.

        `place` says what it waits for that others may hold; '' that it waits for nothing.
        """
        with self._lock:
            known = self._known(name)
            for other in list(self._running.values()):
                if other is not known and other.kind == kind:
                    other.leave(watcher)
            if known:
                if not known.done.is_set():
                    known.watchers.add(watcher)
                return known
            job = self._running[name] = Job(kind, about, {watcher})
        carry_out = threading.Thread(
            target=self._carry_out, args=(job, name, work, place), daemon=True, name=kind
        )
        carry_out.start()
        return job

    def cancel(self, job: Job, watcher: str) -> None:
        """Leave a job; it stops within a simulated week when nobody else waits for it."""
        with self._lock:
            job.leave(watcher)

    def leave_others(self, about: str, watcher: str) -> None:
        """Leave every study that is not about this question; a run is left when another is asked for."""
        with self._lock:
            for job in list(self._running.values()):
                if job.kind not in RUNS and job.about != about:
                    job.leave(watcher)

    def _find(self, name: Hashable) -> Job | None:
        with self._lock:
            return self._known(name)

    def _known(self, name: Hashable) -> Job | None:
        running = self._running.get(name)
        if running and not running.cancel.is_set():
            return running
        return next((kept[name] for kept in self._answered.values() if name in kept), None)

    def _carry_out(self, job: Job, name: Hashable, work: Work, place: str) -> None:
        def progress(share: float) -> None:
            job.share = share

        try:
            self._wait_for(place, job)
            try:
                job.began = time.monotonic()
                job.answer = work(progress, job.cancel)
            finally:
                if place:
                    self._places[place].release()
        except TandemError as fault:
            job.fault = fault
        except Exception:
            log.exception("%s %s", job.kind, name)
            job.fault = FAULT
        with self._lock:
            if self._running.get(name) is job:
                del self._running[name]
            if job.fault is None:
                most = min(FEWER.get(job.kind, self._remembered), self._remembered)
                kept = self._answered.setdefault(job.kind, LRUCache(most))
                kept[name] = job
        job.done.set()

    def _wait_for(self, place: str, job: Job) -> None:
        """Take the place, waiting as long as the job is not stopped."""
        if not place:
            return
        job.waiting = place
        while not self._places[place].acquire(timeout=0.1):
            if job.cancel.is_set():
                raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
        job.waiting = ""


def in_words(seconds: float) -> str:
    """A time left as it is said: 'about 25 seconds', 'about 2 minutes'."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} seconds"
    return f"about {round(seconds / 60)} minutes"


_first = threading.Lock()
_jobs: list[Jobs] = []


def jobs() -> Jobs:
    """The one registry of this process, shared by everybody's pages."""
    with _first:
        if not _jobs:
            _jobs.append(Jobs())
    return _jobs[0]

"""Work in the background: started once for everybody who asks the same, watched, cancelled, remembered.

A task lives in a thread of its own that touches nothing of the page, so a click, a closed tab or another
planner's task does not disturb it.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from models.errors import TandemError
from sim.runs.runner import Cancelled, Progress

KEPT = 12  # finished tasks of a kind
SURE = 0.05  # of the way, before which a time left would be a guess
FAULT = TandemError(
    "The run stopped at a fault inside Tandem, and nothing of it was kept.",
    "Run it again. If it stops again, the window Tandem was started from tells more.",
)

log = logging.getLogger(__name__)
Value = TypeVar("Value")
Work = Callable[[Progress, threading.Event], Any]


@dataclass(eq=False)
class Task:
    """Something being worked out. `share` runs from 0 to 1; after `done` is set the rest stays as it is."""

    watchers: set[str]
    share: float = 0.0
    waiting: str = ""  # for what, in words, until it may begin
    fault: TandemError | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    began: float | None = None  # monotonic seconds, once it is past waiting

    def seconds_left(self) -> float | None:
        """Seconds until the end at the pace so far; None while that would be a guess."""
        if self.began is None or self.share <= SURE:
            return None
        elapsed = time.monotonic() - self.began
        return elapsed / self.share * (1 - self.share) if elapsed > 1 else None

    def leave(self, watcher: str) -> None:
        """Take a watcher away; the task stops when nobody else waits for it. The caller holds the lock."""
        self.watchers.discard(watcher)
        if not self.watchers:
            self.cancel.set()


class Shelf(Generic[Value]):
    """The latest things made, by name, oldest out; the caller holds the lock."""

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


class Turn:
    """Waits for the one place that a kind of task has, as long as the task is not cancelled."""

    def __init__(self, place: threading.Lock, task: Task, waiting: str) -> None:
        self._place, self._task, self._waiting = place, task, waiting

    def __enter__(self) -> None:
        self._task.waiting = self._waiting
        while not self._place.acquire(timeout=0.1):
            if self._task.cancel.is_set():
                raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
        self._task.waiting = ""

    def __exit__(self, *exc: object) -> None:
        self._place.release()


@dataclass(eq=False)
class Study(Task):
    """A deeper look at one question: which lever did what, what it would take, how sure it is."""

    kind: str = ""
    digest: str = ""  # of the question it is about
    value: Any = None


class Bench:
    """All studies of this process: one for each name, whoever asks, and one at a time, on one core."""

    def __init__(self, kept: int = 4 * KEPT) -> None:
        self._lock = threading.Lock()
        self._place = threading.Lock()
        self._running: dict[Hashable, Study] = {}
        self._finished: Shelf[Study] = Shelf(kept)

    def find(self, name: Hashable) -> Study | None:
        """The study of that name, running or remembered."""
        with self._lock:
            running = self._running.get(name)
            return running if running and not running.cancel.is_set() else self._finished.find(name)

    def ask(self, name: Hashable, kind: str, digest: str, watcher: str, work: Work) -> Study:
        """The study of that name: remembered, joined while it runs, or started as `work`.

        A watcher has one study of a kind at a time; one asked for before is left.
        """
        known = self.find(name)
        with self._lock:
            for other in list(self._running.values()):
                if other is not known and other.kind == kind:
                    other.leave(watcher)
            if known:
                known.watchers.add(watcher)
                return known
            study = self._running[name] = Study({watcher}, kind=kind, digest=digest)
        threading.Thread(target=self._carry_out, args=(study, name, work), daemon=True, name=kind).start()
        return study

    def cancel(self, study: Study, watcher: str) -> None:
        """Leave a study; it stops within a simulated week when nobody else waits for it."""
        with self._lock:
            study.leave(watcher)

    def leave_others(self, digest: str, watcher: str) -> None:
        """Leave every study that is not about this question."""
        with self._lock:
            for study in list(self._running.values()):
                if study.digest != digest:
                    study.leave(watcher)

    def _carry_out(self, study: Study, name: Hashable, work: Work) -> None:
        def progress(share: float) -> None:
            study.share = share

        try:
            with Turn(self._place, study, "Waiting for another planner's to end …"):
                study.began = time.monotonic()
                study.value = work(progress, study.cancel)
        except TandemError as fault:
            study.fault = fault
        except Exception:
            log.exception("study %s", name)
            study.fault = FAULT
        with self._lock:
            if self._running.get(name) is study:
                del self._running[name]
            if study.fault is None:
                self._finished.put(name, study)
        study.done.set()


def in_words(seconds: float) -> str:
    """A time left as it is said: 'about 25 seconds', 'about 2 minutes'."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} seconds"
    return f"about {round(seconds / 60)} minutes"


_first_bench = threading.Lock()
_benches: list[Bench] = []


def bench() -> Bench:
    """The one bench of this process, shared by everybody's pages."""
    with _first_bench:
        if not _benches:
            _benches.append(Bench())
    return _benches[0]

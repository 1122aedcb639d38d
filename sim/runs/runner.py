"""Runs a scenario: cut in units, spread over workers, put together batch by batch as if run at once."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import nullcontext
from dataclasses import replace
from threading import Event, Lock
from typing import Any, TypedDict, Unpack

import numpy as np

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.scenarios.scenario import Scenario
from sim.engine.state import MEASURES
from sim.observers.counts import Counts
from sim.observers.observer import RunPart
from sim.runs.executors import Lost, Pool, Threads
from sim.runs.results import Results
from sim.runs.work_units import Observers, Pieces, Tick, Unit, assembled, plan, shares_of_providers, unit_of

Progress = Callable[[float], None]

WEEKS, REPLICATIONS = 104, 30  # of a run that is not said otherwise
# what a planner may ask for in one run: past these it would not fit a desktop's memory, or mean anything
MOST_WEEKS = 260
MOST_REPLICATIONS = 1000
MOST_COUNTS = 500_000_000  # 2 GB of results
MOST_LOSSES = 3  # workers lost with one unit in hand before the run is given up
LISTEN = 0.2  # seconds between looks at whether the run is cancelled


class Cancelled(TandemError):
    """The run was stopped before its end; `kept` is what it gives of its first replications, if any ended.

    The same as of a run of so many: results, what each observer saw, or this for each scenario begun.
    """

    def __init__(self, message: str, remedy: str, kept: Any = None) -> None:
        super().__init__(message, remedy)
        self.kept = kept


class SpreadOptions(TypedDict, total=False):
    """How a run is carried out, which changes none of its bytes."""

    workers: int | None  # threads; one a core
    pool: Pool | None  # carries the run out instead of threads
    progress: Progress  # hears the share done, 0 to 1
    cancel: Event | None  # setting it stops the run within a simulated week


class RunOptions(SpreadOptions, total=False):
    """How long a run is, in how many replications, by which random numbers, and how it is carried out."""

    seed: int  # 1
    weeks: int  # 104
    replications: int  # 30


def run(calibration: Calibration, scenario: Scenario, **options: Unpack[RunOptions]) -> Results:
    """Run `scenario` from the calibrated day on and give its results.

    The same calibration, scenario and seed give the same counts, however the run is carried out. Raises
    Cancelled, with the results of the replications finished, when `cancel` is set, and TandemError where all
    the counts would not fit in memory; `observe` can keep less of them.
    """
    _check_memory(calibration, options.get("weeks", WEEKS), options.get("replications", REPLICATIONS))
    try:
        (results,) = observe(calibration, scenario, (Counts(),), **options)
    except Cancelled as fault:
        raise Cancelled(fault.message, fault.remedy, fault.kept and fault.kept[0]) from fault
    kept: Results = results
    return kept


def observe(
    calibration: Calibration, scenario: Scenario, observers: Observers, **options: Unpack[RunOptions]
) -> tuple[Any, ...]:
    """Run `scenario` and give what each of the observers saw, in their order: the same however it is spread.

    Raises Cancelled, with what they saw of the replications finished, when `cancel` is set.
    """
    seen: list[list[Any]] = [[] for _ in observers]
    whole, ended = _whole(calibration, scenario, observers, options), 0
    stopped: Cancelled | None = None
    try:
        for batch, pieces in _batches(whole, observers, options):
            for own, piece in zip(seen, pieces, strict=True):
                own.append(piece)
            ended = batch.replications.stop
    except Cancelled as fault:
        stopped = fault
        if not ended:
            raise
    finished = replace(whole, replications=range(ended))
    observations = tuple(
        observer.result(finished, observer.merged_replications(own))
        for observer, own in zip(observers, seen, strict=True)
    )
    if stopped:
        raise Cancelled(stopped.message, stopped.remedy, observations) from stopped
    return observations


def observe_in_batches(
    calibration: Calibration, scenario: Scenario, observers: Observers, **options: Unpack[RunOptions]
) -> Iterator[tuple[Any, ...]]:
    """What `observe` gives, of a batch of replications at a time, in their order; each may be let go of.

    Raises Cancelled after the last batch that was finished when `cancel` was set.
    """
    whole = _whole(calibration, scenario, observers, options)
    for batch, pieces in _batches(whole, observers, options):
        yield tuple(observer.result(batch, piece) for observer, piece in zip(observers, pieces, strict=True))


def _whole(
    calibration: Calibration, scenario: Scenario, observers: Observers, options: RunOptions
) -> RunPart:
    weeks, replications = options.get("weeks", WEEKS), options.get("replications", REPLICATIONS)
    seed = options.get("seed", 1)
    after = max((observer.after for observer in observers), default=0)
    check_size(max(weeks - after, 1) if after else weeks, replications, seed)
    check_scope(calibration, scenario)
    rows = np.arange(calibration.series)
    return RunPart(calibration, scenario, seed, weeks, range(replications), rows)


def _batches(whole: RunPart, observers: Observers, options: RunOptions) -> Iterator[tuple[RunPart, Pieces]]:
    """The one loop of all runs: each batch of replications in turn, and its observers' pieces."""
    series, replications = whole.calibration.series, len(whole.replications)
    given = options.get("pool")
    with nullcontext(given) if given else Threads(options.get("workers")) as pool:
        batches, parts = plan(series, whole.weeks, replications, pool.workers * pool.turns, observers)
        shares = shares_of_providers(whole.calibration, whole.scenario, parts)
        units = (unit_of(whole, batch, rows, observers) for batch in batches for rows in shares)
        progress = options.get("progress", lambda share: None)
        work = _Work(pool, units, whole.size * whole.weeks, progress, options.get("cancel"))
        try:
            for batch in batches:
                part = replace(whole, replications=batch)
                yield part, assembled(part, work.next_of(batch, len(shares)), observers)
        except BaseException:
            pool.stop()
            raise


class _Work:
    """The units of one run on their way: handed out in order, not far ahead of what is taken back."""

    def __init__(
        self, pool: Pool, todo: Iterator[Unit], size: int, progress: Progress, cancel: Event | None
    ) -> None:
        self._pool, self._todo, self._size, self._progress, self._cancel = pool, todo, size, progress, cancel
        self._away: dict[Future[Pieces | None], Unit] = {}
        self._back: dict[range, list[tuple[Unit, Pieces]]] = {}
        self._losses: Counter[Unit] = Counter()
        self._heard: Counter[Unit] = Counter()  # weeks of each unit on its way or back
        self._done, self._lock = 0, Lock()

    def next_of(self, batch: range, parts: int) -> list[tuple[Unit, Pieces]]:
        """The `parts` units of the next batch of replications, once they are back; raises Cancelled."""
        back = self._back.setdefault(batch, [])
        while len(back) < parts:
            cancelled = self._cancelled()
            if not cancelled:
                self._hand_out(parts)
            self._take_back(0.0 if cancelled else LISTEN)
            if cancelled and len(back) < parts:
                raise _cancelled_after(batch.start)
        return self._back.pop(batch)

    def _cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.is_set()

    def _hand_out(self, parts: int) -> None:
        """Keep two units a worker away, while no more than a batch of `parts` and so many again are held."""
        most = 2 * self._pool.workers
        while len(self._away) < most and len(self._away) + sum(map(len, self._back.values())) < parts + most:
            unit = next(self._todo, None)
            if unit is None:
                return
            self._submit(unit)

    def _submit(self, unit: Unit) -> None:
        self._away[self._pool.submit(unit, self._tick_of(unit))] = unit

    def _take_back(self, seconds: float) -> None:
        for future in wait(self._away, seconds, FIRST_COMPLETED).done:
            unit = self._away.pop(future)
            try:
                done = self._pool.result(future)
            except Lost as fault:
                self._losses[unit] += 1
                if self._losses[unit] > MOST_LOSSES:
                    raise TandemError(
                        f"The run was given up: {self._losses[unit]} workers died with the same part of it.",
                        "Close other programs to free memory, or use fewer workers.",
                    ) from fault
                self._submit(unit)
            else:
                if done is not None:
                    self._back.setdefault(unit.replications, []).append((unit, done))
                    self._hear(unit, unit.weeks - self._heard.pop(unit, 0))

    def _tick_of(self, unit: Unit) -> Tick:
        def tick(week: int) -> bool:
            self._hear(unit, 1)
            return not self._cancelled()

        return tick

    def _hear(self, unit: Unit, weeks: int) -> None:
        if weeks:
            with self._lock:
                self._heard[unit] += weeks
                self._done += weeks * unit.size
                self._progress(self._done / self._size)


def _cancelled_after(replications: int) -> Cancelled:
    if replications == 0:
        return Cancelled("The run was cancelled.", "Run it again when you are ready.")
    return Cancelled(
        f"The run was cancelled; its first {replications:,} replications are kept.",
        "Run it again for all of them.",
    )


def check_size(weeks: int, replications: int, seed: int) -> None:
    """Refuse a run of a size that nobody can use, or a seed that is none."""
    for name, asked, most in (
        ("weeks", weeks, MOST_WEEKS),
        ("replications", replications, MOST_REPLICATIONS),
    ):
        if not 1 <= asked <= most:
            raise TandemError(
                f"A run of {asked:,} {name} was asked for.", f"Choose from 1 to {most:,} {name}."
            )
    if seed < 0:
        raise TandemError(f"The seed is {seed}.", "Choose a whole number from 0 up.")


def _check_memory(calibration: Calibration, weeks: int, replications: int) -> None:
    each = calibration.series * weeks * len(MEASURES)
    if each * replications > MOST_COUNTS:
        raise TandemError(
            f"{replications:,} replications of {weeks} weeks of {calibration.series:,} series "
            "would not fit in memory.",
            f"Choose {max(MOST_COUNTS // each, 1):,} replications or fewer, or a board.",
        )


def check_scope(calibration: Calibration, scenario: Scenario) -> None:
    """Refuse a lever that names a provider with nobody waiting in the run: it would do nothing, unseen."""
    here = set(calibration.providers.tolist())
    for lever, code in scenario.providers_named():
        if code not in here:
            raise TandemError(
                f"{lever.name} names provider {code}, which has nobody waiting in "
                f"{calibration.scope} in {calibration.data_month}.",
                f"Name one of {', '.join(sorted(here)[:8])} ..., or run the board it belongs to.",
            )

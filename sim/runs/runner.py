"""Runs a scenario: cut in units, spread over workers, put together batch by batch as if run at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import nullcontext
from dataclasses import replace
from threading import Event, Lock

import numpy as np

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.scenarios.scenario import Scenario
from sim.engine.state import MEASURES
from sim.runs.executors import Crew, Lost, Threads
from sim.runs.results import Results
from sim.runs.work_units import Done, Tick, Unit, assembled, plan, shares_of_providers, unit_of

Progress = Callable[[float], None]

# what a planner may ask for in one run: past these it would not fit a desktop's memory, or mean anything
MOST_WEEKS = 260
MOST_REPLICATIONS = 1000
MOST_COUNTS = 500_000_000  # 2 GB of results
MOST_LOSSES = 3  # workers lost with one unit in hand before the run is given up
LISTEN = 0.2  # seconds between looks at whether the run is cancelled


class Cancelled(TandemError):
    """The run was stopped before its end; `kept` is its first replications, as if only they were wanted."""

    def __init__(self, message: str, remedy: str, kept: Results | None = None) -> None:
        super().__init__(message, remedy)
        self.kept = kept


def run(
    calibration: Calibration,
    scenario: Scenario,
    *,
    seed: int = 1,
    weeks: int = 104,
    replications: int = 30,
    workers: int | None = None,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
    crew: Crew | None = None,
    keep: Callable[[Results], Results] | None = None,
) -> Results:
    """Run `scenario` from the calibrated day on and give its results.

    The same calibration, scenario and seed give the same counts, whatever the number of `workers`, by default
    threads, one a core, or another `crew`. `progress` hears the share done, 0 to 1; setting `cancel` stops
    the run within a simulated week and raises Cancelled, with the replications finished. `keep` may reduce
    each batch of replications to what is wanted of it, so that a run of any size fits in memory; without it
    TandemError is raised where all the counts would not.
    """
    if keep is None:
        _check_memory(calibration, weeks, replications)
    batches = run_in_batches(
        calibration,
        scenario,
        seed=seed,
        weeks=weeks,
        replications=replications,
        workers=workers,
        progress=progress,
        cancel=cancel,
        crew=crew,
    )
    return gathered(batches if keep is None else map(keep, batches), replications)


def gathered(batches: Iterable[Results], replications: int) -> Results:
    """Batches of one run put together, `replications` in all; Cancelled has those that came before it."""
    first: Results | None = None
    counts, closing, done = np.empty(0, np.int32), np.empty(0), 0
    stopped: Cancelled | None = None
    try:
        for batch in batches:
            if first is None:
                first = batch
                counts = np.empty((replications, *batch.counts.shape[1:]), np.int32)
                closing = np.zeros_like(batch.closing)
            counts[done : done + batch.replications] = batch.counts
            closing += np.rint(batch.closing * batch.replications)  # patients, so that the sum is exact
            done += batch.replications
    except Cancelled as fault:
        stopped = fault
    kept = first and replace(first, counts=counts[:done], closing=closing / done)
    if stopped:
        raise Cancelled(stopped.message, stopped.remedy, kept) from stopped
    if kept is None:
        raise ValueError("no batch to put together")
    return kept


def run_in_batches(
    calibration: Calibration,
    scenario: Scenario,
    *,
    seed: int = 1,
    weeks: int = 104,
    replications: int = 30,
    workers: int | None = None,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
    crew: Crew | None = None,
) -> Iterator[Results]:
    """The results of `run` a batch of replications at a time, in their order; the caller may let go of each.

    Raises Cancelled after the last batch that was finished when `cancel` was set.
    """
    check_size(weeks, replications, seed)
    check_scope(calibration, scenario)
    with nullcontext(crew) if crew else Threads(workers) as hands:
        batches, parts = plan(calibration.series, weeks, replications, hands.workers * hands.turns)
        shares = shares_of_providers(calibration, scenario, parts)
        todo = (
            unit_of(calibration, scenario, seed, weeks, batch, rows) for batch in batches for rows in shares
        )
        work = _Work(hands, todo, calibration.series * weeks * replications, progress, cancel)
        try:
            for batch in batches:
                done = work.next_of(batch, len(shares), calibration.series)
                yield Results(
                    scope=calibration.scope,
                    data_month=calibration.data_month,
                    document=scenario.document(),
                    seed=seed,
                    providers=calibration.providers,
                    treatment_functions=calibration.treatment_functions,
                    counts=done.counts,
                    opening=calibration.waiting,
                    closing=done.closing / len(batch),
                    before=batch.start,
                )
        except BaseException:
            hands.stop()
            raise


class _Work:
    """The units of one run on their way: handed out in order, not far ahead of what is taken back."""

    def __init__(
        self, crew: Crew, todo: Iterator[Unit], size: int, progress: Progress, cancel: Event | None
    ) -> None:
        self._crew, self._todo, self._size, self._progress, self._cancel = crew, todo, size, progress, cancel
        self._away: dict[Future[Done | None], Unit] = {}
        self._back: dict[range, list[tuple[Unit, Done]]] = {}
        self._losses: Counter[Unit] = Counter()
        self._heard: Counter[Unit] = Counter()  # weeks of each unit on its way or back
        self._done, self._lock = 0, Lock()

    def next_of(self, batch: range, parts: int, series: int) -> Done:
        """The next batch of replications, once its `parts` units are back; raises Cancelled."""
        back = self._back.setdefault(batch, [])
        while len(back) < parts:
            cancelled = self._cancelled()
            if not cancelled:
                self._hand_out(parts)
            self._take_back(0.0 if cancelled else LISTEN)
            if cancelled and len(back) < parts:
                raise _cancelled_after(batch.start)
        return assembled(self._back.pop(batch), series)

    def _cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.is_set()

    def _hand_out(self, parts: int) -> None:
        """Keep two units a worker away, while no more than a batch of `parts` and so many again are held."""
        most = 2 * self._crew.workers
        while len(self._away) < most and len(self._away) + sum(map(len, self._back.values())) < parts + most:
            unit = next(self._todo, None)
            if unit is None:
                return
            self._submit(unit)

    def _submit(self, unit: Unit) -> None:
        self._away[self._crew.submit(unit, self._tick_of(unit))] = unit

    def _take_back(self, seconds: float) -> None:
        for future in wait(self._away, seconds, FIRST_COMPLETED).done:
            unit = self._away.pop(future)
            try:
                done = self._crew.result(future)
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

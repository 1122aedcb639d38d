"""Runs a scenario: replications in blocks, one block a processor core, put together as if run at once."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import numpy as np

from models.calibration import Calibration
from models.errors import TandemError
from models.scenario import Scenario
from sim.results import Results
from sim.state import BANDS, MEASURES
from sim.world import World

Progress = Callable[[float], None]

# what a planner may ask for in one run: past these it would not fit a desktop's memory, or mean anything
MOST_WEEKS = 260
MOST_REPLICATIONS = 1000
MOST_COUNTS = 500_000_000  # 2 GB of results


class Cancelled(TandemError):
    """The run was stopped before its end; nothing of it is kept."""


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
) -> Results:
    """Run `scenario` from the calibrated day on and give its results.

    The same calibration, scenario and seed give the same counts, whatever the number of `workers` (threads;
    the kernel lets go of the interpreter). `progress` hears the share done, 0 to 1; setting `cancel` stops
    the run within a simulated week and raises Cancelled. Raises TandemError where the run is too large.
    """
    _check_size(calibration, weeks, replications)
    _check_scope(calibration, scenario)
    if seed < 0:
        raise TandemError(f"The seed is {seed}.", "Choose a whole number from 0 up.")
    workers = max(1, min(workers or os.cpu_count() or 1, replications))
    shape = (replications, calibration.series, weeks, len(MEASURES))
    counts = np.zeros(shape, np.int32)
    closing = np.zeros((calibration.series, BANDS), np.int64)
    blocks = np.array_split(np.arange(replications), workers)
    done, lock = 0, Lock()

    def tick(week: int) -> bool:
        nonlocal done
        with lock:
            done += 1
            progress(done / (weeks * len(blocks)))
        return cancel is None or not cancel.is_set()

    def work(block: np.ndarray) -> None:
        world = World(calibration, scenario, seed, block.tolist(), weeks, counts[block[0] : block[-1] + 1])
        world.run(tick)
        with lock:
            closing[:] += world.waiting()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, blocks))
    if cancel is not None and cancel.is_set():
        raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
    return Results(
        scope=calibration.scope,
        data_month=calibration.data_month,
        document=scenario.document(),
        seed=seed,
        providers=calibration.providers,
        treatment_functions=calibration.treatment_functions,
        counts=counts,
        opening=calibration.waiting,
        closing=closing / replications,
    )


def _check_size(calibration: Calibration, weeks: int, replications: int) -> None:
    for name, asked, most in (
        ("weeks", weeks, MOST_WEEKS),
        ("replications", replications, MOST_REPLICATIONS),
    ):
        if not 1 <= asked <= most:
            raise TandemError(
                f"A run of {asked:,} {name} was asked for.", f"Choose from 1 to {most:,} {name}."
            )
    counts = calibration.series * weeks * replications * len(MEASURES)
    if counts > MOST_COUNTS:
        fits = max(MOST_COUNTS // (calibration.series * weeks * len(MEASURES)), 1)
        raise TandemError(
            f"{replications:,} replications of {weeks} weeks of {calibration.series:,} series "
            "would not fit in memory.",
            f"Choose {fits:,} replications or fewer, or a board.",
        )


def _check_scope(calibration: Calibration, scenario: Scenario) -> None:
    """Refuse a lever that names a provider with nobody waiting in the run: it would do nothing, unseen."""
    here = set(calibration.providers.tolist())
    for setting in scenario.levers:
        named = list(setting.providers)
        named += [setting.text(p.name) for p in setting.lever.parameters if p.kind == "provider"]
        for code in named:
            if code and code not in here:
                raise TandemError(
                    f"{setting.lever.name} names provider {code}, which has nobody waiting in "
                    f"{calibration.scope} in {calibration.data_month}.",
                    f"Name one of {', '.join(sorted(here)[:8])} ..., or run the board it belongs to.",
                )

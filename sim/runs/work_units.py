"""A run cut into units that need nothing of each other: some providers in some replications.

Providers meet only where a lever pairs them, and random streams are named by what they are for, so a unit
gives the same bytes wherever and beside whatever else it is run.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.scenarios.scenario import Scenario
from sim.engine.lever_shares import LeverAllocation
from sim.engine.state import BANDS, MEASURES
from sim.engine.world import World

Tick = Callable[[int], bool]
Rows = NDArray[np.intp]

BATCH_COUNTS = 40_000_000  # results held at once: 160 MB, four replications of England over two years


@dataclass(frozen=True, eq=False)
class Unit:
    """What one worker does at a time."""

    calibration: Calibration  # of the unit's series alone
    allocation: LeverAllocation
    scenario: Scenario
    seed: int
    weeks: int
    replications: range
    rows: Rows  # the unit's series by their place in the whole run

    @property
    def size(self) -> int:
        """Series-weeks in each week of it."""
        return len(self.rows) * len(self.replications)


@dataclass(frozen=True)
class Done:
    """What a unit gives: counts (R, S, weeks, measures), and the closing list summed over R, (S, 105)."""

    counts: NDArray[np.int32]
    closing: NDArray[np.int64]


def carry_out(unit: Unit, tick: Tick = lambda week: True) -> Done | None:
    """Run one unit; `tick` hears of each week's end. None when it said to stop before the last."""
    counts = np.zeros((len(unit.replications), len(unit.rows), unit.weeks, len(MEASURES)), np.int32)
    world = World(
        unit.calibration, unit.scenario, unit.seed, unit.replications, unit.weeks, counts, unit.allocation
    )
    ended = -1

    def hear(week: int) -> bool:
        nonlocal ended
        ended = week
        return tick(week)

    world.run(hear)
    return Done(counts, world.waiting()) if ended == unit.weeks - 1 else None


def plan(series: int, weeks: int, replications: int, pieces: int) -> tuple[list[range], int]:
    """The replications in batches, in the order they are finished in, and the parts to cut each batch in.

    A run that fits in one batch is cut in as many `pieces` by replications first, so that all workers end
    together; in a larger one each batch is, by providers, so that more workers need hold no more at once.
    """
    each = series * weeks * len(MEASURES)
    if each * replications <= BATCH_COUNTS:
        number = min(pieces, replications)
        parts = -(-pieces // number)
    else:
        number = -(-replications // max(BATCH_COUNTS // each, 1))
        parts = pieces
    bounds = np.linspace(0, replications, number + 1).round().astype(int).tolist()
    return [range(begin, end) for begin, end in itertools.pairwise(bounds)], parts


def unit_of(
    calibration: Calibration, scenario: Scenario, seed: int, weeks: int, replications: range, rows: Rows
) -> Unit:
    """The unit that runs the series `rows` in these replications."""
    here = np.zeros(calibration.series, bool)
    here[rows] = True
    return Unit(
        calibration=calibration if here.all() else chosen_series(calibration, rows),
        allocation=LeverAllocation.of(calibration, here),
        scenario=scenario,
        seed=seed,
        weeks=weeks,
        replications=replications,
        rows=rows,
    )


def shares_of_providers(calibration: Calibration, scenario: Scenario, parts: int) -> list[Rows]:
    """The series in up to `parts` shares of about equal work; paired providers stay together."""
    if parts <= 1:
        return [np.arange(calibration.series)]
    group = _groups(calibration, scenario)
    # a series' week costs about the same however long its list is, and a little more the longer it is
    work = np.bincount(group, 1 + calibration.waiting.sum(axis=1) / 2000)
    loads = np.zeros(min(parts, len(work)))
    share = np.zeros(len(work), np.intp)
    for place in np.argsort(-work, kind="stable"):
        share[place] = loads.argmin()
        loads[share[place]] += work[place]
    return [np.flatnonzero(share[group] == part) for part in range(len(loads))]


def _groups(calibration: Calibration, scenario: Scenario) -> NDArray[np.intp]:
    """Each series' group of providers: those that levers bring together, however many steps apart. (S,)"""
    names, group = np.unique(calibration.providers, return_inverse=True)
    for setting in scenario.levers:
        linked = [group[calibration.providers == code][0] for code in setting.parties() if code in names]
        if linked:
            group[np.isin(group, linked)] = min(linked)
    return np.unique(group, return_inverse=True)[1]


def chosen_series(calibration: Calibration, rows: Rows) -> Calibration:
    """The same calibration with these series alone."""
    changes: dict[str, Any] = {"notes": tuple(calibration.notes[row] for row in rows)}
    for field in fields(calibration):
        value = getattr(calibration, field.name)
        if isinstance(value, np.ndarray):
            changes[field.name] = value[rows]
    return replace(calibration, **changes)


def assembled(pieces: list[tuple[Unit, Done]], series: int) -> Done:
    """The units of one batch put together as if run at once."""
    if len(pieces) == 1:
        return pieces[0][1]
    unit, _ = pieces[0]
    counts = np.empty((len(unit.replications), series, unit.weeks, len(MEASURES)), np.int32)
    closing = np.empty((series, BANDS), np.int64)
    for unit, done in pieces:
        counts[:, unit.rows] = done.counts
        closing[unit.rows] = done.closing
    return Done(counts, closing)

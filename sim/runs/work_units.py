"""A run cut into units that need nothing of each other: some providers in some replications.

Providers meet only where a lever pairs them, and random streams are named by what they are for, so a unit
gives the same bytes wherever and beside whatever else it is run.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.scenarios.scenario import Scenario
from sim.engine.lever_shares import LeverAllocation
from sim.engine.state import MEASURES
from sim.engine.world import World
from sim.observers.observer import Observer, Rows, RunPart

Tick = Callable[[int], bool]
Observers = Sequence[Observer[Any]]
Pieces = tuple[Any, ...]  # what each observer of a unit, or of several put together, has seen

BATCH_COUNTS = 40_000_000  # results held at once: 160 MB, four replications of England over two years
FOLLOWED_NUMBERS = 20_000_000  # that the observers of one unit hold while it runs: 80 MB


@dataclass(frozen=True, eq=False)
class Unit(RunPart):
    """What one worker does at a time."""

    allocation: LeverAllocation
    observers: Observers


def carry_out(unit: Unit, tick: Tick = lambda week: True) -> Pieces | None:
    """Run one unit; `tick` hears of each week's end. None when it said to stop before the last."""
    counts = np.zeros((len(unit.replications), len(unit.rows), unit.weeks, len(MEASURES)), np.int32)
    world = World(
        unit.calibration, unit.scenario, unit.seed, unit.replications, unit.weeks, counts, unit.allocation
    )
    recorders = [observer.start(world, unit) for observer in unit.observers]
    ended = -1

    def hear(week: int) -> bool:
        nonlocal ended
        ended = week
        for recorder in recorders:
            recorder.week(week)
        return tick(week)

    world.run(hear)
    if ended < unit.weeks - 1:
        return None
    return tuple(recorder.end() for recorder in recorders)


def plan(
    series: int, weeks: int, replications: int, pieces: int, observers: Observers = ()
) -> tuple[list[range], int]:
    """The replications in batches, in the order they are finished in, and the parts to cut each batch in.

    A run that fits in one batch is cut in as many `pieces` by replications first, so that all workers end
    together; in a larger one each batch is, by providers, so that more workers need hold no more at once.
    What observers hold of a unit is bounded too, and replications that one takes together stay so.
    """
    counts = series * weeks * len(MEASURES)  # of one replication
    followed = max(sum(observer.numbers(series, weeks) for observer in observers), 1)
    fit = max(min(BATCH_COUNTS // counts, FOLLOWED_NUMBERS // followed), 1)
    number = _parts_of(replications, fit)
    parts = pieces
    if counts * replications <= BATCH_COUNTS:
        number = max(number, min(pieces, replications))
        parts = 1
    block = math.lcm(*(observer.block for observer in observers))
    number = min(number, _parts_of(replications, block))
    bounds = np.linspace(0, _parts_of(replications, block), number + 1).round().astype(int) * block
    batches = [range(begin, min(end, replications)) for begin, end in itertools.pairwise(bounds.tolist())]
    longest = max(map(len, batches))
    return batches, max(
        parts,
        _parts_of(pieces, number),
        _parts_of(counts * longest, BATCH_COUNTS),
        _parts_of(followed * longest, FOLLOWED_NUMBERS),
    )


def _parts_of(whole: int, most: int) -> int:
    """The fewest parts of at most so many."""
    return -(-whole // most)


def unit_of(whole: RunPart, replications: range, rows: Rows, observers: Observers = ()) -> Unit:
    """The unit that runs the series `rows` of a run in these replications."""
    calibration = whole.calibration
    here = np.zeros(calibration.series, bool)
    here[rows] = True
    return Unit(
        calibration=calibration if here.all() else chosen_series(calibration, rows),
        scenario=whole.scenario,
        seed=whole.seed,
        weeks=whole.weeks,
        replications=replications,
        rows=rows,
        allocation=LeverAllocation.of(calibration, here),
        observers=observers,
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


def assembled(whole: RunPart, done: list[tuple[Unit, Pieces]], observers: Observers) -> Pieces:
    """The units of one batch put together as if run at once, whichever of them was done first."""
    if len(done) == 1:
        return done[0][1]
    in_order = sorted(done, key=lambda each: int(each[0].rows[0]))
    return tuple(
        observer.merged_series(whole, [(unit, pieces[place]) for unit, pieces in in_order])
        for place, observer in enumerate(observers)
    )

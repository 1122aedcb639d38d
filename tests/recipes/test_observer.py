"""The recipe for an observer in CONTRIBUTING.md, followed in a copy: one file, carried by any run."""

import json
from pathlib import Path

import pytest

from models.scenarios.scenario import Scenario
from sim.runs.runner import run
from sim.warm import one_clinic
from tests.recipes.copies import added, copied, ran, touched

pytestmark = pytest.mark.unit

OBSERVER = "sim/observers/worst_weeks.py"
RECIPE = {OBSERVER}

# where a piece is an array with replications first, added up over series, nothing else is to be written
SOURCE = '''\
"""The longest list of a run: how many wait in the week in which most do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.state import MEASURES
from sim.engine.world import World
from sim.observers.observer import Observer, Recorder, RunPart

WAITING = MEASURES.index("waiting")


class _Watched:
    def __init__(self, world: World, part: RunPart) -> None:
        self._world, self._waiting = world, np.zeros((len(part.replications), part.weeks), np.int64)

    def week(self, week: int) -> None:
        self._waiting[:, week] = self._world.state.out[:, :, week, WAITING].sum(axis=1)

    def end(self) -> NDArray[np.int64]:
        return self._waiting


@dataclass(frozen=True)
class WorstWeeks(Observer[NDArray[np.int64]]):
    """Patients waiting in each replication's worst week. (R,)"""

    def start(self, world: World, part: RunPart) -> Recorder[NDArray[np.int64]]:
        return _Watched(world, part)

    def result(self, whole: RunPart, piece: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.asarray(piece.max(axis=1))
'''
ASKED = """
import json
import numpy as np
from models.scenarios.scenario import Scenario
from sim.observers.worst_weeks import WorstWeeks
from sim.runs.runner import observe
from sim.warm import one_clinic

np.seterr(over="ignore")  # of the random streams, whose products wrap around

def seen(workers):
    how = {"weeks": 6, "replications": 4, "workers": workers}
    (worst,) = observe(one_clinic(), Scenario(name="base"), (WorstWeeks(),), **how)
    return worst.tolist()

print(json.dumps([seen(1), seen(3)]))
"""


def test_an_observer_is_a_file(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    added(copy, OBSERVER, SOURCE)
    alone, spread = json.loads(ran(copy, "-c", ASKED))
    assert touched(copy) == RECIPE
    # what the run's own counts say, compiled
    waiting = run(one_clinic(), Scenario(name="base"), weeks=6, replications=4, workers=1).total("waiting")
    assert alone == spread == waiting.max(axis=1).tolist()
    assert len(set(alone)) == 4

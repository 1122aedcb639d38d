"""Compiles the kernel and the matching, or finds them compiled, so that no planner's first click waits."""

import numpy as np

from models.calibration.rates import Calibration
from models.matching import warm as matching
from models.outcomes.equity import Composition
from models.rtt.waiting_list import BANDS
from models.scenarios.scenario import Scenario
from sim.observers.equity import equity
from sim.runs.runner import run


def warm() -> None:
    """Run one small clinic for a week: compiles every part of the kernel and keeps it on disk.

    First the kernel that every run needs, then that which follows patients by class, then the matching.
    """
    run(one_clinic(), Scenario(name="warm"), weeks=1, replications=1)
    everyone = Composition(np.full((1, 5), 0.2), np.full((1, 3), 1 / 3), np.full((5, 3), 1 / 15))
    equity(one_clinic(), [Scenario(name="warm")], everyone, weeks=1, replications=1)
    matching.warm()


def one_clinic() -> Calibration:
    """A made-up clinic of some hundred patients, for a run that takes no time."""
    waiting = np.full((1, BANDS), 5, np.int32)
    one, bands = np.ones(1), np.full((1, BANDS), 0.05)
    return Calibration(
        scope="warm",
        data_month="2025-08",
        providers=np.array(["RWE"]),
        treatment_functions=np.array(["C_110"]),
        first=waiting,
        review=waiting,
        admitted=waiting,
        starts=10 * one,
        exits=8 * one,
        admissions=2 * one,
        decisions=4 * bands,
        booking=bands,
        booking_admitted=bands,
        removal=bands / 5,
        demand_spread=0.1 * one,
        capacity_spread=0.1 * one,
        notes=("",),
    )


if __name__ == "__main__":
    warm()

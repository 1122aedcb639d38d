"""How long the simulation takes, and how many times faster it is than Ciw, or a SimPy process a patient.

    python tests/benchmarks/simulation.py [--only boards|clinic] [--repeats 10]

England in 30 replications has its own script, england.py. Reads only the figures that ship with the project,
into a store in a temporary folder. Seconds are wall clock.
"""

import argparse
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

import ciw
import numpy as np
import simpy

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from data.database.store import Store  # noqa: E402
from data.opening import open_with_figures  # noqa: E402
from data.returns.calibrations import calibration  # noqa: E402
from models.calibration.rates import Calibration  # noqa: E402
from models.scenarios.levers import LEVERS  # noqa: E402
from models.scenarios.presets import preset  # noqa: E402
from models.scenarios.scenario import Scenario, read_scenario  # noqa: E402
from sim.engine import state  # noqa: E402
from sim.runs.runner import run  # noqa: E402
from sim.warm import warm  # noqa: E402
from tests.sim.clinics import bench  # noqa: E402

WEEKS = 104
WAITING, REFERRALS, SLOTS, MISSED, REMOVED = 1_000, 100, 105, 0.07, 0.002  # of the one clinic, a week


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    """The median wall-clock seconds of `work` over so many times."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def peak() -> str:
    """The most memory this process has held so far, MB, where the system tells."""
    try:
        import resource
    except ImportError:
        return "not known on this system"
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{most / (1024 if sys.platform != 'darwin' else 1024**2):,.0f} MB"


def say(what: str, figure: str, target: str = "") -> None:
    print(f"{what:<66}{figure:>14}  {target}", flush=True)


def compile_apart() -> None:
    """Time the kernel's compilation in a fresh folder, and finding it there again, each in a new process."""
    command = [sys.executable, "-m", "sim.warm"]
    with tempfile.TemporaryDirectory() as folder:
        apart = partial(
            subprocess.run, command, cwd=ROOT, env=os.environ | {"NUMBA_CACHE_DIR": folder}, check=True
        )
        say("kernel compiled (python -m sim.warm, nothing kept)", f"{seconds(apart):.2f} s")
        say("kernel found compiled (the same again)", f"{seconds(apart):.2f} s")


def every_lever(found: Calibration) -> Scenario:
    """All levers at once, at their defaults; the two providers with the longest lists are paired."""
    codes, place = np.unique(found.providers, return_inverse=True)
    home, partner = codes[np.argsort(-np.bincount(place, found.waiting.sum(axis=1)))][:2]
    pairing = {"home": str(home), "partner": str(partner), "given": 10}
    levers = [{"lever": name} | (pairing if name == "trust_pairing" else {}) for name in LEVERS]
    return read_scenario({"name": "every-lever", "levers": levers})


def boards(store: Store) -> None:
    """Time boards and England from the shipped figures, with the baseline and with virtual-70."""
    found: dict[str, Calibration] = {}

    def calibrate(scope: str) -> None:
        found[scope] = calibration(store, scope, preset("baseline"))

    def simulate(scope: str, name: str, replications: int) -> None:
        scenario = every_lever(found[scope]) if name == "every-lever" else preset(name)
        run(found[scope], scenario, weeks=WEEKS, replications=replications)

    def england() -> None:
        calibrate("ENGLAND")
        simulate("ENGLAND", "virtual-70", 1)

    for scope in ("QE1", "QK1"):
        taken = seconds(partial(calibrate, scope))
        say(f"{scope}: calibrated from the store, {found[scope].series} series", f"{taken:.2f} s")
    for scope, scenario, target in (
        ("QE1", "baseline", ""),
        ("QE1", "every-lever", "target 1.5 s"),
        ("QK1", "virtual-70", ""),
    ):
        simulate(scope, scenario, 2)
        busy = time.process_time()
        taken = seconds(partial(simulate, scope, scenario, 30), 5)
        busy = (time.process_time() - busy) / 5
        each = taken / (found[scope].series * WEEKS * 30) * 1e6
        say(f"{scope} {scenario} x 30 x {WEEKS} weeks, warm, median of 5", f"{taken:.2f} s", target)
        say("    for each series, week and replication", f"{each:.2f} us")
        say("    processor time of one run, all cores together", f"{busy:.2f} s")
    say("    peak memory so far", peak())
    taken = seconds(england)
    say(f"England virtual-70 x 1 x {WEEKS} weeks, calibration and run", f"{taken:.2f} s", "target 8 s")
    taken = seconds(partial(simulate, "ENGLAND", "virtual-70", 1), 3)
    say(f"    the run only, {found['ENGLAND'].series:,} series, median of 3", f"{taken:.2f} s")
    say("    peak memory so far", peak())


def exact(weeks: int) -> float:
    """The mean list of the one clinic after so many weeks: starts, then removals, then the session."""
    waiting = float(WAITING)
    for _ in range(weeks):
        waiting = (waiting + REFERRALS) * (1 - REMOVED) - SLOTS * (1 - MISSED)
    return waiting


def by_patient(seed: int) -> float:
    """The list of the one clinic at the end, with a SimPy process a patient."""
    draw = random.Random(seed)
    env = simpy.Environment()
    clinic = simpy.PriorityResource(env, capacity=1)
    waiting = 0

    def patient(started: int) -> Generator[simpy.Event, Any, None]:
        nonlocal waiting
        waiting += 1
        leaves = env.timeout(draw.expovariate(-math.log(1 - REMOVED)))
        while not leaves.processed:
            with clinic.request(priority=started) as slot:
                yield slot | leaves
                if not slot.triggered:
                    break
                yield env.timeout(1 / SLOTS)
            if draw.random() >= MISSED:
                break
        waiting -= 1

    def referrals() -> Generator[simpy.Event, Any, None]:
        while True:
            yield env.timeout(draw.expovariate(REFERRALS))
            env.process(patient(int(env.now)))

    for place in range(WAITING):
        env.process(patient(-1 - place % 50))
    env.process(referrals())
    env.run(until=WEEKS)
    return waiting


def by_ciw(seed: int) -> float:
    """The same in Ciw; those who miss their appointment go to the end of its line."""
    ciw.seed(seed)
    kinds = ("waiting", "referred")  # at the opening, and after it

    def of_both(value: Any) -> dict[str, list[Any]]:
        return {kind: [value] for kind in kinds}

    network = ciw.create_network(
        arrival_distributions={
            "waiting": [ciw.dists.Sequential([1e-6, math.inf])],
            "referred": [ciw.dists.Exponential(REFERRALS)],
        },
        batching_distributions={
            "waiting": [ciw.dists.Deterministic(WAITING)],
            "referred": [ciw.dists.Deterministic(1)],
        },
        service_distributions=of_both(ciw.dists.Deterministic(1 / SLOTS)),
        reneging_time_distributions=of_both(ciw.dists.Exponential(-math.log(1 - REMOVED))),
        routing={kind: [[MISSED]] for kind in kinds},
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(WEEKS)
    return float(simulation.nodes[1].number_of_individuals)


def by_count(replications: int) -> tuple[float, Any]:
    """The one clinic on the compiled kernel: seconds for all weeks, the lists at the end."""
    clinics = []
    for _ in range(5):
        made = bench(
            replications=replications,
            weeks=WEEKS,
            starts=REFERRALS,
            minutes=SLOTS,
            removal=REMOVED,
            missed=(MISSED, 0.0),
        )
        made.state.pathways[0, :, state.FIRST_FACE, 55:105] = WAITING // 50
        clinics.append(made)
    left = iter(clinics)
    taken = seconds(lambda: next(left).run(), 5)
    return taken, clinics[-1].state.out[:, 0, -1, state.WAITING]


def mean_of(lists: Any) -> str:
    """Their mean, with its standard error."""
    return f"{np.mean(lists):,.1f} +- {np.std(lists, ddof=1) / math.sqrt(len(lists)):.1f}"


def one_clinic(repeats: int) -> None:
    """Time the same clinic each way, in the same run."""
    print(
        f"\nOne clinic: {WAITING:,} waiting, {REFERRALS} referrals and {SLOTS} slots a week, "
        f"{MISSED:.0%} missed, {REMOVED:.1%} removed a week, {WEEKS} weeks"
    )
    by_count(1)
    alone, _ = by_count(1)
    many, ends = by_count(1000)
    say("counts on the compiled kernel, 1 replication", f"{alone * 1000:.2f} ms")
    say("    each of 1,000 replications", f"{many:.2f} ms")
    say(f"    list at the end (exactly {exact(WEEKS):,.1f} in mean)", mean_of(ends))
    for name, way in (("a SimPy process a patient, PriorityResource", by_patient), ("Ciw", by_ciw)):
        lists: list[float] = []
        numbers = iter(range(repeats))
        taken = seconds(partial(lambda to, way, of: to.append(way(next(of))), lists, way, numbers), repeats)
        say(f"{name}, median of {repeats}", f"{taken:.2f} s")
        say("    list at the end", mean_of(lists))
        say("    the kernel is times faster, 1 replication", f"{taken / alone:,.0f}", "target 100")
        say("    the kernel is times faster, each of 1,000", f"{taken / (many / 1000):,.0f}")


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description="Times the simulation.")
    parser.add_argument("--repeats", type=int, default=10, help="runs of the clinic told patient by patient")
    parser.add_argument("--only", choices=("boards", "clinic"), help="one half of it (default: both)")
    asked = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {os.cpu_count()} cores\n")
    warm()
    if asked.only != "clinic":
        compile_apart()
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            with open_with_figures(Path(folder) / "tandem.duckdb") as store:
                say("store built from the shipped figures", f"{time.perf_counter() - begin:.2f} s")
                boards(store)
    if asked.only != "boards":
        one_clinic(asked.repeats)


if __name__ == "__main__":
    main()

"""How long the simulation takes, and how many times faster it is than one SimPy process for each patient.

    python tests/benchmarks/simulation.py [--patient-weeks 104]

Reads only the figures that ship with the project, into a store in a temporary folder. Seconds are wall clock.
"""

import argparse
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

import numpy as np
import simpy

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from data.calibrations import calibration  # noqa: E402
from data.store import Store  # noqa: E402
from models.calibration import Calibration  # noqa: E402
from models.presets import preset  # noqa: E402
from sim import state  # noqa: E402
from sim.runner import run  # noqa: E402
from sim.warm import warm  # noqa: E402
from tests.sim.clinics import bench  # noqa: E402

WEEKS = 104
WAITING, REFERRALS, SLOTS, MISSED, REMOVED = 10_000, 200, 210, 0.07, 0.002  # of the one clinic, a week


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


def boards(store: Store) -> None:
    """Time boards and England from the shipped figures, with the baseline and with virtual-70."""
    found: dict[str, Calibration] = {}

    def calibrate(scope: str) -> None:
        found[scope] = calibration(store, scope, preset("baseline"))

    def simulate(scope: str, scenario: str, replications: int) -> None:
        run(found[scope], preset(scenario), weeks=WEEKS, replications=replications)

    def england() -> None:
        calibrate("ENGLAND")
        simulate("ENGLAND", "virtual-70", 1)

    for scope in ("QE1", "QK1"):
        taken = seconds(partial(calibrate, scope))
        say(f"{scope}: calibrated from the store, {found[scope].series} series", f"{taken:.2f} s")
    for scope, scenario, target in (
        ("QE1", "baseline", "target 2 s"),
        ("QE1", "virtual-70", "target 2 s"),
        ("QK1", "virtual-70", ""),
    ):
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


def by_patient(weeks: int) -> tuple[float, float, int]:
    """The one clinic with a process a patient: seconds to open, seconds a week after, the list at the end."""
    draw = random.Random(1)
    env = simpy.Environment()
    clinic = simpy.PriorityResource(env, capacity=1)
    waiting = 0

    def patient(started: int) -> Generator[simpy.Event, Any, None]:
        nonlocal waiting
        waiting += 1
        leaves = env.timeout(draw.expovariate(REMOVED))
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

    def open_with_list() -> None:
        for place in range(WAITING):
            env.process(patient(-1 - place % 50))
        env.run(until=1e-6)

    opening = seconds(open_with_list)
    env.process(referrals())
    passing = seconds(lambda: env.run(until=weeks))
    return opening, passing / weeks, waiting


def by_count(replications: int) -> tuple[float, float]:
    """The one clinic on the compiled kernel: seconds for all weeks, the mean list at the end."""
    clinics = []
    for _ in range(5):
        made = bench(
            replications=replications, weeks=WEEKS,
            starts=REFERRALS, minutes=SLOTS, removal=REMOVED, missed=(MISSED, 0.0),
        )  # fmt: skip
        made.world.state[0, :, state.FIRST_FACE, 55:105] = WAITING // 50
        clinics.append(made)
    left = iter(clinics)
    taken = seconds(lambda: next(left).run(), 5)
    return taken, float(clinics[-1].world.out[:, 0, -1, state.WAITING].mean())


def one_clinic(weeks: int) -> None:
    """Time the same clinic both ways, in the same run."""
    print(
        f"\nOne clinic: {WAITING:,} waiting, {REFERRALS} referrals and {SLOTS} slots a week, "
        f"{MISSED:.0%} missed, {REMOVED:.1%} removed a week, {WEEKS} weeks"
    )
    by_count(1)
    alone, _ = by_count(1)
    thirty, ends = by_count(30)
    say("counts on the compiled kernel, 1 replication", f"{alone * 1000:.2f} ms")
    say("counts on the compiled kernel, 30 replications", f"{thirty * 1000:.2f} ms")
    say(f"    mean list at the end (exactly {exact(WEEKS):,.1f})", f"{ends:,.1f}")
    opening, a_week, waiting = by_patient(weeks)
    whole = opening + a_week * WEEKS
    say(f"a SimPy process a patient, PriorityResource: {WAITING:,} queue up", f"{opening:.1f} s")
    say(f"    a week after that (measured over {weeks})", f"{a_week:.2f} s")
    say(f"    list after {weeks} weeks (exactly {exact(weeks):,.1f} in mean)", f"{waiting:,}")
    scaled = "" if weeks == WEEKS else f", scaled: queueing up + {WEEKS} x a week"
    say(f"    {WEEKS} weeks{scaled}", f"{whole:.1f} s")
    say("times faster, 1 replication", f"{whole / alone:,.0f}")
    say("times faster, each of 30 replications", f"{whole / (thirty / 30):,.0f}")


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description="Times the simulation.")
    parser.add_argument(
        "--patient-weeks", type=int, default=WEEKS, help="weeks told patient by patient; fewer are scaled up"
    )
    asked = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {os.cpu_count()} cores\n")
    compile_apart()
    warm()
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        with Store.open(Path(folder) / "tandem.duckdb") as store:
            say("store built from the shipped figures", f"{time.perf_counter() - begin:.2f} s")
            boards(store)
    one_clinic(asked.patient_weeks)


if __name__ == "__main__":
    main()

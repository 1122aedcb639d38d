"""What a run of all England takes: wall clock, processor time and memory, on threads and on processes.

    python tests/benchmarks/england.py [--replications 30] [--workers 2] [--pool processes]

Reads the figures of the store (TANDEM_STORE), or the shipped ones into a store in a temporary folder. Each
pool is measured in a process of its own, on Linux or macOS.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

POOLS = ("threads", "processes")
WEEKS = 104


def measure(kind: str, replications: int, workers: int, scenario: str) -> None:
    """Print one pool's figures."""
    from data.opening import open_with_figures
    from data.returns.calibrations import calibration
    from models.scenarios.presets import preset
    from sim.observers.counts import CountsByTreatmentFunction
    from sim.runs.executors import Processes, Threads
    from sim.runs.runner import observe
    from sim.warm import warm

    begin = time.perf_counter()
    with open_with_figures() as store:
        found = calibration(store, "ENGLAND", preset("baseline"))
    calibrated = time.perf_counter()
    warm()
    began = time.perf_counter()
    with Processes(workers) if kind == "processes" else Threads(workers) as pool:
        (results,) = observe(
            found,
            preset(scenario),
            (CountsByTreatmentFunction(),),
            weeks=WEEKS,
            replications=replications,
            pool=pool,
        )
        taken = time.perf_counter() - began
    busy, held, each = used()
    print(f"{kind}, {workers} workers: {found.series:,} series x {results.replications} x {WEEKS} weeks")
    print(f"  calibrated                  {calibrated - begin:8.1f} s")
    print(f"  run                         {taken:8.1f} s   target 75 s, 30 if it can be")
    print(f"  processor time of both      {busy:8.1f} s")
    print(f"  most memory held            {held:8,.0f} MB  target 2,048 MB with all workers")
    if kind == "processes":
        print(f"  and by the largest worker   {each:8,.0f} MB")
    print(f"  within 18 weeks at the end  {results.share_within_18()[:, -1].mean():8.2%}", flush=True)


def used() -> tuple[float, float, float]:
    """Processor seconds, and the most MB held: by this process, and by the largest of those it started."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return busy, own.ru_maxrss / unit, others.ru_maxrss / unit


def main() -> None:
    """Print the figures of each pool."""
    parser = argparse.ArgumentParser(description="Times a run of all England.")
    parser.add_argument("--replications", type=int, default=30)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scenario", default="virtual-70")
    parser.add_argument("--pool", choices=POOLS, help="only this one (default: each)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        measure(asked.pool, asked.replications, asked.workers, asked.scenario)
        return
    with tempfile.TemporaryDirectory() as folder:
        store = os.environ.get("TANDEM_STORE") or str(Path(folder) / "tandem.duckdb")
        for pool in [asked.pool] if asked.pool else POOLS:
            command = [sys.executable, __file__, "--here", "--pool", pool, "--scenario", asked.scenario]
            command += ["--replications", str(asked.replications), "--workers", str(asked.workers)]
            subprocess.run(command, check=True, env=os.environ | {"TANDEM_STORE": store})


if __name__ == "__main__":
    main()

"""Measures the store: `python tests/benchmarks/store.py [--from DIR]`, DIR holding the official files.

Prints the first store's seconds and each page query's milliseconds; with --from also a month's import in its
own process (seconds and peak memory), all months, and the ratio to a plain pandas read of the same file.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from data.opening import open_with_figures
from data.returns import gaps, history, lists, status

T = TypeVar("T")
_CHILD = """
import sys, time
started = time.perf_counter()
{work}
# Linux alone tells the peak since the process began; what getrusage gives includes the parent's.
lines = open("/proc/self/status").read().splitlines() if sys.platform == "linux" else ["VmHWM: 0"]
peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3
print(time.perf_counter() - started, peak)
"""
_IMPORT = """
sys.path.insert(0, sys.argv[3])
from data.imports.rtt_extract import import_rtt
from data.database.store import Store
with open_with_figures(sys.argv[2]) as store:
    assert import_rtt(store, sys.argv[1]).status == "new"
"""
_PANDAS = """
import pandas
frame = pandas.read_csv(sys.argv[1], compression="zip")
frame = frame[frame["Treatment Function Code"] != "C_999"]
frame.groupby(["Provider Org Code", "Treatment Function Code", "RTT Part Type"]).sum(numeric_only=True)
"""


def main() -> None:
    """Run the measurements and print them."""
    options = argparse.ArgumentParser()
    options.add_argument("--from", dest="source", type=Path)
    source: Path | None = options.parse_args().source
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "first.duckdb"
        seconds, store = _timed(lambda: open_with_figures(path))
        print(f"first store from the shipped figures: {seconds:.2f} s, {path.stat().st_size / 1e6:.1f} MB")
        with store:
            _queries(store)
        if source:
            files = sorted((source / "rtt").glob("*.zip"))
            _month(files, Path(folder))
            _all_months(files, Path(folder))


def _queries(store: Store) -> None:
    month = lists.months(store)[-1]
    reads: dict[str, Callable[[], Any]] = {
        "months": lambda: lists.months(store),
        "boards": lambda: lists.boards(store, month),
        "gaps": lambda: gaps.gaps(store),
        "status": lambda: status.status(store),
    }
    for scope in ("QK1", "ENGLAND"):
        reads[f"trend {scope}"] = partial(lists.trend, store, scope)
        reads[f"history {scope}"] = partial(history.history, store, scope)
        for read in (lists.profile, lists.by_treatment_function, lists.by_provider, lists.grid):
            reads[f"{read.__name__} {scope}"] = partial(read, store, scope, month)
    for name, work in reads.items():
        first, _ = _timed(work)
        best = min(_timed(work)[0] for _ in range(5))
        print(f"{name}: {best * 1000:.1f} ms (first {first * 1000:.1f} ms)")


def _month(files: list[Path], folder: Path) -> None:
    project = str(Path(__file__).resolve().parents[2])
    for file in (files[0], files[-1]):
        path = folder / f"{file.stem}.duckdb"
        Store.create(path).close()
        seconds, peak = _child(_IMPORT, str(file), str(path), project)
        plain, plain_peak = _child(_PANDAS, str(file))
        print(
            f"import of {file.name}: {seconds:.2f} s, {peak:.0f} MB at its peak; "
            f"plain pandas read and sum: {plain:.2f} s, {plain_peak:.0f} MB; ratio {plain / seconds:.1f}"
        )


def _all_months(files: list[Path], folder: Path) -> None:
    with Store.create(folder / "all.duckdb") as store:
        seconds, _ = _timed(lambda: [import_rtt(store, file) for file in files])
    print(f"import of all {len(files)} months: {seconds:.1f} s")


def _child(work: str, *arguments: str) -> tuple[float, float]:
    """Run work in a process of its own; give its seconds, imports included, and its peak memory in MB."""
    code = _CHILD.format(work=work)
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    done = work()
    return time.perf_counter() - started, done


if __name__ == "__main__":
    main()

"""Spreading: processes and a Dask cluster give the bytes of a serial run, also when a worker is killed."""

import multiprocessing
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from models.errors import TandemError
from models.scenarios.scenario import read_scenario
from sim.runs import executors as spread
from sim.runs.executors import Cluster, Lost, Pool, Processes
from sim.runs.results import Results
from sim.runs.runner import Cancelled, observe, run
from tests.sim.clinics import board
from tests.sim.observers.test_observer import LongWaits

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]
PAIRED = read_scenario(
    {
        "name": "paired",
        "levers": [
            {"lever": "trust_pairing", "home": "RWE", "partner": "RNQ", "weekly_limit": 5},
            {"lever": "extra_sessions", "clinics": 2, "theatre_slots": 3},
        ],
    }
)


def simulated(pool: Pool | None = None, progress=lambda share: None, **how) -> Results:
    wanted = {"weeks": 40, "replications": 48, "workers": 1} | how
    return run(board(), PAIRED, pool=pool, progress=progress, **wanted)


def observed(**how) -> bytes:
    (found,) = observe(board(), PAIRED, (LongWaits(),), weeks=10, replications=5, **how)
    return found.tobytes()


def same(found: Results, serial: Results) -> bool:
    return (
        found.counts.tobytes() == serial.counts.tobytes()
        and found.closing.tobytes() == serial.closing.tobytes()
    )


def test_processes_give_the_same_bytes_also_when_one_is_killed_and_stop_when_told() -> None:
    serial = simulated()
    heard: list[float] = []

    def kill_one(share: float) -> None:
        if not heard:
            multiprocessing.active_children()[0].kill()
        heard.append(share)

    with Processes(2) as pool:
        assert same(simulated(pool, kill_one), serial)
        assert heard == sorted(heard)
        assert heard[-1] == 1.0
        assert same(simulated(pool), serial)  # the processes that took its place serve the next run too
        assert observed(pool=pool) == observed(workers=1)
        cancel = Event()
        cancel.set()
        with pytest.raises(Cancelled):
            simulated(pool, cancel=cancel)


def test_a_unit_whose_workers_all_die_is_given_up() -> None:
    class Doomed(spread.Threads):
        def result(self, future: object) -> None:
            raise Lost

    with Doomed(1) as pool, pytest.raises(TandemError, match="4 workers died") as fault:
        simulated(pool, weeks=2, replications=2)
    assert "fewer workers" in fault.value.remedy


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A Dask scheduler on loopback, without workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    process = dask(*command, log=tmp_path / "scheduler.log")
    yield f"tcp://127.0.0.1:{port}"
    process.kill()
    process.wait()


def dask(*arguments: str, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments], cwd=ROOT, stdout=said, stderr=subprocess.STDOUT
        )


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(scheduler: str, tmp_path: Path) -> None:
    serial = simulated()
    worker = ("worker", scheduler, "--no-nanny", "--nthreads", "1", "--no-dashboard")
    workers = [dask(*worker, "--local-directory", str(tmp_path), log=tmp_path / f"{n}.log") for n in range(2)]
    heard: list[float] = []

    def kill_one(share: float) -> None:
        if not heard:
            workers[0].kill()
        heard.append(share)

    try:
        with Cluster(scheduler) as pool:
            assert same(simulated(pool), serial)
            assert same(simulated(pool, kill_one), serial)
            assert len(heard) == pool.turns * pool.workers  # 48 replications in so many units
            assert heard[-1] == 1.0
            assert observed(pool=pool) == observed(workers=1)
            with pytest.raises(TandemError, match="seed"):
                simulated(pool, seed=-1)
    finally:
        for process in workers:
            process.kill()
            process.wait()


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "ANSWER", 1)
    with pytest.raises(TandemError, match="No Dask scheduler answers") as fault:
        Cluster("tcp://127.0.0.1:9")
    assert "python -m dask scheduler" in fault.value.remedy


@pytest.mark.slow
def test_a_scheduler_without_workers_is_said(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "FIRST_WORKER", 1)
    with pytest.raises(TandemError, match="has no worker") as fault:
        Cluster(scheduler)
    assert f"python -m dask worker {scheduler}" in fault.value.remedy


def test_another_edition_of_tandem_is_refused() -> None:
    with pytest.raises(TandemError, match="another edition"):
        spread._on_cluster(None, "0123")  # type: ignore[arg-type]

"""Who carries out the units of a run: threads of this process, processes of this machine, or a Dask cluster.

All give the same bytes, also when a worker is lost midway: its unit is carried out again by another.
"""

import copyreg
import ctypes
import hashlib
import logging
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import warnings
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import Any, Protocol, Self

import numba
import numpy as np

from models.errors import TandemError
from sim.runs.work_units import Pieces, Tick, Unit, carry_out

ANSWER = 10  # seconds in which a scheduler must answer
FIRST_WORKER = 30  # seconds in which its first worker must appear


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


# A scenario's values are read-only mappings, which Python by itself can't send to another process.
copyreg.pickle(MappingProxyType, lambda proxy: (_read_only, (dict(proxy),)))


class Lost(Exception):
    """The worker that held a unit is gone, and the unit can be submitted again."""


class Pool(Protocol):
    """Carries out `workers` units at a time; a context manager that lets its workers go.

    A run is cut in `turns` units for each worker: more where one may be lost, or slower than the others.
    """

    workers: int
    turns: int

    def __enter__(self) -> Self: ...
    def __exit__(self, *fault: object) -> None: ...

    def submit(self, unit: Unit, tick: Tick) -> "Future[Any]":
        """Hand a unit to whoever is free next; `tick` hears of its weeks where that is in this process."""

    def result(self, future: "Future[Any]") -> Pieces | None:
        """What a finished unit gave, None if it was stopped; raises Lost, or TandemError."""

    def stop(self) -> None:
        """End what is being carried out: within a simulated week here, with its unit on a cluster."""


class Threads:
    """Threads of this process: the kernel lets go of the interpreter. The quickest for a board."""

    turns = 1

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._executor: Executor = ThreadPoolExecutor(self.workers)
        self._stopped = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.stop()
        self._executor.shutdown(cancel_futures=True)

    def submit(self, unit: Unit, tick: Tick) -> "Future[Pieces | None]":
        return self._executor.submit(carry_out, unit, lambda week: tick(week) and not self._stopped.is_set())

    def result(self, future: "Future[Pieces | None]") -> Pieces | None:
        return future.result()

    def stop(self) -> None:
        self._stopped.set()


class Processes:
    """Processes of this machine, each with an interpreter of its own: a run of many providers.

    They begin by importing the main module's file, as Python's own do, so it must guard what it does.
    """

    turns = 4

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._context = multiprocessing.get_context("spawn")  # the same on every system, safe beside threads
        # without a lock: a process that is killed while it holds one would leave the others waiting for ever
        self._stopped = self._context.RawValue(ctypes.c_bool, False)
        # for the same reason what a unit gave comes back by way of a file: a process killed in the middle of
        # sending so much would leave the others, and us, waiting for the rest
        self._given = tempfile.TemporaryDirectory(prefix="tandem-", ignore_cleanup_errors=True)
        self._executor = self._opened()

    def _opened(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.workers,
            self._context,
            initializer=_begin_process,
            initargs=(self._stopped, self._given.name),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.stop()
        self._executor.shutdown(cancel_futures=True)
        self._given.cleanup()

    def submit(self, unit: Unit, tick: Tick) -> "Future[str | None]":
        try:
            return self._executor.submit(_in_process, unit)
        except BrokenProcessPool:  # one process died, and took the pool with it
            self._executor.shutdown(wait=False)
            self._executor = self._opened()
            return self._executor.submit(_in_process, unit)

    def result(self, future: "Future[str | None]") -> Pieces | None:
        try:
            written = future.result()
        except BrokenProcessPool as fault:
            raise Lost from fault
        if written is None:
            return None
        done: Pieces = pickle.loads(Path(written).read_bytes())
        Path(written).unlink()
        return done

    def stop(self) -> None:
        self._stopped.value = True


class Cluster:
    """The workers of a Dask scheduler, which gives a lost worker's units to the others by itself.

    Raises TandemError where no scheduler answers at `address`, or it has no worker.
    """

    turns = 4

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as fault:
            raise TandemError(
                "A cluster needs more than a planner's Tandem has. Run in its folder:",
                f"{sys.executable} -m pip install -r requirements-cluster.txt -c requirements.lock",
            ) from fault

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is said here, once
        self.address = address
        try:
            self._client: Any = Client(address, timeout=ANSWER, set_as_default=False)
        except (OSError, ValueError) as fault:
            raise TandemError(
                f"No Dask scheduler answers at {address}.",
                "Start one (python -m dask scheduler) and give the address it prints.",
            ) from fault
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER)
        except OSError as fault:
            self._client.close()
            raise TandemError(
                f"The Dask scheduler at {address} has no worker.",
                f"Start some in Tandem's folder: python -m dask worker {address}",
            ) from fault
        self.workers = sum(self._client.nthreads().values())
        self._executor = self._client.get_executor(pure=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    def submit(self, unit: Unit, tick: Tick) -> "Future[Pieces | None]":
        with warnings.catch_warnings():
            # a unit carries its rates with it, so that it can be given to anyone when a worker is lost
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            future: Future[Pieces | None] = self._executor.submit(_on_cluster, unit, edition())
        return future

    def result(self, future: "Future[Pieces | None]") -> Pieces | None:
        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker as fault:
            raise TandemError(
                f"Worker after worker of {self.address} died with the same part of the run.",
                "Give each more memory, or ask for fewer weeks.",
            ) from fault
        except ImportError as fault:
            raise TandemError(
                f"A worker of {self.address} can't find Tandem ({fault}).",
                f"Start it in Tandem's folder: python -m dask worker {self.address}",
            ) from fault
        except (CancelledError, OSError) as fault:
            raise TandemError(
                f"The Dask scheduler at {self.address} no longer answers.", "Start it, and run again."
            ) from fault

    def stop(self) -> None:
        self._executor.shutdown(wait=False)


_stopped_here: Any = None  # the pool's flag, in a process of its own


_given_here = ""  # where it puts what units gave


def _begin_process(stopped: Any, given: str) -> None:
    global _stopped_here, _given_here
    _stopped_here, _given_here = stopped, given
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the first process decides


def _in_process(unit: Unit) -> str | None:
    done = carry_out(unit, lambda week: not _stopped_here.value)
    if done is None:
        return None
    handle, name = tempfile.mkstemp(dir=_given_here)
    with os.fdopen(handle, "wb") as file:
        pickle.dump(done, file, protocol=pickle.HIGHEST_PROTOCOL)
    return name


def _on_cluster(unit: Unit, expected: str) -> Pieces | None:
    if edition() != expected:
        raise TandemError(
            "A worker of the cluster runs another edition of Tandem, numpy or numba: figures would differ.",
            "Bring its folder and its environment to those of this machine, and start it again.",
        )
    return carry_out(unit)


@cache
def edition() -> str:
    """What two machines must share to give the same bytes: a digest of its sources and libraries."""
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256(f"numpy {np.__version__} numba {numba.__version__}".encode())
    for room in ("models", "sim"):
        for source in sorted((root / room).rglob("*.py")):
            digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()

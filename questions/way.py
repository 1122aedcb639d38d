"""How a question is worked out: who hears how far it is, what stops it, and how many carry it out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event

from models.errors import TandemError
from sim.runs.executors import Cluster, Pool, Processes, Threads
from sim.runs.runner import SpreadOptions

Progress = Callable[[float], None]


def silent(share: float) -> None:
    """Hear nothing of the way."""


@dataclass(frozen=True)
class Way:
    """`progress` hears the share done, 0 to 1; setting `cancel` stops it within a simulated week.

    `workers` are threads, by default one a core; `pool` carries runs out in their place.
    """

    progress: Progress = silent
    cancel: Event | None = None
    workers: int | None = None
    pool: Pool | None = None

    def part(self, start: float, share: float) -> "Way":
        """A part of the way, from `start` on, `share` of the whole long."""
        return replace(self, progress=lambda done: self.progress(start + share * done))

    @property
    def options(self) -> SpreadOptions:
        """The same as a run takes it."""
        spread: SpreadOptions = {"progress": self.progress, "cancel": self.cancel, "workers": self.workers}
        return {**spread, "pool": self.pool}


def pool_of(workers: int | None = None, *, processes: bool = False, scheduler: str = "") -> Pool:
    """Who carries runs out: so many threads, processes in their place, or the Dask cluster at an address.

    Raises TandemError where nobody would, or no scheduler answers.
    """
    check_workers(workers)
    if scheduler:
        return Cluster(scheduler)
    return Processes(workers) if processes else Threads(workers)


def check_workers(workers: int | None) -> None:
    """Raises TandemError unless somebody would work; None stands for one a core."""
    if workers is not None and workers < 1:
        raise TandemError(f"{workers} workers were asked for.", "Ask for 1 or more.")

"""What follows a run: it sees each week of each of the run's units, and its pieces are put together.

A run is cut in units: some series in some replications, wherever they are carried out. An observer is a value
that goes along with each, so it can be pickled; what it gives does not depend on how the run was cut.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.scenarios.scenario import Scenario
from sim.engine.world import World
from sim.runs.results import Results

Rows = NDArray[np.intp]
Piece = TypeVar("Piece")
Given = TypeVar("Given", covariant=True)


@dataclass(frozen=True, eq=False)
class RunPart:
    """Some series of a run in some of its replications, or all of both."""

    calibration: Calibration  # of these series alone
    scenario: Scenario
    seed: int
    weeks: int
    replications: range
    rows: Rows  # the series by their place in the whole run

    @property
    def size(self) -> int:
        """Series-weeks in each week of it."""
        return len(self.rows) * len(self.replications)


class Recorder(Protocol[Given]):
    """What an observer has of one unit while it runs."""

    def week(self, week: int) -> None:
        """A week has ended, 0 the first."""

    def end(self) -> Given:
        """The unit's piece, which can be pickled; called once, after the last week."""


class Observer(ABC, Generic[Piece]):
    """Follows a run without changing it. A frozen dataclass, of what is to be followed.

    Where a piece is an array with replications first, added up over series, `start` alone is to be written.
    """

    block: ClassVar[int] = 1  # replications kept in one unit, as sums of fractions tell how they were cut
    after: ClassVar[int] = 0  # weeks it needs past those that are asked about

    @abstractmethod
    def start(self, world: World, part: RunPart) -> Recorder[Piece]:
        """Begin with a unit, before its first week."""

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Piece]]) -> Piece:
        """The pieces of all the series of `whole` as one, in the order of their first series."""
        first, *others = (piece for _, piece in pieces)
        total: Any = first
        for piece in others:
            total = total + piece
        return total

    def merged_replications(self, pieces: list[Piece]) -> Piece:
        """The pieces of all series in some replications each, in their order; may let go of them midway."""
        arrays: Any = pieces
        merged: Any = np.concatenate(arrays)
        return merged

    def result(self, whole: RunPart, piece: Piece) -> Any:
        """What the observer makes of all it has seen of `whole`."""
        return piece

    def numbers(self, series: int, weeks: int) -> int:
        """How many numbers of 4 bytes it holds for a replication while that runs, beside the counts."""
        return 0


class ResultsObserver(Observer[Piece]):
    """Takes what it wants from a unit's results when they are there: nothing in its weeks."""

    @abstractmethod
    def reduced(self, results: Results) -> Piece:
        """The piece of a unit, from its results: of the unit's series and replications."""

    def start(self, world: World, part: RunPart) -> Recorder[Piece]:
        return _AtTheEnd(self, world, part)


class _AtTheEnd(Generic[Piece]):
    def __init__(self, observer: ResultsObserver[Piece], world: World, part: RunPart) -> None:
        self._observer, self._world, self._part = observer, world, part

    def week(self, week: int) -> None:
        pass

    def end(self) -> Piece:
        part = self._part
        return self._observer.reduced(
            Results(
                scope=part.calibration.scope,
                data_month=part.calibration.data_month,
                document=part.scenario.document(),
                seed=part.seed,
                providers=part.calibration.providers,
                treatment_functions=part.calibration.treatment_functions,
                counts=self._world.state.out,
                opening=part.calibration.waiting,
                closing=self._world.waiting() / len(part.replications),
                before=part.replications.start,
            )
        )


def in_place(pieces: Sequence[tuple[RunPart, NDArray[Any]]], axis: int = 0) -> NDArray[Any]:
    """Arrays of parts of the series as one, each series in its place along `axis`."""
    if len(pieces) == 1:
        return pieces[0][1]
    _, first = pieces[0]
    shape = list(first.shape)
    shape[axis] = sum(len(part.rows) for part, _ in pieces)
    whole = np.empty(shape, first.dtype)
    for part, piece in pieces:
        np.moveaxis(whole, axis, 0)[part.rows] = np.moveaxis(piece, axis, 0)
    return whole


def added_by_name(
    names: Sequence[str], pieces: Sequence[tuple[Sequence[str], NDArray[Any]]], axis: int = 0
) -> NDArray[Any]:
    """Arrays whose `axis` goes by name added up, in the order of `names`."""
    _, first = pieces[0]
    shape = list(first.shape)
    shape[axis] = len(names)
    whole = np.zeros(shape, first.dtype)
    at = {name: place for place, name in enumerate(names)}
    for own, piece in pieces:
        np.moveaxis(whole, axis, 0)[[at[name] for name in own]] += np.moveaxis(piece, axis, 0)
    return whole

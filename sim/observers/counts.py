"""A run's own counts: of every series, or summed by treatment function so that a run of any size fits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.observers.observer import ResultsObserver, RunPart, in_place
from sim.runs.comparison import by_treatment_function
from sim.runs.results import Results, joined


@dataclass(frozen=True)
class Counts(ResultsObserver[Results]):
    """The `Results` of every series."""

    def reduced(self, results: Results) -> Results:
        return results

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Results]]) -> Results:
        return replace(
            pieces[0][1],
            providers=whole.calibration.providers,
            treatment_functions=whole.calibration.treatment_functions,
            counts=in_place([(part, piece.counts) for part, piece in pieces], axis=1),
            opening=whole.calibration.waiting,
            closing=in_place([(part, piece.closing) for part, piece in pieces]),
        )

    def merged_replications(self, pieces: list[Results]) -> Results:
        return joined(pieces)


@dataclass(frozen=True)
class CountsByTreatmentFunction(ResultsObserver[Results]):
    """The `Results` with one series for each treatment function, all providers together."""

    def reduced(self, results: Results) -> Results:
        return by_treatment_function(results)

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Results]]) -> Results:
        each = [piece for _, piece in pieces]
        beside = replace(
            each[0],
            providers=np.concatenate([piece.providers for piece in each]),
            treatment_functions=np.concatenate([piece.treatment_functions for piece in each]),
            counts=np.concatenate([piece.counts for piece in each], axis=1),
            opening=np.concatenate([piece.opening for piece in each]),
            closing=np.concatenate([piece.closing for piece in each]),
        )
        return by_treatment_function(beside)

    def merged_replications(self, pieces: list[Results]) -> Results:
        return joined(pieces)

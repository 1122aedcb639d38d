"""Lists by provider or by treatment function, small enough to keep for every scenario somebody looks at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.state import MEASURES
from sim.observers.observer import ResultsObserver, RunPart, added_by_name
from sim.runs.results import Results

KEPT = ("waiting", "within_18", "over_52", "over_65")
EVERY = 4  # weeks between two that are kept, counted back from the last
By = Literal["providers", "treatment_functions"]


@dataclass(frozen=True)
class Groups:
    """One run's lists, summed by group, every fourth week up to the last.

    `counts` is (R, G, kept weeks, measures) in the order of KEPT, patients at a week's end; `opening` the
    same on the day the figures were counted, (G, measures).
    """

    names: tuple[str, ...]  # codes, in the order of the run
    week_ends: NDArray[np.datetime64]
    counts: NDArray[np.int32]
    opening: NDArray[np.int32]

    def values(self, measure: str) -> NDArray[np.float64]:
        """A measure by replication, group and kept week: patients, or percent for share_within_18.

        The share of an empty list is nan.
        """
        if measure != "share_within_18":
            return self.counts[..., KEPT.index(measure)].astype(float)
        waiting, within = self.values("waiting"), self.values("within_18")
        return 100 * np.divide(within, waiting, out=np.full_like(waiting, np.nan), where=waiting > 0)

    def opening_values(self, measure: str) -> NDArray[np.float64]:
        """The measure on the day the figures were counted: patients, or percent. (G,)"""
        if measure != "share_within_18":
            return self.opening[:, KEPT.index(measure)].astype(float)
        waiting, within = self.opening_values("waiting"), self.opening_values("within_18")
        return 100 * np.divide(within, waiting, out=np.full_like(waiting, np.nan), where=waiting > 0)


def grouped(results: Results, by: By) -> Groups:
    """A run's lists by provider or treatment function."""
    codes: list[Any] = getattr(results, by).tolist()
    names = tuple(dict.fromkeys(codes))
    place = {name: i for i, name in enumerate(names)}
    weeks = np.arange(results.weeks)[::-1][::EVERY][::-1]
    columns = [MEASURES.index(name) for name in KEPT]
    counts = np.zeros((results.replications, len(names), len(weeks), len(KEPT)), np.int32)
    opening = np.zeros((len(names), len(KEPT)), np.int32)
    for series, code in enumerate(codes):
        counts[:, place[code]] += results.counts[:, series][:, weeks][..., columns]
        chosen = np.zeros(len(codes), bool)
        chosen[series] = True
        opening[place[code]] += [results.opening_value(name, chosen) for name in KEPT]
    return Groups(names, results.week_ends[weeks], counts, opening)


@dataclass(frozen=True)
class GroupsObserver(ResultsObserver[Groups]):
    """Keeps a run's lists by provider or treatment function."""

    by: By

    def reduced(self, results: Results) -> Groups:
        return grouped(results, self.by)

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Groups]]) -> Groups:
        names = tuple(dict.fromkeys(getattr(whole.calibration, self.by).tolist()))
        each = [piece for _, piece in pieces]
        return Groups(
            names=names,
            week_ends=each[0].week_ends,
            counts=added_by_name(names, [(piece.names, piece.counts) for piece in each], axis=1),
            opening=added_by_name(names, [(piece.names, piece.opening) for piece in each]),
        )

    def merged_replications(self, pieces: list[Groups]) -> Groups:
        return replace(pieces[0], counts=np.concatenate([each.counts for each in pieces]))


def worst_first(scenario: Groups, baseline: Groups, measure: str) -> list[int]:
    """The groups' places, the one that the scenario leaves worst against the baseline first.

    Where the difference is the same, the one that is worse itself.
    """
    sign = -1 if measure == "share_within_18" else 1
    end, without = (each.values(measure)[:, :, -1] for each in (scenario, baseline))
    change = sign * np.nan_to_num(end - without).mean(axis=0)
    itself = sign * np.nan_to_num(end).mean(axis=0)
    return [int(place) for place in np.lexsort((-itself, -change))]

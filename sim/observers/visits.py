"""Outpatient appointments kept at each trust, by week: those face to face are the journeys patients make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.rtt.organisations import provider_kind
from sim.engine.state import MEASURES
from sim.observers.observer import ResultsObserver, RunPart, added_by_name
from sim.runs.comparison import OUTPATIENT_MEDIA
from sim.runs.results import Results

OTHERS = ""  # independent and other providers, together: it isn't known from where their patients come
FACE_TO_FACE, VIRTUAL = 0, 1
_MEDIA = (
    [MEASURES.index(face_to_face) for _, face_to_face, _ in OUTPATIENT_MEDIA.values()],
    [MEASURES.index(virtual) for virtual, _, _ in OUTPATIENT_MEDIA.values()],
)


@dataclass(frozen=True)
class Visits:
    """One run's appointments, (R, P, weeks, 2): face to face, then virtual; a missed one is no visit."""

    providers: tuple[str, ...]  # trusts' codes, and OTHERS
    counts: NDArray[np.int32]

    def attended(self, first: int, last: int) -> NDArray[np.float64]:
        """Appointments kept from week `first`, from 0, up to but without `last`. (R, P, 2)"""
        return np.asarray(self.counts[:, :, first:last].sum(axis=2, dtype=np.int64), float)


def visits_of(results: Results) -> Visits:
    """The appointments of a run."""
    codes = _trusts(results.providers)
    names = tuple(dict.fromkeys(codes))
    counts = np.zeros((results.replications, len(names), results.weeks, len(_MEDIA)), np.int32)
    for series, code in enumerate(codes):
        for medium, columns in enumerate(_MEDIA):
            counts[:, names.index(code), :, medium] += results.counts[:, series][..., columns].sum(
                axis=-1, dtype=np.int32
            )
    return Visits(names, counts)


@dataclass(frozen=True)
class VisitsObserver(ResultsObserver[Visits]):
    """Keeps a run's appointments."""

    def reduced(self, results: Results) -> Visits:
        return visits_of(results)

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Visits]]) -> Visits:
        names = tuple(dict.fromkeys(_trusts(whole.calibration.providers)))
        counts = added_by_name(names, [(piece.providers, piece.counts) for _, piece in pieces], axis=1)
        return Visits(names, counts)

    def merged_replications(self, pieces: list[Visits]) -> Visits:
        return replace(pieces[0], counts=np.concatenate([each.counts for each in pieces]))


def _trusts(providers: NDArray[Any]) -> list[str]:
    """The name a provider's appointments go by: a trust's code, or OTHERS."""
    return [code if provider_kind(code) == "NHS trust" else OTHERS for code in map(str, providers.tolist())]

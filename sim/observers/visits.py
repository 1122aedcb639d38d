"""Outpatient appointments kept at each trust, by week: those face to face are the journeys patients make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.rtt.organisations import provider_kind
from sim.engine.state import MEASURES
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
    """The appointments of a run, which may be one batch of its replications."""
    codes = [
        code if provider_kind(code) == "NHS trust" else OTHERS
        for code in map(str, results.providers.tolist())
    ]
    names = tuple(dict.fromkeys(codes))
    counts = np.zeros((results.replications, len(names), results.weeks, len(_MEDIA)), np.int32)
    for series, code in enumerate(codes):
        for medium, columns in enumerate(_MEDIA):
            counts[:, names.index(code), :, medium] += results.counts[:, series][..., columns].sum(
                axis=-1, dtype=np.int32
            )
    return Visits(names, counts)


def visits_together(batches: Sequence[Visits]) -> Visits:
    """Batches of one run put together, in the order of their replications."""
    return replace(batches[0], counts=np.concatenate([batch.counts for batch in batches]))

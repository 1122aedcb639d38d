"""The waiting list by weeks waited, and what the standards ask of it.

A list is an array over 105 bands: band b holds those who have waited at least b and under b + 1 weeks; the
last, 104, has no upper end. The functions work over the last axis, so a table of lists is one call; they take
fractional counts too, such as means over replications. `WaitingList` is one list of whole pathways.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import TandemError

BANDS = 105
OPEN_BAND = 104  # 104 weeks or more
STANDARD_WEEKS = 18
LONG_WAITS = (52, 65, 78, 104)  # weeks; those who have waited longer are counted apart in the returns

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Standard:
    """What the NHS in England asks of a list: `share` (0 to 1) waiting under `weeks`, by `month` if dated."""

    label: str
    weeks: int
    share: float
    month: str | None  # 'YYYY-MM', by whose end; None: the standing standard


STANDARD = Standard("Standard", STANDARD_WEEKS, 0.92, None)
STANDARDS = (
    STANDARD,
    Standard("Interim target for March 2026", STANDARD_WEEKS, 0.65, "2026-03"),
    Standard("Target for March 2029", STANDARD_WEEKS, 0.92, "2029-03"),
)


def total(bands: ArrayLike) -> NDArray[Any]:
    """Gives the pathways waiting in each list, shape (...), from `bands`, shape (..., 105)."""
    return np.asarray(_banded(bands).sum(axis=-1))


def within(bands: ArrayLike, weeks: int = STANDARD_WEEKS) -> NDArray[Any]:
    """Gives the pathways that have waited under `weeks` (0 to 104), shape (...)."""
    return np.asarray(_banded(bands)[..., : _week(weeks)].sum(axis=-1))


def over(bands: ArrayLike, weeks: int) -> NDArray[Any]:
    """Gives the pathways that have waited `weeks` (0 to 104) or more, shape (...).

    The returns call band 52 and up 'over 52 weeks'; `within` and `over` part the list between them.
    """
    return np.asarray(_banded(bands)[..., _week(weeks) :].sum(axis=-1))


def share_within(bands: ArrayLike, weeks: int = STANDARD_WEEKS) -> Floats:
    """Gives the share (0 to 1) that has waited under `weeks`, shape (...); nan where nobody waits."""
    waiting = total(bands).astype(np.float64)
    share = np.full_like(waiting, np.nan)
    np.divide(within(bands, weeks), waiting, out=share, where=waiting > 0)
    return share


def counts_by_standard(bands: ArrayLike) -> dict[str, NDArray[Any]]:
    """Gives 'total', 'within_18', 'over_52', 'over_65', 'over_78', 'over_104' of each list, shape (...)."""
    counts = {"total": total(bands), f"within_{STANDARD_WEEKS}": within(bands)}
    return counts | {f"over_{weeks}": over(bands, weeks) for weeks in LONG_WAITS}


def percentile(bands: ArrayLike, share: float = 0.92) -> Floats:
    """Gives the wait, in weeks, that `share` (0 to 1) of each list is within, shape (...).

    Waits are taken as spread evenly within a week. 104.0 where the answer lies in the open last band, which
    has no upper end: `is_at_least` tells these apart. nan where nobody waits.
    """
    counts, before, band, target = _locate(bands, share)
    inside = np.take_along_axis(counts, band, axis=-1)
    fraction = np.divide(target - before, inside, out=np.zeros_like(inside), where=inside > 0)
    # the target can lie a rounding error above the band's end, and the open band gives only its start
    fraction = np.where(band == OPEN_BAND, 0.0, np.clip(fraction, 0.0, 1.0))
    return np.asarray(np.where(counts.sum(axis=-1) > 0, (band + fraction)[..., 0], np.nan))


def is_at_least(bands: ArrayLike, share: float = 0.92) -> NDArray[np.bool_]:
    """Gives whether `percentile` lies in the open band, so the wait is 104 weeks or more, shape (...)."""
    counts, _, band, _ = _locate(bands, share)
    return np.asarray((band[..., 0] == OPEN_BAND) & (counts.sum(axis=-1) > 0))


def median(bands: ArrayLike) -> Floats:
    """Gives the wait, in weeks, that half of each list is within, shape (...); nan where nobody waits."""
    return percentile(bands, 0.5)


def mean_wait(bands: ArrayLike) -> Floats:
    """Gives the mean weeks waited so far, shape (...); nan where nobody waits.

    Each band counts at its middle, the open one at 104.5: a lower bound where anyone has waited longer.
    """
    counts = _banded(bands).astype(np.float64)
    waiting = np.asarray(counts.sum(axis=-1))
    weeks = np.asarray(counts @ (np.arange(BANDS) + 0.5))
    mean = np.full_like(waiting, np.nan)
    np.divide(weeks, waiting, out=mean, where=waiting > 0)
    return mean


@dataclass(frozen=True, eq=False)
class WaitingList:
    """One waiting list: pathways by weeks waited, shape (105,), whole numbers, read-only.

    Raises TandemError if `weeks` has another shape, or anything negative or fractional in it.
    """

    weeks: NDArray[Any]  # any numbers when given, int64 once made

    def __post_init__(self) -> None:
        given = np.asarray(self.weeks)
        if given.shape != (BANDS,) or not np.issubdtype(given.dtype, np.number):
            raise TandemError(
                f"A waiting list needs {BANDS} numbers, one a week waited; this has shape {given.shape}.",
                "Give one list; the functions of this module take many at once.",
            )
        whole = np.isfinite(given) & (given >= 0) & (given == np.floor(given))
        if not whole.all():
            band = int(np.argmin(whole))
            raise TandemError(
                f"The waiting list has {given[band]} pathways in week band {band}.",
                "Give whole numbers, 0 or more.",
            )
        counts = given.astype(np.int64)
        counts.flags.writeable = False
        object.__setattr__(self, "weeks", counts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WaitingList) and np.array_equal(self.weeks, other.weeks)

    def __hash__(self) -> int:
        return hash(self.weeks.tobytes())

    @property
    def total(self) -> int:
        """Gives the pathways waiting."""
        return int(total(self.weeks))

    def within(self, weeks: int = STANDARD_WEEKS) -> int:
        """Gives the pathways that have waited under `weeks` (0 to 104)."""
        return int(within(self.weeks, weeks))

    def over(self, weeks: int) -> int:
        """Gives the pathways that have waited `weeks` (0 to 104) or more."""
        return int(over(self.weeks, weeks))

    def share_within(self, weeks: int = STANDARD_WEEKS) -> float:
        """Gives the share (0 to 1) that has waited under `weeks`; nan if nobody waits."""
        return float(share_within(self.weeks, weeks))

    @property
    def standards(self) -> dict[str, int]:
        """Gives the pathways in total, within 18 weeks, and over 52, 65, 78 and 104, by name."""
        return {name: int(count) for name, count in counts_by_standard(self.weeks).items()}

    def meets(self, standard: Standard = STANDARD) -> bool:
        """Gives whether at least the standard's share waits within its weeks; an empty list does."""
        return self.within(standard.weeks) >= standard.share * self.total

    def percentile(self, share: float = 0.92) -> float:
        """Gives the wait, in weeks, that `share` (0 to 1) is within; 104.0 may mean more (`is_at_least`)."""
        return float(percentile(self.weeks, share))

    def is_at_least(self, share: float = 0.92) -> bool:
        """Gives whether the percentile lies in the open band: the wait is 104 weeks or more."""
        return bool(is_at_least(self.weeks, share))

    @property
    def median(self) -> float:
        """Gives the wait, in weeks, that half the list is within; nan if nobody waits."""
        return float(median(self.weeks))

    @property
    def mean(self) -> float:
        """Gives the mean weeks waited so far, a lower bound (104 or more count as 104.5); nan if empty."""
        return float(mean_wait(self.weeks))


def _locate(bands: ArrayLike, share: float) -> tuple[Floats, Floats, NDArray[np.int64], Floats]:
    """Gives counts, pathways below the band sought, that band, and the pathways sought; last axis kept."""
    if not 0 <= share <= 1:
        raise TandemError(f"A share of the list cannot be {share:g}.", "Give 0 to 1, such as 0.92.")
    counts = _banded(bands).astype(np.float64)
    cumulative = counts.cumsum(axis=-1)
    target = share * cumulative[..., -1:]
    # a product such as 0.07 x 100 can lie a rounding error above the whole number it stands for
    reached = (cumulative >= target * (1 - 1e-12)) & (counts > 0)
    band = np.argmax(reached, axis=-1)[..., np.newaxis].astype(np.int64)
    before = np.take_along_axis(cumulative - counts, band, axis=-1)
    return counts, before, band, target


def _banded(bands: ArrayLike) -> NDArray[Any]:
    counts = np.asarray(bands)
    if counts.ndim == 0 or counts.shape[-1] != BANDS:
        raise TandemError(
            f"A list by weeks waited has {BANDS} bands; this has shape {counts.shape}.",
            "Put the bands on the last axis: 0 to 103 weeks, then 104 or more.",
        )
    return counts


def _week(weeks: int) -> int:
    if not 0 <= weeks <= OPEN_BAND:
        raise TandemError(
            f"The list cannot be parted at {weeks} weeks.", f"Give whole weeks from 0 to {OPEN_BAND}."
        )
    return weeks

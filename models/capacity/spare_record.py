"""What became of the series that would have been called spare: the figures that stand beside the word.

A series called spare keeps its promise if its clock stops a week, on working days, reach what was needed and
spare in any three months running of the six that follow; and it holds its waits if its 18-week share, six
months on, is at most a point below what it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.flows import stops_by_month
from models.capacity.estimate import (
    FALL,
    HALF_YEAR,
    HISTORY_MONTHS,
    OWN_SHARE,
    QUARTER,
    WITHIN,
    Capacity,
    Floor,
    capacity,
)
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from models.rtt.organisations import provider_kind

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Followed:
    """The capacity of S series as of a month, and the six months that came after it."""

    said: Capacity
    known: Flags  # (S,) the returns told, and the provider went on returning: what is judged
    best: Floats  # (S,) clock stops a week in the best quarter
    held: Flags  # (S,) the 18-week share was held within a point
    size: Floats  # (S,) patients waiting as of the month
    trust: Flags  # (S,) of an NHS trust

    @property
    def called(self) -> Flags:
        """Series that were called spare, and followed. (S,)"""
        return np.asarray(self.known & (np.nan_to_num(self.said.spare) > 0))

    @property
    def lost(self) -> int:
        """Series that were called spare and could not be followed."""
        return int((~self.known & (np.nan_to_num(self.said.spare) > 0)).sum())

    @property
    def delivered(self) -> Flags:
        """Whether the best quarter reached what was needed and spare. (S,)"""
        return self._reached(self.said.spare)

    @property
    def under(self) -> Flags:
        """Whether the best quarter fell below the lower end of the range. (S,)"""
        return ~self._reached(self.said.spare_lower)

    @property
    def over(self) -> Flags:
        """Whether the best quarter went beyond the upper end of the range. (S,)"""
        return np.asarray(self.best > self.said.needed + self.said.spare_upper)

    def _reached(self, spare: Floats) -> Flags:
        return np.asarray(self.best >= self.said.needed + spare)


@dataclass(frozen=True)
class Record:
    """How some series fared: counts and shares, nan where there was none to count."""

    group: str
    series: int  # whose returns told, and that were followed
    all_series: int  # with those whose returns did not tell
    called: int  # of them called spare
    delivered: float  # of those called
    held: float  # of those called
    held_by_all: float  # of all followed
    below_range: float  # of those called: a tenth, if the range is honest
    above_range: float  # likewise


def follow(history: History, as_of: str, floor: Floor = OWN_SHARE) -> Followed:
    """The capacity as of a month from the year up to it, and what `history` holds of the six months after.

    `history` is England's: series that were reported throughout the year stand for each treatment function.
    Raises TandemError where the months after are not held, or those before too few.
    """
    if not set(months.month_range(as_of, months.add_months(as_of, HALF_YEAR))) <= set(history.months):
        raise TandemError(
            f"What came in the six months after {months.month_label(as_of)} is not held.",
            f"Months are held from {history.months[0]} to {history.months[-1]}.",
        )
    before = history.until(as_of, HISTORY_MONTHS)
    estimate = capacity(before, before.throughout().pooled(), floor)
    place = {key: i for i, key in enumerate(zip(history.providers, history.treatment_functions, strict=True))}
    rows = np.array(
        [place[key] for key in zip(estimate.providers, estimate.treatment_functions, strict=True)]
    )
    now = history.months.index(as_of)
    after = slice(now + 1, now + 1 + HALF_YEAR)
    stops = stops_by_month(history)[after, rows]
    days = months.working_days_by_month(history.months[after])
    begins = range(HALF_YEAR - QUARTER + 1)
    quarters = [stops[i : i + QUARTER].sum(axis=0) / days[i : i + QUARTER].sum() for i in begins]
    end = history.incomplete[now + HALF_YEAR, rows]
    left = end.sum(axis=1)
    share = end[:, :WITHIN].sum(axis=1) / np.maximum(left, 1)
    kinds = [provider_kind(str(code)) for code in estimate.providers]
    return Followed(
        said=estimate,
        known=estimate.known & history.reported[after, rows].all(axis=0) & (left > 0),
        best=np.max(quarters, axis=0) * months.DAYS_A_WEEK,
        held=share >= estimate.share - FALL,
        size=history.incomplete[now, rows].sum(axis=1).astype(float),
        trust=np.array(kinds) == "NHS trust",
    )


SIZES = ((0, 300), (300, 1000), (1000, 3000), (3000, None))  # patients waiting
EVERY = "all"


def records(followed: Sequence[Followed]) -> list[Record]:
    """How series fared: all, by month, by kind of provider and by size of list."""
    table = [_record(EVERY, [(each, np.ones_like(each.known)) for each in followed])]
    table += [_record(each.said.data_month, [(each, np.ones_like(each.known))]) for each in followed]
    table.append(_record("NHS trusts", [(each, each.trust) for each in followed]))
    table.append(_record("independent and other", [(each, ~each.trust) for each in followed]))
    for low, high in SIZES:
        name = f"{low:,} to {high - 1:,} waiting" if high else f"{low:,} or more waiting"
        table.append(_record(name, [(e, (e.size >= low) & (e.size < (high or np.inf))) for e in followed]))
    return table


def _record(group: str, parts: Sequence[tuple[Followed, Flags]]) -> Record:
    def counted(of: NDArray[Any]) -> int:
        return int(of.sum())

    called = sum(counted(each.called & here) for each, here in parts)
    series = sum(counted(each.known & here) for each, here in parts)

    def share(name: str) -> float:
        met = sum(counted(getattr(each, name) & each.called & here) for each, here in parts)
        return met / called if called else float("nan")

    kept = sum(counted(each.held & each.known & here) for each, here in parts)
    return Record(
        group=group,
        series=series,
        all_series=sum(counted(here) for _, here in parts),
        called=called,
        delivered=share("delivered"),
        held=share("held"),
        held_by_all=kept / series if series else float("nan"),
        below_range=share("under"),
        above_range=share("over"),
    )

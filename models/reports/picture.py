"""A chart in plain values, from which pages, slides, workbook and printed page each draw their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["scenario", "baseline", "short", "spare", "other", "standard"]
# One colour a meaning, the same as on the pages' light theme.
COLOURS: Mapping[Role, str] = {
    "scenario": "#0B57B0",
    "baseline": "#5B6773",
    "short": "#A84B00",
    "spare": "#0B6B63",
    "other": "#6A3FA0",
    "standard": "#16202B",
}


@dataclass(frozen=True)
class Series:
    """One line or set of bars. `ends` are the ends of its 80% range, where it has one."""

    name: str
    values: tuple[float, ...]
    role: Role = "scenario"
    ends: tuple[tuple[float, ...], tuple[float, ...]] | None = None


@dataclass(frozen=True)
class Picture:
    """Lines over days or months, or bars by name, in `unit`; `changes` says that bars are differences."""

    kind: Literal["line", "bar"]
    title: str
    categories: tuple[str, ...] | tuple[date, ...]
    series: tuple[Series, ...]
    unit: str = "patients"
    standard: tuple[str, float] | None = None  # a dashed line's name and level
    changes: bool = False

    @property
    def decimals(self) -> int:
        return 1 if self.unit == "%" else 0

    def bar_roles(self, series: Series) -> tuple[Role, ...]:
        """What each bar of a series means: of changes, who rises loses, and stands in the colour of short."""
        return tuple("short" if self.changes and value > 0 else series.role for value in series.values)

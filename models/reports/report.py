"""What a planner takes to a meeting, as plain values: messages with pictures, tables, what it rests on.

Slides, workbook and printed page are all made from one `Takeaway`, so that they say the same.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import pandas as pd

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
FEW = 5  # counts from 1 up to below this can be told to concern a person
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Series:
    """One line or set of bars. `ends` are the ends of its 80% range, where it has one."""

    name: str
    values: tuple[float, ...]
    role: Role = "scenario"
    ends: tuple[tuple[float, ...], tuple[float, ...]] | None = None


@dataclass(frozen=True)
class Picture:
    """A chart in plain values: lines over days or months, or bars by name, in `unit`."""

    kind: Literal["line", "bar"]
    title: str
    categories: tuple[str, ...] | tuple[date, ...]
    series: tuple[Series, ...]
    unit: str = "patients"
    standard: tuple[str, float] | None = None  # a dashed line's name and level

    @property
    def decimals(self) -> int:
        return 1 if self.unit == "%" else 0


@dataclass(frozen=True)
class Message:
    """One thing to say: the sentence, the picture that proves it, and what the speaker should know."""

    sentence: str
    picture: Picture | None = None
    points: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One tidy table. `counts` are the columns that count people, which can be suppressed where small.

    `people` says of each row whether they do so there, where rows have units of their own; by default in all.
    """

    name: str
    explained: str
    frame: pd.DataFrame
    counts: tuple[str, ...] = ()
    picture: Picture | None = None
    people: tuple[bool, ...] | None = None

    @property
    def tab(self) -> str:
        """The name as a spreadsheet allows it: 31 characters, without brackets and slashes."""
        return _SHEET_NAME.sub(" ", self.name)[:31]


@dataclass(frozen=True)
class Takeaway:
    """All that is taken away from one page. `about` is what makes the numbers again, in words by label."""

    title: str
    place: str
    data_month: str  # in words: 'August 2025'
    headline: str
    messages: tuple[Message, ...]
    sheets: tuple[Sheet, ...]
    about: Mapping[str, str]
    caveats: tuple[str, ...]
    labels: tuple[str, ...] = ()  # of 'Estimated', 'Synthetic': what must be said on every page of it


@dataclass(frozen=True)
class Part:
    """What joins a takeaway beside its runs, as a scorecard does: messages, tables, what they rest on."""

    messages: tuple[Message, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()

    def beside(self, other: "Part") -> "Part":
        """This one and another, as one."""
        return Part(
            (*self.messages, *other.messages),
            (*self.sheets, *other.sheets),
            {**self.about, **other.about},
            (*self.caveats, *other.caveats),
        )


def joined(taken: Takeaway, parts: Iterable[Part]) -> Takeaway:
    """The same with the parts after it, in their order."""
    for part in parts:
        taken = replace(
            taken,
            messages=(*taken.messages, *part.messages),
            sheets=(*taken.sheets, *part.sheets),
            about={**taken.about, **part.about},
            caveats=(*taken.caveats, *part.caveats),
        )
    return taken


def suppressed(taken: Takeaway) -> Takeaway:
    """The same with every count from 1 to 4 in its tables left out, and the reader told so.

    Charts are left as they are: they show sums over a board, not small groups.
    """
    sheets = tuple(replace(sheet, frame=_without_few(sheet)) for sheet in taken.sheets)
    said = f"Counts from 1 to {FEW - 1} are left out of the tables (shown as <{FEW})."
    return replace(taken, sheets=sheets, caveats=(*taken.caveats, said))


def _without_few(sheet: Sheet) -> pd.DataFrame:
    frame = sheet.frame
    hidden, people = frame.copy(), True if sheet.people is None else pd.Series(sheet.people, frame.index)
    for name in sheet.counts:
        values = pd.to_numeric(frame[name])
        few = (values.abs() > 0) & (values.abs() < FEW) & people
        hidden[name] = frame[name].astype(object).where(~few, f"<{FEW}")
    return hidden


def inert(value: object) -> object:
    """A cell that a spreadsheet can't take for a formula, nor choke on: text with a leading quote, no nan."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return "'" + value
    return value

"""What a planner takes to a meeting, as plain values: messages with pictures, tables, what it rests on.

Slides, workbook and printed page are all made from one `Report`, so that they say the same.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from models.reports.picture import Picture

FEW = 5  # counts from 1 up to below this can be told to concern a person
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


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
class Report:
    """All that a page gives to take to a meeting. `about` says what makes the numbers again, by label."""

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
    """What joins a report beside its runs, as a scorecard does: messages, tables, what they rest on."""

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


def joined(report: Report, parts: Iterable[Part]) -> Report:
    """The same with the parts after it, in their order."""
    for part in parts:
        report = replace(
            report,
            messages=(*report.messages, *part.messages),
            sheets=(*report.sheets, *part.sheets),
            about={**report.about, **part.about},
            caveats=(*report.caveats, *part.caveats),
        )
    return report


def suppressed(report: Report) -> Report:
    """The same with every count from 1 to 4 in its tables left out, and the reader told so.

    Charts are left as they are: they show sums over a board, not small groups.
    """
    sheets = tuple(replace(sheet, frame=_without_few(sheet)) for sheet in report.sheets)
    notice = f"Counts from 1 to {FEW - 1} are left out of the tables (shown as <{FEW})."
    return replace(report, sheets=sheets, caveats=(*report.caveats, notice))


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

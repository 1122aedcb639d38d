"""How a column of a file is described: checks, templates, dictionary, messages and the store read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds; the value says it to a reader. In brackets: how a frame holds it."""

    TEXT = "text"  # str
    CHOICE = "one of the values listed"  # str
    COUNT = "a whole number"  # int
    NUMBER = "a number"  # float
    MILES = "a number, or 'anywhere'"  # float, infinity for anywhere
    YES_NO = "yes or no"  # bool
    DATE = "a date as YYYY-MM-DD"  # datetime64
    WEEK = "the date of any day in the week, as YYYY-MM-DD"  # datetime64 of the week's Monday
    COMPACT_DATE = "a date as YYYYMMDD"  # as some published files write it


@dataclass(frozen=True)
class Column:
    """One column of a file: what it is called, what it means, what a cell may hold."""

    name: str
    meaning: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    required: bool = False  # every row must fill it
    values: tuple[str, ...] = ()  # allowed, where it is a choice
    low: float | None = None  # least and most allowed, both included
    high: float | None = None
    default: str | int | float | bool | None = None  # stands in for a blank; None leaves it missing
    example: str = ""
    heading: str = ""  # as a published file spells it; blank where it is the name
    label: str = ""  # what a table to edit calls it; blank where it is the name in words

    @property
    def allowed(self) -> str:
        """Gives what a cell may hold, as a sentence's end: 'a whole number from 1 to 4'."""
        if self.values and len(self.values) <= 10:
            return f"one of {', '.join(self.values)}"
        if self.low is not None and self.high is not None:
            return f"{self.kind} from {self.low:g} to {self.high:g}"
        return f"{self.kind}, {self.low:g} or more" if self.low is not None else str(self.kind)


def names(columns: Sequence[Column]) -> list[str]:
    """Gives the columns' names, in order."""
    return [column.name for column in columns]


def headings(columns: Sequence[Column]) -> list[str]:
    """Gives the columns' headings as the file spells them, in order."""
    return [column.heading or column.name for column in columns]

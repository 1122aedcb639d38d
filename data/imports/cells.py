"""Cells of an uploaded list: text into values as its columns are described, with every fault collected."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.described import typed
from data.imports.identity import plain_heading
from data.imports.tables import TextTable
from models.columns import Column, Kind
from models.errors import TandemError
from models.matching.columns import ANYWHERE, LABELS
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

SHOWN = 20  # faults a message shows; all are counted
_LONGEST_TEXT = 120  # characters
_WHOLE = re.compile(r"[0-9]{1,9}(?:\.0+)?")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,12}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?")
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}
_REMEDY = "Mend these and upload the file again: nothing of it was kept."


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: the line it stands on, the column by name, and what it is."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.what}"


class FaultsFound(TandemError):
    """A list that is not as described: `faults` are the first of them by line, of `count` in all."""

    def __init__(self, file: str, faults: Sequence[Fault], count: int) -> None:
        self.faults, self.count = tuple(faults), count
        head = f"{file} has 1 fault." if count == 1 else f"{file} has {count:,} faults."
        if count > len(faults):
            head = f"{head} The first {len(faults)}:"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in faults)]), _REMEDY)


class Faults:
    """What is wrong with a table so far: the first of each column, and how many there are."""

    def __init__(self, table: TextTable) -> None:
        self.table, self.first, self.count = table, list[Fault](), 0

    def add(self, column: str, lines: NDArray[np.int64], what: Callable[[int], str]) -> None:
        """Adds a fault of a column on each of the lines; `what` says it by the place among these."""
        self.count += len(lines)
        self.first += [Fault(int(line), column, what(place)) for place, line in enumerate(lines[:SHOWN])]

    def refuse(self) -> None:
        """Raises FaultsFound if there are any."""
        if self.count:
            ordered = sorted(self.first, key=lambda fault: (fault.line, fault.column))
            raise FaultsFound(self.table.file, ordered[:SHOWN], self.count)


@dataclass(frozen=True)
class _Unfit:
    what: str


def check_headings(table: TextTable, columns: Sequence[Column]) -> None:
    """Raises FaultsFound for columns that are missing, repeated or not described.

    Headings may be in any order and spelt as 'Patient ID' or patient_id.
    """
    known = {column.name for column in columns}
    given = [plain_heading(heading) for heading in table.headings]
    faults = []
    for place, name in enumerate(given):
        if name in given[:place]:
            faults.append(Fault(1, name or f"column {place + 1}", "is there twice; keep one"))
        elif name not in known:
            close = get_close_matches(name, sorted(known - set(given)), n=1, cutoff=0.6)
            meant = f"; is it {close[0]}?" if close else "; leave it out"
            faults.append(Fault(1, f"column {place + 1}", f"'{name[:40]}' is not read here{meant}"))
    for column in columns:
        if column.required and column.name not in given:
            faults.append(Fault(1, column.name, "the column is missing"))
    if faults:
        raise FaultsFound(table.file, faults[:SHOWN], len(faults))


def values_of(table: TextTable, columns: Sequence[Column]) -> tuple[pd.DataFrame, Faults]:
    """Gives a frame with every described column, and its faults; a cell at fault is missing.

    A blank is missing, or the column's default. Rows are in the file's order.
    """
    cells = {
        plain_heading(heading): each for heading, each in zip(table.headings, table.columns, strict=True)
    }
    blank = np.full(len(table.lines), "", dtype=object)
    frame, faults = {}, Faults(table)
    for column in columns:
        codes, texts = pd.factorize(cells.get(column.name, blank))
        read = _reader_of(column)
        values = [read(text) if text else _blank(column) for text in texts]
        unfit = {code: value.what for code, value in enumerate(values) if isinstance(value, _Unfit)}
        if unfit:
            rows = np.flatnonzero(np.isin(codes, list(unfit)))
            faults.add(column.name, table.lines[rows], _wording_of(codes[rows], unfit))
        distinct = pd.Series([None if code in unfit else value for code, value in enumerate(values)])
        frame[column.name] = typed(distinct, column).take(codes).reset_index(drop=True)
    return pd.DataFrame(frame), faults


def find_repeated(table: TextTable, frame: pd.DataFrame, name: str, faults: Faults) -> None:
    """Adds a fault for each row whose `name` stands on a line before."""
    again = np.flatnonzero(frame[name].notna() & frame[name].duplicated())
    if len(again):
        first = dict(zip(frame[name][::-1], table.lines[::-1], strict=True))
        values = frame[name].to_numpy(object)
        faults.add(
            name, table.lines[again], lambda place: f"is the same as on line {first[values[again[place]]]}"
        )


def _wording_of(codes: NDArray[np.int64], unfit: Mapping[int, str]) -> Callable[[int], str]:
    return lambda place: unfit[int(codes[place])]


def _blank(column: Column) -> object:
    if column.required:
        return _Unfit("is blank")
    return column.default


def _reader_of(column: Column) -> Callable[[str], object]:
    """Gives what turns a filled cell of the column into its value, or says why it can't."""
    if column.kind is Kind.CHOICE:
        choices = {_plain(value): value for value in column.values}
        for value in column.values:
            function = TREATMENT_FUNCTIONS.get(value)
            choices.setdefault(_plain(function.name if function else LABELS.get(value, value)), value)
        return lambda text: choices.get(_plain(text), _unfit(text, column))
    readers: dict[Kind, Callable[[str, Column], object]] = {
        Kind.TEXT: _read_text,
        Kind.COUNT: _read_count,
        Kind.NUMBER: _read_number,
        Kind.MILES: _read_miles,
        Kind.YES_NO: _read_yes_no,
        Kind.DATE: _read_date,
        Kind.WEEK: _read_week,
    }
    read = readers[column.kind]
    return lambda text: read(text, column)


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-\u2010-\u2015]+", "_", text.strip().casefold())


def _unfit(text: str, column: Column) -> _Unfit:
    hint = ""
    if column.name == "age_band" and re.search("may|15", text.casefold()):
        hint = "; a spreadsheet makes a date of 5-15 unless its column is formatted as text"
    shown = "".join(each if each.isprintable() else "?" for each in text[:30])
    return _Unfit(f"holds '{shown}', not {column.allowed}{hint}")


def _read_text(text: str, column: Column) -> object:
    if len(text) > _LONGEST_TEXT:
        return _Unfit(f"holds {len(text):,} characters, more than {_LONGEST_TEXT}")
    if any(unicodedata.category(each) in ("Cc", "Cs", "Co", "Cn") for each in text):
        return _Unfit("holds characters that can't be shown")
    return text


def _read_count(text: str, column: Column) -> object:
    return _ranged(int(float(text)), text, column) if _WHOLE.fullmatch(text) else _unfit(text, column)


def _read_number(text: str, column: Column) -> object:
    return _ranged(float(text), text, column) if _NUMBER.fullmatch(text) else _unfit(text, column)


def _read_miles(text: str, column: Column) -> object:
    return math.inf if text.casefold() in (ANYWHERE, "inf") else _read_number(text, column)


def _ranged(number: float, text: str, column: Column) -> object:
    if (column.low is not None and number < column.low) or (column.high is not None and number > column.high):
        return _unfit(text, column)
    return number


def _read_yes_no(text: str, column: Column) -> object:
    return _YES_NO.get(text.casefold(), _unfit(text, column))


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return day if 1900 <= day.year <= 2200 else None
    return None


def _read_date(text: str, column: Column) -> object:
    day = _day(text)
    return _unfit(text, column) if day is None else pd.Timestamp(day)


def _read_week(text: str, column: Column) -> object:
    day = _day(text)
    return _unfit(text, column) if day is None else pd.Timestamp(day - timedelta(days=day.weekday()))

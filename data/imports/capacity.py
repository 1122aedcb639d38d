"""Importer of a board's own capacity: CSV, Excel or Parquet, read line by line, with every fault told."""

import io
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

import numpy as np
import openpyxl
import pandas as pd
from numpy.typing import NDArray

from data.database.store import Store
from data.imports.cells import Faults, check_headings, values_of
from data.imports.identity import plain_heading
from data.imports.tables import TextTable, read_table
from models.capacity.uploaded import MEDIA, CapacityLine
from models.columns import Column, Kind
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

SHEET = "capacity"
COLUMNS = (
    Column("provider", "ODS code of the provider.", required=True, example="RXN"),
    Column(
        "treatment_function",
        "Treatment function as in the returns.",
        Kind.CHOICE,
        required=True,
        values=tuple(TREATMENT_FUNCTIONS),
        example="C_101",
    ),
    Column(
        "medium",
        "How the clinic is held. Virtual is video or telephone.",
        Kind.CHOICE,
        required=True,
        values=MEDIA,
        example="face_to_face",
    ),
    Column(
        "sessions",
        "Clinic sessions a week, of the usual length where no minutes are given.",
        Kind.NUMBER,
        "sessions a week",
        low=0,
        high=5_000,
        example="12",
    ),
    Column(
        "minutes",
        "Clinic minutes a week, firsts and follow-ups together. They stand before sessions.",
        Kind.NUMBER,
        "minutes a week",
        low=0,
        high=1_000_000,
        example="2880",
    ),
    Column(
        "theatre_slots",
        "Patients who can be operated on in a week, on the face-to-face line. Blank: "
        "theatre is not what limits it.",
        Kind.NUMBER,
        "slots a week",
        low=0,
        high=10_000,
        example="18",
    ),
    Column("valid_from", "First day on which it holds.", Kind.DATE, required=True, example="2025-10-01"),
    Column("valid_to", "Last day. Blank: until further notice.", Kind.DATE, example="2026-03-31"),
)
NAMES = tuple(column.name for column in COLUMNS)


def read_capacity(store: Store, source: str | Path | IO[bytes]) -> tuple[CapacityLine, ...]:
    """The lines of a file; raises FaultsFound, a TandemError that lists what is wrong and where."""
    return lines_of(store, read_table(source, SHEET))


def lines_of(store: Store, table: TextTable) -> tuple[CapacityLine, ...]:
    """The rows of a table as lines of capacity; raises FaultsFound as `read_capacity` does."""
    check_headings(table, COLUMNS)
    frame, faults = values_of(table, COLUMNS)
    _find_unknown(store, table, frame, faults)
    _find_contradictions(table, frame, faults)
    faults.refuse()
    lines = [_line(row) for row in frame.to_dict("records")]
    _find_overlaps(table, lines, faults)
    faults.refuse()
    return tuple(lines)


def capacity_frame_of(lines: Sequence[CapacityLine]) -> pd.DataFrame:
    """Lines as the template's columns: numbers as floats and days as dates, missing where blank."""
    frame = pd.DataFrame([[getattr(line, name) for name in NAMES] for line in lines], columns=list(NAMES))
    for name in ("sessions", "minutes", "theatre_slots"):
        frame[name] = frame[name].astype("float64")
    for name in ("valid_from", "valid_to"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def csv_template() -> bytes:
    """An empty file with the headings, as CSV."""
    return (",".join(NAMES) + "\n").encode()


@cache
def excel_template() -> bytes:
    """An empty workbook: a sheet to fill in, and one that says what each column holds."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = SHEET
    page.append(list(NAMES))
    said = book.create_sheet("columns")
    said.append(["column", "what it means", "what a cell may hold", "must be filled", "example"])
    for column in COLUMNS:
        allowed = "a code or name of the returns" if len(column.values) > 10 else column.allowed
        said.append([column.name, column.meaning, allowed, "yes" if column.required else "", column.example])
    for letter in "ABCDEFGH":
        page.column_dimensions[letter].width = 20
    for letter, width in zip("ABCDE", (20, 80, 36, 16, 16), strict=True):
        said.column_dimensions[letter].width = width
    page.freeze_panes = said.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _find_unknown(store: Store, table: TextTable, frame: pd.DataFrame, faults: Faults) -> None:
    known = [code for (code,) in store.rows("SELECT code FROM providers")]
    codes = frame["provider"].to_numpy(object)
    unknown = np.flatnonzero((frame["provider"].notna() & ~frame["provider"].isin(known)).to_numpy(bool))
    faults.add(
        "provider",
        table.lines[unknown],
        lambda place: f"holds '{codes[unknown[place]][:20]}', which no return names; give its ODS code",
    )


def _find_contradictions(table: TextTable, frame: pd.DataFrame, faults: Faults) -> None:
    neither = pd.Series(_blank(table, "sessions") & _blank(table, "minutes"))
    misplaced = frame["theatre_slots"].notna() & (frame["medium"] == "virtual")
    backwards = frame["valid_to"] < frame["valid_from"]

    def add(column: str, wrong: pd.Series, what: str) -> None:
        faults.add(column, table.lines[wrong.fillna(False).to_numpy(bool)], lambda place: what)

    add("minutes", neither, "and sessions are both missing; give one of them")
    add("theatre_slots", misplaced, "stand on a virtual line; put them on the face-to-face one")
    add("valid_to", backwards, "is before valid_from; the last day can't come before the first")


def _blank(table: TextTable, name: str) -> NDArray[np.bool_]:
    """Where a column's cells are blank, or the file has no such column."""
    headings = [plain_heading(heading) for heading in table.headings]
    if name not in headings:
        return np.ones(len(table.lines), dtype=bool)
    return np.asarray(table.columns[headings.index(name)] == "", dtype=bool)


def _find_overlaps(table: TextTable, lines: Sequence[CapacityLine], faults: Faults) -> None:
    by_clinic: dict[tuple[str, ...], list[int]] = {}
    for place, line in enumerate(lines):
        held = by_clinic.setdefault((*line.series, line.medium), [])
        said = [f"line {table.lines[other]}" for other in held if line.overlaps(lines[other])]
        if said:
            what = f"overlaps {said[0]}, of the same clinic; part their days"
            faults.add("valid_from", table.lines[[place]], partial(_the_same, what))
        held.append(place)


def _the_same(what: str, place: int) -> str:
    return what


def _line(row: Mapping[Any, Any]) -> CapacityLine:
    given: dict[str, Any] = {str(name): None if pd.isna(value) else value for name, value in row.items()}
    days = {name: given[name] and given[name].date() for name in ("valid_from", "valid_to")}
    return CapacityLine(**{**given, **days})

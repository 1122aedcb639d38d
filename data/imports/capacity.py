"""Importer of a board's own capacity: CSV, Excel or Parquet, read line by line, with every fault told."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.described import described
from data.database.store import Store
from data.imports.cells import Faults, check_headings, values_of
from data.imports.identity import plain_heading
from data.imports.tables import TextTable, read_table
from models.capacity.columns import CAPACITY
from models.capacity.uploaded import CapacityLine
from models.columns import Kind, names

SHEET = "capacity"


def read_capacity(store: Store, source: str | Path | IO[bytes]) -> tuple[CapacityLine, ...]:
    """The lines of a file; raises FaultsFound, a TandemError that lists what is wrong and where."""
    return lines_of(store, read_table(source, SHEET))


def lines_of(store: Store, table: TextTable) -> tuple[CapacityLine, ...]:
    """The rows of a table as lines of capacity; raises FaultsFound as `read_capacity` does."""
    check_headings(table, CAPACITY)
    frame, faults = values_of(table, CAPACITY)
    _find_unknown(store, table, frame, faults)
    _find_contradictions(table, frame, faults)
    faults.refuse()
    lines = [line_of({str(name): row[name] for name in row}) for row in frame.to_dict("records")]
    _find_overlaps(table, lines, faults)
    faults.refuse()
    return tuple(lines)


def capacity_frame_of(lines: Sequence[CapacityLine]) -> pd.DataFrame:
    """Lines as the template's columns: numbers as floats and days as dates, missing where blank."""
    return described(pd.DataFrame([vars(line) for line in lines], columns=names(CAPACITY)), CAPACITY)


def line_of(values: Mapping[str, Any]) -> CapacityLine:
    """Give the line of a described row, with days as dates and None where it is blank."""
    given: dict[str, Any] = {name: None if pd.isna(value) else value for name, value in values.items()}
    for column in CAPACITY:
        if column.kind is Kind.DATE and given[column.name] is not None:
            given[column.name] = pd.Timestamp(given[column.name]).date()
    return CapacityLine(**given)


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
        before = by_clinic.setdefault((*line.series, line.medium), [])
        overlapped = [other for other in before if line.overlaps(lines[other])]
        if overlapped:
            what = f"overlaps line {table.lines[overlapped[0]]}, of the same clinic; part their days"
            faults.add("valid_from", table.lines[[place]], partial(_the_same, what))
        before.append(place)


def _the_same(what: str, place: int) -> str:
    return what

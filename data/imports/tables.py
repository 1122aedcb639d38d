"""Tables as people keep them (CSV, Excel, Parquet), read as text with the line each row stands on."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from models.errors import TandemError

LIMIT = 200 * 1024 * 1024  # bytes, also when unzipped; 100,000 patients take 15 million as CSV
MOST_ROWS = 300_000
MOST_COLUMNS = 200
_REMEDY = "Use the template, filled in and saved as .csv, .xlsx or .parquet."
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True)
class TextTable:
    """A table as text. Cells are stripped; a blank cell is ''."""

    file: str  # as messages call it
    headings: tuple[str, ...]
    lines: NDArray[np.int64]  # where each row stands in the file, the headings on line 1
    columns: tuple[NDArray[np.object_], ...]  # one array of str for each heading


def read_table(source: str | Path | IO[bytes], sheet: str = "") -> TextTable:
    """Gives the table in a CSV, Excel or Parquet file, told apart by what it holds.

    `source` is a path or an open binary file (named by its `name`); of a workbook, `sheet` is read, or the
    first where it has none of that name. Rows without any value are left out. Raises TandemError for what
    is no table, is empty, or is larger than 200 MB, 300,000 rows or 200 columns.
    """
    content, file = _bytes_of(source)
    if not content:
        raise TandemError(f"{file} is empty.", _REMEDY)
    if content.startswith(b"PAR1"):
        read = _parquet(content, file)
    elif content.startswith(b"PK"):
        read = _excel(content, file, sheet)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TandemError(
            f"{file} is a workbook of an old kind, or has a password.", "Save it as .xlsx without one."
        )
    else:
        read = _csv(content, file)
    return _table(read, file)


def _bytes_of(source: str | Path | IO[bytes]) -> tuple[bytes, str]:
    if not isinstance(source, str | Path):
        name = PurePosixPath(str(getattr(source, "name", "the file"))).name
        content = source.read(LIMIT + 1)
    else:
        name = Path(source).name
        try:
            with Path(source).open("rb") as file:
                content = file.read(LIMIT + 1)
        except (OSError, ValueError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "its name can't be"
            raise TandemError(f"{source} can't be read: {reason}.", "Check the path.") from fault
    if len(content) > LIMIT:
        raise _too_large(name)
    return content, name


def _too_large(file: str) -> TandemError:
    return TandemError(
        f"{file} is larger than {LIMIT // 1024**2} MB, {MOST_ROWS:,} rows or {MOST_COLUMNS} columns.",
        "Part it into several files.",
    )


_Rows = Iterator[tuple[int, list[str]]]


def _table(rows: _Rows, file: str) -> TextTable:
    """Gives the table from its rows with their lines, the headings first."""
    headings: tuple[str, ...] = ()
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, row in rows:
        if not any(row):
            continue
        if not headings:
            headings = _headings(row, file)
            continue
        if len(row) != len(headings):
            if len(row) > len(headings) and any(row[len(headings) :]):
                raise TandemError(
                    f"{file}, line {line}: {len(row)} cells where there are {len(headings)} headings.",
                    "Put a value that holds a comma in double quotes, and mend that line.",
                )
            row = (row + [""] * len(headings))[: len(headings)]
        lines.append(line)
        cells.append(row)
        if len(cells) > MOST_ROWS:
            raise _too_large(file)
    if not headings:
        raise TandemError(f"{file} is empty.", _REMEDY)
    if not cells:
        raise TandemError(f"{file} has headings and no rows under them.", _REMEDY)
    columns = tuple(np.array(column, dtype=object) for column in zip(*cells, strict=True))
    return TextTable(file, headings, np.array(lines, dtype=np.int64), columns)


def _headings(row: list[str], file: str) -> tuple[str, ...]:
    while row and not row[-1]:
        row = row[:-1]
    if len(row) > MOST_COLUMNS:
        raise _too_large(file)
    if len(row) == 1 and any(mark in row[0] for mark in (";", "\t", "|")):
        raise TandemError(f"{file}: its columns are not parted by commas.", "Save it as CSV with commas.")
    return tuple(row)


def _csv(content: bytes, file: str) -> _Rows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise TandemError(
            f"{file}, line {line}: this is not UTF-8 text.", "In Excel, save it as 'CSV UTF-8'."
        ) from fault
    if "\x00" in text:
        raise TandemError(f"{file} is not a text file.", _REMEDY)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as fault:
        raise TandemError(f"{file}, line {reader.line_num}: this is not CSV ({fault}).", _REMEDY) from fault


def _excel(content: bytes, file: str, sheet: str) -> _Rows:
    damaged = TandemError(f"{file} is not a workbook, or is damaged.", _REMEDY)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # no member can give more than it claims, so what is claimed bounds what is read
            if sum(member.file_size for member in archive.infolist()) > LIMIT:
                raise _too_large(file)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = [each.title for each in book.worksheets]
        wanted = [place for place, name in enumerate(names) if name.strip().casefold() == sheet.casefold()]
        page = book.worksheets[wanted[0] if wanted else 0]
        page.reset_dimensions()  # what a workbook says of its size can be wrong
        for line, row in enumerate(page.iter_rows(values_only=True), start=1):
            if len(row) > 4 * MOST_COLUMNS:
                raise _too_large(file)
            yield line, [_text(value) for value in row]
    except TandemError:
        raise
    except Exception as fault:  # a damaged workbook raises a dozen kinds, of no common base
        raise damaged from fault


def _parquet(content: bytes, file: str) -> _Rows:
    try:
        parquet = pq.ParquetFile(io.BytesIO(content))
        shape = parquet.metadata
        if shape.num_rows > MOST_ROWS or shape.num_columns > MOST_COLUMNS:
            raise _too_large(file)
        size = sum(shape.row_group(group).total_byte_size for group in range(shape.num_row_groups))
        if size > LIMIT:
            raise _too_large(file)
        yield 1, [name.strip() for name in parquet.schema_arrow.names]
        line = 2
        for batch in parquet.iter_batches(_ROWS_AT_ONCE):
            for row in zip(*(_texts(column) for column in batch.columns), strict=True):
                yield line, list(row)
                line += 1
    except TandemError:
        raise
    except Exception as fault:  # a damaged file raises Arrow's, Thrift's and Python's own kinds
        raise TandemError(f"{file} is not a Parquet file, or is damaged.", _REMEDY) from fault


def _texts(column: pa.Array) -> list[str]:
    """Gives the cells of an Arrow column as text, each distinct value written once."""
    codes, values = pd.factorize(np.array(column.to_pylist(), dtype=object), use_na_sentinel=True)
    texts = np.array([_text(value) for value in values] + [""], dtype=object)
    return list(texts[codes])


def _text(value: Any) -> str:
    """Gives a cell's value as a person would write it in a CSV."""
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        plain = value.replace(tzinfo=None)
        return plain.date().isoformat() if plain.time() == datetime.min.time() else plain.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, str | int):
        return str(value).strip()
    return str(value)[:80].strip()

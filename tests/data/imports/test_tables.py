"""Tables as people keep them: the same text out of CSV, Excel and Parquet, with the lines of the rows."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.imports import tables
from data.imports.tables import read_table
from models.errors import TandemError

pytestmark = pytest.mark.unit


def named(content: bytes, name: str = "list.csv") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def workbook(rows: list[list[Any]], sheet: str = "patients", before: str = "") -> io.BytesIO:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    if before:
        page.title = before
        page.append(["other"])
        page = book.create_sheet(sheet)
    page.title = sheet
    for row in rows:
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    return named(file.getvalue(), "list.xlsx")


def parquet(table: pa.Table) -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(table, file)
    return named(file.getvalue(), "list.parquet")


def test_a_csv_keeps_its_lines_over_blank_rows_and_cells_of_several_lines() -> None:
    found = read_table(named('\ufeffa,b\n1, x \n\n,\n2,"y\nz"\n3,\n'.encode()))
    assert found.file == "list.csv"
    assert found.headings == ("a", "b")
    # blank rows on lines 3 and 4 are left out; the row on line 5 ends on line 6
    assert found.lines.tolist() == [2, 5, 7]
    assert [column.tolist() for column in found.columns] == [["1", "2", "3"], ["x", "y\nz", ""]]


def test_a_workbook_gives_what_a_csv_would() -> None:
    rows: list[list[Any]] = [
        ["id", "weeks", "bmi", "day", "video", "none"],
        ["P1", 46, 27.5, datetime(2026, 11, 3), True, None],
        [None, None, None, None, None, None],
        ["P2", 9.0, 30, date(2026, 11, 4), False, None],
    ]
    found = read_table(workbook(rows, before="notes"), sheet="patients")
    assert found.lines.tolist() == [2, 4]
    assert [column.tolist() for column in found.columns] == [
        ["P1", "P2"],
        ["46", "9"],
        ["27.5", "30"],
        ["2026-11-03", "2026-11-04"],
        ["yes", "no"],
        ["", ""],
    ]


def test_parquet_gives_what_a_csv_would() -> None:
    table = pa.table(
        {
            "id": pa.array(["P1", None]).dictionary_encode(),
            "weeks": pa.array([46, None]),
            "bmi": pa.array([27.5, float("nan")]),
            "day": pa.array([date(2026, 11, 3), None]),
            "at": pa.array([datetime(2026, 11, 3), datetime(2026, 11, 3, 9, 30)]),
            "video": pa.array([True, False]),
        }
    )
    found = read_table(parquet(table))
    assert [column.tolist() for column in found.columns] == [
        ["P1", ""],
        ["46", ""],
        ["27.5", ""],
        ["2026-11-03", ""],
        ["2026-11-03", "2026-11-03 09:30:00"],
        ["yes", "no"],
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b\n", "no rows under them"),
        (b"a;b\n1;2\n", "not parted by commas"),
        (b"a,b\n1,2,3\n", "line 2: 3 cells where there are 2 headings"),
        (b'a,b\n1,"2\n', "line 2: this is not CSV"),
        (b"a,b\n1,\xe9\n", "line 2: this is not UTF-8"),
        (b"a,b\n1,\x00\n", "not a text file"),
        (b"PK\x03\x04 nothing", "is not a workbook, or is damaged"),
        (b"PAR1 nothing", "is not a Parquet file, or is damaged"),
        (b"\xd0\xcf\x11\xe0 old", "of an old kind, or has a password"),
        ((",".join(f"c{number}" for number in range(201)) + "\n").encode(), "larger than"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(TandemError, match=message):
        read_table(named(content))


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    for file in (
        named(b"a\n1\n2\n3\n"),
        workbook([["a"], [1], [2], [3]]),
        parquet(pa.table({"a": [1, 2, 3]})),
    ):
        with pytest.raises(TandemError, match="larger than 200 MB, 2 rows"):
            read_table(file)
    monkeypatch.setattr(tables, "LIMIT", 3)
    with pytest.raises(TandemError, match="larger than"):
        read_table(named(b"a\n1\n2\n"))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook([["a"]] + [["x" * 1000]] * 50)
    monkeypatch.setattr(tables, "LIMIT", len(file.getvalue()))  # packed it just fits
    with pytest.raises(TandemError, match="larger than"):
        read_table(file)


def test_a_path_that_can_not_be_read(tmp_path) -> None:
    with pytest.raises(TandemError, match="can't be read"):
        read_table(tmp_path / "missing.csv")

"""Capacity files: what is read, and every fault told with its line and column."""

import io
from dataclasses import fields

import openpyxl
import pyarrow as pa
import pytest

from data.database.store import Store
from data.imports.capacity import SHEET, read_capacity
from data.imports.cells import FaultsFound
from data.imports.templates import template_csv, template_workbook
from models.capacity.columns import CAPACITY
from models.capacity.uploaded import CapacityLine
from models.columns import names

pytestmark = pytest.mark.unit

HEADINGS = ",".join(names(CAPACITY))


class Named(io.BytesIO):
    """Bytes with a file's name."""

    name = "clinics.csv"


@pytest.fixture
def board(store: Store) -> Store:
    rows = [{"code": code, "name": code, "kind": "NHS trust"} for code in ("RXN", "RXR")]
    with store.write() as writer:
        writer.insert("providers", pa.Table.from_pylist(rows))
    return store


def read(board: Store, *rows: str) -> tuple[CapacityLine, ...]:
    return read_capacity(board, Named("\n".join([HEADINGS, *rows]).encode()))


def faults(board: Store, *rows: str) -> list[str]:
    with pytest.raises(FaultsFound) as refused:
        read(board, *rows)
    return [str(fault) for fault in refused.value.faults]


def test_a_filled_template_is_read(board: Store) -> None:
    one, other = read(
        board,
        "RXN,C_101,face_to_face,12,2880.5,18,2025-10-01,2026-03-31",
        "RXN,Urology,Virtual,,600,,2025-10-01,",
    )
    assert (one.sessions, one.minutes, one.theatre_slots) == (12.0, 2880.5, 18.0)
    assert (one.valid_from.isoformat(), str(one.valid_to)) == ("2025-10-01", "2026-03-31")
    assert (other.series, other.medium, other.minutes) == (("RXN", "C_101"), "virtual", 600.0)
    assert (other.sessions, other.theatre_slots, other.valid_to) == (None, None, None)


def test_every_fault_is_told_with_its_line_and_column(board: Store) -> None:
    told = faults(
        board,
        "RXN,C_101,face_to_face,12,,,2025-10-01,",
        "ZZZ,C_999,fax,-1,many,,2025-13-01,",
        "RXN,C_110,virtual,,,3,2025-10-01,2025-01-01",
    )
    where = [fault.partition(": ")[0] for fault in told]
    assert where == [
        "line 3, medium",
        "line 3, minutes",
        "line 3, provider",
        "line 3, sessions",
        "line 3, treatment_function",
        "line 3, valid_from",
        "line 4, minutes",
        "line 4, theatre_slots",
        "line 4, valid_to",
    ]
    assert "holds 'ZZZ', which no return names" in told[2]
    assert "from 0 to 5000" in told[3]


def test_two_lines_of_one_clinic_may_not_overlap(board: Store) -> None:
    told = faults(
        board,
        "RXN,C_101,face_to_face,12,,,2025-10-01,",
        "RXN,C_101,virtual,12,,,2025-10-01,",
        "RXN,C_101,face_to_face,8,,,2026-04-01,",
    )
    assert told == ["line 4, valid_from: overlaps line 2, of the same clinic; part their days"]
    assert (
        len(read(board, "RXN,C_101,virtual,1,,,2025-01-01,2025-01-31", "RXN,C_101,virtual,1,,,2025-02-01,"))
        == 2
    )


def test_both_templates_are_read_once_filled(board: Store) -> None:
    assert template_csv(CAPACITY) == HEADINGS + "\n"
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(CAPACITY, SHEET)))
    assert [cell.value for cell in book["capacity"][1]] == names(CAPACITY)
    assert book["dictionary"].max_row == len(CAPACITY) + 1
    book["capacity"].append(["RXR", "C_320", "face_to_face", 10, None, None, "2025-10-01", None])
    content = Named()
    book.save(content)
    content.seek(0)
    (line,) = read_capacity(board, content)
    assert (line.provider, line.sessions, line.valid_from.isoformat()) == ("RXR", 10.0, "2025-10-01")


def test_a_column_that_is_missing_is_named(board: Store) -> None:
    with pytest.raises(FaultsFound, match="medium: the column is missing"):
        read_capacity(board, Named(b"provider,treatment_function,valid_from\nRXN,C_101,2025-10-01\n"))


def test_a_line_has_a_field_for_each_column_described() -> None:
    assert {field.name for field in fields(CapacityLine)} == set(names(CAPACITY))

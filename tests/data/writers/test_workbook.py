"""The workbook opened again: its numbers, its words, charts that read its cells, and nothing that runs."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from data.writers.workbook import workbook
from models.reports.report import suppressed
from tests.data.writers.examples import AFTER, REPORT

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def written() -> bytes:
    return workbook(REPORT)


@pytest.fixture(scope="module")
def book(written: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written))


def test_the_first_sheet_says_what_it_is(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["README", "Waiting  by week", "By specialty"]
    said = {str(name): value for name, value in book["README"].iter_rows(min_row=3, values_only=True)}
    assert said["Answer"] == REPORT.headline
    assert said["Seed"] == "7"
    assert said["Labels"] == "Estimated by simulation"
    assert said["Sheet 'By specialty'"] == "Differences."


def test_tables_hold_the_numbers(book: openpyxl.Workbook) -> None:
    rows = list(book["Waiting  by week"].iter_rows(values_only=True))
    assert rows[0] == ("Week ending", "If nothing changes", "70% virtual")
    assert rows[1][0] == datetime(2025, 9, 7)
    assert tuple(row[2] for row in rows[1:]) == AFTER.values


def test_charts_read_the_cells(book: openpyxl.Workbook, written: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        drawn = parts.read(charts[0]).decode()
    assert len(charts) == 1
    assert "<c:f>'Waiting  by week'!$C$2:$C$5</c:f>" in drawn
    assert "<c:f>'Waiting  by week'!$A$2:$A$5</c:f>" in drawn


def test_it_prints_no_wider_than_the_paper_and_says_what_it_is(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.left.text.startswith("Lancashire and South Cumbria, figures to August 2025.")


def test_what_begins_like_a_formula_is_text(book: openpyxl.Workbook) -> None:
    cell = book["By specialty"]["A3"]
    assert (cell.data_type, cell.value) == ("s", "'=HYPERLINK(1)")


def test_small_counts_can_be_left_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(suppressed(REPORT))))
    rows = list(book["By specialty"].iter_rows(min_row=2, values_only=True))
    assert [row[1:] for row in rows] == [("<5", 12), (-85, "<5")]
    notes = [value for _, value in book["README"].iter_rows(values_only=True)]
    assert "Counts from 1 to 4 are left out of the tables (shown as <5)." in notes

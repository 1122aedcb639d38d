"""One description of columns gives the template and the faults."""

import csv

import pytest

from data.imports.columns import Column, Kind, fault_in, template
from data.imports.rtt_columns import BAND_COLUMNS, COLUMNS

pytestmark = pytest.mark.unit


def test_the_official_layout_is_13_texts_105_bands_and_3_totals() -> None:
    assert len(COLUMNS) == 13 + 105 + 3
    assert [BAND_COLUMNS[week].heading for week in (0, 17, 99, 103, 104)] == [
        "Gt 00 To 01 Weeks SUM 1",
        "Gt 17 To 18 Weeks SUM 1",
        "Gt 99 To 100 Weeks SUM 1",
        "Gt 103 To 104 Weeks SUM 1",
        "Gt 104 Weeks SUM 1",
    ]
    assert len({column.name for column in COLUMNS}) == 121


def test_the_template_has_the_headings() -> None:
    assert next(csv.reader([template(COLUMNS)])) == [column.heading for column in COLUMNS]


@pytest.mark.parametrize(
    ("cell", "kind", "required", "said"),
    [
        ("", Kind.TEXT, True, "is blank"),
        ("", Kind.TEXT, False, ""),
        ("12", Kind.COUNT, True, ""),
        ("-1", Kind.COUNT, True, "holds '-1', not a whole number, 0 or more"),
        ("²", Kind.COUNT, True, "holds '²', not a whole number, 0 or more"),
        ("20250231", Kind.DATE, True, "holds '20250231', not a date as YYYYMMDD"),
        ("20250228", Kind.DATE, True, ""),
    ],
)
def test_faults_of_a_cell(cell: str, kind: Kind, required: bool, said: str) -> None:
    assert fault_in(cell, Column("Heading", "meaning", kind, required)) == said

"""Published layouts: columns as described, and what is said of a cell that is not."""

import pytest

from data.imports.published import fault_in
from data.imports.rtt_columns import BAND_COLUMNS, COLUMNS
from models.columns import Column, Kind

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


@pytest.mark.parametrize(
    ("cell", "kind", "required", "said"),
    [
        ("", Kind.TEXT, True, "is blank"),
        ("", Kind.TEXT, False, ""),
        ("12", Kind.COUNT, True, ""),
        ("-1", Kind.COUNT, True, "holds '-1', not a whole number, 0 or more"),
        ("²", Kind.COUNT, True, "holds '²', not a whole number, 0 or more"),
        ("20250231", Kind.COMPACT_DATE, True, "holds '20250231', not a date as YYYYMMDD"),
        ("20250228", Kind.COMPACT_DATE, True, ""),
    ],
)
def test_faults_of_a_cell(cell: str, kind: Kind, required: bool, said: str) -> None:
    column = Column("name", "meaning", kind, required=required, low=0 if kind is Kind.COUNT else None)
    assert fault_in(cell, column) == said

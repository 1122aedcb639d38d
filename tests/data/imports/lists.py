"""Files of patients and slots for tests: one row that is as described, changed one value at a time."""

import io
from datetime import date

from models.matching.columns import PATIENTS, SLOTS

TODAY = date(2026, 11, 22)


def patient_row(**changed: str) -> dict[str, str]:
    """A patient as the examples have it."""
    return {column.name: column.example for column in PATIENTS} | changed


def slot_row(**changed: str) -> dict[str, str]:
    """A slot as the examples have it."""
    return {column.name: column.example for column in SLOTS} | changed


def csv_file(*rows: dict[str, str], name: str = "list.csv") -> io.BytesIO:
    """The rows as an open CSV file; cells are written as they are."""
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    file = io.BytesIO("\n".join(lines).encode())
    file.name = name
    return file

"""Checks of files whose layout somebody else publishes: headings in their order, cells as described."""

from collections.abc import Sequence
from datetime import datetime

from models.columns import Column, Kind, headings
from models.errors import TandemError


def check_headings(given: Sequence[str], columns: Sequence[Column], file: str) -> None:
    """Raise TandemError at the first heading that is missing, renamed, repeated, misplaced or unknown."""
    expected = headings(columns)
    if list(given) == expected:
        return
    remedy = "Use the file as published, with its headings unchanged."
    missing = [heading for heading in expected if heading not in given]
    extra = [heading for heading in given if heading not in expected]
    if missing and extra:
        position = given.index(extra[0]) + 1
        raise TandemError(
            f"{file}, line 1: column {position} is '{_short(extra[0])}', which this file should not have; "
            f"'{missing[0]}' (column {expected.index(missing[0]) + 1}) is missing.",
            remedy,
        )
    if missing:
        raise TandemError(
            f"{file}, line 1: column {expected.index(missing[0]) + 1}, '{missing[0]}', is missing.", remedy
        )
    if extra:
        raise TandemError(
            f"{file}, line 1: column {given.index(extra[0]) + 1}, '{_short(extra[0])}', does not belong "
            "here.",
            remedy,
        )
    for position, heading in enumerate(given):
        if position >= len(expected) or heading != expected[position]:
            raise TandemError(
                f"{file}, line 1: column {position + 1}, '{heading}', is repeated or out of its place.",
                remedy,
            )


def fault_in(cell: str, column: Column) -> str:
    """Say what is wrong with a cell, or nothing when it is as the column describes."""
    if not cell:
        return "is blank" if column.required else ""
    if column.kind is Kind.COUNT and not (cell.isascii() and cell.isdigit() and len(cell) < 10):
        return f"holds '{_short(cell)}', not {column.allowed}"
    if column.kind is Kind.COMPACT_DATE and not _is_date(cell):
        return f"holds '{_short(cell)}', not {column.allowed}"
    return ""


def _is_date(cell: str) -> bool:
    try:
        datetime.strptime(cell, "%Y%m%d")
    except ValueError:
        return False
    return len(cell) == 8


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."

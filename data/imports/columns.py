"""One description of a file's columns, read by validation, templates and messages alike."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.errors import TandemError


class Kind(StrEnum):
    """What a cell may hold."""

    TEXT = "text"
    COUNT = "a whole number, 0 or more"
    DATE = "a date as YYYYMMDD"


@dataclass(frozen=True)
class Column:
    """One column: its heading in the file, what it means, what a cell may hold."""

    heading: str
    meaning: str
    kind: Kind = Kind.TEXT
    required: bool = True  # every row must fill it
    name: str = ""  # what the product calls it; blank when it is not read


def template(columns: Sequence[Column]) -> str:
    """Give an empty file: the headings as one line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([column.heading for column in columns])
    return text.getvalue()


def check_headings(found: Sequence[str], columns: Sequence[Column], file: str) -> None:
    """Raise TandemError at the first heading that is missing, renamed, repeated, misplaced or unknown."""
    expected = [column.heading for column in columns]
    if list(found) == expected:
        return
    remedy = "Use the file as published, with its headings unchanged."
    missing = [heading for heading in expected if heading not in found]
    extra = [heading for heading in found if heading not in expected]
    if missing and extra:
        position = found.index(extra[0]) + 1
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
            f"{file}, line 1: column {found.index(extra[0]) + 1}, '{_short(extra[0])}', does not belong "
            "here.",
            remedy,
        )
    for position, heading in enumerate(found):
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
        return f"holds '{_short(cell)}', not {Kind.COUNT}"
    if column.kind is Kind.DATE and not _is_date(cell):
        return f"holds '{_short(cell)}', not {Kind.DATE}"
    return ""


def _is_date(cell: str) -> bool:
    try:
        datetime.strptime(cell, "%Y%m%d")
    except ValueError:
        return False
    return len(cell) == 8


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."

"""Writes small extracts in the official layout, total rows included, for tests to import or to spoil."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.imports.rtt_columns import COLUMNS

HEADINGS = [column.heading for column in COLUMNS]
PART_WORDS = {
    "Part_1A": "Completed Pathways For Admitted Patients",
    "Part_1B": "Completed Pathways For Non-Admitted Patients",
    "Part_2": "Incomplete Pathways",
    "Part_2A": "Incomplete Pathways with DTA",
    "Part_3": "New RTT Periods - All Patients",
}
Table = list[list[str]]  # the headings, then rows of cells


@dataclass(frozen=True)
class Row:
    """One row of the file: pathways by whole weeks waited, or for Part_3 `starts` alone."""

    part: str = "Part_2"
    function: str = "C_110"
    weeks: Mapping[int, int] = field(default_factory=dict)
    unknown: int = 0
    starts: int = 0
    provider: str = "RWE"
    provider_name: str = "UNIVERSITY HOSPITALS OF LEICESTER NHS TRUST"
    board: str = "QK1"
    commissioner: str = "04C"
    parent: str = "QK1"


# 10 + 5 + 2 + 1 = 18 wait in orthopaedics at RWE for English commissioners, 3 with a decision; 4 for NONC.
ROWS = (
    Row(weeks={0: 10, 17: 5, 18: 2, 104: 1}),
    Row(weeks={52: 3, 65: 4}, function="C_130"),
    Row(weeks={1: 4}, commissioner="NONC", parent=""),
    Row(weeks={17: 3}, part="Part_2A"),
    Row(weeks={3: 6}, part="Part_1A", unknown=2),
    Row(weeks={9: 8}, part="Part_1B"),
    Row(starts=25, part="Part_3"),
    Row(weeks={30: 7}, provider="NT322", provider_name="SPIRE, LEICESTER", commissioner="13Q", parent=""),
)


def table(rows: Sequence[Row] = ROWS, period: str = "RTT-June-2025") -> Table:
    """Give the cells of an extract: headings, rows in the file's order, and a C_999 row after each group."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.provider, row.commissioner, row.part), []).append(row)
    cells = [list(HEADINGS)]
    for group in groups.values():
        cells += [_cells(row, period) for row in group]
        cells.append(_cells(_total(group), period))
    return cells


def place(heading: str) -> int:
    """Give the place of a column in a row of cells."""
    return HEADINGS.index(heading)


def render(cells: Table, newline: str = "\n", byte_order_mark: bool = False) -> bytes:
    """Give the cells as the bytes of a CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows(cells)
    return text.getvalue().encode("utf-8-sig" if byte_order_mark else "utf-8")


def extract(rows: Sequence[Row] = ROWS, period: str = "RTT-June-2025") -> bytes:
    """Give the bytes of a valid extract."""
    return render(table(rows, period))


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Give the bytes of a zip with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def save(folder: Path, content: bytes, name: str = "june.csv") -> Path:
    """Write the bytes to a file and give its path."""
    path = folder / name
    path.write_bytes(content)
    return path


def _total(group: Sequence[Row]) -> Row:
    weeks: dict[int, int] = {}
    for row in group:
        for week, count in row.weeks.items():
            weeks[week] = weeks.get(week, 0) + count
    first = group[0]
    return Row(
        first.part,
        "C_999",
        weeks,
        sum(row.unknown for row in group),
        sum(row.starts for row in group),
        first.provider,
        first.provider_name,
        first.board,
        first.commissioner,
        first.parent,
    )


def _cells(row: Row, period: str) -> list[str]:
    stops = row.part in ("Part_1A", "Part_1B")
    banded = sum(row.weeks.values())
    bands = [str(row.weeks.get(week, "" if week % 2 else 0)) for week in range(105)]
    return [
        period,
        row.board,
        f"NHS BOARD {row.board}",
        row.provider,
        row.provider_name,
        row.parent,
        f"NHS BOARD {row.parent}" if row.parent else "",
        row.commissioner,
        "" if row.commissioner == "NONC" else f"COMMISSIONER {row.commissioner}",
        row.part,
        PART_WORDS[row.part],
        row.function,
        "Total" if row.function == "C_999" else f"Service {row.function}",
        *([""] * 105 if row.part == "Part_3" else bands),
        str(banded) if stops else "",
        str(row.unknown) if stops else "",
        str(row.starts if row.part == "Part_3" else banded + row.unknown),
    ]

"""Importer of the official RTT full extract: one month of every provider, zip or CSV.

`read_extract` parses, checks and adds up without touching any store; `store_extract` writes one month in one
transaction, or nothing when the store holds the same content.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from data.database import ledger
from data.database.figures import (
    CLOCK_STARTS,
    COMMISSIONERS,
    FLOWS,
    PATHWAYS,
    Figures,
    standards,
    weeks_matrix,
)
from data.database.store import Store
from data.imports import archive, rtt_faults
from data.imports.published import check_headings
from data.imports.rtt_columns import BAND_NAMES, COLUMNS, NOT_ENGLISH, PARTS, TOTAL_FUNCTION
from data.returns.organisations import Names, update_names
from models.columns import Kind
from models.errors import TandemError
from models.rtt.months import parse_period

_BLOCK = 4 * 1024 * 1024
_ARROW_TYPES = {Kind.TEXT: pa.dictionary(pa.int32(), pa.string()), Kind.COUNT: pa.uint32()}
_LONGEST_HEADINGS = 100_000  # bytes; the published ones have 3 thousand


@dataclass(frozen=True)
class Extract:
    """One month's extract, checked and added up."""

    month: str
    file: str
    file_rows: int  # rows of the file, totals included
    figures: Figures
    names: Names
    digest: str
    england_waiting: int  # incomplete pathways, NONC left out: the published total
    notes: tuple[str, ...]  # oddities of the published figures that do not stop an import


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did to the store."""

    month: str
    status: Literal["new", "replaced", "unchanged"]
    file: str
    file_rows: int
    england_waiting: int
    notes: tuple[str, ...]


def read_extract(source: str | Path | IO[bytes]) -> Extract:
    """Read one official full extract, checking every row.

    `source` is the path of a zip or CSV, or an open binary file. Raises TandemError that names file, line,
    column and remedy when the file is not what it claims to be.
    """
    content, file = archive.read_csv_bytes(source)
    table = _parse(content, file)
    with duckdb.connect() as scratch:
        scratch.register("extract", table)
        rtt_faults.check(scratch, content, file)
        month = _month(scratch, content, file)
        figures = _add_up(scratch, month)
        names = _names(scratch)
        notes = rtt_faults.oddities(scratch)
    waiting = figures.pathways.filter((pc.field("part") == pc.scalar("incomplete")) & pc.field("english"))[
        "total"
    ]
    return Extract(
        month=month,
        file=file,
        file_rows=table.num_rows,
        figures=figures,
        names=names,
        digest=figures.digest(),
        england_waiting=int(pc.sum(waiting).as_py() or 0),
        notes=notes,
    )


def store_extract(store: Store, extract: Extract) -> ImportOutcome:
    """Write a month: new, or in place of the one held; nothing is written when the content is the same."""
    with store.write() as writer:
        stored = ledger.digest_of(writer, extract.month)
        status: Literal["new", "replaced", "unchanged"]
        if stored == extract.digest:
            status = "unchanged"
        else:
            status = "replaced" if stored else "new"
            newest = writer.execute("SELECT coalesce(max(month), '') FROM commissioners")[0][0]
            for name, rows in extract.figures.tables().items():
                writer.execute(f"DELETE FROM {name} WHERE month = ?", [extract.month])
                writer.insert(name, rows)
            update_names(writer, extract.names, extract.month, newest_month=extract.month >= newest)
            ledger.record(
                writer,
                "rtt",
                extract.month,
                extract.file,
                extract.digest,
                extract.file_rows,
                origin="imported",
            )
    return ImportOutcome(
        extract.month, status, extract.file, extract.file_rows, extract.england_waiting, extract.notes
    )


def import_rtt(store: Store, source: str | Path | IO[bytes]) -> ImportOutcome:
    """Read and store one official full extract."""
    return store_extract(store, read_extract(source))


def _parse(content: bytes, file: str) -> pa.Table:
    """Give the rows as an Arrow table, named as in `rtt_columns`; blank cells are nulls."""
    _check_header(content, file)
    types = {column.name: _ARROW_TYPES[column.kind] for column in COLUMNS}
    try:
        table = pacsv.read_csv(
            pa.BufferReader(content),
            read_options=pacsv.ReadOptions(column_names=list(types), skip_rows=1, block_size=_BLOCK),
            convert_options=pacsv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=True
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as fault:
        rtt_faults.explain(content, file)
        raise TandemError(f"{file} is not a readable CSV: {fault}.", "Use the file as published.") from fault
    # Arrow reads 0x1F as a number and trims spaces; the careful pass decides what such a cell is.
    if b",0x" in content or b",0X" in content:
        rtt_faults.explain(content, file)
    if table.num_rows == 0:
        raise TandemError(f"{file} has its headings but no rows.", "Use the file as published.")
    return table


def _check_header(content: bytes, file: str) -> None:
    end = content.find(b"\n")
    first = content[: end if end >= 0 else len(content)]
    try:
        if len(first) > _LONGEST_HEADINGS:
            raise csv.Error("the line is too long")
        headings = next(csv.reader([first.decode("utf-8-sig").rstrip("\r")]), [])
    except (UnicodeDecodeError, csv.Error) as fault:
        raise TandemError(
            f"{file}, line 1: these are not the headings of a CSV in UTF-8.", "Use the file as published."
        ) from fault
    rtt_faults.refuse_older_layout(headings, file)
    check_headings(headings, COLUMNS, file)


def _month(scratch: duckdb.DuckDBPyConnection, content: bytes, file: str) -> str:
    periods = [text for (text,) in scratch.execute("SELECT DISTINCT period FROM extract").fetchall()]
    if len(periods) > 1:
        first = scratch.execute("SELECT first(period) FROM extract").fetchall()[0][0]
        other = next(text for text in sorted(periods) if text != first)
        raise TandemError(
            f"{file} holds more than one period: '{first}', and '{other}' "
            f"from {rtt_faults.line_where(scratch, content, 'period = ?', [other])}.",
            "Give one month in a file.",
        )
    try:
        return parse_period(periods[0])
    except TandemError as fault:
        raise TandemError(f"{file}, line 2, column 'Period': {fault.message}", fault.remedy) from fault


def _add_up(scratch: duckdb.DuckDBPyConnection, month: str) -> Figures:
    """Add the file's rows up to provider and treatment function; total rows are left out."""
    parts = " ".join(f"WHEN '{code}' THEN '{part}'" for code, part in PARTS.items())
    scratch.execute(
        f"CREATE VIEW counted AS SELECT '{month}' AS month, CASE part {parts} END AS part, provider, board, "
        f"function, commissioner, commissioner <> '{NOT_ENGLISH}' AS english, total_all, unknown_start, "
        f"{', '.join(BAND_NAMES)} FROM extract WHERE function <> '{TOTAL_FUNCTION}'"
    )
    bands = ", ".join(f"coalesce(sum({name}), 0)::INTEGER" for name in BAND_NAMES)
    pathways = scratch.sql(
        "SELECT month, provider, min(board) AS board, function AS treatment_function, part, english, "
        "sum(total_all)::INTEGER AS total, coalesce(sum(unknown_start), 0)::INTEGER AS unknown_start, "
        f"[{bands}]::INTEGER[105] AS weeks FROM counted WHERE part <> 'starts' "
        "GROUP BY ALL ORDER BY month, part, treatment_function, provider, english"
    ).to_arrow_table()
    for name, counts in standards(weeks_matrix(pathways["weeks"])).items():
        pathways = pathways.append_column(name, pa.array(counts.astype(np.int32)))
    starts = scratch.sql(
        "SELECT month, provider, min(board) AS board, function AS treatment_function, english, "
        "sum(total_all)::INTEGER AS total FROM counted WHERE part = 'starts' "
        "GROUP BY ALL ORDER BY month, treatment_function, provider, english"
    ).to_arrow_table()
    flows = scratch.sql(
        "SELECT month, part, provider, commissioner, function AS treatment_function, "
        f"total_all::INTEGER AS total, {_waiting(0, 18)} AS within_18, {_waiting(52, 105)} AS over_52, "
        f"{_waiting(65, 105)} AS over_65 FROM counted "
        "ORDER BY month, part, treatment_function, provider, commissioner"
    ).to_arrow_table()
    commissioners = scratch.sql(
        f"SELECT '{month}' AS month, commissioner AS code, coalesce(max(commissioner_name), '') AS name, "
        "coalesce(max(parent), '') AS board FROM extract GROUP BY ALL ORDER BY code"
    ).to_arrow_table()
    return Figures(
        pathways=pathways.select(PATHWAYS.names).cast(PATHWAYS),
        clock_starts=starts.cast(CLOCK_STARTS),
        flows=flows.cast(FLOWS),
        commissioners=commissioners.cast(COMMISSIONERS),
    )


def _waiting(first: int, end: int) -> str:
    bands = " + ".join(f"coalesce({name}, 0)::INTEGER" for name in BAND_NAMES[first:end])
    return f"CASE WHEN part = 'incomplete' THEN {bands} END"


def _names(scratch: duckdb.DuckDBPyConnection) -> Names:
    def named(code: str, name: str, others: str = "", where: str = "true") -> pa.Table:
        return scratch.sql(
            f"SELECT {code} AS code, coalesce(min({name}), any_value({code})) AS name{others} FROM extract "
            f"WHERE {where} GROUP BY {code} ORDER BY code"
        ).to_arrow_table()

    return Names(
        providers=named("provider", "provider_name", ", min(board) AS board"),
        boards=named("board", "board_name"),
        treatment_functions=named("function", "function_name", where=f"function <> '{TOTAL_FUNCTION}'"),
    )

"""What can be wrong with an RTT full extract, found fast and then told with its line and column."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from data.imports.published import fault_in
from data.imports.rtt_columns import BAND_COLUMNS, BAND_NAMES, COLUMNS, PARTS, TOTAL_FUNCTION
from models.errors import TandemError

_AS_PUBLISHED = "Use the file as published."
_LARGEST = 10_000_000  # pathways in one row: more than England's whole list
_FUNCTION_CODE = r"C_\d{3}|X\d{2}"
_BAND_SUM = " + ".join(f"coalesce({name}, 0)::BIGINT" for name in BAND_NAMES)
_OLD_OPEN_BAND = "Gt 52 Weeks SUM 1"


def refuse_older_layout(headings: Sequence[str], file: str) -> None:
    """Raise TandemError for a layout of another year, which has other week bands."""
    if _OLD_OPEN_BAND in headings:
        raise TandemError(
            f"{file} has the layout used until March 2021: its bands end at '{_OLD_OPEN_BAND}', "
            f"so waits beyond a year can't be told apart.",
            "Use a month from April 2021 or later.",
        )
    bands = sum(heading.startswith("Gt ") for heading in headings)
    if bands not in (0, len(BAND_COLUMNS) - 1, len(BAND_COLUMNS), len(BAND_COLUMNS) + 1):
        raise TandemError(
            f"{file} has the layout of another year: {bands} week bands where {len(BAND_COLUMNS)} are "
            "expected.",
            "Use a month from April 2021 or later, as published.",
        )


def explain(content: bytes, file: str) -> None:
    """Raise TandemError for the first cell or line that is not as described; return when all are."""
    last = 1
    try:
        for line, cells in _lines(content):
            last = line
            if len(cells) != len(COLUMNS):
                raise TandemError(
                    f"{file}, line {line}: {len(cells)} columns where {len(COLUMNS)} are expected; "
                    "the file may be cut off.",
                    _AS_PUBLISHED,
                )
            for cell, column in zip(cells, COLUMNS, strict=True):
                if fault := fault_in(cell.strip(), column):
                    raise TandemError(
                        f"{file}, line {line}, column '{column.heading}' {fault}.", _AS_PUBLISHED
                    )
                if "\n" in cell:
                    raise TandemError(
                        f"{file}, line {line}, column '{column.heading}' runs over several lines.",
                        _AS_PUBLISHED,
                    )
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise TandemError(f"{file}, line {line}: this is not UTF-8 text.", _AS_PUBLISHED) from fault
    except csv.Error as fault:
        raise TandemError(f"{file}, after line {last}: this is not CSV ({fault}).", _AS_PUBLISHED) from fault


def check(scratch: duckdb.DuckDBPyConnection, content: bytes, file: str) -> None:
    """Raise TandemError when rows are blank, unknown, repeated or don't add up; reads the view `extract`."""
    _check_filled(scratch, content, file)
    _check_codes(scratch, content, file)
    _check_rows(scratch, content, file)
    _check_totals(scratch, content, file)


def oddities(scratch: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Say what is odd in the figures as published, but no reason to refuse them."""
    groups = scratch.execute(
        "SELECT count(*) FROM (SELECT provider, commissioner, function, "
        "coalesce(sum(total_all) FILTER (part = 'Part_2'), 0) AS waiting, "
        "coalesce(sum(total_all) FILTER (part = 'Part_2A'), 0) AS decided FROM extract "
        f"WHERE function <> '{TOTAL_FUNCTION}' GROUP BY ALL HAVING decided > waiting)"
    ).fetchall()[0][0]
    if not groups:
        return ()
    lists = (
        "1 list has"
        if groups == 1
        else f"{groups} lists (provider, commissioner and treatment function) have"
    )
    return (f"{lists} more pathways with a decision to admit than waiting.",)


def line_where(
    scratch: duckdb.DuckDBPyConnection, content: bytes, condition: str, params: Sequence[Any] = ()
) -> str:
    """Give 'line N' of the first row of `extract` that meets a condition, as a text editor counts lines."""
    rows = scratch.execute(
        f"SELECT min(place) FROM (SELECT *, {_BAND_SUM} AS bands, row_number() OVER () AS place "
        f"FROM extract) WHERE {condition}",
        list(params),
    ).fetchall()
    wanted = rows[0][0]
    try:
        for place, (line, _) in enumerate(_lines(content), start=1):
            if place == wanted:
                return f"line {line}"
    except csv.Error:
        pass  # Arrow is more patient with quotation marks than Python; rows are then all that can be counted
    return f"row {wanted}"


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give line number and cells of each row after the headings, leaving out blank lines."""
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    next(reader, None)
    for cells in reader:
        if cells:
            yield reader.line_num, cells


def _check_filled(scratch: duckdb.DuckDBPyConnection, content: bytes, file: str) -> None:
    required = [column for column in COLUMNS if column.required]
    counted = ", ".join(f"count({column.name})" for column in required)
    rows, *filled = scratch.execute(f"SELECT count(*), {counted} FROM extract").fetchall()[0]
    for column, count in zip(required, filled, strict=True):
        if count < rows:
            where = line_where(scratch, content, f"{column.name} IS NULL")
            raise TandemError(f"{file}, {where}, column '{column.heading}' is blank.", _AS_PUBLISHED)


def _check_codes(scratch: duckdb.DuckDBPyConnection, content: bytes, file: str) -> None:
    known = ", ".join(f"'{part}'" for part in PARTS)
    for name, condition, expected in (
        ("part", f"part NOT IN ({known})", f"one of {', '.join(PARTS)}"),
        (
            "function",
            f"NOT regexp_full_match(function, '{_FUNCTION_CODE}')",
            "a treatment function such as C_110",
        ),
    ):
        unknown = scratch.execute(
            f"SELECT {name} FROM (SELECT DISTINCT {name} FROM extract) WHERE {condition}"
        ).fetchall()
        if unknown:
            heading = next(column.heading for column in COLUMNS if column.name == name)
            where = line_where(scratch, content, condition)
            raise TandemError(
                f"{file}, {where}, column '{heading}' holds '{unknown[0][0]}', not {expected}.", _AS_PUBLISHED
            )
    parents = scratch.execute(
        "SELECT provider, min(board), max(board) FROM extract GROUP BY provider "
        "HAVING min(board) <> max(board) ORDER BY provider LIMIT 1"
    ).fetchall()
    if parents:
        provider, one, other = parents[0]
        where = line_where(scratch, content, "provider = ? AND board = ?", [provider, other])
        raise TandemError(
            f"{file}, {where}: provider {provider} has two boards, {one} and {other}.", _AS_PUBLISHED
        )


def _check_rows(scratch: duckdb.DuckDBPyConnection, content: bytes, file: str) -> None:
    """Check each row by itself: sizes, bands where they belong, totals that are the sum of the bands."""
    faults = (
        (f"greatest(total_all, total, unknown_start) > {_LARGEST}", "is too large for one row"),
        ("part = 'Part_3' AND (bands > 0 OR total > 0)", "stands beside week bands, which new starts lack"),
        (
            "part <> 'Part_3' AND total_all <> bands + coalesce(unknown_start, 0)",
            "is not the sum of the row's week bands and unknown starts",
        ),
        ("part <> 'Part_3' AND total <> bands", "goes with a 'Total' that is not the sum of the week bands"),
    )
    counted = ", ".join(f"count(*) FILTER ({condition})" for condition, _ in faults)
    counts = scratch.execute(
        f"SELECT {counted} FROM (SELECT *, {_BAND_SUM} AS bands FROM extract)"
    ).fetchall()[0]
    for (condition, what), count in zip(faults, counts, strict=True):
        if count:
            where = line_where(scratch, content, condition)
            raise TandemError(f"{file}, {where}: 'Total All' {what}.", _AS_PUBLISHED)
    if scratch.execute("SELECT sum(total_all) FROM extract").fetchall()[0][0] > 2**31 - 1:
        raise TandemError(f"{file}: its rows add up to more pathways than can be.", _AS_PUBLISHED)
    repeated = scratch.execute(
        "SELECT provider, commissioner, part, function FROM extract GROUP BY ALL HAVING count(*) > 1 "
        "ORDER BY ALL LIMIT 1"
    ).fetchall()
    if repeated:
        where = line_where(
            scratch, content, "provider = ? AND commissioner = ? AND part = ? AND function = ?", repeated[0]
        )
        raise TandemError(
            f"{file}, {where}: the row of {', '.join(repeated[0])} stands in the file more than once.",
            _AS_PUBLISHED,
        )


def _check_totals(scratch: duckdb.DuckDBPyConnection, content: bytes, file: str) -> None:
    """Check that each C_999 row is the sum of the others, and that none is missing."""
    groups = scratch.execute(
        f"SELECT provider, commissioner, part, count(*) FILTER (function = '{TOTAL_FUNCTION}') AS totals, "
        f"coalesce(sum(total_all) FILTER (function = '{TOTAL_FUNCTION}'), 0) AS given, "
        f"coalesce(sum(total_all) FILTER (function <> '{TOTAL_FUNCTION}'), 0) AS added "
        "FROM extract GROUP BY ALL HAVING totals <> 1 OR given <> added ORDER BY ALL LIMIT 1"
    ).fetchall()
    if groups:
        provider, commissioner, part, totals, given, added = groups[0]
        row = f"provider {provider}, commissioner {commissioner}, {part}"
        if not totals:
            raise TandemError(
                f"{file} has no total row ({TOTAL_FUNCTION}) for {row}: the file is cut short.", _AS_PUBLISHED
            )
        where = line_where(
            scratch,
            content,
            f"provider = ? AND commissioner = ? AND part = ? AND function = '{TOTAL_FUNCTION}'",
            [provider, commissioner, part],
        )
        raise TandemError(
            f"{file}, {where}: the total row of {row} gives {given:,}, but its treatment functions add up "
            f"to {added:,}.",
            _AS_PUBLISHED,
        )
    _check_total_bands(scratch, file)


def _check_total_bands(scratch: duckdb.DuckDBPyConnection, file: str) -> None:
    sign = f"CASE WHEN function = '{TOTAL_FUNCTION}' THEN -1 ELSE 1 END"
    signed = [f"coalesce(sum({name}::BIGINT * {sign}), 0)::BIGINT" for name in BAND_NAMES]
    balance = scratch.execute(
        f"SELECT part, [{', '.join(signed)}] FROM extract GROUP BY part ORDER BY part"
    ).fetchall()
    for part, bands in balance:
        for column, difference in zip(BAND_COLUMNS, bands, strict=True):
            if difference:
                raise TandemError(
                    f"{file}, column '{column.heading}': the {TOTAL_FUNCTION} rows of {part} differ by "
                    f"{abs(difference):,} "
                    "from the sum of their treatment functions.",
                    _AS_PUBLISHED,
                )

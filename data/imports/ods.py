"""Importer of NHS trusts from the Organisation Data Service: a CSV of 27 columns without headings."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Literal

import pyarrow as pa

from data.database import ledger
from data.database.described import arrow_schema
from data.database.store import Store, Writer
from data.imports.archive import read_csv_bytes
from data.imports.published import fault_in
from models.columns import Column, Kind
from models.errors import TandemError
from models.rtt.organisations import provider_kind

_LIMIT = 20 * 1024 * 1024  # bytes; all trusts take 40 thousand
_REMEDY = "Use the trusts file of the Organisation Data Service as published, without headings."
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}")
_CODE = re.compile(r"[0-9A-Z]{3,8}")

_LINES = tuple(f"line_{line}" for line in range(1, 6))
COLUMNS = (
    Column("code", "organisation", required=True, heading="1 code"),
    Column("name", "its name, in capitals", required=True, heading="2 name"),
    Column("region", "region code", heading="3 region"),
    Column("board", "parent board, of before or after April 2026", heading="4 board"),
    *(Column(f"line_{line}", f"address, line {line}", heading=f"{4 + line} address") for line in range(1, 6)),
    Column("postcode", "postcode", heading="10 postcode"),
    Column("opened", "first day", Kind.COMPACT_DATE, heading="11 open date"),
    Column("closed", "last day, blank while open", Kind.COMPACT_DATE, heading="12 close date"),
    *(Column("", "not read", heading=f"{place} unused") for place in range(13, 28)),
)


# What the store keeps of an organisation as the file has it; a newer file may change it.
_APART = {"", "code", "board", *_LINES}
_KEPT = arrow_schema(
    [*(column for column in COLUMNS if column.name not in _APART), Column("address", "its lines, in one")]
)


@dataclass(frozen=True)
class Trust:
    """One organisation of the file; dates are None where blank."""

    code: str
    name: str
    region: str
    board: str
    address: str
    postcode: str
    opened: date | None
    closed: date | None


@dataclass(frozen=True)
class TrustFile:
    """The organisations of one file, in its order."""

    file: str
    trusts: tuple[Trust, ...]
    digest: str


@dataclass(frozen=True)
class TrustOutcome:
    """How many organisations an import added and changed."""

    status: Literal["changed", "unchanged"]
    added: int
    changed: int


def read_trusts(source: str | Path | IO[bytes]) -> TrustFile:
    """Read the trusts file, plain or zipped; raises TandemError that names file, line, column and remedy."""
    content, file = read_csv_bytes(source, _LIMIT)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise TandemError(f"{file}, line {line}: this is not UTF-8 text.", _REMEDY) from fault
    trusts: dict[str, Trust] = {}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                trust = _trust(cells, f"{file}, line {reader.line_num}")
                if trust.code in trusts:
                    raise TandemError(
                        f"{file}, line {reader.line_num}: organisation {trust.code} is in the file twice.",
                        _REMEDY,
                    )
                trusts[trust.code] = trust
    except csv.Error as fault:
        raise TandemError(f"{file}, line {reader.line_num}: this is not CSV ({fault}).", _REMEDY) from fault
    if not trusts:
        raise TandemError(f"{file} holds no organisations.", _REMEDY)
    rows = tuple(trusts.values())
    content_in_order = repr(sorted(rows, key=lambda row: row.code))
    return TrustFile(file, rows, hashlib.sha256(content_in_order.encode()).hexdigest())


def store_trusts(store: Store, file: TrustFile) -> TrustOutcome:
    """Insert new organisations and update name, region, address, postcode and dates of known ones.

    The parent board of a provider that reports comes from its returns, month by month, and stays. A postcode
    that changed takes the old place with it.
    """
    store.require("providers", _KEPT)
    with store.write() as writer:
        known = {
            code: values
            for code, *values in writer.execute(f"SELECT code, {', '.join(_KEPT.names)} FROM providers")
        }
        added = [trust for trust in file.trusts if trust.code not in known]
        changed = [trust for trust in file.trusts if known.get(trust.code, _kept(trust)) != _kept(trust)]
        if not added and not changed:
            return TrustOutcome("unchanged", 0, 0)
        writer.insert("providers", _rows(added))
        for trust in changed:
            postcode = known[trust.code][_KEPT.get_field_index("postcode")]
            _update(writer, trust, moved=(postcode or "") != trust.postcode)
        ledger.record(writer, "ods", "", file.file, file.digest, len(file.trusts), origin="imported")
    return TrustOutcome("changed", len(added), len(changed))


def _trust(cells: list[str], where: str) -> Trust:
    if len(cells) != len(COLUMNS):
        raise TandemError(f"{where}: {len(cells)} columns where {len(COLUMNS)} are expected.", _REMEDY)
    cells = [cell.strip() for cell in cells]
    for cell, column in zip(cells, COLUMNS, strict=True):
        if fault := fault_in(cell, column):
            raise TandemError(f"{where}, column {column.heading} {fault}.", _REMEDY)
    cell_of = {column.name: cell for cell, column in zip(cells, COLUMNS, strict=True) if column.name}
    for name, pattern, what in (
        ("code", _CODE, "an organisation code"),
        ("postcode", _POSTCODE, "a postcode"),
    ):
        if cell_of[name] and not pattern.fullmatch(cell_of[name]):
            heading = next(column.heading for column in COLUMNS if column.name == name)
            raise TandemError(f"{where}, column {heading} holds '{cell_of[name][:40]}', not {what}.", _REMEDY)
    values: dict[str, Any] = {
        column.name: _date(cell_of[column.name]) if column.kind is Kind.COMPACT_DATE else cell_of[column.name]
        for column in COLUMNS
        if column.name and column.name not in _LINES
    }
    trust = Trust(address=", ".join(filter(None, (cell_of[line] for line in _LINES))), **values)
    if trust.opened and trust.closed and trust.closed < trust.opened:
        raise TandemError(f"{where}: closed on {trust.closed}, before it opened on {trust.opened}.", _REMEDY)
    return trust


def _date(cell: str) -> date | None:
    return datetime.strptime(cell, "%Y%m%d").date() if cell else None


def _kept(trust: Trust) -> list[str | date | None]:
    return [getattr(trust, name) or None for name in _KEPT.names]


def _rows(trusts: Sequence[Trust]) -> pa.Table:
    rows = [
        {"code": trust.code, "kind": provider_kind(trust.code), "board": trust.board or None}
        | dict(zip(_KEPT.names, _kept(trust), strict=True))
        for trust in trusts
    ]
    others = pa.schema([("code", pa.string()), ("kind", pa.string()), ("board", pa.string())])
    return pa.Table.from_pylist(rows, schema=pa.unify_schemas([others, _KEPT]))


def _update(writer: Writer, trust: Trust, *, moved: bool) -> None:
    given = ", ".join(f"{name} = ?" for name in _KEPT.names)
    place = ", latitude = NULL, longitude = NULL" if moved else ""
    writer.execute(f"UPDATE providers SET {given}{place} WHERE code = ?", [*_kept(trust), trust.code])

"""Importer of NHS trusts from the Organisation Data Service: a CSV of 27 columns without headings."""

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Literal

from data.database import ledger
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
    with store.write() as writer:
        known = {
            row[0]: row[1:]
            for row in writer.execute(
                "SELECT code, name, region, address, postcode, opened, closed FROM providers"
            )
        }
        added = changed = 0
        for trust in file.trusts:
            if trust.code not in known:
                _insert(writer, trust)
                added += 1
            elif known[trust.code] != _values(trust):
                _update(writer, trust, moved=(known[trust.code][3] or "") != trust.postcode)
                changed += 1
        if not added and not changed:
            return TrustOutcome("unchanged", 0, 0)
        ledger.record(writer, "ods", "", file.file, file.digest, len(file.trusts), origin="imported")
    return TrustOutcome("changed", added, changed)


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
    opened, closed = _date(cell_of["opened"]), _date(cell_of["closed"])
    if opened and closed and closed < opened:
        raise TandemError(f"{where}: closed on {closed}, before it opened on {opened}.", _REMEDY)
    address = ", ".join(line for number in range(1, 6) if (line := cell_of[f"line_{number}"]))
    return Trust(
        cell_of["code"],
        cell_of["name"],
        cell_of["region"],
        cell_of["board"],
        address,
        cell_of["postcode"],
        opened,
        closed,
    )


def _date(cell: str) -> date | None:
    return datetime.strptime(cell, "%Y%m%d").date() if cell else None


def _values(trust: Trust) -> tuple[str | date | None, ...]:
    return (
        trust.name,
        trust.region or None,
        trust.address or None,
        trust.postcode or None,
        trust.opened,
        trust.closed,
    )


def _insert(writer: Writer, trust: Trust) -> None:
    writer.execute(
        "INSERT INTO providers (code, name, region, address, postcode, opened, closed, kind, board) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [trust.code, *_values(trust), provider_kind(trust.code), trust.board or None],
    )


def _update(writer: Writer, trust: Trust, *, moved: bool) -> None:
    place = ", latitude = NULL, longitude = NULL" if moved else ""
    writer.execute(
        f"UPDATE providers SET name = ?, region = ?, address = ?, postcode = ?, opened = ?, "
        f"closed = ?{place} WHERE code = ?",
        [*_values(trust), trust.code],
    )

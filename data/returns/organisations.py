"""Providers, boards and treatment functions in the store, kept up to date from what was imported."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from data.database.store import Store, Writer
from models.rtt.organisations import Place, Provider, provider_kind


@dataclass(frozen=True)
class Names:
    """What one return calls its organisations: columns code and name, for providers also board."""

    providers: pa.Table
    boards: pa.Table
    treatment_functions: pa.Table


NEW_BOARDS_FROM = "2026-04"  # the month in which 36 boards took over from 42


def update_names(writer: Writer, names: Names, month: str, *, newest_month: bool) -> None:
    """Insert what is new; for the newest month held also take over providers' names and boards.

    A board that is known keeps its name: the returns spell them in capitals.
    """
    given = names.providers.to_pylist()
    known = {code: named for code, *named in writer.execute("SELECT code, name, board FROM providers")}
    _insert_new(writer, "providers", [{**row, "kind": provider_kind(row["code"])} for row in given])
    for row in given if newest_month else ():
        if known.get(row["code"], [row["name"], row["board"]]) != [row["name"], row["board"]]:
            writer.execute(
                "UPDATE providers SET name = ?, board = ? WHERE code = ?",
                [row["name"], row["board"], row["code"]],
            )
    _insert_new(
        writer,
        "boards",
        [
            {**row, "in_2022": month < NEW_BOARDS_FROM, "in_2026": month >= NEW_BOARDS_FROM}
            for row in names.boards.to_pylist()
        ],
    )
    _insert_new(writer, "treatment_functions", names.treatment_functions.to_pylist())


def providers_by_code(store: Store) -> dict[str, Provider]:
    """Give every provider the store knows, by code; its place is that of its head office, where known."""
    rows = store.rows("SELECT code, name, board, latitude, longitude FROM providers ORDER BY code")
    return {
        code: Provider(
            code,
            name,
            board or "",
            None if latitude is None or longitude is None else Place(latitude, longitude),
        )
        for code, name, board, latitude, longitude in rows
    }


def _insert_new(writer: Writer, table: str, rows: list[dict[str, Any]]) -> None:
    known = {code for (code,) in writer.execute(f"SELECT code FROM {table}")}
    if new := [row for row in rows if row["code"] not in known]:
        writer.insert(table, pa.Table.from_pylist(new))

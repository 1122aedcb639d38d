"""Providers, boards and treatment functions in the store, kept up to date from what was imported."""

from dataclasses import dataclass

import pyarrow as pa

from data.store import Writer
from models.organisations import provider_kind


@dataclass(frozen=True)
class Names:
    """What one return calls its organisations: columns code and name, for providers also board."""

    providers: pa.Table
    boards: pa.Table
    treatment_functions: pa.Table


def update_names(writer: Writer, names: Names, *, newest_month: bool) -> None:
    """Insert what is new; for the newest month held also take over providers' names and boards.

    A board that is known keeps its name: the returns spell them in capitals.
    """
    known = {code for (code,) in writer.execute("SELECT code FROM providers")}
    for provider in names.providers.to_pylist():
        if provider["code"] not in known:
            writer.execute(
                "INSERT INTO providers (code, name, kind, board) VALUES (?, ?, ?, ?)",
                [provider["code"], provider["name"], provider_kind(provider["code"]), provider["board"]],
            )
        elif newest_month:
            writer.execute(
                "UPDATE providers SET name = ?, board = ? WHERE code = ? AND (name <> ? OR board IS "
                "DISTINCT FROM ?)",
                [provider["name"], provider["board"], provider["code"], provider["name"], provider["board"]],
            )
    for board in names.boards.to_pylist():
        writer.execute(
            "INSERT INTO boards (code, name, in_2022, in_2026) VALUES (?, ?, false, true) ON CONFLICT DO "
            "NOTHING",
            [board["code"], board["name"]],
        )
    for function in names.treatment_functions.to_pylist():
        writer.execute(
            "INSERT INTO treatment_functions VALUES (?, ?) ON CONFLICT DO NOTHING",
            [function["code"], function["name"]],
        )

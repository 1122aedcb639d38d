"""The versions of the store's schema, each a numbered SQL file in data/schema."""

from pathlib import Path
from typing import Any, Protocol

from models.errors import TandemError

_SCHEMA = Path(__file__).resolve().parents[1] / "schema"


class _Executes(Protocol):
    def execute(self, sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]: ...


def known() -> dict[int, Path]:
    """Give the migration file of each version, oldest first."""
    return {int(file.name[:4]): file for file in sorted(_SCHEMA.glob("[0-9]*.sql"))}


def latest_version() -> int:
    """Give the newest schema version this product knows."""
    return max(known())


def version(writer: _Executes) -> int:
    """Give the schema version of the open store; 0 for an empty file, -1 for another product's database."""
    tables = {name for (name,) in writer.execute("SELECT table_name FROM duckdb_tables()")}
    if "schema_version" not in tables:
        return -1 if tables else 0
    return int(writer.execute("SELECT max(version) FROM schema_version")[0][0])


def migrate(writer: _Executes, path: Path, *, new: bool = False) -> None:
    """Bring the store to the newest schema, inside the caller's transaction; writes nothing if it is there.

    Raises TandemError for a store of a newer product, and for an empty or foreign database unless it is
    `new`.
    """
    applied = version(writer)
    if applied > latest_version():
        raise TandemError(
            f"The store {path} has schema version {applied}; this Tandem knows {latest_version()} at most.",
            "Update Tandem, or name another file with --store.",
        )
    if applied < (0 if new else 1):
        raise TandemError(
            f"The file {path} is a database, but not a Tandem store.",
            "Move it away, or name another file with --store.",
        )
    if applied == 0:
        writer.execute(
            "CREATE TABLE schema_version (version INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)"
        )
    for number, file in known().items():
        if number > applied:
            writer.execute(file.read_text(encoding="utf-8"))
            writer.execute("INSERT INTO schema_version VALUES (?, now() AT TIME ZONE 'UTC')", [number])

"""The store's tables against what is to be written or read: a column that one lacks is refused by name."""

import duckdb
import pyarrow as pa

from data.database import migrations
from models.errors import TandemError

DEFAULT = (
    b"default"  # key of a field's metadata: the value, as SQL, of rows that were stored before the column
)


def require(cursor: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema) -> None:
    """Raise TandemError where a table lacks columns of the schema: the migration to add is in its remedy.

    What the table has and the schema has not may be left out, as those of a providers' list are. It stays
    blank.
    """
    stored = {name for name, _ in _columns(cursor, table)}
    missing = [field for field in schema if field.name not in stored]
    if not missing:
        return
    one = len(missing) == 1
    named = ", ".join(field.name for field in missing)
    raise TandemError(
        f"The store's table {table} has no {'column' if one else 'columns'} {named} yet.",
        _to_add(cursor, table, missing),
    )


def require_filled(cursor: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema) -> None:
    """Raise TandemError where the schema lacks a column that the table does not let be blank."""
    missing = [name for name, needed in _columns(cursor, table) if needed and name not in schema.names]
    if missing:
        name = missing[0]
        raise TandemError(
            f"The store's table {table} needs a column {name}, and nothing describes it any more.",
            f"Describe it again, or let it go: add {_file(table, name)} with "
            f'ALTER TABLE {table} DROP COLUMN "{name}"; and start again.',
        )


def _columns(cursor: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, bool]]:
    """Give each column's name and whether a row must fill it."""
    return cursor.execute(
        "SELECT column_name, NOT is_nullable AND column_default IS NULL FROM duckdb_columns() "
        "WHERE table_name = ? AND NOT internal",
        [table],
    ).fetchall()


def _to_add(cursor: duckdb.DuckDBPyConnection, table: str, missing: list[pa.Field]) -> str:
    applied = cursor.execute("SELECT max(version) FROM schema_version").fetchall()[0][0]
    waiting = [file.name for number, file in migrations.known().items() if number > applied]
    if waiting:
        return f"Start again: data/schema/{waiting[0]} is there, and is applied when the store is opened."
    return (
        f"Add {_file(table, missing[0].name)} with {' '.join(_addition(table, each) for each in missing)} "
        "and start again."
    )


def _file(table: str, column: str) -> str:
    return f"data/schema/{migrations.latest_version() + 1:04d}_{table}_{column}.sql"


def _addition(table: str, field: pa.Field) -> str:
    default = (field.metadata or {}).get(DEFAULT, b"").decode()
    ending = f" DEFAULT {default}" if default else ""
    return f'ALTER TABLE {table} ADD COLUMN "{field.name}" {_sql_type(field.type)}{ending};'


def _sql_type(kind: pa.DataType) -> str:
    """Give the SQL type that DuckDB takes an Arrow type for."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    with duckdb.connect() as scratch:
        scratch.register("typed", pa.schema([("it", kind)]).empty_table())
        return str(scratch.execute("SELECT column_type FROM (DESCRIBE typed)").fetchall()[0][0])

"""The store: one DuckDB file that holds the returns, the organisations, scenarios and runs.

One connection a process, a fresh cursor a call, one writer at a time. The connection can neither read other
files nor load extensions: importers parse files elsewhere and hand over Arrow tables.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from data.database import migrations, tables
from models.errors import TandemError

Progress = Callable[[float, str], None]
Fill = Callable[["Store", Progress], None]  # puts figures into a new store

_LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "lock_configuration": True,
}
_building = threading.Lock()


def default_path() -> Path:
    """Give the path of the store: TANDEM_STORE when set, else var/tandem.duckdb in the project."""
    named = os.environ.get("TANDEM_STORE")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "var" / "tandem.duckdb"


class Writer:
    """One transaction on the store."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def execute(self, sql: str, params: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows."""
        return self._cursor.execute(sql, params).fetchall()

    def insert(self, table: str, rows: pa.Table, *, replace: bool = False) -> None:
        """Add rows to a table by column name; with `replace`, rows of an equal primary key give way.

        Raises TandemError, before anything is added, for a column that the table lacks, or can't do without.
        """
        tables.require(self._cursor, table, rows.schema)
        tables.require_filled(self._cursor, table, rows.schema)
        self._cursor.register("incoming", rows)
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        columns = ", ".join(f'"{name}"' for name in rows.column_names)
        self._cursor.execute(f"{verb} INTO {table} ({columns}) SELECT {columns} FROM incoming")
        self._cursor.unregister("incoming")


class Store:
    """The open store. Threads may share it; close it, or use it as a context manager."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._writing = threading.RLock()

    @classmethod
    def open(cls, path: str | Path | None = None, progress: Progress | None = None, *, fill: Fill) -> Self:
        """Open the store at `path`, by default `default_path()`; one that is not there yet is built by
        `fill`.

        `progress` is called with a fraction from 0 to 1 and a sentence while the store is built.
        Raises TandemError when the file is held by another process, is no store, or is from a newer version.
        """
        path = Path(path) if path is not None else default_path()
        if path.is_dir():
            raise TandemError(
                f"{path} is a folder, not a store.", "Name a file, for example tandem.duckdb in it."
            )
        if not path.exists():
            with _building:
                if not path.exists():
                    _build(path, progress or (lambda fraction, message: None), fill)
        return cls._open_file(path, new=False)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Create a store at `path`, where no file is yet: the schema, without any figures."""
        return cls._open_file(path, new=True)

    @classmethod
    def _open_file(cls, path: Path, *, new: bool) -> Self:
        store = cls(path, _connect(path))
        try:
            with store.write() as writer:
                migrations.migrate(writer, path, new=new)
        except TandemError:
            store.close()
            raise
        except duckdb.Error as fault:
            store.close()
            raise _damaged(path) from fault
        return store

    def read(self, sql: str, params: Sequence[Any] | None = None) -> pa.Table:
        """Give the rows of a query as an Arrow table."""
        with self._connection.cursor() as cursor:
            return cursor.sql(sql, params=params).to_arrow_table()

    def frame(self, sql: str, params: Sequence[Any] | None = None) -> pd.DataFrame:
        """Give the rows of a query as a pandas frame."""
        with self._connection.cursor() as cursor:
            return cursor.execute(sql, params).df()

    def rows(self, sql: str, params: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Give the rows of a query as tuples."""
        with self._connection.cursor() as cursor:
            return cursor.execute(sql, params).fetchall()

    def require(self, table: str, schema: pa.Schema) -> None:
        """Raise TandemError where a table lacks columns of the schema; it names the migration to add."""
        with self._connection.cursor() as cursor:
            tables.require(cursor, table, schema)

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Give a transaction: all of it is kept, or none when an exception leaves the block."""
        with self._writing, self._connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield Writer(cursor)
                cursor.execute("COMMIT")
            except (duckdb.IOException, duckdb.TransactionException) as fault:
                self._roll_back(cursor)
                raise TandemError(
                    f"The store {self.path} could not be written; it is as it was before.",
                    "Make room on the disk, or check that the file may be written, and try again.",
                ) from fault
            except BaseException:
                self._roll_back(cursor)
                raise

    @staticmethod
    def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
        with suppress(duckdb.Error):  # a commit that failed has rolled back already
            cursor.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; another process may open it then."""
        with self._writing:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _build(path: Path, progress: Progress, fill: Fill) -> None:
    """Build the store beside its place and move it there whole, so that a broken start leaves no half."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
    except OSError as fault:
        raise TandemError(
            f"The folder {path.parent} can't be made or written: {fault.strerror}.",
            "Name another with --store.",
        ) from fault
    building = path.with_name(f".{path.name}.{os.getpid()}.building")
    try:
        with Store.create(building) as store:
            fill(store, progress)
        # A link fails when the name is taken, where a rename would replace a store that another process has
        # finished and opened in the meantime.
        try:
            os.link(building, path)
        except FileExistsError:
            return
        except OSError:
            os.replace(building, path)
    finally:
        for leftover in (building, Path(f"{building}.wal")):
            leftover.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove what a build that was killed left beside the store; one that still runs holds its file."""
    for leftover in path.parent.glob(f".{path.name}.*.building"):
        try:
            duckdb.connect(str(leftover), config=_LOCKED_DOWN).close()
        except duckdb.Error as fault:
            if _is_held(fault):
                continue
        leftover.unlink(missing_ok=True)
        Path(f"{leftover}.wal").unlink(missing_ok=True)


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), config=_LOCKED_DOWN)
    except duckdb.Error as fault:
        reason = str(fault)
        if _is_held(fault):
            raise TandemError(
                f"The store {path} is held by another process.",
                "Close the dashboard that uses it, or use its Data page instead, or name another file "
                "with --store.",
            ) from fault
        if "newer version" in reason or "storage version" in reason.lower():
            raise TandemError(
                f"The store {path} was written by a newer DuckDB than this one ({duckdb.__version__}).",
                "Update Tandem, or name another file with --store.",
            ) from fault
        if "ermission denied" in reason:
            raise TandemError(
                f"The store {path} can't be opened: permission denied.", "Name another file with --store."
            ) from fault
        raise _damaged(path) from fault


def _is_held(fault: duckdb.Error) -> bool:
    return "Could not set lock" in str(fault) or "being used by another process" in str(fault)


def _damaged(path: Path) -> TandemError:
    return TandemError(
        f"The file {path} is not a Tandem store, or is damaged.",
        "Move it away and start again: a new store is built from the shipped figures. Or name another "
        "with --store.",
    )

"""Described columns as frames and the store hold them: pandas types, and the Arrow schema of their table."""

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from data.database.tables import DEFAULT
from models.columns import Column, Kind

_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.CHOICE: pa.string(),
    Kind.COUNT: pa.int32(),
    Kind.NUMBER: pa.float64(),
    Kind.MILES: pa.float64(),
    Kind.YES_NO: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.WEEK: pa.date32(),
    Kind.COMPACT_DATE: pa.date32(),
}


def typed(values: pd.Series, column: Column) -> pd.Series:
    """Gives values of a column in the type its frame holds them in."""
    if column.kind is Kind.COUNT:
        whole = column.required and bool(values.notna().all())
        return values.astype("int64" if whole else "Int64")
    if column.kind in (Kind.NUMBER, Kind.MILES):
        return values.astype("float64")
    if column.kind is Kind.YES_NO:
        return values.astype("boolean" if values.isna().any() else "bool")
    if column.kind in (Kind.DATE, Kind.WEEK, Kind.COMPACT_DATE):
        return pd.to_datetime(values).astype("datetime64[s]")
    return values.astype("str")


def described(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Gives a frame with every column described, in order and typed; one that it lacks is blank.

    Where a column has a default, it stands in for every blank.
    """
    blank = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    filled = {}
    for column in columns:
        values = frame.get(column.name, blank)
        if column.default is not None and values.isna().any():
            values = values.astype(object).where(values.notna(), column.default)
        filled[column.name] = typed(values, column)
    return pd.DataFrame(filled)


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Gives the columns as fields of their table in the store; a default goes with its field as SQL."""
    return pa.schema(
        [
            pa.field(column.name, _ARROW[column.kind], metadata={DEFAULT: _sql(column.default)})
            for column in columns
        ]
    )


def arrow_table(frame: pd.DataFrame, columns: Sequence[Column]) -> pa.Table:
    """Gives the rows of a frame for their table in the store, with every column described."""
    return pa.Table.from_pandas(described(frame, columns), schema=arrow_schema(columns), preserve_index=False)


def quoted(columns: Sequence[Column]) -> str:
    """Gives the columns' names for a SELECT."""
    return ", ".join(f'"{column.name}"' for column in columns)


def _sql(default: str | int | float | bool | None) -> str:
    if default is None:
        return ""
    return "'{}'".format(default.replace("'", "''")) if isinstance(default, str) else str(default).lower()

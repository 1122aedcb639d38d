"""The figures of the monthly returns as Arrow tables: their columns, their standards and their digest.

Importing an official file and loading the shipped figures both end in these tables, so that the same month
has the same digest whichever way it came.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BANDS = 105
BANDED_PARTS = ("incomplete", "dta", "admitted", "non_admitted")
WEEKS = pa.list_(pa.int32(), BANDS)

PATHWAYS = pa.schema(
    [
        ("month", pa.string()),
        ("provider", pa.string()),
        ("board", pa.string()),
        ("treatment_function", pa.string()),
        ("part", pa.string()),
        ("english", pa.bool_()),
        ("total", pa.int32()),
        ("unknown_start", pa.int32()),
        ("within_18", pa.int32()),
        ("over_52", pa.int32()),
        ("over_65", pa.int32()),
        ("over_78", pa.int32()),
        ("over_104", pa.int32()),
        ("weeks", WEEKS),
    ]
)
CLOCK_STARTS = pa.schema(
    [
        ("month", pa.string()),
        ("provider", pa.string()),
        ("board", pa.string()),
        ("treatment_function", pa.string()),
        ("english", pa.bool_()),
        ("total", pa.int32()),
    ]
)
FLOWS = pa.schema(
    [
        ("month", pa.string()),
        ("part", pa.string()),
        ("provider", pa.string()),
        ("commissioner", pa.string()),
        ("treatment_function", pa.string()),
        ("total", pa.int32()),
        ("within_18", pa.int32()),
        ("over_52", pa.int32()),
        ("over_65", pa.int32()),
    ]
)
COMMISSIONERS = pa.schema(
    [("month", pa.string()), ("code", pa.string()), ("name", pa.string()), ("board", pa.string())]
)

# The order in which rows are stored, shipped and digested. Text sorts by its bytes.
ORDER = {
    "pathways": ("month", "part", "treatment_function", "provider", "english"),
    "clock_starts": ("month", "treatment_function", "provider", "english"),
    "flows": ("month", "part", "treatment_function", "provider", "commissioner"),
    "commissioners": ("month", "code"),
}
SCHEMAS = {"pathways": PATHWAYS, "clock_starts": CLOCK_STARTS, "flows": FLOWS, "commissioners": COMMISSIONERS}


@dataclass(frozen=True)
class Figures:
    """Pathways, clock starts, flows and commissioners of one or more months, each in ORDER."""

    pathways: pa.Table
    clock_starts: pa.Table
    flows: pa.Table
    commissioners: pa.Table

    def tables(self) -> dict[str, pa.Table]:
        """Give the four tables by their name in the store."""
        return {name: getattr(self, name) for name in ORDER}

    def digest(self) -> str:
        """SHA-256, as hexadecimal text, of the figures themselves; names of organisations are left out.

        The tables must hold one month and stand in ORDER. A revision of a name alone is not a new content.
        """
        digest = hashlib.sha256()
        for name, table in self.tables().items():
            for column in SCHEMAS[name].names:
                if column != "name":
                    digest.update(f"{name}.{column}:{table.num_rows}:".encode())
                    _digest_column(digest, table[column])
        return digest.hexdigest()


def standards(weeks: NDArray[np.int32]) -> dict[str, NDArray[np.int32]]:
    """Pathways within 18 weeks and over 52, 65, 78 and 104, each of shape (N,), from weeks (N, 105)."""
    return {
        "within_18": weeks[:, :18].sum(axis=1, dtype=np.int32),
        "over_52": weeks[:, 52:].sum(axis=1, dtype=np.int32),
        "over_65": weeks[:, 65:].sum(axis=1, dtype=np.int32),
        "over_78": weeks[:, 78:].sum(axis=1, dtype=np.int32),
        "over_104": weeks[:, 104:].sum(axis=1, dtype=np.int32),
    }


def weeks_matrix(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """Week bands of shape (N, 105) from a fixed-size list column, without a loop over rows."""
    chunks = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in column.chunks]
    flat = np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.int32)
    return flat.reshape(-1, BANDS)


def weeks_column(weeks: NDArray[np.int32]) -> pa.FixedSizeListArray:
    """Give the fixed-size list column of weeks of shape (N, 105)."""
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(weeks).reshape(-1)), BANDS)


def _digest_column(digest: "hashlib._Hash", column: pa.ChunkedArray) -> None:
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if column.type == WEEKS:
        digest.update(np.ascontiguousarray(weeks_matrix(column), dtype="<i4").data)
    elif pa.types.is_string(column.type):
        digest.update(pc.binary_length(column).to_numpy().astype("<i4"))
        digest.update("".join(column.to_pylist()).encode())
    else:
        filled = pc.fill_null(pc.cast(column, pa.int32()), -1)
        digest.update(filled.to_numpy().astype("<i4"))

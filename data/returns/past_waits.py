"""How wrong expected waits have been, as shipped: `python run.py waits --hindcast --ship` makes the table."""

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path

from data.shipped import load as reference
from models.waits.wait_errors import WaitError

_FILE = "wait_errors.csv"


@cache
def past_wait_errors() -> tuple[WaitError, ...]:
    """Give the errors on the shipped months: of those referred by weeks since, then of those waiting."""
    return tuple(
        WaitError(
            kind=row["kind"],
            weeks=int(row["weeks"]),
            origins=int(row["origins"]),
            patients=int(row["patients"]),
            error=float(row["error"]),
            completed=float(row["completed"]),
            bias=float(row["bias"]),
        )
        for row in reference.rows_of(_FILE)
    )


def write_wait_errors(errors: Sequence[WaitError], folder: Path = reference.FOLDER) -> Path:
    """Write the errors as the table that ships, in points to two decimals; gives its path."""
    path = folder / _FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(WaitError)], lineterminator="\n")
        writer.writeheader()
        for error in errors:
            row = asdict(error)
            writer.writerow(row | {name: f"{row[name]:.2f}" for name in ("error", "completed", "bias")})
    return path

"""The figures that ship with the project, as a new store takes them in; `reference_build` makes the files."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data.database import ledger
from data.database.figures import (
    BANDS,
    CLOCK_STARTS,
    COMMISSIONERS,
    FLOWS,
    PATHWAYS,
    Figures,
    standards,
    weeks_column,
)
from data.database.store import Progress, Store, Writer
from models.errors import TandemError

FOLDER = Path(__file__).resolve().parents[1] / "reference"
EDITIONS = (2022, 2026)


def load(store: Store, progress: Progress) -> None:
    """Fill an empty store with the shipped figures in one transaction.

    Raises TandemError when the files are not there or not whole.
    """
    progress(0.0, "Reading the published waiting lists that come with Tandem")
    try:
        with store.write() as writer:
            _load_organisations(writer)
            shipped = read_figures()
            progress(0.4, "Writing the waiting lists by weeks waited")
            writer.insert("pathways", shipped.pathways)
            writer.insert("clock_starts", shipped.clock_starts)
            progress(0.8, "Writing who commissions whose care")
            writer.insert("flows", shipped.flows)
            writer.insert("commissioners", shipped.commissioners)
            for month in rows_of("months.csv"):
                ledger.record(
                    writer,
                    "rtt",
                    month["month"],
                    month["file"],
                    month["digest"],
                    int(month["rows"]),
                    origin="shipped",
                )
    except (OSError, KeyError, ValueError, pa.ArrowException) as fault:
        raise TandemError(
            f"The figures that come with Tandem, in {FOLDER}, are missing or damaged ({fault}).",
            "Get the project's files again, or make them with python run.py build-reference --from DIR.",
        ) from fault
    progress(1.0, "The store is ready")


def read_figures() -> Figures:
    """Give the figures of all shipped months."""
    shipped = _read("pathways.parquet")
    is_start = pc.equal(shipped["part"], "starts")
    banded = shipped.filter(pc.invert(is_start))
    weeks = _padded(banded["weeks"])
    banded = banded.set_column(banded.schema.get_field_index("weeks"), "weeks", weeks_column(weeks))
    for name, counts in standards(weeks).items():
        banded = banded.append_column(name, pa.array(counts))
    flows = _read("flows.parquet")
    return Figures(
        pathways=banded.select(PATHWAYS.names),
        clock_starts=shipped.filter(is_start).select(CLOCK_STARTS.names),
        flows=flows.select(FLOWS.names),
        commissioners=_commissioners(),
    )


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Give the rows of one of the small shipped tables."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def boundaries(edition: int) -> Path:
    """Give the path of the shipped board boundaries of 2022 or 2026, as GeoJSON."""
    return FOLDER / f"boards_{edition}.geojson"


def _read(name: str) -> pa.Table:
    """Give a shipped table with its text as dictionaries, which halves the time of the first start."""
    schema = pq.read_schema(FOLDER / name)
    return pq.read_table(
        FOLDER / name, read_dictionary=[field.name for field in schema if field.type == pa.string()]
    )


def _padded(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """Week bands of shape (N, 105) from lists that end at their last filled band."""
    lengths = pc.list_value_length(column).to_numpy()
    weeks = np.zeros((len(column), BANDS), dtype=np.int32)
    weeks[np.arange(BANDS) < lengths[:, None]] = pc.list_flatten(column).to_numpy()
    return weeks


def _commissioners() -> pa.Table:
    """Commissioners that appear in each month, with the parent board they had then."""
    months = [row["month"] for row in rows_of("months.csv")]
    rows = [
        {"month": month, "code": spell["code"], "name": spell["name"], "board": spell["board"]}
        for spell in rows_of("commissioners.csv")
        for month in months
        if spell["first_month"] <= month <= spell["last_month"]
    ]
    rows.sort(key=lambda row: (row["month"], row["code"]))
    return pa.Table.from_pylist(rows, schema=COMMISSIONERS)


def _load_organisations(writer: Writer) -> None:
    for name in ("providers", "boards", "sub_boards", "treatment_functions"):
        for row in rows_of(f"{name}.csv"):
            given = {column: value for column, value in row.items() if value != ""}
            marks = ", ".join("?" for _ in given)
            writer.execute(f"INSERT INTO {name} ({', '.join(given)}) VALUES ({marks})", list(given.values()))
    for edition in EDITIONS:
        shapes: dict[str, Any] = json.loads(boundaries(edition).read_text(encoding="utf-8"))
        for feature in shapes["features"]:
            writer.execute(
                "INSERT INTO board_boundaries VALUES (?, ?, ?, ?)",
                [
                    edition,
                    feature["properties"]["code"],
                    feature["properties"]["name"],
                    json.dumps(feature["geometry"], separators=(",", ":")),
                ],
            )

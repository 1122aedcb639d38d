"""Makes the figures that ship with the project from the official files: equal input gives equal bytes.

`python run.py build-reference --from DIR`, where DIR holds `rtt/*-rtt-full-extract.zip`,
`org/rtt_providers_geocoded.csv`, `org/icb_region_lookup.csv`, `geo/icb42_2022.geojson`,
`geo/icb36_2026_small.geojson` and what `homes` names.
"""

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.building.homes import build_homes
from data.database.figures import FLOWS, weeks_matrix
from data.database.store import Progress
from data.imports.boundaries import BoardShape, read_boundaries
from data.imports.rtt_extract import Extract, read_extract
from data.returns.organisations import NEW_BOARDS_FROM
from data.shipped import load as reference
from models.errors import TandemError
from models.rtt.organisations import provider_kind

_SHIPPED = pa.schema(
    [
        ("month", pa.string()),
        ("provider", pa.string()),
        ("board", pa.string()),
        ("treatment_function", pa.string()),
        ("part", pa.string()),
        ("english", pa.bool_()),
        ("total", pa.int32()),
        ("unknown_start", pa.int32()),
        ("weeks", pa.list_(pa.int32())),  # up to the last filled band
    ]
)
_GEO = {2022: "icb42_2022.geojson", 2026: "icb36_2026_small.geojson"}
_REGIONS = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}
# Zstandard's level costs time only here, and reading the shipped files stays as fast.
_LEVEL = 19
_ROWS = 32_768  # a row group

Row = Mapping[str, Any]


@dataclass
class _Extracts:
    """What the monthly extracts say, gathered in their order."""

    months: list[Row] = field(default_factory=list)
    commissioners: list[Row] = field(default_factory=list)
    providers: dict[str, Row] = field(default_factory=dict)  # by code, as the newest month says
    boards: dict[tuple[int, str], str] = field(default_factory=dict)  # names by edition and code
    treatment_functions: list[Row] = field(default_factory=list)  # of the newest month

    def add(self, extract: Extract, file: Path) -> None:
        """Take a month in; raises TandemError where it is not later than the one before."""
        if self.months and extract.month <= self.months[-1]["month"]:
            raise TandemError(
                f"{file} holds {extract.month}, after {self.months[-1]['month']}.",
                "Name files by their month.",
            )
        edition = 2022 if extract.month < NEW_BOARDS_FROM else 2026
        self.commissioners += extract.figures.commissioners.to_pylist()
        self.providers |= {row["code"]: row for row in extract.names.providers.to_pylist()}
        self.boards |= {(edition, row["code"]): row["name"] for row in extract.names.boards.to_pylist()}
        self.treatment_functions = extract.names.treatment_functions.to_pylist()
        self.months.append(
            {
                "month": extract.month,
                "file": file.name,
                "rows": extract.file_rows,
                "digest": extract.digest,
                "england_waiting": extract.england_waiting,
            }
        )


def build(
    source: str | Path, folder: Path = reference.FOLDER, progress: Progress | None = None
) -> list[Path]:
    """Write the shipped files into `folder` from the official files below `source`; give their paths.

    Raises TandemError when a file is missing or refused by its importer.
    """
    source = Path(source)
    files = sorted((source / "rtt").glob("*.zip"))
    if not files:
        raise TandemError(f"{source / 'rtt'} holds no RTT extracts.", "Name the folder with --from.")
    report = progress or (lambda fraction, message: None)
    folder.mkdir(parents=True, exist_ok=True)
    extracts = _Extracts()
    with (
        _parquet(folder / "pathways.parquet", _SHIPPED) as pathways,
        _parquet(folder / "flows.parquet", FLOWS) as flows,
    ):
        for done, file in enumerate(files):
            report(done / len(files), f"Reading {file.name}")
            extract = read_extract(file)
            extracts.add(extract, file)
            pathways.write_table(_shipped(extract), row_group_size=_ROWS)
            flows.write_table(extract.figures.flows, row_group_size=4 * _ROWS)
    _write_tables(source, folder, extracts)
    build_homes(source, folder)
    report(1.0, f"{len(extracts.months)} months written to {folder}")
    return sorted(path for path in folder.iterdir() if path.suffix in (".parquet", ".csv", ".geojson"))


def _parquet(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, schema, compression="zstd", compression_level=_LEVEL)


def _write_tables(source: Path, folder: Path, extracts: _Extracts) -> None:
    """Write the names that the extracts give, with where organisations are and their boundaries."""
    _write(folder / "months.csv", extracts.months)
    _write(
        folder / "commissioners.csv",
        _spells(extracts.commissioners, [row["month"] for row in extracts.months]),
    )
    _write(folder / "treatment_functions.csv", extracts.treatment_functions)
    shapes = {edition: read_boundaries(source / "geo" / name).boards for edition, name in _GEO.items()}
    located = _providers(_read(source / "org" / "rtt_providers_geocoded.csv"), extracts.providers)
    _write(folder / "providers.csv", located)
    _write(folder / "boards.csv", _boards(shapes, extracts.boards, located))
    _write(folder / "sub_boards.csv", _sub_boards(_read(source / "org" / "icb_region_lookup.csv")))
    for edition, edition_shapes in shapes.items():
        _write_boundaries(folder / reference.boundaries(edition).name, edition_shapes)


def _shipped(extract: Extract) -> pa.Table:
    banded = extract.figures.pathways
    weeks = weeks_matrix(banded["weeks"])
    filled = weeks.any(axis=1)
    lengths = np.where(filled, weeks.shape[1] - np.argmax(weeks[:, ::-1] != 0, axis=1), 0)
    values = weeks[np.arange(weeks.shape[1]) < lengths[:, None]]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))
    banded = banded.set_column(banded.schema.get_field_index("weeks"), "weeks", lists).select(_SHIPPED.names)
    starts = extract.figures.clock_starts
    rows = starts.num_rows
    starts = (
        starts.append_column("part", pa.array(["starts"] * rows))
        .append_column("unknown_start", pa.array(np.zeros(rows, dtype=np.int32)))
        .append_column("weeks", pa.array([[]] * rows, pa.list_(pa.int32())))
    )
    return pa.concat_tables(
        [banded.cast(_SHIPPED), starts.select(_SHIPPED.names).cast(_SHIPPED)]
    ).combine_chunks()


def _spells(rows: Sequence[Row], months: Sequence[str]) -> list[dict[str, Any]]:
    """Give each unbroken spell of a commissioner under one parent and name, by first and last month."""
    before = dict(zip(months[1:], months, strict=False))
    spells: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (row["code"], row["month"])):
        last = spells[-1] if spells else None
        if (
            last
            and all(last[key] == row[key] for key in ("code", "name", "board"))
            and last["last_month"] == before.get(row["month"])
        ):
            last["last_month"] = row["month"]
        else:
            spells.append({**row, "first_month": row["month"], "last_month": row["month"]})
    columns = ("code", "name", "board", "first_month", "last_month")
    return [{column: spell[column] for column in columns} for spell in spells]


def _providers(places: Sequence[Row], reported: Mapping[str, Row]) -> list[Row]:
    """Give every provider, named as in the newest month it reported, else as in the place file."""
    located = {row["provider_code"]: row for row in places}
    rows: list[Row] = []
    for code in sorted(located.keys() | reported.keys()):
        place = located.get(code, {})
        rows.append(
            {
                "code": code,
                "name": reported[code]["name"] if code in reported else place["provider_name"],
                "kind": provider_kind(code),
                "region": place.get("region", ""),
                "board": reported[code]["board"] if code in reported else place["provider_icb"],
                "postcode": place.get("postcode", ""),
                "latitude": place.get("lat", ""),
                "longitude": place.get("lon", ""),
            }
        )
    return rows


def _boards(
    shapes: Mapping[int, Sequence[BoardShape]],
    reported: Mapping[tuple[int, str], str],
    providers: Sequence[Row],
) -> list[Row]:
    """Give every board with a boundary in either edition or with returns.

    A board whose boundary names no region takes that of most of its located providers.
    """
    regions: dict[str, Counter[str]] = {}
    for provider in providers:
        if provider["region"]:
            regions.setdefault(provider["board"], Counter())[provider["region"]] += 1
    by_code: dict[str, dict[str, Any]] = {}
    boards = [(edition, BoardShape(code, name, "", "", {})) for (edition, code), name in reported.items()]
    boards += [(edition, shape) for edition, edition_shapes in shapes.items() for shape in edition_shapes]
    for edition, board in boards:
        ranked = sorted(regions.get(board.code, Counter()).items(), key=lambda item: (-item[1], item[0]))
        region = board.region_code or (ranked[0][0] if ranked else "")
        row = by_code.setdefault(board.code, {"in_2022": "false", "in_2026": "false"})
        row |= {
            "code": board.code,
            "name": board.name,
            "region_code": region,
            "region": _REGIONS.get(region, ""),
            "ons_code": board.ons_code,
            f"in_{edition}": "true",
        }
    columns = ("code", "name", "region_code", "region", "ons_code", "in_2022", "in_2026")
    return [{column: by_code[code][column] for column in columns} for code in sorted(by_code)]


def _sub_boards(rows: Sequence[Row]) -> list[dict[str, str]]:
    return sorted(
        ({"code": row["SICBL26CDH"], "name": row["SICBL26NM"], "board": row["ICB26CDH"]} for row in rows),
        key=lambda row: row["code"],
    )


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as fault:
        raise TandemError(
            f"{path} can't be read: {fault.strerror}.", "Check the folder given with --from."
        ) from fault


def _write(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_boundaries(path: Path, boards: Sequence[BoardShape]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": board.code, "name": board.name},
            "geometry": board.geometry,
        }
        for board in sorted(boards, key=lambda board: board.code)
    ]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")

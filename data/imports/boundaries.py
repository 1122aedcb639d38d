"""Importer of board boundaries: GeoJSON, WGS84, as the Office for National Statistics publishes them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from data.database import ledger
from data.database.store import Store
from models.columns import Column
from models.errors import TandemError

LIMIT = 20 * 1024 * 1024  # bytes; the generalised boundaries have 13 to 147 thousand
# Longitudes and latitudes that take in the whole United Kingdom.
_WEST, _EAST, _SOUTH, _NORTH = -9.0, 3.0, 49.0, 62.0
_REMEDY = "Use the generalised boundaries of integrated care boards as GeoJSON in longitude and latitude."

_BOUNDARY = ["edition", "board", "name", "geojson"]  # as the store keeps one
# The properties of a feature, by edition: the first spelling found is read.
CODE = (
    Column("icb22cdh", "board code, 2022", required=True),
    Column("icb_code", "board code, 2026", required=True),
)
NAME = (
    Column("icb22nm", "board name, 2022", required=True),
    Column("icb_name", "board name, 2026", required=True),
)
ONS_CODE = (Column("icb22cd", "statistical code, 2022"), Column("ons_code", "statistical code, 2026"))
REGION = (Column("region_code", "region code"),)


@dataclass(frozen=True)
class BoardShape:
    """One board's boundary: `geometry` is a GeoJSON Polygon or MultiPolygon."""

    code: str
    name: str
    ons_code: str
    region_code: str
    geometry: Mapping[str, Any]


@dataclass(frozen=True)
class Boundaries:
    """The boards of one edition, 2022 or 2026."""

    file: str
    edition: int
    boards: tuple[BoardShape, ...]


def read_boundaries(source: str | Path | IO[bytes]) -> Boundaries:
    """Read board boundaries; raises TandemError that names file, feature and remedy."""
    content, file = _read(source)
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError) as fault:
        raise TandemError(f"{file} is not a GeoJSON text file.", _REMEDY) from fault
    except json.JSONDecodeError as fault:
        raise TandemError(
            f"{file}, line {fault.lineno}, column {fault.colno}: this is not JSON ({fault.msg}).", _REMEDY
        ) from fault
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise TandemError(f"{file} is not a GeoJSON FeatureCollection.", _REMEDY)
    if not features:
        raise TandemError(f"{file} holds no boards.", _REMEDY)
    boards = tuple(
        _board(feature, f"{file}, feature {place}") for place, feature in enumerate(features, start=1)
    )
    codes = [board.code for board in boards]
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise TandemError(f"{file} holds board {repeated[0]} more than once.", _REMEDY)
    edition = 2022 if CODE[0].name in features[0]["properties"] else 2026
    return Boundaries(file, edition, boards)


def store_boundaries(store: Store, boundaries: Boundaries) -> str:
    """Write the boundaries of one edition in place of those held: 'new', 'replaced' or 'unchanged'."""
    rows = [
        [boundaries.edition, board.code, board.name, json.dumps(board.geometry, separators=(",", ":"))]
        for board in boundaries.boards
    ]
    with store.write() as writer:
        stored = writer.execute(
            f"SELECT {', '.join(_BOUNDARY)} FROM board_boundaries WHERE edition = ?", [boundaries.edition]
        )
        if sorted(stored) == sorted(map(tuple, rows)):
            return "unchanged"
        writer.execute("DELETE FROM board_boundaries WHERE edition = ?", [boundaries.edition])
        writer.insert(
            "board_boundaries", pa.Table.from_pylist([dict(zip(_BOUNDARY, row, strict=True)) for row in rows])
        )
        for board in boundaries.boards:
            writer.execute(
                "INSERT INTO boards (code, name, region_code, ons_code, in_2022, in_2026) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [
                    board.code,
                    board.name,
                    board.region_code or None,
                    board.ons_code or None,
                    boundaries.edition == 2022,
                    boundaries.edition == 2026,
                ],
            )
        digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
        ledger.record(writer, "boundaries", "", boundaries.file, digest, len(rows), origin="imported")
    return "replaced" if stored else "new"


def boundaries_held(store: Store, edition: int) -> list[tuple[str, str, str]]:
    """Give the boards of an edition, 2022 or 2026, as code, name and GeoJSON geometry, by code."""
    return [
        (board, name, geometry)
        for board, name, geometry in store.rows(
            "SELECT board, name, geojson FROM board_boundaries WHERE edition = ? ORDER BY board", [edition]
        )
    ]


def _read(source: str | Path | IO[bytes]) -> tuple[bytes, str]:
    if not isinstance(source, str | Path):
        file = Path(str(getattr(source, "name", "the file"))).name
        content = source.read(LIMIT + 1)
    else:
        file = Path(source).name
        try:
            with Path(source).open("rb") as opened:
                content = opened.read(LIMIT + 1)
        except OSError as fault:
            raise TandemError(f"{source} can't be read: {fault.strerror}.", "Check the path.") from fault
    if not content:
        raise TandemError(f"{file} is empty.", _REMEDY)
    if len(content) > LIMIT:
        raise TandemError(f"{file} has more than {LIMIT // 1024**2} MB.", _REMEDY)
    return content, file


def _board(feature: Any, where: str) -> BoardShape:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise TandemError(f"{where} has no properties.", _REMEDY)
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise TandemError(f"{where} is neither a Polygon nor a MultiPolygon.", _REMEDY)
    polygons = geometry.get("coordinates")
    _check_polygons([polygons] if geometry["type"] == "Polygon" else polygons, where)
    return BoardShape(
        _property(properties, CODE, where),
        _property(properties, NAME, where),
        _property(properties, ONS_CODE, where),
        _property(properties, REGION, where),
        geometry,
    )


def _property(properties: Mapping[str, Any], spellings: tuple[Column, ...], where: str) -> str:
    for column in spellings:
        value = properties.get(column.name)
        if isinstance(value, str) and value:
            return value
    if spellings[0].required:
        wanted = " or ".join(f"'{column.name}'" for column in spellings)
        raise TandemError(f"{where} lacks the property {wanted} ({spellings[0].meaning}).", _REMEDY)
    return ""


def _check_polygons(polygons: Any, where: str) -> None:
    rings = list(_rings(polygons, where))
    if not rings:
        raise TandemError(f"{where} has no coordinates.", _REMEDY)
    for ring in rings:
        if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
            raise TandemError(f"{where} has a ring that does not close.", _REMEDY)
        for point in ring:
            if not isinstance(point, list) or [type(x) in (int, float) for x in point[:2]] != [True, True]:
                raise TandemError(f"{where} has a point that is not two numbers.", _REMEDY)
            if not (_WEST <= point[0] <= _EAST and _SOUTH <= point[1] <= _NORTH):
                raise TandemError(
                    f"{where} has the point {point[0]}, {point[1]}, outside the United Kingdom in degrees.",
                    _REMEDY,
                )


def _rings(polygons: Any, where: str) -> Iterator[Any]:
    if not isinstance(polygons, list) or not all(isinstance(polygon, list) for polygon in polygons):
        raise TandemError(f"{where} has no coordinates.", _REMEDY)
    for polygon in polygons:
        yield from polygon

"""Board boundaries: both editions' property names, and what is refused."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from data.database.store import Store
from data.imports.boundaries import read_boundaries, store_boundaries
from data.shipped import load as reference
from models.errors import TandemError
from tests.data import extracts

pytestmark = pytest.mark.unit

SQUARE = [[-1.0, 52.0], [-1.0, 53.0], [-2.0, 53.0], [-1.0, 52.0]]
OLD: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"icb22cdh": "QK1", "icb22nm": "NHS Leicester ICB", "icb22cd": "E54000015"},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
    ],
}
NEW: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {
                "icb_code": "Z9B2Z",
                "icb_name": "NHS West and North London ICB",
                "region_code": "Y56",
            },
            "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
        }
    ],
}


def save(folder: Path, document: Any) -> Path:
    return extracts.save(folder, json.dumps(document).encode(), "boards.geojson")


def test_both_editions_are_read(tmp_path: Path) -> None:
    old = read_boundaries(save(tmp_path, OLD))
    assert (old.edition, old.boards[0].code, old.boards[0].ons_code) == (2022, "QK1", "E54000015")
    new = read_boundaries(save(tmp_path, NEW))
    assert (new.edition, new.boards[0].code, new.boards[0].region_code) == (2026, "Z9B2Z", "Y56")


def test_an_edition_replaces_itself_alone(store: Store, tmp_path: Path) -> None:
    old, new = read_boundaries(save(tmp_path, OLD)), read_boundaries(save(tmp_path, NEW))
    assert [store_boundaries(store, item) for item in (old, new, old)] == ["new", "new", "unchanged"]
    moved = copy.deepcopy(OLD)
    moved["features"][0]["geometry"]["coordinates"][0][1] = [-1.5, 53.0]
    assert store_boundaries(store, read_boundaries(save(tmp_path, moved))) == "replaced"
    assert store.rows("SELECT edition, board FROM board_boundaries ORDER BY edition") == [
        (2022, "QK1"),
        (2026, "Z9B2Z"),
    ]
    assert store.rows("SELECT code, in_2022, in_2026 FROM boards ORDER BY code") == [
        ("QK1", True, False),
        ("Z9B2Z", False, True),
    ]
    assert store.rows("SELECT count(*) FROM imports WHERE kind = 'boundaries'") == [(3,)]


@pytest.mark.parametrize("edition", reference.EDITIONS)
def test_the_shipped_boundaries_are_small_enough_to_serve(edition: int) -> None:
    assert reference.boundaries(edition).stat().st_size < 300_000


def change(path: str, value: Any) -> Any:
    """Give the 2022 document with one value set, by a path of keys."""
    document = copy.deepcopy(OLD)
    *keys, last = (int(key) if key.isdigit() else key for key in path.split("/"))
    at: Any = document
    for key in keys:
        at = at[key]
    at[last] = value
    return document


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([1], "not a GeoJSON FeatureCollection"),
        (change("type", "Feature"), "not a GeoJSON FeatureCollection"),
        (change("features", []), "holds no boards"),
        (change("features", [None]), "feature 1 has no properties"),
        (change("features/0/properties", {"name": "x"}), "lacks the property 'icb22cdh' or 'icb_code'"),
        (change("features/0/geometry", None), "neither a Polygon nor a MultiPolygon"),
        (change("features/0/geometry/type", "Point"), "neither a Polygon nor a MultiPolygon"),
        (change("features/0/geometry/coordinates", 7), "has no coordinates"),
        (change("features/0/geometry/coordinates", []), "has no coordinates"),
        (change("features/0/geometry/coordinates/0", SQUARE[:3]), "does not close"),
        (change("features/0/geometry/coordinates/0/1", ["a", 1]), "not two numbers"),
        (change("features/0/geometry/coordinates/0/1", [458_000, 305_000]), "outside the United Kingdom"),
        (change("features", OLD["features"] * 2), "board QK1 more than once"),
    ],
)
def test_refusals_name_the_feature(tmp_path: Path, document: Any, said: str) -> None:
    with pytest.raises(TandemError) as refused:
        read_boundaries(save(tmp_path, document))
    assert refused.value.message.startswith("boards.geojson")
    assert said in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"a":\n oops}', "line 2, column 2"),
        (b"\xff\xfe", "not a GeoJSON text"),
        (b"[" * 99999, "GeoJSON|JSON"),
    ],
)
def test_what_is_not_json_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(TandemError, match=said):
        read_boundaries(extracts.save(tmp_path, content, "boards.geojson"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="can't be read"):
        read_boundaries(tmp_path / "nowhere.geojson")

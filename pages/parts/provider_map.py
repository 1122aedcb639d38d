"""Maps that ask nothing of anybody else: the ground, the boards' boundaries, marks and arcs.

The ground is a MapLibre style in `static/`. Boundaries come from the store and are served from `static/made/`
under a name of their content, so that a browser fetches them once and never an old one.
"""

import hashlib
import json
import math
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st
from pydeck.bindings.json_tools import default_serialize

from data.database.store import Store
from data.imports.boundaries import boundaries_held
from data.returns.organisations import NEW_BOARDS_FROM
from models.rtt.organisations import Around

STATIC = Path(__file__).resolve().parents[2] / "static"
ENGLAND_VIEW = (52.9, -1.6, 5.4)  # latitude, longitude, zoom
_PLACES = 3  # decimals of a degree: about 70 metres
_TILE = 512  # pixels, the world at zoom 0
_MILES_A_DEGREE = 69.1  # of latitude
_METRES_A_MILE = 1609.344
_DRAWN = 520  # pixels a board may take
SMALLEST, LARGEST = 3.0, 30.0  # pixels, radius of a mark

Colour = tuple[int, int, int]
COLOURS: dict[str, dict[str, Colour]] = {  # the theme's, which a map can't read
    "light": {
        "spare": (11, 107, 99),
        "short": (168, 75, 0),
        "ink": (22, 32, 43),
        "none": (91, 103, 115),
        "land": (250, 251, 252),
        "border": (150, 163, 176),
        "paper": (255, 255, 255),
    },
    "dark": {
        "spare": (85, 194, 182),
        "short": (242, 162, 92),
        "ink": (232, 237, 242),
        "none": (155, 168, 180),
        "land": (30, 38, 47),
        "border": (92, 106, 120),
        "paper": (2, 4, 6),
    },
}
SIGNS = {"spare": "+", "short": "−"}


def mode() -> str:
    """Light or dark, as the page is looked at."""
    return "dark" if st.context.theme.type == "dark" else "light"


def edition_of(month: str) -> int:
    """Which boards' boundaries a month has: 2022's 42, or the 36 since April 2026."""
    return 2026 if month >= NEW_BOARDS_FROM else 2022


def boundaries_url(store: Store, edition: int) -> str:
    """The address of an edition's boundaries, simplified, written there if it is new."""
    return _served(store, str(store.path), edition, boundaries_digest(store, edition))[0]


def view_of(
    store: Store, edition: int, boards: list[str], around: Around | None = None
) -> tuple[float, float, float]:
    """Latitude, longitude and zoom that take in some boards, or the miles around a place; else England."""
    boxes = _served(store, str(store.path), edition, boundaries_digest(store, edition))[1]
    chosen = [boxes[board] for board in boards if board in boxes]
    if around and around.miles is not None:
        chosen = [_box_around(around)]
    if not chosen:
        return ENGLAND_VIEW
    west, south = min(box[0] for box in chosen), min(box[1] for box in chosen)
    east, north = max(box[2] for box in chosen), max(box[3] for box in chosen)
    middle = (south + north) / 2
    across = (east - west) / 360
    up = (north - south) / 360 / math.cos(math.radians(middle))
    zoom = math.log2(_DRAWN / _TILE / max(across, up, 1e-4))
    return round(middle, 3), round((west + east) / 2, 3), round(min(zoom, 9.5), 2)


def _box_around(around: Around) -> "Box":
    place, up = around.place, (around.miles or 0.0) / _MILES_A_DEGREE
    across = up / math.cos(math.radians(place.latitude))
    return (place.longitude - across, place.latitude - up, place.longitude + across, place.latitude + up)


def boundaries_digest(store: Store, edition: int) -> str:
    """What tells one edition's boundaries from those that were held before."""
    return hashlib.sha256(repr(boundaries_held(store, edition)).encode()).hexdigest()[:12]


Box = tuple[float, float, float, float]  # west, south, east, north


@st.cache_resource(max_entries=4, show_spinner=False)
def _served(_store: Store, path: str, edition: int, digest: str) -> tuple[str, dict[str, Box]]:
    features, boxes = [], {}
    for code, name, text in boundaries_held(_store, edition):
        geometry = json.loads(text)
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        simple = [[_simplified(ring) for ring in polygon] for polygon in polygons]
        points = [point for polygon in simple for ring in polygon for point in ring]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        boxes[code] = (min(xs), min(ys), max(xs), max(ys))
        features.append(
            {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": {"type": "MultiPolygon", "coordinates": simple},
            }
        )
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    folder = STATIC / "made"
    folder.mkdir(exist_ok=True)
    file = folder / f"boards-{edition}-{digest}.json"
    if not file.exists():
        parted = file.with_suffix(f".{os.getpid()}.part")
        parted.write_text(text, encoding="utf-8")
        os.replace(parted, file)
    return f"app/static/made/{file.name}", boxes


def _simplified(ring: list[list[float]]) -> list[list[float]]:
    """A ring with fewer decimals and no point twice in a row; it stays closed."""
    short: list[list[float]] = []
    for point in ring:
        rounded = [round(point[0], _PLACES), round(point[1], _PLACES)]
        if not short or short[-1] != rounded:
            short.append(rounded)
    return short if len(short) >= 4 else ring


class _Deck(pdk.Deck):
    """A deck that is sent without spaces and line ends: half the bytes, and sooner written."""

    def to_json(self) -> str:
        return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"))


def deck(
    boundaries: str,
    view: tuple[float, float, float],
    marks: pd.DataFrame,
    arcs: pd.DataFrame,
    side: str,
    chosen: str | None,
    boards: list[str],
    around: Around | None = None,
) -> pdk.Deck:
    """A map of providers.

    `marks` has a row a provider, as `drawn` gives it. `arcs` has a row a flow, from where patients wait to
    where capacity is spare: from, to and width. `chosen` is ringed, `boards` are outlined, and the miles
    `around` a place drawn as a circle.
    """
    shades = COLOURS[mode()]
    layers = [
        _boards_layer(boundaries, boards, shades),
        *_around_layers(around, shades),
        *_arc_layers(arcs, shades),
        *_mark_layers(marks, side, chosen, shades),
    ]
    latitude, longitude, zoom = view
    return _Deck(
        layers=layers,
        initial_view_state=pdk.ViewState(latitude=latitude, longitude=longitude, zoom=zoom, min_zoom=4.5),
        map_provider="mapbox",
        map_style=f"app/static/map_{mode()}.json",
        tooltip={"html": "<b>{name}</b><br/>{said}"},
    )


def _boards_layer(boundaries: str, boards: list[str], shades: dict[str, Colour]) -> pdk.Layer:
    named = " || ".join(f"properties.code == '{code}'" for code in boards) or "false"
    return pdk.Layer(
        "GeoJsonLayer",
        id="boards",
        data=boundaries,
        filled=True,
        stroked=True,
        pickable=False,
        get_fill_color=list(shades["land"]),
        line_width_units=pdk.types.String("pixels"),
        get_line_color=f"({named}) ? {list(shades['ink'])} : {list(shades['border'])}",
        get_line_width=f"({named}) ? 2.5 : 0.8",
        update_triggers={"getLineColor": boards, "getLineWidth": boards},
    )


def _around_layers(around: Around | None, shades: dict[str, Colour]) -> list[pdk.Layer]:
    """A dot at a place, and a circle of the miles around it."""
    at = [] if around is None else [[round(around.place.longitude, 4), round(around.place.latitude, 4)]]
    pixels, ink = pdk.types.String("pixels"), list(shades["ink"])
    rings = at if around and around.miles is not None else []
    return [
        pdk.Layer(
            "ScatterplotLayer",
            id="ring",
            data=rings,
            get_position="-",
            pickable=False,
            filled=False,
            stroked=True,
            get_radius=round(_METRES_A_MILE * ((around and around.miles) or 0.0)),
            get_line_color=[*ink, 170],
            line_width_units=pixels,
            get_line_width=1.5,
        ),
        pdk.Layer(
            "ScatterplotLayer",
            id="middle",
            data=at,
            get_position="-",
            pickable=False,
            get_fill_color=ink,
            radius_units=pixels,
            get_radius=SMALLEST,
        ),
    ]


def _arc_layers(arcs: pd.DataFrame, shades: dict[str, Colour]) -> list[pdk.Layer]:
    return [
        pdk.Layer(
            "ArcLayer",
            id="flows",
            data=_records(arcs),
            pickable=False,
            get_width="width",
            get_source_position="from",
            get_target_position="to",
            get_height=0.35,
            get_source_color=[*shades["short"], 210],
            get_target_color=[*shades["spare"], 210],
        )
    ]


def _mark_layers(
    marks: pd.DataFrame, side: str, chosen: str | None, shades: dict[str, Colour]
) -> list[pdk.Layer]:
    some, none = marks[marks["amount"] > 0], marks[marks["amount"] <= 0]
    paper, ink = list(shades["paper"]), list(shades["ink"])
    return [
        _dots(
            "amounts",
            _records(some[["at", "radius"]]),
            get_radius="radius",
            get_fill_color=[*shades[side], 190],
            **_edge(paper, 1),
        ),
        _dots(
            "without",
            none["at"].tolist(),
            get_position="-",
            get_radius=SMALLEST,
            get_fill_color=[*shades["none"], 170],
        ),
        _signs_layer(some[some["radius"] >= 7], paper),
        _dots(
            "chosen",
            _records(marks[marks["code"] == chosen][["at", "ring"]]),
            filled=False,
            get_radius="ring",
            **_edge(ink, 3),
        ),
        # what a click lands on: larger than the smallest marks, and hardly there to see
        _dots(
            "providers",
            _records(marks[["at", "code", "name", "said", "ring"]]),
            pickable=True,
            get_radius="ring",
            get_fill_color=[128, 128, 128, 1],
        ),
    ]


def _dots(
    name: str, data: list[Any], *, get_position: str = "at", pickable: bool = False, **look: Any
) -> pdk.Layer:
    """A layer of circles, with radii in pixels; `look` is deck.gl's own words for how they are drawn."""
    return pdk.Layer(
        "ScatterplotLayer",
        id=name,
        data=data,
        get_position=get_position,
        pickable=pickable,
        radius_units=pdk.types.String("pixels"),
        **look,
    )


def _edge(colour: list[int], width: int) -> dict[str, Any]:
    """A line around each circle, `width` pixels wide."""
    pixels = pdk.types.String("pixels")
    return {"stroked": True, "get_line_color": colour, "line_width_units": pixels, "get_line_width": width}


def _signs_layer(marks: pd.DataFrame, colour: list[int]) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        id="signs",
        data=_records(marks[["at", "sign", "size"]]),
        get_position="at",
        get_text="sign",
        get_size="size",
        get_color=colour,
        pickable=False,
        character_set=pdk.types.String("".join(SIGNS.values())),
        font_weight=pdk.types.String("bold"),
    )


def drawn(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    """Rows of providers as marks: an area as large as the amount, the smaller drawn over the larger."""
    most = max(float(rows["amount"].max()) if len(rows) else 0.0, 1.0)
    radius = (LARGEST * (rows["amount"] / most) ** 0.5).clip(lower=SMALLEST + 1).round(1)
    return rows.assign(
        at=[[round(x, 4), round(y, 4)] for x, y in zip(rows["longitude"], rows["latitude"], strict=True)],
        radius=radius,
        ring=(radius.where(rows["amount"] > 0, SMALLEST) + 4).clip(lower=8),
        sign=SIGNS[side],
        size=(1.3 * radius).round(),
    )


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]

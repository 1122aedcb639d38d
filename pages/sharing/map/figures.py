"""What the capacity map stands on: every provider's capacity as of a month, narrowed to what was asked."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from data.database.edition import edition
from data.database.store import Store
from data.returns import lists
from data.returns.capacity import capacity_of
from data.returns.capacity_uploads import history_of
from data.returns.history import provider_boards
from data.returns.organisations import providers_by_code
from models.calibration.rates import Calibration
from models.capacity.estimate import Capacity, Floor
from models.capacity.spare_appointments import PerStop, per_stop
from models.rtt.organisations import ENGLAND, Around, Place, Provider, great_circle_miles
from models.rtt.pressure import provider_names
from models.scenarios.assumptions import resolve
from models.scenarios.presets import preset
from questions.prepare import prepare
from questions.question import Question

Floats = NDArray[np.float64]
Side = Literal["spare", "short"]
Medium = Literal["both", "face_to_face", "virtual", "could_be_virtual"]


@dataclass(frozen=True)
class Figures:
    """Every provider in England's returns of a month: its capacity, its list, and where it is."""

    found: Capacity
    each: PerStop
    lists: pd.DataFrame  # as `data.returns.lists.by_provider`, indexed by code
    providers: dict[str, Provider]
    names: dict[str, str]  # plain, by code
    boards: dict[str, str]  # of that month, by provider

    @property
    def places(self) -> dict[str, Place]:
        """Head offices by code, of those whose place is known."""
        return {code: each.place for code, each in self.providers.items() if each.place}

    def stops(self, side: Side) -> Floats:
        """Spare, or plainly short, in clock stops a week; 0 where it is not known. (S,)"""
        amount = self.found.spare if side == "spare" else self.found.plainly_short
        return np.nan_to_num(amount)

    def appointments(self, side: Side, medium: Medium) -> Floats:
        """The same in attended appointments a week of a medium, by today's mix or as could be. (S,)

        Those that could be virtual are within the ceiling of their treatment function; today's are of them.
        """
        each = {
            "both": self.each.face_to_face + self.each.virtual,
            "face_to_face": self.each.face_to_face,
            "virtual": self.each.virtual,
            "could_be_virtual": self.each.most_virtual,
        }[medium]
        return np.nan_to_num(self.stops(side) * each)


@dataclass(frozen=True)
class Asked:
    """What the map is narrowed to; None for all."""

    side: Side = "spare"
    medium: Medium = "both"
    function: str | None = None
    board: str = ENGLAND
    kind: str | None = None
    around: Around | None = None


def figures(store: Store, month: str, floor: Floor) -> Figures:
    """The figures of a month, kept for all who look until returns or uploads change."""
    acts = history_of(store)
    returns = (str(store.path), edition(store, month))
    return _figures(store, returns, acts[0].id if acts else "", date.today(), month, floor)


@st.cache_resource(max_entries=6, show_spinner="Reckoning every provider's capacity …")
def _figures(
    _store: Store, returns: tuple[str, str], latest_act: str, today: date, month: str, floor: Floor
) -> Figures:
    usual = _usual(_store, returns, month)
    capacity = capacity_of(_store, ENGLAND, month, floor, usual=usual)
    each = per_stop(usual, resolve({}), {}, capacity)
    waiting_lists = lists.by_provider(_store, ENGLAND, month).set_index("provider")
    codes = sorted({*waiting_lists.index, *capacity.providers.tolist()})
    providers = providers_by_code(_store)
    official = {code: providers[code].name if code in providers else code for code in codes}
    boards = provider_boards(_store, month)
    return Figures(capacity, each, waiting_lists, providers, provider_names(official), boards)


@st.cache_resource(max_entries=2, show_spinner=False)
def _usual(_store: Store, returns: tuple[str, str], month: str) -> Calibration:
    """England's calibration, which neither a floor nor an upload changes and which takes seconds."""
    return prepare(_store, Question.of(_store, ENGLAND, preset("baseline"), month)).calibration


def all_names(store: Store) -> dict[str, str]:
    """Plain names by code of every provider the store knows, whether or not it returned anything."""
    return provider_names({code: each.name for code, each in providers_by_code(store).items()})


def narrowed(figures: Figures, asked: Asked) -> pd.DataFrame:
    """One row a provider that fits, the most first.

    Columns: code, name, board, kind, latitude, longitude (missing where not known), miles (from the place
    asked for), waiting; amount (appointments a week), virtual (how many of all are so today), stops (clock
    stops a week), series (how many are spare or short), uploaded (how many series of a board's own capacity).
    """
    capacity = figures.found
    chosen = np.ones(len(capacity.providers), dtype=bool)
    if asked.function:
        chosen = capacity.treatment_functions == asked.function
    codes, place = np.unique(capacity.providers[chosen].astype(str), return_inverse=True)
    stops = figures.stops(asked.side)[chosen]

    uploaded = np.zeros(len(capacity.providers))
    uploaded[list(capacity.uploaded)] = 1.0

    def added(values: Floats) -> Floats:
        return np.bincount(place, weights=values, minlength=len(codes)).astype(float)

    known = [figures.providers.get(code, Provider(code, code)) for code in codes]
    at = [each.place for each in known]
    rows = pd.DataFrame(
        {
            "code": codes,
            "name": [figures.names[code] for code in codes],
            "board": [figures.boards.get(code, "") for code in codes],
            "kind": [each.kind for each in known],
            "latitude": [each.latitude if each else np.nan for each in at],
            "longitude": [each.longitude if each else np.nan for each in at],
            "waiting": figures.lists["waiting"].reindex(codes).fillna(0).astype(int).to_numpy(),
            "amount": added(figures.appointments(asked.side, asked.medium)[chosen]),
            "virtual": added(figures.appointments(asked.side, "virtual")[chosen]),
            "stops": added(stops),
            "series": added((stops > 0).astype(float)).astype(int),
            "uploaded": added(uploaded[chosen]).astype(int),
        }
    )
    rows["miles"] = _miles(asked.around.place if asked.around else None, rows)
    return (
        rows[_fit(rows, asked)]
        .sort_values(["amount", "waiting", "code"], ascending=[False, False, True])
        .reset_index(drop=True)
    )


def _fit(rows: pd.DataFrame, asked: Asked) -> NDArray[np.bool_]:
    """Which providers are of the board and the kind asked for, and near enough."""
    keep = np.ones(len(rows), dtype=bool)
    if asked.board != ENGLAND:
        keep &= rows["board"].isin(asked.board.split("+")).to_numpy()
    if asked.kind:
        keep &= (rows["kind"] == asked.kind).to_numpy()
    if asked.around and asked.around.miles is not None:
        keep &= (rows["miles"] <= asked.around.miles).to_numpy()  # a distance not known is not within it
    return keep


def by_function(figures: Figures, provider: str, side: Side) -> pd.DataFrame:
    """One row a treatment function of a provider: those of the side, the other's, in balance, not known.

    Columns: place (in the capacity), tfc, share (% within 18 weeks); a week stops (spare, or plainly short
    below 0) and what is spare in face_to_face and virtual appointments, theatre slots and appointments that
    could_be_virtual; uploaded, known.
    """
    capacity, each = figures.found, figures.each
    places = np.flatnonzero(capacity.providers == provider)
    spare = np.nan_to_num(capacity.spare[places])
    short = np.nan_to_num(capacity.plainly_short[places])
    rows = pd.DataFrame(
        {
            "place": places,
            "tfc": capacity.treatment_functions[places].astype(str),
            "share": 100 * capacity.share[places],
            "stops": spare - short,
            "face_to_face": spare * np.nan_to_num(each.face_to_face[places]),
            "virtual": spare * np.nan_to_num(each.virtual[places]),
            "theatre": spare * np.nan_to_num(each.theatre[places]),
            "could_be_virtual": spare * np.nan_to_num(each.most_virtual[places]),
            "uploaded": [int(i) in capacity.uploaded for i in places],
            "known": capacity.known[places],
        }
    )
    towards = rows["stops"] if side == "spare" else -rows["stops"]
    rows["order"] = np.select([~rows["known"], towards > 0, towards < 0], [3, 0, 1], 2)
    rows["size"] = rows["stops"].abs()
    return rows.sort_values(["order", "size", "tfc"], ascending=[True, False, True], ignore_index=True)


def _miles(place: Place | None, rows: pd.DataFrame) -> Floats:
    if place is None:
        return np.full(len(rows), np.nan)
    return great_circle_miles(place.latitude, place.longitude, rows["latitude"], rows["longitude"])

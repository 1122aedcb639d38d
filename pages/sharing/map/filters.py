"""What the capacity map is asked for: its filters in one row, the month and the floor, kept in the link."""

from dataclasses import dataclass
from typing import cast

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.database.store import Store
from models.capacity.estimate import Floor
from models.rtt.months import add_months, month_label
from models.rtt.organisations import ENGLAND
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from pages.parts.scope import ALL, board_names, choose_board, choose_month, choose_one, pick
from pages.sharing.map.figures import Asked, Figures, Medium, Side, figures
from pages.sharing.map.place import choose_around

SIDES = {"spare": "Spare", "short": "Short"}
MEDIA = {
    "both": "All",
    "face_to_face": "Face to face",
    "virtual": "Virtual",
    "could_be_virtual": "Could be virtual",
}
KINDS = {"NHS trust": "NHS trusts", "Independent or other": "Independent and other"}
ARCS = {"possible": "Of the chosen provider", "plan": "Of the plan made under Pairing", "none": "None"}
_FLOORS = {
    "own": "Its own share today",
    **{str(share): f"{share}% within 18 weeks" for share in range(60, 95, 4)},
}
_MEDIUM_HELP = (
    "Appointments as held today: face to face, or virtual (by video or telephone). Could be virtual: all "
    "that can be under the specialty's ceiling, today's virtual ones among them."
)
_MEDIUM_SAID = {"both": "", "face_to_face": "face-to-face ", "virtual": "virtual ", "could_be_virtual": ""}


@dataclass(frozen=True)
class Choice:
    """Everything chosen on the map's page, with the figures it is about."""

    asked: Asked
    month: str
    floor: Floor
    arcs: str  # of ARCS
    board_name: str
    data: Figures


def choose_filters(store: Store, notes: DeltaGenerator) -> Choice:
    """Draw the filters, what is seldom changed behind a button; a fault of a place is said in `notes`."""
    grid = st.grid(4, min_column_width=150, gap="small", vertical_alignment="bottom")
    shown, specialty, media, area, kinds, near, within = (grid.cell() for _ in range(7))
    with grid.popover("More choices", width="stretch"):
        month = choose_month(store)
        floor = _choose_floor(month)
        arcs = pick("arcs", "Arcs", ARCS, "possible", help="Flows of patients drawn on the map")
    data = figures(store, month, floor)
    with shown:
        side = cast(Side, pick("shown", "Shown", SIDES, "spare"))
    with specialty:
        function = choose_one(
            "function", "Specialty", {code: each.name for code, each in TREATMENT_FUNCTIONS.items()}
        )
    with media:
        medium = cast(Medium, pick("medium", "Medium", MEDIA, "both", help=_MEDIUM_HELP))
    with area:
        board = choose_board(store, month)
    with kinds:
        kind = pick(
            "kind",
            "Provider type",
            {ALL: "All", **KINDS},
            ALL,
            help="Independent and other: hospitals, clinics and community services that are no NHS trust",
        )
    around = choose_around(data.names, data.places, near, within, notes)
    asked = Asked(side, medium, function, board, None if kind == ALL else kind, around)
    if around and around.miles is not None and board != ENGLAND:
        notes.caption("Only providers of this board. For all around the place choose England as the board.")
    return Choice(asked, month, floor, arcs, board_names(store, month)[board], data)


def headline(rows: pd.DataFrame, choice: Choice) -> str:
    """The answer in words, for the providers that the filters leave."""
    asked = choice.asked
    kinds = {None: "providers", "NHS trust": "NHS trusts"}.get(asked.kind, "independent and other providers")
    place = choice.board_name
    if asked.around and asked.around.miles is not None:
        place += f" within {asked.around.miles:.0f} miles of {asked.around.name}"
    if len(rows) == 0:
        return f"No {kinds.removesuffix('s')} in {place} fits these filters."
    having = int((rows["amount"] > 0).sum())
    where = f" for {TREATMENT_FUNCTIONS[asked.function].name.lower()}" if asked.function else ""
    if asked.side == "spare":
        claim = f"{'has' if having == 1 else 'have'} capacity to spare{where}: an estimated"
    else:
        claim = f"{'is' if having == 1 else 'are'} plainly short{where}: by an estimated"
    amount = f"{rows['amount'].sum():,.0f} {_MEDIUM_SAID[asked.medium]}appointments a week"
    if asked.medium == "could_be_virtual":
        amount += f" that could be virtual, {rows['virtual'].sum():,.0f} of which are today"
    return f"{having} of {len(rows)} {kinds} in {place} {claim} {amount}."


def _choose_floor(month: str) -> Floor:
    """The waits that providers keep for their own patients before they help others."""
    share = pick(
        "floor",
        "Floor",
        _FLOORS,
        "own",
        help="What a provider keeps for its own patients. Only what is left above it is spare.",
    )
    months = {"": "In six months"} | {
        later: f"By {month_label(later)}" for later in (add_months(month, ahead) for ahead in range(3, 37))
    }
    by = pick("by", "Floor met", months, "")
    return Floor(share=None if share == "own" else float(share) / 100, by=by or None)

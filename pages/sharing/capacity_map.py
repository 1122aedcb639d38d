"""Capacity map: which providers have appointments to spare, which are short, and who could help whom."""

from typing import cast

import pandas as pd
import streamlit as st

from data.capacity import spare_record
from models.capacity import Floor
from models.months import add_months, month_label
from models.organisations import ENGLAND
from models.partners import Partner
from models.treatment_functions import TREATMENT_FUNCTIONS
from pages.parts import capacity_card, capacity_edit, provider_map
from pages.parts.capacity_figures import Asked, Figures, Medium, Side, figures, narrowed
from pages.parts.scope import (
    ALL,
    board_names,
    choose,
    choose_board,
    choose_month,
    choose_one,
    forget,
    pick,
)
from pages.parts.store import shared_store

ARCS = 12
HEIGHT = 640  # pixels
_SIDES = {"spare": "Spare", "short": "Short"}
_MEDIA = {"both": "Both", "face_to_face": "Face to face", "virtual": "Virtual"}
_KINDS = {"NHS trust": "NHS trusts", "Independent or other": "Independent and other"}
_MILES = {ALL: "Any distance", "10": "10 miles", "25": "25 miles", "50": "50 miles", "100": "100 miles"}
_FLOORS = {
    "own": "Its own share today",
    **{str(share): f"{share}% within 18 weeks" for share in range(60, 95, 4)},
}

store = shared_store()


def pick_floor(month: str) -> Floor:
    """The waits that providers keep for their own patients before they help others."""
    share = pick(
        "floor", "Floor", _FLOORS, "own",
        help="What a provider keeps for its own patients. Only what is left above it is spare.",
    )  # fmt: skip
    months = {"": "In six months"} | {
        later: f"By {month_label(later)}" for later in (add_months(month, ahead) for ahead in range(3, 37))
    }
    by = pick("by", "Floor met", months, "")
    return Floor(share=None if share == "own" else float(share) / 100, by=by or None)


def headline(rows: pd.DataFrame, asked: Asked, place: str) -> str:
    """The answer in words, for the providers that the filters leave."""
    having = int((rows["amount"] > 0).sum())
    what = {"both": "", "face_to_face": "face-to-face ", "virtual": "virtual "}[asked.medium]
    where = f" for {TREATMENT_FUNCTIONS[asked.function].name.lower()}" if asked.function else ""
    if len(rows) == 0:
        return f"No provider in {place} fits these filters."
    verb = "has" if having == 1 else "have"
    if asked.side == "spare":
        said = f"{verb} capacity to spare{where}: an estimated"
    else:
        said = f"{'is' if having == 1 else 'are'} plainly short{where}: by an estimated"
    amount = f"{rows['amount'].sum():,.0f} {what}appointments a week"
    return f"{having} of {len(rows)} providers in {place} {said} {amount}."


def drawn_partners(data: Figures, code: str | None, side: Side) -> list[Partner]:
    """The partners of the chosen provider that arcs lead to or from: the largest whose place is known."""
    if code is None or code not in data.places:
        return []
    known = [each for each in capacity_card.partners_of(data, code, side) if each.provider in data.places]
    return known[:ARCS]


def arcs_of(data: Figures, code: str | None, partners: list[Partner], side: Side) -> pd.DataFrame:
    """Flows between the chosen provider and its partners, as lines from who waits to what is spare."""
    rows = []
    for each in partners:
        here, there = data.places[code or ""], data.places[each.provider]
        ends = [[here.longitude, here.latitude], [there.longitude, there.latitude]]
        source, target = reversed(ends) if side == "spare" else ends
        rows.append(
            {"from": source, "to": target, "width": round(1.5 + 4.5 * each.stops / partners[0].stops, 1)}
        )
    return pd.DataFrame(rows)


def partner_marks(data: Figures, partners: list[Partner], held: pd.DataFrame) -> pd.DataFrame:
    """Marks for partners that the filters leave out, so that an arc does not end in nothing."""
    return pd.DataFrame(
        [
            {
                "code": each.provider,
                "name": data.names[each.provider],
                "latitude": data.places[each.provider].latitude,
                "longitude": data.places[each.provider].longitude,
                "amount": 0.0,
                "said": f"a possible partner: {each.stops:,.1f} clock stops a week",
            }
            for each in partners
            if each.provider not in set(held["code"])
        ]
    )


filters = st.grid(7, min_column_width=120, gap="small")
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
    answer = st.container(width="stretch")
    opener = st.popover("Month and floor")
with opener:
    month = choose_month(store)
    floor = pick_floor(month)
data = figures(store, month, floor)
names = board_names(store, month)
with filters:
    side = cast(Side, pick("shown", "Shown", _SIDES, "spare"))
    function = choose_one("function", "Specialty", {c: each.name for c, each in TREATMENT_FUNCTIONS.items()})
    medium = cast(
        Medium,
        pick("medium", "Medium", _MEDIA, "both", help="Appointments face to face, or by video or telephone"),
    )
    board = choose_board(store, month)
    kind = pick("kind", "Provider type", {ALL: "All", **_KINDS}, ALL)
    near = choose_one("near", "Near", {code: data.names[code] for code in data.places if code in data.names})
    miles = pick("miles", "Within", _MILES, ALL, help="Between head offices, as the crow flies")
asked = Asked(
    side, medium, function, board, None if kind == ALL else kind, near, None if miles == ALL else float(miles)
)
rows = narrowed(data, asked)
answer.markdown(f"## {headline(rows, asked, names[board])}")
record = spare_record()[0]
st.caption(
    f"Estimated from the monthly returns to {month_label(month)}, or as uploaded by a board. Of the series "
    f"called spare in past months, **{record.delivered:.0%}** later delivered that much. "
    + (
        "Short is shown only where the need is above the middle of what a series may deliver. "
        if side == "short"
        else ""
    )
    + ("" if floor.share is None else f"Each keeps {floor.share:.0%} within 18 weeks for its own patients.")
)

selected: str | None = st.query_params.get("provider") or st.session_state.get("linked_provider") or ALL
if selected == ALL:
    selected = None
elif selected not in data.names:
    st.warning(
        f"Provider '{selected}' is not in the returns of {month_label(month)}. Choose one in the table."
    )
    selected = None


def follow_map() -> None:
    """A click on a mark opens its card; one on the mark again, or beside all, closes it.

    The map keeps its selection when a card is closed elsewhere: a click then takes it off and means to open.
    """
    objects = st.session_state["capacity_map"]["selection"]["objects"].get("providers", [])
    last = st.session_state.get("map_last")
    if objects:
        st.session_state["map_last"] = objects[0]["code"]
        choose("provider", objects[0]["code"])
    elif selected or not last:
        forget("provider")
    else:
        choose("provider", last)


def follow_table() -> None:
    """A click on a row opens its card."""
    picked = st.session_state["providers"]["selection"]["rows"]
    if picked:
        choose("provider", rows["code"].iloc[picked[0]])


word = "spare" if side == "spare" else "short"
located = rows.dropna(subset=["latitude"])
told = located.assign(
    said=[
        f"{amount:,.0f} appointments a week {word}, estimated" if amount > 0 else f"nothing {word}"
        for amount in located["amount"]
    ]
)
partners = drawn_partners(data, selected, side)
arcs = arcs_of(data, selected, partners, side)
marks = pd.concat([told, partner_marks(data, partners, told)], ignore_index=True)
chosen_boards = [] if board == ENGLAND else board.split("+")
edition = provider_map.edition_of(month)
halves = st.grid(3, min_column_width=290, gap="medium")
with halves.cell(column_span=2):
    st.pydeck_chart(
        provider_map.deck(
            provider_map.boundaries_url(store, edition),
            provider_map.view_of(store, edition, chosen_boards),
            provider_map.drawn(marks, side),
            arcs,
            side,
            selected,
            chosen_boards,
        ),
        height=HEIGHT,
        on_select=follow_map,
        selection_mode="single-object",
        key="capacity_map",
        alt=f"Map. {headline(rows, asked, names[board])} The table beside it says the same.",
    )
    missing = len(rows) - len(located)
    notes = [
        f"{'A teal +' if side == 'spare' else 'An orange −'} circle is as large as what is {word}; grey dots "
        "have nothing. Marks stand at head offices, not at each clinic."
    ]
    if missing:
        verb = "provider has" if missing == 1 else "providers have"
        notes.append(f"{missing} {verb} no known place: see the table.")
    if partners:
        notes.append(f"Arcs lead from who waits to what is spare: the {len(partners)} largest.")
    notes.append("Boundaries: Office for National Statistics, generalised.")
    st.caption(" ".join(notes))
with halves.cell():
    if selected:
        capacity_card.show_card(data, selected, side)
    else:
        st.dataframe(
            rows.round({"amount": 0})[["name", "amount", "stops", "series", "waiting", "board"]].assign(
                board=[names.get(code, code) for code in rows["board"]]
            ),
            hide_index=True,
            height=HEIGHT,
            key="providers",
            on_select=follow_table,
            selection_mode="single-row",
            alt=f"Table: providers by appointments a week {word}",
            column_config={
                "name": st.column_config.TextColumn("Provider", width=165, pinned=True),
                "amount": st.column_config.NumberColumn(
                    _SIDES[side], format="localized", width=70, help="Appointments a week"
                ),
                "stops": st.column_config.NumberColumn("Clock stops", format="%.1f"),
                "series": st.column_config.NumberColumn("Specialties"),
                "waiting": st.column_config.NumberColumn("Waiting", format="localized"),
                "board": st.column_config.TextColumn("Board"),
            },
        )
        st.caption("A week, estimated. Tick a row, or click a mark, for a provider's card.")
capacity_edit.show_uploads(store, data, selected)

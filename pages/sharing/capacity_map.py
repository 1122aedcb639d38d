"""Capacity map: which providers have appointments to spare, which are short, and who could help whom."""

from functools import partial

import pandas as pd
import streamlit as st

from data.database.store import Store
from data.returns.capacity import spare_record
from models.errors import TandemError
from models.rtt.months import month_label
from models.rtt.organisations import ENGLAND
from pages.parts import provider_map
from pages.parts.frame import show_fault
from pages.parts.scope import ALL, board_names, choose, forget
from pages.parts.store import shared_store
from pages.sharing.map import card as capacity_card
from pages.sharing.map import edit as capacity_edit
from pages.sharing.map.chosen_plan import kept_plan
from pages.sharing.map.figures import narrowed
from pages.sharing.map.filters import SIDES, Choice, choose_filters, headline
from pages.sharing.map.flows import Flow, arcs_of, flows_said, marks_of, planned_flows, possible_flows

HEIGHT = 600  # pixels
_NO_PLAN = "No plan was made in this session, so no arcs are drawn. Make one under Pairing, then come back."


def linked_provider() -> str | None:
    """The provider whose card the link or the session asks for."""
    wanted: str = st.query_params.get("provider") or st.session_state.get("linked_provider") or ALL
    return None if wanted == ALL else wanted


@st.fragment
def draw(store: Store) -> None:
    """Draw the filters, the map and the table or card: all that a filter changes, and no more."""
    try:
        _draw(store)
    except TandemError as fault:
        show_fault(fault)


def _draw(store: Store) -> None:
    filters, notes = st.container(), st.container()
    with filters:
        choice = choose_filters(store, notes)
    rows = narrowed(choice.data, choice.asked)
    st.markdown(f"## {headline(rows, choice)}")
    st.caption(_believed(choice))
    selected = linked_provider()
    if selected is not None and selected not in choice.data.names:
        notes.warning(
            f"Provider '{selected}' is not in the returns of {month_label(choice.month)}. Choose one in the "
            "table."
        )
        selected = None
    if capacity_edit.edits_another(selected):
        st.rerun()  # the editor stands below, outside of what a filter changes
    halves = st.grid(3, min_column_width=290, gap="medium")
    with halves.cell(column_span=2):
        _show_map(store, choice, rows, selected)
    with halves.cell():
        if selected:
            capacity_card.show_card(choice.data, selected, choice.asked.side)
        else:
            _show_table(store, choice, rows)
    if selected:
        capacity_card.show_partners(choice.data, selected)


def _believed(choice: Choice) -> str:
    """How far to believe it."""
    caution = (
        f"Estimated from the monthly returns to {month_label(choice.month)}, or as uploaded by a board. Of "
        f"the series called spare in past months, **{spare_record()[0].delivered:.0%}** later delivered that "
        "much."
    )
    if choice.asked.side == "short":
        caution += " Short is shown only where the need is above the middle of what a series may deliver."
    if choice.floor.share is not None:
        caution += f" Each keeps {choice.floor.share:.0%} within 18 weeks for its own patients."
    return caution


def _show_map(store: Store, choice: Choice, rows: pd.DataFrame, selected: str | None) -> None:
    asked, data = choice.asked, choice.data
    plan = kept_plan() if choice.arcs == "plan" else None
    flows: list[Flow] = []
    if plan:
        flows = planned_flows(data, plan, asked.function)
    elif choice.arcs == "possible" and selected:
        flows = possible_flows(data, selected, asked.side)
    marks = provider_map.drawn(
        marks_of(data, rows, asked.side, asked.medium, flows, selected).reset_index(drop=True), asked.side
    )
    edition = provider_map.edition_of(choice.month)
    boards = [] if asked.board == ENGLAND else asked.board.split("+")
    st.pydeck_chart(
        provider_map.deck(
            provider_map.boundaries_url(store, edition),
            provider_map.view_of(store, edition, boards, asked.around),
            marks,
            arcs_of(data, flows),
            asked.side,
            selected,
            boards,
            asked.around,
        ),
        height=HEIGHT,
        on_select=partial(_follow, selected),
        selection_mode="single-object",
        key="capacity_map",
        alt=f"Map. {headline(rows, choice)} The table beside it says the same.",
    )
    notes = [_legend(choice, rows)]
    if flows:
        notes.append(flows_said(flows, plan, board_names(store, choice.month)))
    elif choice.arcs == "plan":
        notes.append(_NO_PLAN if plan is None else "The chosen plan has no flow here.")
    notes.append("Boundaries: Office for National Statistics, generalised.")
    st.caption(" ".join(notes))


def _follow(selected: str | None) -> None:
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


def _legend(choice: Choice, rows: pd.DataFrame) -> str:
    """What the marks mean."""
    side = choice.asked.side
    legend = f"{'A teal +' if side == 'spare' else 'An orange −'} circle is as large as what is {side}"
    located = rows.dropna(subset=["latitude"])
    if (located["amount"] > 0).any():
        legend += f", the largest {located['amount'].max():,.0f} a week"
    legend += "; grey dots have nothing. Marks stand at head offices, not at each clinic."
    if missing := len(rows) - len(located):
        verb = "provider has" if missing == 1 else "providers have"
        legend += f" {missing} {verb} no known place: see the table."
    if around := choice.asked.around:
        drawn = "dot is at" if around.miles is None else "ring is around"
        legend += f" The {drawn} {around.name}."
    return legend


def _show_table(store: Store, choice: Choice, rows: pd.DataFrame) -> None:
    side, names = choice.asked.side, board_names(store, choice.month)
    shown = ["name", "amount", "stops", "series", "waiting", "board"]
    if choice.asked.around:
        shown.insert(2, "miles")
    if rows["uploaded"].any():
        shown.insert(2, "source")

    def follow() -> None:
        """A click in a row opens its card."""
        picked = st.session_state["providers"]["selection"]["cells"]
        if picked:
            choose("provider", rows["code"].iloc[picked[0][0]])

    number = st.column_config.NumberColumn
    st.dataframe(
        rows.assign(
            amount=rows["amount"].round(),
            board=[names.get(code, code) for code in rows["board"]],
            source=["uploaded" if many else "estimated" for many in rows["uploaded"]],
        )[shown],
        hide_index=True,
        height=min(35 * (len(rows) + 1) + 3, HEIGHT),
        key="providers",
        on_select=follow,
        selection_mode="single-cell",
        alt=f"Table: providers by appointments a week {side}",
        column_config={
            "name": st.column_config.TextColumn("Provider", width=236, pinned=True),
            "amount": number(SIDES[side], format="localized", width=62, help="Appointments a week"),
            "source": st.column_config.TextColumn(
                "Source", help="Uploaded: at least one specialty by the board itself"
            ),
            "miles": number("Miles", format="%.0f", width=60, help="From the place, as the crow flies"),
            "stops": number("Clock stops", format="%.1f", help="A week, all appointments together"),
            "series": number("Specialties", help=f"In how many it is {side}"),
            "waiting": number("Waiting", format="localized", help="Pathways, all specialties"),
            "board": st.column_config.TextColumn("Board"),
        },
    )
    st.caption("A week, estimated. Click a provider, here or on the map, for its card.")


capacity_edit.forget_edited()
store = shared_store()
draw(store)
capacity_edit.show_uploads(store, linked_provider())

"""Match preview: which waiting patients could go to which offered places, and why not the others."""

from datetime import date

import streamlit as st

from data.database.store import Store
from data.returns.organisations import providers_by_code
from models.matching.terms import Terms
from pages.parts.scope import board_names, choose_board
from pages.parts.store import shared_store
from pages.sharing.matching import patients as match_patients
from pages.sharing.matching import preview as match_preview
from pages.sharing.matching import slots as match_slots
from pages.sharing.matching.words import BANNER

STEPS = ("1 · Who is waiting", "2 · What is offered", "3 · The preview")
state = st.session_state


def try_it(store: Store, board: str, as_of: date, who: str) -> None:
    """Make both lists up, match them, and go to the preview."""
    match_patients.make_patients(store, board, match_patients.SIZE, match_patients.SEED, as_of, who)
    boards = match_slots.usual_boards(store, board)
    match_slots.make_slots(store, board, boards, match_slots.WEEKS, match_patients.SEED, as_of, who)
    match_preview.match(store, board, Terms(as_of), who)
    state["match_next"] = STEPS[2]


def go(step: str) -> None:
    """Go to a step. For use in callbacks."""
    state["match_step"] = step


def _choose_step() -> tuple[str | None, date, str]:
    """Draws the steps, the day and who is at work, and gives all three."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.segmented_control(
            "Steps", STEPS, required=True, key="match_step", label_visibility="collapsed"
        )
        st.space("stretch")
        as_of = st.date_input(
            "As of",
            date.today(),
            key="match_as_of",
            format="DD/MM/YYYY",
            width=140,
            help="Weeks that have begun by this day are past.",
        )
        who = st.text_input(
            "You",
            "planner",
            key="match_who",
            max_chars=40,
            width=160,
            help="Who makes lists, edits slots and takes answers down, as the history will say.",
        ).strip()
    return step, as_of, who


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    heading.title("Match preview", anchor=False)
    with chooser:
        board = choose_board(store)
    st.info(BANNER, icon=":material/visibility:")
    place = board_names(store)[board]
    providers = providers_by_code(store)
    patients, slots = match_preview.lists_chosen(store, board)
    if "match_next" in state:  # a widget's value may only be set before it is drawn
        state["match_step"] = state.pop("match_next")
    elif "match_step" not in state:
        state["match_step"] = STEPS[0 if patients is None else 1 if slots is None else 2]
    step, as_of, who = _choose_step()
    if patients is None and slots is None:
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Try it on made-up lists", key="match_try", icon=":material/science:"):
                with st.spinner("Making up both lists …"):
                    try_it(store, board, as_of, who)
                st.rerun()
            st.caption(f"{match_patients.SIZE:,} synthetic patients of {place}, and synthetic slots.")
    if step == STEPS[0]:
        match_patients.show_step(store, board, place, as_of, who)
        if patients is not None:
            st.button(
                "Next: what is offered", type="primary", key="match_next_1", on_click=go, args=(STEPS[1],)
            )
    elif step == STEPS[1]:
        names = {code: each.plain_name for code, each in providers.items()}
        waiting = None if patients is None else match_patients.stored_patients(store, patients.id)
        match_slots.show_step(store, board, waiting, as_of, who, names)
        if slots is not None:
            st.button("Next: the preview", type="primary", key="match_next_2", on_click=go, args=(STEPS[2],))
    else:
        match_preview.show_step(store, board, place, as_of, who, providers)


draw()

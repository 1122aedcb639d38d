"""Milestones of the expectations: set, changed, done, taken back, with who did it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from data.database.store import Store
from data.saved.milestones import milestones, save_milestone, undo_milestone
from models.errors import TandemError
from models.outcomes.expectations import EXPECTATIONS
from models.outcomes.milestones import LONGEST, LONGEST_WHO, Milestone
from models.rtt.months import add_months, month_label, month_of, month_range

state = st.session_state
MONTHS = 36  # ahead that a milestone may be due
FIRST = "involve-people"  # what a milestone is offered for first: an expectation without a figure


def show_milestones(store: Store, board: str) -> None:
    """Draw the board's milestones, with what changes one, and a form for a new one."""
    if fault := state.pop("milestone_fault", None):
        st.error(f"{fault.message}\n\n**What to do:** {fault.remedy}")
    _show_undo(store)
    known = milestones(store, board)
    if not known:
        st.caption(
            "None is set for this board yet. They belong to the board: everybody who opens it sees them, and "
            "who set them."
        )
    for each in known:
        _show_one(store, each)
    with st.popover("Set a milestone", icon=":material/add:"):
        new = Milestone(board, FIRST, "?", add_months(month_of(date.today()), 6), "?")
        _show_form(store, new, "milestone_new")


def _show_one(store: Store, milestone: Milestone) -> None:
    key = f"milestone_{milestone.id}_{milestone.version}"
    with st.container(horizontal=True, vertical_alignment="center"):
        icon = ":material/check_circle:" if milestone.done else ":material/radio_button_unchecked:"
        st.markdown(
            f"{icon} **{EXPECTATIONS[milestone.expectation].title}**: {milestone.said(date.today())}  \n"
            f":small[Set by {milestone.who}"
            f"{f', {milestone.changed_at:%d %B %Y}' if milestone.changed_at else ''}]",
            width="stretch",
        )
        with st.popover("Change"):
            _show_form(store, milestone, key)


def _show_form(store: Store, milestone: Milestone, key: str) -> None:
    """Draw the form of one milestone, a new one where it has no id."""
    fresh = not milestone.id
    first = min(month_of(date.today()), milestone.due)
    due = month_range(first, add_months(max(month_of(date.today()), milestone.due), MONTHS))

    def made(done: bool, deleted: bool = False) -> Milestone:
        return replace(
            milestone,
            expectation=state[f"{key}_for"],
            name=state[f"{key}_name"],
            due=state[f"{key}_due"],
            who=state[f"{key}_who"],
            done=done,
            deleted=deleted,
        )

    def kept(make: Callable[[], Milestone]) -> None:
        try:
            state["milestone_last"] = save_milestone(store, make())
            state["milestone_who"] = state[f"{key}_who"]
        except TandemError as fault:
            state["milestone_fault"] = fault

    st.selectbox(
        "Expectation",
        list(EXPECTATIONS),
        list(EXPECTATIONS).index(milestone.expectation),
        key=f"{key}_for",
        format_func=lambda name: EXPECTATIONS[name].title,
    )
    st.text_input(
        "What is to be done",
        "" if fresh else milestone.name,
        max_chars=LONGEST,
        key=f"{key}_name",
        placeholder="Patient panel has met and been answered",
    )
    st.selectbox("By the end of", due, due.index(milestone.due), format_func=month_label, key=f"{key}_due")
    done = st.checkbox("Done", milestone.done, key=f"{key}_done")
    st.text_input("Your name", state.get("milestone_who", ""), max_chars=LONGEST_WHO, key=f"{key}_who")
    with st.container(horizontal=True):
        st.button(
            "Save",
            type="primary",
            key=f"{key}_save",
            on_click=kept,
            args=(lambda: made(state[f"{key}_done"]),),
        )
        if not fresh:
            st.button("Delete", key=f"{key}_delete", on_click=kept, args=(lambda: made(done, deleted=True),))


def _show_undo(store: Store) -> None:
    """Offer to take back the change made last in this session."""
    last: Milestone | None = state.get("milestone_last")
    if last is None:
        return

    def undo() -> None:
        try:
            undo_milestone(store, last, last.who)
        except TandemError as fault:
            state["milestone_fault"] = fault
        state.pop("milestone_last", None)

    what = "deleted" if last.deleted else "saved"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/info: '{last.name}' is {what}.")
        st.button("Undo", key="milestone_undo", on_click=undo, icon=":material/undo:")

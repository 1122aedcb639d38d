"""Scorecard: the ten expectations, each held against what a scenario leads to by its date."""

import uuid

import streamlit as st

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError
from models.rtt.months import month_label
from models.rtt.organisations import ENGLAND
from pages.parts.equity_run import followed, known
from pages.parts.jobs import finished
from pages.parts.report_files import show_report_files
from pages.parts.scenario_choice import choose_scenario
from pages.parts.scope import board_names, choose_board
from pages.parts.scorecard_run import AS_OF, read_asked, write_link
from pages.parts.store import held_months, shared_store
from pages.what_if.scoring.card import show_glance, show_rows
from pages.what_if.scoring.milestones import show_milestones
from pages.what_if.scoring.reach import show_reach
from pages.what_if.scoring.targets import show_targets
from pages.what_if.scoring.travel import show_travel
from questions.lab import Lab, LabAnswer
from questions.scorecard import Scorecard, ScorecardAnswer

state = st.session_state


def runs_of(store: Store, asked: Scorecard) -> LabAnswer | None:
    """The runs behind the scorecard once they are done; until then how far they are."""
    question = asked.question
    if question.scope == ENGLAND and state.get("scorecard_go") != question.digest:
        st.info("All England takes most of a minute for each run.")
        st.button("Run", on_click=state.update, kwargs={"scorecard_go": question.digest}, type="primary")
        return None
    asked_of_lab = Lab(question, keep=True)
    return finished(store, asked_of_lab, state["lab_watcher"], "scorecard_stopped", "scorecard_cancel")


def show_card(store: Store, asked: Scorecard, place: str) -> None:
    """Draw the scorecard and what belongs to it, once the runs are done."""
    lab = runs_of(store, asked)
    if lab is None:
        return
    answer = asked.judge(store, lab.asked_as(asked.question), known(store, asked.question))
    st.caption(f"{place} · {answer.title[0].upper()}{answer.title[1:]}")
    st.markdown(f"## {answer.card.headline}")
    with st.popover("Take away", icon=":material/download:"):
        name = f"tandem-{asked.question.scope}-scorecard-{asked.question.month}"
        show_report_files(answer.report, name, "scorecard")
    show_glance(answer.card)
    show_gap_work(store, asked)
    show_detail(store, asked, answer)


def show_gap_work(store: Store, asked: Scorecard) -> None:
    """Offer to work out the gap by deprivation, or show how far that is; nothing once it is known."""
    if known(store, asked.question):
        return
    if state.get("scorecard_gap") == asked.question.digest:
        st.caption("Following who waits, by deprivation, age and access")
        if followed(store, asked.question):
            st.rerun()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Work out the gap by deprivation",
            key="scorecard_gap_go",
            icon=":material/play_arrow:",
            on_click=state.update,
            kwargs={"scorecard_gap": asked.question.digest},
        )
        st.caption(
            "Takes a minute or so for a board, longer where others run too; the page stays usable meanwhile."
        )


def show_detail(store: Store, asked: Scorecard, answer: ScorecardAnswer) -> None:
    """Draw each expectation in a row, and below what changes or explains them."""
    show_rows(answer.card)
    with st.expander("Targets and dates", expanded=bool(asked.own)):
        show_targets(asked)
    with st.expander("What would it take?"):
        show_reach(store, asked, answer)
    st.markdown("#### Milestones")
    show_milestones(store, asked.question.scope)
    st.markdown("#### Travel")
    show_travel(answer.travel)
    st.caption(
        f"Estimated by simulation. Figures to {month_label(asked.question.month)}, "
        f"{asked.question.weeks} weeks, {asked.question.replications} futures, seed {asked.question.seed}, "
        f"Tandem {PRODUCT_VERSION}. The address of this page reopens it."
    )


def show_age(asked: Scorecard, newest: str) -> None:
    """Say when the figures are no longer the newest, and offer to run on those."""
    if asked.question.month == newest:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"This runs on the figures to {month_label(asked.question.month)}. Newer ones have arrived.")
        st.button(f"Run on {month_label(newest)}", on_click=st.query_params.update, kwargs={AS_OF: newest})


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    present = held_months(store)
    state.setdefault("lab_watcher", uuid.uuid4().hex)
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    heading.title("Scorecard", anchor=False)
    with chooser:
        board = choose_board(store)
    choice = choose_scenario(store, board, key="scorecard_scenario")
    try:
        asked = read_asked(store, board, choice, present)
    except TandemError as fault:
        st.error(f"**This link can't be opened as it is.** {fault.message}\n\n**What to do:** {fault.remedy}")
        return
    write_link(asked)
    show_age(asked, present[-1])
    show_card(store, asked, board_names(store, asked.question.month)[board])


draw()

"""Scorecard: the ten expectations, each held against what a scenario leads to by its date."""

import uuid
from functools import partial

import streamlit as st

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.past_errors import error_said
from models.errors import TandemError
from models.outcomes.scorecard import Scorecard
from models.outcomes.travel import Travel
from models.rtt.months import WEEKS_PER_MONTH, month_label
from models.rtt.organisations import ENGLAND
from pages.parts.equity_run import followed, known
from pages.parts.report_files import show_report_files
from pages.parts.runs import Comparison, desk
from pages.parts.scenario_choice import choose_scenario
from pages.parts.scope import board_names, choose_board
from pages.parts.scorecard_run import AS_OF, Asked, read_asked, scored, write_link
from pages.parts.store import held_months, shared_store
from pages.parts.studies import watch
from pages.what_if.scoring.card import show_glance, show_rows
from pages.what_if.scoring.milestones import show_milestones
from pages.what_if.scoring.reach import show_reach
from pages.what_if.scoring.targets import show_targets
from pages.what_if.scoring.travel import show_travel
from questions.choice import Choice
from sim.reports.scorecard import scorecard_report

state = st.session_state
UNCHANGED = "as things are heading"


def finished(store: Store, asked: Asked) -> Comparison | None:
    """The runs behind the scorecard once they are done; until then how far they are."""
    request, watcher = asked.request, state["lab_watcher"]
    if request.scope == ENGLAND and state.get("scorecard_go") != request.digest:
        st.info("All England takes most of a minute for each run.")
        st.button("Run", on_click=state.update, kwargs={"scorecard_go": request.digest}, type="primary")
        return None
    if state.get("scorecard_stopped") == request.digest:
        st.warning("The run was stopped before it was done.")
        st.button("Run again", on_click=state.pop, args=("scorecard_stopped",), icon=":material/play_arrow:")
        return None
    job = desk().ask(store, request, watcher)
    job.done.wait(0.05)  # what is remembered is there at once
    if not job.done.is_set():

        def stop() -> None:
            state["scorecard_stopped"] = request.digest
            desk().cancel(job, watcher)

        watch(job, stop, "scorecard_cancel")
        return None
    if job.fault:
        st.error(f"{job.fault.message}\n\n**What to do:** {job.fault.remedy}")
        return None
    return job.comparison


def show_card(store: Store, asked: Asked, choice: Choice | None, place: str) -> None:
    """Draw the scorecard and what belongs to it, once the runs are done."""
    found = finished(store, asked)
    if found is None:
        return
    title = choice.title if choice else UNCHANGED
    card, travelled = scored(store, asked, title, found)
    st.caption(f"{place} · {title[0].upper()}{title[1:]}")
    st.markdown(f"## {card.headline}")
    with st.popover("Take away", icon=":material/download:"):
        made = partial(
            scorecard_report,
            card,
            travelled,
            found.scenario.results,
            place,
            PRODUCT_VERSION,
            error_said(asked.request.scope, asked.request.weeks / WEEKS_PER_MONTH),
        )
        show_report_files(made, f"tandem-{asked.request.scope}-scorecard-{asked.request.month}", "scorecard")
    show_glance(card)
    show_gap_work(store, asked)
    show_detail(store, asked, card, travelled, found)


def show_gap_work(store: Store, asked: Asked) -> None:
    """Offer to work out the gap by deprivation, or show how far that is; nothing once it is known."""
    if known(store, asked.request):
        return
    if state.get("scorecard_gap") == asked.request.digest:
        st.caption("Following who waits, by deprivation, age and access")
        if followed(store, asked.request):
            st.rerun()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Work out the gap by deprivation",
            key="scorecard_gap_go",
            icon=":material/play_arrow:",
            on_click=state.update,
            kwargs={"scorecard_gap": asked.request.digest},
        )
        st.caption(
            "Takes a minute or so for a board, longer where others run too; the page stays usable meanwhile."
        )


def show_detail(store: Store, asked: Asked, card: Scorecard, travelled: Travel, found: Comparison) -> None:
    """Draw each expectation in a row, and below what changes or explains them."""
    show_rows(card)
    with st.expander("Targets and dates", expanded=bool(asked.own)):
        show_targets(asked)
    with st.expander("What would it take?"):
        show_reach(store, asked, card, found)
    st.markdown("#### Milestones")
    show_milestones(store, asked.request.scope)
    st.markdown("#### Travel")
    show_travel(travelled)
    st.caption(
        f"Estimated by simulation. Figures to {month_label(asked.request.month)}, {asked.request.weeks} "
        f"weeks, {asked.request.replications} futures, seed {asked.request.seed}, Tandem {PRODUCT_VERSION}. "
        "The address of this page reopens it."
    )


def show_age(asked: Asked, newest: str) -> None:
    """Say when the figures are no longer the newest, and offer to run on those."""
    if asked.request.month == newest:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"This runs on the figures to {month_label(asked.request.month)}. Newer ones have arrived.")
        st.button(f"Run on {month_label(newest)}", on_click=st.query_params.update, kwargs={AS_OF: newest})


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    held = held_months(store)
    state.setdefault("lab_watcher", uuid.uuid4().hex)
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    heading.title("Scorecard", anchor=False)
    with chooser:
        board = choose_board(store)
    choice = choose_scenario(store, board, key="scorecard_scenario")
    try:
        asked = read_asked(store, board, choice, held)
    except TandemError as fault:
        st.error(f"**This link can't be opened as it is.** {fault.message}\n\n**What to do:** {fault.remedy}")
        return
    write_link(asked)
    show_age(asked, held[-1])
    show_card(store, asked, choice, board_names(store, asked.request.month)[board])


draw()

"""Scenario lab: what a change would do to a board's list, against the same future without it."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.lists import by_provider
from data.saved.scenarios import SavedScenario
from models.errors import TandemError
from models.pairing.default_pair import needs_trusts
from models.rtt.months import month_label
from models.rtt.organisations import plain_name
from models.scenarios.presets import PRESETS, preset
from pages.parts.jobs import watch
from pages.parts.numbers import run_in_words
from pages.parts.present import show_present_button
from pages.parts.prices import choose_prices
from pages.parts.report_files import show_report_files
from pages.parts.scope import board_names, choose_board
from pages.parts.store import held_months, shared_store
from pages.what_if.lab import saved as lab_saved
from pages.what_if.lab import tour as lab_tour
from pages.what_if.lab.answer import show_detail, show_list, show_sentences
from pages.what_if.lab.form_state import (
    again,
    answer_now,
    current_question,
    job_for,
    named,
    runs_at_once,
    saved_shown,
    show_next,
    turn_to_next,
    write_address,
)
from pages.what_if.lab.layout import lab_places
from pages.what_if.lab.lever_form import draw_form
from pages.what_if.lab.report_part import expectations
from questions.choice import SAVED
from questions.jobs import Job, jobs
from questions.lab import LabAnswer
from questions.question import REPLICATIONS, SEEDS, WEEKS, Question, canonical, pack, same_effect

state = st.session_state


def show_faulty_link(fault: TandemError) -> None:
    """Say which part of a link is wrong and what to do."""
    st.error(f"**This link can't be opened as it is.** {fault.message}\n\n**What to do:** {fault.remedy}")


def show_cards(question: Question) -> None:
    """Draw the scenarios that ship with the product; one click runs one."""
    with st.grid(4, min_column_width=200):
        for name in PRESETS:
            scenario = preset(name)
            open_pair = needs_trusts(scenario)  # what is shown has its trusts filled in
            chosen = question.scenario.name == name if open_pair else same_effect(scenario, question.scenario)
            chosen = chosen and "lab_fault" not in state  # then none is shown
            with st.container(gap="small"):
                st.button(
                    scenario.title,
                    key=f"preset_{name}",
                    type="primary" if chosen else "secondary",
                    width="stretch",
                    on_click=show_next,
                    args=(scenario,),
                    help="Runs on the chosen board",
                )
                st.caption(f"{scenario.description}  \n*{PRESETS[name].source}*")


def show_form(question: Question, providers: Mapping[str, str]) -> Question:
    """Draw the levers and give the question to answer: what the form says, at once or once Run is pressed."""
    top = st.container()
    given = draw_form(providers, question.month)
    with st.popover("Weeks, futures and seed", width="stretch"):
        weeks = st.slider("Weeks ahead", *WEEKS[:2], step=1, key="lab_weeks")
        futures = st.slider(
            "Simulated futures",
            *REPLICATIONS[:2],
            step=5,
            key="lab_replications",
            help="More futures make the bands steadier and the run longer.",
        )
        seed = st.number_input(
            "Seed", *SEEDS[:2], step=1, key="lab_seed", help="The same seed gives the same numbers."
        )
    try:
        document = canonical(named(given, question.scenario))
    except TandemError as fault:
        top.error(f"{fault.message}\n\n**What to do:** {fault.remedy}")
        return question
    draft = replace(question, document=document, weeks=int(weeks), replications=int(futures), seed=int(seed))
    # a scenario may say more than the form holds, as a lever pulled twice: it stands until somebody moves one
    if draft.digest in (question.digest, state.setdefault("lab_form_read", draft.digest)):
        return question
    if not runs_at_once(draft):
        top.warning("The settings have changed. The answer shown is from before.")
        if not top.button("Run", type="primary", width="stretch", icon=":material/play_arrow:"):
            return question
    answer_now(draft)
    return draft


def show_link(question: Question) -> None:
    """Write the link that reopens exactly this."""
    st.caption("Copy link: it reopens exactly this, with the same numbers")
    saved = saved_shown(question)
    page = st.context.url or ""
    link = lab_saved.saved_link(page, saved) if saved else question.link(page)
    st.code(link, language=None, wrap_lines=True)


def show_head(job: Job, store: Store, question: Question, place: str) -> LabAnswer | None:
    """Draw the answer's sentences and its picture, and give them; or how far the run is, or why it ended."""
    if not job.done.is_set():
        watch(job, lambda: jobs().cancel(job, state["lab_watcher"]), "lab_cancel")
        return None
    if job.fault:
        st.warning(job.fault.message)
        st.button("Run again", on_click=again, args=(question,), help=job.fault.remedy)
        return None
    lab: LabAnswer = job.answer.asked_as(question)
    state.setdefault("lab_series", {})[question.scope] = lab.comparison.scenario.series
    title = question.scenario.title
    st.caption(f"{place} · {title}")
    if saved := saved_shown(question):
        lab_saved.show_notice(store, saved)
    with st.container(key="lab_headline"):
        show_sentences(lab)
    with st.container(horizontal=True, key="lab_actions"):
        if st.button("Save", icon=":material/save:", key="lab_save"):
            basis: SavedScenario | None = state.get("lab_saved")
            of_board = basis if basis and basis.scope == question.scope else None
            state.pop("save_outdated", None)  # told in the dialog before
            lab_saved.save_dialog(store, question, of_board, show_next)
        with st.popover("Take away", icon=":material/download:"):
            name = f"tandem-{question.scope}-{question.scenario.name}-{question.month}"
            prices = choose_prices(question.scenario, question.month, question.weeks, "lab")
            made = partial(lab.report, prices)
            card = expectations(store, lab)
            show_report_files(made, name, "lab", question.scenario.document(), card)
        link = {"board": question.scope} | question.parameters()
        show_present_button(link, "lab_present")
        show_ways_on(question, saved)
    show_list(lab)
    return lab


def show_ways_on(question: Question, saved: SavedScenario | None) -> None:
    """Draw the ways to the pages that take this scenario further: beside others, and as a scorecard."""
    if not question.scenario.levers:
        return
    token = f"{SAVED}{saved.id}.{saved.version}" if saved else pack(question.scenario)
    settings = {name: value for name, value in question.parameters().items() if name != "scenario"}
    query = {"board": question.scope, "with": token, **settings}
    if st.button("Compare", key="lab_to_compare", icon=":material/table_chart:", help="Beside others"):
        st.switch_page("pages/what_if/compare.py", query_params=query)
    if st.button(
        "Scorecard",
        key="lab_to_scorecard",
        icon=":material/fact_check:",
        help="Against the standard, long waits, journeys and cost",
    ):
        known = {"board": question.scope, "with": token, "asof": question.month}  # it asks for no more
        st.switch_page("pages/what_if/scorecard.py", query_params=known)


def show_rest(lab: LabAnswer, store: Store, place: str, providers: dict[str, str]) -> None:
    """Draw the detail behind the answer, what was run, and the link to it."""
    show_detail(lab, place, store, providers, show_next)
    if lab.warning:
        st.warning(lab.warning)
    st.caption(f"Estimated by simulation. {run_in_words(lab.question)}")
    show_link(lab.question)


def show_age(store: Store, question: Question, newest: str) -> None:
    """Say when the figures behind the question are no longer the newest, and offer to run on those."""
    if state.get("lab_revised"):
        st.info(
            f"The figures to {month_label(question.month)} have been revised since this link was made, so "
            "the numbers differ from those it was sent with."
        )
    saved = saved_shown(question)
    if saved and saved.product_version != PRODUCT_VERSION:
        st.info(
            f"Saved with Tandem {saved.product_version}; this is {PRODUCT_VERSION}, whose numbers may differ."
        )
    if question.month == newest:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"This runs on the figures to {month_label(question.month)}. Newer ones have arrived.")
        newer = replace(question, month=newest, edition=edition(store, newest))
        st.button(f"Run again on {month_label(newest)}", on_click=again, args=(newer,))


@st.cache_data(max_entries=8, show_spinner=False)
def provider_names(_store: Store, board: str, month: str, edition: str) -> dict[str, str]:
    """The board's providers by code, largest list first."""
    lists = by_provider(_store, board, month)
    return {row.provider: plain_name(row.name) for row in lists.itertuples()}


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    present = held_months(store)
    state.setdefault("lab_watcher", uuid.uuid4().hex)
    lab_tour.begin()
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    with heading, st.container(horizontal=True, vertical_alignment="bottom"):
        st.title("What if …?", anchor=False, width="content")
        lab_tour.show_way_in()
    turn_to_next(store)
    linked = st.query_params.get("asof") or (state["lab_request"].month if "lab_request" in state else "")
    with chooser:
        board = choose_board(store, linked if linked in present else present[-1])
    question = current_question(store, board, present)
    place = board_names(store, question.month)[board]
    question = lab_tour.follow(question)
    above = st.container()
    providers = provider_names(store, board, question.month, question.edition)
    start, levers, head, detail = lab_places()
    with levers:
        st.markdown("#### Levers")
        question = show_form(question, providers)
    with above:
        show_above(store, question, place, present[-1])
    with start:
        show_shelf(store, question, board, present[-1])
    jobs().leave_others(question.digest, state["lab_watcher"])
    job = None if "lab_fault" in state else job_for(store, question)
    lab = None
    with head:
        if job is not None:
            lab = show_head(job, store, question, place)
        elif "lab_fault" not in state:
            st.info("All England takes most of a minute. Press Run, or choose a scenario, to start it.")
    if lab is not None:
        with detail:
            show_rest(lab, store, place, providers)
    lab_tour.show_tour(store, question, place, lab)
    if toast := state.pop("lab_toast", ""):
        st.toast(toast, icon=":material/check:")


def show_above(store: Store, question: Question, place: str, newest: str) -> None:
    """Draw what stands above all: a faulty link, the age of the figures, the offer of the tour."""
    if "lab_fault" in state:
        show_faulty_link(state["lab_fault"])
    else:
        write_address(question)
    show_age(store, question, newest)
    lab_saved.show_undo(store)
    lab_tour.show_offer(place)


def show_shelf(store: Store, question: Question, board: str, newest: str) -> None:
    """Draw the scenarios to start from; drawn only while open, so that a lever's move need not wait."""
    shown = "" if "lab_fault" in state else f" Shown: {question.scenario.title}"
    shelf = st.expander(
        f"**Start from** a scenario, or a saved one.{shown}", key="lab_shelf", on_change="rerun"
    )
    if not shelf.open:
        return
    with shelf:
        choices = ["Ready to run", "Saved here"]
        kind = st.segmented_control(
            "Scenarios",
            choices,
            default=choices[0],
            required=True,
            key="lab_shelf_kind",
            label_visibility="collapsed",
        )
        if kind == choices[0]:
            show_cards(question)
        else:
            lab_saved.show_saved(store, board, saved_shown(question), newest, show_next)


draw()

"""Scenario lab: what a change would do to a board's list, against the same future without it."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from data.edition import edition
from data.lists import by_provider
from data.store import Store
from models.errors import TandemError
from models.months import month_label
from models.organisations import ENGLAND, plain_name
from models.presets import PRESETS, preset
from models.scenario import Scenario, read_scenario
from pages.parts.lab_answer import show_detail, show_list, show_sentences
from pages.parts.lab_link import (
    NAMES,
    REPLICATIONS,
    SEEDS,
    WEEKS,
    Request,
    asked,
    canonical,
    read_query,
    same_effect,
)
from pages.parts.lab_numbers import run_in_words
from pages.parts.lever_form import draw_form, fill_form, form_is_filled
from pages.parts.runs import Job, desk, in_words
from pages.parts.scope import board_names, choose_board
from pages.parts.store import held_months, shared_store

FIRST = "virtual-70"  # what the lab shows on a first visit: the target that the default board set itself
POLL_SECONDS = 0.4
state = st.session_state


def usual(store: Store, board: str, month: str) -> Request:
    """The question of a first visit."""
    return Request(board, month, edition(store, month), canonical(preset(FIRST)))


def put(request: Request, *, go: bool) -> None:
    """Make `request` the page's question, its settings in the form; with `go` it runs whatever it takes."""
    state["lab_request"] = request
    state["lab_go"] = request.digest if go else ""
    state.pop("lab_job", None)
    fill_form(request.scenario, request.month)
    for name in ("weeks", "replications", "seed"):
        state[f"lab_{name}"] = getattr(request, name)


def question(store: Store, board: str, held: list[str]) -> Request:
    """What is asked: by a link not yet read, by this session, or usual where neither asks."""
    query = {name: value for name, value in st.query_params.items() if name in NAMES}
    # what this session wrote itself is no link: a browser may send it again after the next has been written
    known = state.setdefault("lab_written", [])
    if asked(query) and query not in known:
        known.append(query)
        try:
            put(read_query(query, board, held, lambda month: edition(store, month)), go=True)
        except TandemError as fault:
            state["lab_fault"] = fault
            put(usual(store, board, held[-1]), go=False)
        else:
            state.pop("lab_fault", None)
            request = state["lab_request"]
            state["lab_revised"] = query.get("edition", request.edition) != request.edition
    elif "lab_request" not in state:
        put(usual(store, board, held[-1]), go=False)
    request = state["lab_request"]
    if request.scope != board:
        request = replace(request, scope=board)
        put(request, go=False)
    elif not form_is_filled():  # back from another page, which drops the form's values
        put(request, go=state["lab_go"] == request.digest)
    return request


def show_faulty_link(fault: TandemError) -> None:
    """Say which part of a link is wrong and what to do."""
    st.error(f"**This link can't be opened as it is.** {fault.message}\n\n**What to do:** {fault.remedy}")


def show_cards(request: Request) -> None:
    """Draw the scenarios that ship with the product; one click runs one."""

    def choose(scenario: Scenario) -> None:
        state.pop("lab_fault", None)
        put(replace(state["lab_request"], document=canonical(scenario)), go=True)

    with st.grid(len(PRESETS), min_column_width=170):
        for name in PRESETS:
            scenario = preset(name)
            chosen = same_effect(scenario, request.scenario)
            with st.container(gap="small"):
                st.button(
                    scenario.title,
                    key=f"preset_{name}",
                    type="primary" if chosen else "secondary",
                    width="stretch",
                    on_click=choose,
                    args=(scenario,),
                    help="Run this on the chosen board",
                )
                st.caption(scenario.description)


@st.fragment
def show_form(request: Request, providers: Mapping[str, str]) -> None:
    """Draw the levers; the answer stays as it is until the planner runs what the form says."""
    top = st.container()
    given = draw_form(providers, request.month)
    with st.popover("Weeks, futures and seed", width="stretch"):
        weeks = st.slider("Weeks ahead", *WEEKS[:2], step=1, key="lab_weeks")
        futures = st.slider(
            "Simulated futures", *REPLICATIONS[:2], step=5, key="lab_replications",
            help="More futures make the bands steadier and the run longer.",
        )  # fmt: skip
        seed = st.number_input(
            "Seed", *SEEDS[:2], step=1, key="lab_seed", help="The same seed gives the same numbers."
        )
    try:
        document = canonical(named(given, request.scenario))
    except TandemError as fault:
        top.error(f"{fault.message}\n\n**What to do:** {fault.remedy}")
        return
    draft = replace(request, document=document, weeks=int(weeks), replications=int(futures), seed=int(seed))
    changed = draft.digest != request.digest
    if changed:
        top.warning("The settings have changed. The answer shown is from before.")
    if top.button("Run", type="primary", width="stretch", icon=":material/play_arrow:"):
        state.pop("lab_fault", None)
        state["lab_request"], state["lab_go"] = draft, draft.digest
        state.pop("lab_job", None)
        st.rerun()


def named(given: Mapping[str, Any], shown: Scenario) -> Scenario:
    """The form's scenario: under its own name if it does what the one shown or a preset does."""
    own = read_scenario({"name": "own", **given})
    for known in (shown, *map(preset, PRESETS)):
        if same_effect(known, own):
            return known
    titles = " and ".join(setting.lever.title.lower() for setting in own.levers) or "assumptions changed"
    if len(own.levers) > 2:
        titles = f"{len(own.levers)} levers"  # it has to fit at the end of a line in a chart
    return read_scenario({"name": "own", "title": f"Your scenario: {titles}", **given})


def job_for(store: Store, request: Request) -> Job | None:
    """The job behind the question; None where it takes long and nobody has asked for it yet."""
    kept: Job | None = state.get("lab_job")
    if kept is not None and kept.request.digest == request.digest:
        return kept
    if request.scope == ENGLAND and state["lab_go"] != request.digest:
        return None
    state.setdefault("lab_watcher", uuid.uuid4().hex)
    job = desk().ask(store, request, state["lab_watcher"])
    job.done.wait(0.05)  # what is remembered is there at once
    state["lab_job"] = job
    return job


@st.fragment(run_every=POLL_SECONDS)
def watch(job: Job) -> None:
    """Show how far a run is, until it is done."""
    if job.done.is_set():
        st.rerun()
    if job.waiting:
        said = "Waiting for another run of all England to end …"
    else:
        left = job.seconds_left()
        said = "Running …" if left is None else f"Running … {in_words(left)} left"
    st.progress(min(job.share, 1.0), text=said)
    if st.button("Cancel", key="lab_cancel"):
        desk().cancel(job, state["lab_watcher"])
        job.done.wait(3)
        st.rerun()


def again(request: Request) -> None:
    """Ask the question anew, for use in callbacks."""
    put(request, go=True)


def show_link(request: Request) -> None:
    """Write the link that reopens exactly this."""
    st.caption("Copy link: it reopens exactly this, with the same numbers")
    st.code(request.link(st.context.url or ""), language=None, wrap_lines=True)


def show_answer(job: Job, request: Request, place: str) -> None:
    """Draw what the job found, how far it is, or why it ended without an answer."""
    if not job.done.is_set():
        watch(job)
        return
    if job.fault:
        st.warning(job.fault.message)
        st.button("Run again", on_click=again, args=(request,), help=job.fault.remedy)
        return
    assert job.comparison is not None
    title = request.scenario.title
    said = show_sentences(job.comparison, place, title)
    show_list(job.comparison, said, title)
    show_detail(job.comparison, said, request, place, title)
    if job.warning:
        st.warning(job.warning)
    st.caption(f"Estimated by simulation. {run_in_words(request)}")
    show_link(request)


def show_age(store: Store, request: Request, newest: str) -> None:
    """Say when the figures behind the question are no longer the newest, and offer to run on those."""
    if state.get("lab_revised"):
        st.info(
            f"The figures to {month_label(request.month)} have been revised since this link was made, so the "
            "numbers differ from those it was sent with."
        )
    if request.month == newest:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"This runs on the figures to {month_label(request.month)}. Newer ones have arrived.")
        newer = replace(request, month=newest, edition=edition(store, newest))
        st.button(f"Run on {month_label(newest)}", on_click=again, args=(newer,))


@st.cache_data(max_entries=8, show_spinner=False)
def provider_names(_store: Store, board: str, month: str, edition: str) -> dict[str, str]:
    """The board's providers by code, largest list first."""
    held = by_provider(_store, board, month)
    return {row.provider: plain_name(row.name) for row in held.itertuples()}


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    held = held_months(store)
    linked = st.query_params.get("asof", held[-1])
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    heading.title("What if …?", anchor=False)
    with chooser:
        board = choose_board(store, linked if linked in held else held[-1])
    request = question(store, board, held)
    place = board_names(store, request.month)[board]
    if "lab_fault" in state:
        show_faulty_link(state["lab_fault"])
    else:
        written = request.parameters()
        if written not in state["lab_written"]:
            state["lab_written"].append(written)
        st.query_params.update(written)
    show_age(store, request, held[-1])
    show_cards(request)
    with st.grid(3, min_column_width=260, gap="medium") as halves:
        with halves.cell():
            st.markdown("#### Levers")
            show_form(request, provider_names(store, board, request.month, request.edition))
        with halves.cell(column_span=2):
            job = None if "lab_fault" in state else job_for(store, request)
            if job is not None:
                show_answer(job, request, place)
            elif "lab_fault" not in state:
                st.info("All England takes most of a minute. Press Run, or a scenario above, to start it.")


draw()

"""What the lab is asked in this session: by a link, a saved version, the form; and the job behind it."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.saved.scenarios import SavedScenario
from models.errors import TandemError
from models.pairing.default_pair import needs_trusts
from models.rtt.organisations import ENGLAND
from models.scenarios.presets import PRESETS, preset
from models.scenarios.scenario import Scenario, read_scenario
from pages.parts.jobs import answer_of
from pages.parts.scope import choose
from pages.parts.store import held_months
from pages.what_if.lab import saved as lab_saved
from pages.what_if.lab.lever_form import fill_form, form_is_filled
from questions.jobs import Job
from questions.lab import Lab
from questions.prepare import prepare
from questions.question import NAMES, Question, asked, canonical, read_query, same_effect

FIRST = "virtual-70"  # what the lab shows on a first visit: the target that the default board set itself
AT_ONCE = 500_000  # series x weeks x futures that two cores run in about two seconds
AT_ONCE_SECONDS = 3.0  # the answer before stays in view so long, then the way of the run is shown
state = st.session_state


def usual(store: Store, board: str, month: str) -> Question:
    """The question of a first visit."""
    return Question(board, month, edition(store, month), canonical(preset(FIRST)))


def put(question: Question, *, go: bool) -> None:
    """Make `question` the page's question, its settings in the form; with `go` it runs whatever it takes."""
    state["lab_request"] = question
    state["lab_go"] = question.digest if go else ""
    state.pop("lab_job", None)
    state.pop("lab_form_read", None)
    fill_form(question.scenario, question.month)
    for name in ("weeks", "replications", "seed"):
        state[f"lab_{name}"] = getattr(question, name)


def show_next(wanted: SavedScenario | Scenario) -> None:
    """Make a saved version, or another scenario on the board, the question once the page is drawn next."""
    state["lab_next"] = wanted


def turn_to_next(store: Store) -> None:
    """Turn to what was asked for on the page, or by the link to a saved version; before the form is drawn."""
    wanted: SavedScenario | Scenario | None = state.pop("lab_next", None)
    query = {name: value for name, value in st.query_params.items() if name in NAMES}
    known = state.setdefault("lab_written", [])
    try:
        if wanted is None and "saved" in query and query not in known:
            known.append(query)
            wanted = lab_saved.read_saved(store, query["saved"], query.get("version", ""))
        if wanted:
            state["lab_shelf"] = False  # chosen: the answer comes up
        if isinstance(wanted, Scenario):
            put(replace(state["lab_request"], document=canonical(wanted)), go=True)
        elif wanted:
            question = lab_saved.request_of(store, wanted, held_months(store))
            choose("board", wanted.scope)
            put(question, go=True)
            state["lab_saved"] = wanted
            state["lab_revised"] = wanted.edition != question.edition
    except TandemError as fault:
        state["lab_fault"], state["lab_shelf"] = fault, True
    else:
        if wanted:
            state.pop("lab_fault", None)


def current_question(store: Store, board: str, held: list[str]) -> Question:
    """What is asked: by a link not yet read, by this session, or usual where neither asks."""
    query = {name: value for name, value in st.query_params.items() if name in NAMES}
    # what this session wrote itself is no link: a browser may send it again after the next has been written
    known = state.setdefault("lab_written", [])
    # back from Compare the browser brings that page's settings along, which say nothing of a scenario here
    back = "with" in st.query_params and "scenario" not in query and "lab_request" in state
    if asked(query) and query not in known and not back:
        known.append(query)
        state["lab_shelf"] = False
        try:
            put(read_query(query, board, held, lambda month: edition(store, month)), go=True)
        except TandemError as fault:
            state["lab_fault"], state["lab_shelf"] = fault, True
            put(usual(store, board, held[-1]), go=False)
        else:
            state.pop("lab_fault", None)
            question = state["lab_request"]
            state["lab_revised"] = query.get("edition", question.edition) != question.edition
    elif "lab_request" not in state:
        state["lab_shelf"] = True
        put(usual(store, board, held[-1]), go=False)
    question = state["lab_request"]
    if question.scope != board:
        name = question.scenario.name
        if name in PRESETS and needs_trusts(preset(name)):  # the trusts were chosen for the board before
            question = replace(question, document=canonical(preset(name)))
        question = replace(question, scope=board)
        put(question, go=False)
    settled = replace(question, document=trusts_chosen(store, question))
    # back from another page, which drops the form's values, or two trusts have been chosen
    if settled != question or not form_is_filled():
        put(settled, go=state["lab_go"] == question.digest)
    return settled


def trusts_chosen(store: Store, question: Question) -> str:
    """The question's scenario, with two of the board's trusts in a pairing that leaves them open."""
    if not needs_trusts(question.scenario):
        return question.document
    try:
        return canonical(prepare(store, question).scenario)
    except TandemError:
        return question.document  # the run says why, beside the form in which two can be chosen


def saved_shown(question: Question) -> SavedScenario | None:
    """The saved version that is the question asked; None where the question has moved on from it."""
    saved: SavedScenario | None = state.get("lab_saved")
    if saved is None:
        return None
    same = (saved.scope, saved.data_month, saved.weeks, saved.replications, saved.seed) == (
        question.scope,
        question.month,
        question.weeks,
        question.replications,
        question.seed,
    )
    return saved if same and same_effect(read_scenario(saved.document), question.scenario) else None


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


def answer_now(draft: Question) -> None:
    """Make what the form says the question; the answer before stays in view for a moment."""
    state.pop("lab_fault", None)
    state["lab_request"], state["lab_go"] = draft, draft.digest
    state.pop("lab_job", None)
    state["lab_moved"] = state["lab_form_read"] = draft.digest


def runs_at_once(question: Question) -> bool:
    """Whether a moved lever need not wait for a press of Run: the board is small enough."""
    usual = AT_ONCE if question.scope == ENGLAND else 1  # series not known yet: any board may be tried
    series = state.get("lab_series", {}).get(question.scope, usual)
    return bool(series * question.weeks * question.replications <= AT_ONCE)


def job_for(store: Store, question: Question) -> Job | None:
    """The job behind the question; None where it takes long and nobody has asked for it yet."""
    kept: Job | None = state.get("lab_job")
    if kept is not None and kept.about == question.digest:
        return kept
    if question.scope == ENGLAND and state["lab_go"] != question.digest:
        return None
    job = answer_of(store, Lab(question, keep=True), state["lab_watcher"])
    state["lab_job"] = job
    if state.pop("lab_moved", "") == question.digest:
        until = time.monotonic() + AT_ONCE_SECONDS
        while not job.done.wait(0.03) and time.monotonic() < until:
            _ = state["lab_request"]  # where a newer move of a lever breaks in
    return job


def again(question: Question) -> None:
    """Ask the question anew, for use in callbacks."""
    put(question, go=True)


def write_address(question: Question) -> None:
    """Put into the address what reopens this: the saved version, or else the question itself."""
    saved = saved_shown(question)
    written = lab_saved.saved_parameters(saved) if saved else question.parameters()
    if written not in state["lab_written"]:
        state["lab_written"].append(written)
    for name in NAMES:
        if name not in written and name in st.query_params:
            del st.query_params[name]
    st.query_params.update(written)

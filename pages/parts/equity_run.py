"""The run behind the Equity page: a scenario and its baseline by class, in the background, once for all."""

import uuid
from dataclasses import replace

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from models.rtt.organisations import ENGLAND
from pages.parts.jobs import answer_of, watch
from pages.parts.store import held_months
from questions.choice import Choice
from questions.equity import Equity, EquityAnswer
from questions.jobs import Job, jobs
from questions.question import Question, canonical, read_query

state = st.session_state
SETTINGS = ("weeks", "replications", "seed")
JOB, STOPPED, WANTED = "equity_job", "equity_stopped", "equity_wanted"
ENGLANDS = 10  # replications: each takes over twenty seconds of both runs
TAKES_LONG = "All England takes some five minutes."


def request_of(store: Store, board: str, choice: Choice | None) -> Question:
    """The question about `choice`, or about what happens if nothing changes, on the newest figures held.

    A saved scenario runs as long, and in as many futures, as it was saved with; the link comes first.
    Raises TandemError where the link can't be read.
    """
    query = {"replications": str(ENGLANDS)} if board == ENGLAND else {}
    if choice and choice.saved:
        query = {name: str(getattr(choice.saved, name)) for name in SETTINGS} | query
    query |= {name: st.query_params[name] for name in SETTINGS if name in st.query_params}
    question = read_query(query, board, held_months(store), lambda month: edition(store, month))
    return question if choice is None else replace(question, document=canonical(choice.scenario))


def known(store: Store, question: Question) -> EquityAnswer | None:
    """What `followed` gives, where somebody has asked for it already; None where nobody has."""
    job = jobs().find(store, Equity(question))
    if job is None or not job.answered:
        return None
    answer: EquityAnswer = job.answer
    return answer


def followed(store: Store, question: Question) -> EquityAnswer | None:
    """The scenario's run and its baseline's by class; until then how far they are."""
    watcher, asked = state.setdefault("equity_watcher", uuid.uuid4().hex), Equity(question)
    here = jobs().find(store, asked)
    held_back = question.scope == ENGLAND or state.get(STOPPED) == question.digest
    if here is None and held_back and state.get(WANTED) != question.digest:
        st.info("The run was stopped." if state.get(STOPPED) == question.digest else TAKES_LONG)
        _offer(question)
        return None
    own: Job | None = state.get(JOB)
    if here is None and own and own.about == question.digest and own.fault:
        st.error(f"{own.fault.message}\n\n**What to do:** {own.fault.remedy}")
        _offer(question)
        return None
    job = state[JOB] = answer_of(store, asked, watcher)
    if job.answered:
        answer: EquityAnswer = job.answer
        return answer

    def stop() -> None:
        state[STOPPED] = question.digest
        state.pop(WANTED, None)
        jobs().cancel(job, watcher)

    watch(job, stop, "equity_cancel")
    return None


def _offer(question: Question) -> None:
    def go() -> None:
        state[WANTED] = question.digest
        state.pop(STOPPED, None)
        state.pop(JOB, None)

    st.button("Run", on_click=go, type="primary", icon=":material/play_arrow:", key="equity_go")

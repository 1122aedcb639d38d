"""The run behind the Equity page: a scenario and its baseline by class, in the background, once for all."""

import uuid
from dataclasses import replace
from threading import Event

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.returns.equity import composition
from models.pairing.default_pair import with_trusts
from models.rtt.organisations import ENGLAND
from pages.parts.runs import desk
from pages.parts.store import held_months
from pages.parts.studies import ALONE, watch
from questions.choice import Choice
from questions.jobs import Study, Work, bench
from questions.question import Request, canonical, read_query
from sim.observers.equity import Equity, equity
from sim.runs.common_random_numbers import with_baseline
from sim.runs.runner import Progress

state = st.session_state
KIND = "equity"
SETTINGS = ("weeks", "replications", "seed")
STUDY, STOPPED, WANTED = "equity_study", "equity_stopped", "equity_wanted"
ENGLANDS = 10  # replications: each takes over twenty seconds of both runs
TAKES_LONG = "All England takes some five minutes."


def request_of(store: Store, board: str, choice: Choice | None) -> Request:
    """The question about `choice`, or about what happens if nothing changes, on the newest figures held.

    A saved scenario runs as long, and in as many futures, as it was saved with; the link comes first.
    Raises TandemError where the link can't be read.
    """
    query = {"replications": str(ENGLANDS)} if board == ENGLAND else {}
    if choice and choice.saved:
        query = {name: str(getattr(choice.saved, name)) for name in SETTINGS} | query
    query |= {name: st.query_params[name] for name in SETTINGS if name in st.query_params}
    found = read_query(query, board, held_months(store), lambda month: edition(store, month))
    return found if choice is None else replace(found, document=canonical(choice.scenario))


def known(store: Store, request: Request) -> tuple[Equity, ...] | None:
    """What `followed` gives, where somebody has asked for it already; None where nobody has."""
    found = bench().find(_name(store, request))
    if found is None or not found.done.is_set() or found.fault:
        return None
    runs: tuple[Equity, ...] = found.value
    return runs


def followed(store: Store, request: Request) -> tuple[Equity, ...] | None:
    """The scenario's run and its baseline's, or the baseline's alone; until then how far they are."""
    watcher = state.setdefault("equity_watcher", uuid.uuid4().hex)
    name = _name(store, request)
    found = bench().find(name)
    held_back = request.scope == ENGLAND or state.get(STOPPED) == request.digest
    if found is None and held_back and state.get(WANTED) != request.digest:
        st.info("The run was stopped." if state.get(STOPPED) == request.digest else TAKES_LONG)
        _offer(request)
        return None
    own: Study | None = state.get(STUDY)
    if found is None and own and own.digest == request.digest and own.fault:
        st.error(f"{own.fault.message}\n\n**What to do:** {own.fault.remedy}")
        _offer(request)
        return None
    study = state[STUDY] = bench().ask(name, KIND, request.digest, watcher, _work(store, request))
    study.done.wait(0.05)  # what is remembered is there at once
    if study.done.is_set() and study.fault is None:
        runs: tuple[Equity, ...] = study.value
        return runs

    def stop() -> None:
        state[STOPPED] = request.digest
        state.pop(WANTED, None)
        bench().cancel(study, watcher)

    watch(study, stop, "equity_cancel")
    return None


def _name(store: Store, request: Request) -> tuple[str, ...]:
    return (KIND, str(store.path), request.digest)


def _offer(request: Request) -> None:
    def go() -> None:
        state[WANTED] = request.digest
        state.pop(STOPPED, None)
        state.pop(STUDY, None)

    st.button("Run", on_click=go, type="primary", icon=":material/play_arrow:", key="equity_go")


def _work(store: Store, request: Request) -> Work:
    def work(progress: Progress, cancel: Event) -> tuple[Equity, ...]:
        found = desk().calibration(store, request)
        scenario = with_trusts(request.scenario, found)
        return equity(
            found,
            with_baseline(scenario),
            composition(store, found),
            seed=request.seed,
            weeks=request.weeks,
            replications=request.replications,
            workers=ALONE,
            progress=progress,
            cancel=cancel,
        )

    return work

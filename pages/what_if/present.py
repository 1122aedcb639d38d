"""Present: a scenario, or a comparison, as a walk of one message at a time for the meeting itself."""

import uuid
from collections.abc import Callable

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.past_errors import error_said
from models.errors import TandemError
from models.reports.report import Report
from models.rtt.months import WEEKS_PER_MONTH
from models.rtt.organisations import DEFAULT_BOARD
from pages.parts.present import SLIDE, show_walk
from pages.parts.runs import Comparison, desk
from pages.parts.scope import board_names
from pages.parts.store import held_months, shared_store
from pages.parts.studies import watch
from questions.choice import read_asked, read_choice, titled
from questions.question import Request, asked, read_query
from sim.reports.comparison_report import comparison_report
from sim.reports.scenario_report import scenario_report
from sim.reports.side_by_side import Column

LAB, COMPARE = "pages/what_if/scenario_lab.py", "pages/what_if/compare.py"
STOPPED = "present_stopped"
Making = Callable[[list[Comparison]], Report]


def found(store: Store, requests: list[Request]) -> list[Comparison] | None:
    """The runs behind the walk; None while one is under way, or was stopped."""
    watcher: str = st.session_state.setdefault("present_watcher", uuid.uuid4().hex)
    done = []
    for request in requests:
        if st.session_state.get(STOPPED) == request.digest:
            st.warning("The run was stopped before it was done.")
            st.button("Run again", on_click=lambda: st.session_state.pop(STOPPED))
            return None
        job = desk().ask(store, request, watcher)
        job.done.wait(0.05)  # what is remembered is there at once
        if not job.done.is_set():

            def stop(digest: str = request.digest) -> None:
                st.session_state[STOPPED] = digest
                desk().cancel(job, watcher)  # noqa: B023 - the page ends here for this run

            watch(job, stop, "present_cancel")
            return None
        if job.fault:
            raise job.fault
        assert job.comparison is not None
        done.append(job.comparison)
    return done


def of_comparison(store: Store, board: str, place: str, held: list[str]) -> tuple[list[Request], Making]:
    """What a comparison's link asks, and how its report is made."""
    query = st.query_params.to_dict()
    question = read_asked(store, query, board, held, lambda month: edition(store, month))
    choices = [read_choice(store, token) for token in question.tokens]

    def make(runs: list[Comparison]) -> Report:
        columns = [
            Column(title, each.scenario.results, each.baseline.results)
            for title, each in zip(titled(choices), runs, strict=True)
        ]
        missed = error_said(board, question.weeks / WEEKS_PER_MONTH)
        return comparison_report(columns, place, PRODUCT_VERSION, question.prices, missed)

    return [question.request(choice) for choice in choices], make


def of_scenario(store: Store, board: str, place: str, held: list[str]) -> tuple[list[Request], Making]:
    """What a scenario's link asks, and how its report is made."""
    request = read_query(st.query_params.to_dict(), board, held, lambda month: edition(store, month))

    def make(runs: list[Comparison]) -> Report:
        scenario, baseline = runs[0].scenario.results, runs[0].baseline.results
        missed = error_said(board, scenario.weeks / WEEKS_PER_MONTH)
        return scenario_report(scenario, baseline, place, PRODUCT_VERSION, missed)

    return [request], make


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    held = held_months(store)
    query = st.query_params.to_dict()
    compared = bool(query.get("with"))
    if not (compared or asked(query)):
        st.title("Nothing to present", anchor=False)
        st.markdown("Open a scenario in the lab, or a comparison, and press Present there.")
        st.page_link(LAB, label="To the scenario lab")
        return
    board = query.get("board", DEFAULT_BOARD)
    names = board_names(store)
    if board not in names:
        raise TandemError(
            f"There is no board '{board[:20]}' in the figures held.", "Open the scenario in the lab again."
        )
    kind = of_comparison if compared else of_scenario
    requests, make = kind(store, board, names[board], held)
    runs = found(store, requests)
    if runs is None:
        return

    def leave() -> None:
        back = {name: value for name, value in query.items() if name != SLIDE}
        st.switch_page(COMPARE if compared else LAB, query_params=back)

    show_walk(make(runs), leave)


draw()

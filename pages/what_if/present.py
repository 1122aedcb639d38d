"""Present: a scenario, or a comparison, as a walk of one message at a time for the meeting itself."""

import uuid
from collections.abc import Callable

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from models.errors import TandemError
from models.reports.report import Report
from models.rtt.organisations import DEFAULT_BOARD
from pages.parts.jobs import finished
from pages.parts.present import SLIDE, show_walk
from pages.parts.scope import board_names
from pages.parts.store import held_months, shared_store
from questions.choice import read_asked, read_choice
from questions.compare import Compare
from questions.lab import Lab, LabAnswer
from questions.question import Question, asked, read_query

LAB, COMPARE = "pages/what_if/scenario_lab.py", "pages/what_if/compare.py"
STOPPED = "present_stopped"
Making = Callable[[list[LabAnswer]], Report]


def answers_of(store: Store, questions: list[Question]) -> list[LabAnswer] | None:
    """The answers behind the walk; None while one is under way, or was stopped."""
    watcher: str = st.session_state.setdefault("present_watcher", uuid.uuid4().hex)
    answers = []
    for question in questions:
        lab = finished(store, Lab(question, keep=True), watcher, STOPPED, "present_cancel")
        if lab is None:
            return None
        answers.append(lab.asked_as(question))
    return answers


def of_comparison(store: Store, board: str, held: list[str]) -> tuple[list[Question], Making]:
    """What a comparison's link asks, and how its report is made."""
    query = st.query_params.to_dict()
    compared = read_asked(store, query, board, held, lambda month: edition(store, month))
    questions = [compared.question(read_choice(store, token)) for token in compared.tokens]

    def make(answers: list[LabAnswer]) -> Report:
        return Compare(tuple(questions)).put_together(store, answers).report(compared.prices)

    return questions, make


def of_scenario(store: Store, board: str, held: list[str]) -> tuple[list[Question], Making]:
    """What a scenario's link asks, and how its report is made."""
    question = read_query(st.query_params.to_dict(), board, held, lambda month: edition(store, month))
    return [question], lambda answers: answers[0].report()


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    present = held_months(store)
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
    questions, make = kind(store, board, present)
    answers = answers_of(store, questions)
    if answers is None:
        return

    def leave() -> None:
        back = {name: value for name, value in query.items() if name != SLIDE}
        st.switch_page(COMPARE if compared else LAB, query_params=back)

    show_walk(make(answers), leave)


draw()

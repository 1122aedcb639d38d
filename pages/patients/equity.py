"""Equity: waits and virtual appointments by deprivation, age and access, today and under a scenario."""

import streamlit as st

from data.database.version import PRODUCT_VERSION
from models.rtt.months import month_label
from models.scenarios.assumptions import REGISTER, resolve
from models.scenarios.scenario import Scenario
from pages.parts.equity_run import followed, request_of
from pages.parts.scenario_choice import choose_scenario
from pages.parts.scope import board_names, choose_board
from pages.parts.store import shared_store
from pages.patients.equity_parts.charts import show_gap, show_groups
from questions.question import Question

UNCHANGED = "As things are heading"
ACCESS = ("cannot_use_virtual", "no_access_deprivation_odds", "no_access_older_odds", "no_access_child_odds")


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    heading.title("Equity", anchor=False)
    with chooser:
        board = choose_board(store)
    choice = choose_scenario(store, board, key="equity_scenario")
    question = request_of(store, board, choice)
    st.caption(f"{board_names(store)[board]} · {choice.title if choice else UNCHANGED}")
    answer = followed(store, question)
    if answer is None:
        return
    scenario, baseline, statements = answer.scenario, answer.baseline, answer.statements
    if statements.warning:
        st.warning(statements.warning, icon=":material/warning:")
    st.markdown(f"## {statements.headline}")
    show_gap(scenario, baseline)
    st.markdown("\n".join(f"- {each}" for each in statements.details))
    st.markdown("#### Group by group")
    show_groups(scenario, baseline)
    with st.expander("What this rests on"):
        st.markdown("\n".join(f"- {each}" for each in rests_on(question.scenario)))
    show_foot(question)


def rests_on(scenario: Scenario) -> tuple[str, ...]:
    """What a reader must know before believing a group's figure, a sentence each."""
    values = resolve(scenario.assumptions)
    return (
        "Deprivation and age are the published shares of each trust's list in one week of January 2026, "
        "management information. Tandem fits them to specialties; within a specialty's list at a trust, "
        "deprivation, age and weeks waited are taken as independent of each other.",
        "So today's gap is only what comes of which trusts and specialties people wait at. Nothing is "
        "published of waits by deprivation within them.",
        "Who can use neither video nor telephone is an assumption: "
        + "; ".join(f"{REGISTER[key].label.lower()} {values[key]:g} {REGISTER[key].unit}" for key in ACCESS)
        + ". Each future draws its own.",
        "Everyone is booked in the same turn however they can be seen. A clinic that served video first, and "
        "let the face-to-face list wait, would leave more people behind than is shown here.",
        "Appointments are those up to a clock stop or a decision to admit; later follow-ups have no class.",
    )


def show_foot(question: Question) -> None:
    """Say what makes these figures again."""
    st.caption(
        f"Estimated by simulation. Figures to {month_label(question.month)}, {question.weeks} weeks, "
        f"{question.replications} futures, seed {question.seed}, Tandem {PRODUCT_VERSION}. Ranges hold 80%. "
        "“Can use neither” are patients kept from a virtual appointment by that alone."
    )


draw()

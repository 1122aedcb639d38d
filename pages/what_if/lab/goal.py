"""What would it take: the least of a lever, or of several in proportion, that reaches a goal."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from data.database.store import Store
from models.errors import TandemError
from models.rtt.months import add_months, first_simulated_monday, month_label, month_of, week_start
from models.scenarios.goals import Goal
from models.scenarios.levers import LEVERS
from models.scenarios.parameters_to_vary import Mix, mix, names_to_vary, read_varied
from models.scenarios.scenario import Scenario, read_scenario
from pages.parts.figures import show
from pages.parts.jobs import study
from pages.what_if.lab.goal_curve import goal_curve
from questions.question import Question
from questions.studies import Solve
from sim.studies.solve import Solution

GOALS = {
    "within-18": "Share within 18 weeks, at least",
    "over-52": "Waiting over 52 weeks, at most",
    "over-65": "Waiting over 65 weeks, at most",
    "list": "The list, at most",
}
USUAL = {"within-18": 65.0, "over-52": 0.0, "over-65": 0.0}  # 65% is England's target for March 2026
PROBABILITIES = (0.5, 0.8, 0.9)
FIRST_VARIED = "extra_sessions.clinics"


def show_goal(store: Store, question: Question, waiting: int, choose: Callable[[Scenario], None]) -> None:
    """Draw the goal's form and, once it is asked for, the answer in a sentence with its curve.

    `waiting` is the list today; `choose` makes a scenario the one that is shown.
    """
    goal, varied = _form(question, waiting)
    if not varied:
        st.info("Choose at least one lever to turn.")
        return
    try:
        asked = Goal(goal["name"], goal["value"], goal["month"], goal["probability"])
        varied_mix = _mix(question.scenario, varied)
        steps = varied_mix.steps
    except TandemError as fault:
        st.warning(f"{fault.message} {fault.remedy}")
        return
    answer = study(
        store,
        Solve(question, asked, varied),
        button="Find the least that reaches it",
        about=f"{asked.sentence} Up to {steps:,} steps of it are searched, each run in the same "
        f"{question.replications} futures; it goes on in the background.",
    )
    if answer is None:
        return
    solution = answer.solution
    first, *others = solution.sentences
    st.markdown(f"#### {first}")
    st.markdown(" ".join(others))
    show(
        goal_curve(solution),
        title=f"{solution.goal.measure.label} in {month_label(solution.goal.month)} "
        "by how much of it there is, with 80% band",
        alt=" ".join(solution.sentences),
        table=_table(solution),
        key="lab_goal_curve",
    )
    if st.button("Show this scenario", icon=":material/science:", help="Sets the levers so, and runs it"):
        choose(read_scenario(solution.document))
        st.rerun()


def _form(question: Question, waiting: int) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The goal and the varied as the form says."""
    months = _months(question)
    with st.grid(2, min_column_width=240, gap="small"):
        name = st.selectbox(
            "Goal", list(GOALS), format_func=GOALS.__getitem__, key="goal_name", persist_state="page"
        )
        share = name == "within-18"
        value = st.number_input(
            "Value, %" if share else "Value, patients",
            1.0 if share else 0.0,
            100.0 if share else 1e7,
            USUAL.get(name, float(round(0.9 * waiting, -2))),
            step=1.0 if share else 100.0,
            format="%.1f" if share else "%.0f",
            key=f"goal_{name}",
            persist_state="page",
        )
        month = st.selectbox(
            "By the end of",
            months,
            index=len(months) - 1,
            format_func=month_label,
            key="goal_month",
            persist_state="page",
        )
        probability = st.selectbox(
            "With a probability of",
            PROBABILITIES,
            index=1,
            format_func=lambda each: f"{each:.0%}",
            key="goal_probability",
            persist_state="page",
        )
    chosen = st.multiselect(
        "Turn",
        names_to_vary(),
        default=own_to_vary(question.scenario)[:1] or [FIRST_VARIED],
        format_func=varied_label,
        key="goal_dials",
        placeholder="Choose a lever",
        persist_state="page",
        help="Several turn together, in the proportion in which the scenario has them.",
    )
    goal = {"name": name, "value": float(value), "month": month, "probability": probability}
    return goal, tuple(chosen)


def _months(question: Question) -> list[str]:
    """The months whose last whole week the answer's run reaches, oldest first."""
    last = add_months(month_of(week_start(question.month, question.weeks)), -1)
    month, months = month_of(first_simulated_monday(question.month)), []
    while month <= last:
        months.append(month)
        month = add_months(month, 1)
    return months


def own_to_vary(scenario: Scenario) -> list[str]:
    """What of the scenario's own levers can be varied: those pulled once, in its order."""
    names = [setting.lever.name for setting in scenario.levers]
    return [
        each for name in names if names.count(name) == 1 for each in names_to_vary() if _lever(each) == name
    ]


def _lever(name: str) -> str:
    return name.partition(".")[0]


def varied_label(name: str) -> str:
    """What a varied parameter is called: its lever, then what of it is varied."""
    lever = LEVERS[_lever(name)]
    return f"{lever.title}: {lever.parameter(name.partition('.')[2]).label.lower()}"


def _mix(scenario: Scenario, varied: tuple[str, ...]) -> Mix:
    whole, ranges = read_varied(scenario, varied)
    return mix(whole, ranges)


def _table(solution: Solution) -> pd.DataFrame:
    frame = solution.frame()
    titled = {
        "factor": "Of the scenario's own",
        "probability": "Futures that meet the goal, %",
        "mean": solution.goal.measure.label,
        "lower": "80% from",
        "upper": "80% to",
    }
    frame["probability"] = np.round(100 * frame["probability"])
    frame["factor"] = frame["factor"].round(3)
    for name in ("mean", "lower", "upper"):
        frame[name] = frame[name].round(1 if solution.goal.measure.is_share else 0)
    varied = {span.name: span.parameter.label for span in solution.mix.ranges}
    return frame.rename(columns=titled | varied)

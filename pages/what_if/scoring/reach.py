"""Whether what is missed can be attained: what limits the virtual share, and the least that meets a goal."""

import streamlit as st

from data.database.store import Store
from models.errors import TandemError
from models.outcomes.scorecard import Judged, Verdict
from models.scenarios.goals import Goal
from models.scenarios.parameters_to_vary import mix, names_to_vary, read_varied
from pages.parts.jobs import study
from pages.what_if.lab.goal import FIRST_VARIED, own_to_vary, varied_label
from questions.scorecard import Scorecard, ScorecardAnswer
from questions.studies import Solve
from sim.runs.comparison import reached

GOALS = {"safety-first": "over-65", "excellent-care": "within-18"}
PROBABILITY = 0.9  # so that all of an 80% range meets the target
SHORT = (Verdict.CLOSE, Verdict.MISSED, Verdict.UNCLEAR)


def show_reach(store: Store, asked: Scorecard, answer: ScorecardAnswer) -> None:
    """Draw what limits the scenario, and a search for the least of its levers that meets a target."""
    for limit in reached(answer.lab.scenario):
        st.markdown(f":material/info: {limit}")
    open_ones = {each.expectation.title: each for each in answer.card.judged if _can_be_solved(each)}
    if not open_ones:
        st.caption("No expectation that a lever can be turned for falls short of a level asked for.")
        return
    which = st.segmented_control(
        "Expectation", list(open_ones), default=next(iter(open_ones)), required=True, key="reach_which"
    )
    judged = open_ones[which or next(iter(open_ones))]
    varied = st.multiselect(
        "Turn",
        names_to_vary(),
        default=own_to_vary(asked.question.scenario)[:1] or [FIRST_VARIED],
        format_func=varied_label,
        key="reach_dials",
        placeholder="Choose a lever",
        help="Several turn together, in the proportion in which the scenario has them.",
    )
    if varied:
        _show_solution(store, asked, judged, tuple(varied))


def _can_be_solved(judged: Judged) -> bool:
    level = judged.target is not None and judged.target.value is not None
    return judged.expectation.name in GOALS and judged.verdict in SHORT and level


def _show_solution(store: Store, asked: Scorecard, judged: Judged, varied: tuple[str, ...]) -> None:
    target = judged.target
    assert target is not None
    assert target.value is not None
    try:
        goal = Goal(GOALS[judged.expectation.name], target.value, target.month, PROBABILITY)
        steps = mix(*read_varied(asked.question.scenario, varied)).steps
    except TandemError as fault:
        st.warning(f"{fault.message} {fault.remedy}")
        return
    answer = study(
        store,
        Solve(asked.question, goal, varied),
        button="Find the least that meets it",
        about=f"{goal.sentence} Up to {steps:,} steps of it are searched, each run in the same "
        f"{asked.question.replications} futures; it goes on in the background.",
    )
    if answer is not None:
        first, *others = answer.solution.sentences
        st.markdown(f"**{first}** {' '.join(others)}")

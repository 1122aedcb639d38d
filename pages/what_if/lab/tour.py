"""The two-minute tour of the scenario lab: six steps on the chosen board's own figures.

A step is the query parameter `tour`, so that a link opens it. Each step runs what it talks about and frames
the part of the page that it is about; its words stand at the foot of the window while the page is read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from data.database.store import Store
from data.returns.lists import profile
from data.returns.past_errors import error_said
from models.rtt import list_statements
from models.rtt.months import WEEKS_PER_MONTH, month_label
from models.rtt.waiting_list import WaitingList
from models.scenarios.presets import preset
from pages.parts.frame import WIDTH
from pages.what_if.lab.form_state import put
from pages.what_if.lab.layout import point_at
from questions.lab import LabAnswer
from questions.question import Question, asked, canonical

TOUR = "tour"  # of the link: which step is shown, from 1
LOOK = "look-closer"  # the anchor of the detail
UNDER_WAY = "The run is under way; it goes on while you read."
state = st.session_state


@dataclass(frozen=True)
class At:
    """Where a planner stands in the tour: on what, and the answer once it is there."""

    store: Store
    question: Question
    place: str
    lab: LabAnswer | None


@dataclass(frozen=True)
class Step:
    """One step: its heading, its words, the part of the page it frames, and what it runs or opens."""

    heading: str
    words: Callable[[At], str]
    frames: str
    anchor: str = ""  # of that part, where it may be out of view
    scenario: str = ""  # a preset
    tab: str = ""  # of the detail


def _today(at: At) -> str:
    here = WaitingList(profile(at.store, at.question.scope, at.question.month))
    counted = f"(published, end of {month_label(at.question.month)})"
    return (
        f"{list_statements.answer(list_statements.place_words(at.place), here)} {counted}. What has just "
        "been run is 'As today': where that list goes if nothing changes. Every scenario is held against it."
    )


def _run(at: At) -> str:
    return (
        f"This has set one lever, virtual by default, to 70% and run {at.question.replications} simulated "
        f"futures of {at.question.weeks} weeks, each with and without it. The levers stand left of the "
        "answer, or under it in a narrow window, each with its source; move one and the picture follows."
    )


def _band(at: At) -> str:
    if at.lab is None:
        return UNDER_WAY
    return (
        f"'{at.lab.statements.headline}' The first number is the mean of the futures; the range "
        "after it holds 8 in 10 of them. Where the range takes in zero, Tandem says that there "
        "is no clear difference."
    )


def _who(at: At) -> str:
    if at.lab is None:
        return UNDER_WAY
    sentences = " ".join((*at.lab.statements.losses[:1], *at.lab.statements.gains[:1]))
    return (
        f"{sentences} The small charts show each specialty, the worst first; 'By provider' shows the trusts."
    )


def _wrong(at: At) -> str:
    missed = error_said(at.question.scope, at.question.weeks / WEEKS_PER_MONTH)
    return f"{missed} Below, the evidence behind each lever can be put at both ends of its likely range."


def _keep(at: At) -> str:
    return (
        f"Save keeps this for everybody who uses this Tandem, by version; Compare sets it beside others; "
        f"Take away makes slides, a workbook or a page for {at.place}; Present walks through it. The link at "
        "the foot of the page reopens exactly these numbers. Now move a lever of your own."
    )


STEPS = (
    Step("The list today", _today, "lab_headline", scenario="baseline"),
    Step("Run a scenario: 70% virtual by default", _run, "lab_levers", "levers", scenario="virtual-70"),
    Step("Read the sentence and its range", _band, "lab_headline"),
    Step("See who gains and who loses", _who, "lab_detail", LOOK, tab="Who gains and loses"),
    Step("Ask how wrong it has been", _wrong, "lab_detail", LOOK, tab="How sure are we"),
    Step("Keep it, compare it, take it away", _keep, "lab_actions"),
)


def begin() -> None:
    """Note whether this session came for something; who did is not offered the tour. First on the page."""
    state.setdefault("tour_offered", not asked(st.query_params) and TOUR not in st.query_params)


def step_shown() -> int:
    """The step in the link, from 1; 0 where the tour is not under way."""
    text = st.query_params.get(TOUR, "")
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        return 0
    return min(int(text), len(STEPS))


def follow(question: Question) -> Question:
    """Run and open what the step is about, once on entering it; gives the question. Before the form."""
    number = step_shown()
    if number == state.get("tour_step", 0):
        return question
    state["tour_step"] = number
    if number == 0:
        return question
    state["tour_offered"] = False
    step = STEPS[number - 1]
    if step.tab:
        state["lab_tab"] = step.tab
    state["lab_shelf"] = False
    scenario = step.scenario or ("" if question.scenario.levers else "virtual-70")
    if scenario:
        question = replace(question, document=canonical(preset(scenario)))
        put(question, go=True)
    return question


def show_offer(place: str) -> None:
    """Offer the tour on a first visit."""
    if step_shown() or not state["tour_offered"]:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tour_offer"):
        st.markdown(f"**New here?** Six short steps on the real figures of {place}, in two minutes.")
        st.button("Start the tour", key="tour_start", type="primary", on_click=_go, args=(1,))
        st.button("Not now", key="tour_decline", on_click=_decline)


def show_way_in() -> None:
    """Draw the quiet button that opens the tour for who was not offered it or declined."""
    if not (step_shown() or state["tour_offered"]):
        st.button(
            "Two-minute tour",
            key="tour_again",
            type="tertiary",
            on_click=_go,
            args=(1,),
            icon=":material/tour:",
        )


def show_tour(store: Store, question: Question, place: str, lab: LabAnswer | None) -> None:
    """Draw the step that the link names at the foot of the window, and frame what it is about."""
    number = step_shown()
    if number == 0:
        return
    step = STEPS[number - 1]
    point_at(step.frames)
    with st.bottom, st.container(key="tour_card", width=WIDTH, gap="small", border=True):
        st.markdown(
            f"**{number} of {len(STEPS)}: {step.heading}**  \n{step.words(At(store, question, place, lab))}"
            + (f"  \n[Go to it on the page](#{step.anchor})" if step.anchor else "")
        )
        with st.container(horizontal=True):
            last = number == len(STEPS)
            st.button(
                "Back", key="tour_back", on_click=_go, args=(number - 1,), disabled=number == 1, shortcut="B"
            )
            st.button(
                "Finish" if last else "Next",
                key="tour_next",
                type="primary",
                shortcut="N",
                on_click=_leave if last else _go,
                args=() if last else (number + 1,),
            )
            if not last:
                st.button("Leave the tour", key="tour_leave", type="tertiary", on_click=_leave)


def _go(number: int) -> None:
    st.query_params[TOUR] = str(number)


def _leave() -> None:
    st.query_params.pop(TOUR, None)


def _decline() -> None:
    state["tour_offered"] = False

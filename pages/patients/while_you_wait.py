"""While you wait: where an area's patients go, how long they can expect to wait, and what to tell them."""

import math
import uuid
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.returns.areas import (
    alternatives,
    area_of,
    area_waits,
    areas,
    board_of,
    function_waits,
    practices,
    remaining_waits,
    waits_error,
)
from data.writers.mail_merge import Told, waits_to_tell
from models.errors import TandemError
from models.rtt.months import month_label
from models.rtt.organisations import ENGLAND
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS, name_of
from models.waits.expected_waits import weeks_said
from models.waits.messages import in_a_sentence
from pages.parts.scenario_choice import choose_scenario
from pages.parts.scope import ALL, board_names, choose, choose_board, forget, linked, linked_choice, pick
from pages.parts.store import held_months, shared_store
from pages.patients.waiting.chart import show_functions
from pages.patients.waiting.gp_work import show_gp_work
from pages.patients.waiting.messages import show_messages
from pages.patients.waiting.places import list_words, show_alternatives, show_places, show_remaining
from pages.patients.waiting.scenario import REFERRED, under_scenario
from questions.choice import Choice
from questions.waits import WhileYouWaitAnswer

WITHIN = {"10": "10 miles", "25": "25 miles", "50": "50 miles", "100": "100 miles"}
METHOD = (
    "Half within, and nine in ten within: from how the last three months' clock stops take patients off each "
    "provider's list by weeks waited, for somebody referred now who stays until treated; mixed over the "
    "providers where the area's patients went in the last year."
)


@dataclass(frozen=True)
class Where:
    """What the page is about: a board, one of its areas, a practice of it or none, a scenario or none."""

    board: str
    areas: dict[str, str]  # the board's, by code
    area: str
    practice: str  # empty: all
    practices: dict[str, str]  # the area's, by code
    choice: Choice | None

    @property
    def area_name(self) -> str:
        return self.areas[self.area]

    @property
    def practice_name(self) -> str:
        return self.practices.get(self.practice, "")

    @property
    def title(self) -> str:
        """The scenario's; empty where none is chosen."""
        return self.choice.title if self.choice else ""

    @staticmethod
    def figures(store: Store, month: str) -> str:
        """What names the figures behind the page, for what is kept of it."""
        return f"{store.path} {edition(store, month)}"


@dataclass(frozen=True)
class Waits:
    """An area's waits for one treatment function: a row of all its providers together, and one of each."""

    row: pd.Series
    places: pd.DataFrame

    @classmethod
    def of(cls, function: str, each: pd.DataFrame, functions: pd.DataFrame) -> "Waits":
        row = functions[functions["treatment_function"] == function].iloc[0]
        return cls(row, each[each["treatment_function"] == function])


@st.cache_data(max_entries=24, show_spinner="Looking for shorter waits …")
def _told(
    _store: Store, figures: str, area: str, area_name: str, month: str, function: str | None
) -> list[Told]:
    return waits_to_tell(_store, area, area_name, month, function)


@st.cache_data(max_entries=48, show_spinner=False)
def _waits(_store: Store, figures: str, area: str, month: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return area_waits(_store, area, month), function_waits(_store, area, month)


@st.cache_data(max_entries=48, show_spinner="Looking for shorter waits …")
def _near(_store: Store, figures: str, start: str, function: str, month: str, miles: float) -> pd.DataFrame:
    return alternatives(_store, start, function, month, miles)


def headline(row: pd.Series, waiting: int, area_name: str) -> str:
    """The answer in words for the chosen treatment function of an area."""
    specialty = in_a_sentence(name_of(row["treatment_function"]))
    many = f"{waiting:,} referrals of patients from {area_name} are waiting."
    if not row["known"]:
        return f"{many} How long those referred now to {specialty} can expect to wait is not known."
    half, nine = row["half_within"], row["nine_in_ten_within"]
    if math.isinf(half):
        return f"{many} More than half of those referred now to {specialty} would wait over two years."
    ends = "more than one in ten over two years" if math.isinf(nine) else f"nine in ten within {round(nine)}"
    return (
        f"{many} Half of those referred now to {specialty} can expect treatment within "
        f"{round(half)} weeks, {ends}."
    )


def change_words(row: pd.Series, title: str, when: str) -> str:
    """What a scenario does to the wait of those referred at a time, beside today's."""
    half, nine = (weeks_said(row[name]) for name in ("half_within", "nine_in_ten_within"))
    return f"Under {title}, of those referred {when}: half within {half}, nine in ten within {nine}."


def follow_link(store: Store, month: str) -> None:
    """Take a link that names no board, or no area, to those of its area, or of its practice."""
    try:
        if not linked("area") and linked("practice") not in ("", ALL):
            choose("area", area_of(linked("practice")))
        if linked("area") and "board" not in st.query_params:
            choose("board", board_of(store, linked("area"), month))
    except TandemError:  # the selectors say what is wrong with it
        return


def choose_function(code: str) -> None:
    """Turn to a treatment function, and to the hospital most used in it."""
    choose("function", code)
    forget("hospital")


def choose_where(store: Store, month: str) -> Where:
    """Draw the selectors of board, area, practice and scenario, and give what was chosen."""
    follow_link(store, month)
    board = choose_board(store, month)
    of_board = areas(store, board)
    names = dict(zip(of_board["code"], of_board["name"], strict=True))
    if not names:
        raise TandemError(
            f"No area of this board is in the returns of {month_label(month)}.", "Choose another board."
        )
    if linked("area") not in names and linked("area") in set(areas(store, ENGLAND)["code"]):
        for name in ("area", "practice", "hospital"):  # of the board that was chosen before
            forget(name)
    area = linked_choice(
        "area",
        "Area",
        list(names),
        next(iter(names)),
        format_func=lambda code: names.get(code, code),
        explain=lambda code: f"There is no area '{code}' in this board. Shown is the first.",
        clears=("practice", "hospital"),
        help="The sub-ICB location that pays for its patients' care.",
    )
    own = practices(area)
    called = {ALL: "All"} | {row.code: f"{row.name} ({row.outward})" for row in own.itertuples()}
    practice = linked_choice(
        "practice",
        "Practice",
        list(called),
        ALL,
        format_func=lambda code: called.get(code, code),
        explain=lambda code: f"'{code}' is no practice of this area. Shown is all.",
        help="Type to search. A practice's own list is not published: its area's flows stand for it.",
    )
    choice = None if board == ENGLAND else choose_scenario(store, board, key="wait_scenario")
    practice_names = dict(zip(own["code"], own["name"], strict=True))
    return Where(board, names, area, "" if practice == ALL else practice, practice_names, choice)


def show_function(store: Store, where: Where, waits: Waits, after: Waits | None, month: str) -> None:
    """Draw one treatment function: its list, where patients go, where waits are shorter."""
    function = str(waits.row["treatment_function"])
    st.subheader(f"{name_of(function)} in {where.area_name}", anchor=False)
    st.markdown(list_words(waits.row))
    show_places(waits.places, None if after is None else after.places)
    if waits.row["known"]:
        longer = "How much longer, for somebody who has waited already"
        panel = st.popover(longer, type="tertiary", key="wait_longer", on_change="rerun")
        if panel.open:  # reckoned only for those who look
            with panel:
                show_remaining(remaining_waits(store, where.area, function, month))
    with st.container(width=200):
        miles = float(pick("miles", "Look within", WITHIN, "25"))
    near = _near(store, where.figures(store, month), where.practice or where.area, function, month, miles)
    show_alternatives(near, miles, where.practice_name or "the middle of the area's practices")


def _with_scenario(
    store: Store, where: Where, month: str
) -> tuple[WhileYouWaitAnswer | None, tuple[pd.DataFrame, pd.DataFrame] | None, int]:
    """The chosen scenario's run, the area's waits under it, and the week of referral; None till done."""
    if where.choice is None:
        return None, None, 0
    with st.container(width=260):
        when = int(pick("referred", "Referred", {str(k): v for k, v in REFERRED.items()}, "0"))
    watcher = st.session_state["lab_watcher"]
    under = under_scenario(store, where.board, month, where.choice, watcher)
    if under is None:
        return None, None, when
    curves = under.waits.curves[when]
    waits = area_waits(store, where.area, month, curves), function_waits(store, where.area, month, curves)
    return under, waits, when


def _choose_among(functions: pd.DataFrame) -> str:
    codes = set(functions["treatment_function"])
    return linked_choice(
        "function",
        "Treatment function",
        [code for code in TREATMENT_FUNCTIONS if code in codes],
        str(functions.sort_values("waiting", ascending=False)["treatment_function"].iloc[0]),
        format_func=name_of,
        clears=("hospital",),
        help="Or click a dot of the picture.",
        explain=lambda code: f"Nobody from this area goes to '{code}'. Shown is the largest.",
    )


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    st.session_state.setdefault("lab_watcher", uuid.uuid4().hex)
    month = held_months(store)[-1]
    with st.grid(4, min_column_width=200, gap="small"):
        where = choose_where(store, month)
    figures, area = where.figures(store, month), where.area
    each, functions = _waits(store, figures, area, month)
    answer = st.container()
    under, later, when = _with_scenario(store, where, month)
    show_functions(functions, later and later[1], where.area_name, where.title, choose_function)
    function = _choose_among(functions)
    waits = Waits.of(function, each, functions)
    after = None if later is None else Waits.of(function, *later)
    waiting = int(functions["waiting"].sum())
    with answer:
        st.markdown(f"## {headline(waits.row, waiting, where.area_name)}")
        if after is not None and after.row["known"]:
            st.markdown(change_words(after.row, where.title, REFERRED[when]))
        st.caption(
            f"Estimated from the figures of {month_label(month)}. A practice's own list is not published: "
            "its area's flows stand for it."
        )
        with st.popover("How this is worked out", type="tertiary"):
            st.markdown(f"{METHOD}\n\n{waits_error()}")
    show_function(store, where, waits, after, month)
    show_messages(
        _told(store, figures, area, where.area_name, month, function),
        where.practice_name,
        area,
        where.area_name,
        month,
        lambda: _told(store, figures, area, where.area_name, month, None),
    )
    show_gp_work(
        waiting,
        area,
        where.area_name,
        len(where.practices),
        board_names(store, month)[where.board],
        under.gp_work.change if under else None,
        where.title,
    )


draw()

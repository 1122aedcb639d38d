"""Pairing: which trusts to pair, so that the most weeks of long waiting are avoided, and both sides of it."""

from datetime import date

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.returns.capacity import spare_record
from data.returns.capacity_uploads import history_of
from data.returns.pairing import Ground, ground, without_boards
from models.capacity.estimate import Floor
from models.pairing.gains import worth
from models.pairing.optimum import best_plan
from models.pairing.pairs import Choices, Limits, Plan, named
from models.pairing.reasons import Alternative, Refusal, alternatives, both_said, possible_pairs, refusals
from models.pairing.trial_scenario import placed_beside
from models.rtt.months import month_label
from pages.parts.store import held_months, shared_store
from pages.sharing.map.chosen_plan import keep_plan
from pages.sharing.pairs.choice import DIAGNOSTIC, choose_area, choose_limits
from pages.sharing.pairs.plan import (
    HALF,
    NOT_POSSIBLE,
    certainty,
    headline,
    show_flows,
    show_others,
    show_pairs,
    show_way,
)
from pages.sharing.pairs.trial import choose_beside, show_trial
from pages.sharing.pairs.why_not import show_question

MOST_CANDIDATES = 300  # pairs offered for pins and bans, those that could avoid most first


@st.cache_resource(max_entries=12, show_spinner="Looking for long waits and spare capacity …")
def _ground(_store: Store, state: str, scope: str, floor: Floor, diagnostic: float) -> Ground:
    changed = {} if diagnostic == DIAGNOSTIC.value else {DIAGNOSTIC.key: diagnostic}
    return ground(_store, scope, floor=floor, changed=changed)


@st.cache_resource(max_entries=24, show_spinner="Choosing the pairs …")
def _plan(
    _store: Store, _found: Ground, asked: str, _limits: Limits, left_out: tuple[str, ...]
) -> tuple[Choices, Plan, tuple[Alternative, ...], tuple[Refusal, ...]]:
    choices = without_boards(_store, _found.choices(_limits), left_out)
    plan = best_plan(choices, _limits)
    return choices, plan, alternatives(choices, _limits, plan), refusals(choices, _limits, plan, _found.names)


def state_of(store: Store, month: str) -> str:
    """What names the figures behind a plan: returns of the month, and capacity that boards have uploaded."""
    acts = history_of(store)
    return f"{store.path} {edition(store, month)} {acts[0].id if acts else ''} {date.today()}"


def candidates(found: Ground) -> dict[str, str]:
    """The names of the pairs that could be made, by their codes, those that could avoid most first."""
    choices = found.choices(Limits())
    worth_it = choices.most * choices.weeks
    pairs, names = possible_pairs(choices), found.names
    first = sorted(pairs, key=lambda pair: -worth_it[pairs[pair]].sum())[:MOST_CANDIDATES]
    return {":".join(sorted(pair)): both_said(pair, names) for pair in first}


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    month = held_months(store)[-1]
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    heading.title("Which trusts to pair", anchor=False)
    with chooser:
        scope, left_out = choose_area(store)
    state = f"{state_of(store, month)} {scope}"
    usual = _ground(store, state, scope, Floor(), DIAGNOSTIC.value)
    limits, floor, diagnostic = choose_limits(month, candidates(usual))
    asked = (
        f"{state} {limits.partners} {limits.waited} {limits.treatment_functions} {limits.miles} {floor} "
        f"{diagnostic} without {left_out} pinned {sorted(map(named, limits.pinned))} "
        f"banned {sorted(map(named, limits.banned))}"
    )
    here = _ground(store, state, scope, floor, diagnostic)
    choices, plan, others, refused = _plan(store, here, asked, limits, left_out)
    keep_plan(plan, scope)
    record = spare_record()[0]
    believed = (
        f"Estimated from the monthly returns to {month_label(month)}. Of the series called spare in past "
        f"months, **{record.delivered:.0%}** later delivered that much."
    )
    if not plan.pairs:
        st.markdown(NOT_POSSIBLE)
        st.caption(believed)
        show_question(here, choices, plan, limits)
        return
    st.markdown(f"## {headline(plan, limits.waited)}")
    st.caption(
        f"{certainty(plan)} {believed} This is on averages, which count more than both "
        "queues keep: “Try it” says what they make of it."
    )
    halves = st.grid(2, min_column_width=HALF, gap="medium")
    with halves.cell():
        show_pairs(plan, here.names)
    with halves.cell():
        picture = st.container()
        scenario = choose_beside(here, plan, limits)
        with picture:
            show_flows(plan, placed_beside(scenario, here.calibration, here.values), here.names)
    show_others(others, refused, plan, here.names)
    show_question(here, choices, plan, limits)
    if not plan.flows:
        return
    st.markdown("### What if the patient needs a diagnostic locally?")
    show_way(plan, worth(here.values), diagnostic)
    show_trial(store, here, plan, scenario, asked)


draw()

"""The plan of pairs that a planner made last in this session, so that other pages can show it."""

from dataclasses import dataclass

import streamlit as st

from models.pairing.pairs import Plan

_KEPT = "chosen_plan"


@dataclass(frozen=True)
class ChosenPlan:
    """A plan, and the boards it was made for: 'QE1+QOP', or 'ENGLAND'."""

    plan: Plan
    scope: str


def keep_plan(plan: Plan, scope: str) -> None:
    """Keep a plan for the session in the place of the one before; a plan without flows takes it away."""
    if plan.flows:
        st.session_state[_KEPT] = ChosenPlan(plan, scope)
    else:
        st.session_state.pop(_KEPT, None)


def kept_plan() -> ChosenPlan | None:
    """The plan made last in this session; None before any."""
    kept: ChosenPlan | None = st.session_state.get(_KEPT)
    return kept

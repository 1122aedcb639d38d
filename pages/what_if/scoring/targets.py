"""The planner's own targets: a level and a month for each expectation that can be measured."""

import streamlit as st

from models.outcomes.expectations import EXPECTATIONS, Measure, Target, usual_targets
from models.rtt.months import first_simulated_monday, month_label, month_of, month_range
from pages.parts.scorecard_run import put_targets
from questions.scorecard import Scorecard

state = st.session_state


def show_targets(asked: Scorecard) -> None:
    """Draw the targets to change; a change goes into the link and judges again, without running again."""
    usual = usual_targets(asked.question.month, asked.last_month)
    st.caption(
        "Targets are yours, and go into the link. Leave a level empty to ask only for clearly better than if "
        "nothing changed."
    )
    first = month_of(first_simulated_monday(asked.question.month))
    months = month_range(first, asked.last_month)
    with st.grid(3, min_column_width=260, gap="small"):
        for name, target in asked.targets.items():
            measure = EXPECTATIONS[name].measure
            assert measure is not None
            with st.container(gap="xxsmall"):
                st.markdown(f"**{EXPECTATIONS[name].title}**")
                _show_one(asked, usual, name, target, measure, months)
    if asked.own:
        st.button("Take all back to the usual", on_click=put_targets, args=({},), icon=":material/undo:")


def _show_one(
    asked: Scorecard,
    usual: dict[str, Target],
    name: str,
    target: Target,
    measure: Measure,
    months: tuple[str, ...],
) -> None:
    level, month = f"target_level_{name}", f"target_month_{name}"
    state[level], state[month] = target.value, target.month

    def follow() -> None:
        value = state[level]
        new = Target(None if value is None else float(value), state[month])
        own = {each: kept for each, kept in (dict(asked.own) | {name: new}).items() if kept != usual[each]}
        put_targets(own)

    st.number_input(
        f"{measure.label}, {measure.unit}",
        0.0,
        float(measure.most),
        step=10.0**-measure.decimals,
        format=f"%.{measure.decimals}f",
        key=level,
        on_change=follow,
        placeholder="Clearly better",
    )
    offered = months if target.month in months else (*months, target.month)
    st.selectbox(
        "By the end of",
        offered,
        format_func=month_label,
        key=month,
        on_change=follow,
        label_visibility="collapsed",
    )

"""“Why not this one?”: any two trusts of the area, what a pair of them would avoid and what stops it."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from data.returns.pairing import Ground
from models.pairing.pairs import Choices, Limits, Plan
from models.pairing.reasons import amount_said
from models.pairing.why_not import Answer, about_pair, answer_said, leg_said
from models.rtt.organisations import provider_kind
from models.rtt.treatment_functions import name_of
from pages.parts.scope import ALL, pick

SHOWN = 4  # ways in sentences, those that would avoid most first
Names = Mapping[str, str]


def show_question(found: Ground, choices: Choices, plan: Plan, limits: Limits) -> None:
    """Draw the two selectors, kept in the link as `one` and `other`, and the answer."""
    st.markdown("### Ask about any pair")
    names = found.names
    here = sorted(
        {str(code) for code in choices.providers if provider_kind(str(code)) == "NHS trust"},
        key=lambda code: names.get(code, code),
    )
    offered = {ALL: "Choose a trust"} | {code: names.get(code, code) for code in here}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one = pick("one", "Why not this trust", offered, ALL)
        other = pick("other", "With this one", offered, ALL)
    if ALL in (one, other):
        return
    if one == other:
        st.info("These are the same trust. Choose another beside it.")
        return
    pair = frozenset((one, other))
    with st.spinner("Working out what the pair would change …"):
        answer = about_pair(
            found.everything(limits.waited), choices, limits, plan, pair, names, found.miles_between(pair)
        )
    st.markdown(f"**{answer_said(answer, names)}**")
    if not answer.legs:
        st.caption("Neither has long waits that could be seen virtually.")
        return
    st.markdown("\n".join(f"- {leg_said(leg, names)}" for leg in answer.legs[:SHOWN]))
    if len(answer.legs) > SHOWN:
        with st.expander(f"All {len(answer.legs)} ways, in appointments a week"):
            st.dataframe(
                question_table(answer, names),
                hide_index=True,
                key="pair_question",
                column_config={"Why no more": st.column_config.TextColumn(width="large")},
                alt="Table: what could flow between the two trusts, by specialty, and why no more does",
            )


def question_table(answer: Answer, names: Names) -> pd.DataFrame:
    """A row a specialty and direction: long waits, spare, what could flow, and why no more is planned."""
    return pd.DataFrame(
        [
            {
                "Specialty": name_of(leg.treatment_function),
                "Is helped": names.get(leg.home, leg.home),
                "Long waits": amount_said(leg.wanted),
                "Spare": amount_said(leg.spare),
                "Could flow": amount_said(leg.most),
                "Weeks avoided": amount_said(leg.most * leg.weeks_each),
                "In the plan": amount_said(leg.planned),
                "Why no more": leg.reason or "All of it is in the plan.",
            }
            for leg in answer.legs
        ]
    )

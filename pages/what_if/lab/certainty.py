"""How sure are we: past errors beside the answer, what the band holds, and which evidence matters most."""

from collections import Counter

import pandas as pd
import streamlit as st

from data.database.store import Store
from models.rtt.measures import measure
from models.rtt.months import month_label
from models.scenarios.scenario import in_unit
from pages.parts.figures import show
from pages.parts.figures.bars import ranges
from pages.parts.jobs import study
from pages.parts.numbers import choose_measure
from questions.lab import LabAnswer
from questions.question import Question
from questions.studies import Evidence
from sim.studies.sensitivity import Swing, behind

MOST_BARS = 12
EVIDENCE_FUTURES = 10  # of the answer's: it takes two runs at both ends of each of a dozen ranges


def show_certainty(store: Store, lab: LabAnswer) -> None:
    """Say how wrong forecasts have been and what the band holds; draw the tornado when asked for."""
    question = lab.question
    st.markdown(f"**How wrong it has been.** {lab.past_error}")
    st.markdown(
        f"Each number is the mean of **{question.replications} simulated futures** of the same list, and the "
        "band holds 80% of them. The scenario and its baseline live through the same chance, so the range of "
        "their difference is the lever's and not luck's."
    )
    st.markdown(
        "**In the band:** the chance of who is referred, comes and is treated when; how much referrals, "
        "capacity and removals have varied from what was usual; and doubt about the evidence behind each "
        "lever, over the range that is likely for it.\n\n"
        "**Not in the band:** what nobody knows the odds of. Strikes, new money and what other boards do are "
        "not in it; a lever in the form says what a strike or a hard winter would do."
    )
    st.markdown(
        "**Published:** the list by weeks waited, clock starts and stops. **Estimated:** who on the list has "
        "had a first appointment, removals, appointments and their medium."
    )
    ran = lab.comparison.scenario
    kinds = Counter(ran.notes)
    st.markdown(
        f"**The returns behind it:** {ran.series:,} series of provider and specialty, to "
        f"{month_label(question.month)}; {ran.series - sum(kinds.values()):,} are unremarkable."
        + "".join(f"\n- {number:,}: {note}" for note, number in kinds.most_common(6))
    )
    if question.scenario.levers:
        st.markdown("#### Which evidence the answer hangs on")
        _show_tornado(store, question)


def _show_tornado(store: Store, question: Question) -> None:
    many = len(behind(question.scenario))
    asked = Evidence(question, most=EVIDENCE_FUTURES)
    answer = study(
        store,
        asked,
        button="Try the evidence at both ends",
        about=f"Puts each of {many} assumptions at both ends of its likely range, one at a time, in "
        f"{asked.replications} of the futures. It takes about {4 * many} short runs and goes on in the "
        "background.",
    )
    if answer is None:
        return
    tornado = answer.tornado
    name = choose_measure("tornado_measure")
    sentences = tornado.sentences(name)
    st.markdown("\n".join((f"**{sentences[0]}**\n", *(f"- {each}" for each in sentences[1:]))))
    shown, swings = measure(name), tornado.swings(name)[:MOST_BARS]
    unit = "Percentage points within 18 weeks" if shown.is_share else f"Patients {shown.phrase}"
    show(
        ranges(
            [swing.assumption.label for swing in swings],
            [swing.at_low.mean for swing in swings],
            [swing.at_high.mean for swing in swings],
            [_ends(swing) for swing in swings],
            middle=tornado.change(name).mean,
        ),
        title=f"{unit}, more or fewer than if nothing changed, over each likely range",
        alt=" ".join(sentences),
        table=_table(swings),
        key=f"lab_tornado_{name}",
    )
    st.caption(
        "The dashed line is the effect with nothing put at an end. Swings do not add up: they say which "
        "evidence is worth having."
    )


def _ends(swing: Swing) -> str:
    return in_unit(f"{swing.low:g} to {swing.high:g}", swing.assumption.unit)


def _table(swings: tuple[Swing, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Assumption": swing.assumption.label,
                "Unit": swing.assumption.unit,
                "Likely from": swing.low,
                "Effect there": round(swing.at_low.mean, 1),
                "Likely to": swing.high,
                "Effect at that end": round(swing.at_high.mean, 1),
                "Source": swing.assumption.source,
            }
            for swing in swings
        ]
    )

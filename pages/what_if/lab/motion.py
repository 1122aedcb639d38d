"""Watch it move: the list by weeks waited, week by week, with play and pause."""

import numpy as np
import pandas as pd
import streamlit as st

from data.database.store import Store
from pages.parts.figures import show
from pages.parts.jobs import study
from pages.what_if.lab.moving_profile import moving_chart
from questions.question import Question
from questions.studies import Motion
from sim.observers.wait_profiles import Profiles
from sim.reports.scenario_report import UNCHANGED


def show_motion(store: Store, question: Question) -> None:
    """Draw the list in motion, or offer to follow it."""
    answer = study(
        store,
        Motion(question),
        button="Watch it move",
        about="Follows everybody on the list through the same simulated futures, week by week. It takes as "
        "long as the answer did, or twice, and goes on in the background.",
    )
    if answer is None:
        return
    scenario, baseline = answer.scenario, answer.baseline
    title = question.scenario.title if baseline else UNCHANGED
    st.markdown(answer.sentence)
    show(
        moving_chart(scenario, baseline, label=title, unchanged=UNCHANGED),
        title="Pathways by weeks waited, mean of the futures (estimated)",
        alt=answer.sentence,
        table=_table(scenario, baseline),
        key="lab_motion",
    )


def _table(scenario: Profiles, baseline: Profiles | None) -> pd.DataFrame:
    columns: dict[str, object] = {
        "Weeks waited": [*(f"{week} to {week + 1}" for week in range(104)), "104 or more"],
        scenario.day(0): _whole(scenario.waiting[0]),
    }
    end = scenario.day(len(scenario.weeks) - 1)
    if baseline:
        columns[f"{UNCHANGED}, {end}"] = _whole(baseline.waiting[-1])
    columns[f"{'Scenario' if baseline else UNCHANGED}, {end}"] = _whole(scenario.waiting[-1])
    return pd.DataFrame(columns)


def _whole(values: np.ndarray) -> np.ndarray:
    return np.rint(values).astype(int)

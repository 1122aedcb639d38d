"""The lab's numbers as tables: week by week, appointments by medium, and the CSV of a run."""

from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from data.database.version import PRODUCT_VERSION
from models.rtt.measures import USUAL, measure
from models.rtt.months import last_day, month_label
from questions.question import Question
from questions.runs import Comparison
from sim.runs.comparison import SETTLED_WEEKS
from sim.runs.results import Band, Results, band, difference

NOTHING_CHANGED = (
    "Nothing is changed in this run, so nobody gains or loses. Choose a scenario or use a lever."
)
APPOINTMENTS = {
    "first_face_to_face": "First, face to face",
    "first_virtual": "First, virtual",
    "follow_up_face_to_face": "Follow-up, face to face",
    "follow_up_virtual": "Follow-up, virtual",
    "missed_face_to_face": "Missed, face to face",
    "missed_virtual": "Missed, virtual",
    "repeated": "Repeated face to face after a virtual one",
}


def weekly_table(comparison: Comparison) -> pd.DataFrame:
    """Both runs week by week: list, share within 18 weeks and over 52, means with their 80% bands."""
    scenario, baseline = comparison.scenario.results, comparison.baseline.results
    columns: dict[str, object] = {"Week ending": days_of(scenario)}
    for counted, name in (("waiting", "waiting"), ("over_52", "over 52 weeks")):
        for word, results in (("Scenario", scenario), ("Baseline", baseline)):
            columns |= columns_of(f"{word}, {name}", band(results.total(counted)), 0)
        columns |= columns_of(f"Difference, {name}", change_by_week(scenario, baseline, counted), 0)
    for word, results in (("Scenario", scenario), ("Baseline", baseline)):
        columns |= columns_of(f"{word}, within 18 weeks %", times(band(results.share_within_18()), 100), 1)
    return pd.DataFrame(columns)


def appointment_table(comparison: Comparison) -> pd.DataFrame:
    """Appointments a week by kind and medium, the mean of the last 13 weeks, under both, and the change."""
    rows = []
    for counted, name in APPOINTMENTS.items():
        means = [
            each.results.total(counted)[:, -SETTLED_WEEKS:].mean()
            for each in (comparison.baseline, comparison.scenario)
        ]
        rows.append(
            {
                f"A week, mean of the last {SETTLED_WEEKS}": name,
                "If nothing changes": round(means[0]),
                "Scenario": round(means[1]),
                "Difference": round(means[1]) - round(means[0]),
            }
        )
    return pd.DataFrame(rows)


def csv_of(table: pd.DataFrame, question: Question, place: str) -> bytes:
    """The table as CSV for a spreadsheet, with what it was run from in each row."""
    origin = {
        "board": f"{place} ({question.scope})",
        "scenario": question.scenario.name,
        "scenario_document": question.document,
        "figures_to": question.month,
        "seed": question.seed,
        "replications": question.replications,
        "tandem": PRODUCT_VERSION,
    }
    return table.assign(**origin).to_csv(index=False).encode("utf-8-sig")


def run_in_words(question: Question) -> str:
    """What was run, in a line: scenario, figures, weeks, replications, seed and version."""
    return (
        f"Scenario {question.scenario.name}, figures to {month_label(question.month)}, "
        f"{question.weeks} weeks, {question.replications} futures, seed {question.seed}, "
        f"Tandem {PRODUCT_VERSION}. "
        "The future is simulated, not known."
    )


def columns_of(name: str, level: Band, decimals: int) -> dict[str, object]:
    """Three columns of a table: the mean of a band and its two ends, rounded to `decimals`."""
    columns = {name: level.mean, f"{name}, 80% from": level.lower, f"{name}, 80% to": level.upper}
    rounded = {key: np.round(values, decimals) for key, values in columns.items()}
    return {key: values if decimals else values.astype(int) for key, values in rounded.items()}


def change_by_week(scenario: Results, baseline: Results, measure: str) -> Band:
    """Scenario less baseline by week, as a band; raises ValueError for runs of two worlds."""
    difference(scenario, baseline, measure)  # refuses two runs that are not of one world
    return band(scenario.total(measure) - baseline.total(measure))


def days_of(results: Results, *, opening: bool = False) -> list[date]:
    """The days weeks end on, the day the figures were counted before them if `opening`."""
    days = [each.item() for each in results.week_ends]
    return [last_day(results.data_month), *days] if opening else days


def times(scaled: Band, scale: float) -> Band:
    """A band on another scale: 100 for percent."""
    return Band(scaled.mean * scale, scaled.lower * scale, scaled.upper * scale)


def choose_measure(key: str) -> str:
    """Draw the choice of what is measured, and give its name."""
    name: str = st.segmented_control(
        "Measure",
        list(USUAL),
        format_func=lambda each: measure(each).label,
        default=USUAL[0],
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    return name

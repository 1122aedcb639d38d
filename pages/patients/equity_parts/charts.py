"""The gap between the most and the least deprived fifth in a picture, and every group in a table."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
import streamlit as st

from models.outcomes.equity import DIMENSIONS
from models.outcomes.equity_statements import DIMENSION_WORDS, GROUP_WORDS
from models.statements import Interval, percent, rounded, signed_points
from pages.parts.figures import BASELINE, SCENARIO, bar_chart, show
from sim.observers.equity import Equity
from sim.runs.common_random_numbers import interval

GROUP_MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "within_18": "Within 18 weeks",
        "over_52_patients": "Over 52 weeks",
        "mean_weeks": "Average weeks",
        "seen_virtually": "Seen virtually",
    }
)
ROOM = 0.24  # of the chart's width beside the ranges, for the values
UNITS = {"over_52_patients": "patients", "mean_weeks": "weeks"}  # of a difference; of the others points
TODAY, UNCHANGED, WITH = "Today", "If nothing changes", "With the scenario"


def show_gap(scenario: Equity, baseline: Equity | None) -> None:
    """Draw the gap today, if nothing changes and with the scenario, with 80% ranges."""
    gaps = {TODAY: scenario.gap_today(), UNCHANGED: (baseline or scenario).gap()}
    if baseline:
        gaps[WITH] = scenario.gap()
    points = [f"{name}: {signed_points(each.mean)} points ({_ends(each)})" for name, each in gaps.items()]
    figure = bar_chart(
        list(gaps),
        [each.mean for each in gaps.values()],
        colours=[SCENARIO if name == WITH else BASELINE for name in gaps],
        lower=[each.lower for each in gaps.values()],
        upper=[each.upper for each in gaps.values()],
        decimals=1,
    )
    ends = [end for each in gaps.values() for end in (each.lower, each.upper, 0.0)]
    least, most = min(ends), max(ends)
    room = ROOM * (most - least)  # both ends of every range are seen, on either side of zero
    figure.update_xaxes(range=[least - room if least < 0 else 0, most + room])
    show(
        figure,
        title=f"Gap within 18 weeks, points: least deprived fifth less most deprived, to {scenario.month}",
        alt="; ".join(points),
        table=pd.DataFrame(
            {
                "When": list(gaps),
                "Gap, points": [signed_points(each.mean) for each in gaps.values()],
                "80%": [_ends(each) for each in gaps.values()],
            }
        ),
        key="equity_gap",
    )
    st.caption("Above zero, a smaller share of the most deprived have waited under 18 weeks.")


def show_groups(scenario: Equity, baseline: Equity | None) -> None:
    """Draw selectors of the dimension and the measure, and the table of the groups."""
    with st.container(horizontal=True):
        dimension = st.segmented_control(
            "By",
            list(DIMENSION_WORDS),
            default="deprivation",
            key="equity_by",
            format_func=lambda each: DIMENSION_WORDS[each],
        )
        measure = st.segmented_control(
            "Measure",
            list(GROUP_MEASURES),
            default="within_18",
            key="equity_measure",
            format_func=lambda each: GROUP_MEASURES[each],
        )
    dimension, measure = dimension or "deprivation", measure or "within_18"
    st.table(
        groups_table(scenario, baseline, dimension, measure).set_index(DIMENSION_WORDS[dimension]),
        border="horizontal",
        alt=f"Table: {GROUP_MEASURES[measure].lower()} by {DIMENSION_WORDS[dimension].lower()}",
    )


def groups_table(scenario: Equity, baseline: Equity | None, dimension: str, measure: str) -> pd.DataFrame:
    """A row a group: how many wait, and a measure of GROUP_MEASURES now, unchanged and with the scenario."""
    names = DIMENSIONS[dimension]
    form, form_change = FORMS.get(measure, (_percent, _change))
    columns: dict[str, list[str]] = {
        DIMENSION_WORDS[dimension]: [GROUP_WORDS[name] for name in names],
        "Waiting now": [f"{rounded(each):,}" for each in _mean(scenario, "waiting", dimension, 0)],
    }
    if measure != "seen_virtually":  # appointments are those of twelve weeks, and today has none behind it
        columns["Now"] = [form(each) for each in _mean(scenario, measure, dimension, 0)]
    columns[UNCHANGED] = [form(each) for each in _mean(baseline or scenario, measure, dimension)]
    if baseline:
        columns[WITH] = [form(each) for each in _mean(scenario, measure, dimension)]
        change = scenario.by_group(measure, dimension) - baseline.by_group(measure, dimension)
        columns[f"Difference, {UNITS.get(measure, 'points')} (80%)"] = [
            form_change(interval(each)) for each in change[:, -1].T
        ]
    return pd.DataFrame(columns)


def _mean(run: Equity, measure: str, dimension: str, place: int = -1) -> list[float]:
    return [float(each) for each in run.by_group(measure, dimension)[:, place].mean(axis=0)]


def _percent(value: float) -> str:
    return "" if np.isnan(value) else percent(value)


def _change(change: Interval) -> str:
    return "" if np.isnan(change.mean) else f"{signed_points(change.mean)} ({_ends(change)})"


def _patients(value: float) -> str:
    return f"{rounded(value):,}"


def _patients_change(change: Interval) -> str:
    ends = " to ".join(f"{rounded(each):+,}" for each in (change.lower, change.upper))
    return f"{rounded(change.mean):+,} ({ends})".replace("-", "−")


def _weeks(value: float) -> str:
    return f"{value:.1f}"


def _ends(change: Interval) -> str:
    return f"{signed_points(change.lower)} to {signed_points(change.upper)}"


# how a measure is written, and its difference; the others are shares, whose differences are in points
FORMS: Mapping[str, tuple[Callable[[float], str], Callable[[Interval], str]]] = MappingProxyType(
    {"over_52_patients": (_patients, _patients_change), "mean_weeks": (_weeks, _change)}
)

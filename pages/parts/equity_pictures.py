"""The gap between the most and the least deprived fifth in a picture, and every group in a table."""

import numpy as np
import pandas as pd
import streamlit as st

from models.answers import Interval, percent, rounded, signed_points
from models.equity import DIMENSIONS
from models.equity_answers import DIMENSION_WORDS, GROUP_WORDS
from pages.parts.figures import BASELINE, SCENARIO, bar_chart, show
from sim.equity import Equity, interval

ROOM = 0.24  # of the chart's width beside the ranges, for the values
TODAY, UNCHANGED, WITH = "Today", "If nothing changes", "With the scenario"


def show_gap(scenario: Equity, baseline: Equity | None) -> None:
    """Draw the gap today, if nothing changes and with the scenario, with 80% ranges."""
    gaps = {TODAY: scenario.gap_today(), UNCHANGED: (baseline or scenario).gap()}
    if baseline:
        gaps[WITH] = scenario.gap()
    said = [f"{name}: {signed_points(each.mean)} points ({_ends(each)})" for name, each in gaps.items()]
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
        alt="; ".join(said),
        table=pd.DataFrame(
            {
                "When": list(gaps),
                "Gap, points": [signed_points(each.mean) for each in gaps.values()],
                "80%": [_ends(each) for each in gaps.values()],
            }
        ),
        key="equity_gap",
    )
    st.caption("Above zero, fewer of the most deprived have waited less than 18 weeks.")


def show_groups(scenario: Equity, baseline: Equity | None) -> None:
    """Draw a selector of the dimension, and the table of its groups."""
    dimension = st.segmented_control(
        "By", list(DIMENSION_WORDS), default="deprivation", format_func=lambda each: DIMENSION_WORDS[each],
        key="equity_by",
    )  # fmt: skip
    dimension = dimension or "deprivation"
    st.dataframe(
        groups_table(scenario, baseline, dimension),
        hide_index=True,
        key=f"equity_groups_{dimension}",
        alt=f"Table: waits and virtual appointments by {DIMENSION_WORDS[dimension].lower()}",
    )


def groups_table(scenario: Equity, baseline: Equity | None, dimension: str) -> pd.DataFrame:
    """A row a group: how many wait, how long and how they are seen; now, unchanged and with the scenario."""
    names = DIMENSIONS[dimension]
    later = {UNCHANGED: baseline or scenario} | ({WITH: scenario} if baseline else {})
    columns: dict[str, list[str]] = {
        DIMENSION_WORDS[dimension]: [GROUP_WORDS[name] for name in names],
        "Waiting now": [f"{rounded(each):,}" for each in _mean(scenario, "waiting", dimension, 0)],
        "Within 18 weeks now": [_percent(each) for each in _mean(scenario, "within_18", dimension, 0)],
    }
    for word, run in later.items():
        columns[f"Within 18 weeks, {_then(word)}"] = [
            _percent(each) for each in _mean(run, "within_18", dimension)
        ]
    if baseline:
        change = scenario.by_group("within_18", dimension) - baseline.by_group("within_18", dimension)
        columns["Difference, points (80%)"] = [_change(interval(each)) for each in change[:, -1].T]
    for word, run in later.items():
        columns[f"Over 52 weeks, {_then(word)}"] = [
            f"{rounded(each):,}" for each in _mean(run, "over_52_patients", dimension)
        ]
        columns[f"Seen virtually, {_then(word)}"] = [
            _percent(each) for each in _mean(run, "seen_virtually", dimension)
        ]
        columns[f"Weeks waited on average, {_then(word)}"] = [
            f"{each:.1f}" for each in _mean(run, "mean_weeks", dimension)
        ]
    return pd.DataFrame(columns)


def _then(word: str) -> str:
    return word[0].lower() + word[1:]


def _mean(run: Equity, measure: str, dimension: str, place: int = -1) -> list[float]:
    return [float(each) for each in run.by_group(measure, dimension)[:, place].mean(axis=0)]


def _percent(value: float) -> str:
    return "" if np.isnan(value) else percent(value)


def _change(change: Interval) -> str:
    return "" if np.isnan(change.mean) else f"{signed_points(change.mean)} ({_ends(change)})"


def _ends(change: Interval) -> str:
    return f"{signed_points(change.lower)} to {signed_points(change.upper)}"

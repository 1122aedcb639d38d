"""The tables of the Backlog page that show where the pressure is, and narrow the page when clicked."""

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from models.rtt.history import History
from models.rtt.pressure import FEWEST_RANKED, FEWEST_SHOWN, Measure, table
from pages.parts.scope import ALL, choose

COLUMNS_SHOWN = 12
_ROW = 35  # pixels
_HUE = "214, 96, 20"  # the orange of pressure, over light and dark alike
_DEEPEST = 0.62  # opacity at which text still has a contrast of 4.5 to 1 in both modes
_MEASURES: dict[Measure, tuple[str, str]] = {
    "pressure": ("Pressure", "%.1f"),
    "share_within_18": ("Within 18 weeks, %", "%.0f"),
    "share_over_52": ("Over 52 weeks, %", "%.1f"),
}


def show_heat_table(returns: History, functions: pd.DataFrame, providers: pd.DataFrame) -> None:
    """Draw treatment functions by providers, worst first, deeper orange for worse; a click narrows to one."""
    row = st.container(horizontal=True, vertical_alignment="center")
    measure: Measure = row.segmented_control(
        "Shown in the table",
        list(_MEASURES),
        default="pressure",
        required=True,
        format_func=lambda name: _MEASURES[name][0],
        label_visibility="collapsed",
        key="heat_measure",
    )
    number_of = len(providers)
    every = number_of <= COLUMNS_SHOWN or row.toggle(f"Show all {number_of} providers", key="heat_all")
    # of many providers the largest are shown, still in their order of pressure
    largest = providers["waiting"].nlargest(COLUMNS_SHOWN).index.sort_values()
    shown = providers if every else providers.loc[largest]
    cells = table(returns, measure, functions, shown)
    label, number = _MEASURES[measure]
    names = dict(zip(functions["code"], functions["name"], strict=True))
    drawn = cells.reset_index(drop=True)
    drawn.insert(0, "function", [names[code] for code in cells.index])

    def narrow() -> None:
        picked = st.session_state["heat"]["selection"]["cells"]
        if picked:
            place, column = picked[0]
            choose("function", cells.index[place])
            choose("provider", column if column in set(shown["code"]) else ALL)

    st.dataframe(
        _heat(drawn, list(cells.columns), worst_is_low=measure == "share_within_18"),
        hide_index=True,
        height=_ROW * (len(drawn) + 1) + 3,
        key="heat",
        on_select=narrow,
        selection_mode="single-cell",
        alt=f"{label} by treatment function and provider, the most pressure first",
        column_config={
            "function": st.column_config.TextColumn("Treatment function", pinned=True, width=190),
            "all": st.column_config.NumberColumn("All providers", format=number, width=110),
            **{
                row.code: st.column_config.NumberColumn(row.name, format=number, help=row.name, width=150)
                for row in shown.itertuples(index=False)
            },
        },
        placeholder="",
    )
    st.caption(
        ("" if every else f"The {COLUMNS_SHOWN} largest providers. ")
        + f"The worst is on top and to the left; lists under {FEWEST_RANKED} pathways come last, cells under "
        f"{FEWEST_SHOWN} are blank. Click a number to narrow the page to it."
    )


def show_ranking(ranked: pd.DataFrame, what: str, key: str) -> None:
    """Draw one ranking as a table; a click on a row narrows the page to it. `key` is function or provider."""

    def narrow() -> None:
        rows = st.session_state[f"{key}_ranking"]["selection"]["rows"]
        if rows:
            choose(key, ranked["code"].iloc[rows[0]])

    columns = ["name", "pressure", "waiting", "share_within_18", "over_52", "median_weeks"]
    most = float(ranked["pressure"].max()) if len(ranked) else 1.0
    st.dataframe(
        ranked[columns],
        hide_index=True,
        height=_ROW * (min(len(ranked), COLUMNS_SHOWN) + 1) + 3,
        key=f"{key}_ranking",
        on_select=narrow,
        selection_mode="single-row",
        alt=f"{what} by pressure, the most first",
        column_config={
            "name": st.column_config.TextColumn(what, width=260),
            "pressure": st.column_config.ProgressColumn(
                "Pressure", format="%.1f", min_value=0, max_value=most, color="orange", width=150
            ),
            "waiting": st.column_config.NumberColumn("Waiting", format="localized", width=90),
            "share_within_18": st.column_config.NumberColumn("Within 18 weeks, %", format="%.0f", width=150),
            "over_52": st.column_config.NumberColumn("Over 52 weeks", format="localized", width=120),
            "median_weeks": st.column_config.NumberColumn("Median, weeks", format="%.1f", width=120),
        },
    )


def _heat(drawn: pd.DataFrame, columns: list[str], *, worst_is_low: bool) -> Styler:
    values = drawn[columns].to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    # the outermost twentieths are drawn alike, so that one odd cell does not wash out the others
    low, high = np.quantile(known, [0.05, 0.95]) if known.size else (0.0, 1.0)
    depth = np.clip((values - low) / (high - low if high > low else 1.0), 0, 1)
    if worst_is_low:
        depth = 1 - depth

    def shade(part: float) -> str:
        return "" if np.isnan(part) else f"background-color: rgba({_HUE}, {_DEEPEST * part:.2f})"

    def paint(_: pd.DataFrame) -> pd.DataFrame:
        shades = [[shade(part) for part in line] for line in depth]
        return pd.DataFrame(shades, index=drawn.index, columns=columns)

    return drawn.style.apply(paint, axis=None, subset=columns)

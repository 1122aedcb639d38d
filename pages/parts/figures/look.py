"""The look of every chart, in one place: colours by meaning, letters, margins, and what stands around it.

A figure is drawn in colour names that Streamlit's chart theme replaces in the browser by the colours of
`.streamlit/config.toml`, so a chart follows a change between light and dark without being drawn again.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from models.reports.picture import Role

# Places in the theme's list of categorical colours (Streamlit's own names for them in a chart).
SCENARIO = "#000001"  # strong blue
BASELINE = "#000002"  # grey: today, what is published, what happens if nothing changes
SHORT = "#000003"  # orange: short of capacity, under pressure
SPARE = "#000004"  # teal: spare capacity
INK = "#000037"  # the standard, and lines drawn across a chart: nearly the colour of text
COLOUR_OF: Mapping[Role, str] = {
    "scenario": SCENARIO,
    "baseline": BASELINE,
    "short": SHORT,
    "spare": SPARE,
    "other": "#000005",
    "standard": INK,
}

HEIGHT = 320  # pixels
LETTERS = 14  # pixels
MARGIN_TOP, MARGIN_BOTTOM = 24, 44


def words_at(text: str, colour: str = INK, size: int = LETTERS, **place: Any) -> dict[str, Any]:
    """Give words written into a chart, where Plotly's `x`, `y`, anchors and shifts place them."""
    return {"text": text, "showarrow": False, "font": {"color": colour, "size": size}} | place


def dress(figure: go.Figure, height: int, right: int) -> None:
    """Give a chart its height, margins and letters, and hold its axes still; `right` is in pixels."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": right, "t": MARGIN_TOP, "b": MARGIN_BOTTOM},
        font={"size": LETTERS},
        showlegend=False,
        dragmode=False,
        separators=".,",
    )
    tick = {"color": INK, "size": LETTERS - 1}
    figure.update_xaxes(fixedrange=True, automargin=True, zeroline=False, tickfont=tick, title_font=tick)
    figure.update_yaxes(fixedrange=True, automargin=True, zeroline=True, rangemode="tozero", tickfont=tick)


def enlarge(figure: go.Figure, letters: int) -> go.Figure:
    """Give a chart with its words in letters of so many pixels, and its right margin as much wider."""
    figure.update_annotations(font_size=letters)
    figure.update_xaxes(tickfont_size=letters)
    figure.update_yaxes(tickfont_size=letters)
    figure.update_layout(margin_r=round(figure.layout.margin.r * letters / LETTERS))
    return figure


def show(figure: go.Figure, *, title: str, alt: str, table: pd.DataFrame, key: str) -> None:
    """Draw a chart under its title, with its message as text and its table one click away.

    `alt` says in words what the picture shows, for who cannot see it. `key` is unique on the page.
    """
    with st.container(gap="xsmall"):
        heading, opener = st.columns([5, 1], vertical_alignment="center", wrap=False)
        heading.markdown(f"**{title}**")
        with opener, st.container(horizontal_alignment="right"), st.popover("Table", type="tertiary"):
            st.dataframe(table, hide_index=True, alt=f"Table: {title}", key=f"{key}_table")
        st.plotly_chart(figure, key=key, alt=alt, theme="streamlit", config={"displayModeBar": False})

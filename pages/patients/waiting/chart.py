"""How long an area's patients can expect to wait, by treatment function: the picture and its table."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from models.rtt.treatment_functions import name_of
from models.rtt.waiting_list import OPEN_BAND, STANDARD_WEEKS
from models.waits.expected_waits import weeks_said
from pages.parts.figures import BASELINE, INK, SCENARIO
from pages.parts.figures.look import words_at

FEW = 12  # rows shown before all are asked for
ROW = 34  # pixels
PAST = OPEN_BAND + 6  # where a wait longer than is published is drawn
ROOMY = 4  # weeks between two ends that are named above them
LATEST = 88  # weeks, beyond which the name of an end would run out of a narrow picture
APART = 0.19  # of a row, between today and a scenario
FONT = 13


def worst_first(waits: pd.DataFrame) -> pd.DataFrame:
    """The treatment functions of `data.returns.areas.function_waits`, the longest wait first, the unknown
    last.
    """
    return waits.sort_values(
        ["known", "half_within", "nine_in_ten_within"], ascending=[False, False, False], ignore_index=True
    )


def show_functions(
    today: pd.DataFrame,
    after: pd.DataFrame | None,
    place: str,
    after_label: str,
    follow: Callable[[str], None],
) -> None:
    """Draw each treatment function's wait as two dots on a line, today and `after`; a click calls `follow`.

    Both tables are as `data.returns.areas.function_waits` gives them, for the same area.
    """
    ordered = worst_first(today)
    known = ordered[ordered["known"]]
    few = known.head(FEW)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("**Weeks from referral to treatment: half within, and nine in ten within**")
        whole = len(known) > FEW and st.toggle(f"Show all {len(known)}", key="wait_all")
        with st.popover("Table", type="tertiary"):
            st.dataframe(
                table(ordered, after),
                hide_index=True,
                key="wait_table",
                alt="Table: expected waits by treatment function",
            )
    drawn = known if whole else few
    beside = None if after is None else after.set_index("treatment_function")

    def clicked() -> None:
        points = st.session_state["wait_picture"]["selection"]["points"]
        codes = [point["customdata"] for point in points if point.get("customdata")]
        if codes:
            first = codes[0]
            follow(first[0] if isinstance(first, list | tuple) else first)

    st.plotly_chart(
        picture(drawn, beside, after_label),
        key="wait_picture",
        alt=_in_words(drawn, place),
        theme="streamlit",
        config={"displayModeBar": False},
        on_select=clicked,
        selection_mode="points",
    )
    unknown = ordered[~ordered["known"]]
    if len(unknown):
        names = ", ".join(name_of(code) for code in unknown["treatment_function"])
        st.caption(f"Not known, because the returns tell too little: {names}. The table says why.")


def picture(today: pd.DataFrame, after: pd.DataFrame | None, after_label: str = "") -> go.Figure:
    """Two dots on a line for each row of `today`, the first on top, and those of `after` beneath."""
    figure = go.Figure()
    rows = np.arange(len(today), dtype=float)
    codes = today["treatment_function"].tolist()
    shift = 0.0 if after is None else APART
    drawn = [("today", BASELINE, today, rows - shift)]
    if after is not None:
        drawn.append((after_label, SCENARIO, after.reindex(codes), rows + shift))
    for label, colour, waits, places in drawn:
        half, nine = (waits[name].to_numpy(float) for name in ("half_within", "nine_in_ten_within"))
        _add_dumbbell(figure, label, colour, codes, half, nine, places)
    figure.add_vline(x=STANDARD_WEEKS, line={"color": INK, "width": 1.5, "dash": "dash"})
    standard = words_at("18 weeks", size=FONT, x=STANDARD_WEEKS, y=1, yref="paper", xshift=-4)
    figure.add_annotation(standard, xanchor="left", yanchor="bottom")
    _name_ends(figure, drawn)
    _set_axes(figure, codes)
    return figure


def _set_axes(figure: go.Figure, codes: list[str]) -> None:
    """Weeks along the bottom, a row a treatment function from the top down, and as tall as they take."""
    tick = {"color": INK, "size": FONT}
    figure.update_layout(
        height=72 + ROW * len(codes),
        margin={"l": 8, "r": 16, "t": 34, "b": 36},
        showlegend=False,
        dragmode=False,
        clickmode="event+select",
        font={"size": FONT},
        separators=".,",
    )
    figure.update_xaxes(
        range=[0, PAST + 6],
        tickvals=[0, 18, 26, 39, 52, 65, 78, 91, 104],
        fixedrange=True,
        tickfont=tick,
        ticktext=["0", "18", "26", "39", "52", "65", "78", "91", "104+"],
        zeroline=False,
    )
    figure.update_yaxes(
        range=[len(codes) - 0.4, -0.75],
        tickvals=np.arange(len(codes), dtype=float),
        ticktext=[name_of(code) for code in codes],
        fixedrange=True,
        tickfont=tick,
        showgrid=False,
        zeroline=False,
        automargin=True,
    )


def _in_words(drawn: pd.DataFrame, place: str) -> str:
    """What the picture says, for who cannot see it."""
    if drawn.empty:
        return f"No wait is known for {place}."
    worst = drawn.iloc[0]
    return (
        f"Dots on lines, one a treatment function, for {place}. The longest wait is for "
        f"{name_of(worst['treatment_function'])}: half within {weeks_said(worst['half_within'])}, nine in "
        f"ten within {weeks_said(worst['nine_in_ten_within'])}."
    )


def table(today: pd.DataFrame, after: pd.DataFrame | None) -> pd.DataFrame:
    """The same in words: a row a treatment function."""
    rows = pd.DataFrame(
        {
            "Treatment function": [name_of(code) for code in today["treatment_function"]],
            "Half within": [weeks_said(value) for value in today["half_within"]],
            "Nine in ten within": [weeks_said(value) for value in today["nine_in_ten_within"]],
        }
    )
    if after is not None:
        beside = after.set_index("treatment_function").reindex(today["treatment_function"])
        rows["Half, with the scenario"] = [weeks_said(value) for value in beside["half_within"]]
        rows["Nine in ten, with the scenario"] = [weeks_said(value) for value in beside["nine_in_ten_within"]]
    rows["Waiting"] = today["waiting"].map("{:,}".format)
    rows["Under 18 weeks"] = [
        f"{100 * within / waiting:.0f}%" if waiting else ""
        for within, waiting in zip(today["within_18"], today["waiting"], strict=True)
    ]
    rows["Over 52 weeks"] = today["over_52"].map("{:,}".format)
    rows["Providers"] = today["providers"]
    rows["Why not known"] = today["why_not"]
    return rows


def _add_dumbbell(
    figure: go.Figure,
    label: str,
    colour: str,
    codes: list[str],
    half: np.ndarray,
    nine: np.ndarray,
    places: np.ndarray,
) -> None:
    ends = [np.where(np.isinf(values), PAST, values) for values in (half, nine)]
    between = [each for low, high in zip(*ends, strict=True) for each in (low, high, None)]
    at = [each for place in places for each in (place, place, None)]
    figure.add_trace(
        go.Scatter(x=between, y=at, mode="lines", line={"color": colour, "width": 3}, hoverinfo="skip")
    )
    for share, values, drawn, symbol in (
        ("half within", half, ends[0], "circle"),
        ("nine in ten within", nine, ends[1], "diamond"),
    ):
        words = [
            f"{name_of(c)}, {label}: {share} {weeks_said(v)}" for c, v in zip(codes, values, strict=True)
        ]
        figure.add_trace(
            go.Scatter(
                x=drawn,
                y=places,
                mode="markers",
                text=words,
                customdata=codes,
                marker={"color": colour, "size": 11, "symbol": symbol},
                hovertemplate="%{text}<extra></extra>",
            )
        )


def _name_ends(figure: go.Figure, drawn: list[tuple[str, str, pd.DataFrame, np.ndarray]]) -> None:
    """Name the dots once, of the first row with room for it, and what each colour stands for."""
    if not len(drawn[0][2]):
        return
    _, colour, waits, places = drawn[0]
    ends = (("half_within", "half", "right"), ("nine_in_ten_within", "nine in ten", "left"))
    row = _roomy(waits)
    for name, words, side in ends:
        value = float(waits[name].iloc[row])
        figure.add_annotation(
            x=PAST if np.isinf(value) else value,
            y=places[row],
            text=words,
            showarrow=False,
            yshift=14,
            xanchor=side,
            font={"color": colour, "size": FONT},
        )
    if len(drawn) > 1:
        for place, (label, colour, _, _) in enumerate(drawn):
            figure.add_annotation(
                x=1,
                y=1,
                xref="paper",
                yref="paper",
                xanchor="right",
                yanchor="bottom",
                showarrow=False,
                text=label,
                yshift=16 * (1 - place),
                font={"color": colour, "size": FONT},
            )


def _roomy(waits: pd.DataFrame) -> int:
    """The first row whose ends stand apart, with room beside them for their names; else the widest."""
    half, nine = (waits[name].to_numpy(float) for name in ("half_within", "nine_in_ten_within"))
    between = np.where(
        nine <= LATEST, nine - np.minimum(half, PAST), 0.0
    )  # none where an end is past what is published
    apart = np.flatnonzero(between >= ROOMY)
    return int(apart[0]) if len(apart) else int(between.argmax())

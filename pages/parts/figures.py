"""The look of every chart, in one place: colours by meaning, labels at the end of lines, months on the axis.

A figure is drawn in colour names that Streamlit's chart theme replaces in the browser by the colours of
`.streamlit/config.toml`, so a chart follows a change between light and dark without being drawn again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import ArrayLike

from models.rtt.waiting_list import BANDS, STANDARD_WEEKS

# Places in the theme's list of categorical colours (Streamlit's own names for them in a chart).
SCENARIO = "#000001"  # strong blue
BASELINE = "#000002"  # grey: today, what is published, what happens if nothing changes
SHORT = "#000003"  # orange: short of capacity, under pressure
SPARE = "#000004"  # teal: spare capacity
INK = "#000037"  # the standard, and lines drawn across a chart: nearly the colour of text

HEIGHT = 320  # pixels
_FONT = 14
_MARGIN_TOP, _MARGIN_BOTTOM = 24, 44
_LETTER = 7.6  # pixels, the mean width of a letter at _FONT
_LETTERS_OF_A_LABEL = 30  # at a line's end: more would leave a tablet no room for the lines
_LABEL_GAP = 19  # pixels between two labels at the ends of lines
_YEAR_LINE = 52  # weeks

Moment = str | date  # 'YYYY-MM', or a day


@dataclass(frozen=True)
class Line:
    """One line of a chart: `values` over the chart's moments, nan where there is none.

    `lower` and `upper` give its 80% band. `label` is written at the line's end; blank for no label.
    """

    label: str
    values: ArrayLike
    colour: str = BASELINE
    lower: ArrayLike | None = None
    upper: ArrayLike | None = None
    dash: Literal["solid", "dash", "dot"] = "solid"


def line_chart(
    moments: Sequence[Moment],
    lines: Sequence[Line],
    *,
    percent: bool = False,
    standard: float | None = None,
    standard_label: str = "",
    marks: Mapping[Moment, str] | None = None,
    signed: bool = False,
    height: int = HEIGHT,
) -> go.Figure:
    """Give lines over months or days, from zero, each labelled at its end, with 80% bands where given.

    With `percent` the values are percentages, on an axis from 0 to 100; with `signed` they are differences,
    on an axis about zero. `standard` draws a dashed line named
    `standard_label`. `marks` names moments by a letter or short word at the top of a thin upright line.
    """
    figure = go.Figure()
    top = 100.0 if percent and not signed else _ceiling(lines, standard)
    low = _floor(lines) if signed else 0.0
    for line in lines:
        if line.lower is not None and line.upper is not None:
            figure.add_trace(_band(moments, line))
    for line in lines:
        figure.add_trace(_trace(moments, line, percent))
    for annotation in _band_labels(moments, lines):
        figure.add_annotation(annotation)
    ends = _end_labels(moments, lines, (low, top), height)
    for annotation in ends:
        figure.add_annotation(annotation)
    if standard is not None:
        _add_standard(figure, moments, standard, standard_label)
    for moment, word in (marks or {}).items():
        _add_mark(figure, moment, word)
    longest = max((len(_at_end(line.label)) for line in lines), default=0)
    _dress(figure, height, right=int(longest * _LETTER) + 16)
    figure.update_xaxes(
        range=_span(moments), tickformat="%b %Y", nticks=6, hoverformat=_hover_format(moments), showgrid=False
    )
    figure.update_yaxes(range=[low, top], tickformat=",.0f", ticksuffix="%" if percent else "", nticks=6)
    figure.update_layout(hovermode="x unified")
    return figure


def profile_chart(
    weeks: ArrayLike,
    *,
    label: str = "",
    colour: str = BASELINE,
    against: ArrayLike | None = None,
    against_label: str = "",
    against_colour: str = BASELINE,
    height: int = HEIGHT,
) -> go.Figure:
    """Give pathways by whole weeks waited, shape (105,), as bars, with 18 and 52 weeks drawn and named.

    `against` adds a second profile as an outline over the bars. The last bar is 104 weeks or more.
    """
    counts = np.asarray(weeks, dtype=float)
    axis = np.arange(BANDS)
    words = [f"{week} to {week + 1} weeks" for week in axis[:-1]] + ["104 weeks or more"]
    hover = "%{customdata}<br>%{y:,.0f} pathways"
    figure = go.Figure(
        go.Bar(
            x=axis + 0.5,
            y=counts,
            name=label,
            customdata=words,
            hovertemplate=f"{hover}<extra>{label}</extra>",
            marker={"color": colour, "line": {"width": 0}},
        )
    )
    top = float(counts.max(initial=0))
    if against is not None:
        other = np.asarray(against, dtype=float)
        top = max(top, float(other.max(initial=0)))
        figure.add_trace(
            go.Scatter(
                x=axis + 0.5,
                y=other,
                name=against_label,
                mode="lines",
                customdata=words,
                hovertemplate=f"{hover}<extra>{against_label}</extra>",
                line={"shape": "hvh", "color": against_colour, "width": 2},
            )
        )
        _name_profiles(figure, ((label, colour), (against_label, against_colour)))
    for week in (STANDARD_WEEKS, _YEAR_LINE):
        figure.add_vline(x=week, line={"color": INK, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=week,
            y=1,
            yref="paper",
            text=f"{week} weeks",
            showarrow=False,
            xanchor="left",
            yanchor="top",
            xshift=5,
            font={"color": INK, "size": _FONT},
        )
    _dress(figure, height, right=20)
    figure.update_layout(bargap=0.12)
    figure.update_xaxes(
        range=[0, BANDS],
        tickvals=[0, 13, 26, 39, 52, 65, 78, 91, 104],
        title="Weeks waited",
        showgrid=False,
        ticktext=["0", "13", "26", "39", "52", "65", "78", "91", "104+"],
    )
    figure.update_yaxes(range=[0, max(top, 1) * 1.12], tickformat=",.0f", nticks=6)
    return figure


def bar_chart(
    names: Sequence[str],
    values: ArrayLike,
    *,
    colours: Sequence[str] | str = BASELINE,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    decimals: int = 0,
    height: int | None = None,
) -> go.Figure:
    """Give lying bars, the first name on top, each with its value; `lower` and `upper` draw 80% whiskers."""
    amounts = np.asarray(values, dtype=float)
    whiskers = None
    reach = amounts
    if lower is not None and upper is not None:
        high, low = np.asarray(upper, dtype=float), np.asarray(lower, dtype=float)
        whiskers = {"type": "data", "array": high - amounts, "arrayminus": amounts - low, "color": INK}
        reach = np.where(amounts >= 0, np.maximum(high, amounts), np.minimum(low, amounts))
    figure = go.Figure(
        go.Bar(
            x=amounts,
            y=list(names),
            orientation="h",
            error_x=whiskers,
            marker={"color": colours if isinstance(colours, str) else list(colours), "line": {"width": 0}},
            hovertemplate=f"%{{y}}<br>%{{x:,.{decimals}f}}<extra></extra>",
        )
    )
    for name, amount, end in zip(names, amounts, reach, strict=True):
        outward = 1 if amount >= 0 else -1
        words = f"{amount:,.{decimals}f}".replace("-", "−")
        figure.add_annotation(
            x=end,
            y=name,
            text=words,
            showarrow=False,
            xshift=6 * outward,
            xanchor="left" if outward > 0 else "right",
            font={"color": INK, "size": _FONT},
        )
    _dress(figure, height or 70 + 28 * len(amounts), right=16)
    least, most = float(min(reach.min(initial=0), 0)), float(max(reach.max(initial=0), 0))
    room = (most - least or 1) * 0.24  # for the values, on a narrow screen too
    figure.update_xaxes(range=[least - room if least < 0 else 0, most + room], tickformat=f",.{decimals}f")
    figure.update_yaxes(
        autorange="reversed", showgrid=False, tickfont={"color": INK, "size": _FONT}, automargin=True
    )
    figure.update_layout(bargap=0.35)
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


def _trace(moments: Sequence[Moment], line: Line, percent: bool) -> go.Scatter:
    unit = "%" if percent else ""
    return go.Scatter(
        x=list(moments),
        y=np.asarray(line.values, dtype=float),
        name=line.label,
        mode="lines+markers" if len(moments) == 1 else "lines",
        line={"color": line.colour, "width": 3, "dash": line.dash},
        hovertemplate=f"%{{y:,.{1 if percent else 0}f}}{unit}",
        connectgaps=False,
    )


def _band(moments: Sequence[Moment], line: Line) -> go.Scatter:
    upper, lower = np.asarray(line.upper, dtype=float), np.asarray(line.lower, dtype=float)
    return go.Scatter(
        x=[*moments, *reversed(moments)],
        y=np.concatenate([upper, lower[::-1]]),
        fill="toself",
        fillcolor=line.colour,
        opacity=0.2,
        mode="none",
        hoverinfo="skip",
        name=f"{line.label}, 80%",
    )


def _band_labels(moments: Sequence[Moment], lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The word '80%' at the outer edge of each band, so that two bands don't write over each other."""
    banded = [line for line in lines if line.upper is not None and line.lower is not None]
    if not banded or len(moments) < 3:
        return []
    at = int(len(moments) * 0.82)
    heights = [float(np.asarray(line.values, dtype=float)[at]) for line in banded]
    labels = []
    for line, level in zip(banded, heights, strict=True):
        above = level >= max(heights)
        edge = float(np.asarray(line.upper if above else line.lower, dtype=float)[at])
        labels.append(
            {
                "x": moments[at],
                "y": edge,
                "text": "80%",
                "showarrow": False,
                "yanchor": "bottom" if above else "top",
                "font": {"color": line.colour, "size": _FONT},
            }
        )
    return labels


def _end_labels(
    moments: Sequence[Moment], lines: Sequence[Line], span: tuple[float, float], height: int
) -> list[dict[str, Any]]:
    """Labels right of the lines' ends, moved apart where they would touch."""
    ends = []
    for line in lines:
        values = np.asarray(line.values, dtype=float)
        known = np.flatnonzero(np.isfinite(values))
        if line.label and known.size:
            ends.append((float(values[known[-1]]), moments[int(known[-1])], line))
    room = height - _MARGIN_TOP - _MARGIN_BOTTOM
    pixels = room / (span[1] - span[0])
    labels: list[dict[str, Any]] = []
    ends.sort(key=lambda end: end[0])
    places: list[float] = []
    for value, _, _ in ends:
        places.append(max((value - span[0]) * pixels, places[-1] + _LABEL_GAP if places else -np.inf))
    highest = room + _MARGIN_TOP / 2
    for at in range(len(places) - 1, -1, -1):  # none may leave the picture at its top
        places[at] = min(places[at], highest)
        highest = places[at] - _LABEL_GAP
    for (value, moment, line), placed in zip(ends, places, strict=True):
        wanted = (value - span[0]) * pixels
        labels.append(
            {
                "x": moment,
                "y": value,
                "text": _at_end(line.label),
                "showarrow": False,
                "xanchor": "left",
                "xshift": 8,
                "yshift": placed - wanted,
                "font": {"color": line.colour, "size": _FONT},
            }
        )
    return labels


def _at_end(label: str) -> str:
    """The label as it stands at a line's end; the line itself keeps the whole of it, for the mouse."""
    if len(label) <= _LETTERS_OF_A_LABEL:
        return label
    return f"{label[: _LETTERS_OF_A_LABEL - 1].rstrip()}…"


def _add_standard(figure: go.Figure, moments: Sequence[Moment], level: float, label: str) -> None:
    figure.add_hline(y=level, line={"color": INK, "width": 2, "dash": "dash"})
    figure.add_annotation(
        x=moments[0],
        y=level,
        text=label,
        showarrow=False,
        xanchor="left",
        yanchor="top",
        yshift=-2,
        font={"color": INK, "size": _FONT},
    )


def _add_mark(figure: go.Figure, moment: Moment, word: str) -> None:
    figure.add_shape(
        type="line",
        x0=moment,
        x1=moment,
        y0=0,
        y1=1,
        yref="paper",
        line={"color": INK, "width": 1, "dash": "dot"},
    )
    figure.add_annotation(
        x=moment,
        y=1,
        yref="paper",
        text=word,
        showarrow=False,
        yanchor="bottom",
        font={"color": INK, "size": _FONT},
    )


def _name_profiles(figure: go.Figure, named: Sequence[tuple[str, str]]) -> None:
    for place, (label, colour) in enumerate(named):
        figure.add_annotation(
            x=1,
            y=0.86 - 0.09 * place,
            xref="paper",
            yref="paper",
            text=label,
            showarrow=False,
            xanchor="right",
            font={"color": colour, "size": _FONT},
        )


def _ceiling(lines: Sequence[Line], standard: float | None) -> float:
    highest = [standard or 0.0]
    for line in lines:
        for values in (line.values, line.upper):
            if values is not None:
                highest.append(float(np.nanmax(np.append(np.asarray(values, dtype=float), 0.0))))
    return max(max(highest) * 1.1, 1.0)


def _floor(lines: Sequence[Line]) -> float:
    """As far below zero as differences go, with room for a label."""
    lowest = [0.0]
    for line in lines:
        for values in (line.values, line.lower):
            if values is not None:
                lowest.append(float(np.nanmin(np.append(np.asarray(values, dtype=float), 0.0))))
    return min(min(lowest) * 1.1, -1.0)


def _span(moments: Sequence[Moment]) -> list[pd.Timestamp] | None:
    """From the first moment to the last, a little wider, so that nothing else stretches the axis."""
    if len(moments) < 2:
        return None
    first, last = pd.Timestamp(moments[0]), pd.Timestamp(moments[-1])
    return [first - (last - first) * 0.02, last + (last - first) * 0.02]


def _hover_format(moments: Sequence[Moment]) -> str:
    return "%B %Y" if moments and isinstance(moments[0], str) and len(moments[0]) == 7 else "%-d %B %Y"


def _dress(figure: go.Figure, height: int, right: int) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": right, "t": _MARGIN_TOP, "b": _MARGIN_BOTTOM},
        font={"size": _FONT},
        showlegend=False,
        dragmode=False,
        separators=".,",
    )
    tick = {"color": INK, "size": _FONT - 1}
    figure.update_xaxes(fixedrange=True, automargin=True, zeroline=False, tickfont=tick, title_font=tick)
    figure.update_yaxes(fixedrange=True, automargin=True, zeroline=True, rangemode="tozero", tickfont=tick)

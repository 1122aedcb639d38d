"""Charts of several parts: small multiples on one scale, levers stacked to their sum, ends of a range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike
from plotly.subplots import make_subplots

from pages.parts.figures import BASELINE, INK, SCENARIO, SHORT, Line

ACROSS = 3  # panels in a row: what a tablet has room for
PANEL = 158  # pixels, a panel with its title
_FONT = 13
_LETTERS_OF_A_TITLE = 23  # in a line above a panel, which has two
_LINE = 17  # pixels, of such a title or name
_LETTERS_OF_A_NAME = 24  # in a line beside a bar: more would leave a tablet no room for the bars


@dataclass(frozen=True)
class Panel:
    """One small chart: its title, a line of words under it, and its lines."""

    title: str
    words: str
    lines: tuple[Line, ...]


def small_multiples(
    days: Sequence[date], panels: Sequence[Panel], *, percent: bool = False, signed: bool = False
) -> go.Figure:
    """Give panels three in a row, the first one top left, all on one scale.

    From zero, or around it where `signed`; with `percent` from 0 to 100.
    """
    rows = max(-(-len(panels) // ACROSS), 1)
    titles = [_in_two_lines(panel.title) for panel in panels]
    more = _LINE if any("<br>" in title for title in titles) else 0
    height = (PANEL + more) * rows + 30
    figure = make_subplots(
        rows,
        ACROSS,
        shared_xaxes=True,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        vertical_spacing=(52 + more) / max(height - 74 - more, 1) if rows > 1 else 0,
    )
    for place, panel in enumerate(panels):
        row, column = place // ACROSS + 1, place % ACROSS + 1
        for line in panel.lines:
            for trace in _traces(days, line, panel.title, percent):
                figure.add_trace(trace, row=row, col=column)
        for text, shift, colour in ((titles[place], _LINE, INK), (panel.words, 1, BASELINE)):
            figure.add_annotation(
                x=0,
                y=1,
                xref="x domain",
                yref="y domain",
                row=row,
                col=column,
                text=text,
                showarrow=False,
                xanchor="left",
                yanchor="bottom",
                yshift=shift,
                align="left",
                font={"color": colour, "size": _FONT},
            )
    low, high = _scale(panels, percent, signed)
    figure.update_yaxes(
        range=[low, high],
        nticks=4,
        tickformat=",.0f",
        ticksuffix="%" if percent else "",
        fixedrange=True,
        tickfont={"color": INK, "size": _FONT - 1},
        zeroline=True,
        zerolinecolor=INK,
        zerolinewidth=1,
    )
    figure.update_xaxes(
        fixedrange=True,
        showgrid=False,
        tickformat="%b<br>%Y",
        nticks=3,
        hoverformat="%-d %B %Y",
        tickfont={"color": INK, "size": _FONT - 1},
        range=[days[0], days[-1]] if days else None,
    )
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 40 + more, "b": 40},
        showlegend=False,
        dragmode=False,
        font={"size": _FONT},
        separators=".,",
    )
    return figure


def stacked_changes(
    names: Sequence[str],
    changes: ArrayLike,
    words: Sequence[str],
    *,
    whole: str,
    whole_words: str,
    better: int,
) -> go.Figure:
    """Give a waterfall: each change from where the one before ended, then all of them together from zero.

    `words` is written beside each; `better` is -1 where less is better, 1 where more is.
    """
    amounts = np.asarray(changes, dtype=float)
    starts = np.append(np.cumsum(amounts) - amounts, 0.0)
    lengths = np.append(amounts, amounts.sum())
    return _lying_bars(
        [*names, whole],
        starts,
        lengths,
        [*words, whole_words],
        [SCENARIO if value * better >= 0 else SHORT for value in lengths],
    )


def ranges(
    names: Sequence[str], low: ArrayLike, high: ArrayLike, words: Sequence[str], *, middle: float
) -> go.Figure:
    """Give a tornado: a bar a name between two values of the effect, and `middle` drawn as a line."""
    one, other = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    least = np.minimum(one, other)
    figure = _lying_bars(list(names), least, np.maximum(one, other) - least, words, [SCENARIO] * len(least))
    figure.add_vline(x=middle, line={"color": INK, "width": 2, "dash": "dash"})
    return figure


def _lying_bars(
    names: Sequence[str], starts: np.ndarray, lengths: np.ndarray, words: Sequence[str], colours: list[str]
) -> go.Figure:
    figure = go.Figure(
        go.Bar(
            x=lengths,
            base=starts,
            y=list(names),
            orientation="h",
            marker={"color": colours},
            customdata=list(words),
            hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        )
    )
    ends = np.maximum(starts, starts + lengths)
    for name, end, said in zip(names, ends, words, strict=True):
        figure.add_annotation(
            x=end,
            y=name,
            text=said,
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"color": INK, "size": _FONT},
        )
    low = float(min((starts.min(initial=0), (starts + lengths).min(initial=0))))
    room = (float(ends.max(initial=0)) - low or 1.0) * 0.5  # for the words
    high = max(float(ends.max(initial=low)) + room, 0.04 * room)  # zero is always in sight
    labels = ["<br>".join(wrap(name, _LETTERS_OF_A_NAME)) for name in names]
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    tick = {"color": INK, "size": _FONT}
    figure.update_xaxes(
        range=[low - 0.04 * room, high],
        tickformat=",.0f",
        fixedrange=True,
        tickfont=tick,
        nticks=6,
        zeroline=True,
        zerolinecolor=INK,
    )
    figure.update_yaxes(
        autorange="reversed",
        fixedrange=True,
        automargin=True,
        tickfont=tick,
        showgrid=False,
        tickvals=list(names),
        ticktext=labels,
    )
    figure.update_layout(
        height=70 + max(34, _LINE * lines + 6) * len(names),
        margin={"l": 8, "r": 8, "t": 12, "b": 40},
        showlegend=False,
        dragmode=False,
        bargap=0.35,
        font={"size": _FONT},
        separators=".,",
    )
    return figure


def _traces(days: Sequence[date], line: Line, title: str, percent: bool) -> list[go.Scatter]:
    traces = []
    if line.lower is not None and line.upper is not None:
        lower, upper = np.asarray(line.lower, dtype=float), np.asarray(line.upper, dtype=float)
        traces.append(
            go.Scatter(
                x=[*days, *reversed(days)],
                y=np.concatenate([upper, lower[::-1]]),
                fill="toself",
                fillcolor=line.colour,
                opacity=0.2,
                mode="none",
                hoverinfo="skip",
            )
        )
    form = f"%{{y:,.{1 if percent else 0}f}}{'%' if percent else ''}"
    traces.append(
        go.Scatter(
            x=list(days),
            y=np.asarray(line.values, dtype=float),
            mode="lines",
            name=line.label,
            line={"color": line.colour, "width": 2.5},
            hovertemplate=f"{title}<br>%{{x}}<br>{form}<extra>{line.label}</extra>",
        )
    )
    return traces


def _scale(panels: Sequence[Panel], percent: bool, signed: bool) -> tuple[float, float]:
    if percent:
        return 0.0, 100.0
    ends = [
        np.asarray(values, dtype=float)
        for panel in panels
        for line in panel.lines
        for values in (line.values, line.lower, line.upper)
        if values is not None
    ]
    low = min((float(np.nanmin(each)) for each in ends), default=0.0) if signed else 0.0
    high = max((float(np.nanmax(each)) for each in ends), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.06 * max(high - low, 1.0)
    return low - room if signed else 0.0, high + room


def _in_two_lines(title: str) -> str:
    lines = wrap(title, _LETTERS_OF_A_TITLE, max_lines=2, placeholder="…")
    return "<br>".join(lines)

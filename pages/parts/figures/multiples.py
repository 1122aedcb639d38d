"""Small multiples: panels three in a row, each with its title and words, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pages.parts.figures.lines import Line, band_trace
from pages.parts.figures.look import BASELINE, INK, words_at

ACROSS = 3  # panels in a row: what a tablet has room for
PANEL = 158  # pixels, a panel with its title
_LETTERS = 13  # pixels
_LETTERS_OF_A_TITLE = 23  # in a line above a panel, which has two
_LINE = 17  # pixels, of such a title


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
    above = {"x": 0, "y": 1, "xref": "x domain", "yref": "y domain", "xanchor": "left", "yanchor": "bottom"}
    for place, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        cell = {"row": place // ACROSS + 1, "col": place % ACROSS + 1}
        for line in panel.lines:
            for trace in _traces(days, line, panel.title, percent):
                figure.add_trace(trace, **cell)
        for text, shift, colour in ((title, _LINE, INK), (panel.words, 1, BASELINE)):
            words = words_at(text, colour, _LETTERS, yshift=shift, align="left", **above)
            figure.add_annotation(words, **cell)
    _set_axes(figure, days, _scale(panels, percent, signed), percent)
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 40 + more, "b": 40},
        showlegend=False,
        dragmode=False,
        font={"size": _LETTERS},
        separators=".,",
    )
    return figure


def _set_axes(figure: go.Figure, days: Sequence[date], scale: tuple[float, float], percent: bool) -> None:
    tick = {"color": INK, "size": _LETTERS - 1}
    figure.update_yaxes(
        range=list(scale),
        nticks=4,
        tickformat=",.0f",
        ticksuffix="%" if percent else "",
        fixedrange=True,
        tickfont=tick,
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
        tickfont=tick,
        range=[days[0], days[-1]] if days else None,
    )


def _traces(days: Sequence[date], line: Line, title: str, percent: bool) -> list[go.Scatter]:
    value = "%{y:,.1f}%" if percent else "%{y:,.0f}"
    drawn = go.Scatter(
        x=list(days),
        y=line.mean,
        mode="lines",
        name=line.label,
        line={"color": line.colour, "width": 2.5},
        hovertemplate=f"{title}<br>%{{x}}<br>{value}<extra>{line.label}</extra>",
    )
    return [band_trace(days, line), drawn] if line.band else [drawn]


def _scale(panels: Sequence[Panel], percent: bool, signed: bool) -> tuple[float, float]:
    if percent:
        return 0.0, 100.0
    ends = [values for panel in panels for line in panel.lines for values in (line.mean, *(line.band or ()))]
    low = min((float(np.nanmin(each)) for each in ends), default=0.0) if signed else 0.0
    high = max((float(np.nanmax(each)) for each in ends), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.06 * max(high - low, 1.0)
    return low - room if signed else 0.0, high + room


def _in_two_lines(title: str) -> str:
    lines = wrap(title, _LETTERS_OF_A_TITLE, max_lines=2, placeholder="…")
    return "<br>".join(lines)

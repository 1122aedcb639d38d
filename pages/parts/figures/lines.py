"""Lines over months or days: from zero, labelled at their ends, with 80% bands and a standard across them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from pages.parts.figures.look import BASELINE, HEIGHT, INK, MARGIN_BOTTOM, MARGIN_TOP, dress, words_at

_LETTER = 7.6  # pixels, the mean width of a letter of a label
_LETTERS_OF_A_LABEL = 30  # at a line's end: more would leave a tablet no room for the lines
_LABEL_GAP = 19  # pixels between two labels at the ends of lines

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

    @property
    def mean(self) -> np.ndarray:
        """The line's own values as numbers."""
        return np.asarray(self.values, dtype=float)

    @property
    def band(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The lower and the upper end of its 80% band, where it has both."""
        if self.lower is None or self.upper is None:
            return None
        return np.asarray(self.lower, dtype=float), np.asarray(self.upper, dtype=float)


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
    on an axis about zero. `standard` draws a dashed line named `standard_label`. `marks` names moments by a
    letter or short word at the top of a thin upright line.
    """
    top = 100.0 if percent and not signed else _ceiling(lines, standard)
    low = _floor(lines) if signed else 0.0
    figure = go.Figure([band_trace(moments, line, name=f"{line.label}, 80%") for line in lines if line.band])
    figure.add_traces([_trace(moments, line, percent) for line in lines])
    for label in (*_band_labels(moments, lines), *_end_labels(moments, lines, (low, top), height)):
        figure.add_annotation(label)
    if standard is not None:
        figure.add_hline(y=standard, line={"color": INK, "width": 2, "dash": "dash"})
        name = words_at(standard_label, x=moments[0], y=standard, yshift=-2)
        figure.add_annotation(name, xanchor="left", yanchor="top")
    for moment, word in (marks or {}).items():
        upright = {"x0": moment, "x1": moment, "y0": 0, "y1": 1, "yref": "paper"}
        figure.add_shape(type="line", line={"color": INK, "width": 1, "dash": "dot"}, **upright)
        figure.add_annotation(words_at(word, x=moment, y=1, yref="paper", yanchor="bottom"))
    longest = max((len(_at_end(line.label)) for line in lines), default=0)
    dress(figure, height, right=int(longest * _LETTER) + 16)
    figure.update_xaxes(
        range=_span(moments), tickformat="%b %Y", nticks=6, hoverformat=_hover_format(moments), showgrid=False
    )
    figure.update_yaxes(range=[low, top], tickformat=",.0f", ticksuffix="%" if percent else "", nticks=6)
    figure.update_layout(hovermode="x unified")
    return figure


def band_trace(
    moments: Sequence[Moment] | Sequence[float], line: Line, name: str | None = None
) -> go.Scatter:
    """Give a line's 80% band as a pale area: along its top, and back along its bottom."""
    assert line.band is not None
    lower, upper = line.band
    return go.Scatter(
        x=[*moments, *reversed(moments)],
        y=np.concatenate([upper, lower[::-1]]),
        fill="toself",
        fillcolor=line.colour,
        opacity=0.2,
        mode="none",
        hoverinfo="skip",
        name=name,
    )


def _trace(moments: Sequence[Moment], line: Line, percent: bool) -> go.Scatter:
    return go.Scatter(
        x=list(moments),
        y=line.mean,
        name=line.label,
        mode="lines+markers" if len(moments) == 1 else "lines",
        line={"color": line.colour, "width": 3, "dash": line.dash},
        hovertemplate="%{y:,.1f}%" if percent else "%{y:,.0f}",
        connectgaps=False,
    )


def _band_labels(moments: Sequence[Moment], lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The word '80%' at the outer edge of each band, so that two bands don't write over each other."""
    if len(moments) < 3:
        return []
    at = int(len(moments) * 0.82)
    banded = [(line.colour, float(line.mean[at]), line.band) for line in lines if line.band]
    highest = max((level for _, level, _ in banded), default=0.0)
    labels = []
    for colour, level, (lower, upper) in banded:
        edge, anchor = (upper[at], "bottom") if level >= highest else (lower[at], "top")
        labels.append(words_at("80%", colour, x=moments[at], y=float(edge), yanchor=anchor))
    return labels


def _end_labels(
    moments: Sequence[Moment], lines: Sequence[Line], span: tuple[float, float], height: int
) -> list[dict[str, Any]]:
    """Labels right of the lines' ends, moved apart where they would touch."""
    ends = []
    for line in lines:
        known = np.flatnonzero(np.isfinite(line.mean))
        if line.label and known.size:
            ends.append((float(line.mean[known[-1]]), moments[int(known[-1])], line))
    ends.sort(key=lambda end: end[0])
    room = height - MARGIN_TOP - MARGIN_BOTTOM
    wanted = [(value - span[0]) * (room / (span[1] - span[0])) for value, _, _ in ends]
    return [
        words_at(
            _at_end(line.label),
            line.colour,
            x=moment,
            y=value,
            xanchor="left",
            xshift=8,
            yshift=placed - wished,
        )
        for (value, moment, line), wished, placed in zip(ends, wanted, _apart(wanted, room), strict=True)
    ]


def _apart(wanted: Sequence[float], room: float) -> list[float]:
    """Heights in pixels, given from below, moved up until no two labels touch, and none leaves the top."""
    places: list[float] = []
    for height in wanted:
        places.append(max(height, places[-1] + _LABEL_GAP if places else -np.inf))
    highest = room + MARGIN_TOP / 2
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], highest)
        highest = places[at] - _LABEL_GAP
    return places


def _at_end(label: str) -> str:
    """The label as it stands at a line's end; the line itself keeps the whole of it, for the mouse."""
    if len(label) <= _LETTERS_OF_A_LABEL:
        return label
    return f"{label[: _LETTERS_OF_A_LABEL - 1].rstrip()}…"


def _ceiling(lines: Sequence[Line], standard: float | None) -> float:
    highest = [standard or 0.0]
    for line in lines:
        for values in (line.mean, line.band[1] if line.band else line.mean):
            highest.append(float(np.nanmax(np.append(values, 0.0))))
    return max(max(highest) * 1.1, 1.0)


def _floor(lines: Sequence[Line]) -> float:
    """As far below zero as differences go, with room for a label."""
    lowest = [0.0]
    for line in lines:
        for values in (line.mean, line.band[0] if line.band else line.mean):
            lowest.append(float(np.nanmin(np.append(values, 0.0))))
    return min(min(lowest) * 1.1, -1.0)


def _span(moments: Sequence[Moment]) -> list[pd.Timestamp] | None:
    """From the first moment to the last, a little wider, so that nothing else stretches the axis."""
    if len(moments) < 2:
        return None
    first, last = pd.Timestamp(moments[0]), pd.Timestamp(moments[-1])
    return [first - (last - first) * 0.02, last + (last - first) * 0.02]


def _hover_format(moments: Sequence[Moment]) -> str:
    return "%B %Y" if moments and isinstance(moments[0], str) and len(moments[0]) == 7 else "%-d %B %Y"

"""Pathways by whole weeks waited as bars, with a second profile as an outline over them."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from models.rtt.waiting_list import BANDS, STANDARD_WEEKS
from pages.parts.figures.look import BASELINE, HEIGHT, INK, dress, words_at

YEAR_WEEKS = 52
_TICKS = [*range(0, BANDS, 13)]
_WEEKS = [f"{week} to {week + 1} weeks" for week in range(BANDS - 1)] + ["104 weeks or more"]
_MIDDLES = np.arange(BANDS) + 0.5


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
    profiles = [np.asarray(weeks, dtype=float)]
    figure = go.Figure(_bars(profiles[0], label, colour))
    if against is not None:
        profiles.append(np.asarray(against, dtype=float))
        figure.add_trace(_outline(profiles[1], against_label, against_colour))
        for place, (name, shade) in enumerate(((label, colour), (against_label, against_colour))):
            spot = words_at(name, shade, x=1, y=0.86 - 0.09 * place, xref="paper", yref="paper")
            figure.add_annotation(spot, xanchor="right")
    for week in (STANDARD_WEEKS, YEAR_WEEKS):
        figure.add_vline(x=week, line={"color": INK, "width": 1.5, "dash": "dash"})
        label_of_week = words_at(f"{week} weeks", x=week, y=1, yref="paper", xshift=5)
        figure.add_annotation(label_of_week, xanchor="left", yanchor="top")
    dress(figure, height, right=20)
    highest = max(float(profile.max(initial=0)) for profile in profiles)
    figure.update_layout(bargap=0.12)
    figure.update_xaxes(
        range=[0, BANDS],
        tickvals=_TICKS,
        title="Weeks waited",
        showgrid=False,
        ticktext=[*map(str, _TICKS[:-1]), f"{_TICKS[-1]}+"],
    )
    figure.update_yaxes(range=[0, max(highest, 1) * 1.12], tickformat=",.0f", nticks=6)
    return figure


def _hover(label: str) -> str:
    return f"%{{customdata}}<br>%{{y:,.0f}} pathways<extra>{label}</extra>"


def _bars(counts: np.ndarray, label: str, colour: str) -> go.Bar:
    return go.Bar(
        x=_MIDDLES,
        y=counts,
        name=label,
        customdata=_WEEKS,
        hovertemplate=_hover(label),
        marker={"color": colour, "line": {"width": 0}},
    )


def _outline(counts: np.ndarray, label: str, colour: str) -> go.Scatter:
    return go.Scatter(
        x=_MIDDLES,
        y=counts,
        name=label,
        mode="lines",
        customdata=_WEEKS,
        hovertemplate=_hover(label),
        line={"shape": "hvh", "color": colour, "width": 2},
    )

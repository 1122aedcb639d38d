"""A list in motion: weeks waited as bars, week by week, played in the browser."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from models.rtt.waiting_list import BANDS
from pages.parts.figures import BASELINE, INK, SCENARIO, profile_chart
from sim.observers.wait_profiles import Profiles

HEIGHT = 430  # pixels, with the controls
FRAME_MILLISECONDS = 220
# the same on both themes: Plotly lights a button up in nearly white when a mouse is over it
_BUTTON, _BUTTON_INK = "#F3F6F9", "#16202B"
_AT_ONCE = {"transition": {"duration": 0}}
_STILL = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}} | _AT_ONCE


def moving_chart(scenario: Profiles, baseline: Profiles | None, *, label: str, unchanged: str) -> go.Figure:
    """Give bars by weeks waited that move through time, with play, pause and a slider of days.

    The scenario's bars, and the baseline as an outline where there is one; on one scale throughout.
    """
    figure = profile_chart(
        scenario.waiting[0],
        label=label,
        colour=SCENARIO if baseline else BASELINE,
        against=baseline.waiting[0] if baseline else None,
        against_label=unchanged,
        height=HEIGHT,
    )
    both = (scenario, baseline) if baseline else (scenario,)
    top = 1.12 * max(float(each.waiting.max()) for each in both)
    figure.update_yaxes(range=[0, max(top, 1.0)])
    figure.update_layout(margin={"b": 126})
    days = [scenario.day(place) for place in range(len(scenario.weeks))]
    figure.frames = [_frame(day, place, both) for place, day in enumerate(days)]
    figure.update_layout(updatemenus=[_buttons()], sliders=[_slider(days)])
    return figure


def _frame(day: str, place: int, runs: Sequence[Profiles]) -> go.Frame:
    """The bars, and the outline where there is one, as they stand on a day."""
    # of their own kind: a frame without one is taken for a line, and would turn the bars into it
    drawn = [
        kind(y=_whole(run.waiting[place])) for kind, run in zip((go.Bar, go.Scatter), runs, strict=False)
    ]
    return go.Frame(name=day, data=drawn, traces=list(range(len(runs))))


def _buttons() -> dict[str, Any]:
    play = {"fromcurrent": True, "frame": {"duration": FRAME_MILLISECONDS, "redraw": True}} | _AT_ONCE
    return {
        "type": "buttons",
        "direction": "right",
        "x": 0,
        "y": -0.22,
        "xanchor": "left",
        "yanchor": "top",
        "showactive": False,
        "bgcolor": _BUTTON,
        "font": {"color": _BUTTON_INK},
        "pad": {"t": 0, "r": 8},
        "buttons": [
            {"label": "Play", "method": "animate", "args": [None, play]},
            {"label": "Pause", "method": "animate", "args": [[None], _STILL]},
        ],
    }


def _slider(days: Sequence[str]) -> dict[str, Any]:
    return {
        "active": 0,
        "x": 0,
        "len": 1,
        "y": -0.2,
        "yanchor": "top",
        "ticklen": 0,
        "minorticklen": 0,
        "pad": {"t": 16, "b": 0},  # the knob clear of the buttons
        # days under the slider would write over each other; the one shown stands above it
        "font": {"color": "rgba(0,0,0,0)"},
        "tickcolor": "rgba(0,0,0,0)",
        "currentvalue": {"prefix": "", "xanchor": "right", "font": {"size": 15, "color": INK}},
        "steps": [{"label": day, "method": "animate", "args": [[day], _STILL]} for day in days],
    }


def _whole(values: np.ndarray) -> list[int]:
    assert len(values) == BANDS
    return [int(value) for value in np.rint(values)]

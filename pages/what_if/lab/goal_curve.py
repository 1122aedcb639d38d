"""The curve behind a goal: what each dose of a lever would give."""

import numpy as np
import plotly.graph_objects as go

from models.scenarios.scenario import in_unit
from pages.parts.figures import HEIGHT, INK, SCENARIO
from sim.studies.solve import Solution

_FONT = 14


def goal_curve(found: Solution) -> go.Figure:
    """Give the goal's measure over the doses tried, with its 80% band, the goal and the answer drawn."""
    span, goal = found.mix.ranges[0], found.goal
    doses = [trial.values[0] for trial in found.curve]
    outcomes = [trial.outcome for trial in found.curve]
    lower, upper = [each.lower for each in outcomes], [each.upper for each in outcomes]
    percent = "%" if goal.measure.is_share else ""
    figure = go.Figure(
        [
            go.Scatter(
                x=[*doses, *reversed(doses)],
                y=[*upper, *reversed(lower)],
                fill="toself",
                fillcolor=SCENARIO,
                opacity=0.2,
                mode="none",
                hoverinfo="skip",
            ),
            go.Scatter(
                x=doses,
                y=[each.mean for each in outcomes],
                mode="lines+markers",
                customdata=[round(100 * trial.probability) for trial in found.curve],
                line={"color": SCENARIO, "width": 3},
                marker={"color": SCENARIO, "size": 8},
                hovertemplate=f"{in_unit('%{x:,.1f}', span.parameter.unit)}<br>%{{y:,.1f}}{percent}"
                "<br>%{customdata}% of futures meet the goal<extra></extra>",
            ),
        ]
    )
    figure.add_hline(y=goal.value, line={"color": INK, "width": 2, "dash": "dash"})
    figure.add_annotation(
        x=0.01,
        xref="paper",
        y=goal.value,
        text=f"Goal: {goal.phrase}",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        font={"color": INK, "size": _FONT},
    )
    if found.dose:
        dose = found.dose.values[0]
        figure.add_vline(x=dose, line={"color": INK, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=dose,
            y=1,
            yref="paper",
            text=f"{dose:,g}",
            showarrow=False,
            yanchor="bottom",
            font={"color": INK, "size": _FONT},
        )
    tick = {"color": INK, "size": _FONT - 1}
    high = max(*upper, goal.value)
    top = 100.0 if percent and high > 85 else 1.12 * max(high, 1.0)
    unit = f", {span.parameter.unit}" if span.parameter.unit else ""
    figure.update_xaxes(title=f"{span.parameter.label}{unit}", fixedrange=True, tickfont=tick, nticks=8)
    figure.update_yaxes(range=[0, top], ticksuffix=percent, tickformat=",.0f", fixedrange=True, tickfont=tick)
    figure.update_xaxes(range=_room(np.array(doses)), title_font=tick, zeroline=False, showgrid=False)
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 16, "t": 26, "b": 52},
        showlegend=False,
        dragmode=False,
        font={"size": _FONT},
        separators=".,",
    )
    return figure


def _room(doses: np.ndarray) -> list[float]:
    low, high = float(doses.min()), float(doses.max())
    room = 0.03 * max(high - low, 1.0)
    return [low - room, high + room]

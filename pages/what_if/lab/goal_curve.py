"""The curve behind a goal: what each dose of a lever would give."""

import numpy as np
import plotly.graph_objects as go

from models.scenarios.scenario import in_unit
from pages.parts.figures import HEIGHT, INK, SCENARIO, Line
from pages.parts.figures.lines import band_trace
from pages.parts.figures.look import LETTERS, words_at
from sim.studies.solve import Solution


def goal_curve(solution: Solution) -> go.Figure:
    """Give the goal's measure over the doses tried, with its 80% band, the goal and the answer drawn."""
    span, goal = solution.mix.ranges[0], solution.goal
    doses = [trial.values[0] for trial in solution.curve]
    outcomes = [trial.outcome for trial in solution.curve]
    upper = [each.upper for each in outcomes]
    line = Line("", [each.mean for each in outcomes], SCENARIO, [each.lower for each in outcomes], upper)
    percent = "%" if goal.measure.is_share else ""
    figure = go.Figure([band_trace(doses, line), _trials(solution, doses, line, percent)])
    figure.add_hline(y=goal.value, line={"color": INK, "width": 2, "dash": "dash"})
    goal_words = words_at(f"Goal: {goal.phrase}", x=0.01, xref="paper", y=goal.value, yanchor="bottom")
    figure.add_annotation(goal_words, xanchor="left")
    if solution.dose:
        dose = solution.dose.values[0]
        figure.add_vline(x=dose, line={"color": INK, "width": 1, "dash": "dot"})
        figure.add_annotation(words_at(f"{dose:,g}", x=dose, y=1, yref="paper", yanchor="bottom"))
    tick = {"color": INK, "size": LETTERS - 1}
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
        font={"size": LETTERS},
        separators=".,",
    )
    return figure


def _trials(solution: Solution, doses: list[float], line: Line, percent: str) -> go.Scatter:
    """A dot a dose tried, which says how many futures meet the goal with it."""
    dose = in_unit("%{x:,.1f}", solution.mix.ranges[0].parameter.unit)
    return go.Scatter(
        x=doses,
        y=line.mean,
        mode="lines+markers",
        customdata=[round(100 * trial.probability) for trial in solution.curve],
        line={"color": line.colour, "width": 3},
        marker={"color": line.colour, "size": 8},
        hovertemplate=f"{dose}<br>%{{y:,.1f}}{percent}<br>%{{customdata}}% of futures meet the goal"
        "<extra></extra>",
    )


def _room(doses: np.ndarray) -> list[float]:
    low, high = float(doses.min()), float(doses.max())
    room = 0.03 * max(high - low, 1.0)
    return [low - room, high + room]

"""Lying bars: each from zero with its value, or from where another ends; waterfalls and tornadoes."""

from collections.abc import Sequence
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from pages.parts.figures.look import BASELINE, INK, LETTERS, SCENARIO, SHORT, dress, words_at

_SMALL = 13  # pixels, letters beside bars that stand for a change
_LINE = 17  # pixels, of a name in such letters
_LETTERS_OF_A_NAME = 24  # in a line beside a bar: more would leave a tablet no room for the bars


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
    whiskers, ends, reach = None, amounts, amounts
    if lower is not None and upper is not None:
        high, low = np.asarray(upper, dtype=float), np.asarray(lower, dtype=float)
        whiskers = {"type": "data", "array": high - amounts, "arrayminus": amounts - low, "color": INK}
        ends = np.where(amounts >= 0, np.maximum(high, amounts), np.minimum(low, amounts))
        reach = np.concatenate([ends, high, low])  # a whisker may cross zero
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
    for name, amount, end in zip(names, amounts, ends, strict=True):
        shift, anchor = (6, "left") if amount >= 0 else (-6, "right")
        value = f"{amount:,.{decimals}f}".replace("-", "−")
        figure.add_annotation(words_at(value, x=end, y=name, xshift=shift, xanchor=anchor))
    dress(figure, height or 70 + 28 * len(amounts), right=16)
    least, most = float(min(reach.min(initial=0), 0)), float(max(reach.max(initial=0), 0))
    room = (most - least or 1) * 0.24  # for the values, on a narrow screen too
    figure.update_xaxes(range=[least - room if least < 0 else 0, most + room], tickformat=f",.{decimals}f")
    tick = {"color": INK, "size": LETTERS}
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont=tick, automargin=True)
    figure.update_layout(bargap=0.35)
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
    return _spans(
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
    figure = _spans(list(names), least, np.maximum(one, other) - least, words, [SCENARIO] * len(least))
    figure.add_vline(x=middle, line={"color": INK, "width": 2, "dash": "dash"})
    return figure


def _spans(
    names: Sequence[str], starts: np.ndarray, lengths: np.ndarray, words: Sequence[str], colours: list[str]
) -> go.Figure:
    """Bars of `lengths` from `starts`, below zero or above, with `words` right of each."""
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
    rights = np.maximum(starts, starts + lengths)
    for name, right, text in zip(names, rights, words, strict=True):
        figure.add_annotation(words_at(text, size=_SMALL, x=right, y=name, xanchor="left", xshift=6))
    tick = {"color": INK, "size": _SMALL}
    figure.update_xaxes(
        range=_span_with_words(starts, lengths),
        tickformat=",.0f",
        fixedrange=True,
        tickfont=tick,
        nticks=6,
        zeroline=True,
        zerolinecolor=INK,
    )
    labels = ["<br>".join(wrap(name, _LETTERS_OF_A_NAME)) for name in names]
    figure.update_yaxes(
        autorange="reversed",
        fixedrange=True,
        automargin=True,
        tickfont=tick,
        showgrid=False,
        tickvals=list(names),
        ticktext=labels,
    )
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    figure.update_layout(
        height=70 + max(34, _LINE * lines + 6) * len(names),
        margin={"l": 8, "r": 8, "t": 12, "b": 40},
        showlegend=False,
        dragmode=False,
        bargap=0.35,
        font={"size": _SMALL},
        separators=".,",
    )
    return figure


def _span_with_words(starts: np.ndarray, lengths: np.ndarray) -> list[float]:
    """From the least end of any bar to the greatest, with room for the words, and zero always in sight."""
    rights = np.maximum(starts, starts + lengths)
    low = float(min((starts.min(initial=0), (starts + lengths).min(initial=0))))
    room = (float(rights.max(initial=0)) - low or 1.0) * 0.5
    high = max(float(rights.max(initial=low)) + room, 0.04 * room)
    return [low - 0.04 * room, high]

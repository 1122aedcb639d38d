"""A report's picture drawn for the screen, in the look of every chart, with its table beside it."""

import pandas as pd
import plotly.graph_objects as go

from models.reports.picture import Picture
from pages.parts.figures.bars import bar_chart
from pages.parts.figures.lines import Line, line_chart
from pages.parts.figures.look import COLOUR_OF, HEIGHT, LETTERS, enlarge, show


def show_picture(
    picture: Picture, *, alt: str, key: str, height: int = HEIGHT, letters: int = LETTERS
) -> None:
    """Draw a picture with its title and table; `height` and `letters` are pixels, `alt` its words."""
    figure = enlarge(picture_figure(picture, height), letters)
    first = "Name" if picture.kind == "bar" else "Week ending"
    table = pd.DataFrame({first: picture.categories} | {each.name: each.values for each in picture.series})
    show(figure, title=picture.title, alt=alt, table=table, key=key)


def picture_figure(picture: Picture, height: int = HEIGHT) -> go.Figure:
    """Give a picture as a figure of at least so many pixels."""
    return _lines(picture, height) if picture.kind == "line" else _bars(picture, height)


def _lines(picture: Picture, height: int) -> go.Figure:
    lines = [
        Line(series.name, series.values, COLOUR_OF[series.role], *(series.ends or (None, None)))
        for series in picture.series
    ]
    name, level = picture.standard or ("", None)
    percent = picture.unit == "%"
    return line_chart(
        picture.categories, lines, percent=percent, standard=level, standard_label=name, height=height
    )


def _bars(picture: Picture, height: int) -> go.Figure:
    """Bars of the first name on top; where there are several series, each name's stand together."""
    bars = [
        (f"{name}, {series.name}" if len(picture.series) > 1 else str(name), series.values[place], role)
        for place, name in enumerate(picture.categories)
        for series in picture.series
        for role in [picture.bar_roles(series)[place]]
    ]
    names, values, roles = zip(*bars, strict=True)
    colours = [COLOUR_OF[role] for role in roles]
    tall = max(height, 90 + 32 * len(names))
    return bar_chart(names, values, colours=colours, decimals=picture.decimals, height=tall)

"""A takeaway walked through at full screen: one message at a time, large, forward and back by keyboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from models.reports.report import Message, Picture, Role, Series, Takeaway
from pages.parts.figures import BASELINE, INK, SCENARIO, SHORT, SPARE, Line, bar_chart, line_chart, show

PAGE = "pages/what_if/present.py"
SLIDE = "slide"  # of the link: which message is shown, from 1
HEIGHT = 520  # pixels of a chart
LETTERS = 17  # pixels, to be read across a room
LONGEST_LABEL = 30  # characters at a line's end
COLOURS: Mapping[Role, str] = {
    "scenario": SCENARIO,
    "baseline": BASELINE,
    "short": SHORT,
    "spare": SPARE,
    "standard": INK,
    "other": "#000005",
}


@dataclass(frozen=True)
class Slide:
    """What is shown at once."""

    heading: str
    points: tuple[str, ...] = ()
    picture: Picture | None = None


def show_present_button(parameters: Mapping[str, str], key: str) -> None:
    """Draw the switch that turns what is shown into a walk; `parameters` are its link's, with the board."""
    if st.button("Present", key=key, icon=":material/slideshow:", help="One message at a time, full screen"):
        st.switch_page(PAGE, query_params=dict(parameters) | {SLIDE: "1"})


def slides(taken: Takeaway) -> list[Slide]:
    """The walk: a title, the messages, and what they rest on."""
    first = Slide(taken.title, (f"{taken.place}. Figures to {taken.data_month}.",))
    return [first, *map(_of_message, taken.messages), _basis(taken)]


def show_walk(taken: Takeaway, leave: Callable[[], None]) -> None:
    """Draw the slide that the link names, and the way on, back and out; `leave` goes back to the page."""
    walk = slides(taken)
    text = st.query_params.get(SLIDE, "1")
    number = min(max(int(text), 1), len(walk)) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    slide = walk[number - 1]
    labels = " · ".join((taken.place, taken.title, f"figures to {taken.data_month}", *taken.labels))
    st.caption(labels)
    st.markdown(f"# {slide.heading}")
    for point in slide.points:
        st.markdown(f"### {point}" if len(slide.points) < 6 else point)
    if slide.picture is not None:
        _draw(slide.picture, slide.heading, number)

    def go_to(place: int) -> None:
        st.query_params[SLIDE] = str(place)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Back", on_click=go_to, args=(number - 1,), disabled=number == 1, shortcut="Left")
        forward = number < len(walk)
        st.button(
            "Next", on_click=go_to, args=(number + 1,), disabled=not forward, shortcut="Right", type="primary"
        )
        st.markdown(f"{number} of {len(walk)}")
        if st.button("End", shortcut="Esc", type="tertiary"):
            leave()


def _of_message(message: Message) -> Slide:
    return Slide(message.sentence, message.points, message.picture)


def _basis(taken: Takeaway) -> Slide:
    facts = tuple(f"**{name}**: {value}" for name, value in taken.about.items())
    return Slide("What these numbers rest on", (*taken.caveats, *facts))


def _draw(picture: Picture, sentence: str, number: int) -> None:
    figure = _lines(picture) if picture.kind == "line" else _bars(picture)
    figure.update_annotations(font_size=LETTERS)
    figure.update_xaxes(tickfont_size=LETTERS)
    figure.update_yaxes(tickfont_size=LETTERS)
    names = "Name" if picture.kind == "bar" else "Week ending"
    table = pd.DataFrame({names: picture.categories} | {each.name: each.values for each in picture.series})
    show(figure, title=picture.title, alt=sentence, table=table, key=f"present_{number}")


def _lines(picture: Picture) -> go.Figure:
    lines = [
        Line(_shortened(each), each.values, COLOURS[each.role], *(each.ends or (None, None)))
        for each in picture.series
    ]
    name, level = picture.standard or ("", None)
    days = [day for day in picture.categories if not isinstance(day, str)]
    figure = line_chart(
        days, lines, percent=picture.unit == "%", standard=level, standard_label=name, height=HEIGHT
    )
    longest = max(len(line.label) for line in lines)
    figure.update_layout(margin_r=int(longest * 9.4) + 16)  # the labels are larger than on a page
    return figure


def _bars(picture: Picture) -> go.Figure:
    (series,) = picture.series
    values = np.asarray(series.values)
    colours = np.where(values > 0, COLOURS["short"], COLOURS[series.role]).tolist()
    names = [str(name) for name in picture.categories]
    return bar_chart(names, values, colours=colours, height=max(HEIGHT, 90 + 32 * len(names)))


def _shortened(series: Series) -> str:
    name = series.name
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1].rstrip()}…"

"""A report walked through at full screen: one message at a time, large, forward and back by keyboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from models.reports.picture import Picture
from models.reports.report import Message, Report
from pages.parts.figures.pictures import show_picture

PAGE = "pages/what_if/present.py"
SLIDE = "slide"  # of the link: which message is shown, from 1
HEIGHT = 520  # pixels of a chart
LETTERS = 17  # pixels, to be read across a room


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


def slides(report: Report) -> list[Slide]:
    """The walk: a title, the messages, and what they rest on."""
    first = Slide(report.title, (f"{report.place}. Figures to {report.data_month}.",))
    return [first, *map(_of_message, report.messages), _basis(report)]


def show_walk(report: Report, leave: Callable[[], None]) -> None:
    """Draw the slide that the link names, and the way on, back and out; `leave` goes back to the page."""
    walk = slides(report)
    text = st.query_params.get(SLIDE, "1")
    number = min(max(int(text), 1), len(walk)) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    slide = walk[number - 1]
    labels = " · ".join((report.place, report.title, f"figures to {report.data_month}", *report.labels))
    st.caption(labels)
    st.markdown(f"# {slide.heading}")
    for point in slide.points:
        st.markdown(f"### {point}" if len(slide.points) < 6 else point)
    if slide.picture is not None:
        show_picture(
            slide.picture, alt=slide.heading, key=f"present_{number}", height=HEIGHT, letters=LETTERS
        )

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


def _basis(report: Report) -> Slide:
    facts = tuple(f"**{name}**: {value}" for name, value in report.about.items())
    return Slide("What these numbers rest on", (*report.caveats, *facts))

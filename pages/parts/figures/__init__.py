"""The charts of the pages: lines, bars and profiles in one look, each shown with its words and its table."""

from pages.parts.figures.bars import bar_chart
from pages.parts.figures.lines import Line, line_chart
from pages.parts.figures.look import BASELINE, HEIGHT, INK, SCENARIO, SHORT, SPARE, show
from pages.parts.figures.profiles import profile_chart

__all__ = [
    "BASELINE",
    "HEIGHT",
    "INK",
    "SCENARIO",
    "SHORT",
    "SPARE",
    "Line",
    "bar_chart",
    "line_chart",
    "profile_chart",
    "show",
]

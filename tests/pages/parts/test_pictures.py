"""A report's picture on the screen: its series in the pages' colours, what it measures, how large it is."""

from dataclasses import replace

import pytest

from models.reports.picture import Picture, Series
from pages.parts.figures import BASELINE, INK, SCENARIO, SHORT
from pages.parts.figures.look import enlarge
from pages.parts.figures.pictures import picture_figure
from tests.data.writers.examples import BARS, DAYS, LINE, SHARE

pytestmark = pytest.mark.unit


def test_lines_keep_their_order_colours_and_band() -> None:
    band, before, after = picture_figure(LINE).data
    assert list(band.y) == [110, 105, 100, 95, 75, 80, 85, 90]
    assert (before.name, before.line.color) == ("If nothing changes", BASELINE)
    assert (after.name, after.line.color) == ("70% virtual", SCENARIO)
    assert list(after.y) == [100, 95, 90, 85.5]
    assert list(after.x) == list(DAYS)


def test_a_share_runs_to_100_with_its_standard_named() -> None:
    figure = picture_figure(SHARE)
    assert list(figure.layout.yaxis.range) == [0, 100]
    (standard,) = figure.layout.shapes
    assert (standard.y0, standard.line.color) == (92, INK)
    assert "Standard: 92%" in [each.text for each in figure.layout.annotations]


def test_bars_say_who_loses_by_their_colour() -> None:
    (bars,) = picture_figure(BARS, 520).data
    assert list(bars.y) == ["ENT", "Gynaecology"]
    assert list(bars.marker.color) == [SHORT, SCENARIO]


def test_bars_of_two_runs_stand_together_by_name() -> None:
    runs = (Series("Before", (61.25, 58.0), "baseline"), Series("After", (63.0, 60.0)))
    figure = picture_figure(Picture("bar", "Shares", ("Most", "Least"), runs, "%"))
    (bars,) = figure.data
    assert list(bars.y) == ["Most, Before", "Most, After", "Least, Before", "Least, After"]
    assert list(bars.x) == [61.25, 63, 58, 60]
    assert list(bars.marker.color) == [BASELINE, SCENARIO] * 2
    assert figure.layout.annotations[0].text == "61.2"


def test_larger_letters_get_as_much_more_room_at_the_lines_ends() -> None:
    plain = picture_figure(replace(LINE, series=LINE.series[:1]))
    right = plain.layout.margin.r
    large = enlarge(plain, 28)  # twice the size
    assert large.layout.margin.r == 2 * right
    assert {each.font.size for each in large.layout.annotations} == {28}
    assert large.layout.xaxis.tickfont.size == 28

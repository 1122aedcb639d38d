"""Slides opened again: what they say, their charts' numbers, and nothing past the slide's edge."""

import io
import itertools

import pytest
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.slide import Slide

from data.takeaway.slides import slides
from tests.data.takeaway.examples import AFTER, BARS, BEFORE, DAYS, TAKEN

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def show() -> Presentation:
    return Presentation(io.BytesIO(slides(TAKEN)))


def charts(show: Presentation) -> list[Chart]:
    return [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]


def words(slide: Slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_a_title_a_slide_a_message_and_the_basis(show: Presentation) -> None:
    assert len(show.slides) == 1 + 4 + 1
    first, last = show.slides[0], show.slides[5]
    assert "Lancashire and South Cumbria" in words(first)
    assert "Figures to August 2025. Estimated by simulation." in words(first)
    for slide, message in zip(list(show.slides)[1:5], TAKEN.messages, strict=True):
        assert message.sentence in words(slide)
        assert all(point in words(slide) for point in message.points)
        assert "figures to August 2025 · Estimated by simulation" in words(slide)
    assert "Seed: 7" in words(last)
    assert "The future is simulated, not known." in words(last)


def test_charts_are_native_and_hold_the_numbers(show: Presentation) -> None:
    line, share, bars = charts(show)
    assert [each.name for each in line.plots[0].series] == [
        "If nothing changes", "70% virtual", "70% virtual, 80% lower", "70% virtual, 80% upper",
    ]  # fmt: skip
    assert [tuple(each.values) for each in line.plots[0].series] == [
        BEFORE.values,
        AFTER.values,
        *(AFTER.ends or ()),
    ]
    assert len(list(line.plots[0].categories)) == len(DAYS)
    assert [each.name for each in share.plots[0].series] == ["70% virtual", "Standard: 92%"]
    assert tuple(share.plots[0].series[1].values) == (92.0,) * 4
    assert list(bars.plots[0].categories) == list(BARS.categories)
    assert tuple(bars.plots[0].series[0].values) == (40.0, -85.0)
    # its workbook goes with it, so that it can be edited
    assert line.part.chart_workbook.xlsx_part is not None


def test_the_one_who_loses_has_the_colour_of_short(show: Presentation) -> None:
    series = charts(show)[2].plots[0].series[0]
    assert str(series.points[0].format.fill.fore_color.rgb) == "A84B00"
    assert str(series.format.fill.fore_color.rgb) == "0B57B0"


def test_every_slide_but_the_last_has_notes_with_method_and_seed(show: Presentation) -> None:
    for slide in list(show.slides)[:5]:
        said = slide.notes_slide.notes_text_frame.text
        assert "The future is simulated, not known." in said
        assert "Seed: 7" in said
    assert "Say so." in show.slides[1].notes_slide.notes_text_frame.text


def test_nothing_stands_off_the_slide_or_on_another(show: Presentation) -> None:
    for slide in show.slides:
        boxes = [shape for shape in slide.shapes if shape.width < show.slide_width]
        for shape in boxes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + shape.height <= show.slide_height
        down = sorted((shape.top, shape.top + shape.height) for shape in boxes if shape.has_text_frame)
        placed = [end for end in down if end[1] - end[0] < show.slide_height]
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(placed))

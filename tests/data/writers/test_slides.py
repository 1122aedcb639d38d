"""Slides opened again: what they say, their charts' numbers, and nothing past the slide's edge."""

import io
import itertools
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.slide import Slide

from data.writers.fitting import height_of
from data.writers.slides import LEAST, slides
from models.reports.picture import Picture, Series
from models.reports.report import Message
from tests.data.writers.examples import AFTER, BARS, BEFORE, DAYS, REPORT

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def show() -> Presentation:
    return Presentation(io.BytesIO(slides(REPORT)))


def charts(show: Presentation) -> list[Chart]:
    return [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]


def words(slide: Slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_a_title_a_slide_a_message_and_the_basis(show: Presentation) -> None:
    assert len(show.slides) == 1 + 4 + 1
    first, last = show.slides[0], show.slides[5]
    assert "Lancashire and South Cumbria" in words(first)
    assert "Figures to August 2025. Estimated by simulation." in words(first)
    for slide, message in zip(list(show.slides)[1:5], REPORT.messages, strict=True):
        assert message.sentence in words(slide)
        assert all(point in words(slide) for point in message.points)
        assert "figures to August 2025 · Estimated by simulation" in words(slide)
    assert "Seed: 7" in words(last)
    assert "The future is simulated, not known." in words(last)


def test_charts_are_native_and_hold_the_numbers(show: Presentation) -> None:
    line, share, bars = charts(show)
    assert [each.name for each in line.plots[0].series] == [
        "If nothing changes",
        "70% virtual",
        "70% virtual, 80% lower",
        "70% virtual, 80% upper",
    ]
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


def test_a_name_that_begins_like_a_formula_is_text_in_a_charts_own_workbook() -> None:
    picture = Picture("bar", "Who gains", ("=1+1", "@ENT"), (Series("=HYPERLINK(1)", (1.0, 2.0)),))
    show = Presentation(io.BytesIO(slides(replace(REPORT, messages=(Message("Said.", picture),)))))
    (chart,) = charts(show)
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "s"] == ["'=HYPERLINK(1)", "'=1+1", "'@ENT"]


def test_long_words_are_written_smaller_and_many_points_take_more_slides() -> None:
    sentence = "No specialty's list would clearly be longer; those of others would be shorter. " * 4
    points = tuple(f"{number}: {sentence}" for number in range(30))
    name = "A scenario whose name takes all of the eighty letters that a name of one may have"
    place = "Bath and North East Somerset, Swindon and Wiltshire and Leicester, Leicestershire and Rutland"
    long = replace(
        REPORT,
        title=name,
        place=place,
        headline=sentence,
        messages=(Message(sentence, REPORT.messages[0].picture, points[:2]), Message(sentence, None, points)),
        about={f"Scenario '{name}' {number}": sentence * 2 for number in range(5)},
    )
    show = Presentation(io.BytesIO(slides(long)))
    for slide in show.slides:
        for shape in slide.shapes:
            if not shape.has_text_frame or not shape.text_frame.text:
                continue
            paragraphs = [paragraph.runs[0] for paragraph in shape.text_frame.paragraphs]
            size, bold = paragraphs[0].font.size.pt, bool(paragraphs[0].font.bold)
            texts = [run.text for run in paragraphs]
            # a box has a margin of 0.1 inch at the sides and 0.05 above and below; 72 points an inch
            assert height_of(texts, shape.width.pt - 14.4, size, bold) <= shape.height.pt - 7.2 + 0.1
    said = [words(slide) for slide in show.slides]
    assert all(sum(point in each for each in said) >= 1 for point in points)
    (chart,) = (shape for shape in show.slides[1].shapes if shape.has_chart)
    assert chart.height.inches > 2.5
    # what is told as points is never smaller than can be read across a room
    sizes = [
        shape.text_frame.paragraphs[0].runs[0].font.size.pt
        for slide in list(show.slides)[2:]
        for shape in slide.shapes
        if shape.has_text_frame and shape.text_frame.text[:2] in {f"{number}:"[:2] for number in range(30)}
    ]
    assert min(sizes) >= LEAST

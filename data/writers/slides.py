"""A PowerPoint file: one message a slide, charts that can be edited, and what the speaker should know."""

import io
from dataclasses import replace
from datetime import date

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Length, Pt

from data.writers.fitting import GAP, fitting_size, height_of, paged
from models.reports.picture import COLOURS, Picture, Role
from models.reports.report import Message, Report, inert

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.6)
INNER = Emu(WIDTH - 2 * MARGIN)
BODY, BASIS = Inches(4.9), Inches(5.2)  # heights left for points, and for what it rests on
LEAST = 12  # points of the smallest letter that is still read across a room
BLANK = 6  # the default template's empty layout


def slides(report: Report) -> bytes:
    """The presentation as a .pptx file: a title, a slide a message, and one on what it rests on."""
    show = Presentation()
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    show.core_properties.title = f"{report.title}: {report.place}"
    show.core_properties.author = "Tandem"
    blank = show.slide_layouts[BLANK]
    _title_slide(show.slides.add_slide(blank), report)
    for message in report.messages:
        for part in _parts(message):
            slide = show.slides.add_slide(blank)
            _message_slide(slide, part)
            _foot(slide, report, len(show.slides))
            _notes(slide, (*message.notes, *report.caveats), report)
    for lines in paged(_basis(report), *_room(BASIS), LEAST):
        slide = show.slides.add_slide(blank)
        _basis_slide(slide, lines)
        _foot(slide, report, len(show.slides))
    file = io.BytesIO()
    show.save(file)
    return file.getvalue()


def _title_slide(slide: Slide, report: Report) -> None:
    bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.25), HEIGHT)
    bar.fill.solid()
    bar.fill.fore_color.rgb = _colour(COLOURS["scenario"])
    bar.line.fill.background()
    _write(slide, report.place, top=Inches(1.3), height=Inches(0.6), size=22, role="baseline")
    _write(slide, report.title, top=Inches(1.9), height=Inches(1.2), size=40, bold=True)
    _write(slide, report.headline, top=Inches(3.3), height=Inches(1.8), size=28)
    origin = f"Figures to {report.data_month}. " + " ".join(f"{label}." for label in report.labels)
    _write(slide, origin, top=Inches(5.6), height=Inches(0.6), size=16, role="baseline")
    _notes(slide, report.caveats, report)


def _parts(message: Message) -> list[Message]:
    """The message as many slides as its points take at the smallest size; a picture stands on the first."""
    if message.picture is not None:
        return [message]
    shared = paged(message.points, *_room(BODY), LEAST)
    return [replace(message, points=tuple(points)) for points in shared]


def _message_slide(slide: Slide, message: Message) -> None:
    _write(slide, message.sentence, top=Inches(0.45), height=Inches(1.3), size=28, bold=True)
    top, body = Inches(1.9), BODY
    if message.points:
        if message.picture is not None:  # the points take what they need, at most a third of the room
            width, height = _room(BODY)
            size = fitting_size(message.points, width, height / 3, 18, least=LEAST)
            body = Emu(Pt(height_of(message.points, width, size)) + 2 * Inches(0.1))
        _write(slide, *message.points, top=top, height=body, size=18)
        top = Emu(top + body)
    if message.picture is not None:
        _draw(slide, message.picture, top, Emu(HEIGHT - Inches(0.7) - top))


def _basis(report: Report) -> list[str]:
    return [*report.caveats, *(f"{name}: {value}" for name, value in report.about.items())]


def _basis_slide(slide: Slide, lines: list[str]) -> None:
    _write(slide, "What these numbers rest on", top=Inches(0.45), height=Inches(0.8), size=28, bold=True)
    _write(slide, *lines, top=Inches(1.4), height=BASIS, size=14)


def _foot(slide: Slide, report: Report, number: int) -> None:
    label = f" · {', '.join(report.labels)}" if report.labels else ""
    line = f"{report.place} · {report.title} · figures to {report.data_month}{label} · {number}"
    _write(slide, line, top=Emu(HEIGHT - Inches(0.55)), height=Inches(0.4), size=11, role="baseline")


def _notes(slide: Slide, lines: tuple[str, ...], report: Report) -> None:
    basis = "; ".join(f"{name}: {value}" for name, value in report.about.items())
    frame = slide.notes_slide.notes_text_frame
    assert frame is not None  # a notes page made here has its text
    frame.text = "\n".join([*lines, f"Made by Tandem. {basis}"])


def _draw(slide: Slide, picture: Picture, top: Length, height: Length) -> None:
    data = CategoryChartData(number_format=_number_format(picture))
    # the chart's own workbook would take a name that begins like a formula for one
    data.categories = [inert(category) for category in picture.categories]
    for series in picture.series:
        data.add_series(inert(series.name), series.values)
    lines = picture.kind == "line"
    if lines:
        for series in picture.series:
            for word, values in zip(("lower", "upper"), series.ends or (), strict=False):
                data.add_series(inert(f"{series.name}, 80% {word}"), values)
        if picture.standard:
            name, level = picture.standard
            data.add_series(name, [level] * len(picture.categories))
    kind = XL_CHART_TYPE.LINE if lines else XL_CHART_TYPE.BAR_CLUSTERED
    chart = slide.shapes.add_chart(kind, MARGIN, top, INNER, height, data).chart
    _dress(chart, picture)


def _dress(chart: Chart, picture: Picture) -> None:
    chart.has_title = True
    chart.chart_title.text_frame.text = picture.title
    chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(16)
    chart.font.size = Pt(14)
    chart.has_legend = picture.kind == "line"
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    values, names = chart.value_axis, chart.category_axis
    values.tick_labels.number_format = _number_format(picture)
    values.tick_labels.number_format_is_linked = False
    values.major_gridlines.format.line.color.rgb = _colour("#D5DDE5")
    if picture.unit == "%":
        values.maximum_scale = 100
    if picture.kind == "line":
        values.minimum_scale = 0
        _style_lines(chart, picture)
        if picture.categories and isinstance(picture.categories[0], date):
            names.tick_labels.number_format = "mmm yyyy"
            names.tick_labels.number_format_is_linked = False
    else:
        names.reverse_order = True
        names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        _style_bars(chart, picture)


def _style_lines(chart: Chart, picture: Picture) -> None:
    styles = [(series.role, 3.0, MSO_LINE.SOLID) for series in picture.series]
    for series in picture.series:
        styles += [(series.role, 1.25, MSO_LINE.ROUND_DOT)] * (2 if series.ends else 0)
    if picture.standard:
        styles.append(("standard", 2.0, MSO_LINE.DASH))
    for drawn, (role, width, dash) in zip(chart.plots[0].series, styles, strict=True):
        drawn.smooth = False
        drawn.marker.style = XL_MARKER_STYLE.NONE
        drawn.format.line.color.rgb = _colour(COLOURS[role])
        drawn.format.line.width = Pt(width)
        drawn.format.line.dash_style = dash


def _style_bars(chart: Chart, picture: Picture) -> None:
    plot = chart.plots[0]
    plot.gap_width = 40
    plot.has_data_labels = True
    plot.data_labels.number_format = _number_format(picture)
    plot.data_labels.number_format_is_linked = False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    for drawn, series in zip(plot.series, picture.series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = _colour(COLOURS[series.role])
        drawn.invert_if_negative = False
        for place, role in enumerate(picture.bar_roles(series)):
            if role != series.role:
                point = drawn.points[place].format.fill
                point.solid()
                point.fore_color.rgb = _colour(COLOURS[role])


def _write(
    slide: Slide,
    *paragraphs: str,
    top: Length,
    height: Length,
    size: float,
    bold: bool = False,
    role: Role = "standard",
) -> TextFrame:
    """Write paragraphs into a box, in letters of `size` points or as much smaller as they need to fit."""
    size = fitting_size(paragraphs, *_room(height), size, bold)
    frame = slide.shapes.add_textbox(MARGIN, top, INNER, height).text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for place, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(GAP * size)
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = _colour(COLOURS[role])
        run._r.get_or_add_rPr().set("lang", "en-GB")
    return frame


def _room(height: Length) -> tuple[float, float]:
    """Width and height in points that a box of the slide's width leaves for words, within its margins."""
    return Emu(INNER - 2 * Inches(0.1)).pt, Emu(height - 2 * Inches(0.05)).pt


def _number_format(picture: Picture) -> str:
    return '0.0"%"' if picture.unit == "%" else "#,##0;−#,##0"


def _colour(hexed: str) -> RGBColor:
    return RGBColor.from_string(hexed.removeprefix("#"))

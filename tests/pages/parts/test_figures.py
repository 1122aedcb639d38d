"""The look of charts: from zero, labelled at the end of lines, 80% on the band, standards drawn and named."""

import numpy as np
import pandas as pd
import pytest

from pages.parts.figures import BASELINE, INK, SCENARIO, Line, bar_chart, line_chart, profile_chart

pytestmark = pytest.mark.unit

MONTHS = ["2025-06", "2025-07", "2025-08"]


def words(figure: object) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]  # type: ignore[attr-defined]


def test_counts_start_at_zero_and_the_line_is_labelled_at_its_end() -> None:
    figure = line_chart(MONTHS, [Line("As today", [90, 95, 100])])
    assert figure.layout.yaxis.range == pytest.approx((0, 110))  # a tenth above the highest
    label = figure.layout.annotations[0]
    assert (label.text, label.x, label.y, label.xanchor) == ("As today", "2025-08", 100, "left")
    assert label.font.color == figure.data[0].line.color == BASELINE
    assert not figure.layout.showlegend
    assert figure.layout.xaxis.tickformat == "%b %Y"


def test_a_label_stands_at_the_last_value_that_is_known() -> None:
    figure = line_chart(MONTHS, [Line("Here", [90, 95, np.nan])])
    assert (figure.layout.annotations[0].x, figure.layout.annotations[0].y) == ("2025-07", 95)


def test_labels_that_would_touch_are_moved_apart() -> None:
    figure = line_chart(MONTHS, [Line("One", [10, 10, 100]), Line("Two", [10, 10, 99])], height=320)
    low, high = figure.layout.annotations  # from below
    pixels = (320 - 24 - 44) / 110
    assert (low.text, high.text) == ("Two", "One")
    apart = (high.y * pixels + high.yshift) - (low.y * pixels + low.yshift)
    assert apart == pytest.approx(19)


def test_a_band_is_drawn_under_the_lines_and_says_80() -> None:
    band = Line("70% virtual", [10, 9, 8], SCENARIO, lower=[10, 8, 6], upper=[10, 10, 10])
    figure = line_chart(MONTHS, [band])
    shade = figure.data[0]
    assert (shade.fill, shade.opacity, shade.fillcolor) == ("toself", 0.2, SCENARIO)
    assert list(shade.y) == [10, 10, 10, 6, 8, 10]  # along the top, and back along the bottom
    assert figure.layout.yaxis.range == pytest.approx((0, 11))
    assert "80%" in words(figure)


def test_two_bands_are_labelled_on_their_outer_edges() -> None:
    low = Line("Low", [10, 10, 10], lower=[8, 8, 8], upper=[12, 12, 12])
    high = Line("High", [20, 20, 20], lower=[18, 18, 18], upper=[22, 22, 22])
    marks = [a for a in line_chart(MONTHS, [low, high]).layout.annotations if a.text == "80%"]
    assert [(mark.y, mark.yanchor) for mark in marks] == [(8, "top"), (22, "bottom")]


def test_the_standard_is_dashed_and_named_and_percentages_run_to_100() -> None:
    figure = line_chart(
        MONTHS, [Line("", [50, 51, 52])], percent=True, standard=92, standard_label="Standard"
    )
    assert figure.layout.yaxis.range == (0, 100)
    assert figure.layout.yaxis.ticksuffix == "%"
    line = figure.layout.shapes[0]
    assert (line.y0, line.line.dash, line.line.color) == (92, "dash", INK)
    assert words(figure) == ["Standard"]


def test_marks_stand_on_their_month() -> None:
    figure = line_chart(MONTHS, [Line("", [1, 2, 3])], marks={"2025-07": "a"})
    assert (figure.layout.shapes[0].x0, words(figure)) == ("2025-07", ["a"])


def test_one_month_alone_is_a_point() -> None:
    figure = line_chart(["2025-08"], [Line("5", [5])])
    assert figure.data[0].mode == "lines+markers"
    assert figure.layout.xaxis.range is None


def test_a_profile_has_a_bar_a_week_and_names_18_and_52() -> None:
    counts = np.arange(105)
    figure = profile_chart(counts)
    assert list(figure.data[0].y) == counts.tolist()
    assert figure.data[0].x[0] == 0.5  # the bar of week 0 lies between 0 and 1
    assert [shape.x0 for shape in figure.layout.shapes] == [18, 52]
    assert words(figure) == ["18 weeks", "52 weeks"]
    assert figure.data[0].customdata[104] == "104 weeks or more"


def test_a_second_profile_is_an_outline_with_both_named() -> None:
    figure = profile_chart(
        np.ones(105), label="70% virtual", against=np.full(105, 4), against_label="As today"
    )
    assert list(figure.data[1].y) == [4] * 105
    assert figure.layout.yaxis.range == pytest.approx((0, 4 * 1.12))
    assert words(figure)[:2] == ["70% virtual", "As today"]


def test_bars_carry_their_values_and_80_whiskers() -> None:
    figure = bar_chart(["Urology", "Cardiology"], [-1200, 300], lower=[-1500, 100], upper=[-900, 500])
    assert words(figure) == ["−1,200", "300"]
    assert list(figure.data[0].error_x.array) == [300, 200]  # -900 + 1200; 500 - 300
    assert list(figure.data[0].error_x.arrayminus) == [300, 200]
    assert [a.x for a in figure.layout.annotations] == [-1500, 500]  # clear of the whiskers
    assert figure.layout.xaxis.range == pytest.approx((-1500 - 480, 500 + 480))  # 0.24 of 2,000 on each side


def test_a_whisker_that_crosses_zero_stays_in_the_picture() -> None:
    figure = bar_chart(["Medical", "Urology"], [-1580, 20], lower=[-4000, -500], upper=[2500, 60])
    left, right = figure.layout.xaxis.range
    assert left < -4000
    assert right > 2500


def test_days_and_months_are_told_apart_on_hover() -> None:
    days = [day.date() for day in pd.date_range("2025-09-01", periods=3, freq="7D")]
    assert line_chart(days, [Line("", [1, 2, 3])]).layout.xaxis.hoverformat == "%-d %B %Y"
    assert line_chart(MONTHS, [Line("", [1, 2, 3])]).layout.xaxis.hoverformat == "%B %Y"


def test_a_long_name_leaves_room_for_its_line() -> None:
    name = "A scenario with as long a name as can be saved, which is eighty letters in all.."
    figure = line_chart(MONTHS, [Line(name, [1, 2, 3])])
    assert figure.layout.annotations[0].text == "A scenario with as long a nam…"
    assert figure.data[0].name == name  # whole under the mouse
    assert figure.layout.margin.r == int(30 * 7.6) + 16

"""The lab's own figures: panels on one scale, levers that stack to their sum, a profile that moves."""

from datetime import date

import numpy as np
import pytest

from models.scenarios.presets import preset
from pages.parts.figures import Line
from pages.parts.figures.bars import ranges, stacked_changes
from pages.parts.figures.multiples import Panel, small_multiples
from pages.what_if.lab.moving_profile import moving_chart
from questions.question import Question, canonical
from questions.studies import MotionAnswer
from sim.observers.wait_profiles import Profiles

pytestmark = pytest.mark.unit

ASKED = Question("QK1", "2025-08", "", canonical(preset("baseline")))
DAYS = [date(2025, 9, 7), date(2025, 10, 5)]


def test_panels_share_one_scale_and_name_themselves() -> None:
    long = "A specialty with a very long name, longer than two lines"
    panels = [
        Panel("Neurosurgery", "83 fewer", (Line("x", [0, -83]),)),
        Panel(long, "40 more", (Line("x", [0, 40], "#000001", [0, 20], [0, 60]),)),
    ]
    figure = small_multiples(DAYS, panels, signed=True)
    # from -83 to 60, and 6% of the way between beyond each
    low, high = -83 - 0.06 * 143, 60 + 0.06 * 143
    for axis in ("yaxis", "yaxis2", "yaxis3"):
        assert list(figure.layout[axis].range) == pytest.approx([low, high])
    texts = [each.text for each in figure.layout.annotations]
    assert texts == [
        "Neurosurgery",
        "83 fewer",
        "A specialty with a very<br>long name, longer than…",
        "40 more",
    ]


def test_shares_run_from_nought_to_a_hundred() -> None:
    figure = small_multiples(DAYS, [Panel("One", "", (Line("x", [50, 60]),))], percent=True)
    assert list(figure.layout.yaxis.range) == [0, 100]


def test_changes_stack_to_their_sum() -> None:
    figure = stacked_changes(["a", "b"], [-30, 10], ["-30", "+10"], whole="All", whole_words="-20", better=-1)
    (bars,) = figure.data
    assert list(bars.base) == [0, -30, 0]  # each begins where the one before ended; the sum from zero
    assert list(bars.x) == [-30, 10, -20]
    assert bars.marker.color[0] == bars.marker.color[2] != bars.marker.color[1]  # fewer is better


def test_a_range_runs_from_its_lesser_end() -> None:
    figure = ranges(["a"], [-10], [-40], ["4 to 15%"], middle=-25)
    (bars,) = figure.data
    assert (bars.base[0], bars.x[0]) == (-40, 30)
    assert figure.layout.shapes[0].x0 == -25
    # half of what lies between -40 and zero is left for the words, and zero in sight
    assert list(figure.layout.xaxis.range) == pytest.approx([-40 - 0.04 * 20, -10 + 20])


def test_names_of_three_lines_do_not_run_into_each_other() -> None:
    short, long = (
        ranges([name], [1], [2], [""], middle=1).layout
        for name in ("a", "Outpatient appointments for each non-admitted pathway")
    )
    assert short.height == 70 + 34
    assert long.yaxis.ticktext[0].count("<br>") == 2
    assert long.height == 70 + 3 * 17 + 6


def test_a_profile_moves_through_every_picture_on_one_scale() -> None:
    waiting = np.zeros((3, 105))
    waiting[0, 0], waiting[1, 60], waiting[2, 10] = 100, 50, 80
    found = Profiles("2025-08", (0, 2, 4), waiting)
    figure = moving_chart(found, None, label="Scenario", unchanged="If nothing changes")
    assert [frame.name for frame in figure.frames] == [
        "31 August 2025",
        "14 September 2025",
        "28 September 2025",
    ]
    assert figure.frames[1].data[0].y[60] == 50
    assert figure.layout.yaxis.range[1] == pytest.approx(112)  # 12% above the greatest of all
    assert [button.label for button in figure.layout.updatemenus[0].buttons] == ["Play", "Pause"]
    assert MotionAnswer(ASKED, "", found, None).sentence == (
        "From 31 August 2025 to 28 September 2025, those under 18 weeks go from 100 to 80, those over 52 "
        "from 0 to 0."
    )
    both = moving_chart(found, found, label="Scenario", unchanged="If nothing changes")
    assert len(both.frames[0].data) == 2
    # bars stay bars and the outline a line: a frame of another kind would turn one into the other
    assert [each.type for each in both.data] == [each.type for each in both.frames[1].data]
    assert [each.type for each in both.frames[1].data] == ["bar", "scatter"]

"""Milestones: what one must say, when it is overdue, and how far several are."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.errors import TandemError
from models.outcomes.milestones import LONGEST, Milestone, progress_said

pytestmark = pytest.mark.unit

PANEL = Milestone("QK1", "involve-people", "Patient panel meets", "2026-03", "Asha")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expectation": "speed"}, "no expectation called 'speed'"),
        ({"due": "soon"}, "month"),
        ({"name": "  "}, "says nothing to be done"),
        ({"who": ""}, "has nobody's name"),
        ({"name": "x" * (LONGEST + 1)}, "201 characters"),
    ],
)
def test_what_a_milestone_lacks_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(TandemError, match=said):
        replace(PANEL, **changes)


def test_it_is_overdue_once_its_month_is_over_and_it_is_not_done() -> None:
    assert not PANEL.overdue(date(2026, 3, 31))
    assert PANEL.overdue(date(2026, 4, 1))
    assert not replace(PANEL, done=True).overdue(date(2026, 4, 1))
    assert PANEL.said(date(2026, 4, 1)) == "Patient panel meets (due March 2026): overdue"


def test_how_far_several_are() -> None:
    several = [PANEL, replace(PANEL, done=True), replace(PANEL, due="2027-01")]
    assert progress_said(several, date(2026, 4, 1)) == "1 of 3 milestones done, 1 overdue"
    assert progress_said([PANEL], date(2026, 1, 1)) == "0 of 1 milestone done"
    assert progress_said([], date(2026, 1, 1)) == "No milestone set"

"""What reports are made of: inert cells, and small counts left out."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reports.report import Message, Part, Report, Sheet, inert, joined, suppressed

pytestmark = pytest.mark.unit


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    said = str(inert(text))
    assert said[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert said.removeprefix("'") == text.removeprefix("'")


def test_numbers_stay_numbers() -> None:
    assert inert(-5) == -5
    assert inert(-5.5) == -5.5
    assert inert(math.nan) is None
    assert inert(math.inf) is None


def test_parts_come_after_what_is_there_in_their_order() -> None:
    report = Report("T", "P", "August 2025", "H", (Message("one"),), (), {"Seed": "1"}, ("a",))
    sheet = Sheet("Scorecard", "", pd.DataFrame({"x": [1]}))
    parts = (
        Part((Message("two"),), (sheet,), {"Targets": "none"}),
        Part((Message("three"),), caveats=("b",)),
    )
    found = joined(report, parts)
    assert [message.sentence for message in found.messages] == ["one", "two", "three"]
    assert found.sheets == (sheet,)
    assert found.about == {"Seed": "1", "Targets": "none"}
    assert found.caveats == ("a", "b")
    assert joined(report, ()) == report


def test_small_numbers_are_left_out_only_where_they_are_people() -> None:
    frame = pd.DataFrame({"Unit": ["patients", "%", "patients"], "Mean": [3.0, 3.0, 12.0]})
    sheet = Sheet("Scorecard", "", frame, ("Mean",), people=(True, False, True))
    report = Report("T", "P", "August 2025", "H", (), (sheet,), {}, ())
    assert suppressed(report).sheets[0].frame["Mean"].tolist() == ["<5", 3.0, 12.0]

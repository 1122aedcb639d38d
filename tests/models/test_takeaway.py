"""What is taken away: inert cells, small counts left out, and the same colours as the pages."""

import math
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.takeaway import COLOURS, inert

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


def test_a_meaning_has_one_colour_everywhere() -> None:
    config = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
    light = tomllib.loads(config.read_text(encoding="utf-8"))["theme"]["light"]
    scenario, baseline, short, spare, other = light["chartCategoricalColors"][:5]
    assert {
        "scenario": scenario, "baseline": baseline, "short": short, "spare": spare, "other": other,
        "standard": light["textColor"],
    } == COLOURS  # fmt: skip

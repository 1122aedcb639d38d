"""What each bar of a picture means, and the same colours as the pages."""

import tomllib
from pathlib import Path

import pytest

from models.reports.picture import COLOURS, Picture, Series

pytestmark = pytest.mark.unit

BARS = Series("Difference", (40.0, 0.0, -85.0))


def test_of_changes_who_rises_stands_in_the_colour_of_short() -> None:
    picture = Picture("bar", "Who gains", ("a", "b", "c"), (BARS,), changes=True)
    assert picture.bar_roles(BARS) == ("short", "scenario", "scenario")


def test_what_is_no_change_keeps_its_own_colour() -> None:
    picture = Picture("bar", "Within 18 weeks", ("a", "b", "c"), (BARS,), "%")
    assert picture.bar_roles(BARS) == ("scenario",) * 3
    assert picture.decimals == 1


def test_a_meaning_has_one_colour_everywhere() -> None:
    config = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
    light = tomllib.loads(config.read_text(encoding="utf-8"))["theme"]["light"]
    scenario, baseline, short, spare, other = light["chartCategoricalColors"][:5]
    assert {
        "scenario": scenario,
        "baseline": baseline,
        "short": short,
        "spare": spare,
        "other": other,
        "standard": light["textColor"],
    } == COLOURS

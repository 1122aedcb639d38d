"""The printed page and the plain files: whole, self-contained, and safe to open."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
import yaml

from data.writers import contents
from data.writers.page import MOST_LINES, page
from models.reports.picture import COLOURS, Picture, Series
from models.reports.report import Message
from models.scenarios.presets import preset
from models.scenarios.scenario import read_scenario
from tests.data.writers.examples import REPORT

pytestmark = pytest.mark.unit

DOCUMENT = preset("virtual-70").document()


def test_the_page_says_it_all_and_fetches_nothing() -> None:
    said = contents(".html", REPORT, DOCUMENT).decode()
    for words in (REPORT.headline, REPORT.place, "Seed", "The future is simulated", "Few ENT patients"):
        assert words in said
    assert not re.search(r"(src|href|url|@import)\s*[=(]", said)
    assert "http" not in said
    HTMLParser().feed(said)


def test_its_lines_stand_where_the_numbers_are() -> None:
    said = contents(".html", REPORT, DOCUMENT).decode()
    first = re.search(r"<polyline points='([^']+)'", said)
    assert first is not None
    # 0 to 160, four steps of 40, the first round one past 130 / 4, over 122 down to y = 130; x from 46 by 96
    places = [tuple(map(float, point.split(","))) for point in first[1].split()]
    assert places[0] == pytest.approx((46.0, 130 - 100 / 160 * 122), abs=0.06)
    assert places[3] == pytest.approx((334.0, 130 - 130 / 160 * 122), abs=0.06)


def test_what_looks_like_markup_is_words() -> None:
    said = contents(".html", replace(REPORT, title="<script>alert(1)</script>"), DOCUMENT).decode()
    assert "<script" not in said
    assert "&lt;script&gt;" in said


def test_the_csv_holds_every_cell_and_no_formula() -> None:
    text = contents(".csv", REPORT, DOCUMENT).decode("utf-8-sig")
    found = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    value = found[(found["sheet"] == "Waiting: by week") & (found["column"] == "70% virtual")]["value"]
    assert value.astype(float).tolist() == [100.0, 95.0, 90.0, 85.5]
    assert found[found["row"] == "Seed"]["value"].tolist() == ["7"]
    assert not any(cell.startswith(("=", "+", "@")) for column in found for cell in found[column])


def test_the_scenario_file_loads_elsewhere() -> None:
    text = contents(".yaml", REPORT, DOCUMENT).decode()
    assert text.startswith("# Board: Lancashire and South Cumbria (QE1)\n# Seed: 7\n")
    assert read_scenario(yaml.safe_load(text)) == preset("virtual-70")


def test_an_ending_of_another_kind() -> None:
    with pytest.raises(ValueError, match=r"no report ends in \.doc"):
        contents(".doc", REPORT, DOCUMENT)


def test_what_one_sheet_cannot_hold_is_counted() -> None:
    points = tuple(f"Point {number} " + "and so on " * 20 for number in range(30))
    whole = contents(".html", replace(REPORT, messages=(Message("All of it.", None, points),)), DOCUMENT)
    said = whole.decode()
    assert 1 <= said.count("Point ") <= MOST_LINES
    assert f"And {30 - said.count('Point ')} more, in the slides and the workbook." in said
    zoom = re.search(r"zoom: ([0-9.]+)", contents(".html", REPORT, DOCUMENT).decode())
    assert zoom is not None
    assert float(zoom[1]) == 1


def test_bars_that_are_no_change_are_shares_in_their_own_colour() -> None:
    runs = (Series("Before", (61.2, 58.0), "baseline"), Series("After", (63.0, 60.0)))
    picture = Picture("bar", "Within 18 weeks, %", ("Most", "Least"), runs, "%")
    drawn = page(replace(REPORT, messages=(Message("Shares", picture),))).decode()
    assert [drawn.count(f">{value}%<") for value in ("61.2", "63.0", "58.0", "60.0")] == [1] * 4
    assert drawn.count(f"fill='{COLOURS['baseline']}'") == drawn.count(f"fill='{COLOURS['scenario']}'") == 2
    assert COLOURS["short"] not in drawn
    assert "viewBox='0 0 340 64'" in drawn  # four bars of 15 and a little room

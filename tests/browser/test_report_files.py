"""What the lab gives to take away, in a real browser: prices, scorecard, and one sheet of paper."""

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from playwright.sync_api import BrowserContext, Page, expect
from pptx import Presentation

from data.database.store import Store
from data.returns.calibrations import calibration
from data.writers import contents
from models.reports.picture import Picture, Series
from models.reports.report import Message
from models.scenarios.presets import baseline_for, preset
from models.scenarios.scenario import read_scenario
from sim.runs.runner import run
from tests.browser.conftest import BrowserPage
from tests.data.writers.examples import LINE, REPORT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MILLISECONDS = 90_000
LINK = "/scenario_lab?board=QK1&scenario=extra-sessions&weeks=52&replications=10"
# the last value of each line of a chart that has a name
LAST_VALUES = """chart => Object.fromEntries(
  chart.querySelector('.js-plotly-plot')._fullData
    .filter(line => line.line && line.line.width > 0 && !/80%/.test(line.name))
    .map(line => [line.name, line.y[line.y.length - 1]]))"""


def fetched(page: Page, label: str, path: Path) -> Path:
    with page.expect_download(timeout=RUN_MILLISECONDS) as caught:
        page.get_by_role("button", name=label, exact=True).click()
    caught.value.save_as(path)
    return path


def test_the_files_have_the_numbers_on_the_screen(browser_page: BrowserPage, tmp_path: Path) -> None:
    page = browser_page.open_page(LINK)
    expect(page.get_by_text("Take away", exact=True)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    scenario = preset("extra-sessions")
    names = ["If nothing changes", scenario.title]
    headline = page.locator(".st-key-lab_headline").get_by_role("heading").inner_text()
    ends = page.get_by_text("are waiting now. The list would be").inner_text()
    shown = page.get_by_test_id("stPlotlyChart").first.evaluate(LAST_VALUES)
    assert list(shown) == names
    page.get_by_text("Take away", exact=True).click()

    deck = Presentation(str(fetched(page, "Slides", tmp_path / "lab.pptx")))
    words = [[each.text_frame.text for each in slide.shapes if each.has_text_frame] for slide in deck.slides]
    assert headline in words[0]
    assert {headline, ends} <= set(words[1])
    plot = next(each.chart for each in deck.slides[1].shapes if each.has_chart).plots[0]
    drawn = {each.name: each.values[-1] for each in plot.series if each.name in names}
    assert drawn == pytest.approx(shown, abs=0.05)  # charts hold one decimal

    book = openpyxl.load_workbook(fetched(page, "Workbook", tmp_path / "lab.xlsx"))
    assert ["Answer", headline] in [
        list(row) for row in book["README"].iter_rows(values_only=True, max_col=2)
    ]
    heads, *rows = book["Waiting"].iter_rows(values_only=True)
    assert len(rows) == 52
    held = dict(zip(heads, rows[-1], strict=True))
    assert {name: held[name] for name in names} == pytest.approx(shown, abs=0.5)  # tables hold patients

    table = pd.read_csv(fetched(page, "CSV", tmp_path / "lab.csv"), dtype=str)
    waiting = table[(table["sheet"] == "Waiting") & table["column"].isin(names)]
    last = waiting[waiting["row"] == waiting["row"].max()]  # days are written year first
    found = {name: float(value) for name, value in zip(last["column"], last["value"], strict=True)}
    assert found == {name: held[name] for name in names}
    # the sentence on the screen says the same to three figures
    said = [int(each.replace(",", "")) for each in re.findall(r"(?:be|against) (?:about )?([\d,]+\d)", ends)]
    assert said == [pytest.approx(found[name], rel=0.005) for name in reversed(names)]

    written = fetched(page, "Scenario file", tmp_path / "lab.yaml").read_text()
    assert read_scenario(yaml.safe_load(written)) == scenario


def test_the_workbook_has_the_cost_and_the_scorecard(
    browser_page: BrowserPage, reference_store: Store, tmp_path: Path
) -> None:
    page = browser_page.open_page(LINK)
    expect(page.get_by_text("Take away", exact=True)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    page.get_by_text("Take away", exact=True).click()
    for label, price in (
        ("Extra clinic sessions, £ a session", "450"),
        ("Extra theatre slots, £ a patient", "100"),
    ):
        field = page.get_by_label(label)
        field.fill(price)
        field.press("Enter")
        browser_page.settle()
    page.get_by_text("With the ten expectations and travel").click()
    browser_page.settle()
    book = openpyxl.load_workbook(fetched(page, "Workbook", tmp_path / "lab.xlsx"))
    names, costs = list(book["Costs"].iter_rows(values_only=True))
    # twenty clinics and forty patients in theatre in each of 52 weeks
    assert costs[names.index("Cost, pounds")] == 52 * (20 * 450 + 40 * 100)
    scenario = preset("extra-sessions")
    rates = calibration(reference_store, "QK1", scenario)
    avoided = -(
        run(rates, scenario, weeks=52, replications=10).by_replication("over_52").mean()
        - run(rates, baseline_for(scenario), weeks=52, replications=10).by_replication("over_52").mean()
    )
    each = costs[names.index("Pounds for each wait over 52 weeks avoided")]
    assert each == pytest.approx(52 * (20 * 450 + 40 * 100) / avoided, abs=0.5)
    assert book["Scorecard"].max_row == 1 + 10
    assert book["Travel"].max_row > 1


def test_the_printed_page_is_one_sheet(context: BrowserContext) -> None:
    sentence = "No specialty's list would clearly be longer; those of twenty others would be shorter. "
    bars = Picture(
        "bar",
        "Pathways more (above zero) or fewer (below) than if nothing changed, August 2027",
        tuple(f"Specialty with a rather long name {number}" for number in range(12)),
        (Series("Difference", tuple(100.0 * number - 500 for number in range(12))),),
    )
    long = replace(
        REPORT,
        place="Bath and North East Somerset, Swindon and Wiltshire and Leicester, Leicestershire and Rutland",
        headline=sentence * 2,
        messages=(
            Message("First", LINE, (sentence * 2,) * 3),
            Message(sentence * 3, LINE),
            Message(sentence * 2, LINE),
            Message(sentence * 3, bars),
            Message("Rest", None, (sentence,) * 20),
        ),
        about={f"Scenario {number}": sentence * 5 for number in range(5)},
        caveats=(sentence * 4,) * 4,
    )
    page = context.new_page()
    for report in (REPORT, long):
        page.set_content(contents(".html", report, {}).decode())
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1

"""Comparing in a real browser: choose, read, take away and open again, present by keyboard."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Download, Page, expect
from pptx import Presentation

from data.database.store import Store
from data.returns.calibrations import calibration
from models.scenarios.presets import baseline_for, preset
from sim.reports.side_by_side import OUTCOMES, Column, best_said
from sim.runs.comparison import by_treatment_function
from sim.runs.runner import run
from tests.browser.conftest import BrowserPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TWO = ("extra-sessions", "mutual-aid")
LINK = f"/compare?board=QK1&with={','.join(TWO)}&weeks=52&replications=10"
RUN_MILLISECONDS = 90_000


@pytest.fixture(scope="module")
def columns(reference_store: Store) -> list[Column]:
    """The two scenarios run with no page about."""
    found = []
    for name in TWO:
        scenario = preset(name)
        rates = calibration(reference_store, "QK1", scenario)
        pair = [
            by_treatment_function(run(rates, each, weeks=52, replications=10))
            for each in (scenario, baseline_for(scenario))
        ]
        found.append(Column(scenario.title, *pair))
    return found


@pytest.fixture
def compared(browser_page: BrowserPage) -> Page:
    """The page with both compared."""
    page = browser_page.open_page(LINK)
    expect(page.get_by_test_id("stTable").first).to_be_visible(timeout=RUN_MILLISECONDS)
    return browser_page.settle()


def fetched(page: Page, label: str) -> Download:
    with page.expect_download(timeout=RUN_MILLISECONDS) as caught:
        page.get_by_role("button", name=label, exact=True).click()
    return caught.value


def test_two_are_compared_and_taken_away_in_the_same_numbers(
    compared: Page, browser_page: BrowserPage, columns: list[Column], tmp_path: Path
) -> None:
    expect(compared.get_by_role("heading", level=2).first).to_have_text(best_said(columns))
    waiting = OUTCOMES["waiting"]
    table = compared.get_by_test_id("stTable").first
    for column in columns:
        expect(table).to_contain_text(waiting.form(column.end(waiting).mean))
        expect(table).to_contain_text(waiting.form_change(column.change(waiting).mean))
    compared.get_by_text("Take away", exact=True).click()
    path = tmp_path / "compared.pptx"
    fetched(compared, "Slides").save_as(path)
    charts = [
        shape.chart
        for slide in Presentation(io.BytesIO(path.read_bytes())).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    changes = dict(zip(charts[0].plots[0].categories, charts[0].plots[0].series[0].values, strict=True))
    assert changes == {each.title: round(each.change(waiting).mean) for each in columns}
    series = {each.name: each.values[-1] for each in charts[3].plots[0].series}
    assert series == {
        "If nothing changes": round(float(columns[0].baseline.total("waiting")[:, -1].mean())),
        **{each.title: round(each.end(waiting).mean) for each in columns},
    }
    path = tmp_path / "compared.xlsx"
    fetched(compared, "Workbook").save_as(path)
    rows = list(openpyxl.load_workbook(path)["Outcomes"].iter_rows(values_only=True))
    held = {(row[0], row[1]): row[2] for row in rows[1:]}
    for column in columns:
        for name in ("waiting", "over_52"):
            assert held[column.title, OUTCOMES[name].label] == round(column.end(OUTCOMES[name]).mean)
    assert not browser_page.outside_requests()


def test_the_walk_goes_forward_and_back_by_keyboard(
    compared: Page, browser_page: BrowserPage, columns: list[Column]
) -> None:
    compared.get_by_role("button", name="Present").click()
    expect(compared.get_by_role("heading", level=1)).to_have_text("Scenarios compared")
    expect(compared.get_by_role("link", name="Backlog")).to_have_count(0)  # the whole screen is the walk's
    browser_page.settle()
    compared.keyboard.press("ArrowRight")
    expect(compared.get_by_role("heading", name=best_said(columns))).to_be_visible()
    browser_page.settle()
    compared.keyboard.press("ArrowLeft")
    expect(compared.get_by_role("heading", level=1)).to_have_text("Scenarios compared")
    browser_page.settle()
    compared.keyboard.press("Escape")
    expect(compared).to_have_url(re.compile("/compare"))
    expect(compared.get_by_test_id("stTable").first).to_be_visible(timeout=RUN_MILLISECONDS)

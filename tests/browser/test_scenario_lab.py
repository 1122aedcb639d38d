"""The lab in a real browser: from the home page to an answer, a link that reopens it, a run that stops."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from data.calibrations import calibration
from data.store import Store
from models.presets import baseline_for, preset
from sim.comparison import answer
from sim.runner import run
from tests.browser.conftest import BrowserPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOARD = "QE1"
BOARD_NAME = "Lancashire and South Cumbria"
RUN_MILLISECONDS = 60_000


@pytest.fixture(scope="module")
def direct(reference_store: Store) -> str:
    """The sentence of a run that no page had a hand in."""
    scenario = preset("virtual-70")
    found = calibration(reference_store, BOARD, scenario)
    return answer(run(found, scenario), run(found, baseline_for(scenario))).headline


@pytest.fixture
def lab(browser_page: BrowserPage) -> Page:
    """The lab, reached as a planner does: home, her board, the button."""
    page = browser_page.open_page("/")
    chooser = page.get_by_role("combobox", name=re.compile("Health board"))
    chooser.click()
    chooser.fill(BOARD_NAME)
    page.get_by_role("option", name=BOARD_NAME).click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(f"waiting in {BOARD_NAME}")
    browser_page.settle()
    page.get_by_role("button", name="What if").click()
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    return page


def headline(page: Page):
    return page.get_by_role(
        "heading", name=re.compile("^By .* if nothing changed|^By .* no clear difference")
    )


def test_from_home_to_the_answer_and_back_by_link(
    lab: Page, browser_page: BrowserPage, browser: Browser, direct: str
) -> None:
    lab.get_by_role("button", name="As today").click()
    expect(lab.get_by_role("heading", name=re.compile("^If nothing changed"))).to_be_visible(
        timeout=RUN_MILLISECONDS
    )
    browser_page.settle()  # the cards are drawn anew with the answer; a click between the two would miss
    lab.get_by_role("button", name="70% virtual by default").click()
    expect(headline(lab)).to_have_text(direct, timeout=RUN_MILLISECONDS)
    # the link is drawn last: the one of the answer before stands there until then
    expect(lab.get_by_test_id("stCode")).to_contain_text("scenario=virtual-70", timeout=RUN_MILLISECONDS)
    link = lab.get_by_test_id("stCode").inner_text().strip()
    assert "board=QE1" in link
    with browser.new_context() as elsewhere:
        page = elsewhere.new_page()
        page.goto(link)
        expect(headline(page)).to_have_text(direct, timeout=RUN_MILLISECONDS)


def test_a_changed_lever_runs_and_its_link_opens_the_same(lab: Page, browser: Browser) -> None:
    before = headline(lab).inner_text()
    lab.get_by_role("button", name="Extra sessions", exact=True).click()
    expect(lab.get_by_test_id("stExpander").filter(has_text="Extra sessions")).to_be_visible()
    expect(lab.get_by_text("The settings have changed.")).to_be_visible()
    assert headline(lab).inner_text() == before
    lab.get_by_role("button", name="Run", exact=True).click()
    expect(headline(lab)).not_to_have_text(before, timeout=RUN_MILLISECONDS)
    expect(lab.get_by_test_id("stCode")).to_contain_text("scenario=z.", timeout=RUN_MILLISECONDS)
    after = headline(lab).inner_text()
    link = lab.get_by_test_id("stCode").inner_text().strip()
    with browser.new_context() as elsewhere:
        page = elsewhere.new_page()
        page.goto(link)
        expect(headline(page)).to_have_text(after, timeout=RUN_MILLISECONDS)


def test_a_long_run_shows_its_way_and_can_be_cancelled(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/scenario_lab?board=ENGLAND")
    page.get_by_role("button", name="70% virtual by default").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=RUN_MILLISECONDS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The run was cancelled.")).to_be_visible(timeout=RUN_MILLISECONDS)
    expect(page.get_by_role("button", name="Run again")).to_be_visible()


def test_a_damaged_link_is_told_on_the_page(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/scenario_lab?scenario=z.eJxdamaged&weeks=104")
    expect(page.get_by_text("it was cut short or altered")).to_be_visible()


@pytest.mark.parametrize("size", [(1440, 1000), (820, 1180)])
def test_nothing_is_cut_off(browser_page: BrowserPage, size: tuple[int, int]) -> None:
    page = browser_page.open_page("/scenario_lab?scenario=virtual-70&replications=10", *size)
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    for name in (
        "18 and 52 weeks",
        "Appointments",
        "Weeks waited",
        "How sure",
        "Numbers",
        "Gains and losses",
    ):
        page.get_by_role("tab", name=name).click()
        browser_page.settle()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide at {size[0]}"

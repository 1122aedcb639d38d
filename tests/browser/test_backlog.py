"""The Backlog page in a real browser: the sentence, a change of board, clicks in tables, the way on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BrowserPage

pytestmark = pytest.mark.browser

ANSWER = "112,685 pathways are waiting in Leicester, Leicestershire and Rutland."
SIZES = [(1440, 1000), (820, 1180)]


def sentence(page: Page) -> str:
    return page.get_by_role("heading", level=2).first.inner_text()


def test_home_answers_and_a_change_of_board_changes_the_answer(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/")
    assert sentence(page).startswith(ANSWER)
    chooser = page.get_by_role("combobox", name=re.compile("Health board"))
    chooser.click()
    chooser.fill("south york")
    page.get_by_role("option", name="South Yorkshire").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("waiting in South Yorkshire")
    browser_page.settle()
    assert "board=QF7" in page.url
    assert "Sheffield Teaching Hospitals has reported nothing since June 2025" in page.inner_text("body")
    # a copied link says the same to somebody else
    assert sentence(browser_page.open_page("/?board=QF7")).startswith("136,210 pathways are waiting")


def test_the_board_goes_along_to_the_lab(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/?board=QF7")
    page.get_by_role("button", name="What if …?").click()
    page.wait_for_url(re.compile(r"/scenario_lab\?.*board=QF7"))


def test_a_click_in_the_ranking_narrows_the_page_to_it(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/")
    ranking = page.get_by_test_id("stDataFrame").last
    ranking.scroll_into_view_if_needed()
    box = ranking.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 35 + 17)  # the box before the first row
    expect(page.get_by_role("heading", level=2).first).to_contain_text("waiting for oral surgery")
    assert "function=C_140" in page.url


def test_a_click_in_the_heat_table_narrows_to_a_provider_too(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/")
    heat = page.get_by_test_id("stDataFrame").first
    heat.scroll_into_view_if_needed()
    box = heat.bounding_box()
    assert box is not None
    # past the names (190 pixels) and the column of all providers (110), on the second row
    page.mouse.click(box["x"] + 190 + 110 + 40, box["y"] + 2 * 35 + 17)
    expect(page.get_by_role("heading", level=2).first).to_contain_text(
        "for trauma and orthopaedics at University Hospitals of Leicester"
    )
    assert "provider=RWE" in page.url


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off(browser_page: BrowserPage, width: int, height: int) -> None:
    page = browser_page.open_page("/", width=width, height=height)
    overflow = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth - main.clientWidth; }"
    )
    assert overflow == 0
    edge = page.evaluate("() => document.querySelector('[data-testid=stMain]').getBoundingClientRect().right")
    for chart in page.get_by_test_id("stPlotlyChart").all():
        box = chart.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= edge
        for text in chart.locator("svg text").all():
            word = text.bounding_box()
            if word and word["width"]:
                assert word["x"] >= box["x"] - 1
                assert word["x"] + word["width"] <= box["x"] + box["width"] + 1


def test_every_chart_has_words_and_its_table_a_click_away(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(3)
    labelled = page.locator("[aria-label*='Half have waited under']")
    expect(labelled.first).to_be_attached()
    page.get_by_role("button", name="Table").last.click()
    table = page.get_by_test_id("stPopoverBody").get_by_test_id("stDataFrame")
    expect(table).to_be_visible()

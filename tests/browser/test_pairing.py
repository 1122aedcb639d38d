"""Pairing in a real browser: plan, ban a pair, try it, read both sides."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BrowserPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MILLISECONDS = 120_000


def test_pair_try_and_read_both_sides(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/pairing?board=QE1")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("2 pairs of trusts")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("All pairs together, by August 2027").first).to_be_visible(
        timeout=RUN_MILLISECONDS
    )
    browser_page.settle()
    expect(page.get_by_text("Both together, by August 2027")).to_have_count(2)
    assert page.get_by_test_id("stDataFrame").count() >= 2


def test_a_ban_in_the_link_takes_a_pair_out(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/pairing?board=QE1&ban=RXL:RXR")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("2 pairs of trusts")
    expect(page.get_by_text("offers Blackpool Teaching Hospitals")).to_have_count(0)


@pytest.mark.parametrize("size", [(1440, 1000), (820, 1180)])
def test_nothing_is_cut_off(browser_page: BrowserPage, size: tuple[int, int]) -> None:
    page = browser_page.open_page("/pairing?board=QE1&with=QOP", *size)
    expect(page.get_by_role("heading", level=2).first).to_contain_text("pairs of trusts")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0

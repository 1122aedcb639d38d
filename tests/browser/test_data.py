"""The Data page in a real browser: a file goes in, a broken one does not, and other pages show the month."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BrowserPage
from tests.data import extracts

pytestmark = pytest.mark.browser


def open_data(window: BrowserPage) -> Page:
    """Go to the page as a planner does, from home."""
    window.open_page("/").get_by_role("link", name="Data", exact=True).click()
    window.page.wait_for_url("**/data")
    return window.settle()


def bring_in(window: BrowserPage, name: str, content: bytes) -> Page:
    page = window.page
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": content}
    )
    button = page.get_by_role("button", name="Import this file").first
    expect(button).to_be_enabled()
    button.click()
    return page


def test_a_broken_file_is_refused_in_words(browser_page: BrowserPage) -> None:
    page = open_data(browser_page)
    held = page.get_by_role("heading", level=2).first.inner_text()
    cells = extracts.table(period="RTT-September-2025")
    cells[3][extracts.place("Gt 00 To 01 Weeks SUM 1")] = "many"
    bring_in(browser_page, "broken.csv", extracts.render(cells))
    alert = page.get_by_role("alert").filter(has_text="Nothing was imported.")
    expect(alert).to_contain_text("broken.csv, line 4")
    expect(alert).to_contain_text("What to do:")
    assert page.get_by_role("heading", level=2).first.inner_text() == held


def test_a_file_goes_in_and_the_other_pages_show_its_month(browser_page: BrowserPage) -> None:
    open_data(browser_page)
    # older than all others, so that what the other tests look at stays the newest
    content = extracts.extract(period="RTT-March-2024")
    page = bring_in(browser_page, "march.zip", extracts.zipped({"march.csv": content}))
    # 18 + 7 + 7 wait for English commissioners, and 4 more for NONC
    told = page.get_by_role("status").filter(has_text="March 2024 is new.")
    expect(told).to_contain_text("32 pathways waiting in England")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("March 2024 to August 2025")
    browser_page.open_page("/?month=2024-03")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("36 pathways are waiting in Leicester")

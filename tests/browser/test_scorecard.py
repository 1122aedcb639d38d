"""The scorecard in a real browser: from a scenario to its verdicts, and the files opened again."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from tests.browser.conftest import BrowserPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MILLISECONDS = 90_000


def fetched(page: Page, label: str, folder: Path) -> bytes:
    with page.expect_download(timeout=RUN_MILLISECONDS) as caught:
        page.get_by_role("button", name=label, exact=True).click()
    caught.value.save_as(folder / label)
    return (folder / label).read_bytes()


def test_a_scenario_s_verdicts_are_on_the_screen_and_in_the_files(
    browser_page: BrowserPage, tmp_path: Path
) -> None:
    page = browser_page.open_page("/scorecard?board=QK1")
    expect(page.get_by_text("No milestone set").first).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    page.get_by_role("combobox", name=re.compile("Scenario")).click()
    page.get_by_role("option", name="Trust pairing").click()
    heading = page.get_by_role("heading", level=2).first
    expect(heading).to_contain_text("Of the ten expectations, Trust pairing", timeout=RUN_MILLISECONDS)
    browser_page.settle()
    assert "with=trust-pairing" in page.url
    said = heading.inner_text()
    row = page.get_by_role("row").filter(has_text="One system, one workforce")
    expect(row).to_contain_text("Met")

    page.get_by_role("button", name="Take away").click()
    book = openpyxl.load_workbook(io.BytesIO(fetched(page, "Workbook", tmp_path)))
    cells = [str(cell) for each in book["Scorecard"].iter_rows(values_only=True) for cell in each]
    assert "One system, one workforce" in cells
    assert "Met" in cells
    slides = Presentation(io.BytesIO(fetched(page, "Slides", tmp_path)))
    words = [
        shape.text_frame.text for slide in slides.slides for shape in slide.shapes if shape.has_text_frame
    ]
    assert said in " ".join(words)

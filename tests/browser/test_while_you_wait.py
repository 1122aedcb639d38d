"""While you wait in a real browser: a practice, its message, and the mail merge opened again."""

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BrowserPage

pytestmark = pytest.mark.browser

PRACTICE = "P81016"  # Waterloo Medical Centre, Blackpool


def test_from_a_practice_to_its_message_and_the_mail_merge(browser_page: BrowserPage, tmp_path: Path) -> None:
    page = browser_page.open_page(f"/while_you_wait?practice={PRACTICE}&function=C_110")
    expect(page.get_by_role("heading", level=2)).to_contain_text("referrals of patients from Blackpool")
    expect(page.get_by_label("Practice", exact=True)).to_have_value("Waterloo Medical Centre (FY4)")
    page.get_by_role("tab", name="To the practice").click()
    browser_page.settle()
    message = page.get_by_test_id("stCode").locator("visible=true").inner_text()
    assert message.startswith("To Waterloo Medical Centre\nWaits for trauma and orthopaedics at ")
    expect(page.get_by_text("Reads at about age 1").locator("visible=true")).to_be_visible()

    with page.expect_download(timeout=60_000) as told:
        page.get_by_role("button", name="Mail merge, CSV").locator("visible=true").click()
    saved = tmp_path / told.value.suggested_filename
    told.value.save_as(saved)
    rows = pd.read_csv(saved, dtype=str, keep_default_na=False)
    assert rows["practice_code"].nunique() > 15
    assert rows["treatment_function"].nunique() > 15
    own = rows[(rows["practice_code"] == PRACTICE) & (rows["treatment_function"] == "C_110")]
    assert own["message"].iloc[0].strip() == message.strip()

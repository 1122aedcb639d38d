"""The match preview in a real browser: two files in, matched, a card, a refusal, and taken away."""

import csv
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from data.imports.templates import as_written
from models.columns import Column, names
from models.matching.columns import PATIENTS, SLOTS
from tests.browser.conftest import BrowserPage
from tests.models.matching.small_lists import frame, patient, slot

pytestmark = pytest.mark.browser

NEXT = pd.Timestamp(date.today() + timedelta(days=14 - date.today().weekday()))  # a Monday to come


def listed(columns: tuple[Column, ...], *rows: dict[str, Any]) -> pd.DataFrame:
    return as_written(frame(*rows).reindex(columns=names(columns)), columns)


def bring_in(window: BrowserPage, name: str, rows: pd.DataFrame) -> None:
    page = window.page
    content = rows.to_csv(index=False).encode()
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    window.settle()
    button = page.get_by_role("button", name="Read this file").first
    expect(button).to_be_enabled()
    button.click()
    window.settle()


def show(window: BrowserPage, name: str) -> Page:
    window.page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).click()
    return window.settle()


def test_two_files_are_matched_answered_and_taken_away(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/match_preview?board=QK1")
    expect(page.get_by_text("No patient is moved by it.")).to_be_visible()
    unsafe = listed(PATIENTS, patient("P1")).assign(procedure="943 476 5919")
    bring_in(browser_page, "unsafe.csv", unsafe)
    refused = page.get_by_role("alert").filter(has_text="Nothing was stored")
    expect(refused).to_contain_text("unsafe.csv, line 2, column procedure")
    expect(refused).not_to_contain_text("5919")
    bring_in(
        browser_page,
        "waiting.csv",
        listed(PATIENTS, patient("P1", weeks_waited=60), patient("P2"), patient("P3", travel_miles=30.0)),
    )
    expect(refused).to_have_count(0)
    page.get_by_role("button", name="Next: what is offered").click()
    browser_page.settle()
    bring_in(browser_page, "offered.csv", listed(SLOTS, slot("S1", week=NEXT)))
    page.get_by_role("button", name="Next: the preview").click()
    browser_page.settle()
    page.get_by_role("button", name="Match", exact=True).click()
    headline = page.get_by_role("heading", level=2)
    expect(headline).to_have_text("1 of 3 patients could have a place. 2 could not.", timeout=180_000)

    show(browser_page, "One patient")
    expect(page.get_by_role("heading", level=4)).to_contain_text("P1: Trauma and orthopaedics")
    expect(page.get_by_text("Held for the patient")).to_be_visible()
    page.get_by_role("button", name="Refuse", exact=True).click()
    page.get_by_role("button", name="Refuse this offer").click()
    browser_page.settle()
    expect(page.get_by_text("No place: the patient has refused what there is.")).to_be_visible(timeout=60_000)

    page.get_by_label("Patient", exact=True).fill("P2")
    page.get_by_label("Patient", exact=True).press("Enter")
    browser_page.settle()
    expect(page.get_by_text("Held for the patient")).to_be_visible()  # P1's place

    show(browser_page, "Take away")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Each site's list, CSV").click()
    with zipfile.ZipFile(Path(begun.value.path())) as archive:
        (name,) = archive.namelist()
        rows = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
    assert [row["patient_id"] for row in rows] == ["P2"]

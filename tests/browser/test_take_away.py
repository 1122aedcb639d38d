"""What is taken away from the lab, in a real browser: prices, scorecard, and one sheet of paper."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, expect

from data.calibrations import calibration
from data.store import Store
from data.takeaway import contents
from models.presets import baseline_for, preset
from models.takeaway import Message, Picture, Series
from sim.runner import run
from tests.browser.conftest import BrowserPage
from tests.data.takeaway.examples import LINE, TAKEN

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MILLISECONDS = 90_000


def test_the_workbook_has_the_cost_and_the_scorecard(
    browser_page: BrowserPage, reference_store: Store, tmp_path: Path
) -> None:
    page = browser_page.open_page("/scenario_lab?board=QK1&scenario=extra-sessions&weeks=52&replications=10")
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
    with page.expect_download(timeout=RUN_MILLISECONDS) as caught:
        page.get_by_role("button", name="Workbook", exact=True).click()
    path = tmp_path / "lab.xlsx"
    caught.value.save_as(path)
    book = openpyxl.load_workbook(path)
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
        "bar", "Pathways more (above zero) or fewer (below) than if nothing changed, August 2027",
        tuple(f"Specialty with a rather long name {number}" for number in range(12)),
        (Series("Difference", tuple(100.0 * number - 500 for number in range(12))),),
    )  # fmt: skip
    long = replace(
        TAKEN,
        place="Bath and North East Somerset, Swindon and Wiltshire and Leicester, Leicestershire and Rutland",
        headline=sentence * 2,
        messages=(
            Message("First", LINE, (sentence * 2,) * 3), Message(sentence * 3, LINE),
            Message(sentence * 2, LINE), Message(sentence * 3, bars), Message("Rest", None, (sentence,) * 20),
        ),
        about={f"Scenario {number}": sentence * 5 for number in range(5)},
        caveats=(sentence * 4,) * 4,
    )  # fmt: skip
    page = context.new_page()
    for taken in (TAKEN, long):
        page.set_content(contents(".html", taken, {}).decode())
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1

"""Pairing in a real browser: plan, ban a pair, try it, read both sides."""

import pytest
from playwright.sync_api import expect

from data.database.store import Store
from data.returns.pairing import ground
from models.pairing.optimum import best_plan
from models.pairing.pairs import Limits
from models.pairing.trial_scenario import trial_scenario
from sim.reports.pairing_statements import agreement_said, together_said, warnings
from sim.studies.pairing_trial import try_plan
from tests.browser.conftest import BrowserPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MILLISECONDS = 120_000


def test_pair_try_and_read_both_sides(browser_page: BrowserPage, reference_store: Store) -> None:
    page = browser_page.open_page("/pairing?board=QE1")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("2 pairs of trusts")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("All pairs together, by August 2027").first).to_be_visible(
        timeout=RUN_MILLISECONDS
    )
    browser_page.settle()
    expect(page.get_by_text("Both together, by August 2027")).to_have_count(2)
    assert page.get_by_test_id("stDataFrame").count() >= 2
    # the numbers on the screen are the run's
    found = ground(reference_store, "QE1")
    plan = best_plan(found.choices(Limits()), Limits())
    trial = try_plan(found.calibration, plan, trial_scenario(plan, Limits()), found.floors())
    for said in (
        together_said("All pairs together", trial.together, trial.month),
        agreement_said(trial),
        *(together_said("Both together", both.together, trial.month) for both in trial.pairs),
        *(said for both in trial.pairs for said in warnings(both, found.names)),
    ):
        expect(page.get_by_text(said, exact=True).first).to_be_attached()


def test_a_ban_takes_a_pair_out_and_a_pin_puts_one_in(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/pairing?board=QE1&ban=RXL:RXR")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("2 pairs of trusts")
    expect(page.get_by_text("offers Blackpool Teaching Hospitals")).to_have_count(0)
    browser_page.open_page("/pairing?board=QE1&pin=RXN:RXR&partners=1")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("1 pair of trusts")
    expect(page.get_by_text("East Lancashire Hospitals offers Lancashire Teaching Hospitals")).to_have_count(
        1
    )


@pytest.mark.parametrize("size", [(1440, 1000), (820, 1180)])
def test_nothing_is_cut_off(browser_page: BrowserPage, size: tuple[int, int]) -> None:
    page = browser_page.open_page("/pairing?board=QE1&with=QOP", *size)
    expect(page.get_by_role("heading", level=2).first).to_contain_text("pairs of trusts")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0

"""The lab in a real browser: from the home page to an answer, a link that reopens it, a run that stops."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from data.database.store import Store
from data.returns.calibrations import calibration
from models.scenarios.presets import baseline_for, preset
from sim.runs.comparison import answer
from sim.runs.runner import run
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


def open_shelf(page: Page) -> None:
    page.locator("summary", has_text="Start from").click()


def save(page: Page, name: str, description: str) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    window = page.get_by_role("dialog")
    window.get_by_label("Name").fill(name)
    window.get_by_label("Description").fill(description)
    window.get_by_label("Description").press("Tab")
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window).to_be_hidden()
    expect(page.get_by_text(f"{name}, version 1")).to_be_visible()


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
    browser_page.settle()
    open_shelf(lab)  # it closes on a choice, so that the answer comes up
    browser_page.settle()
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


def test_a_moved_lever_gives_a_new_picture_at_once_and_its_link_opens_the_same(
    lab: Page, browser: Browser
) -> None:
    before = headline(lab).inner_text()
    lab.get_by_role("button", name="Extra sessions", exact=True).click()
    expect(headline(lab)).not_to_have_text(before, timeout=RUN_MILLISECONDS)
    form = lab.locator(".st-key-lab_levers")
    expect(form.get_by_test_id("stExpander").filter(has_text="Extra sessions")).to_be_visible()
    expect(lab.get_by_test_id("stCode")).to_contain_text("scenario=z.", timeout=RUN_MILLISECONDS)
    after = headline(lab).inner_text()
    link = lab.get_by_test_id("stCode").inner_text().strip()
    with browser.new_context() as elsewhere:
        page = elsewhere.new_page()
        page.goto(link)
        expect(headline(page)).to_have_text(after, timeout=RUN_MILLISECONDS)


def test_saved_then_opened_by_link_elsewhere_deleted_and_brought_back(
    browser_page: BrowserPage, browser: Browser
) -> None:
    page = browser_page.open_page("/scenario_lab?scenario=extra-sessions&replications=10")
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    said = headline(page).inner_text()
    save(page, "Clinics for the board", "As agreed in May.")
    expect(page.get_by_test_id("stCode")).to_contain_text("saved=")
    link = page.get_by_test_id("stCode").inner_text().strip()
    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(link)
        expect(headline(other)).to_have_text(said, timeout=RUN_MILLISECONDS)
        expect(other.get_by_text("Clinics for the board, version 1")).to_be_visible()
        expect(other.get_by_text("As agreed in May.").first).to_be_visible()
    browser_page.settle()
    open_shelf(page)
    page.get_by_role("radio", name="Saved here").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("'Clinics for the board' is deleted.")).to_be_visible()
    expect(page.get_by_text("No scenario is saved for this board yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    expect(page.get_by_text("'Clinics for the board' is deleted.")).to_be_hidden()


def test_what_is_saved_is_compared_with_a_second(browser_page: BrowserPage) -> None:
    # a board of its own, as every test shares one store
    page = browser_page.open_page("/scenario_lab?board=QK1&scenario=extra-sessions&weeks=52&replications=10")
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    save(page, "Clinics to compare", "")
    browser_page.settle()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(r"/compare\?.*with=s\."))
    table = page.get_by_test_id("stTable").first
    expect(table).to_contain_text("Clinics to compare", timeout=RUN_MILLISECONDS)
    expect(table).not_to_contain_text(preset("mutual-aid").title)
    browser_page.settle()
    chooser = page.get_by_role("combobox", name=re.compile("Scenarios, up to"))
    chooser.fill(preset("mutual-aid").title)
    page.get_by_role("option", name=preset("mutual-aid").title).click()
    chooser.press("Escape")  # the list stays open for another choice
    both = page.get_by_test_id("stTable").filter(has_text="Clinics to compare")
    expect(both.filter(has_text=preset("mutual-aid").title).first).to_be_visible(timeout=RUN_MILLISECONDS)


def test_one_planners_long_study_leaves_the_other_free(browser_page: BrowserPage, browser: Browser) -> None:
    page = browser_page.open_page("/scenario_lab?scenario=recovery-programme")
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    page.get_by_role("radio", name="How sure are we").click()
    page.get_by_role("button", name="Try the evidence at both ends").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(f"{browser_page.app_url}/scenario_lab?scenario=referral-growth")
        expect(headline(other)).to_be_visible(timeout=RUN_MILLISECONDS)
    expect(page.get_by_role("progressbar")).to_be_visible()  # still at work
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The run was cancelled.")).to_be_visible(timeout=RUN_MILLISECONDS)
    expect(page.get_by_role("button", name="Try the evidence at both ends")).to_be_visible()


def test_the_list_is_watched_as_it_moves(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/scenario_lab?scenario=extra-sessions&replications=10&weeks=52")
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    page.get_by_role("radio", name="Watch it move").click()
    page.get_by_role("button", name="Watch it move").click()
    picture = page.get_by_test_id("stPlotlyChart").last
    day = picture.locator(".slider-label").first  # of the picture shown
    expect(day).to_have_text("31 August 2025", timeout=RUN_MILLISECONDS)
    picture.get_by_text("Play").click()
    expect(day).not_to_have_text("31 August 2025")
    picture.get_by_text("Pause").click()
    expect(picture.locator(".barlayer path")).to_have_count(105)  # a bar a week waited, still bars


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


def test_the_tour_walks_through_real_figures_by_keyboard(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/scenario_lab?board=QE1")
    page.get_by_role("button", name="Start the tour").click()
    expect(page.get_by_text("1 of 6: The list today")).to_be_visible(timeout=RUN_MILLISECONDS)
    expect(page.get_by_text("229,088 pathways are waiting").last).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^If nothing changed"))).to_be_visible(
        timeout=RUN_MILLISECONDS
    )
    browser_page.settle()
    for heading in ("Run a scenario", "Read the sentence", "See who gains", "Ask how wrong"):
        page.keyboard.press("n")
        expect(page.get_by_text(heading)).to_be_visible(timeout=RUN_MILLISECONDS)
        expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
        browser_page.settle()
    expect(page.get_by_text("How wrong it has been.")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_text("4 of 6")).to_be_visible()
    browser_page.settle()
    page.get_by_role("button", name="Leave the tour").click()
    expect(page.get_by_text("4 of 6")).to_be_hidden()
    expect(page.get_by_role("button", name="Start the tour")).to_be_hidden()  # stays dismissed
    assert "tour=" not in page.url


def test_the_answer_comes_before_the_levers_where_there_is_no_room_beside_them(
    browser_page: BrowserPage,
) -> None:
    page = browser_page.open_page("/scenario_lab?scenario=virtual-70&replications=10", 820, 1180)
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    levers = page.get_by_role("heading", name="Levers")
    said, form = headline(page).bounding_box(), levers.bounding_box()
    assert said is not None
    assert form is not None
    assert said["y"] < form["y"]
    page.set_viewport_size({"width": 1440, "height": 1000})
    browser_page.settle()
    said, form = headline(page).bounding_box(), levers.bounding_box()
    assert said is not None
    assert form is not None
    assert form["x"] + form["width"] < said["x"]


@pytest.mark.parametrize("size", [(1440, 1000), (820, 1180)])
def test_nothing_is_cut_off(browser_page: BrowserPage, size: tuple[int, int]) -> None:
    page = browser_page.open_page("/scenario_lab?scenario=virtual-70&replications=10", *size)
    expect(headline(page)).to_be_visible(timeout=RUN_MILLISECONDS)
    browser_page.settle()
    for name in (
        "Which lever did what",
        "What would it take",
        "How sure are we",
        "Watch it move",
        "18 and 52 weeks",
        "All numbers",
        "Who gains and loses",
        "Saved here",
    ):
        if name == "Saved here":
            open_shelf(page)
        choice = page.get_by_role("radio", name=name)
        choice.click()  # in view as it stands: nothing has to be scrolled sideways to reach it
        browser_page.settle()
        place = choice.bounding_box()
        assert place is not None
        assert place["x"] + place["width"] <= size[0], f"{name} ends beyond the window"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide at {size[0]}"

"""The capacity map in a real browser: drawn with the network cut, filtered, picked on it and in its table."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import BrowserPage

pytestmark = pytest.mark.browser

CANVAS = "[data-testid=stDeckGlJsonChart] canvas"
SIZES = [(1440, 1000), (820, 1180)]
MARK = (0.625, 0.705)  # of the chart's width and height: East Lancashire's mark in its board's view
SECONDS = 30_000  # milliseconds, for a busy machine


@pytest.fixture
def cut_off(browser_page: BrowserPage) -> BrowserPage:
    """A window whose every request beyond the dashboard itself is refused."""

    def answer(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(browser_page.app_url).netloc:
            route.continue_()
        else:
            route.abort()

    browser_page.page.route("**/*", answer)
    return browser_page


def colours_drawn(page: Page) -> int:
    """How many different colours a picture of the map has, of a point in every 4 x 4."""
    picture = page.get_by_test_id("stDeckGlJsonChart").screenshot()
    return int(
        page.evaluate(
            """async (bytes) => {
              const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], {type: 'image/png'}));
              const canvas = new OffscreenCanvas(image.width, image.height);
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const seen = new Set();
              for (let x = 0; x < image.width; x += 4)
                for (let y = 0; y < image.height; y += 4)
                  seen.add(context.getImageData(x, y, 1, 1).data.join());
              return seen.size;
            }""",
            list(picture),
        )
    )


def wait_for_ground(page: Page) -> None:
    """Until the ground, the boundaries and the marks have been painted."""
    expect(page.locator(CANVAS).first).to_be_visible()
    for _ in range(40):
        if colours_drawn(page) > 20:
            return
        page.wait_for_timeout(250)


def sentence(page: Page) -> str:
    return page.get_by_role("heading", level=2).first.inner_text()


def test_the_map_is_drawn_with_the_network_cut(cut_off: BrowserPage) -> None:
    page = cut_off.open_page("/capacity_map?board=ENGLAND")
    wait_for_ground(page)
    assert colours_drawn(page) > 20
    fetched = [urlsplit(url).path for url in cut_off.requests]
    assert any(re.fullmatch(r"/app/static/made/boards-2022-[0-9a-f]{12}\.json", path) for path in fetched)
    assert "/app/static/map_light.json" in fetched
    assert cut_off.outside_requests() == []
    assert re.match(r"\d+ of 4\d\d providers in England have capacity to spare", sentence(page))
    assert "84% later delivered" in page.inner_text("body")


def test_a_filter_changes_the_answer_and_the_link(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/capacity_map?board=ENGLAND")
    before = sentence(page)
    chooser = page.get_by_role("combobox", name=re.compile("Specialty"))
    chooser.click()
    chooser.fill("urol")
    page.get_by_role("option", name="Urology", exact=True).click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("for urology", timeout=SECONDS)
    browser_page.settle()
    assert sentence(page) != before
    assert "function=C_101" in page.url


def click_mark(page: Page) -> None:
    chart = page.get_by_test_id("stDeckGlJsonChart").bounding_box()
    assert chart is not None
    page.mouse.click(chart["x"] + chart["width"] * MARK[0], chart["y"] + chart["height"] * MARK[1])


def test_a_row_and_a_mark_open_the_same_card(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/capacity_map?board=QE1")
    card = page.get_by_role("heading", level=3, name="East Lancashire Hospitals")
    closing = page.get_by_role("button", name="Back to all providers")
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 35 + 17)  # the box before the first row
    expect(card).to_be_visible(timeout=SECONDS)
    assert "provider=RXR" in page.url
    closing.click()
    expect(card).to_have_count(0, timeout=SECONDS)
    browser_page.settle()
    assert "provider=" not in page.url
    wait_for_ground(page)
    for _ in range(2):  # the same mark again, after its card was closed by the button
        click_mark(page)
        expect(card).to_be_visible(timeout=SECONDS)
        browser_page.settle()
        assert "provider=RXR" in page.url
        closing.click()
        expect(card).to_have_count(0, timeout=SECONDS)
        browser_page.settle()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off(browser_page: BrowserPage, width: int, height: int) -> None:
    page = browser_page.open_page("/capacity_map?board=QE1&provider=RXR", width=width, height=height)
    overflow = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth - main.clientWidth; }"
    )
    assert overflow == 0
    expect(page.get_by_text("It could help", exact=False).first).to_be_visible()

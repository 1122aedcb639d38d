"""The capacity map in a real browser: drawn with the network cut, filtered, picked on it and in its table."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import BrowserPage

pytestmark = pytest.mark.browser

CANVAS = "[data-testid=stDeckGlJsonChart] canvas"
SIZES = [(1440, 1000), (820, 1180)]
MARK = (0.625, 0.719)  # of the chart's width and height: East Lancashire's mark in its board's view
EDITED_CELL = (320, 52)  # pixels of the editor: the first line's sessions
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
    for _ in range(120):
        if colours_drawn(page) > 20:
            return
        page.wait_for_timeout(250)
    pytest.fail("the map was not painted")


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
    at = chart["x"] + chart["width"] * MARK[0], chart["y"] + chart["height"] * MARK[1]
    page.mouse.move(*at)
    page.wait_for_timeout(500)  # the map finds what it points at between two frames
    page.mouse.click(*at, delay=60)


def test_a_row_and_a_mark_open_the_same_card(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/capacity_map?board=QE1")
    card = page.get_by_role("heading", level=3, name="East Lancashire Hospitals")
    closing = page.get_by_role("button", name="Back to all providers")
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 35 + 17)  # the first row's name
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


def points(page: Page) -> list[str]:
    """The colours of a picture of the map, of a point in every 8 x 8, but for its buttons."""
    picture = page.get_by_test_id("stDeckGlJsonChart").screenshot()
    return list(
        page.evaluate(
            """async (bytes) => {
              const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], {type: 'image/png'}));
              const canvas = new OffscreenCanvas(image.width, image.height);
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const found = [];
              for (let x = 8; x < image.width - 60; x += 8)
                for (let y = 8; y < image.height; y += 8)
                  found.push(context.getImageData(x, y, 1, 1).data.join());
              return found;
            }""",
            list(picture),
        )
    )


def alike(one: list[str], other: list[str]) -> float:
    """The fraction of points of the same colour."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def pick_option(page: Page, label: str, option: str) -> None:
    chooser = page.get_by_role("combobox", name=re.compile(label))
    chooser.click()
    chooser.fill(option)
    page.get_by_role("option", name=option, exact=True).click()


def test_zoom_and_selection_survive_a_filter(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/capacity_map?board=QE1&provider=RXR&arcs=none")
    wait_for_ground(page)
    whole = points(page)
    zoom_in = page.get_by_role("button", name="Zoom in")
    zoom_in.click()
    zoom_in.click()
    page.wait_for_timeout(1500)  # the zoom is a movement
    zoomed = points(page)
    assert alike(whole, zoomed) < 0.9
    pick_option(page, "Medium", "Virtual")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("virtual app", timeout=SECONDS)
    browser_page.settle()
    page.wait_for_timeout(500)
    assert alike(zoomed, points(page)) > 0.98
    expect(page.get_by_role("heading", level=3, name="East Lancashire Hospitals")).to_be_visible()
    assert "provider=RXR" in page.url
    assert "medium=virtual" in page.url


HEADINGS = "provider,treatment_function,medium,sessions,minutes,theatre_slots,valid_from,valid_to"
RIGHT = f"{HEADINGS}\nRXR,C_320,face_to_face,300,,,2025-01-01,\n"
WRONG = f"{HEADINGS}\nRXR,C_320,face_to_face,300,,,2025-01-01,\nRXR,C_110,virtual,many,,,2025-01-01,\n"
UPLOADED = re.compile(r"Cardiology.*Has, as uploaded by its board, ([\d,.]+) clock stops a week")


def use_file(window: BrowserPage, name: str, text: str) -> None:
    page = window.page
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    expect(page.get_by_test_id("stFileUploader").get_by_text(name)).to_be_visible(timeout=SECONDS)
    page.wait_for_timeout(300)
    window.settle()
    page.get_by_role("button", name="Use this file").click()


def undo_latest(window: BrowserPage) -> None:
    """Take the latest change back, where all are listed."""
    page = window.page
    page.get_by_role("radio", name="Changes").click()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Kept: undo of")).to_be_visible(timeout=SECONDS)
    window.settle()


def test_a_file_replaces_the_estimate_or_says_what_is_wrong(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/capacity_map?board=QE1&provider=RXR")
    before = sentence(page)
    page.get_by_role("textbox", name="Your name or initials").fill("AB")
    use_file(browser_page, "wrong.csv", WRONG)
    refused = page.get_by_text("Nothing was kept.")
    expect(refused).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("wrong.csv has 1 fault.")).to_be_visible()
    expect(page.get_by_role("region", name="Faults in the file, by line and column")).to_be_visible()
    browser_page.settle()
    assert sentence(page) == before
    use_file(browser_page, "right.csv", RIGHT)
    expect(page.get_by_text("Kept: upload of right.csv")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text(UPLOADED).first).to_be_visible()
    assert sentence(page) != before
    undo_latest(browser_page)
    assert sentence(page) == before
    expect(page.get_by_text(UPLOADED)).to_have_count(0)


def test_a_line_is_edited_in_the_page_and_taken_back(browser_page: BrowserPage) -> None:
    page = browser_page.open_page("/capacity_map?board=QE1&provider=RXR")
    page.get_by_role("textbox", name="Your name or initials").fill("AB")
    use_file(browser_page, "right.csv", RIGHT)
    told = page.get_by_text(UPLOADED).first
    expect(told).to_be_visible(timeout=SECONDS)
    browser_page.settle()
    at_first = told.inner_text()
    page.get_by_role("radio", name="Edit here").click()
    keep = page.get_by_role("button", name="Keep these lines")
    expect(keep).to_be_visible(timeout=SECONDS)
    browser_page.settle()
    editor = page.get_by_test_id("stDataFrame").last
    editor.scroll_into_view_if_needed()
    box = editor.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + EDITED_CELL[0], box["y"] + EDITED_CELL[1])
    page.keyboard.press("Enter")  # opens the cell
    page.locator(".gdg-input").fill("400")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # the editor sends what was typed once no more comes
    browser_page.settle()
    keep.click()
    expect(page.get_by_text("Kept: edit, ")).to_be_visible(timeout=SECONDS)
    browser_page.settle()
    edited = page.get_by_text(UPLOADED).first.inner_text()
    first, second = (float(UPLOADED.search(text)[1].replace(",", "")) for text in (at_first, edited))  # type: ignore[index]
    assert second == pytest.approx(first * 400 / 300, abs=1.0)
    undo_latest(browser_page)
    assert page.get_by_text(UPLOADED).first.inner_text() == at_first
    page.get_by_role("button", name="Undo").nth(1).click()  # of the upload, after that of the edit's undo
    expect(page.get_by_text(UPLOADED)).to_have_count(0, timeout=SECONDS)

"""A walk shows the report's own messages, one at a time, and leaves to where it came from."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

import run as run_py
from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.opening import open_with_figures
from data.returns.calibrations import calibration
from models.reports.picture import Picture, Series
from models.reports.report import Message, Report
from models.scenarios.presets import baseline_for, preset
from pages.parts.present import slides
from questions.jobs import jobs
from sim.reports.scenario_report import scenario_report
from sim.runs.comparison import by_treatment_function
from sim.runs.runner import run

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
PAGE = "pages/what_if/present.py"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the shipped figures of this file's own: the page writes its runs."""
    with open_with_figures(tmp_path_factory.mktemp("walk") / "tandem.duckdb") as opened:
        yield opened


@pytest.fixture
def open_walk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the walk with query parameters; gives it once its run is done."""
    monkeypatch.setenv("TANDEM_STORE", str(store.path))

    def opened(**query: str) -> AppTest:
        page = AppTest.from_file(str(run_py.ROOT / "app.py"), default_timeout=120)
        page.query_params.update(query)
        page.switch_page(PAGE)
        page.run()
        for job in list(jobs()._running.values()):
            assert job.done.wait(60)
        assert not page.exception
        return page.run()

    return opened


def test_a_walk_goes_through_the_reports_messages(store: Store, open_walk: Open) -> None:
    scenario = preset("extra-sessions")
    rates = calibration(store, "QK1", scenario)
    changed, unchanged = (
        by_treatment_function(run(rates, each, weeks=52, replications=10))
        for each in (scenario, baseline_for(scenario))
    )
    walk = slides(
        scenario_report(changed, unchanged, "Leicester, Leicestershire and Rutland", PRODUCT_VERSION)
    )
    page = open_walk(board="QK1", scenario="extra-sessions", weeks="52", replications="10", slide="1")
    for number, slide in enumerate(walk, start=1):
        assert page.query_params["slide"] == str(number)
        assert page.markdown[0].value == f"# {slide.heading}"
        assert f"{number} of {len(walk)}" in [each.value for each in page.markdown]
        if number < len(walk):
            page.button[1].click().run()
    assert page.button[1].disabled
    page.button[0].click().run()
    assert page.query_params["slide"] == str(len(walk) - 1)
    assert not page.sidebar.caption  # the whole screen is the walk's


def test_without_a_scenario_it_says_where_to_start(open_walk: Open) -> None:
    page = open_walk(board="QK1")
    assert page.title[0].value == "Nothing to present"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"board": "XXX", "scenario": "mutual-aid"}, "There is no board 'XXX'"),
        ({"board": "QK1", "scenario": "nothing-such"}, "There is no preset scenario called 'nothing-such'."),
    ],
)
def test_a_link_that_is_wrong_is_told(open_walk: Open, query: dict[str, str], said: str) -> None:
    assert said in open_walk(**query).error[0].value


def test_a_walk_begins_with_a_title_and_ends_with_what_it_rests_on() -> None:
    picture = Picture("bar", "Bars", ("a",), (Series("Difference", (1.0,)),))
    messages = (Message("First", picture), Message("Second", None, ("x",)))
    report = Report("Title", "Place", "August 2025", "First", messages, (), {"Seed": "1"}, ("A caveat.",))
    first, one, two, last = slides(report)
    assert (first.heading, first.points) == ("Title", ("Place. Figures to August 2025.",))
    assert one.picture is picture
    assert two.points == ("x",)
    assert last.points == ("A caveat.", "**Seed**: 1")

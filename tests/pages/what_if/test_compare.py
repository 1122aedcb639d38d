"""The Compare page: direct runs side by side, its link, its costs, and what came of a forecast."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

import run as run_py
from data.database.edition import edition
from data.database.store import Store
from data.opening import open_with_figures
from data.returns.calibrations import calibration
from data.returns.lists import trend
from data.saved.scenarios import SavedScenario, save_scenario
from models.errors import TandemError
from models.outcomes.cost import Prices
from models.scenarios.presets import baseline_for, preset
from pages.what_if.comparing.outcomes import outcome_table
from questions.choice import Asked, differing, offered, read_asked, read_choice, titled
from questions.jobs import jobs
from sim.reports.side_by_side import OUTCOMES, Column, best_said
from sim.runs.comparison import by_treatment_function
from sim.runs.runner import run
from sim.studies.outturn import outturn, outturn_said

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
PAGE = "pages/what_if/compare.py"
TWO = ("extra-sessions", "mutual-aid")
SHORT = {"weeks": "52", "replications": "10"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the shipped figures of this file's own: the page writes its runs."""
    with open_with_figures(tmp_path_factory.mktemp("compare") / "tandem.duckdb") as opened:
        yield opened


@pytest.fixture
def open_compare(store: Store, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page with query parameters; gives it once its runs are done."""
    monkeypatch.setenv("TANDEM_STORE", str(store.path))

    def opened(page: str = PAGE, **query: str) -> AppTest:
        app = AppTest.from_file(str(run_py.ROOT / "app.py"), default_timeout=60)
        app.query_params.update(query)
        app.switch_page(page)
        return finished(app.run())

    return opened


def finished(page: AppTest) -> AppTest:
    """The page once its runs are done: the browser polls, here the jobs are waited for, one after another."""
    for _ in range(8):
        running = list(jobs()._running.values())
        if not running:
            break
        for job in running:
            assert job.done.wait(60)
        page.run()
    assert not page.exception
    return page.run()


@pytest.fixture(scope="module")
def columns(store: Store) -> list[Column]:
    """The two scenarios run with no page about."""
    found = []
    for name in TWO:
        scenario = preset(name)
        rates = calibration(store, "QK1", scenario)
        pair = [
            by_treatment_function(run(rates, each, weeks=52, replications=10))
            for each in (scenario, baseline_for(scenario))
        ]
        found.append(Column(scenario.title, *pair))
    return found


def texts(page: AppTest) -> str:
    return "\n".join(each.value for each in page.markdown)


def test_without_a_choice_it_offers_some_and_one_click_runs_them(open_compare: Open) -> None:
    page = open_compare(board="QK1")
    assert "#### Nothing to compare yet" in texts(page)
    assert "with" not in page.query_params
    page.button(key="start_Virtual against extra sessions").click().run()
    assert page.query_params["with"] == "virtual-70,extra-sessions"
    page.button(key="compare_cancel").click().run()
    assert "The comparison was stopped before it was done." in [each.value for each in page.warning]


def test_it_shows_the_numbers_of_direct_runs(open_compare: Open, columns: list[Column]) -> None:
    page = open_compare(board="QK1", **{"with": ",".join(TWO)}, **SHORT)
    assert f"## {best_said(columns)}" in texts(page)
    shown = page.table[0].value
    assert shown.equals(outcome_table(columns[0].baseline, columns, list(OUTCOMES.values())))
    assert list(shown.columns) == ["If nothing changes", "Twenty extra clinics", "Mutual aid"]
    page.selectbox(key="compare_order").select("over_52").run()
    assert list(page.table[0].value.columns)[1] == "Mutual aid"  # it aims at the longest waits
    assert page.query_params["with"] == ",".join(TWO)
    assert page.query_params["seed"] == "1"


def test_prices_are_the_planners_and_stand_in_the_link(open_compare: Open) -> None:
    page = open_compare(board="QK1", **{"with": ",".join(TWO)}, **SHORT)
    assert "Give a price for what your scenarios add" in page.info[-1].value
    page.number_input(key="compare_price_clinic").set_value(900.0).run()
    assert "**Twenty extra clinics**: No cost: extra theatre slots have no price." in texts(page)
    page.number_input(key="compare_price_theatre").set_value(0.0).run()
    assert page.query_params["prices"] == "clinic:900,theatre:0"
    # twenty clinics in each of 52 weeks
    assert "**Twenty extra clinics**: It would cost £936,000 over the run" in texts(page)
    assert "**Mutual aid**: No cost: independent-sector slots have no price." in texts(page)


def test_a_saved_scenario_stands_beside_a_preset_and_says_how_it_was_run(
    store: Store, open_compare: Open
) -> None:
    saved = save_scenario(
        store,
        SavedScenario(
            name="Twenty more",
            description="",
            document=preset("extra-sessions").document(),
            scope="QK1",
            data_month="2025-02",
            edition=edition(store, "2025-02"),
            weeks=78,
            replications=20,
            seed=3,
        ),
    )
    token = f"s.{saved.id}.1"
    assert next(iter(offered(store, "QK1"))) == token
    assert token not in offered(store, "QE1")
    page = open_compare(board="QK1", **{"with": f"{token},mutual-aid"}, **SHORT)
    assert "Twenty more was saved with figures to February 2025, 78 weeks, 20 futures, seed 3." in texts(page)
    assert list(page.table[0].value.columns)[1:] == ["Twenty more", "Mutual aid"]


def test_a_forecast_is_laid_over_what_came(store: Store, open_compare: Open) -> None:
    page = open_compare(board="QK1")
    page.session_state["compare_tab"] = "With what happened"
    page = finished(page.run())
    rates = calibration(store, "QK1", preset("baseline"), "2025-02")
    results = by_treatment_function(run(rates, preset("baseline"), weeks=52, replications=30))
    published = trend(store, "QK1").rename(columns={"incomplete": "waiting"}).to_dict("records")
    found = outturn(results, published)
    assert [each.month for each in found["waiting"]] == [f"2025-0{month}" for month in range(3, 9)]
    assert f"## {outturn_said(found)[0]}" in texts(page)
    assert outturn_said(found)[1] in texts(page)
    assert page.query_params["made"] == "2025-02"  # half a year back: the link opens here


def test_what_happened_is_reopened_by_its_link(store: Store, open_compare: Open) -> None:
    saved = save_scenario(
        store,
        SavedScenario(
            name="Ten clinics",
            description="",
            document=preset("extra-sessions").document(),
            scope="QK1",
            data_month="2025-06",
            edition=edition(store, "2025-06"),
            weeks=52,
            replications=10,
            seed=1,
        ),
    )
    page = open_compare(board="QK1", made="2025-05")
    shown = "\n".join(each.value for each in page.caption)
    assert "If nothing changes · forecast on the figures to May 2025" in shown
    page.selectbox(key="compare_forecast").select(f"s.{saved.id}.1")
    page = finished(page.run())
    assert page.query_params["forecast"] == f"s.{saved.id}.1"
    assert "made" not in page.query_params
    again = open_compare(board="QK1", forecast=f"s.{saved.id}.1")
    for each in (page, again):
        captions = [caption.value for caption in each.caption]
        assert any("forecast on the figures to June 2025" in caption for caption in captions)
    assert open_compare(board="QK1", made="2019-01").query_params["made"] == "2025-02"  # none from there


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"with": "nothing-such"}, "There is no preset scenario called 'nothing-such'."),
        ({"with": "s.abc"}, "which has no version"),
        ({"with": "s.abc.1"}, "No scenario is saved here under 'abc'."),
        (
            {
                "with": ",".join(
                    ["virtual-70", *TWO, "trust-pairing", "jointly-managed", "recovery-programme"]
                )
            },
            "The link compares 6 scenarios.",
        ),
        ({"with": "mutual-aid", "prices": "clinic:much"}, "The price 'clinic:much' can't be read"),
        ({"with": "mutual-aid", "weeks": "7"}, "weeks as 7, which the lab does not run"),
    ],
)
def test_a_link_that_is_wrong_says_which_part(store: Store, query: dict[str, str], said: str) -> None:
    with pytest.raises(TandemError, match=said.replace("(", r"\(")):
        read_asked(store, query, "QK1", ["2025-08"], lambda month: "")


def test_a_faulty_link_is_told_on_the_page(open_compare: Open) -> None:
    page = open_compare(board="QK1", **{"with": "nothing-such"})
    assert "**This link can't be opened as it is.**" in page.error[0].value
    assert "#### Nothing to compare yet" in texts(page)


def test_a_link_gives_the_question_back(store: Store) -> None:
    asked = Asked("QK1", "2025-08", "x", TWO, 60, 20, 7, Prices(clinic=900, emeritus=0.5))
    assert read_asked(store, asked.parameters(), "QK1", ["2025-08"], lambda month: "x") == asked


def test_titles_that_are_alike_are_numbered(store: Store) -> None:
    choices = [read_choice(store, "mutual-aid")] * 3
    assert titled(choices) == ["Mutual aid", "Mutual aid (2)", "Mutual aid (3)"]
    assert differing(choices, Asked("QK1", "2025-08", "x")) == []

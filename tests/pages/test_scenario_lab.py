"""The lab as a planner meets it: its numbers are those of a direct run, and its link reopens it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import run as run_py
from data.calibrations import calibration
from data.edition import edition
from data.runs import load_run, runs
from data.store import Store
from models.presets import baseline_for, preset
from models.scenario import Scenario, read_scenario
from pages.parts.lab_link import Request, canonical, pack
from pages.parts.runs import Desk
from sim.comparison import Answer, answer
from sim.runner import run

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
PAGE = "pages/what_if/scenario_lab.py"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the shipped figures of this file's own: the lab writes its runs."""
    with Store.open(tmp_path_factory.mktemp("lab") / "tandem.duckdb") as opened:
        yield opened


@pytest.fixture
def open_lab(store: Store, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the lab with query parameters; gives the page once its run is done."""
    monkeypatch.setenv("TANDEM_STORE", str(store.path))

    def opened(**query: str) -> AppTest:
        page = AppTest.from_file(str(run_py.ROOT / "app.py"), default_timeout=60)
        page.query_params.update(query)
        page.switch_page(PAGE)
        return finished(page.run())

    return opened


def direct(store: Store, board: str, scenario: Scenario, **settings: Any) -> Answer:
    found = calibration(store, board, scenario)
    return answer(run(found, scenario, **settings), run(found, baseline_for(scenario), **settings))


def finished(page: AppTest) -> AppTest:
    """The page once its run is done: the browser polls, here the job is waited for."""
    if "lab_job" in page.session_state:
        assert page.session_state["lab_job"].done.wait(60)
        page.run()
    assert not page.exception
    return page


def texts(page: AppTest) -> list[str]:
    return [each.value for each in page.markdown]


def headline(page: AppTest) -> str:
    (said,) = (text for text in texts(page) if text.startswith("## "))
    return said.removeprefix("## ")


def test_the_first_visit_shows_what_a_direct_run_has(store: Store, open_lab: Open) -> None:
    page = open_lab()
    said = direct(store, "QK1", preset("virtual-70"))
    assert headline(page) == said.headline
    whole = "\n".join(texts(page))
    for sentence in (*said.changes, *said.gains, *said.losses, *said.limits):
        assert sentence in whole
    assert page.query_params["scenario"] == "virtual-70"


def test_a_card_runs_its_scenario(store: Store, open_lab: Open) -> None:
    page = open_lab(board="QE1")
    finished(page.button(key="preset_extra-sessions").click().run())
    assert headline(page) == direct(store, "QE1", preset("extra-sessions")).headline


def test_levers_of_the_form_run_as_written(store: Store, open_lab: Open) -> None:
    page = open_lab()
    page.slider(key="lever_virtual_by_default_first").set_value(30.0)
    page.pills(key="levers_in_play").set_value(["virtual_by_default", "extra_sessions"]).run()
    page.number_input(key="lever_extra_sessions_clinics").set_value(5.0)
    page.number_input(key="assume_virtual_repeat").set_value(20.0)
    page.slider(key="lab_replications").set_value(10)
    page.run()
    assert any("settings have changed" in each.value for each in page.warning)
    next(each for each in page.button if each.label == "Run").click().run()
    finished(page)
    scenario = read_scenario(
        {
            "name": "own",
            "levers": [
                {"lever": "virtual_by_default", "first": 30},
                {"lever": "extra_sessions", "clinics": 5},
            ],
            "assumptions": {"virtual_repeat": 20},
        }
    )
    assert headline(page) == direct(store, "QK1", scenario, replications=10).headline
    assert not any("settings have changed" in each.value for each in page.warning)


def test_a_link_reopens_exactly_this(store: Store, open_lab: Open) -> None:
    scenario = read_scenario(
        {
            "name": "own",
            "title": "Clinics in the east",
            "levers": [{"lever": "extra_sessions", "clinics": 8, "starts": "+13w"}],
        }
    )
    page = open_lab(board="QK1", scenario=pack(scenario), weeks="60", replications="10", seed="7")
    assert headline(page) == direct(store, "QK1", scenario, weeks=60, replications=10, seed=7).headline
    assert page.pills(key="levers_in_play").value == ["extra_sessions"]
    assert page.number_input(key="lever_extra_sessions_clinics").value == 8
    assert page.slider(key="lab_weeks").value == 60
    link = page.code[0].value
    for part in ("board=QK1", f"scenario={pack(scenario)}", "weeks=60", "replications=10", "seed=7", "asof="):
        assert part in link
    # nothing in the form differs from what the link said
    assert not any("settings have changed" in each.value for each in page.warning)


def test_an_older_link_runs_on_its_own_figures_and_offers_the_newer(store: Store, open_lab: Open) -> None:
    page = open_lab(scenario="virtual-70", asof="2025-06", replications="10")
    assert headline(page).startswith("By July 2027 ")  # 104 weeks from Monday 7 July 2025
    assert any("Newer ones have arrived" in each.value for each in page.info)
    finished(next(each for each in page.button if each.label.startswith("Run on ")).click().run())
    assert headline(page).startswith("By August 2027 ")
    assert headline(page) == direct(store, "QK1", preset("virtual-70"), replications=10).headline


def test_revised_figures_are_told(store: Store, open_lab: Open) -> None:
    same = open_lab(scenario="virtual-70", asof="2025-08", edition=edition(store, "2025-08"))
    assert not any("revised" in each.value for each in same.info)
    other = open_lab(scenario="virtual-70", asof="2025-08", edition="000000000000")
    assert any("have been revised since this link was made" in each.value for each in other.info)


def test_a_malformed_link_says_what_is_wrong_and_what_to_do(store: Store, open_lab: Open) -> None:
    page = open_lab(scenario="virtual-70", weeks="9999")
    (fault,) = page.error
    assert "weeks as 9,999" in fault.value
    assert "What to do" in fault.value
    finished(page.button(key="preset_virtual-70").click().run())
    assert not page.error
    assert headline(page) == direct(store, "QK1", preset("virtual-70")).headline


def test_the_baseline_stands_alone(store: Store, open_lab: Open) -> None:
    page = open_lab(scenario="baseline", replications="10")
    assert headline(page).startswith("If nothing changed, ")
    assert not any("Who loses" in text for text in texts(page))


def test_england_waits_to_be_asked(store: Store, open_lab: Open) -> None:
    page = open_lab(board="ENGLAND")
    assert "lab_job" not in page.session_state
    assert any("All England takes" in each.value for each in page.info)


def test_a_finished_run_is_saved_once_with_its_seed_and_month(store: Store) -> None:
    request = Request(
        "QK1", "2025-08", edition(store, "2025-08"), canonical(preset("referral-growth")), 52, 10, 99
    )
    for _ in range(2):
        job = Desk().ask(store, request, "somebody")
        assert job.done.wait(60)
        assert job.fault is None
        assert job.warning == ""
    saved, results = load_run(store, request.digest)
    assert (saved.scope, saved.seed, saved.weeks, saved.replications, saved.data_month) == (
        "QK1", 99, 52, 10, "2025-08",
    )  # fmt: skip
    assert saved.document["levers"] == [{"lever": "referral_growth", "growth": 2.0, "starts": "+0w"}]
    assert job.comparison is not None
    end = results[(results["measure"] == "waiting") & (results["week"] == 52)].iloc[0]
    assert end["mean"] == job.comparison.scenario.results.total("waiting")[:, -1].mean()
    assert list(runs(store)["id"]).count(request.digest) == 1
    assert list(runs(store)["id"]).count(request.baseline.digest) == 1

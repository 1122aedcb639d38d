"""The lab as a planner meets it: its numbers are those of a direct run, and its link reopens it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import run as run_py
from data.database.edition import edition
from data.database.store import Store
from data.opening import open_with_figures
from data.returns.calibrations import calibration
from data.returns.lists import profile
from data.returns.past_errors import error_said
from data.saved.runs import load_run, runs
from data.saved.scenarios import SavedScenario, save_scenario, saved_scenarios
from models.pairing.default_pair import with_trusts
from models.rtt.measures import measure
from models.rtt.waiting_list import WaitingList
from models.scenarios.presets import baseline_for, preset
from models.scenarios.scenario import Scenario, read_scenario
from models.statements import Interval
from pages.what_if.lab.tour import STEPS
from questions.jobs import Jobs
from questions.lab import Lab
from questions.question import Question, canonical, pack, unpack
from sim.runs.comparison import Answer, answer
from sim.runs.results import band
from sim.runs.runner import run

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
PAGE = "pages/what_if/scenario_lab.py"
BRIEF = {"weeks": "52", "replications": "10"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the shipped figures of this file's own: the lab writes its runs."""
    with open_with_figures(tmp_path_factory.mktemp("lab") / "tandem.duckdb") as opened:
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


def test_how_wrong_forecasts_have_been_stands_beside_the_answer(store: Store, open_lab: Open) -> None:
    page = open_lab()
    [said] = [each.value for each in page.caption if "months ahead" in each.value]
    # as many months as have been held against what came: the lab looks further
    assert said == error_said("QK1", 24)
    assert said.startswith("Eight months ahead, 3 forecasts made this way have missed this board's list by ")
    assert "Nothing further ahead has been held against what came." in said


def test_a_card_runs_its_scenario(store: Store, open_lab: Open) -> None:
    page = open_lab(board="QE1")
    finished(page.button(key="preset_extra-sessions").click().run())
    assert not page.session_state["lab_shelf"]  # chosen: the answer comes up
    assert headline(page) == direct(store, "QE1", preset("extra-sessions")).headline


def test_the_pairing_card_names_two_of_the_boards_trusts(store: Store, open_lab: Open) -> None:
    page = open_lab(board="QE1", replications="10")
    page.session_state["lab_shelf"] = True
    finished(page.run())
    finished(page.button(key="preset_trust-pairing").click().run())
    whole = with_trusts(preset("trust-pairing"), calibration(store, "QE1", preset("baseline")))
    assert headline(page) == direct(store, "QE1", whole, replications=10).headline
    pair = whole.levers[0].text("home"), whole.levers[0].text("partner")
    shown = tuple(page.selectbox(key=f"lever_trust_pairing_{name}").value for name in ("home", "partner"))
    assert shown == pair
    # the link names them, so that it means the same when figures or the choice change
    assert unpack(page.query_params["scenario"]) == whole


def test_levers_of_the_form_run_as_written(store: Store, open_lab: Open) -> None:
    page = open_lab()
    page.slider(key="lever_virtual_by_default_first").set_value(30.0)
    page.pills(key="levers_in_play_Capacity and demand").set_value(["extra_sessions"]).run()
    page.number_input(key="lever_extra_sessions_clinics").set_value(5.0)
    page.number_input(key="assume_virtual_repeat").set_value(20.0)
    page.slider(key="lab_replications").set_value(10)
    finished(page.run())  # a board of this size runs at once
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
    assert page.pills(key="levers_in_play_Capacity and demand").value == ["extra_sessions"]
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
    finished(next(each for each in page.button if each.label.startswith("Run again on ")).click().run())
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
    request = Question(
        "QK1", "2025-08", edition(store, "2025-08"), canonical(preset("referral-growth")), 52, 10, 99
    )
    for _ in range(2):
        job = Jobs().ask(store, Lab(request, keep=True), "somebody")
        assert job.done.wait(60)
        assert job.fault is None
        assert job.answer.warning == ""
    saved, results = load_run(store, request.digest)
    assert (saved.scope, saved.seed, saved.weeks, saved.replications, saved.data_month) == (
        "QK1",
        99,
        52,
        10,
        "2025-08",
    )
    assert saved.document["levers"] == [{"lever": "referral_growth", "growth": 2.0, "starts": "+0w"}]
    end = results[(results["measure"] == "waiting") & (results["week"] == 52)].iloc[0]
    assert end["mean"] == job.answer.scenario.total("waiting")[:, -1].mean()
    assert list(runs(store)["id"]).count(request.digest) == 1
    assert list(runs(store)["id"]).count(request.baseline.digest) == 1


def named(store: Store, name: str, **changes: Any) -> SavedScenario:
    """A scenario saved on the older figures of June 2025, by somebody else."""
    document = {"name": "own", "title": name, "levers": [{"lever": "referral_growth", "growth": 1}]}
    given: dict[str, Any] = {
        "name": name,
        "description": "Agreed in May.",
        "document": document,
        "scope": "QK1",
        "data_month": "2025-06",
        "edition": edition(store, "2025-06"),
        "weeks": 52,
        "replications": 10,
        "seed": 4,
    } | changes
    return save_scenario(store, SavedScenario(**given))


def press(page: AppTest, label: str) -> AppTest:
    return finished(next(each for each in page.button if each.label == label).click().run())


def test_a_saved_link_opens_what_was_saved_on_its_own_figures(store: Store, open_lab: Open) -> None:
    saved = named(store, "Growth as in May")
    page = open_lab(saved=saved.id, version="1")
    found = calibration(store, "QK1", read_scenario(saved.document), "2025-06")
    settings: dict[str, Any] = {"weeks": 52, "replications": 10, "seed": 4}
    scenario = read_scenario(saved.document)
    runs_of = [run(found, each, **settings) for each in (scenario, baseline_for(scenario))]
    assert headline(page) == answer(*runs_of).headline
    assert any("**Growth as in May**, version 1, saved " in text for text in texts(page))
    assert page.query_params["saved"] == saved.id
    assert "scenario" not in page.query_params
    assert f"saved={saved.id}&version=1" in page.code[0].value
    assert any("Newer ones have arrived" in each.value for each in page.info)
    press(page, "Run again on August 2025")
    assert headline(page).startswith("By August 2026 ")  # 52 weeks from Monday 1 September 2025
    assert "saved" not in page.query_params


def test_a_link_to_nothing_saved_says_so(store: Store, open_lab: Open) -> None:
    page = open_lab(saved="0" * 32)
    assert "No scenario is saved here" in page.error[0].value
    page = open_lab(saved=named(store, "One version").id, version="7")
    assert "has no version 7" in page.error[0].value


def test_a_moved_lever_leaves_what_was_saved(store: Store, open_lab: Open) -> None:
    saved = named(store, "Growth before it moved")
    page = open_lab(saved=saved.id)
    assert page.query_params["version"] == "1"
    finished(page.number_input(key="lever_referral_growth_growth").set_value(3.0).run())
    assert "saved" not in page.query_params
    assert not any("version 1, saved" in text for text in texts(page))
    finished(page.number_input(key="lever_referral_growth_growth").set_value(1.0).run())
    assert page.query_params["saved"] == saved.id  # moved back


def test_a_deletion_is_undone(store: Store, open_lab: Open) -> None:
    saved = named(store, "To be deleted")
    page = open_lab(scenario="referral-growth", weeks="52", replications="10")
    page.session_state["lab_shelf"] = True
    page.session_state["lab_shelf_kind"] = "Saved here"
    finished(page.run())
    finished(page.button(key=f"delete_{saved.id}").click().run())
    assert saved.id not in {each.id for each in saved_scenarios(store)}
    assert any("'To be deleted' is deleted." in each.value for each in page.info)
    finished(page.button(key="undo_delete").click().run())
    assert saved.id in {each.id for each in saved_scenarios(store)}
    finished(page.button(key=f"copy_{saved.id}").click().run())
    assert "To be deleted (copy)" in {each.name for each in saved_scenarios(store)}


def test_levers_are_parted_and_add_up(store: Store, open_lab: Open) -> None:
    page = open_lab(scenario="jointly-managed", weeks="52", replications="10")
    assert not page.warning  # the form says what runs, in the scenario's order
    page.session_state["lab_tab"] = "Which lever did what"
    finished(page.run())
    page.button(key="ask_attribution").click().run()
    assert page.session_state["lab_study_attribution"].done.wait(60)
    finished(page.run())
    (whole,) = [text for text in texts(page) if "all levers together" in text]
    assert "- Validation: " in whole
    # the same futures as the answer's: the same change
    change = headline(page).removeprefix("By August 2026 the list would be ").split(" lower")[0]
    assert f"all levers together: {change} fewer waiting" in whole


def test_a_goal_is_answered_in_a_sentence(store: Store, open_lab: Open) -> None:
    page = open_lab(scenario="referral-growth", weeks="52", replications="10")
    page.session_state["lab_tab"] = "What would it take"
    finished(page.run())
    page.selectbox(key="goal_name").set_value("list").run()
    page.number_input(key="goal_list").set_value(200_000.0).run()
    page.multiselect(key="goal_dials").set_value(["referral_growth.growth"]).run()
    page.button(key="ask_solve").click().run()
    assert page.session_state["lab_study_solve"].done.wait(60)
    finished(page.run())
    # there are 112,685 now: the list is far below it with no growth at all
    assert any(
        text.startswith("#### 200,000 or fewer waiting") and "is reached with none of it" in text
        for text in texts(page)
    )


def test_one_specialty_or_one_provider_is_read_alone(open_lab: Open) -> None:
    page = open_lab(**BRIEF, scenario="referral-growth")
    found = page.session_state["lab_job"].answer.comparison
    runs_of = [each.results for each in (found.scenario, found.baseline)]
    orthopaedics = [
        each.total("waiting", each.chosen(None, ["C_110"]))[:, -1].astype(float) for each in runs_of
    ]
    said = measure("waiting").say_change(Interval.of(band(orthopaedics[0] - orthopaedics[1])))
    page.selectbox(key="gains_only_specialty").set_value("C_110").run()
    assert f"#### Trauma and orthopaedics, August 2026: {said}." in texts(page)
    page.segmented_control(key="gains_by").set_value("provider").run()
    ends = [
        each.values("waiting")[:, each.names.index("RWE"), -1]
        for each in (found.scenario.providers, found.baseline.providers)
    ]
    said = measure("waiting").say_change(Interval.of(band(ends[0] - ends[1])))
    page.selectbox(key="gains_only_provider").set_value("RWE").run()
    assert f"#### University Hospitals of Leicester, August 2026: {said}." in texts(page)


def labels(page: AppTest) -> list[str]:
    return [each.label for each in page.button]


def step_words(page: AppTest) -> str:
    (said,) = [
        each.value for each in page.markdown if each.value.startswith("**") and " of 6: " in each.value
    ]
    return said


def test_a_first_visit_is_offered_it_and_a_refusal_stands(open_lab: Open) -> None:
    page = open_lab()
    assert "Start the tour" in labels(page)
    finished(page.button(key="tour_decline").click().run())
    assert "Start the tour" not in labels(page)
    finished(page.button(key="preset_referral-growth").click().run())
    assert "Start the tour" not in labels(page)
    finished(page.button(key="tour_again").click().run())  # there for who wants it later
    assert step_words(page).startswith("**1 of 6: The list today**")


def test_who_came_by_a_link_is_not_stopped(open_lab: Open) -> None:
    page = open_lab(**BRIEF, scenario="referral-growth")
    assert "Start the tour" not in labels(page)
    assert "Two-minute tour" in labels(page)


def test_each_step_runs_what_it_talks_about(store: Store, open_lab: Open) -> None:
    page = open_lab(**BRIEF, scenario="referral-growth", tour="1")
    here = WaitingList(profile(store, "QK1", "2025-08"))
    assert f"{here.total:,} pathways are waiting in Leicester" in step_words(page)
    assert page.session_state["lab_request"].scenario.name == "baseline"
    headline = [each.value for each in page.markdown if each.value.startswith("## If nothing changed")]
    assert len(headline) == 1
    for number in range(2, len(STEPS) + 1):
        page = finished(page.button(key="tour_next").click().run())
        assert page.query_params["tour"] == str(number)
        assert step_words(page).startswith(f"**{number} of 6: {STEPS[number - 1].heading}**")
        assert page.session_state["lab_request"].scenario.name == "virtual-70"
        if number == 3:
            (said,) = [each.value for each in page.markdown if each.value.startswith("## By ")]
            assert said.removeprefix("## ") in step_words(page)
        if number == 5:  # 52 weeks are 12 months
            assert error_said("QK1", 12) in step_words(page)
            assert page.session_state["lab_tab"] == "How sure are we"
    page = finished(page.button(key="tour_next").click().run())  # 'Finish'
    assert "tour" not in page.query_params
    assert "Two-minute tour" in labels(page)


def test_a_step_that_does_not_exist_is_no_tour(open_lab: Open) -> None:
    for text in ("0", "x", "-1"):
        page = open_lab(**BRIEF, scenario="referral-growth", tour=text)
        assert "Two-minute tour" in labels(page)
        assert page.session_state["lab_request"].scenario.name == "referral-growth"

"""The Scorecard page without a browser: verdicts, the planner's targets and milestones, travel, its link."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import run as run_py
from data.database.edition import edition
from data.database.store import Store
from data.opening import open_with_figures
from data.returns.calibrations import calibration
from data.returns.organisations import providers_by_code
from data.returns.travel import straight_miles
from data.saved.milestones import milestones, save_milestone
from models.outcomes.expectations import usual_targets
from models.outcomes.milestones import Milestone
from models.outcomes.scorecard import Scorecard
from models.outcomes.travel import Travel
from models.scenarios.presets import baseline_for, preset
from pages.what_if.comparing.scorecard import scorecards_table
from pages.what_if.scoring.card import card_table
from questions.equity import Equity, EquityAnswer
from questions.jobs import jobs
from questions.question import Question, canonical
from sim.observers.visits import visits_of
from sim.reports.scorecard import NO_GAP, Distances, Run, score, travel
from sim.runs.comparison import by_treatment_function
from sim.runs.runner import run

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
BOARD = "QK1"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the shipped figures of this file's own: the page writes runs and milestones."""
    with open_with_figures(tmp_path_factory.mktemp("scorecard") / "tandem.duckdb") as opened:
        yield opened


@pytest.fixture
def open_card(store: Store, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page with query parameters; gives it once its runs are done."""
    monkeypatch.setenv("TANDEM_STORE", str(store.path))

    def opened(page: str = "pages/what_if/scorecard.py", **query: str) -> AppTest:
        app = AppTest.from_file(str(run_py.ROOT / "app.py"), default_timeout=60)
        app.query_params.update({"board": BOARD} | query)
        app.switch_page(page)
        return finished(app.run())

    return opened


def finished(page: AppTest) -> AppTest:
    """The page once its runs are done: the browser polls, here the jobs are waited for."""
    for _ in range(4):
        running = list(jobs()._running.values())
        if not running:
            break
        for job in running:
            assert job.done.wait(90)
        page.run()
    assert not page.exception
    return page


@pytest.fixture(scope="module")
def direct(store: Store) -> tuple[Scorecard, Travel]:
    """The same scorecard with no page about."""
    scenario = preset("virtual-70")
    rates = calibration(store, BOARD, scenario)
    pair = []
    for each in (scenario, baseline_for(scenario)):
        whole = run(rates, each, weeks=104, replications=30)
        pair.append(Run(by_treatment_function(whole), visits_of(whole)))
    names = {code: each.plain_name for code, each in providers_by_code(store).items()}
    distances = Distances(straight_miles(store, names), 0.269)
    targets = usual_targets("2025-08", "2027-08")
    return (
        score(scenario.title, pair[0], pair[1], targets, distances),
        travel(scenario.title, pair[0], pair[1], distances, names),
    )


def texts(page: AppTest) -> str:
    return "\n".join(each.value for each in (*page.markdown, *page.caption))


def test_it_shows_the_verdicts_and_the_travel_of_direct_runs(
    open_card: Open, direct: tuple[Scorecard, Travel]
) -> None:
    page = open_card(**{"with": "virtual-70"})
    card, travelled = direct
    assert f"## {card.headline}" in texts(page)
    assert page.table[0].value.equals(card_table(card))
    assert travelled.sentences[0] in texts(page)
    assert page.query_params["asof"] == "2025-08"


def test_targets_are_the_planner_s_and_go_into_the_link(open_card: Open) -> None:
    page = open_card(**{"with": "virtual-70"})
    page.number_input(key="target_level_virtual-by-default").set_value(15.0).run()
    assert page.query_params["targets"] == "virtual-by-default=15@2026-03"
    shown = page.table[0].value
    assert shown.loc["**Virtual by default**", "Asked for"] == "15% or more by March 2026"
    assert shown.loc["**Virtual by default**", "Verdict"].endswith("Met")
    again = open_card(**{"with": "virtual-70", "targets": page.query_params["targets"]})
    assert again.table[0].value.equals(shown)
    page.number_input(key="target_level_virtual-by-default").set_value(70.0).run()
    assert "targets" not in page.query_params  # back at the usual


def test_a_target_past_the_run_is_not_judged_and_a_faulty_one_is_explained(open_card: Open) -> None:
    page = open_card(**{"with": "virtual-70", "targets": "excellent-care=92@2029-03"})
    assert page.table[0].value.loc["**Excellent care**", "Verdict"].endswith("After the run's end")
    faulty = open_card(**{"with": "virtual-70", "targets": "speed=1@2026-03"})
    assert "The target 'speed=1@2026-03' names no expectation" in faulty.error[0].value


def test_carbon_is_at_the_planner_s_factor_or_not_worked_out(open_card: Open) -> None:
    page = open_card(**{"with": "virtual-70", "carbon": "none"})
    assert "Carbon is not worked out: give kg CO2e a mile." in texts(page)
    assert (
        page.table[0]
        .value.loc["**Technology, innovation and sustainability**", "Verdict"]
        .endswith("Not worked out")
    )
    page.number_input(key="scorecard_carbon").set_value(0.2).run()
    assert page.query_params["carbon"] == "0.2"
    assert "at 0.2 kg a mile" in texts(page)


def test_a_milestone_is_set_marked_done_and_taken_back(open_card: Open, store: Store) -> None:
    page = open_card()
    page.text_input(key="milestone_new_name").set_value("Patient panel meets").run()
    page.text_input(key="milestone_new_who").set_value("Asha").run()
    page.button(key="milestone_new_save").click().run()
    assert not page.exception
    (panel,) = milestones(store, BOARD)
    assert (panel.name, panel.who, panel.expectation) == ("Patient panel meets", "Asha", "involve-people")
    shown = page.table[0].value.loc["**Involve patients and the public**", "Verdict"]
    assert shown.endswith("0 of 1 milestone done")
    page.button(key="milestone_undo").click().run()
    assert milestones(store, BOARD) == []


def test_a_change_made_elsewhere_meanwhile_is_not_overwritten(open_card: Open, store: Store) -> None:
    set_here = save_milestone(store, Milestone(BOARD, "enabling-culture", "Charter signed", "2027-03", "Ben"))
    page = open_card()
    theirs = save_milestone(store, replace(set_here, done=True, who="Chidi"))
    key = f"milestone_{set_here.id}_1"
    page.text_input(key=f"{key}_who").set_value("Asha")
    page.button(key=f"{key}_save").click().run()
    assert "Chidi changed the milestone 'Charter signed'" in page.error[0].value
    assert milestones(store, BOARD) == [theirs]
    assert theirs.said(date.today()).endswith(": done")
    save_milestone(store, replace(theirs, deleted=True))  # the other tests look at this board too


def test_what_limits_it_and_what_it_would_take_are_offered(open_card: Open) -> None:
    page = open_card(**{"with": "virtual-70"})
    assert ":material/info: " in texts(page)  # how much of the 70% can be reached
    assert page.multiselect(key="reach_dials").value == ["virtual_by_default.first"]
    assert "nobody waiting over 65 weeks by August 2027, with a probability of 90%" in texts(page).replace(
        "Nobody", "nobody"
    )
    assert page.button(key="ask_solve").label == "Find the least that meets it"


def test_england_runs_only_when_asked(open_card: Open) -> None:
    page = open_card(board="ENGLAND", **{"with": "virtual-70"})
    assert "All England takes most of a minute" in page.info[0].value
    assert not page.table


class Followed:
    """A run followed by class, as the Equity page leaves one: a gap on the day and at the end."""

    weeks = (0, 104)

    def __init__(self, end: float) -> None:
        self.end = end

    def gaps(self, measure: str, place: int) -> np.ndarray:
        return np.full(3, (5.0, self.end)[place])


def test_the_gap_stands_here_once_the_same_question_has_been_followed(open_card: Open, store: Store) -> None:
    page = open_card(**{"with": "virtual-70"})
    assert NO_GAP in page.table[0].value.loc["**Equitable care**", "Scenario"]
    request = Question(BOARD, "2025-08", edition(store, "2025-08"), canonical(preset("virtual-70")))
    asked = Equity(request)
    followed = EquityAnswer(request, "", Followed(7.5), Followed(6.0))  # type: ignore[arg-type]
    job = jobs().start((str(store.path), *asked.key), "equity", request.digest, "", lambda *_: followed)
    assert job.done.wait(20)
    row = page.run().table[0].value.loc["**Equitable care**"]
    assert (row["Scenario"], row["If nothing changed"]) == (
        "**7.5 points**",
        "6.0 points  \n:small[5.0 points today]",
    )
    assert row["Verdict"].endswith("Missed")
    jobs()._answered["equity"].clear()


def test_compare_has_the_same_verdicts(open_card: Open, direct: tuple[Scorecard, Travel]) -> None:
    page = open_card("pages/what_if/compare.py", **{"with": "virtual-70"})
    shown = next(each.value for each in page.table if "Asked for" in each.value.columns)
    assert shown.equals(scorecards_table([direct[0]]))

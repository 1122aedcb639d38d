"""The lab's question: shared by all who ask the same, left by one without harm to another, saved once."""

from dataclasses import replace

import numpy as np
import pytest

from data.database.edition import edition
from data.database.store import Store
from data.opening import open_with_figures
from data.returns.calibrations import calibration
from models.scenarios.presets import baseline_for, preset
from models.scenarios.scenario import read_scenario
from questions.ask import ask
from questions.jobs import Job, Jobs, in_words
from questions.lab import Lab
from questions.question import Question, canonical
from sim.runs.comparison import by_treatment_function
from sim.runs.runner import Cancelled, run

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    with open_with_figures(tmp_path_factory.mktemp("runs") / "tandem.duckdb") as opened:
        yield opened


def lab(store: Store, name: str = "virtual-70", scope: str = "QK1", **changes: int) -> Lab:
    month = "2025-08"
    asked = Question(scope, month, edition(store, month), canonical(preset(name)), 52, 10, 1)
    return Lab(replace(asked, **changes))  # type: ignore[arg-type]


def done(job: Job) -> Job:
    assert job.done.wait(60)
    return job


def test_two_who_ask_the_same_share_a_job(store: Store) -> None:
    jobs, asked = Jobs(), lab(store, scope="QE1", weeks=156, replications=100)
    one, other = jobs.ask(store, asked, "a"), jobs.ask(store, asked, "b")
    assert one is other
    jobs.cancel(one, "a")
    assert not one.cancel.is_set()  # b still waits
    jobs.cancel(one, "b")
    assert isinstance(done(one).fault, Cancelled)
    assert one.answer is None


def test_asking_something_else_leaves_the_question_before(store: Store) -> None:
    jobs = Jobs()
    left = jobs.ask(store, lab(store, scope="QE1", weeks=156, replications=100), "a")
    stayed = jobs.ask(store, lab(store), "a")
    assert isinstance(done(left).fault, Cancelled)
    assert done(stayed).fault is None


def test_a_cancelled_question_can_be_asked_again(store: Store) -> None:
    jobs, asked = Jobs(), lab(store, seed=5)
    first = jobs.ask(store, asked, "a")
    jobs.cancel(first, "a")
    again = jobs.ask(store, asked, "a")
    assert again is not first
    assert done(again).fault is None


def test_a_finished_question_is_remembered_and_its_baseline_used_again(store: Store) -> None:
    jobs = Jobs()
    first = done(jobs.ask(store, lab(store), "a"))
    assert jobs.ask(store, lab(store), "b") is first
    other = done(jobs.ask(store, lab(store, "referral-growth"), "b"))
    one, two = first.answer.comparison, other.answer.comparison
    assert two.baseline is one.baseline
    assert two.scenario is not one.scenario
    assert first.share == pytest.approx(1.0)


def test_a_baseline_is_run_once_and_stands_on_both_sides(store: Store) -> None:
    answer = ask(store, lab(store, "baseline"))
    assert answer.unchanged
    assert answer.scenario.document["name"] == "baseline"


def test_a_scenario_of_another_name_has_its_answer_and_its_own_name(store: Store) -> None:
    one = ask(store, lab(store))
    renamed = replace(preset("virtual-70"), name="ours", title="Our plan")
    question = replace(one.question, document=canonical(renamed))
    other = ask(store, Lab(question))
    assert other.comparison.scenario is one.comparison.scenario
    assert (other.report().title, one.report().title) == ("Our plan", "70% virtual by default")


def test_a_baseline_shares_the_ceilings_of_its_scenario(store: Store) -> None:
    levers = [{"lever": "virtual_by_default", "first": 70, "ceilings": {"C_110": 20.0}}]
    own = read_scenario({"name": "own", "levers": levers})
    question = Question.of(store, "QK1", own, weeks=52, replications=10)
    assert question.baseline.scenario == baseline_for(own)
    assert question.baseline.digest != lab(store).question.baseline.digest
    direct = run(calibration(store, "QK1", own), baseline_for(own), weeks=52, replications=10)
    assert np.array_equal(ask(store, Lab(question)).baseline.counts, by_treatment_function(direct).counts)


def test_the_report_says_what_the_statements_say(store: Store) -> None:
    answer = ask(store, lab(store, "referral-growth"))
    report = answer.report()
    assert report.headline == answer.statements.headline
    assert report.about["Board"] == "Leicester, Leicestershire and Rutland (QK1)"
    assert report.about["Seed"] == "1"


def test_a_fault_the_planner_can_mend_reaches_her(store: Store) -> None:
    job = done(Jobs().ask(store, lab(store, scope="XXX"), "a"))
    assert job.fault
    assert "There is no board 'XXX'" in job.fault.message


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(2, "a few seconds"), (23.4, "about 25 seconds"), (89, "about 90 seconds"), (130, "about 2 minutes")],
)
def test_time_left_is_said_in_round_numbers(seconds: float, said: str) -> None:
    assert in_words(seconds) == said

"""Runs in the background: shared by all who ask the same, left by one without harm to another, bounded."""

import pytest

from data.database.edition import edition
from data.database.store import Store
from data.opening import open_with_figures
from models.scenarios.presets import preset
from pages.parts.runs import Desk, Job
from questions.jobs import Shelf, in_words
from questions.question import Request, canonical
from sim.runs.runner import Cancelled

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    with open_with_figures(tmp_path_factory.mktemp("runs") / "tandem.duckdb") as opened:
        yield opened


def request_for(store: Store, name: str = "virtual-70", scope: str = "QK1", **changes: int) -> Request:
    settings = {"weeks": 52, "replications": 10, "seed": 1} | changes
    return Request(scope, "2025-08", edition(store, "2025-08"), canonical(preset(name)), **settings)


def done(job: Job) -> Job:
    assert job.done.wait(60)
    return job


def test_two_who_ask_the_same_share_a_job(store: Store) -> None:
    desk, request = Desk(), request_for(store, scope="QE1", weeks=156, replications=100)
    one, other = desk.ask(store, request, "a"), desk.ask(store, request, "b")
    assert one is other
    desk.cancel(one, "a")
    assert not one.cancel.is_set()  # b still waits
    desk.cancel(one, "b")
    assert isinstance(done(one).fault, Cancelled)
    assert one.comparison is None


def test_asking_something_else_leaves_the_question_before(store: Store) -> None:
    desk = Desk()
    left = desk.ask(store, request_for(store, scope="QE1", weeks=156, replications=100), "a")
    stayed = desk.ask(store, request_for(store), "a")
    assert isinstance(done(left).fault, Cancelled)
    assert done(stayed).fault is None


def test_a_cancelled_question_can_be_asked_again(store: Store) -> None:
    desk, request = Desk(), request_for(store, seed=5)
    first = desk.ask(store, request, "a")
    desk.cancel(first, "a")
    again = desk.ask(store, request, "a")
    assert again is not first
    assert done(again).fault is None


def test_a_finished_question_is_remembered_and_its_baseline_used_again(store: Store) -> None:
    desk = Desk()
    first = done(desk.ask(store, request_for(store), "a"))
    assert desk.ask(store, request_for(store), "b") is first
    other = done(desk.ask(store, request_for(store, "referral-growth"), "b"))
    assert first.comparison
    assert other.comparison
    assert other.comparison.baseline is first.comparison.baseline
    assert other.comparison.scenario is not first.comparison.scenario
    assert first.share == pytest.approx(1.0)


def test_a_baseline_is_run_once_and_stands_on_both_sides(store: Store) -> None:
    found = done(Desk().ask(store, request_for(store, "baseline"), "a")).comparison
    assert found
    assert found.scenario is found.baseline


def test_a_fault_the_planner_can_mend_reaches_her(store: Store) -> None:
    job = done(Desk().ask(store, request_for(store, scope="XXX"), "a"))
    assert job.fault
    assert "There is no board 'XXX'" in job.fault.message


def test_a_shelf_keeps_the_latest_and_forgets_the_rest() -> None:
    shelf: Shelf[str] = Shelf(2)
    shelf.put(1, "one")
    shelf.put(2, "two")
    assert shelf.find(1) == "one"  # now the latest used
    shelf.put(3, "three")
    assert (shelf.find(1), shelf.find(2), shelf.find(3)) == ("one", None, "three")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(2, "a few seconds"), (23.4, "about 25 seconds"), (89, "about 90 seconds"), (130, "about 2 minutes")],
)
def test_time_left_is_said_in_round_numbers(seconds: float, said: str) -> None:
    assert in_words(seconds) == said

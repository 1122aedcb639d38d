"""Studies in the background: shared, joined, one of a kind for each planner, told when they end badly."""

import threading

import pytest

from models.errors import TandemError
from questions.jobs import FAULT, Bench, Study
from sim.runs.runner import Cancelled

pytestmark = pytest.mark.unit

WAIT = 20


class Slow:
    """A work that goes on until it is let go or cancelled."""

    def __init__(self) -> None:
        self.runs, self.begun, self.go = 0, threading.Event(), threading.Event()

    def __call__(self, progress, cancel) -> str:
        self.runs += 1
        self.begun.set()
        progress(0.5)
        while not self.go.wait(0.01):
            if cancel.is_set():
                raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
        return "found"


def done(study: Study) -> Study:
    assert study.done.wait(WAIT)
    return study


def test_the_same_study_is_worked_out_once_and_remembered() -> None:
    bench, work = Bench(), Slow()
    one = bench.ask("a", "kind", "digest", "me", work)
    assert bench.ask("a", "kind", "digest", "you", work) is one
    work.go.set()
    assert done(one).value == "found"
    assert bench.find("a") is one
    assert bench.ask("a", "kind", "digest", "she", work) is one
    assert work.runs == 1


def test_leaving_does_not_stop_it_for_others() -> None:
    bench, work = Bench(), Slow()
    study = bench.ask("a", "kind", "digest", "me", work)
    bench.ask("a", "kind", "digest", "you", work)
    bench.cancel(study, "me")
    assert not study.cancel.is_set()
    bench.cancel(study, "you")
    assert isinstance(done(study).fault, Cancelled)
    assert bench.find("a") is None  # it can be asked for again


def test_a_planner_has_one_of_a_kind_and_none_of_another_question() -> None:
    bench, first, other = Bench(), Slow(), Slow()
    one = bench.ask("a", "kind", "digest", "me", first)
    two = bench.ask("b", "kind", "digest", "me", other)
    assert isinstance(done(one).fault, Cancelled)
    bench.leave_others("digest", "me")
    assert not two.cancel.is_set()
    bench.leave_others("another question", "me")
    assert isinstance(done(two).fault, Cancelled)


def test_the_second_waits_for_the_first_and_says_so() -> None:
    bench, first, second = Bench(), Slow(), Slow()
    one = bench.ask("a", "kind", "digest", "me", first)
    assert first.begun.wait(WAIT)
    two = bench.ask("b", "kind", "digest", "you", second)
    for _ in range(1000):
        if two.waiting:
            break
        threading.Event().wait(0.01)
    assert "another" in two.waiting
    assert not second.begun.is_set()
    first.go.set()
    second.go.set()
    assert (done(one).value, done(two).value) == ("found", "found")
    assert two.waiting == ""


def test_a_fault_is_told_and_not_remembered() -> None:
    def broken(progress, cancel) -> None:
        raise ValueError("inside")

    def refused(progress, cancel) -> None:
        raise TandemError("No lever is pulled.", "Pull one.")

    bench = Bench()
    assert done(bench.ask("a", "kind", "digest", "me", broken)).fault is FAULT
    told = done(bench.ask("b", "kind", "digest", "me", refused)).fault
    assert told
    assert told.message == "No lever is pulled."
    assert bench.find("a") is None
    assert bench.find("b") is None

"""Studies in the background: shared, joined, one of a kind for each planner, told when they end badly."""

import threading

import pytest

from models.errors import TandemError
from questions.jobs import FAULT, Job, Jobs
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


def done(job: Job) -> Job:
    assert job.done.wait(WAIT)
    return job


def test_the_same_study_is_worked_out_once_and_remembered() -> None:
    jobs, work = Jobs(), Slow()
    one = jobs.start("a", "kind", "digest", "me", work)
    assert jobs.start("a", "kind", "digest", "you", work) is one
    work.go.set()
    assert done(one).answer == "found"
    assert jobs.start("a", "kind", "digest", "they", work) is one
    assert jobs.start("a", "kind", "digest", "she", work) is one
    assert work.runs == 1


def test_leaving_does_not_stop_it_for_others() -> None:
    jobs, work = Jobs(), Slow()
    job = jobs.start("a", "kind", "digest", "me", work)
    jobs.start("a", "kind", "digest", "you", work)
    jobs.cancel(job, "me")
    assert not job.cancel.is_set()
    jobs.cancel(job, "you")
    assert isinstance(done(job).fault, Cancelled)
    again = jobs.start("a", "kind", "digest", "me", work)
    assert again is not job  # it can be asked for again
    work.go.set()
    done(again)


def test_a_planner_has_one_of_a_kind_and_none_of_another_question() -> None:
    jobs, first, other = Jobs(), Slow(), Slow()
    one = jobs.start("a", "kind", "digest", "me", first)
    two = jobs.start("b", "kind", "digest", "me", other)
    assert isinstance(done(one).fault, Cancelled)
    jobs.leave_others("digest", "me")
    assert not two.cancel.is_set()
    jobs.leave_others("another question", "me")
    assert isinstance(done(two).fault, Cancelled)


def test_the_second_waits_for_the_first_and_says_so() -> None:
    jobs, first, second = Jobs(), Slow(), Slow()
    one = jobs.start("a", "kind", "digest", "me", first)
    assert first.begun.wait(WAIT)
    two = jobs.start("b", "kind", "digest", "you", second)
    for _ in range(1000):
        if two.waiting:
            break
        threading.Event().wait(0.01)
    assert "another" in two.waiting
    assert not second.begun.is_set()
    first.go.set()
    second.go.set()
    assert (done(one).answer, done(two).answer) == ("found", "found")
    assert two.waiting == ""


def test_a_fault_is_told_and_not_remembered() -> None:
    def broken(progress, cancel) -> None:
        raise ValueError("inside")

    def refused(progress, cancel) -> None:
        raise TandemError("No lever is pulled.", "Pull one.")

    jobs = Jobs()
    assert done(jobs.start("a", "kind", "digest", "me", broken)).fault is FAULT
    told = done(jobs.start("b", "kind", "digest", "me", refused)).fault
    assert told
    assert told.message == "No lever is pulled."
    assert jobs.start("a", "kind", "digest", "me", refused).fault is not FAULT


def test_no_more_than_so_many_of_a_kind_are_remembered() -> None:
    jobs, works = Jobs(2), [Slow() for _ in range(3)]
    for place, work in enumerate(works):
        work.go.set()
        done(jobs.start(place, "kind", "digest", "me", work))
    jobs.start(2, "kind", "digest", "me", works[2])
    done(jobs.start(0, "kind", "digest", "me", works[0]))
    assert [work.runs for work in works] == [2, 1, 1]

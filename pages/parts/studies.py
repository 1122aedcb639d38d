"""Deeper looks at an answer in the lab, worked out in the background when asked for."""

from collections.abc import Callable, Hashable
from threading import Event
from typing import Any

import streamlit as st

from data.database.store import Store
from models.calibration.rates import Calibration
from models.errors import TandemError
from models.pairing.default_pair import with_trusts
from models.scenarios.goals import Goal
from models.scenarios.parameters_to_vary import Mix
from pages.parts.runs import desk
from questions.jobs import Study, Task, Work, bench, in_words
from questions.question import Request
from sim.observers.wait_profiles import Profiles, profiles
from sim.runs.common_random_numbers import PairedRuns, with_baseline
from sim.runs.runner import Progress
from sim.studies.attribution import Waterfall, attribute
from sim.studies.sensitivity import Tornado, tornado
from sim.studies.solve import Solution, solve

POLL_SECONDS = 0.4
TORNADO_FUTURES = 10  # of the answer's: it takes two runs at both ends of each of a dozen ranges
ALONE = 1  # core: the other is for the planner who moves a lever meanwhile


def study(
    kind: str, request: Request, store: Store, work: Work, *, button: str, about: str, asks: Hashable = ()
) -> Any | None:
    """The value of a study of `request` once it is done; until then a button to ask for it, or its way.

    `asks` is what is asked beside the question itself; `about` says what it takes.
    """
    name = (kind, str(store.path), request.digest, asks)
    watcher: str = st.session_state["lab_watcher"]
    found = bench().find(name)
    if found and found.done.is_set() and found.fault is None:
        return found.value

    def ask() -> None:
        st.session_state[f"lab_study_{kind}"] = bench().ask(name, kind, request.digest, watcher, work)

    if found:  # somebody else's is joined
        ask()
    own: Study | None = st.session_state.get(f"lab_study_{kind}")
    if own and found is own and not own.done.is_set():
        watch(own, lambda: bench().cancel(own, watcher), f"cancel_{kind}")
        return None
    if own and own.fault and own.digest == request.digest:
        st.warning(_said(own.fault))
    st.caption(about)
    st.button(button, on_click=ask, key=f"ask_{kind}", icon=":material/play_arrow:")
    return None


def watch(task: Task, cancel: Callable[[], None], key: str) -> None:
    """Show how far a task is until it is done, with a button that stops it; then draw the page again."""

    @st.fragment(run_every=POLL_SECONDS)
    def look() -> None:
        if task.done.is_set():
            st.rerun()
        left = task.seconds_left()
        said = task.waiting or ("Running …" if left is None else f"Running … {in_words(left)} left")
        st.progress(min(task.share, 1.0), text=said)
        if st.button("Cancel", key=key):
            cancel()
            task.done.wait(3)
            st.rerun()

    look()


def attribution(store: Store, request: Request) -> Work:
    """The work of parting the change among the levers, in the answer's own futures: a `Waterfall`."""

    def work(progress: Progress, cancel: Event) -> Waterfall:
        found = desk().calibration(store, request)
        scenario = with_trusts(request.scenario, found)
        return attribute(found, scenario, _paired(request), progress=progress, cancel=cancel)

    return work


def sensitivity(store: Store, request: Request) -> Work:
    """The work of putting each assumption at both ends of its likely range: a `Tornado`."""

    def work(progress: Progress, cancel: Event) -> Tornado:
        scenario = with_trusts(request.scenario, desk().calibration(store, request))
        return tornado(
            lambda each: desk().calibration(store, request, each),
            scenario,
            _paired(request, TORNADO_FUTURES),
            progress=progress,
            cancel=cancel,
        )

    return work


def moving(store: Store, request: Request) -> Work:
    """The work of following the list week by week: `Profiles` of the scenario, then of the baseline."""

    def work(progress: Progress, cancel: Event) -> tuple[Profiles, ...]:
        found = desk().calibration(store, request)
        scenario = with_trusts(request.scenario, found)
        return profiles(
            found,
            with_baseline(scenario),
            seed=request.seed,
            weeks=request.weeks,
            replications=request.replications,
            workers=ALONE,
            progress=progress,
            cancel=cancel,
        )

    return work


def solution(store: Store, request: Request, goal: Goal, turned: Callable[[Calibration], Mix]) -> Work:
    """The work of finding the least of a mix that reaches a goal: a `Solution`. `turned` gives the mix."""

    def work(progress: Progress, cancel: Event) -> Solution:
        found = desk().calibration(store, request)
        return solve(
            found,
            turned(found),
            goal,
            seed=request.seed,
            replications=request.replications,
            workers=ALONE,
            progress=progress,
            cancel=cancel,
        )

    return work


def _paired(request: Request, most: int = 1000) -> PairedRuns:
    return PairedRuns(
        weeks=request.weeks, replications=min(request.replications, most), seed=request.seed, workers=ALONE
    )


def _said(fault: TandemError) -> str:
    return f"{fault.message} {fault.remedy}".strip()

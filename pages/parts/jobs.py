"""Questions answered behind a page: how far they are, a button to ask, one to stop."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from data.database.store import Store
from models.errors import TandemError
from questions.ask import Answer, Asked
from questions.jobs import Job, in_words, jobs

POLL_SECONDS = 0.4
AT_ONCE = 0.05  # seconds in which what is remembered is there

Given = TypeVar("Given", bound=Answer)


def answer_of(store: Store, asked: Asked[Given], watcher: str) -> Job:
    """The job that answers this, which is done already where the answer is remembered."""
    job = jobs().ask(store, asked, watcher)
    job.done.wait(AT_ONCE)
    return job


def study(store: Store, asked: Asked[Given], *, button: str, about: str) -> Given | None:
    """The answer to a deeper look once it is there; until then a button to ask for it, or its way.

    `about` says what it takes.
    """
    kind, watcher = str(asked.key[0]), str(st.session_state["lab_watcher"])
    known = jobs().find(store, asked)
    if known and known.answered:
        answer: Given = known.answer
        return answer

    def ask() -> None:
        st.session_state[f"lab_study_{kind}"] = jobs().ask(store, asked, watcher)

    if known:  # somebody else's is joined
        ask()
    own: Job | None = st.session_state.get(f"lab_study_{kind}")
    if own and known is own and not own.done.is_set():
        watch(own, lambda: jobs().cancel(own, watcher), f"cancel_{kind}")
        return None
    if own and own.fault and own.about == asked.question.digest:
        st.warning(_in_a_line(own.fault))
    st.caption(about)
    st.button(button, on_click=ask, key=f"ask_{kind}", icon=":material/play_arrow:")
    return None


def watch(job: Job, cancel: Callable[[], None], key: str) -> None:
    """Show how far a job is until it is done, with a button that stops it; then draw the page again."""

    @st.fragment(run_every=POLL_SECONDS)
    def look() -> None:
        if job.done.is_set():
            st.rerun()
        left = job.seconds_left()
        words = job.waiting or ("Running …" if left is None else f"Running … {in_words(left)} left")
        st.progress(min(job.share, 1.0), text=words)
        if st.button("Cancel", key=key):
            cancel()
            job.done.wait(3)
            st.rerun()

    look()


def finished(
    store: Store, asked: Asked[Given], watcher: str, stopped: str, cancel_key: str, caption: str = ""
) -> Given | None:
    """The answer once it is there; until then how far it is, that it was stopped, or why it ended.

    `stopped` names the place in the session where a stop is noted.
    """
    state, digest = st.session_state, asked.question.digest
    if state.get(stopped) == digest:
        st.warning("The run was stopped before it was done.")
        st.button(
            "Run again",
            on_click=state.pop,
            args=(stopped,),
            key=f"{stopped}_again",
            icon=":material/play_arrow:",
        )
        return None
    job = answer_of(store, asked, watcher)
    if not job.done.is_set():

        def stop() -> None:
            state[stopped] = digest
            jobs().cancel(job, watcher)

        if caption:
            st.caption(caption)
        watch(job, stop, cancel_key)
        return None
    if job.fault:
        st.error(f"{job.fault.message}\n\n**What to do:** {job.fault.remedy}")
        return None
    answer: Given = job.answer
    return answer


def _in_a_line(fault: TandemError) -> str:
    return f"{fault.message} {fault.remedy}".strip()

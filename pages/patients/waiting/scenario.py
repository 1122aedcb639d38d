"""What a scenario does to an area's waits and its GPs' work, run behind the page."""

from collections.abc import Mapping

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from pages.parts.jobs import answer_of, watch
from questions.choice import Choice
from questions.jobs import jobs
from questions.question import Question, canonical
from questions.waits import WhileYouWait, WhileYouWaitAnswer

STOPPED = "while_you_wait_stopped"
REFERRED: Mapping[int, str] = {0: "now", 26: "in six months", 52: "in a year"}
WEEKS, FUTURES = 52, 10


def under_scenario(
    store: Store, board: str, month: str, choice: Choice, watcher: str
) -> WhileYouWaitAnswer | None:
    """The answer once it is worked out; until then how far it is."""
    question = Question(board, month, edition(store, month), canonical(choice.scenario), WEEKS, FUTURES)
    if st.session_state.get(STOPPED) == question.digest:
        st.caption("The scenario was stopped before it was worked out.")
        st.button("Run it", on_click=st.session_state.pop, args=(STOPPED,), icon=":material/play_arrow:")
        return None
    job = answer_of(store, WhileYouWait(question, tuple(REFERRED)), watcher)
    if not job.done.is_set():

        def stop() -> None:
            st.session_state[STOPPED] = question.digest
            jobs().cancel(job, watcher)

        watch(job, stop, "while_you_wait_cancel")
        return None
    if job.fault:
        st.warning(f"{job.fault.message} {job.fault.remedy}".strip())
        return None
    answer: WhileYouWaitAnswer = job.answer
    return answer

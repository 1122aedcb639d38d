"""What a scenario does to an area's waits and its GPs' work, run behind the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.returns.gp_work import area_shares
from data.returns.wait_curves import curves_of
from models.pairing.default_pair import with_trusts
from models.scenarios.presets import baseline_for
from models.waits.expected_waits import WaitCurves
from models.waits.gp_work import area_lists
from pages.parts.runs import desk
from pages.parts.studies import ALONE, watch
from questions.choice import Choice
from questions.jobs import Study, Work, bench
from questions.question import Request, canonical
from sim.observers.expected_waits import expected_waits
from sim.observers.gp_work import GpChange, gp_change
from sim.runs.runner import Progress

KIND = "while_you_wait"
REFERRED: Mapping[int, str] = {0: "now", 26: "in six months", 52: "in a year"}
WEEKS, FUTURES = 52, 10
PART = 0.8  # of the way: the waits


@dataclass(frozen=True)
class Under:
    """A scenario's answer for a board: curves by weeks until the referral, and GP work a year on."""

    curves: Mapping[int, WaitCurves]
    gp: GpChange


def under_scenario(
    store: Store, board: str, month: str, names: Mapping[str, str], choice: Choice, watcher: str
) -> Under | None:
    """The answer once it is worked out; until then how far it is. `names` are the board's areas by code."""
    request = Request(board, month, edition(store, month), canonical(choice.scenario), WEEKS, FUTURES)
    name = (KIND, str(store.path), request.digest)
    stopped = f"{KIND}_stopped"
    if st.session_state.get(stopped) == request.digest:
        st.caption("The scenario was stopped before it was worked out.")
        st.button("Run it", on_click=st.session_state.pop, args=(stopped,), icon=":material/play_arrow:")
        return None
    study = bench().ask(name, KIND, request.digest, watcher, _work(store, request, names))
    study.done.wait(0.05)  # what is remembered is there at once
    if not study.done.is_set():

        def stop(asked: Study = study) -> None:
            st.session_state[stopped] = request.digest
            bench().cancel(asked, watcher)

        watch(study, stop, f"{KIND}_cancel")
        return None
    if study.fault:
        st.warning(f"{study.fault.message} {study.fault.remedy}".strip())
        return None
    found: Under = study.value
    return found


def _work(store: Store, request: Request, names: Mapping[str, str]) -> Work:
    def work(progress: Progress, cancel: Event) -> Under:
        found = desk().calibration(store, request)
        scenario = with_trusts(request.scenario, found)
        before, after = expected_waits(
            found,
            [baseline_for(scenario), scenario],
            referred=tuple(REFERRED),
            seed=request.seed,
            replications=request.replications,
            workers=ALONE,
            progress=lambda share: progress(PART * share),
            cancel=cancel,
        )
        today = curves_of(store, request.month)
        lists = area_lists(
            area_shares(store, request.scope, request.month),
            names,
            found.providers.tolist(),
            found.treatment_functions.tolist(),
        )
        return Under(
            {
                weeks: today.under(
                    before.providers, before.treatment_functions, before.left[place], after.left[place]
                )
                for place, weeks in enumerate(REFERRED)
            },
            gp_change(
                found,
                scenario,
                lists,
                weeks=request.weeks,
                seed=request.seed,
                workers=ALONE,
                progress=lambda share: progress(PART + (1 - PART) * share),
                cancel=cancel,
            ),
        )

    return work

"""Step 3 of the match preview: match two lists, look at what comes of it, take answers down, undo them."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from data.database.store import Store
from data.imports.identity import identity_in
from data.saved.matching import LONGEST_NAME, MatchingList, matching_lists, slots_of
from data.saved.matching_steps import (
    Matching,
    decisions_of,
    keep_matching,
    matchings,
    record_answer,
    steps_of,
    undo_answer,
)
from models.errors import TandemError
from models.matching.answers import answered
from models.matching.preview import Preview
from models.matching.terms import Answer, Decision, Terms
from models.rtt.organisations import Provider
from pages.parts.jobs import watch
from pages.parts.scope import choose, linked_choice
from pages.sharing.matching.card import show_card
from pages.sharing.matching.export import show_export
from pages.sharing.matching.fairness import show_fairness, show_give_and_take
from pages.sharing.matching.job import ask, digest_of, matching_work
from pages.sharing.matching.map import show_map
from pages.sharing.matching.matches import show_answer, show_flows, show_matches
from pages.sharing.matching.patients import stored_patients
from pages.sharing.matching.tables import CARD_TAB, PATIENT_KEY, TAB_KEY, table
from pages.sharing.matching.unmatched import show_unmatched, show_unused
from questions.jobs import Job, jobs

state = st.session_state


def show_step(
    store: Store, board: str, place: str, as_of: date, who: str, providers: Mapping[str, Provider]
) -> None:
    """Draw the preview chosen, and how to make one of the two lists chosen in the steps before."""
    _show_terms(store, board, as_of, who)
    chosen = _choose(store, board)
    if chosen is None:
        return
    job = _job(store, chosen)
    if not job.done.is_set():
        watch(job, lambda: jobs().cancel(job, state["match_watcher"]), "match_stop")
        return
    if job.fault:
        st.error(f"**This can't be matched.** {job.fault.message}\n\n**What to do:** {job.fault.remedy}")
        _show_history(store, chosen, who)
        return
    _show_preview(store, chosen, job.answer, place, who, providers)


def lists_chosen(store: Store, board: str) -> tuple[MatchingList | None, MatchingList | None]:
    """Gives the list of patients and that of slots chosen in the steps before; None where there is none."""
    chosen = []
    for side in ("patients", "slots"):
        stored = {each.id: each for each in matching_lists(store, side, board)}
        named = st.query_params.get(side) or state.get(f"linked_{side}", "")
        chosen.append(stored.get(named) or next(iter(stored.values()), None))
    return chosen[0], chosen[1]


def match(store: Store, board: str, terms: Terms, who: str) -> None:
    """Keep a matching of the two lists chosen, and choose it. For use in callbacks."""
    patients, slots = lists_chosen(store, board)
    assert patients is not None
    assert slots is not None
    name = f"{patients.name} to {slots.name}"
    if len(name) > LONGEST_NAME or identity_in(name):  # digits of two names can look like a telephone number
        name = f"Preview of {terms.as_of:%B %Y}"
    choose("matching", keep_matching(store, name, patients.id, slots.id, terms, who).id)
    state.pop(PATIENT_KEY, None)


def _show_terms(store: Store, board: str, as_of: date, who: str) -> None:
    patients, slots = lists_chosen(store, board)
    if patients is None or slots is None:
        missing = " and ".join(
            name for name, each in (("who is waiting", patients), ("what is offered", slots)) if each is None
        )
        st.info(f"Bring in or make up {missing} first: the steps are above.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{patients.name}** ({patients.rows:,} patients)  \nto **{slots.name}**")
        asked = st.toggle(
            "Count those whose home trust has yet to answer",
            key="match_count_asked",
            help="Patients whose home trust has been asked whether a move suits, and has not answered.",
        )
        st.button(
            "Match",
            type="primary",
            key="match_go",
            icon=":material/play_arrow:",
            on_click=lambda: match(store, board, Terms(as_of, asked), who),
        )


def _choose(store: Store, board: str) -> Matching | None:
    """Draws the selector of previews whose lists are still held, and gives the one chosen."""
    lists = {each.id for side in ("patients", "slots") for each in matching_lists(store, side)}
    kept = {
        each.id: each for each in matchings(store, board) if each.patients in lists and each.slots in lists
    }
    if len(kept) < 2:
        return next(iter(kept.values()), None)
    chosen = linked_choice(
        "matching",
        "Preview",
        list(kept),
        next(iter(kept)),
        format_func=lambda identity: _called(kept[identity]),
        explain=lambda identity: "The preview of the link is not held for this board. Shown is the newest.",
    )
    return kept[chosen]


def _called(each: Matching) -> str:
    asked = ", with those asked" if each.terms.count_asked else ""
    return f"{each.name} · as of {each.terms.as_of:%-d %b %Y}{asked} · made {each.made_at:%-d %b %H:%M} UTC"


def _job(store: Store, chosen: Matching) -> Job:
    patients, slots = stored_patients(store, chosen.patients), slots_of(store, chosen.slots)
    decisions = decisions_of(store, chosen.id)
    stamp = int(pd.util.hash_pandas_object(slots, index=False).sum())  # slots can be edited
    digest = digest_of((str(store.path), chosen.patients, chosen.slots, stamp), chosen.terms, decisions)
    watcher = state.setdefault("match_watcher", uuid.uuid4().hex)
    return ask(matching_work(patients, slots, chosen.terms, decisions), digest, watcher)


def _show_preview(
    store: Store, chosen: Matching, preview: Preview, place: str, who: str, providers: Mapping[str, Provider]
) -> None:
    show_answer(preview)
    names = {code: each.plain_name for code, each in providers.items()}
    steps = len(steps_of(store, chosen.id))
    refused: TandemError | None = state.pop("match_fault", None)
    if refused:
        st.error(f"**Nothing was recorded.** {refused.message}\n\n**What to do:** {refused.remedy}")
    if told := state.pop("match_toast", ""):
        st.toast(told)

    def take(decision: Decision) -> None:
        try:
            answered(preview.offers, preview.decisions, decision)
            record_answer(store, chosen.id, decision, after=steps)
        except TandemError as fault:
            state["match_fault"] = fault
        else:
            state["match_toast"] = f"{decision.answer.capitalize()}: taken down, and matched again."

    about = {"Preview": chosen.name, "Made by": chosen.who or "not said"}
    draw: dict[str, Callable[[], None]] = {
        "Who would go where": lambda: _show_who_goes_where(store, preview, providers, names),
        CARD_TAB: lambda: show_card(preview, names, who, take),
        "No place, and why": lambda: show_unmatched(preview, names),
        "Places left": lambda: show_unused(preview, names),
        "Fairness": lambda: show_fairness(preview),
        "Give and take": lambda: show_give_and_take(preview, names),
        "Answers so far": lambda: _show_history(store, chosen, who),
        "Take away": lambda: show_export(preview, names, place, about),
    }
    shown = st.segmented_control(
        "Shown",
        list(draw),
        default=next(iter(draw)),
        required=True,
        key=TAB_KEY,
        label_visibility="collapsed",
    )
    draw[shown]()


def _show_who_goes_where(
    store: Store, preview: Preview, providers: Mapping[str, Provider], names: Mapping[str, str]
) -> None:
    show_map(store, preview, providers)
    show_flows(preview, names)
    show_matches(preview, names)


def _show_history(store: Store, chosen: Matching, who: str) -> None:
    steps = steps_of(store, chosen.id)
    if not len(steps):
        st.info("Nobody has answered yet. Answers are taken down on a patient's card.")
        return
    history = steps.assign(
        answer=[
            f"took back step {int(row.undoes)} ({row.answer})" if pd.notna(row.undoes) else row.answer
            for row in steps.itertuples(index=False)
        ],
        reason=steps["reason"].where(steps["answer"] == Answer.REFUSED.value, ""),
    )
    st.caption("Every step is kept, with who took it down and when. Taking one back is a step of its own.")
    table(
        history.iloc[::-1],
        ["step", "patient_id", "slot_id", "answer", "reason", "note", "who", "changed_at"],
        key="match_steps",
        alt="Answers so far, the latest first",
    )
    if steps["standing"].any():
        _show_undo(store, chosen, steps, who)


def _show_undo(store: Store, chosen: Matching, steps: pd.DataFrame, who: str) -> None:
    standing = steps[steps["standing"]].iloc[::-1]
    labels = {
        int(row.step): f"Step {row.step}: {row.patient_id}, {row.answer} {row.slot_id}"
        for row in standing.itertuples(index=False)
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.selectbox(
            "Take back",
            list(labels),
            format_func=lambda each: labels[each],
            key=f"match_undo_step_{len(steps)}",
            width=420,
        )
        if st.button("Undo this answer", key="match_undo"):
            try:
                undo_answer(
                    store,
                    chosen.id,
                    int(step),
                    after=len(steps),
                    who=who,
                    when=datetime.now(UTC).replace(tzinfo=None),
                )
            except TandemError as fault:
                state["match_fault"] = fault
            else:
                state["match_toast"] = "Taken back, and matched again."
            st.rerun()

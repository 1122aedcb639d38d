"""Saved scenarios in the lab: save, describe, version, copy, delete with undo, and the link to one."""

import json
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.saved.scenarios import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    Outdated,
    SavedScenario,
    copy_scenario,
    delete_scenario,
    restore_scenario,
    save_scenario,
    saved_scenario,
    saved_scenarios,
    scenario_versions,
)
from models.errors import TandemError
from models.rtt.months import month_label
from models.scenarios.scenario import read_scenario
from questions.question import Question, canonical

Open = Callable[[SavedScenario], None]
state = st.session_state


def request_of(store: Store, saved: SavedScenario, held: Sequence[str]) -> Question:
    """The question that was saved, on its own figures; raises TandemError where they are not held."""
    if saved.data_month not in held:
        raise TandemError(
            f"'{saved.name}' was run on the figures of {month_label(saved.data_month)}, which are not held "
            "here.",
            "Import that month on the Data page, or choose another scenario below.",
        )
    return Question(
        saved.scope,
        saved.data_month,
        edition(store, saved.data_month),
        canonical(read_scenario(saved.document)),
        saved.weeks,
        saved.replications,
        saved.seed,
    )


def saved_link(page: str, saved: SavedScenario) -> str:
    """The link that opens exactly this version, on the address of the page."""
    return f"{page}?{urlencode(saved_parameters(saved))}"


def saved_parameters(saved: SavedScenario) -> dict[str, str]:
    """The link's query for a saved version."""
    return {"saved": saved.id, "version": str(saved.version)}


def read_saved(store: Store, identity: str, version: str) -> SavedScenario:
    """The saved version that a link names, the newest where it names none; raises TandemError."""
    if version and not (version.isascii() and version.isdigit() and len(version) < 7):
        raise TandemError(
            f"The link gives the version as {version[:20]!r}, which is not a whole number.",
            "Correct the link, or choose the scenario below.",
        )
    return saved_scenario(store, identity, int(version) if version else None)


def to_save(
    question: Question, name: str, description: str, basis: SavedScenario | None = None
) -> SavedScenario:
    """The question under a name, as a new scenario, or as the next version of `basis`."""
    document = json.loads(question.document) | {"title": " ".join(name.split()), "description": description}
    return SavedScenario(
        name=name,
        description=description,
        document=document,
        scope=question.scope,
        data_month=question.month,
        edition=question.edition,
        weeks=question.weeks,
        replications=question.replications,
        seed=question.seed,
        id=basis.id if basis else "",
        version=basis.version if basis else 0,
    )


@st.dialog("Save this scenario")
def save_dialog(store: Store, question: Question, basis: SavedScenario | None, opened: Open) -> None:
    """Ask for a name and description and save; says so when somebody else saved in the meantime."""
    name = st.text_input(
        "Name", basis.name if basis else _proposed(question), max_chars=LONGEST_NAME, key="save_name"
    )
    description = st.text_area(
        "Description",
        basis.description if basis else question.scenario.description,
        max_chars=LONGEST_DESCRIPTION,
        height=90,
        key="save_description",
        placeholder="What it is for, and what was agreed",
    )
    ways = [f"As version {basis.version + 1} of '{basis.name}'", "As a new scenario"] if basis else []
    way = st.radio("Save it", ways, key="save_way", label_visibility="collapsed") if ways else ""
    st.caption(
        f"Kept with it: figures to {month_label(question.month)}, {question.weeks} weeks, "
        f"{question.replications} futures, seed {question.seed}. Every version is kept."
    )
    if st.button("Save", type="primary", key="save_now"):
        onto = basis if way and way == ways[0] else None
        try:
            saved = save_scenario(store, to_save(question, name, description, onto))
        except Outdated as fault:
            state["save_outdated"] = fault
        except TandemError as fault:
            st.error(f"{fault.message}\n\n**What to do:** {fault.remedy}")
        else:
            opened(saved)
            state["lab_toast"] = f"Saved as version {saved.version} of '{saved.name}'."
            st.rerun()
    outdated: Outdated | None = state.get("save_outdated")
    if outdated and basis:
        st.error(f"{outdated.message}\n\n**What to do:** {outdated.remedy}")
        if st.button("Look at the newest version", key="save_look"):
            state.pop("save_outdated")
            opened(saved_scenario(store, basis.id))
            st.rerun()


@st.dialog("Versions", width="large")
def versions_dialog(store: Store, saved: SavedScenario, opened: Open) -> None:
    """List every version of a saved scenario; each can be opened."""
    st.markdown(f"**{saved.name}**")
    for each in scenario_versions(store, saved.id):
        words, opener = st.columns([4, 1], vertical_alignment="center")
        words.markdown(
            f"**Version {each.version}**, {_said(each)}  \n{each.description or 'No description.'}"
        )
        if opener.button("Open", key=f"version_{each.version}", width="stretch"):
            opened(each)
            st.rerun()


def show_saved(store: Store, scope: str, shown: SavedScenario | None, newest: str, opened: Open) -> None:
    """List the scope's saved scenarios, each with what can be done with it, and what was deleted."""
    saved = saved_scenarios(store, scope)
    if not saved:
        st.info("No scenario is saved for this board yet. Run one and press Save: others here will see it.")
    for each in saved:
        _show_row(store, each, shown is not None and shown.id == each.id, newest, opened)
    deleted = saved_scenarios(store, scope, deleted=True)
    if deleted:
        with st.expander(f"Deleted ({len(deleted)})"):
            for each in deleted:
                words, button = st.columns([4, 1], vertical_alignment="center")
                words.markdown(f"{each.name}  \n{_said(each)}")
                button.button(
                    "Restore",
                    key=f"restore_{each.id}",
                    on_click=_restore,
                    args=(store, each),
                    width="stretch",
                )


def show_undo(store: Store) -> None:
    """Say what was deleted last, and offer to take it back."""
    gone: SavedScenario | None = state.get("lab_deleted")
    if gone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"'{gone.name}' is deleted.")
        st.button("Undo", key="undo_delete", on_click=_restore, args=(store, gone), icon=":material/undo:")


def show_notice(store: Store, saved: SavedScenario) -> None:
    """Say what is shown: which version of what, whether there is a newer one, whether it was deleted."""
    newest = saved_scenario(store, saved.id)
    words = f"**{saved.name}**, version {saved.version}, {_said(saved)}."
    if saved.description:
        words += f"  \n{saved.description}"
    if newest.version > saved.version:
        words += f"  \nVersion {newest.version} is newer, {_said(newest)}."
    if newest.deleted:
        words += "  \nIt was deleted since; it can be restored under Start from, Saved here."
    st.markdown(words)


def _show_row(store: Store, each: SavedScenario, shown: bool, newest: str, opened: Open) -> None:
    with st.container(border=True):
        words, buttons = st.columns([3, 2], vertical_alignment="center")
        older = " · newer figures have arrived" if each.data_month < newest else ""
        described = f"{each.description}  \n" if each.description else ""
        words.markdown(
            f"**{each.name}**{' (shown)' if shown else ''}  \n{described}"
            f":small[Version {each.version} · {_said(each)} · "
            f"figures to {month_label(each.data_month)}{older}]"
        )
        with buttons, st.container(horizontal=True, horizontal_alignment="right"):
            st.button("Open", key=f"open_{each.id}", on_click=opened, args=(each,), type="primary")
            if st.button("Versions", key=f"versions_{each.id}"):
                versions_dialog(store, each, opened)
            st.button("Copy", key=f"copy_{each.id}", on_click=_copy, args=(store, each))
            st.button("Delete", key=f"delete_{each.id}", on_click=_delete, args=(store, each))


def _copy(store: Store, each: SavedScenario) -> None:
    made = copy_scenario(store, each.id)
    state["lab_toast"] = f"Saved a copy as '{made.name}'."


def _delete(store: Store, each: SavedScenario) -> None:
    state["lab_deleted"] = delete_scenario(store, each.id)


def _restore(store: Store, each: SavedScenario) -> None:
    back = restore_scenario(store, each.id)
    gone: SavedScenario | None = state.get("lab_deleted")
    if gone and gone.id == back.id:
        state.pop("lab_deleted")
    state["lab_toast"] = f"'{back.name}' is back."


def _proposed(question: Question) -> str:
    return question.scenario.title.removeprefix("Your scenario: ")[:LONGEST_NAME].capitalize()


def _said(each: SavedScenario) -> str:
    when = each.saved_at
    return f"saved {when.day} {when:%B %Y at %H:%M} UTC" if when else "not saved"

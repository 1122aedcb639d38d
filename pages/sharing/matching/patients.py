"""Step 1 of the match preview, who is waiting; and what both sides share: a list chosen, or made up."""

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from data.database.store import Store
from data.imports.identity import identity_in
from data.imports.patients import read_patients
from data.returns.lists import by_provider
from data.saved.matching import (
    LONGEST_NAME,
    MatchingList,
    delete_list,
    matching_lists,
    patients_of,
    store_patients,
)
from data.synthetic.patients import synthetic_patients
from models.errors import TandemError
from pages.parts.scope import choose, forget, linked_choice
from pages.parts.store import held_months
from pages.parts.upload import show_refusal, show_templates, show_upload
from pages.sharing.matching.lists import Side, list_file, list_importer, show_patients

SIZE = 2_000  # patients of a synthetic list, unless another number is chosen
SEED = 42
SYNTHETIC = "Synthetic: made up by Tandem"


def show_step(store: Store, board: str, place: str, as_of: date, who: str) -> None:
    """Draw the list of patients chosen and its warnings, or how to bring one in."""
    chosen = choose_list(store, board, "patients", "List of patients")
    if chosen is not None:
        show_label(chosen)
        patients = stored_patients(store, chosen.id)
        show_patients(patients)
        show_list_tools(store, chosen, patients, "patients")
    bring_in, make_up = st.columns(2, gap="large")
    with bring_in:
        _show_import(store, board, as_of, who)
    with make_up:
        _show_making_up(store, board, place, as_of, who)


def _show_import(store: Store, board: str, as_of: date, who: str) -> None:
    st.markdown("#### Bring in a list")
    st.caption(
        "CSV, Excel or Parquet, under pseudonyms. A list with an NHS number, a name, a date of birth, a "
        "full postcode, a telephone number or an e-mail address is refused, and nothing of it is stored."
    )
    importer = list_importer(
        "patients",
        "List of waiting patients",
        lambda file: read_patients(file, as_of),
        lambda frame, name: keep(
            store,
            board,
            "patients",
            name,
            lambda given: store_patients(store, board, given, frame, {"file": given}, who),
        ),
    )
    show_upload(importer)
    show_templates(importer)


def _show_making_up(store: Store, board: str, place: str, as_of: date, who: str) -> None:
    st.markdown("#### Or make one up")
    waiting = int(by_provider(store, board, held_months(store)[-1])["waiting"].sum())
    st.caption(
        f"Drawn to agree with the real list of {place}: by provider, treatment function and weeks; "
        "homes, age, sex and deprivation as published. The rest is assumed. It "
        "is labelled synthetic wherever it is shown."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        most = max(min(waiting, 100_000), 1)
        size = st.number_input(
            "Patients",
            1,
            most,
            min(SIZE, most),
            step=500,
            key="match_size",
            width=160,
            help=f"{waiting:,} wait at the providers of {place}",
        )
        seed = st.number_input(
            "Seed",
            0,
            2**31 - 1,
            SEED,
            step=1,
            key="match_seed",
            width=120,
            help="The same seed gives the same list.",
        )
        asked = st.button("Make it up", key="match_make_patients")
    if asked:
        with st.spinner("Making up the list …"):
            made = _tried(lambda: make_patients(store, board, int(size), int(seed), as_of, who))
        if made:
            st.rerun()


def make_patients(store: Store, board: str, size: int, seed: int, as_of: date, who: str) -> None:
    """Make up a list of patients, store it and choose it."""
    frame = synthetic_patients(store, board, size, seed, as_of)
    about = {"synthetic": True, "size": size, "seed": seed, "as_of": str(as_of)}
    keep(
        store,
        board,
        "patients",
        f"{size:,} synthetic patients, seed {seed}",
        lambda name: store_patients(store, board, name, frame, about, who),
    )


@st.cache_resource(show_spinner="Reading the list …", max_entries=4)
def _read_patients(_store: Store, path: str, identity: str) -> pd.DataFrame:
    return patients_of(_store, identity)


def stored_patients(store: Store, identity: str) -> pd.DataFrame:
    """The patients of a list, which never change once stored. Shared by all planners: only read it."""
    return _read_patients(store, str(store.path), identity)


def keep(store: Store, board: str, side: Side, name: str, stored: Callable[[str], MatchingList]) -> None:
    """Store a list by `stored`, under a name that is not taken and names nobody, and choose it."""
    if identity_in(name) or len(name) > LONGEST_NAME - 5:  # files are called after days and people too
        name = f"Uploaded {side}"
    taken = {each.name.casefold() for each in matching_lists(store, side, board)}
    choose(side, stored(free_name(name, taken)).id)


def free_name(name: str, taken: Sequence[str] | set[str]) -> str:
    """Gives the name, with a number behind it where it is taken."""
    number, given = 2, name
    while given.casefold() in taken:
        given, number = f"{name}, {number}", number + 1
    return given


def choose_list(store: Store, board: str, side: Side, label: str) -> MatchingList | None:
    """Draws the selector of a side's lists, and gives the one chosen; None where the board has none."""
    lists = {each.id: each for each in matching_lists(store, side, board)}
    if not lists:
        forget(side)
        return None
    chosen = linked_choice(
        side,
        label,
        list(lists),
        next(iter(lists)),
        format_func=lambda identity: _called(lists[identity]),
        explain=lambda identity: "The list of the link is not held for this board. Shown is the newest.",
    )
    return lists[chosen]


def _called(each: MatchingList) -> str:
    made_up = " · synthetic" if each.synthetic and "synthetic" not in each.name.casefold() else ""
    return f"{each.name}{made_up} · {each.stored_at:%-d %b %Y}"


def show_label(chosen: MatchingList) -> None:
    """Say that a list is made up, where it is."""
    if chosen.synthetic:
        st.badge(SYNTHETIC, icon=":material/science:", color="orange")


def show_list_tools(store: Store, chosen: MatchingList, frame: pd.DataFrame, side: Side) -> None:
    """Draw what can be done with a whole list: take it away as a file, or delete it."""
    with st.container(horizontal=True):
        st.download_button(
            "This list, CSV",
            lambda: list_file(frame, side),
            f"{chosen.name}.csv",
            on_click="ignore",
            key=f"match_{side}_file",
            icon=":material/download:",
        )
        with st.popover("Delete"):
            st.markdown(
                f"**{chosen.name}** goes for good, for everybody, with every preview that rests on it."
            )
            st.button(
                "Delete this list",
                key=f"match_{side}_delete",
                on_click=lambda: _delete(store, chosen.id, side),
            )


def _delete(store: Store, identity: str, side: Side) -> None:
    delete_list(store, identity)
    forget(side)


def _tried(work: Callable[[], None]) -> bool:
    try:
        work()
    except TandemError as fault:
        show_refusal(fault)
        return False
    return True

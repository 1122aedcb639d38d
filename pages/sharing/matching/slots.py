"""Step 2 of the match preview, what is offered: bring slots in, make them up, edit and withdraw them."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from data.database.store import Store
from data.imports.slots import read_slots
from data.imports.templates import written
from data.returns.organisations import providers_by_code
from data.saved.matching import (
    MatchingList,
    put_slot,
    slot_history,
    slot_versions,
    slots_of,
    store_slots,
    withdraw_slot,
)
from data.synthetic.slots import MOST_WEEKS, synthetic_slots
from models.columns import Kind, names
from models.errors import TandemError
from models.matching.columns import SLOTS
from models.matching.inputs import monday_of, week_of
from models.rtt.organisations import ENGLAND, nearest_boards
from pages.parts.scope import board_names
from pages.parts.upload import show_refusal, show_templates, show_upload
from pages.sharing.matching.lists import list_importer, show_slots
from pages.sharing.matching.patients import SEED, choose_list, keep, show_label, show_list_tools
from pages.sharing.matching.tables import filtered, readable, table

WEEKS = 4
NEAREST = 3  # boards beside its own whose providers would offer made-up slots
EDITED_AT_ONCE = 500  # rows of the editor
_EDITOR = "match_slots_editor"


def show_step(
    store: Store,
    board: str,
    waiting: pd.DataFrame | None,
    as_of: date,
    who: str,
    providers: Mapping[str, str],
) -> None:
    """Draw the list of slots chosen, its warnings and its editor, or how to bring one in."""
    chosen = choose_list(store, board, "slots", "List of slots")
    if chosen is not None:
        show_label(chosen)
        slots = slots_of(store, chosen.id)
        show_slots(slots, waiting, first_monday(as_of))
        show_list_tools(store, chosen, slots, "slots")
        _show_editor(store, chosen, slots, who, providers)
    bring_in, make_up = st.columns(2, gap="large")
    with bring_in:
        _show_import(store, board, as_of, who)
    with make_up:
        _show_making_up(store, board, as_of, who)


def _show_import(store: Store, board: str, as_of: date, who: str) -> None:
    st.markdown("#### Bring in slots")
    st.caption(
        "CSV, Excel or Parquet, a row a week of one service. Several hundred procedures are no matter."
    )
    importer = list_importer(
        "slots",
        "List of slots offered",
        lambda file: read_slots(file, as_of),
        lambda frame, name: keep(
            store,
            board,
            "slots",
            name,
            lambda given: store_slots(store, board, given, frame, {"file": given}, who),
        ),
    )
    show_upload(importer)
    show_templates(importer)


def _show_making_up(store: Store, board: str, as_of: date, who: str) -> None:
    st.markdown("#### Or make some up")
    st.caption(
        "A share of what each provider did last year, by treatment function, week by week: nobody offers "
        "these. They are labelled synthetic wherever they are shown."
    )
    boards = {code: name for code, name in board_names(store).items() if code != ENGLAND}
    offering = st.multiselect(
        "At the providers of",
        list(boards),
        [code for code in usual_boards(store, board) if code in boards],
        format_func=lambda code: boards[code],
        key=f"match_offering_{board}",
        help="A patient can't be matched to the provider whose list they are on.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        weeks = st.number_input("Weeks", 1, MOST_WEEKS, WEEKS, step=1, key="match_weeks", width=120)
        seed = st.number_input(
            "Seed",
            0,
            2**31 - 1,
            SEED,
            step=1,
            key="match_slot_seed",
            width=120,
            help="The same seed gives the same slots.",
        )
        asked = st.button("Make them up", key="match_make_slots", disabled=not offering)
    if asked:
        try:
            with st.spinner("Making up slots …"):
                make_slots(store, board, offering, int(weeks), int(seed), as_of, who)
        except TandemError as fault:
            show_refusal(fault)
        else:
            st.rerun()


def usual_boards(store: Store, board: str) -> list[str]:
    """Gives the boards whose providers would offer made-up slots to a board: its own and the nearest."""
    return [board, *nearest_boards(providers_by_code(store).values(), board, NEAREST)]


def make_slots(
    store: Store, board: str, offering: Sequence[str], weeks: int, seed: int, as_of: date, who: str
) -> None:
    """Make up a list of slots at the providers of the boards `offering`, store it and choose it."""
    frame = synthetic_slots(store, "+".join(offering), seed, as_of, weeks)
    about = {"synthetic": True, "weeks": weeks, "seed": seed, "boards": list(offering), "as_of": str(as_of)}
    keep(
        store,
        board,
        "slots",
        f"Synthetic slots of {weeks} weeks, seed {seed}",
        lambda name: store_slots(store, board, name, frame, about, who),
    )


def first_monday(as_of: date) -> pd.Timestamp:
    """Gives the Monday of the first week that has not begun by a day."""
    week = week_of(as_of) + (as_of.weekday() > 0)
    return pd.Timestamp(monday_of(pd.Series([week]).to_numpy("int32"))[0])


def _show_editor(
    store: Store, chosen: MatchingList, slots: pd.DataFrame, who: str, providers: Mapping[str, str]
) -> None:
    panel = st.expander(
        "Look at the slots, edit, add or withdraw them", key=f"{_EDITOR}_shown", on_change="rerun"
    )
    if not panel.open:
        return
    with panel:
        shown = filtered(slots, providers, "match_slot_filter")
        if len(shown) > EDITED_AT_ONCE:
            st.caption(f"The first {EDITED_AT_ONCE} of {len(shown):,} rows. Filter to reach the others.")
        shown = shown.head(EDITED_AT_ONCE).reset_index(drop=True)
        turn = st.session_state.setdefault(f"{_EDITOR}_turn", 0)
        versions = st.session_state.setdefault(
            f"{_EDITOR}_{chosen.id}_{turn}", slot_versions(store, chosen.id)
        )
        edited = st.data_editor(
            shown,
            num_rows="dynamic",
            hide_index=True,
            height=388,
            key=f"{_EDITOR}_rows_{chosen.id}_{turn}",
            column_config={column.name: _cell(column.name) for column in SLOTS},
        )
        why = st.text_input(
            "Why", key=f"{_EDITOR}_why_{turn}", max_chars=120, placeholder="A list fell through"
        )
        st.caption("Deleting a row withdraws the slot. Every version is kept, with who changed it and why.")
        if st.button("Save the changes", key=f"{_EDITOR}_save", type="primary"):
            try:
                number = _save(store, chosen, shown, edited, versions, who, why)
            except TandemError as fault:
                show_refusal(fault)
            else:
                st.session_state[f"{_EDITOR}_turn"] = turn + 1
                st.toast("Nothing was changed." if not number else f"{number:,} slots changed.")
                st.rerun()
        _show_history(store, chosen, versions)


def _show_history(store: Store, chosen: MatchingList, versions: Mapping[str, int]) -> None:
    changed = sorted(name for name, version in versions.items() if version > 1)
    if not changed:
        return
    name = st.selectbox(
        "History of a slot",
        changed,
        index=None,
        key=f"{_EDITOR}_history",
        placeholder="Slots that have changed",
    )
    if name:
        history = readable(slot_history(store, chosen.id, name), {})
        table(
            history,
            ["version", "withdrawn", "who", "changed_at", "why", "week", "count", "medium"],
            key=f"{_EDITOR}_versions",
            alt=f"Versions of slot {name}, newest first",
        )


def _cell(name: str) -> ColumnConfig:
    column = next(each for each in SLOTS if each.name == name)
    help_, config = column.meaning, st.column_config
    heading = name.replace("_", " ").capitalize()
    if column.values:
        return config.SelectboxColumn(heading, options=list(column.values), help=help_)
    if column.kind is Kind.WEEK:
        return config.DateColumn(heading, format="D MMM YYYY", help=help_)
    if column.kind is Kind.YES_NO:
        return config.CheckboxColumn(heading, help=help_, default=bool(column.default))
    if column.kind in (Kind.COUNT, Kind.NUMBER):
        whole = column.kind is Kind.COUNT
        return config.NumberColumn(
            heading, min_value=column.low, max_value=column.high, step=1 if whole else None, help=help_
        )
    return config.TextColumn(heading, help=help_, pinned=name == "slot_id")


def _save(
    store: Store,
    chosen: MatchingList,
    before: pd.DataFrame,
    edited: pd.DataFrame,
    versions: Mapping[str, int],
    who: str,
    why: str,
) -> int:
    """Store what differs, checked as an upload is; gives how many slots changed."""
    old, new = _texts(before), _texts(edited)
    known = {row["slot_id"]: row for row in old.to_dict("records")}
    changed = new[[known.get(row["slot_id"]) != row for row in new.to_dict("records")]]
    gone = [name for name in known if name not in set(new["slot_id"])]
    if len(changed):
        file = io.BytesIO(changed.to_csv(index=False).encode())
        file.name = "The table above"
        for slot in read_slots(file).to_dict("records"):
            put_slot(
                store, chosen.id, slot, version=versions.get(slot["slot_id"], 0), who=who, why=why.strip()
            )
    for name in gone:
        withdraw_slot(store, chosen.id, name, version=versions[name], who=who, why=why.strip())
    return len(changed) + len(gone)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Gives an edited table's cells as they stand in a file."""
    texts = {}
    for column in SLOTS:
        cells = frame[column.name].to_numpy(object)
        dated = column.kind is Kind.WEEK
        texts[column.name] = [
            "" if pd.isna(cell) else f"{pd.Timestamp(cell):%Y-%m-%d}" if dated else written(cell)
            for cell in cells
        ]
    return pd.DataFrame(texts, columns=names(SLOTS))

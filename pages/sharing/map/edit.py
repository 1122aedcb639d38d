"""A board's own capacity on the map's page: upload, edit, what was changed by whom, and the way back."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from data.database.store import Store
from data.imports.capacity import (
    NAMES,
    capacity_frame_of,
    csv_template,
    excel_template,
    lines_of,
    read_capacity,
)
from data.imports.tables import TextTable
from data.returns.capacity_uploads import Act, history_of, keep, undo, uploaded_lines
from models.capacity.uploaded import MEDIA
from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS, name_of
from pages.sharing.map.figures import all_names

_TOLD, _EDITED = "capacity_told", "capacity_edited"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ACTS_SHOWN = 10
_UPLOAD, _EDIT, _CHANGES = "Upload a file", "Edit here", "Changes"


def forget_edited() -> None:
    """Begin a run of the page in which no editor stands yet."""
    st.session_state.pop(_EDITED, None)


def edits_another(provider: str | None) -> bool:
    """Whether an editor stands on the page, and for another provider than this, or for none."""
    return _EDITED in st.session_state and st.session_state[_EDITED] != provider


def show_uploads(store: Store, provider: str | None) -> None:
    """Draw the three ways to say what a board's own capacity is, below the map."""
    st.markdown("### Your own capacity")
    st.markdown(
        "Nobody publishes capacity, so the map estimates it. What you upload or write here takes the place "
        "of the estimate for its provider and specialty on the days it holds, and is marked as uploaded by "
        "the board. Sessions of emeritus consultants go on the virtual line of the provider that holds them."
    )
    who = st.text_input("Your name or initials", key="capacity_who", help="Kept with each change", width=300)
    way = st.segmented_control(
        "What to do",
        [_UPLOAD, _EDIT, _CHANGES],
        default=_UPLOAD,
        required=True,
        label_visibility="collapsed",
        key="capacity_way",
    )
    if way == _UPLOAD:
        _show_upload(store, who)
    elif way == _CHANGES:
        _show_changes(store, who)
    else:
        _show_editor(store, provider, who)
    told = st.session_state.get(_TOLD)
    if told is not None:
        kind, text = told
        {"done": st.success, "refused": st.error}[kind](text)


def _tried(store: Store, change: Callable[[], Act | None]) -> bool:
    """Make a change and keep what is to be told of it; whether it was made."""
    try:
        act = change()
    except TandemError as fault:
        text = fault.message.replace("\n  ", "\n- ").replace("\n", "\n\n", 1)
        st.session_state[_TOLD] = (
            "refused",
            f"**Nothing was kept.** {text}\n\n**What to do:** {fault.remedy}",
        )
        return False
    done = "Nothing changed." if act is None else f"Kept: {act.how}, {_series_said(act, all_names(store))}."
    st.session_state[_TOLD] = ("done", done)
    return True


def _show_upload(store: Store, who: str) -> None:
    with st.container(horizontal=True):
        st.download_button("Template, Excel", excel_template(), "capacity.xlsx", _WORKBOOK)
        st.download_button("Template, CSV", csv_template(), "capacity.csv", "text/csv")
    turn = st.session_state.setdefault("capacity_turn", 0)
    file = st.file_uploader(
        "Weekly clinic sessions or minutes, and theatre slots: CSV, Excel or Parquet",
        type=["csv", "xlsx", "parquet"],
        key=f"capacity_file_{turn}",
    )
    if st.button("Use this file", type="primary", disabled=file is None, key="capacity_use") and file:
        how = f"upload of {file.name}"[:200]
        if _tried(store, lambda: keep(store, read_capacity(store, file), how, who)):
            st.session_state["capacity_turn"] = turn + 1  # an empty place for the next file
        st.rerun()


def _show_editor(store: Store, provider: str | None, who: str) -> None:
    st.session_state[_EDITED] = provider
    names = all_names(store)
    if provider not in names:
        st.info("Choose a provider on the map or in the table, then write its capacity here.")
        return
    held = uploaded_lines(store, provider)
    acts = history_of(store, provider)
    frame = capacity_frame_of(held).drop(columns="provider")
    st.markdown(f"**{names[provider]}**, a line for each specialty and medium, a week")
    edited = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        key=f"capacity_editor_{provider}_{acts[0].id if acts else ''}",
        column_config={
            "treatment_function": st.column_config.SelectboxColumn(
                "Specialty", options=list(TREATMENT_FUNCTIONS), format_func=_named, required=True
            ),
            "medium": st.column_config.SelectboxColumn(
                "Medium", options=list(MEDIA), format_func=_spaced, required=True
            ),
            "sessions": st.column_config.NumberColumn("Sessions", min_value=0),
            "minutes": st.column_config.NumberColumn(
                "Minutes", min_value=0, help="They stand before sessions"
            ),
            "theatre_slots": st.column_config.NumberColumn("Theatre slots", min_value=0),
            "valid_from": st.column_config.DateColumn("From", required=True),
            "valid_to": st.column_config.DateColumn("To", help="Blank: until further notice"),
        },
    )
    st.caption("A line that is taken out goes back to the estimate.")
    if st.button("Keep these lines", type="primary", key="capacity_keep"):
        series = {line.series for line in held}
        _tried(store, lambda: keep(store, lines_of(store, as_text(edited, provider)), "edit", who, series))
        st.rerun()


def as_text(edited: pd.DataFrame, provider: str) -> TextTable:
    """The lines of an editor as a table read from a file, so that one set of checks serves both."""
    filled = edited.dropna(how="all").assign(provider=provider)
    columns = tuple(np.array([_cell(value) for value in filled[name]], dtype=object) for name in NAMES)
    return TextTable("The table", NAMES, np.arange(1, len(filled) + 1), columns)


def _named(code: str | float | bool) -> str:
    return name_of(str(code))


def _spaced(medium: str | float | bool) -> str:
    return str(medium).replace("_", " ")


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return repr(float(value)) if isinstance(value, float | int) else str(value)


def _show_changes(store: Store, who: str) -> None:
    acts, names = history_of(store), all_names(store)
    if not acts:
        st.caption("Nothing was uploaded or written yet: every figure is an estimate.")
    for act in acts[:_ACTS_SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center"):
            undone = ", taken back since" if act.undone else ""
            when = f"{act.changed_at:%-d %B %Y, %H:%M}"
            st.markdown(f"{when}, {act.who}: {act.how}, {_series_said(act, names)}{undone}")
            if not act.undone and st.button("Undo", key=f"undo_{act.id}"):
                _tried(store, lambda act=act: undo(store, act.id, who))  # type: ignore[misc]
                st.rerun()
    if len(acts) > _ACTS_SHOWN:
        st.caption(f"And {len(acts) - _ACTS_SHOWN} earlier.")


def _series_said(act: Act, names: Mapping[str, str]) -> str:
    said = [f"{names.get(code, code)} {name_of(function).lower()}" for code, function in act.series[:3]]
    more = len(act.series) - len(said)
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")

"""A board's own capacity on the map's page: upload, edit, what was changed by whom, and the way back."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from data.database.store import Store
from data.imports.capacity import SHEET, capacity_frame_of, lines_of, read_capacity
from data.imports.tables import TextTable
from data.imports.templates import as_written
from data.returns.capacity_uploads import Act, history_of, keep, undo, uploaded_lines
from models.capacity.columns import CAPACITY
from models.capacity.uploaded import CapacityLine
from models.columns import Column, Kind
from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS, name_of
from pages.parts.upload import (
    Importer,
    Outcome,
    Refused,
    Understood,
    remember,
    show_outcomes,
    show_templates,
    show_upload,
)
from pages.sharing.map.figures import all_names

_KEY, _EDITED = "capacity", "capacity_edited"
_NOTHING = "Nothing was kept."
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
        importer = _importer(store, who)
        show_templates(importer)
        show_upload(importer)
        return
    if way == _CHANGES:
        _show_changes(store, who)
    else:
        _show_editor(store, provider, who)
    show_outcomes(_KEY, _NOTHING)


def _importer(store: Store, who: str) -> Importer[tuple[CapacityLine, ...]]:
    return Importer(
        _KEY,
        "Weekly clinic sessions or minutes, and theatre slots: CSV, Excel or Parquet",
        lambda file: read_capacity(store, file),
        lambda lines: Understood(
            f"{len(lines):,} lines of {len({line.series for line in lines}):,} series.",
            as_written(capacity_frame_of(lines), CAPACITY),
        ),
        lambda lines, name: _told(store, keep(store, lines, f"upload of {name}"[:200], who)),
        button="Use this file",
        nothing=_NOTHING,
        columns=CAPACITY,
        sheet=SHEET,
    )


def _told(store: Store, act: Act | None) -> Outcome:
    if act is None:
        return Outcome("unchanged", "Nothing changed.")
    return Outcome("changed", f"Kept: {act.how}, {_series_named(act, all_names(store))}.")


def _change(store: Store, change: Callable[[], Act | None]) -> None:
    """Make a change and keep what is to be told of it."""
    try:
        remember(_KEY, _told(store, change()))
    except TandemError as fault:
        remember(_KEY, Refused(fault))


def _show_editor(store: Store, provider: str | None, who: str) -> None:
    st.session_state[_EDITED] = provider
    names = all_names(store)
    if provider not in names:
        st.info("Choose a provider on the map or in the table, then write its capacity here.")
        return
    lines = uploaded_lines(store, provider)
    acts = history_of(store, provider)
    st.markdown(f"**{names[provider]}**, a line for each specialty and medium, a week")
    edited = st.data_editor(
        capacity_frame_of(lines).drop(columns="provider"),
        num_rows="dynamic",
        hide_index=True,
        key=f"capacity_editor_{provider}_{acts[0].id if acts else ''}",
        column_config={column.name: _cell_of(column) for column in CAPACITY},
    )
    st.caption("A line that is taken out goes back to the estimate.")
    if st.button("Keep these lines", type="primary", key="capacity_keep"):
        series = {line.series for line in lines}
        _change(store, lambda: keep(store, lines_of(store, as_text(edited, provider)), "edit", who, series))
        st.rerun()


def as_text(edited: pd.DataFrame, provider: str) -> TextTable:
    """The lines of an editor as a table read from a file, so that one set of checks serves both."""
    filled = as_written(edited.dropna(how="all").assign(provider=provider), CAPACITY)
    columns = tuple(filled[name].to_numpy(object) for name in filled)
    return TextTable("The table", tuple(filled), np.arange(1, len(filled) + 1), columns)


def _cell_of(column: Column) -> ColumnConfig:
    heading, config = column.label or column.name.replace("_", " ").capitalize(), st.column_config
    if column.kind is Kind.CHOICE:
        return config.SelectboxColumn(
            heading, options=list(column.values), format_func=_named, required=column.required
        )
    if column.kind is Kind.DATE:
        return config.DateColumn(heading, required=column.required, help=column.meaning)
    if column.kind is Kind.TEXT:
        return config.TextColumn(heading, required=column.required, help=column.meaning)
    return config.NumberColumn(heading, min_value=column.low, help=column.meaning)


def _named(value: str | float | bool) -> str:
    code = str(value)
    return name_of(code) if code in TREATMENT_FUNCTIONS else code.replace("_", " ")


def _show_changes(store: Store, who: str) -> None:
    acts, names = history_of(store), all_names(store)
    if not acts:
        st.caption("Nothing was uploaded or written yet: every figure is an estimate.")
    for act in acts[:_ACTS_SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center"):
            undone = ", taken back since" if act.undone else ""
            when = f"{act.changed_at:%-d %B %Y, %H:%M}"
            st.markdown(f"{when}, {act.who}: {act.how}, {_series_named(act, names)}{undone}")
            if not act.undone and st.button("Undo", key=f"undo_{act.id}"):
                _change(store, lambda act=act: undo(store, act.id, who))  # type: ignore[misc]
                st.rerun()
    if len(acts) > _ACTS_SHOWN:
        st.caption(f"And {len(acts) - _ACTS_SHOWN} earlier.")


def _series_named(act: Act, names: Mapping[str, str]) -> str:
    first = [f"{names.get(code, code)} {name_of(function).lower()}" for code, function in act.series[:3]]
    more = len(act.series) - len(first)
    return ", ".join(first) + (f" and {more} more" if more > 0 else "")

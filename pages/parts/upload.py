"""One way for a file to come in: read and checked, said what it holds, and kept or refused as a whole.

Each use gives its importer: how such a file is read, what it says, and how it is kept.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Generic, Literal, TypeVar

import pandas as pd
import streamlit as st

from data.imports.cells import FaultsFound
from data.imports.identity import IdentityFound
from data.imports.templates import dictionary, template_csv, template_workbook
from models.columns import Column
from models.errors import TandemError

TABLES = ("csv", "xlsx", "parquet")  # lists that people fill in
_ROWS_SHOWN = 5
_LOG = logging.getLogger(__name__)

Content = TypeVar("Content")


@dataclass(frozen=True)
class Understood:
    """What a file that is in order holds: a sentence, and rows of it to look at."""

    sentence: str
    rows: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()  # oddities that do not stop it


@dataclass(frozen=True)
class Outcome:
    """What came of a file: a sentence ('' where the page shows it anyway), and oddities worth knowing."""

    kind: Literal["changed", "unchanged"]
    text: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A file of which nothing was kept, and why."""

    fault: TandemError
    readable: bool = False  # it is in order, and what is missing stands elsewhere on the page


@dataclass(frozen=True)
class Importer(Generic[Content]):
    """One kind of file: `read` gives what is in it, `keep` stores that. Both may raise TandemError."""

    key: str  # of its parts in the session
    label: str
    read: Callable[[IO[bytes]], Content]
    understood: Callable[[Content], Understood]
    keep: Callable[[Content, str], Outcome]  # with the file's name
    button: str = "Import this file"
    nothing: str = "Nothing was imported."
    types: tuple[str, ...] = TABLES
    several: bool = False  # files at once
    columns: tuple[Column, ...] = ()
    sheet: str = ""  # of the template and its file; '' for a layout that somebody publishes


def show_upload(importer: Importer[Any]) -> None:
    """Draw the place to drop files, look at them or keep them on a button, and tell what came of it."""
    turn = st.session_state.setdefault(f"{importer.key}_turn", 0)
    dropped = st.file_uploader(
        importer.label,
        type=list(importer.types),
        accept_multiple_files=importer.several,
        key=f"{importer.key}_file_{turn}",
    )
    files = [each for each in (dropped if isinstance(dropped, list) else [dropped]) if each is not None]
    with st.container(horizontal=True):
        keep = st.button(importer.button, key=f"{importer.key}_import", type="primary", disabled=not files)
        check = st.button(
            "Check first",
            key=f"{importer.key}_check",
            disabled=not files,
            help="Reads it and says what it holds; nothing is kept.",
        )
    if files and (keep or check):
        with st.status(f"Reading and checking {files[0].name} …") as status:

            def say(words: str) -> None:
                status.update(label=words)

            outcomes = [_tried(importer, each, say, keep=keep) for each in files]
        remember(importer.key, *outcomes)
        if not any(_stays(each) for each in outcomes):
            st.session_state[f"{importer.key}_turn"] = turn + 1  # let go of, whatever was in it
        st.rerun()
    show_outcomes(importer.key, importer.nothing)


def remember(key: str, *outcomes: Outcome | Understood | Refused) -> None:
    """Have `show_outcomes` tell these from now on, in the place of what it told before."""
    st.session_state[f"{key}_outcomes"] = outcomes


def show_outcomes(key: str, nothing: str) -> None:
    """Tell what came of the files, or the changes, last brought in under a key."""
    for place, outcome in enumerate(st.session_state.get(f"{key}_outcomes", ())):
        if isinstance(outcome, Refused):
            show_refusal(outcome.fault, nothing)
        elif isinstance(outcome, Understood):
            _show_understood(outcome, f"{key}_understood_{place}")
        else:
            if outcome.text:
                (st.success if outcome.kind == "changed" else st.info)(outcome.text)
            for note in outcome.notes:
                st.warning(note)


def show_refusal(fault: TandemError, nothing: str = "Nothing was stored.") -> None:
    """Say what is wrong with a file: an identity found, every fault by line and column, or one message."""
    remedy = f"\n\n**What to do:** {fault.remedy}" if fault.remedy else ""
    if isinstance(fault, IdentityFound):
        st.error(
            f"**This list may say who people are. {nothing}**\n\n{fault.message}{remedy}",
            icon=":material/shield_person:",
        )
        return
    if not isinstance(fault, FaultsFound):
        st.error(f"**{nothing}** {fault.message}{remedy}")
        return
    head = fault.message.split("\n", 1)[0]
    st.error(f"**{nothing}** {head}{remedy}")
    st.dataframe(
        pd.DataFrame(
            [(each.line, each.column, each.what) for each in fault.faults],
            columns=["Line", "Column", "Fault"],
        ),
        hide_index=True,
        alt="Faults in the file, by line and column",
        column_config={
            "Line": st.column_config.NumberColumn(width=70),
            "Column": st.column_config.TextColumn(width=170),
            "Fault": st.column_config.TextColumn(width=620),
        },
    )


def show_templates(importer: Importer[Any]) -> None:
    """Draw the downloads of the empty list and of its data dictionary, and the dictionary itself."""
    key, columns, sheet = importer.key, importer.columns, importer.sheet
    files: Sequence[tuple[str, Callable[[], str | bytes], str, str]] = (
        ("Template, Excel", lambda: template_workbook(columns, sheet), f"{sheet}.xlsx", "template_xlsx"),
        ("Template, CSV", lambda: template_csv(columns), f"{sheet}.csv", "template_csv"),
        (
            "Data dictionary",
            lambda: dictionary(columns).to_csv(index=False).encode("utf-8-sig"),
            f"{sheet or key} dictionary.csv",
            "dictionary",
        ),
    )
    with st.container(horizontal=True):
        for label, content, name, ending in files if sheet else files[2:]:
            st.download_button(
                label, content, name, key=f"{key}_{ending}", icon=":material/download:", on_click="ignore"
            )
    meanings = st.expander("What each column means", key=f"{key}_columns", on_change="rerun")
    if meanings.open:
        meanings.dataframe(
            dictionary(columns),
            hide_index=True,
            height=388,
            key=f"{key}_meanings",
            alt=f"Columns of {sheet or key}: meaning, what a cell may hold, example",
        )


def _stays(outcome: Outcome | Understood | Refused) -> bool:
    """Whether the file is still wanted: only looked at, or to be kept once something else is given."""
    return isinstance(outcome, Understood) or (isinstance(outcome, Refused) and outcome.readable)


def _tried(
    importer: Importer[Any], file: Any, say: Callable[[str], None], *, keep: bool
) -> Outcome | Understood | Refused:
    """Give what came of one file; nothing that it may set off leaves this function."""
    readable = False
    try:
        say(f"Reading and checking {file.name} …")
        file.seek(0)
        content = importer.read(file)
        understood = importer.understood(content)
        if not keep:
            rows = understood.rows.head(_ROWS_SHOWN) if understood.rows is not None else None
            return Understood(f"**{file.name}** can be read. {understood.sentence}", rows, understood.notes)
        readable = True
        say(f"{understood.sentence} Writing …")
        return importer.keep(content, file.name)
    except TandemError as fault:
        return Refused(fault, readable)
    except Exception as fault:
        # where it was, and not what it said: that may hold a cell of the file
        where = "".join(traceback.format_tb(fault.__traceback__))
        _LOG.error("%s while a file came in:\n%s", type(fault).__name__, where)
        return Refused(
            TandemError(
                f"{file.name} could not be taken in, for a reason that is Tandem's own "
                f"({type(fault).__name__}).",
                "Try another file. Whoever looks after Tandem finds the place in its log.",
            )
        )


def _show_understood(understood: Understood, key: str) -> None:
    st.info(f"{understood.sentence} Nothing is kept yet.")
    for note in understood.notes:
        st.warning(note)
    if understood.rows is not None:
        st.dataframe(understood.rows, hide_index=True, key=key, alt="The first rows, as they were understood")

"""The uploads of the Data page: the file is checked, written in one transaction, and told in plain words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Literal

import streamlit as st

from data.database.store import Store
from data.imports.boundaries import read_boundaries, store_boundaries
from data.imports.ods import read_trusts, store_trusts
from data.imports.rtt_extract import read_extract, store_extract
from models.errors import TandemError
from models.rtt.months import month_label

Say = Callable[[str], None]


@dataclass(frozen=True)
class Told:
    """What an import came to: the sentence for the planner, and oddities in the file worth knowing."""

    kind: Literal["changed", "unchanged", "refused"]
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upload:
    """One kind of file that the page takes: `bring_in` imports it, saying meanwhile what it does."""

    key: str
    label: str
    types: tuple[str, ...]
    bring_in: Callable[[Store, IO[bytes], Say], Told]


def show_upload(store: Store, upload: Upload) -> None:
    """Draw the place to drop a file, import it on the button, and tell what came of it."""
    told_key, turn_key = f"{upload.key}_told", f"{upload.key}_turn"
    turn = st.session_state.setdefault(turn_key, 0)
    file = st.file_uploader(upload.label, type=list(upload.types), key=f"{upload.key}_{turn}")
    asked = st.button("Import this file", key=f"{upload.key}_import", type="primary", disabled=file is None)
    if asked and file is not None:
        with st.status(f"Reading and checking {file.name} …") as status:
            st.session_state[told_key] = _tried(store, upload, file, lambda text: status.update(label=text))
        st.session_state[turn_key] = turn + 1  # an empty place for the next file
        st.rerun()
    told = st.session_state.get(told_key)
    if told is not None:
        _tell(told)


def _tried(store: Store, upload: Upload, file: IO[bytes], say: Say) -> Told:
    try:
        return upload.bring_in(store, file, say)
    except TandemError as fault:
        remedy = f"\n\n**What to do:** {fault.remedy}" if fault.remedy else ""
        return Told("refused", f"**Nothing was imported.** {fault.message}{remedy}")


def _tell(told: Told) -> None:
    {"changed": st.success, "unchanged": st.info, "refused": st.error}[told.kind](told.text)
    for note in told.notes:
        st.warning(note)


def _returns(store: Store, file: IO[bytes], say: Say) -> Told:
    extract = read_extract(file)
    say(f"Writing {month_label(extract.month)} …")
    outcome = store_extract(store, extract)
    month = month_label(outcome.month)
    figures = f"{outcome.file_rows:,} rows, {outcome.england_waiting:,} pathways waiting in England"
    text = {
        "new": f"**{month} is new.** {figures}. Every page can show it now.",
        "replaced": f"**{month} was replaced** by the revised figures. {figures}.",
        "unchanged": f"**Nothing changed.** {month} is held already, with the same figures: {figures}.",
    }[outcome.status]
    return Told("unchanged" if outcome.status == "unchanged" else "changed", text, outcome.notes)


def _trusts(store: Store, file: IO[bytes], say: Say) -> Told:
    trusts = read_trusts(file)
    say(f"Writing {len(trusts.trusts):,} organisations …")
    outcome = store_trusts(store, trusts)
    if outcome.status == "unchanged":
        return Told("unchanged", "**Nothing changed.** The organisations are as held.")
    return Told("changed", f"**{outcome.added:,} organisations are new, {outcome.changed:,} were changed.**")


def _boundaries(store: Store, file: IO[bytes], say: Say) -> Told:
    shapes = read_boundaries(file)
    say(f"Writing {len(shapes.boards):,} boundaries …")
    outcome = store_boundaries(store, shapes)
    what = f"the {len(shapes.boards):,} board boundaries of {shapes.edition}"
    if outcome == "unchanged":
        return Told("unchanged", f"**Nothing changed.** {what[0].upper()}{what[1:]} are as held.")
    done = "are new" if outcome == "new" else "took the place of those held"
    return Told("changed", f"**{what[0].upper()}{what[1:]} {done}.**")


RETURNS = Upload("returns", "RTT full extract of one month, zip or CSV", ("zip", "csv"), _returns)
TRUSTS = Upload("trusts", "Trusts file of the Organisation Data Service, CSV or zip", ("csv", "zip"), _trusts)
BOUNDARIES = Upload("boundaries", "Board boundaries, GeoJSON", ("geojson", "json"), _boundaries)

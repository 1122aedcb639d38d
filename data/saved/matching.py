"""Both sides of a matching in the store: lists of patients, slots with their history, matchings and answers.

Every version of a slot and every answer is kept, with who, when and why; an undoing is a step of its own.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from data.database.described import arrow_schema, arrow_table, described, quoted
from data.database.store import Store, Writer
from data.imports.identity import BIRTH, identity_in
from data.saved.scenarios import Outdated
from models.columns import Column, names
from models.errors import TandemError
from models.matching.columns import PATIENTS, SLOTS

LONGEST_NAME = 80
_TABLES = {"patients": ("listed_patients", PATIENTS), "slots": ("offered_slots", SLOTS)}
_LIST_COLUMNS = "id, side, scope, name, synthetic, about, stored_rows, who, stored_at"


@dataclass(frozen=True)
class MatchingList:
    """A list in the store, of patients or of slots. Times are UTC without a zone."""

    id: str
    side: str  # patients or slots
    scope: str
    name: str
    synthetic: bool  # made up by Tandem, wholly or in part: say so wherever it is shown
    about: Mapping[str, Any]
    rows: int
    who: str
    stored_at: datetime


def store_patients(
    store: Store, scope: str, name: str, frame: pd.DataFrame, about: Mapping[str, Any], who: str = ""
) -> MatchingList:
    """Stores a list of patients as an importer gives it, in one transaction; gives what it is called by.

    Raises TandemError for a name that is empty, too long, taken in this scope, or somebody's identity.
    """
    return _store(store, "patients", scope, name, frame, about, who, {})


def store_slots(
    store: Store, scope: str, name: str, frame: pd.DataFrame, about: Mapping[str, Any], who: str = ""
) -> MatchingList:
    """Stores a list of slots as an importer gives it, in one transaction; gives what it is called by.

    A slot without a place of its own takes its provider's. Raises TandemError as `store_patients` does.
    """
    history = {"version": 1, "withdrawn": False, "who": who, "changed_at": _now(), "why": "first stored"}
    return _store(store, "slots", scope, name, located(store, frame), about, who, history)


def located(store: Store, slots: pd.DataFrame) -> pd.DataFrame:
    """Gives slots with their provider's place where they have none of their own; blank where it has none."""
    known = store.frame("SELECT code, latitude, longitude FROM providers").set_index("code")
    places = known.reindex(slots["provider"].to_numpy(object)).set_axis(slots.index)
    return slots.assign(
        latitude=slots["latitude"].fillna(places["latitude"]),
        longitude=slots["longitude"].fillna(places["longitude"]),
    )


def matching_lists(store: Store, side: str, scope: str | None = None) -> list[MatchingList]:
    """Gives the lists of a side, patients or slots, the latest stored first; of one scope if it is named."""
    rows = store.rows(
        f"SELECT {_LIST_COLUMNS} FROM matching_lists WHERE side = ? AND deleted_at IS NULL "
        "AND (? IS NULL OR scope = ?) ORDER BY stored_at DESC, id",
        [side, scope, scope],
    )
    return [_list_of(row) for row in rows]


def matching_list(store: Store, identity: str) -> MatchingList:
    """Gives a list by its id; raises TandemError when there is none, or it was deleted."""
    rows = store.rows(
        f"SELECT {_LIST_COLUMNS} FROM matching_lists WHERE id = ? AND deleted_at IS NULL", [identity]
    )
    if not rows:
        raise TandemError(
            f"There is no list '{identity[:40]}' here.", "Choose one of the lists, or upload it."
        )
    return _list_of(rows[0])


def delete_list(store: Store, identity: str) -> MatchingList:
    """Deletes a list: its patients or slots are gone for good, and what it was called is kept."""
    deleted = matching_list(store, identity)
    with store.write() as writer:
        writer.execute(f"DELETE FROM {_TABLES[deleted.side][0]} WHERE list = ?", [identity])
        writer.execute("UPDATE matching_lists SET deleted_at = ? WHERE id = ?", [_now(), identity])
    return deleted


def patients_of(store: Store, identity: str) -> pd.DataFrame:
    """Gives the patients of a list as the importer gave them, by pseudonym."""
    matching_list(store, identity)
    store.require("listed_patients", arrow_schema(PATIENTS))
    frame = store.frame(
        f"SELECT {quoted(PATIENTS)} FROM listed_patients WHERE list = ? ORDER BY patient_id", [identity]
    )
    return described(frame, PATIENTS)


def slots_of(store: Store, identity: str) -> pd.DataFrame:
    """Gives the slots of a list that are offered now, by name: the newest versions not withdrawn."""
    matching_list(store, identity)
    store.require("offered_slots", arrow_schema(SLOTS))
    frame = store.frame(
        f"SELECT {quoted(SLOTS)} FROM offered_slots WHERE list = ? "
        "QUALIFY version = max(version) OVER (PARTITION BY slot_id) AND NOT withdrawn ORDER BY slot_id",
        [identity],
    )
    return described(frame, SLOTS)


def slot_versions(store: Store, identity: str) -> dict[str, int]:
    """Gives the newest version of every slot of a list by name, withdrawn ones too."""
    rows = store.rows(
        "SELECT slot_id, max(version) FROM offered_slots WHERE list = ? GROUP BY slot_id", [identity]
    )
    return dict(rows)


def slot_history(store: Store, identity: str, slot_id: str) -> pd.DataFrame:
    """Gives every version of a slot, newest first: version, withdrawn, who, changed_at, why, its columns."""
    store.require("offered_slots", arrow_schema(SLOTS))
    return store.frame(
        f"SELECT version, withdrawn, who, changed_at, why, {quoted(SLOTS)} FROM offered_slots "
        "WHERE list = ? AND slot_id = ? ORDER BY version DESC",
        [identity, slot_id],
    )


def put_slot(
    store: Store, identity: str, slot: Mapping[str, Any], *, version: int = 0, who: str = "", why: str = ""
) -> int:
    """Adds a slot (`version` 0) or edits the one whose newest version that is; gives the new version.

    An edit offers a withdrawn slot again. `slot` has the described columns, as an importer gives them. Raises
    Outdated when somebody changed the slot since, and TandemError when one to be added is there already.
    """
    frame = located(store, described(pd.DataFrame([slot]), SLOTS))
    return _write_slot(store, identity, frame, version, withdrawn=False, who=who, why=why)


def withdraw_slot(
    store: Store, identity: str, slot_id: str, *, version: int, who: str = "", why: str = ""
) -> int:
    """Withdraws a slot whose newest version is `version`; gives the version that says so. Raises Outdated."""
    return _write_slot(
        store,
        identity,
        _slot_at(store, identity, slot_id, version),
        version,
        withdrawn=True,
        who=who,
        why=why,
    )


def restore_slot(store: Store, identity: str, slot_id: str, *, version: int, to: int, who: str = "") -> int:
    """Makes a slot what it was at version `to`, as a version after `version`; gives it. Raises Outdated."""
    frame = _slot_at(store, identity, slot_id, to)
    return _write_slot(
        store, identity, frame, version, withdrawn=False, who=who, why=f"as it was in version {to}"
    )


def _slot_at(store: Store, identity: str, slot_id: str, version: int) -> pd.DataFrame:
    history = slot_history(store, identity, slot_id)
    slot = history[history["version"] == version]
    if slot.empty:
        raise TandemError(f"Slot {slot_id[:40]} has no version {version}.", "Choose one of its versions.")
    return slot[names(SLOTS)]


def _write_slot(
    store: Store, identity: str, frame: pd.DataFrame, version: int, *, withdrawn: bool, who: str, why: str
) -> int:
    matching_list(store, identity)
    slot_id = str(frame["slot_id"].iloc[0])
    with store.write() as writer:
        newest = writer.execute(
            "SELECT coalesce(max(version), 0) FROM offered_slots WHERE list = ? AND slot_id = ?",
            [identity, slot_id],
        )[0][0]
        if newest != version and version == 0:
            raise TandemError(
                f"There is a slot {slot_id} already.", "Edit it, or give this one another name."
            )
        if newest != version:
            raise Outdated(
                f"Somebody changed slot {slot_id} since you looked at it (version {newest}, not {version}).",
                "Look at it again first. Nothing was overwritten.",
            )
        history = {
            "version": version + 1,
            "withdrawn": withdrawn,
            "who": who,
            "changed_at": _now(),
            "why": why,
        }
        _insert(writer, "offered_slots", identity, frame, SLOTS, history)
    return version + 1


def _store(
    store: Store,
    side: str,
    scope: str,
    name: str,
    frame: pd.DataFrame,
    about: Mapping[str, Any],
    who: str,
    history: Mapping[str, Any],
) -> MatchingList:
    name = checked_name(name, "list")
    table, columns = _TABLES[side]
    stored = MatchingList(
        uuid.uuid4().hex,
        side,
        scope,
        name,
        bool(frame["synthetic"].any()),
        dict(about),
        len(frame),
        who,
        _now(),
    )
    with store.write() as writer:
        if writer.execute(
            "SELECT count(*) FROM matching_lists WHERE side = ? AND scope = ? AND lower(name) = lower(?) "
            "AND deleted_at IS NULL",
            [side, scope, name],
        )[0][0]:
            raise TandemError(f"There is a list called '{name}' here already.", "Choose another name.")
        _insert(writer, table, stored.id, frame, columns, history)
        writer.execute(
            f"INSERT INTO matching_lists ({_LIST_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                stored.id,
                side,
                scope,
                name,
                stored.synthetic,
                json.dumps(stored.about),
                stored.rows,
                who,
                stored.stored_at,
            ],
        )
    return stored


def checked_name(name: str, what: str) -> str:
    """Gives a name with single spaces; raises TandemError if it is empty, too long or somebody's identity."""
    name = " ".join(name.split())
    if not name:
        raise TandemError(f"The {what} has no name.", "Give it one, such as Orthopaedics, October.")
    if len(name) > LONGEST_NAME:
        raise TandemError(f"The name has {len(name):,} characters.", f"Keep it to {LONGEST_NAME}.")
    if (identity := identity_in(name)) and identity != BIRTH:  # a date says which list it is
        raise TandemError(f"The {what}'s name looks like {identity}.", "Give it one that names nobody.")
    return name


def _insert(
    writer: Writer,
    table: str,
    identity: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    history: Mapping[str, Any],
) -> None:
    rows = arrow_table(frame, columns)
    for name, value in {"list": identity, **history}.items():
        rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
    writer.insert(table, rows)


def _list_of(row: Sequence[Any]) -> MatchingList:
    identity, side, scope, name, synthetic, about, rows, who, stored_at = row
    return MatchingList(identity, side, scope, name, synthetic, json.loads(about), rows, who, stored_at)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)

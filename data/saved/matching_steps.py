"""Matchings in the store and the answers to their offers: every step kept, none written over unseen."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from data.database.store import Store, Writer
from data.database.version import PRODUCT_VERSION
from data.saved.matching import checked_name, matching_list
from data.saved.scenarios import Outdated
from models.errors import TandemError
from models.matching.terms import Answer, Decision, Refusal, Terms

_COLUMNS = "id, scope, name, patients, slots, as_of, count_asked, who, made_at, product_version"
_STEP = "matching, step, undoes, patient_id, slot_id, answer, reason, note, who, changed_at"


@dataclass(frozen=True)
class Matching:
    """A preview that was kept: its two lists, its terms, and who made it. Times are UTC without a zone."""

    id: str
    scope: str
    name: str
    patients: str  # ids of the lists
    slots: str
    terms: Terms
    who: str
    made_at: datetime
    product_version: str


def keep_matching(
    store: Store, name: str, patients: str, slots: str, terms: Terms, who: str = ""
) -> Matching:
    """Keeps a matching of two stored lists, so that answers can be given; raises TandemError for lists or a
    name that can't be.
    """
    scope = matching_list(store, patients).scope
    matching_list(store, slots)
    kept = Matching(
        uuid.uuid4().hex,
        scope,
        checked_name(name, "matching"),
        patients,
        slots,
        terms,
        who,
        datetime.now(UTC).replace(tzinfo=None),
        PRODUCT_VERSION,
    )
    with store.write() as writer:
        writer.execute(
            f"INSERT INTO matchings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                kept.id,
                scope,
                kept.name,
                patients,
                slots,
                terms.as_of,
                terms.count_asked,
                who,
                kept.made_at,
                kept.product_version,
            ],
        )
    return kept


def matchings(store: Store, scope: str | None = None) -> list[Matching]:
    """Gives the matchings kept, the latest first; of one scope if it is named."""
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM matchings WHERE ? IS NULL OR scope = ? ORDER BY made_at DESC, id",
        [scope, scope],
    )
    return [_matching_of(row) for row in rows]


def matching(store: Store, identity: str) -> Matching:
    """Gives a matching by its id; raises TandemError when there is none."""
    rows = store.rows(f"SELECT {_COLUMNS} FROM matchings WHERE id = ?", [identity])
    if not rows:
        raise TandemError(f"There is no matching '{identity[:40]}' here.", "Choose one of those kept.")
    return _matching_of(rows[0])


def decisions_of(store: Store, identity: str) -> tuple[Decision, ...]:
    """Gives the answers that stand, in the order they were given: those taken back are left out."""
    rows = store.rows(
        "SELECT patient_id, slot_id, answer, who, changed_at, reason, note FROM matching_steps s "
        "WHERE matching = ? AND undoes IS NULL AND NOT EXISTS (SELECT 1 FROM matching_steps u "
        "WHERE u.matching = s.matching AND u.undoes = s.step) ORDER BY step",
        [identity],
    )
    return tuple(
        Decision(patient, slot, Answer(answer), who, when, Refusal(reason), note)
        for patient, slot, answer, who, when, reason, note in rows
    )


def steps_of(store: Store, identity: str) -> pd.DataFrame:
    """Gives every step of a matching, oldest first: step, undoes (blank for an answer), what, who and when.

    `standing` is whether an answer still counts.
    """
    return store.frame(
        "SELECT step, undoes, patient_id, slot_id, answer, reason, note, who, changed_at, "
        "undoes IS NULL AND step NOT IN (SELECT undoes FROM matching_steps WHERE matching = ? AND undoes IS "
        "NOT NULL) AS standing FROM matching_steps WHERE matching = ? ORDER BY step",
        [identity, identity],
    )


def record_answer(store: Store, identity: str, decision: Decision, *, after: int) -> int:
    """Records an answer that `models.matching.answers.answered` has let pass; gives its step.

    `after` is the number of steps the person had seen. Raises Outdated when there are more by now.
    """
    values = [
        decision.patient_id,
        decision.slot_id,
        decision.answer.value,
        decision.reason.value,
        decision.note,
        decision.who,
        decision.when,
    ]
    with store.write() as writer:
        return _add(writer, identity, after, None, values)


def undo_answer(
    store: Store, identity: str, step: int, *, after: int, who: str, when: datetime, note: str = ""
) -> int:
    """Takes an answer back; gives the step that says so. Raises Outdated as `record_answer` does.

    Raises TandemError for a step that is no answer, or was taken back already.
    """
    with store.write() as writer:
        rows = writer.execute(
            "SELECT patient_id, slot_id, answer, reason FROM matching_steps WHERE matching = ? AND step = ? "
            "AND undoes IS NULL AND step NOT IN (SELECT undoes FROM matching_steps WHERE matching = ? "
            "AND undoes IS NOT NULL)",
            [identity, step, identity],
        )
        if not rows:
            raise TandemError(f"Step {step} is no answer that stands.", "Undo one of those that do.")
        return _add(writer, identity, after, step, [*rows[0], note, who, when])


def _add(writer: Writer, identity: str, after: int, undoes: int | None, values: Sequence[Any]) -> int:
    if not writer.execute("SELECT 1 FROM matchings WHERE id = ?", [identity]):
        raise TandemError(f"There is no matching '{identity[:40]}' here.", "Choose one of those kept.")
    newest = writer.execute("SELECT count(*) FROM matching_steps WHERE matching = ?", [identity])[0][0]
    if newest != after:
        raise Outdated(
            f"Somebody has answered since you looked ({newest} steps by now, not {after}).",
            "Look at the offers again first. Nothing was recorded.",
        )
    writer.execute(
        f"INSERT INTO matching_steps ({_STEP}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [identity, newest + 1, undoes, *values],
    )
    return int(newest) + 1


def _matching_of(row: Sequence[Any]) -> Matching:
    identity, scope, name, patients, slots, as_of, count_asked, who, made_at, version = row
    return Matching(identity, scope, name, patients, slots, Terms(as_of, count_asked), who, made_at, version)

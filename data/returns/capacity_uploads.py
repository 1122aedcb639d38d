"""A board's own capacity in the store: what holds, who changed it, and the way back.

Uploads, edits and undos are acts. An act gives whole series: the lines it names take the place of all that
was held for their series, and one that names none takes the series back to the estimate. Each act is one
transaction and leaves a row of history a series.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from data.database.described import arrow_schema, arrow_table, quoted
from data.database.store import Store, Writer
from data.imports.capacity import capacity_frame_of, line_of
from models.capacity.columns import CAPACITY
from models.capacity.uploaded import CapacityLine, Series
from models.columns import names
from models.errors import TandemError

LONGEST_NAME = 80
_CHANGE = "act, provider, treatment_function, before, after, how, who, changed_at, undoes"


@dataclass(frozen=True)
class Act:
    """One change of uploaded capacity, of one series or many. Times are UTC without a zone."""

    id: str
    how: str  # 'upload of clinics.csv', 'edit', 'undo of ...'
    who: str
    changed_at: datetime
    series: tuple[Series, ...]
    undone: bool  # by a later act


def uploaded_lines(store: Store, provider: str | None = None) -> tuple[CapacityLine, ...]:
    """Every line that holds now, of one provider if it is named, ordered by series, medium and first day."""
    _require(store)
    return _lines(
        store.rows(
            f"SELECT {quoted(CAPACITY)} FROM capacity WHERE provider = coalesce(?, provider) "
            "ORDER BY provider, treatment_function, medium, valid_from",
            [provider],
        )
    )


def keep(
    store: Store, lines: Iterable[CapacityLine], how: str, who: str, replacing: Collection[Series] = ()
) -> Act | None:
    """Put lines in the place of what their series held; None where nothing changed.

    `replacing` names series to be replaced though no line speaks of them. Raises TandemError where nobody
    says who she is.
    """
    who = " ".join(who.split())
    if not who:
        raise TandemError("It is not said who makes this change.", "Give your name or initials.")
    if len(who) > LONGEST_NAME:
        raise TandemError(f"The name has {len(who)} characters.", f"Keep it to {LONGEST_NAME}.")
    wanted: dict[Series, list[CapacityLine]] = {series: [] for series in replacing}
    for line in lines:
        wanted.setdefault(line.series, []).append(line)
    _require(store)
    with store.write() as writer:
        return _changed(writer, wanted, how, who)


def history_of(store: Store, provider: str | None = None) -> list[Act]:
    """Every act, the latest first; those that touched one provider if it is named."""
    rows = store.rows(
        "SELECT act, any_value(how), any_value(who), any_value(changed_at), "
        "list((provider, treatment_function) ORDER BY provider, treatment_function), "
        "act IN (SELECT undoes FROM capacity_changes WHERE undoes IS NOT NULL) "
        "FROM capacity_changes GROUP BY act "
        "HAVING ? IS NULL OR list_contains(list(provider), ?) ORDER BY any_value(changed_at) DESC, act",
        [provider, provider],
    )
    return [
        Act(act, how, who, changed_at, tuple((one, other) for one, other in series), undone)
        for act, how, who, changed_at, series, undone in rows
    ]


def undo(store: Store, act: str, who: str) -> Act | None:
    """Take an act back: its series hold again what they held before it.

    Raises TandemError where there is no such act, or one of its series was changed since.
    """
    rows = store.rows(
        "SELECT provider, treatment_function, before, after, how FROM capacity_changes WHERE act = ?", [act]
    )
    if not rows:
        raise TandemError("There is no such change to take back.", "Choose one from the history.")
    _require(store)
    before: dict[Series, list[CapacityLine]] = {}
    with store.write() as writer:
        for provider, function, was, came, _ in rows:
            series = (provider, function)
            if _text(_held(writer, series)) != _text(_parsed(came)):
                raise TandemError(
                    f"{provider} {function} was changed again since.", "Take the later change back first."
                )
            before[series] = _parsed(was)
        return _changed(writer, before, f"undo of {rows[0][4]}"[:200], who, undoes=act)


def _require(store: Store) -> None:
    store.require("capacity", arrow_schema(CAPACITY))


def _changed(
    writer: Writer, wanted: Mapping[Series, list[CapacityLine]], how: str, who: str, undoes: str | None = None
) -> Act | None:
    now, identity = datetime.now(UTC).replace(tzinfo=None), uuid.uuid4().hex
    touched: list[Series] = []
    for series, lines in sorted(wanted.items()):
        before, after = _text(_held(writer, series)), _text(lines)
        if before == after:
            continue
        touched.append(series)
        writer.execute("DELETE FROM capacity WHERE provider = ? AND treatment_function = ?", list(series))
        writer.execute(
            f"INSERT INTO capacity_changes ({_CHANGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [identity, *series, before, after, how, who, now, undoes],
        )
    rows = arrow_table(capacity_frame_of([line for each in touched for line in wanted[each]]), CAPACITY)
    for name, value in {"source": how, "updated_at": now}.items():
        rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
    writer.insert("capacity", rows)
    return Act(identity, how, who, now, tuple(touched), undone=False) if touched else None


def _held(writer: Writer, series: Series) -> tuple[CapacityLine, ...]:
    return _lines(
        writer.execute(
            f"SELECT {quoted(CAPACITY)} FROM capacity WHERE provider = ? AND treatment_function = ?",
            list(series),
        )
    )


def _lines(rows: Iterable[tuple[Any, ...]]) -> tuple[CapacityLine, ...]:
    return tuple(CapacityLine(**dict(zip(names(CAPACITY), row, strict=True))) for row in rows)


def _text(lines: Iterable[CapacityLine]) -> str:
    """The lines of a series in one order, so that equal capacity is equal text."""
    ordered = sorted(lines, key=lambda line: (line.medium, line.valid_from))
    return json.dumps([asdict(line) for line in ordered], default=str, sort_keys=True)


def _parsed(lines: str) -> list[CapacityLine]:
    """The lines of a history's text; a column that is younger than it is blank."""
    return [line_of(dict.fromkeys(names(CAPACITY)) | line) for line in json.loads(lines)]

"""Saved scenarios: every version kept, none overwritten unseen, none lost by deleting."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from data.database.store import Store, Writer
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 2000
_VERSION_COLUMNS = (
    "scenario, version, name, description, document, scope, data_month, edition, weeks, replications, seed, "
    "product_version, saved_at"
)


class Outdated(TandemError):
    """Somebody saved a newer version since this one was read; nothing was overwritten."""


@dataclass(frozen=True)
class SavedScenario:
    """One version of a saved scenario, with the run it stands for. Times are UTC without a zone."""

    name: str
    description: str
    document: Mapping[str, Any]
    scope: str
    data_month: str
    edition: str
    weeks: int
    replications: int
    seed: int
    id: str = ""  # given when it is first saved
    version: int = 0
    product_version: str = PRODUCT_VERSION
    saved_at: datetime | None = None
    deleted: bool = False


def save_scenario(store: Store, scenario: SavedScenario) -> SavedScenario:
    """Save a scenario: a new one where it has no id, else the version after the one it was made from.

    Raises Outdated when a newer version was saved in the meantime, and TandemError when the name is empty,
    too long, or taken by another scenario of the same scope.
    """
    name = _name_of(scenario)
    now = datetime.now(UTC).replace(tzinfo=None)
    identity, version = scenario.id or uuid.uuid4().hex, scenario.version + 1
    saved = replace(
        scenario,
        id=identity,
        version=version,
        name=name,
        product_version=PRODUCT_VERSION,
        saved_at=now,
        deleted=False,
    )
    with store.write() as writer:
        _refuse_taken_name(writer, saved)
        if scenario.id:
            _refuse_outdated(writer, scenario)
            writer.execute(
                "UPDATE scenarios SET name = ?, description = ?, document = ?, version = ?, updated_at = ?, "
                "deleted_at = NULL WHERE id = ?",
                [name, saved.description, _text(saved.document), version, now, identity],
            )
        else:
            writer.execute(
                "INSERT INTO scenarios VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                [identity, name, saved.description, _text(saved.document), version, now, now],
            )
        writer.execute(
            f"INSERT INTO scenario_versions ({_VERSION_COLUMNS}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                identity,
                version,
                name,
                saved.description,
                _text(saved.document),
                saved.scope,
                saved.data_month,
                saved.edition,
                saved.weeks,
                saved.replications,
                saved.seed,
                saved.product_version,
                now,
            ],
        )
    return saved


def _name_of(scenario: SavedScenario) -> str:
    """Its name without needless spaces; TandemError where that or the description can't be saved."""
    name = " ".join(scenario.name.split())
    if not name:
        raise TandemError("The scenario has no name.", "Give it one, such as Virtual clinics by autumn.")
    for what, text, most in (
        ("name", name, LONGEST_NAME),
        ("description", scenario.description, LONGEST_DESCRIPTION),
    ):
        if len(text) > most:
            raise TandemError(f"The {what} has {len(text):,} characters.", f"Keep it to {most:,}.")
    return name


def saved_scenarios(store: Store, scope: str | None = None, *, deleted: bool = False) -> list[SavedScenario]:
    """Give the newest version of each saved scenario, the latest saved first; of one scope if it is named.

    With `deleted`, those that were deleted instead.
    """
    condition = "s.deleted_at IS NOT NULL" if deleted else "s.deleted_at IS NULL"
    newest = _versions(store, f"v.version = s.version AND {condition}", [])
    return [each for each in reversed(newest) if scope is None or each.scope == scope]


def saved_scenario(store: Store, identity: str, version: int | None = None) -> SavedScenario:
    """Give a saved scenario, by default its newest version, also when it was deleted.

    Raises TandemError when the store holds no such scenario or version.
    """
    versions = scenario_versions(store, identity)
    if not versions:
        raise TandemError(
            f"No scenario is saved here under '{identity[:40]}'.",
            "Check the link, or choose one of the saved scenarios.",
        )
    for each in versions:
        if version is None or each.version == version:
            return each
    raise TandemError(
        f"'{versions[0].name}' has no version {version}.",
        f"Choose from 1 to {versions[0].version}, the newest.",
    )


def scenario_versions(store: Store, identity: str) -> list[SavedScenario]:
    """Give every version of a saved scenario, newest first."""
    return sorted(_versions(store, "v.scenario = ?", [identity]), key=lambda each: -each.version)


def copy_scenario(store: Store, identity: str, version: int | None = None) -> SavedScenario:
    """Save a copy under a name that is free, such as 'Virtual clinics (copy)', and give it."""
    original = saved_scenario(store, identity, version)
    taken = {each.name.casefold() for each in saved_scenarios(store, original.scope)}
    base, number = original.name[: LONGEST_NAME - 12], 1
    name = f"{base} (copy)"
    while name.casefold() in taken:
        number += 1
        name = f"{base} (copy {number})"
    return save_scenario(store, replace(original, id="", version=0, name=name))


def delete_scenario(store: Store, identity: str) -> SavedScenario:
    """Delete a saved scenario, in a way that `restore_scenario` undoes; gives it as it was."""
    scenario = saved_scenario(store, identity)
    with store.write() as writer:
        writer.execute("UPDATE scenarios SET deleted_at = now() AT TIME ZONE 'UTC' WHERE id = ?", [identity])
    return scenario


def restore_scenario(store: Store, identity: str) -> SavedScenario:
    """Take a deletion back. Where its name was given away since, it comes back with '(restored)'."""
    scenario = saved_scenario(store, identity)
    with store.write() as writer:
        try:
            _refuse_taken_name(writer, scenario)
        except TandemError:
            name = f"{scenario.name[: LONGEST_NAME - 12]} (restored)"
            writer.execute("UPDATE scenarios SET name = ? WHERE id = ?", [name, identity])
            writer.execute(
                "UPDATE scenario_versions SET name = ? WHERE scenario = ? AND version = ?",
                [name, identity, scenario.version],
            )
        writer.execute("UPDATE scenarios SET deleted_at = NULL WHERE id = ?", [identity])
    return saved_scenario(store, identity)


def _versions(store: Store, condition: str, params: list[Any]) -> list[SavedScenario]:
    columns = ", ".join(f"v.{name.strip()}" for name in _VERSION_COLUMNS.split(","))
    rows = store.rows(
        f"SELECT {columns}, s.deleted_at IS NOT NULL "
        f"FROM scenario_versions v JOIN scenarios s ON s.id = v.scenario WHERE {condition} "
        "ORDER BY v.saved_at, v.scenario, v.version",
        params,
    )
    return [
        SavedScenario(
            id=identity,
            version=version,
            name=name,
            description=description,
            document=json.loads(document),
            scope=scope,
            data_month=month,
            edition=edition,
            weeks=weeks,
            replications=replications,
            seed=seed,
            product_version=product,
            saved_at=saved_at,
            deleted=deleted,
        )
        for (
            identity,
            version,
            name,
            description,
            document,
            scope,
            month,
            edition,
            weeks,
            replications,
            seed,
            product,
            saved_at,
            deleted,
        ) in rows
    ]


def _refuse_taken_name(writer: Writer, scenario: SavedScenario) -> None:
    taken = writer.execute(
        "SELECT count(*) FROM scenarios s JOIN scenario_versions v ON v.scenario = s.id "
        "AND v.version = s.version "
        "WHERE s.deleted_at IS NULL AND lower(s.name) = lower(?) AND v.scope = ? AND s.id <> ?",
        [scenario.name, scenario.scope, scenario.id],
    )[0][0]
    if taken:
        raise TandemError(
            f"There is a scenario called '{scenario.name}' here already.",
            "Choose another name, or open that one and save a new version of it.",
        )


def _refuse_outdated(writer: Writer, scenario: SavedScenario) -> None:
    newest = writer.execute("SELECT version FROM scenarios WHERE id = ?", [scenario.id])
    if not newest:
        raise TandemError(f"No scenario is saved here under '{scenario.id[:40]}'.", "Save it as a new one.")
    if newest[0][0] != scenario.version:
        raise Outdated(
            f"Somebody saved version {newest[0][0]} of '{scenario.name}' since you opened "
            f"version {scenario.version}.",
            "Look at theirs first, or save yours under a name of its own. Nothing was overwritten.",
        )


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False)

"""Milestones in the store: every version kept, with who set it; none overwritten unseen."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from data.database.store import Store
from data.saved.scenarios import Outdated
from models.errors import TandemError
from models.outcomes.milestones import Milestone

_COLUMNS = "id, version, scope, expectation, name, due, done, deleted, who, changed_at"


def milestones(store: Store, scope: str) -> list[Milestone]:
    """Give a board's milestones as they stand, those due first at the top; deleted ones are left out."""
    standing = [each for each in _newest(store, "scope = ?", scope) if not each.deleted]
    return sorted(standing, key=lambda each: (each.due, each.name, each.id))


def milestone_versions(store: Store, identity: str) -> list[Milestone]:
    """Give every version of a milestone, the newest first; raises TandemError where there is none."""
    versions = _versions(store, "id = ?", identity)
    if not versions:
        raise TandemError(
            f"No milestone is kept here under '{identity[:40]}'.",
            "Choose one of those shown, or set a new one.",
        )
    return versions[::-1]


def save_milestone(store: Store, milestone: Milestone) -> Milestone:
    """Save a milestone: a new one where it has no id, else the version after the one it was made from.

    Raises Outdated when somebody saved a newer version in the meantime; nothing is overwritten then.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    saved = replace(
        milestone,
        id=milestone.id or uuid.uuid4().hex,
        version=milestone.version + 1,
        name=" ".join(milestone.name.split()),
        who=" ".join(milestone.who.split()),
        changed_at=now,
    )
    with store.write() as writer:
        if milestone.id:
            rows = writer.execute(
                "SELECT version, who FROM milestones WHERE id = ? ORDER BY version DESC LIMIT 1",
                [milestone.id],
            )
            if not rows:
                raise TandemError(
                    f"No milestone is kept here under '{milestone.id[:40]}'.", "Set it as a new one."
                )
            newest, who = rows[0]
            if newest != milestone.version:
                raise Outdated(
                    f"{who} changed the milestone '{milestone.name}' since this page showed it.",
                    "Look at it as it is now, and make your change again. Nothing was overwritten.",
                )
        writer.execute(
            f"INSERT INTO milestones ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                saved.id,
                saved.version,
                saved.scope,
                saved.expectation,
                saved.name,
                saved.due,
                saved.done,
                saved.deleted,
                saved.who,
                now,
            ],
        )
    return saved


def undo_milestone(store: Store, milestone: Milestone, who: str) -> Milestone:
    """Take back the last change of a milestone, as a new version by `who`; a new one is deleted.

    Raises Outdated when somebody else changed it since.
    """
    before = [each for each in milestone_versions(store, milestone.id) if each.version < milestone.version]
    earlier = before[0] if before else replace(milestone, deleted=True)
    return save_milestone(store, replace(earlier, version=milestone.version, who=who))


def _newest(store: Store, condition: str, value: str) -> list[Milestone]:
    newest = {each.id: each for each in _versions(store, condition, value)}
    return list(newest.values())


def _versions(store: Store, condition: str, value: str) -> list[Milestone]:
    rows = store.rows(f"SELECT {_COLUMNS} FROM milestones WHERE {condition} ORDER BY id, version", [value])
    return [
        Milestone(
            id=identity,
            version=version,
            scope=scope,
            expectation=expectation,
            name=name,
            due=due,
            done=done,
            deleted=deleted,
            who=who,
            changed_at=changed_at,
        )
        for identity, version, scope, expectation, name, due, done, deleted, who, changed_at in rows
    ]

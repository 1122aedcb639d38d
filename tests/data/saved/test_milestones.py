"""Milestones in the store: their versions, who set them, undo, and two planners at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.database.store import Store
from data.saved.milestones import milestone_versions, milestones, save_milestone, undo_milestone
from data.saved.scenarios import Outdated
from models.errors import TandemError
from models.outcomes.milestones import Milestone

pytestmark = pytest.mark.unit

PANEL = Milestone("QK1", "involve-people", "Patient panel  meets ", "2026-03", "Asha")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "tandem.duckdb") as opened:
        yield opened


def test_a_milestone_is_kept_for_its_board_with_who_set_it(store: Store) -> None:
    saved = save_milestone(store, PANEL)
    assert (saved.name, saved.version, saved.who) == ("Patient panel meets", 1, "Asha")
    assert milestones(store, "QK1") == [saved]
    assert milestones(store, "QE1") == []


def test_those_due_first_stand_first(store: Store) -> None:
    save_milestone(store, PANEL)
    save_milestone(store, replace(PANEL, name="Charter signed", due="2025-12"))
    assert [each.due for each in milestones(store, "QK1")] == ["2025-12", "2026-03"]


def test_every_version_is_kept_and_the_newest_holds(store: Store) -> None:
    first = save_milestone(store, PANEL)
    second = save_milestone(store, replace(first, done=True, who="Ben"))
    assert milestones(store, "QK1") == [second]
    assert [(each.version, each.done, each.who) for each in milestone_versions(store, first.id)] == [
        (2, True, "Ben"),
        (1, False, "Asha"),
    ]


def test_two_planners_never_overwrite_each_other_unseen(store: Store) -> None:
    first = save_milestone(store, PANEL)
    theirs = save_milestone(store, replace(first, due="2026-06", who="Ben"))
    with pytest.raises(Outdated, match="Ben changed the milestone 'Patient panel meets'"):
        save_milestone(store, replace(first, done=True))
    with pytest.raises(Outdated):
        undo_milestone(store, first, "Asha")
    assert milestones(store, "QK1") == [theirs]


def test_an_edit_is_undone_by_a_version_like_the_one_before(store: Store) -> None:
    first = save_milestone(store, PANEL)
    second = save_milestone(store, replace(first, due="2026-06", who="Ben"))
    back = undo_milestone(store, second, "Asha")
    assert (back.due, back.version, back.who) == ("2026-03", 3, "Asha")


def test_a_deletion_is_undone_and_a_new_one_undone_is_gone(store: Store) -> None:
    first = save_milestone(store, PANEL)
    gone = save_milestone(store, replace(first, deleted=True))
    assert milestones(store, "QK1") == []
    assert milestones(store, "QK1") == [] != [undo_milestone(store, gone, "Asha")]
    assert [each.deleted for each in milestones(store, "QK1")] == [False]
    new = save_milestone(store, replace(PANEL, name="Second"))
    undo_milestone(store, new, "Asha")
    assert [each.name for each in milestones(store, "QK1")] == ["Patient panel meets"]


def test_what_is_not_kept_is_said(store: Store) -> None:
    with pytest.raises(TandemError, match="No milestone is kept here under 'nowhere'"):
        milestone_versions(store, "nowhere")
    with pytest.raises(TandemError, match="No milestone is kept here under 'nowhere'"):
        save_milestone(store, replace(PANEL, id="nowhere", version=1))

"""A board's own capacity in the store: kept whole, told apart from the estimate, and taken back."""

from dataclasses import replace
from datetime import date

import pytest

from data.database.store import Store
from data.returns.capacity_uploads import history_of, keep, undo, uploaded_lines
from models.capacity.uploaded import CapacityLine
from models.errors import TandemError

pytestmark = pytest.mark.unit

FACE = CapacityLine("RXN", "C_101", "face_to_face", date(2025, 10, 1), date(2026, 3, 31), 12.0, None, 18.0)
VIRTUAL = CapacityLine("RXN", "C_101", "virtual", date(2025, 10, 1), minutes=600.0)
OTHER = CapacityLine("RXR", "C_320", "face_to_face", date(2025, 10, 1), minutes=2400.0)


def test_lines_come_back_as_they_went_in(store: Store) -> None:
    act = keep(store, [OTHER, VIRTUAL, FACE], "upload of a.csv", " A  Planner ")
    assert act is not None
    assert act.series == (("RXN", "C_101"), ("RXR", "C_320"))
    assert uploaded_lines(store) == (FACE, VIRTUAL, OTHER)
    assert uploaded_lines(store, "RXR") == (OTHER,)
    (held,) = history_of(store)
    assert (held.id, held.how, held.who, held.series) == (act.id, "upload of a.csv", "A Planner", act.series)


def test_a_series_is_replaced_as_a_whole_and_others_stay(store: Store) -> None:
    keep(store, [FACE, VIRTUAL, OTHER], "upload of a.csv", "AP")
    fewer = replace(FACE, sessions=10.0)
    act = keep(store, [fewer], "edit", "AP")
    assert act is not None
    assert act.series == (("RXN", "C_101"),)
    assert uploaded_lines(store) == (fewer, OTHER)
    assert keep(store, [fewer], "edit", "AP") is None  # nothing changed: no act
    assert len(history_of(store)) == 2
    assert [act.how for act in history_of(store, "RXR")] == ["upload of a.csv"]


def test_a_series_without_a_line_goes_back_to_the_estimate(store: Store) -> None:
    keep(store, [FACE, OTHER], "upload of a.csv", "AP")
    keep(store, [], "edit", "AP", replacing=[FACE.series])
    assert uploaded_lines(store) == (OTHER,)


def test_undo_gives_back_what_was_and_can_itself_be_undone(store: Store) -> None:
    keep(store, [FACE, VIRTUAL], "upload of a.csv", "AP")
    second = keep(store, [OTHER, replace(FACE, sessions=1.0)], "upload of b.csv", "AP")
    assert second is not None
    taken = undo(store, second.id, "BQ")
    assert uploaded_lines(store) == (FACE, VIRTUAL)
    assert taken is not None
    assert history_of(store)[0].how == "undo of upload of b.csv"
    assert [act.undone for act in history_of(store)] == [False, True, False]
    undo(store, taken.id, "BQ")
    assert uploaded_lines(store) == (replace(FACE, sessions=1.0), OTHER)


def test_undo_does_not_run_over_a_later_change(store: Store) -> None:
    first = keep(store, [FACE, OTHER], "upload of a.csv", "AP")
    assert first is not None
    keep(store, [replace(OTHER, minutes=1.0)], "edit", "BQ")
    with pytest.raises(TandemError, match="RXR C_320 was changed again since"):
        undo(store, first.id, "AP")
    assert uploaded_lines(store) == (FACE, replace(OTHER, minutes=1.0))  # and nothing half done
    with pytest.raises(TandemError, match="no such change"):
        undo(store, "nothing", "AP")


def test_a_change_from_before_a_column_is_taken_back_too(store: Store) -> None:
    first = keep(store, [OTHER], "upload of a.csv", "AP")
    assert first is not None
    with store.write() as writer:  # as it was written when lines had no theatre slots yet
        writer.execute(
            """UPDATE capacity_changes SET after = replace(after, '"theatre_slots": null, ', '')"""
        )
    assert store.rows("SELECT contains(after, 'theatre_slots') FROM capacity_changes") == [(False,)]
    undo(store, first.id, "AP")
    assert uploaded_lines(store) == ()


def test_nobody_changes_capacity_unnamed(store: Store) -> None:
    for who in ("", "  ", "x" * 81):
        with pytest.raises(TandemError):
            keep(store, [FACE], "edit", who)
    assert uploaded_lines(store) == ()

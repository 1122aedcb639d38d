"""Lists in the store: whole or not at all, slots with every version, nobody's change written over unseen."""

import pandas as pd
import pytest

from data.database.store import Store
from data.imports.patients import read_patients
from data.imports.slots import read_slots
from data.saved.matching import (
    delete_list,
    matching_lists,
    patients_of,
    put_slot,
    restore_slot,
    slot_history,
    slots_of,
    store_patients,
    store_slots,
    withdraw_slot,
)
from data.saved.scenarios import Outdated
from models.columns import names
from models.errors import TandemError
from models.matching.columns import PATIENTS, SLOTS
from tests.data.imports.lists import TODAY, csv_file, patient_row, slot_row

pytestmark = pytest.mark.unit


@pytest.fixture
def patients() -> pd.DataFrame:
    rows = [patient_row(), patient_row(patient_id="P2", asa="", next_appointment="", travel_miles="anywhere")]
    return read_patients(csv_file(*rows), TODAY)


@pytest.fixture
def slots() -> pd.DataFrame:
    rows = [slot_row(), slot_row(slot_id="S2", provider="RWE", latitude="", longitude="", max_asa="")]
    return read_slots(csv_file(*rows), TODAY)


def test_the_store_has_a_column_for_each_described(store: Store) -> None:
    for table, columns in (("listed_patients", PATIENTS), ("offered_slots", SLOTS)):
        held = store.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table])
        assert set(names(columns)) <= {name for (name,) in held}


def test_patients_come_back_as_they_went_in(store: Store, patients: pd.DataFrame) -> None:
    kept = store_patients(store, "QK1", "  Hips,  October ", patients, {"file": "hips.csv"}, who="Ann")
    assert (kept.name, kept.rows, kept.synthetic) == ("Hips, October", 2, False)
    expected = patients.sort_values("patient_id", ignore_index=True)
    pd.testing.assert_frame_equal(patients_of(store, kept.id), expected)
    assert matching_lists(store, "patients", "QK1") == [kept]
    assert matching_lists(store, "patients", "QE1") == matching_lists(store, "slots") == []


def test_a_list_with_made_up_rows_is_called_synthetic(store: Store, patients: pd.DataFrame) -> None:
    mixed = patients.assign(synthetic=[False, True])
    assert store_patients(store, "QK1", "Mixed", mixed, {}).synthetic


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "has no name"),
        ("x" * 81, "81 characters"),
        ("hips", "already"),
        ("Mrs Patel", "looks like a person's name"),
        ("943 476 5919", "looks like an NHS number"),
    ],
)
def test_names_that_can_not_be(store: Store, patients: pd.DataFrame, name: str, message: str) -> None:
    store_patients(store, "QK1", "Hips", patients, {})
    with pytest.raises(TandemError, match=message):
        store_patients(store, "QK1", name, patients, {})
    assert store.rows("SELECT count(*) FROM listed_patients") == [(2,)]


def test_a_fault_while_storing_leaves_nothing(store: Store, patients: pd.DataFrame) -> None:
    broken = patients.assign(home_provider=[None, "RWE"])
    with pytest.raises(Exception, match="home_provider"):
        store_patients(store, "QK1", "Broken", broken, {})
    assert store.rows("SELECT (SELECT count(*) FROM listed_patients), count(*) FROM matching_lists") == [
        (0, 0)
    ]


def test_a_deleted_list_leaves_no_patients(store: Store, patients: pd.DataFrame) -> None:
    kept = store_patients(store, "QK1", "Hips", patients, {})
    delete_list(store, kept.id)
    assert store.rows("SELECT count(*) FROM listed_patients") == [(0,)]
    with pytest.raises(TandemError, match="There is no list"):
        patients_of(store, kept.id)
    store_patients(store, "QK1", "Hips", patients, {})  # its name is free again


def test_a_slot_without_a_place_takes_its_providers(store: Store, slots: pd.DataFrame) -> None:
    with store.write() as writer:
        writer.execute(
            "INSERT INTO providers (code, name, kind, latitude, longitude) VALUES "
            "('RWE', 'LEICESTER', 'NHS trust', 52.6, -1.1), ('NVC07', 'WOODLAND', 'Other', 1, 1)"
        )
    kept = store_slots(store, "QK1", "October", slots, {})
    found = slots_of(store, kept.id).set_index("slot_id")
    assert found.loc["S2", ["latitude", "longitude"]].tolist() == [52.6, -1.1]
    assert found.loc["S00045", "latitude"] == 52.42  # its own, as in the file


def test_slots_are_added_edited_withdrawn_and_restored(store: Store, slots: pd.DataFrame) -> None:
    kept = store_slots(store, "QK1", "October", slots, {}, who="Ann")
    first = slots_of(store, kept.id)
    pd.testing.assert_frame_equal(first, slots.sort_values("slot_id", ignore_index=True))
    slot = slots.iloc[0].to_dict()
    assert put_slot(store, kept.id, slot | {"count": 7}, version=1, who="Bob", why="one more list") == 2
    assert put_slot(store, kept.id, slot | {"slot_id": "S3"}, who="Bob") == 1
    found = slots_of(store, kept.id).set_index("slot_id")["count"]
    assert found.to_dict() == {"S00045": 7, "S2": 4, "S3": 4}
    assert withdraw_slot(store, kept.id, "S00045", version=2, who="Cid", why="theatre closed") == 3
    assert set(slots_of(store, kept.id)["slot_id"]) == {"S2", "S3"}
    assert restore_slot(store, kept.id, "S00045", version=3, to=1) == 4
    pd.testing.assert_frame_equal(slots_of(store, kept.id).iloc[:2], first)
    history = slot_history(store, kept.id, "S00045")
    assert history["version"].tolist() == [4, 3, 2, 1]
    assert history["withdrawn"].tolist() == [False, True, False, False]
    assert history["who"].tolist() == ["", "Cid", "Bob", "Ann"]
    assert history["why"].tolist() == [
        "as it was in version 1",
        "theatre closed",
        "one more list",
        "first stored",
    ]


def test_nobodys_change_is_written_over_unseen(store: Store, slots: pd.DataFrame) -> None:
    kept = store_slots(store, "QK1", "October", slots, {})
    slot = slots.iloc[0].to_dict()
    put_slot(store, kept.id, slot | {"count": 7}, version=1)
    with pytest.raises(Outdated, match="version 2, not 1"):
        put_slot(store, kept.id, slot | {"count": 9}, version=1)
    with pytest.raises(Outdated):
        withdraw_slot(store, kept.id, "S00045", version=1)
    with pytest.raises(TandemError, match="a slot S00045 already"):
        put_slot(store, kept.id, slot)
    with pytest.raises(TandemError, match="no version 9"):
        restore_slot(store, kept.id, "S00045", version=2, to=9)
    assert slots_of(store, kept.id)["count"].tolist() == [7, 4]

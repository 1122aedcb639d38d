"""Lists of slots: several hundred procedures, weeks by any of their days, limits that make sense."""

import numpy as np
import pandas as pd
import pytest

from data.imports.cells import FaultsFound
from data.imports.identity import IdentityFound
from data.imports.slots import read_slots
from tests.data.imports.lists import TODAY, csv_file, slot_row

pytestmark = pytest.mark.unit


def test_a_week_is_that_of_its_monday() -> None:
    days = [
        "2026-10-05",
        "2026-10-08",
        "2026-10-11",
        "2026-10-12",
    ]  # Monday, Thursday, Sunday, the next Monday
    rows = [slot_row(slot_id=f"S{number}", week=day) for number, day in enumerate(days)]
    found = read_slots(csv_file(*rows), TODAY)
    assert found["week"].dt.strftime("%d").tolist() == ["05", "05", "05", "12"]


def test_several_hundred_procedures() -> None:
    rows = [slot_row(slot_id=f"S{number}", procedure=f"Procedure {number}") for number in range(500)]
    found = read_slots(csv_file(*rows), TODAY)
    assert found["procedure"].nunique() == 500
    assert found["count"].sum() == 2000  # 4 each


def test_blanks_are_no_limit() -> None:
    row = slot_row(max_bmi="", max_asa="", min_age="", medium="", interpreter="", latitude="", longitude="")
    found = read_slots(csv_file(row), TODAY).iloc[0]
    assert np.isnan(found["max_bmi"])
    assert pd.isna(found["max_asa"])
    assert (found["medium"], bool(found["interpreter"])) == ("face_to_face", True)


def test_faults() -> None:
    with pytest.raises(FaultsFound) as found:
        read_slots(
            csv_file(
                slot_row(min_bmi="45"),
                slot_row(slot_id="S2", min_age="90", count="many", longitude=""),
                slot_row(slot_id="S2", medium="fax"),
            ),
            TODAY,
        )
    assert [str(fault) for fault in found.value.faults] == [
        "line 2, min_bmi: is above max_bmi: nobody would fit",
        "line 3, count: holds 'many', not a whole number from 0 to 100000",
        "line 3, latitude: give both latitude and longitude, or neither",
        "line 3, min_age: is above max_age: nobody would fit",
        "line 4, medium: holds 'fax', not one of face_to_face, video, telephone",
        "line 4, slot_id: is the same as on line 3",
    ]


def test_a_telephone_number_in_a_site_stops_the_upload() -> None:
    with pytest.raises(IdentityFound, match="column site: this looks like a telephone number"):
        read_slots(csv_file(slot_row(site="Woodland 01536 414515")), TODAY)
    found = read_slots(csv_file(slot_row(site="Woodland Hospital NN16 8XF", week="2024-01-01")), TODAY)
    assert found["site"].iloc[0] == "Woodland Hospital NN16 8XF"

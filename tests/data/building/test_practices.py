"""Which of all prescribers are general practices, and what is kept of them."""

from pathlib import Path

import pandas as pd
import pytest

from data.building.practices import write_practices

pytestmark = pytest.mark.unit


def test_practices_of_todays_areas_are_kept_with_a_place_to_a_mile(tmp_path: Path) -> None:
    columns = ["practice_code", "practice_name", "postcode", "icb_code", "sub_icb_code", "lat", "lon"]
    rows = [
        ("P81003", "ST JAMES' MEDICAL CENTRE", "BB4 5SL", "QE1", "01A", 53.70912, -2.28641),
        ("Y02466", "BROAD LANE SURGERY", "LE1 6NB", "QK1", "04C", 52.6512, -1.1549),
        ("A81001", "NOWHERE & CO", "TS18 1HU", "QHM", "01A", None, None),  # kept, its place not known
        ("P81900", "ST HELENS CLINIC", "BB4 5SL", "QE1", "01A", 53.7, -2.3),  # no practice's number
        ("P81004", "BURNLEY OOH", "BB4 5SL", "QE1", "01A", 53.7, -2.3),  # out of hours
        ("Y02467", "LANCASHIRE NURSES", "BB4 5SL", "QE1", "01A", 53.7, -2.3),  # not named as a practice
        ("Y02468", "MINOR SURGERY", "BB4 5SL", "QE1", "01A", 53.7, -2.3),
        ("P81005", "OLD SURGERY", "BB4 5SL", "Q70", "01A", 53.7, -2.3),  # closed under an older board
        ("P81006", "OTHER SURGERY", "BB4 5SL", "QE1", "08V", 53.7, -2.3),  # an area that no flow knows
        ("JER001", "ISLAND SURGERY", "JE2 3AB", "QE1", "01A", 49.2, -2.1),
    ]
    commissioners = pd.DataFrame(
        [("01A", "QE1"), ("04C", "QK1"), ("04D", "QHM"), ("13Q", "")], columns=["code", "board"]
    )
    write_practices(pd.DataFrame(rows, columns=columns), commissioners, tmp_path / "practices.csv")
    assert (tmp_path / "practices.csv").read_text(encoding="utf-8") == (
        "code,name,area,outward,latitude,longitude\n"
        "A81001,Nowhere and Co,01A,TS18,,\n"
        "P81003,St James' Medical Centre,01A,BB4,53.71,-2.29\n"
        "Y02466,Broad Lane Surgery,04C,LE1,52.65,-1.15\n"
    )

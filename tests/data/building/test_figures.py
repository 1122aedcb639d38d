"""The command that makes the shipped files: same input, same bytes, and the store as if imported."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from data.building import figures as reference_build
from data.database.store import Store
from data.imports.rtt_extract import import_rtt, read_extract
from data.opening import open_with_figures
from data.returns import lists
from data.shipped import load as reference
from models.errors import TandemError
from tests.data import extracts
from tests.data.extracts import ROWS, Row
from tests.data.imports.test_boundaries import NEW, OLD

pytestmark = pytest.mark.unit

LEFT = Row(
    weeks={2: 9}, provider="RNQ", provider_name="KETTERING", board="QPM", commissioner="03Q", parent="QPM"
)
MONTHS = {"2025-04": "April", "2025-05": "May", "2025-06": "June"}


def save_equity(folder: Path) -> None:
    """Two small areas, a catchment, and shares of which England's do not add up."""
    pd.DataFrame(
        {
            "lsoa11_code": ["E01000002", "E01000001"],
            "ltla22_code": ["E06000016"] * 2,
            "icb22_code": ["QK1"] * 2,
            "lat": [52.6349, 52.6251],
            "lon": [-1.1, -1.2],
            "imd2019_decile": [4, 2],
            "digital_exclusion_risk": [2.49, 3.08],
        }
    ).to_parquet(folder / "lsoa_england.parquet")
    (folder / "trust_catchment_ltla21.csv").write_text(
        "provider_code,ltla21_code,share\nRWE,E06000016,0.9\nR0A,E08000003,1.0\n"
    )
    rows = [
        ("provider", "RWE", "Sex", "Male", 0.43214),
        ("provider", "RWE", "Sex", "Female", 0.5679),
        ("provider", "ENG", "Sex", "Male", 0.4),
        ("provider", "Y60", "Sex", "Male", 1.0),
        ("provider", "R0A", "Sex", "Male", 0.5),  # its other half is missing
        ("treatment_function", "Trauma and Orthopaedics Service", "Age", "Over 65 years", 1.0),
        ("treatment_function", "Unknown", "Age", "Over 65 years", 1.0),
    ]
    frame = pd.DataFrame(rows, columns=["level", "code", "dimension", "group", "share"])
    frame.to_csv(folder / "waiting_list_shares.csv", index=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a folder as the official files are laid out; RNQ and its commissioner leave out May."""
    folder = tmp_path / "official"
    for name in ("rtt", "org", "geo", "equity"):
        (folder / name).mkdir(parents=True)
    for month, name in MONTHS.items():
        rows = ROWS if name == "May" else [*ROWS, LEFT]
        content = extracts.zipped({"full.csv": extracts.extract(rows, f"RTT-{name}-2025")})
        extracts.save(folder / "rtt", content, f"{month}-rtt-full-extract.zip")
    (folder / "org" / "rtt_providers_geocoded.csv").write_text(
        "provider_code,provider_name,type,region,provider_icb,postcode,lat,lon\n"
        "RWE,OLD NAME,NHS trust,Y60,QK1,LE1 5WW,52.6,-1.1\nR0A,MANCHESTER,NHS trust,Y62,QOP,M13 "
        "9WL,53.4,-2.2\n"
    )
    (folder / "org" / "icb_region_lookup.csv").write_text(
        "SICBL26CD,SICBL26CDH,SICBL26NM,ICB26CD,ICB26CDH,ICB26NM,NHSER26CD,NHSER26CDH,NHSER26NM,ObjectId\n"
        "E1,04C,NHS Leicester ICB - 04C,E2,QK1,NHS Leicester ICB,E3,Y60,Midlands,1\n",
        encoding="utf-8-sig",
    )
    (folder / "org" / "gp_practices_2023.csv").write_text(
        "practice_code,practice_name,postcode,icb_code,sub_icb_code,lat,lon\n"
        "C1,ONE,LE1 5WW,QK1,04C,52.61,-1.11\nC2,TWO,LE1 6NB,QK1,04C,52.65,-1.15\nC3,NOWHERE,,QK1,04C,,\n"
    )
    save_equity(folder / "equity")
    (folder / "geo" / "icb42_2022.geojson").write_text(json.dumps(OLD))
    (folder / "geo" / "icb36_2026_small.geojson").write_text(json.dumps(NEW))
    return folder


def test_equal_input_gives_equal_bytes(source: Path, tmp_path: Path) -> None:
    first = reference_build.build(source, tmp_path / "first")
    second = reference_build.build(source, tmp_path / "second")
    assert [path.name for path in first] == [path.name for path in second]
    assert len(first) == 15
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_store_from_shipped_files_equals_one_from_the_official_files(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "shipped")
    reference_build.build(source, tmp_path / "shipped")
    files = sorted((source / "rtt").iterdir())
    for file in files:
        import_rtt(store, file)
    with open_with_figures(tmp_path / "built.duckdb") as built:
        for table in ("pathways", "clock_starts", "flows", "commissioners"):
            query = f"SELECT * FROM {table} ORDER BY ALL"
            assert built.read(query).to_pylist() == store.read(query).to_pylist()
        # The official files are then nothing new.
        assert {import_rtt(built, file).status for file in files} == {"unchanged"}
        assert lists.profile(built, "QPM", "2025-06").sum() == 9
        # A commissioner that left out May is in April and June alone.
        assert built.rows("SELECT month FROM commissioners WHERE code = '03Q' ORDER BY month") == [
            ("2025-04",),
            ("2025-06",),
        ]
        assert built.rows("SELECT code, name, board, region FROM providers ORDER BY code") == [
            ("NT322", "SPIRE, LEICESTER", "QK1", None),
            ("R0A", "MANCHESTER", "QOP", "Y62"),
            ("RNQ", "KETTERING", "QPM", None),
            ("RWE", "UNIVERSITY HOSPITALS OF LEICESTER NHS TRUST", "QK1", "Y60"),
        ]
        # QK1 ended with the 2022 boundaries here: its region is that of its located trust.
        assert built.rows("SELECT code, region, in_2022, in_2026 FROM boards ORDER BY code") == [
            ("QK1", "Midlands", True, False),
            ("QPM", None, True, False),  # in the returns alone
            ("Z9B2Z", "London", False, True),
        ]


def test_where_patients_live_and_who_they_are(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shipped"
    reference_build.build(source, folder)
    areas = pd.read_parquet(folder / "small_areas.parquet")
    assert areas["deprivation"].tolist() == [2, 4]
    assert areas["latitude"].tolist() == pytest.approx([52.63, 52.63])
    assert areas["exclusion_risk"].tolist() == pytest.approx([3.1, 2.5])
    assert (folder / "catchments.csv").read_text() == (
        "provider,district,share\nR0A,E08000003,1.0\nRWE,E06000016,0.9\n"
    )
    assert (folder / "list_shares.csv").read_text() == (
        "code,dimension,group,share\nC_110,age,65+,1.0\nRWE,sex,female,0.5679\nRWE,sex,male,0.4321\n"
    )
    # the middle of LE1: the median of 52.61 and 52.65, of -1.11 and -1.15
    assert (folder / "outward_postcodes.csv").read_text() == "outward,latitude,longitude\nLE1,52.63,-1.13\n"


def test_digests_are_those_of_the_files(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "shipped")
    reference_build.build(source, tmp_path / "shipped")
    digests = {row["file"]: row["digest"] for row in reference.rows_of("months.csv")}
    assert digests == {file.name: read_extract(file).digest for file in (source / "rtt").iterdir()}


def test_a_folder_without_the_files_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="holds no RTT extracts"):
        reference_build.build(tmp_path / "nothing", tmp_path / "out")
    (source / "org" / "icb_region_lookup.csv").unlink()
    with pytest.raises(TandemError, match=r"icb_region_lookup\.csv can't be read"):
        reference_build.build(source, tmp_path / "out")


def test_files_that_are_not_in_the_order_of_their_months_are_refused(source: Path, tmp_path: Path) -> None:
    file = source / "rtt" / "2025-06-rtt-full-extract.zip"
    shutil.copy(file, source / "rtt" / "2025-07-rtt-full-extract.zip")
    with pytest.raises(TandemError, match="holds 2025-06, after 2025-06"):
        reference_build.build(source, tmp_path / "out")

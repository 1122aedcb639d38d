"""Lists of patients: what is as described comes in, all that is not is said at once, nothing else happens."""

import io
import math
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.imports.cells import FaultsFound
from data.imports.patients import SHEET, read_patients
from data.imports.templates import as_written, dictionary, template_csv, template_workbook
from models.columns import names
from models.errors import TandemError
from models.matching.columns import PATIENTS
from models.matching.inputs import matching_inputs
from tests.data.imports.lists import TODAY, csv_file, patient_row, slot_row

pytestmark = pytest.mark.unit


def faults(*rows: dict[str, str]) -> list[str]:
    with pytest.raises(FaultsFound) as found:
        read_patients(csv_file(*rows), TODAY)
    return [str(fault) for fault in found.value.faults]


def test_a_row_as_the_examples_have_it() -> None:
    found = read_patients(csv_file(patient_row()), TODAY).iloc[0]
    assert (found["patient_id"], found["priority"], found["weeks_waited"], found["bmi"]) == (
        "P000123",
        3,
        46,
        27.5,
    )
    assert found["next_appointment"] == pd.Timestamp(2026, 11, 3)
    assert found["can_video"]
    assert not found["synthetic"]


def test_blanks_are_missing_or_the_default() -> None:
    needed = {column.name for column in PATIENTS if column.required}
    blank = {name: value if name in needed else "" for name, value in patient_row().items()}
    found = read_patients(csv_file(blank, blank | {"patient_id": "P2"}), TODAY)
    assert not found["can_video"].any()
    assert set(found["home_approval"]) == {"asked"}
    optional = [each.name for each in PATIENTS if not each.required and each.default is None]
    assert found[optional].isna().all().all()
    only_needed = read_patients(csv_file({name: patient_row()[name] for name in sorted(needed)}), TODAY)
    pd.testing.assert_frame_equal(only_needed, found.iloc[:1].assign(patient_id=only_needed["patient_id"]))


def test_words_as_people_write_them() -> None:
    row = patient_row(
        treatment_function="Trauma and orthopaedics",
        setting="Day case",
        sex="FEMALE",
        can_video="TRUE",
        travel_miles="Anywhere",
        weeks_waited="46.0",
        age_band="60–69",
    )
    found = read_patients(csv_file({name.replace("_", " ").title(): row[name] for name in row}), TODAY).iloc[
        0
    ]
    assert (found["treatment_function"], found["setting"], found["sex"]) == ("C_110", "day_case", "female")
    assert math.isinf(found["travel_miles"])
    assert (found["weeks_waited"], found["age_band"]) == (46, "60-69")


def test_homes_are_kept_to_about_a_mile_and_an_area_stands_in() -> None:
    exact = patient_row(latitude="52.634567", longitude="-1.127891", home_area="")
    area = patient_row(patient_id="P2", latitude="", longitude="", home_area="le 1")
    district = area | {"patient_id": "P3", "home_area": "E06000016"}
    found = read_patients(csv_file(exact, area, district), TODAY)
    assert found["latitude"].iloc[0] == 52.63
    assert found["longitude"].iloc[0] == -1.13
    # Leicester, by general practices in LE1 and by the small areas of the district
    assert np.allclose(found["latitude"].iloc[1:], 52.63, atol=0.02)
    assert np.allclose(found["longitude"].iloc[1:], -1.13, atol=0.02)
    assert found["home_area"].iloc[1] == "LE1"


def test_every_fault_is_said_with_line_and_column() -> None:
    assert faults(
        patient_row(),
        patient_row(priority="5", weeks_waited="-1"),
        patient_row(patient_id="", setting="theatre", bmi="300", travel_miles="far"),
        patient_row(patient_id="P3", next_appointment="03/11/2026", longitude="", can_video="maybe"),
        patient_row(patient_id="P4", home_area="ZZ9", age_band="15-May"),
    ) == [
        "line 3, patient_id: is the same as on line 2",
        "line 3, priority: holds '5', not a whole number from 1 to 4",
        "line 3, weeks_waited: holds '-1', not a whole number from 0 to 1000",
        "line 4, bmi: holds '300', not a number from 10 to 100",
        "line 4, patient_id: is blank",
        "line 4, setting: holds 'theatre', not one of first_outpatient, follow_up, diagnostic, day_case, "
        "inpatient, cancer",
        "line 4, travel_miles: holds 'far', not a number, or 'anywhere' from 0 to 1000",
        "line 5, can_video: holds 'maybe', not yes or no",
        "line 5, latitude: give both latitude and longitude, or neither",
        "line 5, next_appointment: holds '03/11/2026', not a date as YYYY-MM-DD",
        "line 6, age_band: holds '15-May', not one of 0-4, 5-15, 16-17, 18-29, 30-39, 40-49, 50-59, 60-69, "
        "70-79, 80+; a spreadsheet makes a date of 5-15 unless its column is formatted as text",
        "line 6, home_area: is neither an outward postcode with a known place, such as LE1, nor a district's "
        "code",
    ]


def test_the_first_twenty_are_shown_and_all_are_counted() -> None:
    rows = [patient_row(patient_id=f"P{number}", priority="9", sex="?") for number in range(30)]
    with pytest.raises(FaultsFound) as found:
        read_patients(csv_file(*rows), TODAY)
    assert (len(found.value.faults), found.value.count) == (20, 60)
    assert found.value.message.startswith("list.csv has 60 faults. The first 20:\n  line 2, priority")
    assert [fault.line for fault in found.value.faults] == [line for line in range(2, 12) for _ in "ab"]


def test_columns_that_are_missing_repeated_or_not_described() -> None:
    row = patient_row() | {"notes": "x", "priorty": "3"}
    del row["priority"]
    assert faults(row) == [
        "line 1, column 25: 'notes' is not read here; leave it out",
        "line 1, column 26: 'priorty' is not read here; is it priority?",
        "line 1, priority: the column is missing",
    ]
    assert faults(patient_row() | {"SEX": "male"}) == ["line 1, sex: is there twice; keep one"]


def test_what_is_written_is_read_again_whatever_the_file(tmp_path: Path) -> None:
    other = patient_row(patient_id="P2", travel_miles="anywhere", next_appointment="", asa="", sex="")
    rows = [patient_row(), other]
    found = read_patients(csv_file(*rows), TODAY)
    text = as_written(found, PATIENTS)
    text.to_csv(tmp_path / "list.csv", index=False)
    text.to_parquet(tmp_path / "text.parquet")
    found.to_parquet(tmp_path / "typed.parquet")
    text.to_excel(tmp_path / "list.xlsx", index=False, sheet_name=SHEET)
    for name in ("list.csv", "text.parquet", "typed.parquet", "list.xlsx"):
        pd.testing.assert_frame_equal(read_patients(tmp_path / name, TODAY), found)


def test_the_template_filled_in_is_read(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_workbook(PATIENTS, SHEET))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [SHEET, "dictionary"]
    book[SHEET].append(list(patient_row().values()))
    book.save(path)
    pd.testing.assert_frame_equal(read_patients(path, TODAY), read_patients(csv_file(patient_row()), TODAY))
    assert template_csv(PATIENTS) == ",".join(names(PATIENTS)) + "\n"


def test_the_dictionary_says_each_column() -> None:
    said = dictionary(PATIENTS).set_index("column")
    assert list(said.index) == names(PATIENTS)
    assert said.loc["priority", "cell"] == "a whole number from 1 to 4"
    assert said.loc["home_approval", "if_blank"] == "asked"
    assert said.loc["can_video", "if_blank"] == "no"
    assert "C_110 (Trauma and orthopaedics)" in said.loc["treatment_function", "cell"]


def test_what_is_read_can_be_matched() -> None:
    from data.imports.slots import read_slots

    patients = read_patients(csv_file(patient_row()), TODAY)
    inputs = matching_inputs(patients, read_slots(csv_file(slot_row()), TODAY), TODAY)
    assert (len(inputs.patients.ids), len(inputs.batches.ids)) == (1, 1)


def outcome(file: io.BytesIO) -> str:
    try:
        found = read_patients(file, TODAY)
    except TandemError as fault:
        return "a clear fault" if fault.message and fault.remedy else "an unclear fault"
    return "a list" if list(found) == names(PATIENTS) else "something else"


CELLS = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(["", "yes", "C_110", "day_case", "anywhere", "46", "2026-11-03", "P1", '"', "=1+1"]),
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_cells_end_in_a_frame_or_a_clear_fault(data: st.DataObject) -> None:
    row = patient_row()
    for name in data.draw(st.lists(st.sampled_from(names(PATIENTS)), max_size=4, unique=True)):
        row[name] = data.draw(CELLS)
    assert outcome(csv_file(row)) in ("a list", "a clear fault")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PAR1", b"PK\x03\x04", b"patient_id,priority\n"]))
def test_any_bytes_end_in_a_clear_fault(content: bytes, start: bytes) -> None:
    with pytest.raises(TandemError) as fault:
        read_patients(io.BytesIO(start + content), TODAY)
    assert fault.value.message
    assert fault.value.remedy


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4), st.booleans())
def test_a_damaged_file_ends_in_a_frame_or_a_clear_fault(place: int, damage: bytes, excel: bool) -> None:
    file = io.BytesIO()
    text = pd.DataFrame([patient_row()])
    if excel:
        text.to_excel(file, index=False)
    else:
        text.to_parquet(file)
    content = bytearray(file.getvalue())
    place %= len(content)
    content[place : place + len(damage)] = damage
    assert outcome(io.BytesIO(bytes(content))) in ("a list", "a clear fault")

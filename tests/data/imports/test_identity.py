"""A person's identity stops an upload, whichever column it hides in; the message never shows it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.imports import identity
from data.imports.identity import IdentityFound, identity_in, is_nhs_number, refuse_identities
from data.imports.patients import read_patients
from data.imports.tables import read_table
from tests.data.imports.lists import TODAY, csv_file, patient_row

pytestmark = pytest.mark.unit

# 943 476 5919: 9x10 + 4x9 + 3x8 + 4x7 + 7x6 + 6x5 + 5x4 + 9x3 + 1x2 = 299; 299 mod 11 = 2; 11 - 2 = 9
NHS = "9434765919"
IDENTITIES = {
    NHS: identity.NHS_NUMBER,
    "943 476 5919": identity.NHS_NUMBER,
    "943-476-5919": identity.NHS_NUMBER,
    "94 34 76 59 19": identity.NHS_NUMBER,
    "NHS no. 943 476 5919": identity.NHS_NUMBER,
    "9.434765919E+09": identity.NHS_NUMBER,
    "９４３４７６５９１９": identity.NHS_NUMBER,
    "943–476–5919": identity.NHS_NUMBER,
    "Smith, John": identity.NAME,
    "Mrs Patel": identity.NAME,
    "Margaret Hughes": identity.NAME,
    "Margaret": identity.NAME,
    "12/03/1954": identity.BIRTH,
    "1954-03-12": identity.BIRTH,
    "12 March 1954": identity.BIRTH,
    "LE1 5WW": identity.POSTCODE,
    "le15ww": identity.POSTCODE,
    "lives at SW1A 1AA": identity.POSTCODE,
    "07700 900123": identity.TELEPHONE,
    "+44 7700 900123": identity.TELEPHONE,
    "(0116) 496 0123": identity.TELEPHONE,
    "jo.bloggs@example.org": identity.EMAIL,
    "AB123456C": identity.LOCAL_NUMBER,
}
HARMLESS = [
    "9434765918",
    "LE1",
    "SW1A",
    "E06000016",
    "W37.1",
    "C_110",
    "52.6312345678",
    "-0.7123456789",
    "943.4765919",
    "Hip replacement",
    "Thomas splint",
    "Iris repair",
    "Ivor Lewis oesophagectomy",
    "5-15",
    "46",
    "27.5",
    "first_outpatient",
    "anywhere",
    "Trauma and orthopaedics",
    "550e8400-e29b-41d4-a716-446655440000",
    "RWE",
]


def test_the_check_digit() -> None:
    assert is_nhs_number(NHS)
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")
    assert not is_nhs_number("943476591x")


@given(st.integers(0, 10**9 - 1))
def test_at_most_one_last_digit_passes(nine: int) -> None:
    assert sum(is_nhs_number(f"{nine:09d}{last}") for last in range(10)) <= 1


@pytest.mark.parametrize(("value", "what"), IDENTITIES.items())
def test_each_kind_is_known_and_stops_an_upload_without_being_shown(value: str, what: str) -> None:
    assert identity_in(value) == what
    with pytest.raises(IdentityFound) as stopped:
        read_patients(csv_file(patient_row(), patient_row(patient_id="P2", procedure=f'"{value}"')), TODAY)
    assert "line 3, column procedure" in stopped.value.message
    assert what in stopped.value.message
    assert value not in str(stopped.value)


@pytest.mark.parametrize("value", HARMLESS)
def test_what_only_resembles_an_identity_passes(value: str) -> None:
    assert identity_in(value) == ""


@pytest.mark.parametrize(
    ("heading", "what"),
    {
        "NHS Number": identity.NHS_NUMBER,
        "nhs_no": identity.NHS_NUMBER,
        "Surname": identity.NAME,
        "Patient Name": identity.NAME,
        "name": identity.NAME,
        "First name": identity.NAME,
        "DOB": identity.BIRTH,
        "Date of birth": identity.BIRTH,
        "D.O.B.": identity.BIRTH,
        "Mobile": identity.TELEPHONE,
        "Home phone": identity.TELEPHONE,
        "E-mail": identity.EMAIL,
        "Address line 1": identity.ADDRESS,
        "Hospital Number": identity.LOCAL_NUMBER,
        NHS: identity.NHS_NUMBER,
        "John Smith": identity.NAME,
    }.items(),
)
def test_a_heading_stops_an_upload_too(heading: str, what: str) -> None:
    with pytest.raises(IdentityFound, match=what) as stopped:
        read_patients(csv_file(patient_row() | {heading: "x"}), TODAY)
    assert "line 1, column" in stopped.value.message


@pytest.mark.parametrize("value", ["Khan Aisha", "smith", "19540312", "12031954", "LE1 5WW", "07700900123"])
def test_pseudonyms_that_are_none(value: str) -> None:
    with pytest.raises(IdentityFound, match="column patient_id"):
        read_patients(csv_file(patient_row(patient_id=value)), TODAY)


def test_ten_digit_pseudonyms_are_told_how_not_to_be_mistaken() -> None:
    rows = [patient_row(patient_id=str(number)) for number in range(9434765900, 9434765950)]
    with pytest.raises(IdentityFound) as stopped:
        read_patients(csv_file(*rows), TODAY)
    # of 50 numbers in a row, one in eleven or so passes the check: 5 tens, each with one at most
    assert "of 50 ids" in stopped.value.remedy
    assert "number the patients afresh, such as P000001" in stopped.value.remedy


def test_a_letter_before_nhs_numbers_hides_none() -> None:
    true = [number for number in range(9434765900, 9434767000) if is_nhs_number(str(number))][:20]
    with pytest.raises(IdentityFound, match="an NHS number"):
        read_patients(csv_file(*[patient_row(patient_id=f"P{number}") for number in true]), TODAY)
    chance = [patient_row(patient_id=f"P{number}") for number in range(9434765900, 9434766000)]
    assert len(read_patients(csv_file(*chance), TODAY)) == 100


def test_an_appointment_is_no_date_of_birth_unless_it_is_long_past() -> None:
    found = read_patients(csv_file(patient_row(next_appointment="2026-11-30")), TODAY)
    assert found["next_appointment"].iloc[0].date() == date(2026, 11, 30)
    with pytest.raises(IdentityFound, match="a date of birth"):
        read_patients(csv_file(patient_row(next_appointment="12/03/1954")), TODAY)


def test_a_site_may_be_called_after_somebody_and_have_a_postcode() -> None:
    table = read_table(csv_file({"site": "John Smith Hospital LE1 5WW", "slot_id": "S1"}))
    refuse_identities(table, ["site", "slot_id"], ids="slot_id", places=["site"], today=TODAY)
    with pytest.raises(IdentityFound, match="a whole postcode"):
        refuse_identities(table, ["site", "slot_id"], ids="slot_id", today=TODAY)

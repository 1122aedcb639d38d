import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.rtt.organisations import (
    DEFAULT_BOARD,
    Board,
    Place,
    Provider,
    great_circle_miles,
    merged_by,
    nearest_boards,
    plain_name,
    provider_kind,
)

pytestmark = pytest.mark.unit

places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("official", "plain"),
    [
        (
            "NHS LEICESTER, LEICESTERSHIRE AND RUTLAND INTEGRATED CARE BOARD",
            "Leicester, Leicestershire and Rutland",
        ),
        ("NHS CORNWALL AND THE ISLES OF SCILLY INTEGRATED CARE BOARD", "Cornwall and the Isles of Scilly"),
        ("NHS STAFFORDSHIRE AND STOKE-ON-TRENT INTEGRATED CARE BOARD", "Staffordshire and Stoke-on-Trent"),
        ("NHS Surrey and Sussex Integrated Care Board", "Surrey and Sussex"),
        ("NHS BLACKBURN WITH DARWEN (SUB ICB LOCATION)", "Blackburn with Darwen"),
        ("EAST OF ENGLAND - H&J COMMISSIONING HUB", "East of England - H&J Commissioning Hub"),
    ],
)
def test_boards_and_areas_read_as_their_area(official: str, plain: str) -> None:
    assert plain_name(official) == plain
    assert Board("Q00", official).plain_name == plain


@pytest.mark.parametrize(
    ("official", "plain"),
    [
        ("UNIVERSITY HOSPITALS OF LEICESTER NHS TRUST", "University Hospitals of Leicester"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas'"),
        ("ASHFORD AND ST PETER'S HOSPITALS NHS FOUNDATION TRUST", "Ashford and St Peter's Hospitals"),
        (
            "THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS FOUNDATION TRUST",
            "The Queen Elizabeth Hospital, King's Lynn",
        ),
        ("PORTSMOUTH HOSPITALS UNIVERSITY NATIONAL HEALTH SERVICE TRUST", "Portsmouth Hospitals"),
        ("MID YORKSHIRE TEACHING NHS TRUST", "Mid Yorkshire"),
        ("THE NEWCASTLE UPON TYNE HOSPITALS NHS FOUNDATION TRUST", "The Newcastle upon Tyne Hospitals"),
        ("THE ROTHERHAM NHS FOUNDATION TRUST", "Rotherham"),
        ("MANCHESTER UNIVERSITY NHS FOUNDATION TRUST", "Manchester University NHS Foundation Trust"),
        ("HULL UNIVERSITY TEACHING HOSPITALS NHS TRUST", "Hull University Teaching Hospitals"),
        ("LANCASHIRE & SOUTH CUMBRIA NHS FOUNDATION TRUST", "Lancashire and South Cumbria"),
        ("TETBURY HOSPITAL TRUST LTD", "Tetbury Hospital Trust Ltd"),
        ("SPAMEDICA NEWCASTLE-UNDER-LYME", "SpaMedica Newcastle-under-Lyme"),
        ("NEWMEDICA -TELFORD", "Newmedica - Telford"),
        (
            "NUFFIELD HEALTH, THE GROSVENOR HOSPITAL, CHESTER",
            "Nuffield Health, The Grosvenor Hospital, Chester",
        ),
        ("CORA HEALTH MSK (FORMERLY CONNECT HEALTH LTD)", "Cora Health MSK (formerly Connect Health Ltd)"),
        ("NORWICH & NORFOLK SURGICAL LTD (N2S)", "Norwich and Norfolk Surgical Ltd (N2S)"),
        ("SUFFOLK GP FEDERATION", "Suffolk GP Federation"),
        ("MIDLAND EYE (EYE-DOCS LTD)", "Midland Eye (Eye-Docs Ltd)"),
        ("ABOUT HEALTH HQ", "About Health"),
        ("OVIVA UK LTD", "Oviva UK Ltd"),
        ("MODALITY LLP", "Modality LLP"),
        ("INHEALTH LIMITED", "InHealth Limited"),
        ("HERE", "Here"),
        ("KIMS HOSPITAL (NEWNHAM COURT)", "KIMS Hospital (Newnham Court)"),
    ],
)
def test_providers_read_without_capitals_or_legal_form(official: str, plain: str) -> None:
    assert plain_name(official) == plain
    assert Provider("X", official).plain_name == plain


def test_a_name_in_mixed_case_keeps_its_letters() -> None:
    assert plain_name("McTavish eyeCare") == "McTavish eyeCare"
    assert plain_name("NHS TRUST") == "NHS Trust"  # a legal form alone is all there is to show


@given(st.text(st.sampled_from("ABC &-',()"), max_size=30))
def test_a_plain_name_is_already_plain(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("RWE", "NHS trust"),
        ("R0A", "NHS trust"),
        ("R1G7E", "Independent or other"),  # SpaMedica Kendal: five characters
        ("NT322", "Independent or other"),
        ("AY1", "Independent or other"),
    ],
)
def test_a_trust_is_known_by_its_code(code: str, kind: str) -> None:
    assert provider_kind(code) == kind
    assert Provider(code, "").kind == kind


def test_the_default_board_is_leicester() -> None:
    assert DEFAULT_BOARD == "QK1"


def test_a_degree_along_a_meridian_is_69_miles() -> None:
    # 3958.7613 miles x pi / 180 = 69.0934
    assert Place(52.0, -1.0).miles_to(Place(53.0, -1.0)) == pytest.approx(69.0934, rel=1e-5)
    # along the 60th parallel, cos 60 = half of it, a hair less as a great circle cuts the corner
    assert Place(60.0, 0.0).miles_to(Place(60.0, 1.0)) == pytest.approx(34.546, abs=0.005)


def test_leicester_to_charing_cross() -> None:
    # 52.6369 N 1.1398 W to 51.5074 N 0.1278 W: 1.1295 x 69.0934 = 78.04 miles north to south;
    # 1.0120 x 69.0934 x cos 52.07 = 42.98 miles east to west; hypotenuse 89.09
    assert Place(52.6369, -1.1398).miles_to(Place(51.5074, -0.1278)) == pytest.approx(89.09, abs=0.05)


@given(places, places)
def test_distance_is_symmetric_and_at_most_half_way_round(here: Place, there: Place) -> None:
    miles = here.miles_to(there)
    assert miles == pytest.approx(there.miles_to(here), abs=1e-6)
    assert 0 <= miles <= math.pi * 3958.7613 + 1e-6
    assert here.miles_to(here) == 0


def test_distances_broadcast_to_a_table() -> None:
    table = great_circle_miles(np.array([[52.0], [53.0]]), -1.0, np.array([52.0, 53.0, 54.0]), -1.0)
    assert table.shape == (2, 3)
    assert table[0] == pytest.approx([0, 69.0934, 138.1868], abs=1e-3)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (math.nan, 0)])
def test_a_place_off_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(TandemError, match="not a place on Earth"):
        Place(latitude, longitude)


def test_a_merged_trust_has_a_successor_from_its_month_on() -> None:
    assert merged_by("2024-12") == {}
    assert merged_by("2025-01") == {"RAP": "RAL"}


def test_the_nearest_boards_are_told_by_the_middle_of_their_providers() -> None:
    def provider(code: str, board: str, latitude: float | None) -> Provider:
        return Provider(code, code, board, None if latitude is None else Place(latitude, -1.0))

    # middles at 52.0, 52.5, 53.5 and, of 50 and 51, 50.5
    providers = [
        provider("A1", "A", 52.0),
        provider("B1", "B", 52.5),
        provider("C1", "C", 53.5),
        provider("D1", "D", 50.0),
        provider("D2", "D", 51.0),
        provider("E1", "E", None),
    ]
    assert nearest_boards(providers, "A", 2) == ["B", "C"]  # C and D as far: by code
    assert nearest_boards(providers, "E", 2) == []

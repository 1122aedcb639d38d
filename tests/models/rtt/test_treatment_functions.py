import pytest

from models.errors import TandemError
from models.rtt.treatment_functions import (
    TOTAL_CODE,
    TREATMENT_FUNCTIONS,
    name_of,
    order_of,
    treatment_function,
)
from models.scenarios.assumptions import CHAPTER_SHARES

pytestmark = pytest.mark.unit


def test_there_are_23_and_the_total_is_not_one() -> None:
    assert len(TREATMENT_FUNCTIONS) == 23
    assert TOTAL_CODE not in TREATMENT_FUNCTIONS
    assert len({each.name for each in TREATMENT_FUNCTIONS.values()}) == 23
    assert len({each.official_name for each in TREATMENT_FUNCTIONS.values()}) == 23


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C_110", "Trauma and orthopaedics"),
        ("C_120", "Ear, nose and throat"),
        ("C_502", "Gynaecology"),
        ("X02", "Other: medical"),
        ("X06", "Other: all else"),
    ],
)
def test_a_planner_reads_plain_names(code: str, name: str) -> None:
    assert name_of(code) == name


def test_order_is_the_official_files() -> None:
    assert [order_of(code) for code in TREATMENT_FUNCTIONS] == list(range(23))
    assert list(TREATMENT_FUNCTIONS) == sorted(TREATMENT_FUNCTIONS)


def test_every_chapter_has_a_share() -> None:
    chapters = {each.chapter for each in TREATMENT_FUNCTIONS.values()} - {""}
    assert chapters <= set(CHAPTER_SHARES)
    assert treatment_function("C_320").chapter == "circulatory"
    assert treatment_function("X02").chapter == ""


@pytest.mark.parametrize("code", ["C_999", "C_1", "", "c_110"])
def test_an_unknown_code_is_refused_with_those_there_are(code: str) -> None:
    with pytest.raises(TandemError, match="is not a treatment function") as refused:
        name_of(code)
    assert "C_100" in refused.value.remedy

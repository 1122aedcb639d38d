"""The ten expectations: their targets, how these are written, and when they are due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.outcomes.expectations import (
    EXPECTATIONS,
    Target,
    last_whole_month,
    read_targets,
    target_parts,
    usual_targets,
)

pytestmark = pytest.mark.unit

MEASURED = {name: each.measure for name, each in EXPECTATIONS.items() if each.measure}


def test_there_are_ten_each_with_what_it_leaves_out() -> None:
    assert len(EXPECTATIONS) == 10
    assert all(each.asks and each.leaves_out for each in EXPECTATIONS.values())
    assert [name for name in EXPECTATIONS if name not in MEASURED] == ["involve-people", "enabling-culture"]


@pytest.mark.parametrize(
    ("month", "weeks", "last"),
    [
        ("2025-08", 104, "2027-08"),  # Monday 1 September 2025; week 104 ends Sunday 29 August 2027
        ("2025-08", 103, "2027-07"),  # ends 22 August: a whole week of August is still to come
        ("2025-06", 4, "2025-07"),  # Monday 7 July; ends Sunday 3 August, so July is whole
    ],
)
def test_the_last_whole_month_of_a_run(month: str, weeks: int, last: str) -> None:
    assert last_whole_month(month, weeks) == last


def test_usual_targets_are_due_at_the_run_s_end_and_virtual_at_the_year_s() -> None:
    targets = usual_targets("2025-08", "2027-08")
    assert set(targets) == set(MEASURED)
    assert targets["virtual-by-default"] == Target(70, "2026-03")  # the first March half a year on
    assert targets["excellent-care"] == Target(92, "2027-08")
    assert targets["local-settings"] == Target(None, "2027-08")
    assert usual_targets("2025-10", "2026-10")["virtual-by-default"].month == "2026-10"  # not past the run


def test_a_target_is_said_with_its_date() -> None:
    said = {name: each.said(MEASURED[name]) for name, each in usual_targets("2025-08", "2027-08").items()}
    assert said["virtual-by-default"] == "70% or more by March 2026"
    assert said["safety-first"] == "none by August 2027"
    assert said["local-settings"] == "less than if nothing changed by August 2027"
    assert Target(1200, "2026-01").said(MEASURED["safety-first"]) == "1,200 patients or less by January 2026"


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.builds(
                Target,
                st.none() | st.integers(0, int(measure.most)).map(float),
                st.sampled_from(["2025-09", "2026-03", "2031-12"]),
            )
            for name, measure in MEASURED.items()
        },
    )
)
def test_targets_are_read_as_they_are_written(targets: dict[str, Target]) -> None:
    assert read_targets(target_parts(targets)) == targets


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("involve-people=1@2026-03", "names no expectation with a measure"),
        ("virtual-by-default=101@2026-03", "give 0 to 100 %, or 'better'"),
        ("virtual-by-default=many@2026-03", "gives no level"),
        ("virtual-by-default=nan@2026-03", "gives no level"),
        ("virtual-by-default=70", "month"),
    ],
)
def test_a_target_that_cannot_be_read_is_named(part: str, said: str) -> None:
    with pytest.raises(TandemError) as fault:
        read_targets([part])
    assert said in f"{fault.value.message} {fault.value.remedy}"


def test_a_target_stands_once() -> None:
    with pytest.raises(TandemError, match="stands twice"):
        read_targets(["excellent-care=92@2026-03", "excellent-care=80@2026-03"])


def test_values_are_said_in_their_unit() -> None:
    share, patients, miles = (MEASURED[n] for n in ("excellent-care", "safety-first", "local-settings"))
    assert (share.form(53.16), patients.form(3409.4), miles.form(7.44)) == (
        "53.2%",
        "3,410 patients",
        "7.4 miles",
    )
    assert share.form_range(52.1, 54) == "52.1% to 54%"
    assert patients.form_range(3204, 3604) == "3,200 to 3,600"

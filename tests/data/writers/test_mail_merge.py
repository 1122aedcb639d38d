"""The mail merge and areas' shares of lists, on the shipped figures."""

import io
import re

import openpyxl
import pandas as pd
import pytest

from data.database.store import Store
from data.returns.areas import alternatives, area_waits, practices
from data.returns.calibrations import calibration
from data.returns.gp_work import area_shares
from data.writers.mail_merge import (
    ALREADY,
    LEAST_SHARE,
    MILES,
    Told,
    mail_merge,
    mail_merge_report,
    waits_to_tell,
)
from data.writers.workbook import workbook
from models.errors import TandemError
from models.scenarios.presets import preset
from models.waits.gp_work import area_lists
from models.waits.messages import OwnText
from models.waits.reading_age import reading_age

pytestmark = pytest.mark.integration

MONTH, AREA, FUNCTION = "2025-08", "00R", "C_110"


@pytest.fixture(scope="module")
def told(reference_store: Store) -> list[Told]:
    return waits_to_tell(reference_store, AREA, "Blackpool", MONTH, FUNCTION)


def test_what_is_told_is_what_the_areas_waits_say(reference_store: Store, told: list[Told]) -> None:
    waits = area_waits(reference_store, AREA, MONTH)
    here = waits[(waits["treatment_function"] == FUNCTION) & (waits["share"] >= LEAST_SHARE)]
    assert [each.provider for each in told] == here["provider"].tolist()
    for each, row in zip(told, here.itertuples(), strict=True):
        assert (each.wait.hospital, each.wait.waiting) == (row.provider_name, row.waiting)
        assert (each.wait.half_within, each.wait.nine_in_ten_within) == pytest.approx(
            (row.half_within, row.nine_in_ten_within), nan_ok=True
        )


def test_only_hospitals_that_the_area_uses_and_that_are_sooner_are_named(
    reference_store: Store, told: list[Told]
) -> None:
    near = alternatives(reference_store, AREA, FUNCTION, MONTH, MILES).set_index("provider_name")
    named = [(each.wait, name, half) for each in told for name, half in each.wait.shorter]
    assert named
    for wait, name, half in named:
        assert half <= wait.half_within - 1
        assert near.loc[name, "share"] >= ALREADY


def test_a_row_a_practice_function_and_hospital_with_the_message_and_no_person(told: list[Told]) -> None:
    rows = mail_merge(told, AREA, "practice")
    own = practices(AREA)
    assert len(rows) == len(own) * len(told)
    assert set(rows["practice"]) == set(own["name"])
    for row in rows.itertuples():
        assert row.message.startswith(f"To {row.practice}\n")
        assert row.hospital in row.message
        assert f"within {row.half_within_weeks} week" in row.message
        assert 10 <= reading_age(row.message).age <= 12
    assert (rows["data_month_code"] == MONTH).all()
    assert (rows["still_blank"] == "who to contact, the text in Welsh, the easy-read text").all()
    assert not any(re.search("patient_id|nhs|birth|sex|age_", name) for name in rows)


def test_no_cell_can_be_taken_for_a_formula_and_own_text_is_filled(told: list[Told]) -> None:
    own = OwnText("=HYPERLINK(1)", "-1+1", "@SUM(1)")
    rows = mail_merge(told[:1], AREA, "patients", {told[0].wait.variant: "=1+{waiting}"}, own)
    assert rows["message"].iloc[0].startswith("'=1+")
    assert rows[["contact", "welsh", "easy_read"]].iloc[0].str.startswith("'").all()
    assert (rows["still_blank"] == "").all()


def test_the_workbook_says_what_it_rests_on_and_reads_back_equal(told: list[Told]) -> None:
    rows = mail_merge(told[:1], AREA, "patients")
    book = workbook(mail_merge_report(rows, "Blackpool", MONTH, "patients"))
    opened = openpyxl.load_workbook(io.BytesIO(book), read_only=True)
    assert opened.sheetnames == ["README", "Messages"]
    first = "\n".join(str(cell) for row in opened["README"].values for cell in row if cell)
    for word in ("August 2025", "Method", "Estimated", "Still to be written", f"{len(rows)} messages"):
        assert word in first
    back = pd.read_excel(io.BytesIO(book), sheet_name="Messages", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(back, rows.astype(str), check_dtype=False)


def test_an_area_without_practices_is_refused(told: list[Told]) -> None:
    with pytest.raises(TandemError, match="No practice of area ZZZ"):
        mail_merge(told, "ZZZ", "patients")


def test_areas_shares_add_up_to_their_published_lists(reference_store: Store) -> None:
    shares = area_shares(reference_store, "QE1", MONTH)
    (published,) = reference_store.rows(
        "SELECT sum(total) FROM flows f "
        "JOIN commissioners c ON c.code = f.commissioner AND c.month = f.month "
        "WHERE f.month = '2025-08' AND part = 'incomplete' AND c.board = 'QE1'"
    )[0]
    assert shares["waiting"].sum() == published == 249_324
    assert shares["share"].between(0, 1).all()
    found = calibration(reference_store, "QE1", preset("baseline"))
    codes = dict.fromkeys(sorted(set(shares["area"])), "")
    lists = area_lists(shares, codes, found.providers.tolist(), found.treatment_functions.tolist())
    # shares of the run's opening lists, and who waits elsewhere: each area's published list
    here = lists.shares @ found.waiting.sum(axis=1) + lists.outside
    assert here == pytest.approx(shares.groupby("area")["waiting"].sum().to_numpy(), abs=0.5)

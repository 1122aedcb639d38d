"""Messages: what they say, the fields they take, and that nothing else gets in."""

import math
import re
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.waits.messages import (
    FIELDS,
    OwnText,
    Wait,
    check_template,
    draft,
    filled,
    in_a_sentence,
    values,
    weeks_said,
    whole,
)
from models.waits.reading_age import reading_age

pytestmark = pytest.mark.unit

WAIT = Wait(
    area="Blackpool",
    practice="Layton Medical Centre",
    specialty="Trauma and orthopaedics",
    hospital="Blackpool Teaching Hospitals",
    data_month="2025-08",
    half_within=16.8,
    nine_in_ten_within=45.6,
    waiting=3472,
    over_52=91,
    shorter=(("Spire Fylde Coast Hospital", 9.2),),
)
LONGEST = replace(WAIT, nine_in_ten_within=math.inf)
NOT_KNOWN = replace(WAIT, half_within=math.nan, nine_in_ten_within=math.nan)
ALL = [(audience, wait) for audience in ("patients", "practice") for wait in (WAIT, LONGEST, NOT_KNOWN)]


def test_a_message_to_patients_says_both_figures_and_that_it_is_no_promise() -> None:
    said = filled(draft("patients", WAIT.variant), WAIT)
    assert "referred to Blackpool Teaching Hospitals for trauma and orthopaedics" in said
    assert "within 17 weeks. Nine in ten can expect to be treated within 46 weeks." in said
    assert "It is not a promise." in said
    assert "estimate from the figures for August 2025" in said
    for asked in ("more than 40 weeks", "18 or over", "the next 8 weeks"):  # who may ask to move
        assert asked in said


def test_a_message_to_a_practice_says_whose_figures_they_are_and_where_waits_are_shorter() -> None:
    said = filled(draft("practice", WAIT.variant), WAIT)
    assert said.startswith("To Layton Medical Centre\n")
    assert "3,472 referrals from Blackpool were waiting" in said
    assert "91 had waited for over a year" in said
    assert "for the whole area, not for one practice" in said
    assert "Half of those sent to Spire Fylde Coast Hospital are treated within 9 weeks." in said
    alone = filled(draft("practice", WAIT.variant), replace(WAIT, practice="", over_52=0, shorter=()))
    assert "To all practices in Blackpool" in alone
    assert "Of these, none had waited" in alone
    assert "No place nearby" in alone


def test_the_variant_follows_what_is_known() -> None:
    assert (WAIT.variant, LONGEST.variant, NOT_KNOWN.variant) == ("usual", "longest", "not_known")
    assert replace(WAIT, half_within=math.inf).variant == "not_known"
    assert "More than one in ten may wait for over 104 weeks" in filled(draft("patients", "longest"), LONGEST)
    unknown = filled(draft("patients", "not_known"), NOT_KNOWN)
    assert "We can't say how long" in unknown
    assert "Half of" not in unknown
    assert "estimate" not in unknown


@pytest.mark.parametrize(("audience", "wait"), ALL)
def test_no_shipped_message_has_a_field_left_or_promises(audience, wait) -> None:
    said = filled(draft(audience, wait.variant), wait)
    assert "{" not in said
    assert not re.search(r"you will be (seen|treated)|guarantee|nan|inf\b", said)


def test_own_text_stands_where_the_board_wrote_it_and_is_marked_blank_where_not() -> None:
    message = filled(draft("patients", "usual"), WAIT)
    assert "[Left blank for the health board to write: who to contact]" in message
    assert whole(message).count("[Left blank") == 3
    own = OwnText("Ring 01234 567890.", "Eich aros", "Easy")
    done = whole(filled(draft("patients", "usual"), WAIT, own), own)
    assert "Ring 01234 567890." in done
    assert "Cymraeg (Welsh)\nEich aros" in done
    assert "Left blank" not in done
    assert own.missing() == ()
    assert OwnText(contact="x", welsh=" ").missing() == ("the text in Welsh", "the easy-read text")


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("Dear {name}", "'{name}'"),
        ("{specialty.upper}", "'{specialty.upper}'"),
        ("{hospital!r}", "'{hospital!r}'"),
        ("{waiting:>9}", "'{waiting:>9}'"),
        ("{}", "'{}'"),
        ("a } b", "by itself"),
        ("{area", "not closed"),
        ("{{area}}", "side by side"),
    ],
)
def test_what_is_no_field_is_refused_by_name_with_the_fields_there_are(template: str, what: str) -> None:
    with pytest.raises(TandemError) as fault:
        check_template(template)
    assert what in fault.value.message
    for name in FIELDS:
        assert f"{{{name}}}" in fault.value.remedy


def test_every_field_is_filled_and_named() -> None:
    assert list(values(WAIT)) == list(FIELDS)
    said = filled(" ".join(f"{{{name}}}" for name in FIELDS), WAIT)
    assert "{" not in said


def test_weeks_are_whole_and_grammatical() -> None:
    said = [weeks_said(weeks) for weeks in (0.2, 1.4, 17.4, math.inf, math.nan)]
    assert said == ["1", "1", "17", "more than 104", "not known"]
    assert filled("within {half_within_weeks} weeks.", replace(WAIT, half_within=0.3)) == "within 1 week.\n"
    assert filled("within {half_within_weeks} weeks.", replace(WAIT, half_within=21)) == "within 21 weeks.\n"


def test_a_specialty_reads_well_within_a_sentence() -> None:
    assert in_a_sentence("Ear, nose and throat") == "ear, nose and throat"
    assert in_a_sentence("Other: surgical") == "other surgical care"
    assert in_a_sentence("Other: all else") == "other kinds of care"
    for each in TREATMENT_FUNCTIONS.values():
        assert ":" not in in_a_sentence(each.name)


@pytest.mark.parametrize(("audience", "wait"), ALL)
@pytest.mark.parametrize("specialty", [each.name for each in TREATMENT_FUNCTIONS.values()])
def test_every_draft_reads_at_about_eleven(audience, wait, specialty: str) -> None:
    message = filled(draft(audience, wait.variant), replace(wait, specialty=specialty))
    assert 10 <= reading_age(message).age <= 12


@given(st.text(string.ascii_lowercase, min_size=1, max_size=12), st.text("ab{} ", max_size=8))
def test_a_field_that_is_none_is_refused_wherever_it_stands(name: str, before: str) -> None:
    if name in FIELDS:
        return
    with pytest.raises(TandemError, match=r"field|curly bracket") as fault:
        check_template(f"{before}{{{name}}}")
    assert "The fields are" in fault.value.remedy

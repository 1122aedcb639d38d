"""Answers: who may accept what, what a refusal leaves, and matching again."""

from datetime import datetime

import numpy as np
import pytest

from models.errors import TandemError
from models.matching.answers import answered, latest, undone
from models.matching.preview import preview_matching
from models.matching.terms import Answer, Decision, Refusal
from tests.models.matching.small_lists import TERMS, frame, patient, slot

pytestmark = pytest.mark.unit

PATIENTS = frame(patient("P1", weeks_waited=50), patient("P2"))
SLOTS = frame(slot("S1", weeks=1), slot("S2", weeks=2), slot("S3", provider="NVC08", latitude=52.1, count=2))


def answer_to(patient_id: str, slot_id: str, answer: Answer, reason: Refusal = Refusal.OTHER) -> Decision:
    return Decision(patient_id, slot_id, answer, "A planner", datetime(2026, 9, 1, 9), reason)


def offers_of(*decisions: Decision) -> dict[str, list[tuple[str, str]]]:
    """Each patient's offers after the answers: slot and kind, best first."""
    offers = preview_matching(PATIENTS, SLOTS, TERMS, decisions).offers
    return {
        name: list(zip(rows["slot_id"], rows["kind"].astype(str), strict=True))
        for name, rows in offers.groupby("patient_id")
    }


def test_the_nearest_place_is_held_and_spare_places_go_by_claim() -> None:
    # S3, 7 miles off, holds both; S1 and S2 are one service, whose earlier week goes to the stronger priority
    assert offers_of() == {"P1": [("S3", "held"), ("S1", "spare")], "P2": [("S3", "held"), ("S2", "spare")]}


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        (Refusal.WEEK, ["S1"]),
        (Refusal.PLACE, ["S1"]),
        (Refusal.OTHER, ["S1"]),
        (Refusal.MEDIUM, []),
        (Refusal.STAY, []),
    ],
)
def test_a_refusal_takes_away_what_its_reason_says(reason: Refusal, left: list[str]) -> None:
    offers = offers_of(answer_to("P1", "S3", Answer.REFUSED, reason))
    assert [name for name, _ in offers.get("P1", [])] == left
    assert offers["P2"][0] == ("S3", "held")


def test_a_week_that_does_not_suit_leaves_the_service_s_other_weeks() -> None:
    refused = [
        answer_to("P1", "S3", Answer.REFUSED, Refusal.PLACE),
        answer_to("P1", "S1", Answer.REFUSED, Refusal.WEEK),
    ]
    assert offers_of(*refused)["P1"] == [("S2", "held")]
    declined = [*refused, answer_to("P1", "S2", Answer.NO_ANSWER)]
    row = preview_matching(PATIENTS, SLOTS, TERMS, declined).unmatched.iloc[0]
    assert (row["patient_id"], row["rule"]) == ("P1", "not_declined")
    assert row["change"] == "4 places if the patient thought again."  # none is held by a stronger priority
    unused = preview_matching(PATIENTS, SLOTS, TERMS, declined).unused
    assert unused.set_index("slot_id")["rule"].to_dict() == dict.fromkeys(
        ("S1", "S2", "S3"), "placed_elsewhere"
    )


def test_whoever_has_accepted_keeps_the_place_against_a_stronger_claim() -> None:
    slots = frame(slot("S1"))
    preview = preview_matching(PATIENTS, slots, TERMS, [answer_to("P2", "S1", Answer.ACCEPTED)])
    assert preview.matches[["patient_id", "confirmed"]].to_numpy().tolist() == [["P2", True]]
    assert preview.offers["kind"].astype(str).tolist() == ["confirmed"]
    assert preview.unmatched["reason"].tolist() == [
        "Every place that would suit has been accepted by somebody already."
    ]


def test_only_an_offer_that_is_the_patient_s_can_be_accepted() -> None:
    slots = frame(slot("S1"))
    offers = preview_matching(PATIENTS, slots, TERMS).offers
    taken = answered(offers, (), answer_to("P1", "S1", Answer.ACCEPTED))
    assert [each.patient_id for each in taken] == ["P1"]
    with pytest.raises(TandemError, match="Standby can't be accepted"):
        answered(offers, (), answer_to("P2", "S1", Answer.ACCEPTED))
    with pytest.raises(TandemError, match="No offer of slot S9"):
        answered(offers, (), answer_to("P1", "S9", Answer.REFUSED))
    with pytest.raises(TandemError, match="accepted slot S1 already"):
        answered(offers, taken, answer_to("P1", "S1", Answer.ACCEPTED))


def test_every_firm_offer_can_be_accepted_at_once() -> None:
    people = frame(*(patient(f"P{row}", weeks_waited=int(row)) for row in range(6)))
    first = preview_matching(people, SLOTS, TERMS)
    decisions: tuple[Decision, ...] = ()
    for name, rows in first.offers[first.offers["kind"] != "standby"].groupby("patient_id"):
        decisions = answered(
            first.offers, decisions, answer_to(name, rows["slot_id"].iloc[-1], Answer.ACCEPTED)
        )
    assert len(decisions) == 4  # as many as there are places
    assert preview_matching(people, SLOTS, TERMS, decisions).matches["confirmed"].all()


def test_an_answer_can_be_undone() -> None:
    answers = (answer_to("P1", "S3", Answer.REFUSED), answer_to("P2", "S3", Answer.ACCEPTED))
    assert undone(answers, "P1") == answers[1:]
    assert offers_of(*undone(answers[:1], "P1")) == offers_of()
    with pytest.raises(TandemError, match="P9 has answered nothing"):
        undone(answers, "P9")


def test_the_last_answer_to_an_offer_stands() -> None:
    changed = (answer_to("P1", "S3", Answer.ACCEPTED), answer_to("P1", "S3", Answer.REFUSED))
    assert [each.answer for each in latest(changed)] == [Answer.REFUSED]
    assert offers_of(*changed)["P1"] == [("S1", "held")]


def test_acceptances_that_cannot_stand_are_said() -> None:
    with pytest.raises(TandemError, match="S1, which is no longer offered"):
        preview_matching(PATIENTS, SLOTS.iloc[1:], TERMS, [answer_to("P1", "S1", Answer.ACCEPTED)])
    both = [answer_to("P1", "S1", Answer.ACCEPTED), answer_to("P1", "S2", Answer.ACCEPTED)]
    with pytest.raises(TandemError, match="P1 has accepted two slots"):
        preview_matching(PATIENTS, SLOTS, TERMS, both)
    full = [answer_to("P1", "S1", Answer.ACCEPTED), answer_to("P2", "S1", Answer.ACCEPTED)]
    with pytest.raises(TandemError, match="Slot S1 has 1 places, and 2 are accepted"):
        preview_matching(PATIENTS, SLOTS, TERMS, full)


def test_answers_of_patients_and_slots_that_are_gone_are_moot() -> None:
    gone = [answer_to("P9", "S1", Answer.ACCEPTED), answer_to("P1", "S9", Answer.REFUSED)]
    assert offers_of(*gone) == offers_of()


def test_offers_are_at_most_five_and_standby_is_called_so() -> None:
    slots = frame(*(slot(f"S{row}", provider=f"N{row}", latitude=52 + row / 100) for row in range(7)))
    people = frame(*(patient(f"P{row}") for row in range(7)))
    offers = preview_matching(people, slots, TERMS).offers
    assert offers.groupby("patient_id").size().tolist() == [5] * 7
    kinds = offers.groupby("patient_id")["kind"].agg(lambda rows: rows.astype(str).tolist())
    assert kinds.tolist() == [["held"] + ["standby"] * 4] * 7
    assert np.array_equal(offers["rank"], np.tile(np.arange(1, 6), 7))

"""What a planner sets before a matching, and what people answer after it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True)
class Terms:
    """The day of the preview, and how strictly the home trust's word is taken."""

    as_of: date  # weeks that have begun by this day are past
    count_asked: bool = False  # also match patients whose home trust has been asked and not yet answered


class Answer(StrEnum):
    """What came of an offer."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NO_ANSWER = "no answer"


class Refusal(StrEnum):
    """Why a patient refused: it says what is not offered to them again."""

    WEEK = "the week does not suit"  # this batch alone
    PLACE = "the place does not suit, or is too far"  # nothing of this provider
    MEDIUM = "would rather be seen another way"  # nothing in this medium
    STAY = "would rather wait at home"  # nothing at all
    OTHER = "another reason"  # nothing of this service


@dataclass(frozen=True)
class Decision:
    """One answer to one offer, with who took it down and when."""

    patient_id: str
    slot_id: str
    answer: Answer
    who: str
    when: datetime
    reason: Refusal = Refusal.OTHER  # of a refusal
    note: str = ""  # in the person's own words

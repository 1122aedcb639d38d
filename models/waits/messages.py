"""Messages about a wait: to patients and to a practice, as templates with named fields, filled from figures.

They say what can be expected and what to do meanwhile, in plain English; that it is an estimate, and promise
nothing. They hold nothing about any person. Who to contact, and the text in Welsh and for easy read, are the
board's own: they stay marked as blank until the board has written them.
"""

import math
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Literal

from models.errors import TandemError
from models.rtt.months import month_label
from models.rtt.waiting_list import OPEN_BAND

Audience = Literal["patients", "practice"]
Variant = Literal["usual", "longest", "not_known"]

# who may ask to move: the Patient Initiated Digital Mutual Aid System (NHS England, 2023)
MOVE_WEEKS, MOVE_AGE, MOVE_CLEAR = 40, 18, 8

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "area": "the sub-ICB area",
        "practice": "the GP practice, or all of the area's practices",
        "specialty": "the treatment function, such as urology",
        "hospital": "where patients are referred to",
        "data_month": "the month of the figures, such as August 2025",
        "half_within_weeks": "weeks within which half can expect to be treated",
        "nine_in_ten_within_weeks": "weeks within which nine in ten can expect to be treated",
        "waiting": "the area's referrals waiting there",
        "over_52": "those of them waiting over a year",
        "shorter_waits": "nearby hospitals that the area uses and where waits are shorter",
        "contact": "the board's own text: who to contact",
    }
)


@dataclass(frozen=True)
class OwnText:
    """What a board writes itself; empty where it has not yet."""

    contact: str = ""
    welsh: str = ""
    easy_read: str = ""

    def missing(self) -> tuple[str, ...]:
        """What is still to be written, as it is called."""
        return tuple(_OWN[each.name] for each in fields(self) if not getattr(self, each.name).strip())


_OWN = {"contact": "who to contact", "welsh": "the text in Welsh", "easy_read": "the easy-read text"}


@dataclass(frozen=True)
class Wait:
    """What a message is drafted from: one place's wait for one treatment function, for an area's patients.

    Weeks are from referral to treatment; nan where not known, infinite where longer than is published.
    `shorter` are hospitals with shorter waits and the weeks within which half are treated there.
    """

    area: str
    practice: str  # empty: all of the area's
    specialty: str
    hospital: str
    data_month: str  # YYYY-MM
    half_within: float
    nine_in_ten_within: float
    waiting: int
    over_52: int
    shorter: tuple[tuple[str, float], ...] = ()

    @property
    def variant(self) -> Variant:
        """Which message fits: with both figures, with waits past those published, or with none."""
        if not math.isfinite(self.half_within):
            return "not_known"
        return "usual" if math.isfinite(self.nine_in_ten_within) else "longest"


_NOW = "Half of the people who are sent there now can expect to be treated within {half_within_weeks} weeks."
_SAID: Mapping[Variant, str] = MappingProxyType(
    {
        "usual": f"{_NOW} Nine in ten can expect to be treated within {{nine_in_ten_within_weeks}} weeks.",
        "longest": f"{_NOW} More than one in ten may wait for over {OPEN_BAND} weeks, which is two years.",
        "not_known": "We can't say how long the wait there is. The figures that were sent in are too few, "
        "or have gaps.",
    }
)
_ESTIMATE = (
    "The weeks count from the day you were referred.\n"
    "This is an estimate from the figures for {data_month}. It is not a promise. Your own wait may be "
    "shorter or longer. Those with the most urgent need are seen first."
)
_ESTIMATE_FOR_PRACTICE = (
    "The weeks count from the day they are sent. This is an estimate. Your own patients may wait for "
    "more or less time."
)
_MEANWHILE = f"""\
While you wait
- Keep all the letters that you are sent.
- Tell the hospital if your address or phone number changes.
- Tell them if you can't come, or no longer need to be seen.
- You can ask to be seen by phone or video, if that suits you.
- Try to stay active and to eat and sleep well.
- A pharmacist can help with pain while you wait.

If you feel worse
Call your GP practice. They can ask for you to be seen sooner. If it can't wait, call 111. If your life \
may be at risk, call 999.

How to ask to move
You may be able to move to a new hospital. You can ask if all of this is true:
- You have waited for more than {MOVE_WEEKS} weeks.
- You are {MOVE_AGE} or over.
- You have no visit booked in the next {MOVE_CLEAR} weeks.
Your own doctors first check that a move is right for you. All of your care for this problem then moves \
with you. You don't have to move.

Who can help
{{contact}}
"""
_WAITING = """\
In {data_month}, {waiting} referrals from {area} were waiting there. Of these, {over_52} had waited for over \
a year. This is for the whole area, not for one practice.
"""
_FOR_PRACTICE = f"""\
Where waits are shorter
{{shorter_waits}}
Some of the area's patients go there now. A place with a short wait may not take all kinds of patient.

What helps while they wait
- Tell patients how long the wait may be. Say that it is not a promise.
- Ask for advice before you refer, where that may be enough.
- Talk about where they could go before you refer.
- Write to the team there if a patient gets worse.
- Some patients may ask to move. They must have waited for more than {MOVE_WEEKS} weeks, be {MOVE_AGE} or \
over and have no visit booked in the next {MOVE_CLEAR} weeks.

Who can help
{{contact}}
"""


_ONE_WEEK = re.compile(r"\b1 weeks\b")


def draft(audience: Audience, variant: Variant) -> str:
    """The template that ships for a message, with the names of its fields in braces."""
    known = variant != "not_known"
    if audience == "patients":
        estimate = f" {_ESTIMATE}" if known else ""
        return (
            "Your wait for {specialty}\n\nYou have been referred to {hospital} for {specialty}.\n\n"
            f"How long it may take\n{_SAID[variant]}{estimate}\n\n{_MEANWHILE}"
        )
    estimate = f" {_ESTIMATE_FOR_PRACTICE}" if known else ""
    return (
        "To {practice}\nWaits for {specialty} at {hospital}\n\n"
        f"{_WAITING}\nHow long it may take\n{_SAID[variant]}{estimate}\n\n{_FOR_PRACTICE}"
    )


def check_template(template: str) -> None:
    """Raises TandemError for a template that can't be filled: what is wrong, and the fields there are."""
    offered = f"The fields are {', '.join(f'{{{name}}}' for name in FIELDS)}."
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as fault:
        raise TandemError(
            "The message has a curly bracket by itself, or a pair that is not closed.",
            f"Take it out, or write a field's name between two. {offered}",
        ) from fault
    for text, name, form, conversion in parts:
        if "{" in text or "}" in text:
            raise TandemError(
                "The message has two curly brackets side by side.", f"Write a field in one pair. {offered}"
            )
        if name is not None and (name not in FIELDS or form or conversion):
            written = f"{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
            raise TandemError(f"The message has no field called '{{{written}}}'.", offered)


def filled(template: str, wait: Wait, own: OwnText = OwnText()) -> str:
    """The message in plain English for one wait; raises TandemError as `check_template` does."""
    check_template(template)
    message = template.format(**values(wait, own)).strip() + "\n"
    return _ONE_WEEK.sub("1 week", message)


def whole(message: str, own: OwnText = OwnText()) -> str:
    """A message with the board's Welsh and easy-read text beneath it, or the places for them left blank."""
    return (
        f"{message}\nCymraeg (Welsh)\n{own.welsh.strip() or blank('welsh')}\n\n"
        f"Easy read\n{own.easy_read.strip() or blank('easy_read')}\n"
    )


def blank(name: str) -> str:
    """What stands in a message where the board has not yet written its own text."""
    return f"[Left blank for the health board to write: {_OWN[name]}]"


def values(wait: Wait, own: OwnText = OwnText()) -> dict[str, str]:
    """What each field is filled with, by its name."""
    return {
        "area": wait.area,
        "practice": wait.practice or f"all practices in {wait.area}",
        "specialty": in_a_sentence(wait.specialty),
        "hospital": wait.hospital,
        "data_month": month_label(wait.data_month),
        "half_within_weeks": weeks_said(wait.half_within),
        "nine_in_ten_within_weeks": weeks_said(wait.nine_in_ten_within),
        "waiting": f"{wait.waiting:,}",
        "over_52": f"{wait.over_52:,}" if wait.over_52 else "none",
        "shorter_waits": shorter_said(wait.shorter),
        "contact": own.contact.strip() or blank("contact"),
    }


def weeks_said(weeks: float) -> str:
    """A number of weeks as it stands before the word 'weeks': '17', 'more than 104', 'not known'."""
    if math.isnan(weeks):
        return "not known"
    return f"more than {OPEN_BAND}" if math.isinf(weeks) else f"{max(round(weeks), 1)}"


def shorter_said(shorter: tuple[tuple[str, float], ...]) -> str:
    """Hospitals with shorter waits, a line each, or that none is known."""
    if not shorter:
        return "No place nearby that the area uses is known to have a shorter wait."
    return "\n".join(
        f"Half of those sent to {name} are treated within {weeks_said(weeks)} weeks."
        for name, weeks in shorter
    )


def in_a_sentence(specialty: str) -> str:
    """A treatment function's name as it stands within a sentence: 'urology', 'other surgical care'."""
    if specialty.startswith("Other: "):
        kind = specialty.removeprefix("Other: ")
        return "other kinds of care" if kind == "all else" else f"other {kind} care"
    return specialty[:1].lower() + specialty[1:]

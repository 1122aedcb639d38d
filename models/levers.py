"""The levers a scenario can pull: what each means, its units, its limits and where its numbers come from.

The form on the page, the command line, the scenario document and the documentation all read these
definitions; the process that carries a lever out in time stands in `sim/policies.py` under the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "when", "table"]


@dataclass(frozen=True)
class Parameter:
    """One setting of a lever.

    `kind` is a plain number, a moment ('2026-04-06', or '+26w' after the first simulated week) or a table
    of numbers by treatment function. `low` and `high` are what a planner may choose, in `unit`.
    `neutral` is the value at which the setting changes nothing.
    """

    name: str
    label: str
    kind: Kind = "number"
    unit: str = ""
    default: float | str | None = None
    neutral: float | None = None
    low: float = 0.0
    high: float = 100.0
    step: float = 1.0
    assumption: str | None = None  # key in the register of assumptions that stands behind it
    help: str = ""


@dataclass(frozen=True)
class Lever:
    """A named policy: what it does in a sentence, its settings, the document it comes from."""

    name: str
    title: str
    sentence: str
    parameters: tuple[Parameter, ...]
    source: str
    assumptions: tuple[str, ...] = ()  # register keys that decide what the lever achieves

    def parameter(self, name: str) -> Parameter:
        return next(p for p in self.parameters if p.name == name)


STARTS = Parameter(
    "starts", "Starts", kind="when", default="+0w", help="A date, or weeks after the latest figures: +4w."
)
FULL_BY = Parameter(
    "full_by", "In full by", kind="when", default="+26w", help="It grows evenly from its start to this date."
)

VIRTUAL_BY_DEFAULT = Lever(
    name="virtual_by_default",
    title="Virtual by default",
    sentence="Outpatient appointments are held by video or telephone unless the patient or the condition "
    "needs the hospital.",
    source="Leicester, Leicestershire and Rutland's ten expectations: 70% of first and follow-up "
    "appointments by video or telephone",
    parameters=(
        Parameter(
            "first",
            "First appointments held virtually",
            unit="%",
            default=70.0,
            assumption="virtual_share_first",
            help="Of all first attendances. What can be reached stops at the ceiling of each specialty "
            "and at the patients who cannot use video or telephone.",
        ),
        Parameter(
            "follow_up",
            "Follow-ups held virtually",
            unit="%",
            default=70.0,
            assumption="virtual_share_follow_up",
            help="Of all follow-up attendances, with the same ceilings.",
        ),
        STARTS,
        FULL_BY,
        Parameter(
            "ceilings",
            "Ceiling by treatment function",
            kind="table",
            unit="%",
            help="The most of a specialty's appointments that can be held virtually; what is not given "
            "here is taken from the register of assumptions.",
        ),
    ),
    assumptions=(
        "cannot_use_virtual",
        "virtual_repeat",
        "virtual_slot_length",
        "dna_face_to_face",
        "dna_virtual_relative",
    ),
)

EXTRA_SESSIONS = Lever(
    name="extra_sessions",
    title="Extra sessions",
    sentence="More clinic sessions and theatre slots a week, shared out in proportion to those waiting.",
    source="Evening and weekend lists; Outpatient Recovery and Transformation Programme",
    parameters=(
        Parameter(
            "clinics",
            "Extra clinic sessions",
            unit="sessions a week",
            default=10.0,
            neutral=0.0,
            high=1000.0,
            assumption="clinic_session_hours",
            help="Across every provider and specialty in the lever's scope.",
        ),
        Parameter(
            "theatre_slots",
            "Extra theatre slots",
            unit="patients a week",
            default=0.0,
            neutral=0.0,
            high=5000.0,
            help="Across every provider and specialty in the lever's scope.",
        ),
        STARTS,
        Parameter("ends", "Ends", kind="when", default="", help="Left empty, the sessions carry on."),
    ),
    assumptions=("clinic_session_hours", "appointment_minutes_first", "appointment_minutes_follow_up"),
)

REFERRAL_GROWTH = Lever(
    name="referral_growth",
    title="Referral growth",
    sentence="New clock starts grow or shrink by a steady share each year.",
    source="The planner's own view of demand",
    parameters=(
        Parameter(
            "growth",
            "Growth in clock starts",
            unit="% a year",
            default=2.0,
            neutral=0.0,
            low=-20.0,
            high=20.0,
            step=0.5,
        ),
        STARTS,
    ),
)

LEVERS: Mapping[str, Lever] = {
    lever.name: lever for lever in (VIRTUAL_BY_DEFAULT, EXTRA_SESSIONS, REFERRAL_GROWTH)
}

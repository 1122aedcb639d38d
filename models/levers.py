"""The levers a scenario can pull: what each means, its units, its limits and where its numbers come from.

The form on the page, the command line, the scenario document and the documentation all read these
definitions; the process that carries a lever out in time stands in `sim/policies.py` under the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "when", "table", "provider"]


@dataclass(frozen=True)
class Parameter:
    """One setting of a lever.

    `kind` is a plain number, a moment ('2026-04-06', or '+26w' after the first simulated week), a table of
    numbers by treatment function, or a provider's code. `low` and `high` are what a planner may choose, in
    `unit`. `neutral` is the value at which the setting changes nothing.
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
ENDS = Parameter("ends", "Ends", kind="when", default="", help="Left empty, it carries on.")

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
        ENDS,
    ),
    assumptions=("clinic_session_hours", "appointment_minutes_first", "appointment_minutes_follow_up"),
)

PATIENT_INITIATED = Lever(
    name="patient_initiated_follow_up",
    title="Patient-initiated follow-up",
    sentence="Patients are told what to look for and come back if worried, instead of by appointment.",
    source="Outpatient Recovery and Transformation Programme; NHS England's elective adviser: follow-up by "
    "default is inverted",
    parameters=(
        Parameter(
            "share",
            "Follow-ups left to the patient",
            unit="%",
            default=5.0,
            neutral=0.0,
            high=60.0,
            assumption="pifu_target",
            help="Beyond the 3% of today, which are in the figures already.",
        ),
        STARTS,
        FULL_BY,
    ),
    assumptions=("pifu_returns", "pifu_safety", "follow_up_interval"),
)

ADVICE_AND_GUIDANCE = Lever(
    name="advice_and_guidance",
    title="Advice and guidance",
    sentence="Specialists answer part of the referrals with advice to the GP, and no clock starts.",
    source="Outpatient Recovery and Transformation Programme: early expert advice to GPs",
    parameters=(
        Parameter(
            "share",
            "Referrals answered with advice",
            unit="%",
            default=6.0,
            neutral=0.0,
            high=30.0,
            assumption="advice_diversion",
            help="Of the referrals that start a clock today.",
        ),
        STARTS,
        FULL_BY,
    ),
    assumptions=("gp_advice_contacts",),
)

MISSED_APPOINTMENTS = Lever(
    name="missed_appointments",
    title="Fewer missed appointments",
    sentence="Reminders and choice of time lower the share missed; overbooking fills part of what is left.",
    source="Outpatient Recovery and Transformation Programme: fewer missed appointments",
    parameters=(
        Parameter(
            "reduction",
            "Missed appointments avoided",
            unit="% of those missed",
            default=20.0,
            neutral=0.0,
            high=90.0,
            assumption="dna_face_to_face",
        ),
        Parameter(
            "overbooking",
            "Overbooking",
            unit="% of slots",
            default=0.0,
            neutral=0.0,
            high=20.0,
            help="Further bookings, who take the places of patients who do not come; the rest runs over.",
        ),
        STARTS,
        FULL_BY,
    ),
    assumptions=("dna_face_to_face", "dna_virtual_relative"),
)

EMERITUS = Lever(
    name="emeritus_consultants",
    title="Emeritus consultants",
    sentence="Retired specialists hold virtual first appointments, beside the usual clinics.",
    source="NHS Emeritus Consultants, Outpatient Recovery and Transformation Programme",
    parameters=(
        Parameter(
            "sessions",
            "Sessions",
            unit="sessions a week",
            default=10.0,
            neutral=0.0,
            high=500.0,
            assumption="emeritus_session_hours",
            help="Across every provider and specialty in the lever's scope, by those waiting for a first "
            "appointment who can be seen virtually.",
        ),
        STARTS,
        ENDS,
    ),
    assumptions=("emeritus_session_hours", "virtual_slot_length", "virtual_repeat"),
)

INDEPENDENT_SECTOR = Lever(
    name="independent_sector",
    title="Independent-sector slots",
    sentence="Independent hospitals treat patients with a decision to admit, the longest waits first.",
    source="Digital Mutual Aid System: slots across NHS and independent hospitals",
    parameters=(
        Parameter(
            "slots",
            "Patients taken",
            unit="patients a week",
            default=20.0,
            neutral=0.0,
            high=5000.0,
            help="Across the lever's scope, shared by those waiting to be admitted; they leave the list as "
            "moved out.",
        ),
        STARTS,
        ENDS,
    ),
)

VALIDATION = Lever(
    name="validation",
    title="Validation",
    sentence="Patients who have waited long are asked whether they still need the appointment.",
    source="Hospitals must communicate with everybody on the list",
    parameters=(
        Parameter(
            "removed",
            "Found to need no longer wait",
            unit="% of those checked",
            default=5.0,
            neutral=0.0,
            high=50.0,
            help="No source was found: an assumption.",
        ),
        Parameter("waited", "Checked from", unit="weeks waited", default=26.0, high=104.0),
        Parameter(
            "every",
            "Checked again every",
            unit="weeks",
            default=12.0,
            high=104.0,
            help="0: once, at the start.",
        ),
        STARTS,
    ),
)

BOOKING_ORDER = Lever(
    name="booking_order",
    title="Longest first",
    sentence="Part of the slots go strictly to the longest waits, the rest are booked as today.",
    source="The matching platform is aimed at the longest waits",
    parameters=(
        Parameter("share", "Slots in turn", unit="%", default=50.0, neutral=0.0),
        Parameter(
            "waited",
            "Only to those who have waited",
            unit="weeks or more",
            default=0.0,
            high=104.0,
            help="52 or 65 aims at the longest waits alone; 0 is longest first throughout.",
        ),
        STARTS,
        FULL_BY,
    ),
)

CAPACITY_SHOCK = Lever(
    name="capacity_shock",
    title="A strike or a hard winter",
    sentence="Clinics and theatres lose a share of their time for some weeks.",
    source="Strikes, Christmas and winter move monthly counts by more than most policies do",
    parameters=(
        Parameter("lost", "Clinic and theatre time lost", unit="%", default=40.0, neutral=0.0),
        Parameter("starts", "Starts", kind="when", default="+8w"),
        Parameter("weeks", "Lasts", unit="weeks", default=1.0, low=1.0, high=52.0),
    ),
)

PAIRING = Lever(
    name="trust_pairing",
    title="Trust pairing",
    sentence="Long waiters at one trust are offered a video appointment with a doctor at another.",
    source="Trust pairing, NHS England's elective adviser",
    parameters=(
        Parameter("home", "Trust that is helped", kind="provider", default=""),
        Parameter("partner", "Trust that helps", kind="provider", default=""),
        Parameter(
            "weekly_limit",
            "Appointments offered",
            unit="a week",
            default=50.0,
            neutral=0.0,
            high=2000.0,
            help="Across the treatment functions in scope that both trusts have, by their long waiters.",
        ),
        Parameter(
            "given",
            "Most of the partner's clinic time that is given",
            unit="%",
            default=5.0,
            neutral=0.0,
            high=50.0,
            help="In each treatment function. It comes out of the partner's own clinics: the page shows both "
            "lists.",
        ),
        Parameter(
            "waited", "Offered to those who have waited", unit="weeks or more", default=26.0, high=104.0
        ),
        STARTS,
        ENDS,
    ),
    assumptions=("local_diagnostic", "virtual_repeat", "virtual_slot_length", "cannot_use_virtual"),
)

ASKING = Lever(
    name="asking_for_virtual",
    title="Patients ask for virtual",
    sentence="The longer the local wait, the more patients ask to be seen by video or telephone.",
    source="NHS England's elective adviser: patients are encouraged to ask for virtual",
    parameters=(
        Parameter(
            "share",
            "Would ask if every wait were over 18 weeks",
            unit="% of those who can",
            default=20.0,
            neutral=0.0,
            help="No source was found: an assumption. At a local share of w over 18 weeks, w times this ask.",
        ),
        STARTS,
        ENDS,
    ),
    assumptions=("cannot_use_virtual", "virtual_repeat", "virtual_slot_length"),
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
    lever.name: lever
    for lever in (
        VIRTUAL_BY_DEFAULT,
        PAIRING,
        ASKING,
        PATIENT_INITIATED,
        ADVICE_AND_GUIDANCE,
        MISSED_APPOINTMENTS,
        EMERITUS,
        EXTRA_SESSIONS,
        INDEPENDENT_SECTOR,
        VALIDATION,
        BOOKING_ORDER,
        REFERRAL_GROWTH,
        CAPACITY_SHOCK,
    )
}

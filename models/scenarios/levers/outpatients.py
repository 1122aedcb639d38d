"""Levers on how outpatients are seen: by which medium, where, by whom, and whether they have to be."""

from models.scenarios.assumptions import virtual_ceiling
from models.scenarios.levers.lever import ENDS, FULL_BY, STARTS, Lever, Parameter

VIRTUAL_BY_DEFAULT = Lever(
    name="virtual_by_default",
    title="Virtual by default",
    group="Ten expectations",
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
            neutral_today=True,
            assumption="virtual_share_first",
            help="Of all first attendances. What can be reached stops at the ceiling of each specialty "
            "and at the patients who cannot use video or telephone.",
        ),
        Parameter(
            "follow_up",
            "Follow-ups held virtually",
            unit="%",
            default=70.0,
            neutral_today=True,
            assumption="virtual_share_follow_up",
            help="Of all follow-up attendances, with the same ceilings.",
        ),
        Parameter(
            "first_by_telephone",
            "Virtual first appointments by telephone",
            kind="optional",
            unit="%",
            assumption="telephone_share",
            help="The rest are by video. Left empty: as today. Who can't use video needs the telephone, so "
            "fewer can be reached with little of it.",
        ),
        Parameter(
            "follow_up_by_telephone",
            "Virtual follow-ups by telephone",
            kind="optional",
            unit="%",
            assumption="telephone_share",
            help="The rest are by video. Left empty: as today.",
        ),
        Parameter(
            "declined",
            "Choose face to face all the same",
            unit="% of those who can be seen virtually",
            default=0.0,
            help="The alternative is kept: they are seen in person, as are all who can't be seen otherwise.",
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
            usual=virtual_ceiling,
        ),
    ),
    assumptions=(
        "cannot_use_virtual",
        "cannot_use_video",
        "virtual_ceiling_multiple",
        "virtual_ceiling_most",
        "virtual_repeat",
        "telephone_repeat_relative",
        "virtual_slot_length",
        "telephone_slot_relative",
        "dna_face_to_face",
        "dna_virtual_relative",
        "telephone_missed_relative",
    ),
)

PAIRING = Lever(
    name="trust_pairing",
    title="Trust pairing",
    group="Trust pairing",
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
            "from_spare",
            "The partner's spare clinic time that is offered",
            unit="%",
            default=0.0,
            neutral=0.0,
            help="Spare is what the partner's own list does not need to keep its waits, in each treatment "
            "function; nothing where none was found.",
        ),
        Parameter(
            "given",
            "Most of the partner's clinic time that is given beyond it",
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
    limits_together=True,
)

ASKING = Lever(
    name="asking_for_virtual",
    title="Patients ask for virtual",
    group="Trust pairing",
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

PATIENT_INITIATED = Lever(
    name="patient_initiated_follow_up",
    title="Patient-initiated follow-up",
    group="Outpatient recovery",
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
    group="Outpatient recovery",
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
    group="Outpatient recovery",
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
    group="Outpatient recovery",
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

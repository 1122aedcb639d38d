"""Levers on how many can be seen, in what order, and how many come."""

from models.scenarios.levers.lever import ENDS, FULL_BY, STARTS, Lever, Parameter

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

INDEPENDENT_SECTOR = Lever(
    name="independent_sector",
    title="Independent-sector slots",
    group="Mutual aid",
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
    group="Jointly managed list",
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
    group="Mutual aid",
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

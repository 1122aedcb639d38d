"""The two sides of a matching, column by column: importers, templates, store and pages read these.

A frame of either side has these columns under these names. A blank cell is a missing
value (NA, NaN or NaT), unless the column has a default, which then stands in for it.
"""

from models.columns import Column, Kind
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

FACE_TO_FACE, VIDEO, TELEPHONE = MEDIA = ("face_to_face", "video", "telephone")
SETTINGS = ("first_outpatient", "follow_up", "diagnostic", "day_case", "inpatient", "cancer")
AGE_BANDS = ("0-4", "5-15", "16-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")
APPROVED, WITHHELD, ASKED = APPROVALS = ("yes", "no", "asked")
BY_TEAM, BY_PATIENT = ROUTES = ("team", "patient")
NO_DIAGNOSTIC, ON_SITE, AT_HOME = DIAGNOSTICS = ("none", "on_site", "at_home")
SEXES = ("female", "male", "other")
ANYWHERE = "anywhere"  # as written in a file; infinity in a frame

# what a reader calls each value
LABELS = {
    "face_to_face": "face to face",
    "video": "video",
    "telephone": "telephone",
    "first_outpatient": "first outpatient",
    "follow_up": "follow-up",
    "diagnostic": "diagnostic",
    "day_case": "day case",
    "inpatient": "in-patient",
    "cancer": "cancer",
    "on_site": "on site",
    "at_home": "at the home trust",
}

_FUNCTION_CODES = tuple(TREATMENT_FUNCTIONS)

PATIENTS: tuple[Column, ...] = (
    Column(
        "patient_id",
        "A pseudonym: one patient's, and no other's. Never an NHS number.",
        required=True,
        example="P000123",
    ),
    Column(
        "home_provider",
        "ODS code of the provider whose list the patient is on.",
        required=True,
        example="RWE",
    ),
    Column(
        "treatment_function",
        "Treatment function as in the returns.",
        Kind.CHOICE,
        required=True,
        values=_FUNCTION_CODES,
        example="C_110",
    ),
    Column(
        "procedure",
        "Procedure or kind of appointment, in words or a code both sides use. "
        "Blank: only places that take any of the treatment function.",
        example="W37",
    ),
    Column(
        "setting",
        "What the patient waits for.",
        Kind.CHOICE,
        required=True,
        values=SETTINGS,
        example="day_case",
    ),
    Column(
        "priority",
        "Clinical priority, 1 the most urgent (P1 to P4 of the surgical categories).",
        Kind.COUNT,
        required=True,
        low=1,
        high=4,
        example="3",
    ),
    Column(
        "weeks_waited",
        "Whole weeks since the clock started.",
        Kind.COUNT,
        "weeks",
        required=True,
        low=0,
        high=1000,
        example="46",
    ),
    Column(
        "next_appointment",
        "Date the patient is booked for at home. Only earlier weeks are offered.",
        Kind.DATE,
        example="2026-11-03",
    ),
    Column(
        "expected_weeks",
        "Further weeks the patient would wait at home with nothing booked: used only to count weeks saved.",
        Kind.NUMBER,
        "weeks",
        low=0,
        high=1000,
        example="20",
    ),
    Column(
        "latitude",
        "Where the patient lives, to about a mile (two decimals; never the exact home). "
        "Blank: distances are not known.",
        Kind.NUMBER,
        "degrees north",
        low=49,
        high=61,
        example="52.63",
    ),
    Column("longitude", "As latitude.", Kind.NUMBER, "degrees east", low=-9, high=2.5, example="-1.13"),
    Column(
        "home_area",
        "Where the patient lives, as an outward postcode (never the whole postcode) or a "
        "district's code (E06000016): its middle stands in for a blank latitude and longitude.",
        example="LE1",
    ),
    Column(
        "travel_miles",
        "How far the patient will travel, as the crow flies: 50, 100, their own figure, or anywhere.",
        Kind.MILES,
        "miles",
        required=True,
        low=0,
        high=1000,
        example="50",
    ),
    Column("asa", "Severity: ASA grade, 1 healthy to 5.", Kind.COUNT, low=1, high=5, example="2"),
    Column("bmi", "Body mass index.", Kind.NUMBER, "kg/m²", low=10, high=100, example="27.5"),
    Column("age_band", "Age in years, in bands.", Kind.CHOICE, "years", values=AGE_BANDS, example="60-69"),
    Column("sex", "Sex, for the fairness panel only.", Kind.CHOICE, values=SEXES, example="female"),
    Column(
        "deprivation",
        "Tenth of the index of multiple deprivation where they live, 1 the most deprived.",
        Kind.COUNT,
        low=1,
        high=10,
        example="3",
    ),
    Column(
        "can_video",
        "Can be seen by video: clinically suitable, able and willing.",
        Kind.YES_NO,
        default=False,
        example="yes",
    ),
    Column(
        "can_telephone",
        "Can be seen by telephone: clinically suitable, able and willing.",
        Kind.YES_NO,
        default=False,
        example="yes",
    ),
    Column("needs_interpreter", "Needs an interpreter.", Kind.YES_NO, default=False, example="no"),
    Column(
        "needs_diagnostic",
        "Needs a diagnostic test with this appointment.",
        Kind.YES_NO,
        default=False,
        example="no",
    ),
    Column(
        "home_approval",
        "Whether the home trust has confirmed that a move is clinically and socially suitable.",
        Kind.CHOICE,
        values=APPROVALS,
        default=ASKED,
        example="yes",
    ),
    Column(
        "route",
        "Who asks for the move: the clinical team, or the patient's own right to ask (over 40 "
        "weeks, 18 or over, no appointment in the next 8 weeks).",
        Kind.CHOICE,
        values=ROUTES,
        default=BY_TEAM,
        example="team",
    ),
    Column(
        "synthetic",
        "Whether the row was made up by Tandem: nobody's, and nothing to act on.",
        Kind.YES_NO,
        default=False,
        example="no",
    ),
)

SLOTS: tuple[Column, ...] = (
    Column("slot_id", "A name for this row, unlike any other's.", required=True, example="S00045"),
    Column("provider", "ODS code of the provider that offers the places.", required=True, example="NVC07"),
    Column("site", "Name of the hospital or clinic.", example="Woodland Hospital"),
    Column(
        "latitude",
        "Where it is. Blank: the provider's own place.",
        Kind.NUMBER,
        "degrees north",
        low=49,
        high=61,
        example="52.42",
    ),
    Column("longitude", "As latitude.", Kind.NUMBER, "degrees east", low=-9, high=2.5, example="-0.72"),
    Column(
        "treatment_function",
        "Treatment function as in the returns.",
        Kind.CHOICE,
        required=True,
        values=_FUNCTION_CODES,
        example="C_110",
    ),
    Column(
        "procedure",
        "Procedure or kind of appointment, in words or a code both sides use. "
        "Blank: any of the treatment function.",
        example="W37",
    ),
    Column(
        "setting", "What the place is for.", Kind.CHOICE, required=True, values=SETTINGS, example="day_case"
    ),
    Column(
        "medium",
        "How the patient is seen.",
        Kind.CHOICE,
        values=MEDIA,
        default=FACE_TO_FACE,
        example="face_to_face",
    ),
    Column("week", "Week the places are in.", Kind.WEEK, required=True, example="2026-10-05"),
    Column(
        "count",
        "How many patients can be taken in that week.",
        Kind.COUNT,
        "patients",
        required=True,
        low=0,
        high=100_000,
        example="4",
    ),
    Column(
        "most_urgent",
        "Most urgent clinical priority that is taken: 3 takes P3 and P4. Blank: any.",
        Kind.COUNT,
        low=1,
        high=4,
        example="2",
    ),
    Column(
        "min_bmi",
        "Least body mass index taken. Blank: no limit.",
        Kind.NUMBER,
        "kg/m²",
        low=10,
        high=100,
        example="18",
    ),
    Column(
        "max_bmi",
        "Most body mass index taken. Blank: no limit.",
        Kind.NUMBER,
        "kg/m²",
        low=10,
        high=100,
        example="40",
    ),
    Column("max_asa", "Highest ASA grade taken. Blank: no limit.", Kind.COUNT, low=1, high=5, example="2"),
    Column(
        "min_age", "Least age taken. Blank: no limit.", Kind.COUNT, "years", low=0, high=120, example="18"
    ),
    Column("max_age", "Most age taken. Blank: no limit.", Kind.COUNT, "years", low=0, high=120, example="79"),
    Column("interpreter", "An interpreter can be had.", Kind.YES_NO, default=True, example="no"),
    Column(
        "diagnostic",
        "Where a diagnostic test with the appointment is done: on_site, at_home (asked of "
        "the patient's home trust), or none.",
        Kind.CHOICE,
        values=DIAGNOSTICS,
        default=NO_DIAGNOSTIC,
        example="on_site",
    ),
    Column(
        "price",
        "Price of one place, where there is one: shown and added up, never matched on.",
        Kind.NUMBER,
        "pounds",
        low=0,
        high=1_000_000,
        example="180",
    ),
    Column(
        "synthetic",
        "Whether the row was made up by Tandem: nobody's, and nothing to act on.",
        Kind.YES_NO,
        default=False,
        example="no",
    ),
)

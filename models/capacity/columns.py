"""A board's own capacity, column by column: importer, template, store and the table to edit read these."""

from models.capacity.uploaded import MEDIA
from models.columns import Column, Kind
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

# `CapacityLine` has a field for each.
CAPACITY: tuple[Column, ...] = (
    Column("provider", "ODS code of the provider.", required=True, example="RXN"),
    Column(
        "treatment_function",
        "Treatment function as in the returns.",
        Kind.CHOICE,
        required=True,
        values=tuple(TREATMENT_FUNCTIONS),
        example="C_101",
        label="Specialty",
    ),
    Column(
        "medium",
        "How the clinic is held. Virtual is video or telephone.",
        Kind.CHOICE,
        required=True,
        values=MEDIA,
        example="face_to_face",
    ),
    Column(
        "sessions",
        "Clinic sessions a week, of the usual length where no minutes are given.",
        Kind.NUMBER,
        "sessions a week",
        low=0,
        high=5_000,
        example="12",
    ),
    Column(
        "minutes",
        "Clinic minutes a week, firsts and follow-ups together. They stand before sessions.",
        Kind.NUMBER,
        "minutes a week",
        low=0,
        high=1_000_000,
        example="2880",
    ),
    Column(
        "theatre_slots",
        "Patients who can be operated on in a week, on the face-to-face line. Blank: "
        "theatre is not what limits it.",
        Kind.NUMBER,
        "slots a week",
        low=0,
        high=10_000,
        example="18",
    ),
    Column(
        "valid_from",
        "First day on which it holds.",
        Kind.DATE,
        required=True,
        example="2025-10-01",
        label="From",
    ),
    Column("valid_to", "Last day. Blank: until further notice.", Kind.DATE, example="2026-03-31", label="To"),
)

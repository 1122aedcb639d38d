"""Compiles the matching, or finds it compiled, so that nobody's first preview waits for it."""

from datetime import date

import pandas as pd

from models.matching.card import proof
from models.matching.preview import preview_matching
from models.matching.terms import Terms

_AS_OF = date(2026, 8, 31)  # any Monday: nobody sees what comes of it
_PATIENT = {
    "home_provider": "RWE",
    "treatment_function": "C_110",
    "procedure": "W37",
    "setting": "day_case",
    "priority": 3,
    "weeks_waited": 30,
    "next_appointment": pd.NaT,
    "expected_weeks": float("nan"),
    "latitude": 52.0,
    "longitude": -1.0,
    "travel_miles": 50.0,
    "asa": 2,
    "bmi": 30.0,
    "age_band": "40-49",
    "sex": "female",
    "deprivation": 5,
    "can_video": False,
    "can_telephone": False,
    "needs_interpreter": False,
    "needs_diagnostic": False,
    "home_approval": "yes",
    "route": "team",
    "synthetic": True,
}
_NO_LIMIT = dict.fromkeys(
    ("most_urgent", "min_bmi", "max_bmi", "max_asa", "min_age", "max_age"), float("nan")
)
_SLOT = {
    "slot_id": "S",
    "provider": "NVC07",
    "site": "Woodland",
    "latitude": 52.1,
    "longitude": -1.0,
    "treatment_function": "C_110",
    "procedure": "W37",
    "setting": "day_case",
    "medium": "face_to_face",
    "week": pd.Timestamp("2026-09-07"),
    "count": 1,
    "interpreter": True,
    "diagnostic": "none",
    "price": float("nan"),
    "synthetic": True,
}


def warm() -> None:
    """Match two patients to one place, and prove that whoever is left over could not have had it."""
    patients = pd.DataFrame([{"patient_id": name} | _PATIENT for name in ("P", "Q")])
    preview = preview_matching(patients, pd.DataFrame([_SLOT | _NO_LIMIT]), Terms(_AS_OF))
    proof(preview, str(preview.unmatched["patient_id"].iloc[0]))

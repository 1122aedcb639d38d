"""Small lists for the tests of matching: two rows that fit, changed one value at a time; and random lists."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from models.matching.terms import Terms

AS_OF = date(2026, 8, 31)  # a Monday
TERMS = Terms(AS_OF)
MILE = 1 / 69.09341  # degrees of latitude: 3958.7613 miles x pi / 180 = 69.0934 a degree


def patient(patient_id: str = "P1", **changed: Any) -> dict[str, Any]:
    """One who may take `slot()`: it is 39.6 miles due north."""
    return {
        "patient_id": patient_id,
        "home_provider": "RWE",
        "treatment_function": "C_110",
        "procedure": "W37",
        "setting": "day_case",
        "priority": 3,
        "weeks_waited": 30,
        "next_appointment": pd.NaT,
        "expected_weeks": np.nan,
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
    } | changed


def slot(slot_id: str = "S1", weeks: int = 1, **changed: Any) -> dict[str, Any]:
    """One place, so many weeks on."""
    return {
        "slot_id": slot_id,
        "provider": "NVC07",
        "site": "Woodland",
        "latitude": 52.0 + 39.6 * MILE,
        "longitude": -1.0,
        "treatment_function": "C_110",
        "procedure": "W37",
        "setting": "day_case",
        "medium": "face_to_face",
        "week": pd.Timestamp(AS_OF + timedelta(weeks=weeks)),
        "count": 1,
        "most_urgent": np.nan,
        "min_bmi": np.nan,
        "max_bmi": np.nan,
        "max_asa": np.nan,
        "min_age": np.nan,
        "max_age": np.nan,
        "interpreter": True,
        "diagnostic": "none",
        "price": np.nan,
    } | changed


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows as a frame."""
    return pd.DataFrame(list(rows))


def random_lists(rng: np.random.Generator, patients: int, batches: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lists with many ties and few places, in one treatment function and setting."""
    waiting = [
        patient(
            f"P{number}",
            priority=int(rng.integers(2, 4)),
            weeks_waited=int(rng.choice([10, 20])),
            deprivation=int(rng.choice([1, 8])),
            latitude=52 + float(rng.integers(0, 60)) * MILE,
            travel_miles=float(rng.choice([10, 25, 60, np.inf])),
            next_appointment=pd.Timestamp(AS_OF) + pd.Timedelta(weeks=int(rng.integers(1, 5))),
            can_video=bool(rng.random() < 0.3),
            asa=int(rng.integers(1, 4)),
        )
        for number in range(patients)
    ]
    sites = rng.integers(0, 60, 3) + 0.25  # never just as far as a patient will travel
    offered = []
    for number in range(batches):
        site = int(rng.integers(3))
        offered.append(
            slot(
                f"S{number}",
                weeks=int(rng.integers(-1, 4)),
                provider=f"N{site}",
                latitude=52 + float(sites[site]) * MILE,
                medium="video" if site == 2 else "face_to_face",
                max_asa=2 if site == 1 else np.nan,
                count=int(rng.integers(0, 3)),
            )
        )
    return frame(*waiting), frame(*offered)

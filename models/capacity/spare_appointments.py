"""Clock stops as the appointments and theatre slots they stand for, so that capacity can be planned.

Attended appointments: misses come on top. Whoever is treated has their firsts, reviews and later follow-ups,
and a theatre slot if admitted, in the proportions of their series' calibration.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.capacity.estimate import Capacity
from models.queueing.clinic_minutes import (
    Clinic,
    appointments_per_exit,
    capable_share,
    reachable_share,
    today_share,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PerStop:
    """What one clock stop stands for in S series; nan where a series is not in the calibration."""

    exits: Floats  # (S,) that leave the outpatient stage: a stop or a decision to admit
    face_to_face: Floats  # (S,) appointments held so today
    virtual: Floats  # (S,) appointments held by video or telephone today
    most_virtual: Floats  # (S,) appointments that could be, of both
    theatre: Floats  # (S,) theatre slots: admitted stops
    minutes: Floats  # (S,) clinic minutes its appointments would take if all were face to face and kept


def per_stop(
    calibration: Calibration, values: Mapping[str, float], ceilings: Mapping[str, float], capacity: Capacity
) -> PerStop:
    """What a clock stop of each series of `capacity` stands for, on a resolved register of assumptions.

    `ceilings` (%, by treatment function) stand before the register's.
    """
    clinic = Clinic.from_assumptions(values)
    codes = calibration.treatment_functions
    decided = calibration.decided()
    stops = calibration.exits * (1 - decided) + calibration.admissions
    exits, theatre = (_each(flow, stops) for flow in (calibration.exits, calibration.admissions))
    each = appointments_per_exit(clinic, decided, calibration.lost_after_first())
    firsts, follow_ups = each.firsts * exits, (each.reviews + each.later) * exits
    most = reachable_share(clinic, capable_share(clinic, codes, ceilings, values))
    virtual = firsts * np.minimum(today_share(codes, values["virtual_share_first"]), most)
    virtual += follow_ups * np.minimum(today_share(codes, values["virtual_share_follow_up"]), most)
    all_of_them = firsts + follow_ups
    minutes = firsts * clinic.first_minutes + follow_ups * clinic.follow_up_minutes
    place = {key: i for i, key in enumerate(zip(calibration.providers, codes, strict=True))}
    asked = zip(capacity.providers, capacity.treatment_functions, strict=True)
    rows = np.array([place.get(key, -1) for key in asked], dtype=np.intp)

    def there(rates: Floats) -> Floats:
        return np.append(rates, np.nan)[rows]  # place -1 is the last

    return PerStop(
        exits=there(exits),
        face_to_face=there(all_of_them - virtual),
        virtual=there(virtual),
        most_virtual=there(all_of_them * most),
        theatre=there(theatre),
        minutes=there(minutes),
    )


def _each(flow: Floats, stops: Floats) -> Floats:
    return np.divide(flow, stops, out=np.zeros_like(flow), where=stops > 0)

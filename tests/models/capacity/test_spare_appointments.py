"""Clock stops as appointments and theatre slots: the arithmetic of a pathway."""

import numpy as np
import pytest

from models.calibration.rates import Calibration, calibrate
from models.capacity.estimate import Capacity, capacity
from models.capacity.spare_appointments import per_stop
from models.queueing.clinic_minutes import Clinic, appointments_per_exit
from models.scenarios import assumptions
from tests.models.histories import england, still

pytestmark = pytest.mark.unit

VALUES = assumptions.resolve({})


def known() -> tuple[Calibration, Capacity]:
    history = still()
    return calibrate(history, england(), 0.4), capacity(history, england())


def test_a_stop_is_its_appointments_and_its_share_of_theatre() -> None:
    calibration, found = known()
    each = per_stop(calibration, VALUES, {}, found)
    # Whoever leaves the outpatient stage stops there or is decided to be admitted.
    decided = calibration.decided()[0]
    stops = calibration.exits[0] * (1 - decided) + calibration.admissions[0]
    assert each.exits[0] == pytest.approx(calibration.exits[0] / stops)
    assert each.theatre[0] == pytest.approx(calibration.admissions[0] / stops)
    assert each.exits[0] * (1 - decided) + each.theatre[0] == pytest.approx(1)
    behind = appointments_per_exit(
        Clinic.from_assumptions(VALUES), calibration.decided(), calibration.lost_after_first()
    )
    appointments = (behind.firsts + behind.reviews + behind.later)[0] * each.exits[0]
    assert each.face_to_face[0] + each.virtual[0] == pytest.approx(appointments)
    # Orthopaedics' share today is 16% x 1.144, of all; the most is 2.5 x 16% = 40% of those 94% who can,
    # 37.6%, of whom 8% come again: 0.376 / (1 + 0.08 x 0.376) = 36.5% of attendances.
    assert each.virtual[0] / appointments == pytest.approx(0.16 * 1.144, abs=0.02)
    assert each.most_virtual[0] / appointments == pytest.approx(0.365, abs=0.001)


def test_a_ceiling_of_a_treatment_function_stands_first() -> None:
    calibration, found = known()
    none = per_stop(calibration, VALUES, {"C_110": 0}, found)
    assert none.virtual[0] == none.most_virtual[0] == 0


def test_a_series_without_a_calibration_is_not_known() -> None:
    calibration, found = known()
    other = capacity(still((1000, 1000)), england())
    each = per_stop(calibration, VALUES, {}, other)
    assert np.isnan(each.theatre).tolist() == [False, True]
    assert found.providers.tolist() == ["R00"]

"""Patients against services, as the hard rules look at them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.matching.columns import FACE_TO_FACE, MEDIA
from models.matching.inputs import Flags, Floats, Patients, Services
from models.rtt.organisations import great_circle_miles


@dataclass(frozen=True)
class Pairs:
    """N patients against S services, under the planner's terms; `pairs_of` makes it."""

    patients: Patients
    services: Services
    home_miles: Floats  # (H, S) from each distinct home: 0 by video or telephone, NaN where not known
    home: NDArray[np.intp]  # (N,): row of home_miles
    first_week: int
    as_of_day: int
    count_asked: bool = False
    declined: Flags | None = None  # (N, S): the patient has refused all that the service offers

    @property
    def miles(self) -> Floats:
        """Gives great-circle miles, (N, S)."""
        return self.home_miles[self.home]

    def part(self, rows: slice) -> "Pairs":
        """Gives these patients alone."""
        return replace(
            self,
            patients=self.patients.take(np.arange(*rows.indices(len(self.home)))),
            home=self.home[rows],
            declined=None if self.declined is None else self.declined[rows],
        )


def pairs_of(
    patients: Patients, services: Services, first_week: int, as_of_day: int, count_asked: bool = False
) -> Pairs:
    """Gives the pairs of these patients and services: distances once for each distinct home and site."""
    homes, home = _distinct(patients.latitude, patients.longitude)
    sites, site = _distinct(services.latitude, services.longitude)
    miles = great_circle_miles(homes[:, 0, None], homes[:, 1, None], sites[None, :, 0], sites[None, :, 1])
    miles = miles[:, site]
    miles[:, services.medium != MEDIA.index(FACE_TO_FACE)] = 0.0
    return Pairs(patients, services, miles, home, first_week, as_of_day, count_asked)


def _distinct(latitude: Floats, longitude: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Gives the distinct places and, for each row, which it is."""
    as_one, row_of = np.unique(latitude + 1j * longitude, return_inverse=True)
    return np.stack([as_one.real, as_one.imag], axis=1), row_of

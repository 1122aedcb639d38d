"""What pairing could avoid: who waits long and could be seen elsewhere, where, and how much sooner."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.capacity.estimate import Capacity
from models.capacity.spare_appointments import per_stop
from models.errors import TandemError
from models.pairing.pairs import Choices, Floats, Limits, Trusts, named
from models.queueing.clinic_minutes import Clinic, capable_share
from models.rtt.organisations import Place, provider_kind

WEEKS_PLANNED = 26  # in which today's long waits would all have been offered an appointment
LONGEST = 104.0  # weeks that anybody is taken to wait on: longer ones are too few to tell
FEWEST = 0.5  # appointments a week of one treatment function that are worth offering


@dataclass(frozen=True)
class Worth:
    """What becomes of an appointment offered at a partner, as shares of all offered."""

    missed: float
    repeated: float  # face to face at home
    sent_home: float  # seen, and in need of a diagnostic at home

    @property
    def kept(self) -> float:
        """Share that saves the home trust an appointment."""
        return 1 - self.missed - self.repeated - self.sent_home


def worth(values: Mapping[str, float]) -> Worth:
    """What becomes of an appointment, on a resolved register of assumptions."""
    clinic = _clinic(values)
    came = 1 - float(clinic.missed_virtual)
    repeated = came * float(clinic.repeated)
    return Worth(1 - came, repeated, (came - repeated) * values["local_diagnostic"] / 100)


def choices(
    calibration: Calibration,
    capacity: Capacity,
    values: Mapping[str, float],
    limits: Limits,
    places: Mapping[str, Place] | None = None,
) -> Choices:
    """The flows between NHS trusts of a scope that would avoid long waits.

    `capacity` is of the same scope and month; `places` are head offices, wanted where miles are limited.
    Raises TandemError where a pin or a ban names no trust of the scope.
    """
    _check(calibration, limits)
    trusts = np.array([provider_kind(str(code)) == "NHS trust" for code in calibration.providers])
    chosen = limits.treatment_functions or calibration.treatment_functions
    trusts &= np.isin(calibration.treatment_functions, list(chosen))
    wanted = _wanted(calibration, values, limits.waited) * trusts
    spare = spare_places(calibration, capacity, values) * trusts
    # a series with capacity to spare has it for its own long waits first
    homes = np.flatnonzero((wanted >= FEWEST) & (spare < FEWEST))
    further = further_wait(calibration, values["appointments_per_pathway"])
    home, partner, weeks = [], [], []
    for code in dict.fromkeys(calibration.treatment_functions.tolist()):
        same = calibration.treatment_functions == code
        givers = np.flatnonzero(same & (spare >= FEWEST))
        for series in homes[same[homes]]:
            late = calibration.first[series, limits.waited - 1 :]  # long waits, and those of next week
            saved = further[series, limits.waited - 1 :] - further[givers][:, limits.waited - 1 :]
            sooner = saved @ late
            gain = sooner / late.sum() * worth(values).kept
            better = gain > 0
            home.append(np.full(better.sum(), series))
            partner.append(givers[better])
            weeks.append(gain[better])
    flows = Choices(
        scope=calibration.scope,
        data_month=calibration.data_month,
        providers=calibration.providers,
        treatment_functions=calibration.treatment_functions,
        wanted=wanted,
        spare=spare,
        home=np.concatenate([*home, np.empty(0)]).astype(np.intp),
        partner=np.concatenate([*partner, np.empty(0)]).astype(np.intp),
        weeks=np.concatenate([*weeks, np.empty(0)]),
    )
    return flows if limits.miles is None else flows.only(_near(flows, limits.miles, places or {}))


def further_wait(calibration: Calibration, appointments_per_pathway: float) -> Floats:
    """Weeks until a first appointment, or removal, of who has waited each number of weeks. (S, 105)

    Exits are booked by weeks waited, and a pathway takes so many appointments to each: with a(w) the chance
    of either in a week, R(w) = (1 - a(w)) (1 + R(w + 1)).
    """
    chance = appointments_per_pathway * calibration.booking + calibration.removal
    chance = np.clip(chance, 1 / LONGEST, 1.0)
    further = np.empty_like(chance)
    further[:, -1] = (1 - chance[:, -1]) / chance[:, -1]
    for week in range(chance.shape[1] - 2, -1, -1):
        further[:, week] = (1 - chance[:, week]) * (1 + further[:, week + 1])
    return further


def spare_places(calibration: Calibration, capacity: Capacity, values: Mapping[str, float]) -> Floats:
    """Virtual first appointments a week that each series can spare; 0 where it is not known. (S,)

    As many as its spare clinic time holds, and no more than the spare appointments that could be virtual.
    """
    each = per_stop(calibration, values, {}, capacity)
    by_time = capacity.spare * each.minutes / visit_minutes(values)
    virtual = capacity.spare * each.most_virtual / (1 - _clinic(values).missed_virtual)
    return np.nan_to_num(amounts_of(calibration, capacity, np.minimum(by_time, virtual)))


def visit_minutes(values: Mapping[str, float]) -> float:
    """Minutes of the partner's that one appointment offered takes."""
    clinic = _clinic(values)
    return float(clinic.first_minutes * clinic.virtual_length)


def _clinic(values: Mapping[str, float]) -> Clinic:
    return Clinic.from_assumptions(values).with_telephone(values["telephone_share"] / 100)


def _wanted(calibration: Calibration, values: Mapping[str, float], waited: int) -> Floats:
    """Appointments a week for who waits long for a first and can be seen virtually. (S,)

    Today's in half a year, and those who come to wait as long meanwhile.
    """
    able = capable_share(_clinic(values), calibration.treatment_functions, {}, values)
    long_waits = calibration.first[:, waited:].sum(axis=1) / WEEKS_PLANNED
    return np.asarray((long_waits + calibration.first[:, waited - 1]) * able)


def stops_given(
    calibration: Calibration, capacity: Capacity, values: Mapping[str, float], given: Floats
) -> Floats:
    """Clock stops a week that partners forgo for appointments `given` away a week, by series. (S,)"""
    minutes = amounts_of(calibration, capacity, per_stop(calibration, values, {}, capacity).minutes)
    taken = given * visit_minutes(values)
    return np.divide(taken, minutes, out=np.zeros_like(taken), where=np.nan_to_num(minutes) > 0)


def amounts_of(calibration: Calibration, capacity: Capacity, amounts: Floats) -> Floats:
    """Amounts by series of `capacity` put to those of `calibration`; nan where it has none. (S,)"""
    keys = zip(capacity.providers, capacity.treatment_functions, strict=True)
    place = {key: row for row, key in enumerate(keys)}
    wanted = zip(calibration.providers, calibration.treatment_functions, strict=True)
    rows = np.array([place.get(key, -1) for key in wanted], dtype=np.intp)
    return np.append(amounts, np.nan)[rows]  # place -1 is the last


def _near(flows: Choices, miles: float, places: Mapping[str, Place]) -> NDArray[np.bool_]:
    """Which flows are between trusts no further apart; those whose place is not known are not. (N,)"""

    def near(pair: Trusts) -> bool:
        one, other = (places.get(code) for code in pair)
        return one is not None and other is not None and one.miles_to(other) <= miles

    pairs = [
        frozenset(map(str, each))
        for each in zip(flows.providers[flows.home], flows.providers[flows.partner], strict=True)
    ]
    known = {pair: near(pair) for pair in set(pairs)}
    return np.array([known[pair] for pair in pairs], dtype=np.bool_)


def _check(calibration: Calibration, limits: Limits) -> None:
    here = set(calibration.providers.tolist())
    for what, pairs in (("pinned", limits.pinned), ("banned", limits.banned)):
        for pair in pairs:
            for code in sorted(pair - here):
                raise TandemError(
                    f"{named(pair)} are {what}, and {code} has nobody waiting in {calibration.scope}.",
                    "Name two trusts of the area, or plan for the boards of both together.",
                )

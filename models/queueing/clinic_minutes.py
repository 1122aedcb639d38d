"""Clinic arithmetic: what an outpatient appointment costs in minutes when some are held virtually.

A virtual appointment takes its own minutes, is missed at its own rate, and for some has to be repeated face
to face. A missed appointment uses its slot and is booked again. Shares here are fractions, not percent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.scenarios.assumptions import virtual_ceiling, virtual_now

Floats = NDArray[np.float64]
Amount = float | Floats
KEPT_WEEKS = 13.0  # a session with nobody to see is moved, within a quarter, rather than lost
MOST_LOST = 0.95  # of appointments, missed or to be repeated: some must succeed


@dataclass(frozen=True)
class Clinic:
    """How clinics work, the same in every series: from the register of assumptions.

    Each value is a number, or an array over replications (R,) where what is believed of it differs by
    replication; the functions below then give (S, R) for series given as (S, 1) or (S, R).
    """

    first_minutes: Amount  # a first appointment face to face
    follow_up_minutes: Amount  # a review or follow-up face to face
    virtual_length: Amount  # of a virtual slot, relative to face to face
    missed_face_to_face: Amount  # share of appointments
    missed_virtual: Amount
    repeated: Amount  # share of virtual attendances that must be repeated face to face
    reviews_per_first: Amount  # appointments on the pathway beyond the first
    follow_ups_per_first: Amount  # all follow-ups, reviews among them
    extra_if_admitted: Amount  # appointments that a decision to admit brings (pre-assessment)
    follow_up_weeks: int | NDArray[np.int64]  # until a follow-up is due
    follow_up_cap: Amount  # most of a clinic's minutes that follow-ups may take
    cannot_use_virtual: Amount  # share of patients who can use neither video nor telephone
    session_minutes: Amount  # an extra clinic session
    initiated_returns: Amount  # share of patient-initiated follow-ups in which the patient comes back
    initiated_safety: Amount  # share of the others who are seen after a year all the same
    # the virtual values above are video's; the telephone's are theirs times these
    cannot_use_video: Amount = 0.0  # share of patients who can use the telephone but not video
    telephone_length: Amount = 1.0
    telephone_missed: Amount = 1.0
    telephone_repeated: Amount = 1.0
    safety_weeks: int = 52
    follow_up_spread: int = 2  # weeks either side of `follow_up_weeks` over which follow-ups fall due
    kept_weeks: float = KEPT_WEEKS  # of usual minutes that are moved rather than lost when nobody waits

    @classmethod
    def from_assumptions(cls, values: Mapping[str, Amount]) -> "Clinic":
        """The clinic a register describes, resolved (`models.scenarios.assumptions.resolve`) or by
        replication.
        """
        missed = values["dna_face_to_face"] / 100
        return cls(
            first_minutes=values["appointment_minutes_first"],
            follow_up_minutes=values["appointment_minutes_follow_up"],
            virtual_length=values["virtual_slot_length"],
            missed_face_to_face=missed,
            missed_virtual=np.minimum(missed * values["dna_virtual_relative"], MOST_LOST),
            repeated=values["virtual_repeat"] / 100,
            reviews_per_first=values["appointments_per_pathway"] - 1,
            follow_ups_per_first=values["follow_ups_per_first"],
            extra_if_admitted=values["appointments_admitted_extra"],
            follow_up_weeks=np.rint(values["follow_up_interval"]).astype(np.int64),
            follow_up_cap=values["follow_up_minutes_cap"] / 100,
            cannot_use_virtual=values["cannot_use_virtual"] / 100,
            session_minutes=values["clinic_session_hours"] * 60,
            initiated_returns=values["pifu_returns"] / 100,
            initiated_safety=values["pifu_safety"] / 100,
            cannot_use_video=values["cannot_use_video"] / 100,
            telephone_length=values["telephone_slot_relative"],
            telephone_missed=values["telephone_missed_relative"],
            telephone_repeated=values["telephone_repeat_relative"],
        )

    @property
    def review_share(self) -> Amount:
        """Share of pathway appointments after which another is needed: 1.4 a pathway gives 0.4 / 1.4."""
        return self.reviews_per_first / (1 + self.reviews_per_first)

    @property
    def video_share(self) -> Amount:
        """Share who can use video, of those who can use video or telephone."""
        return 1 - np.minimum(self.cannot_use_video / (1 - self.cannot_use_virtual), 1.0)

    def with_telephone(self, telephone: Amount) -> "Clinic":
        """The same where this share of virtual bookings is by telephone: virtual values are the mixture's."""
        missed = np.minimum(self.missed_virtual * self.telephone_missed, MOST_LOST)
        repeated = np.minimum(self.repeated * self.telephone_repeated, MOST_LOST)
        by_telephone = self.seen_by_telephone(telephone)
        return replace(
            self,
            virtual_length=self.virtual_length * (1 + telephone * (self.telephone_length - 1)),
            missed_virtual=self.missed_virtual + telephone * (missed - self.missed_virtual),
            repeated=self.repeated + by_telephone * (repeated - self.repeated),
        )

    def seen_by_telephone(self, telephone: Amount) -> Amount:
        """Share of virtual attendances by telephone, where `telephone` of the bookings are."""
        seen = 1 - np.minimum(self.missed_virtual * self.telephone_missed, MOST_LOST)
        return telephone * seen / (telephone * seen + (1 - telephone) * (1 - self.missed_virtual))


@dataclass(frozen=True)
class Appointments:
    """What a pathway leaves behind, by series (S,) or (S, R): firsts, reviews and later follow-ups an exit.

    An exit is a clock stop or a decision to admit. Patients removed after a first have cost one without an
    exit, so there are `firsts` >= 1 of them. `again` is the chance that a first or a later follow-up is
    followed by another, such that all follow-ups a first are as many as published.
    """

    firsts: Floats
    reviews: Floats
    later: Floats
    again: Floats


def appointments_per_exit(clinic: Clinic, decided: Floats, lost: Floats) -> Appointments:
    """The appointments behind each exit, by the share of exits decided to admit and firsts lost per exit.

    Every pathway appointment ends in an exit with the same chance, so firsts and reviews together are
    1 + reviews_per_first an exit. With b the chance of another, e extra appointments on decisions d and f
    firsts, later follow-ups are (b f + e d) / (1 - b): solved for b.
    """
    all_on_pathway = 1 + clinic.reviews_per_first
    firsts = np.clip(1 + lost, 1.0, all_on_pathway)
    reviews = all_on_pathway - firsts
    wanted = np.maximum(clinic.follow_ups_per_first * firsts - reviews, 0.0)
    extra = clinic.extra_if_admitted * decided
    again = np.clip((wanted - extra) / (firsts + wanted), 0.0, 0.95)
    return Appointments(firsts, reviews, (again * firsts + extra) / (1 - again), again)


def capable_share(
    clinic: Clinic,
    treatment_functions: NDArray[Any],
    ceilings: Mapping[str, float],
    values: Mapping[str, Amount],
) -> Floats:
    """Share of each series' patients who can be seen virtually: the ceiling x those who can use it.

    `ceilings` (%, by code) stands before the register's. (S,), or (S, R) where values differ by replication.
    """
    multiple, most = values["virtual_ceiling_multiple"], values["virtual_ceiling_most"]

    def ceiling(code: str) -> Amount:
        return ceilings[code] if code in ceilings else _each(virtual_ceiling, code, multiple, most)

    shares = {
        code: ceiling(code) / 100 * (1 - clinic.cannot_use_virtual) for code in set(treatment_functions)
    }
    return np.array([shares[code] for code in treatment_functions])


def today_share(treatment_functions: NDArray[Any], overall: Amount) -> Floats:
    """Share held virtually today: `overall` (%) spread as `virtual_now` does. (S,), or (S, R) as above."""
    shares = {code: _each(virtual_now, code, overall) / 100 for code in set(treatment_functions)}
    return np.array([shares[code] for code in treatment_functions])


def _each(share: Callable[..., float], code: str, *values: Amount) -> Floats:
    """A share (%) of a treatment function in every replication that the values are given for."""
    return np.asarray(np.vectorize(share, otypes=[float])(code, *values))


def reachable_share(clinic: Clinic, capable: Floats) -> Floats:
    """The most of all attendances that can be virtual if every capable patient's first try is."""
    return capable / (1 + clinic.repeated * capable)


def most_bookings(clinic: Clinic, telephone: Amount, declined: Amount = 0.0) -> Amount:
    """The largest share of capable patients' bookings that can be virtual, `telephone` of them by telephone.

    Those who can't use video take up the telephone's share first; past it they are seen face to face, as are
    those who can be seen virtually and choose face to face (`declined`).
    """
    by_video = 1 - telephone
    reach = np.divide(
        clinic.video_share, by_video, out=np.ones(np.shape(by_video + clinic.video_share)), where=by_video > 0
    )
    return np.minimum(reach, 1.0) * (1 - declined)


def virtual_bookings(clinic: Clinic, target: Amount, capable: Floats) -> Floats:
    """Share of capable patients' bookings made virtual so that `target` of all attendances are; at most 1.

    Attendances are virtual ones, their repeats face to face, and the rest: with V virtual attendances a
    completed appointment, target = V / (1 + repeated V).
    """
    virtual = np.asarray(target / (1 - clinic.repeated * target))
    shape = np.broadcast_shapes(virtual.shape, capable.shape)
    wanted = np.divide(virtual, capable, out=np.zeros(shape), where=capable > 0)
    of_capable = np.clip(wanted, 0.0, 1.0)
    seen_virtual, seen_face = 1 - clinic.missed_virtual, 1 - clinic.missed_face_to_face
    return of_capable * seen_face / (of_capable * seen_face + (1 - of_capable) * seen_virtual)


def length_of_completion(clinic: Clinic, bookings: Floats, capable: Floats) -> Floats:
    """Face-to-face slots one completed appointment takes, misses and repeats included.

    A capable patient tries virtual with chance u: E = u (L + a f / b + (1 - a) E) + (1 - u) (1 + (1 - b) E),
    where a, b are the chances of attending, f of a repeat and L the virtual length; others take 1 / b.
    """
    a, b = 1 - clinic.missed_virtual, 1 - clinic.missed_face_to_face
    u, f, length = bookings, clinic.repeated, clinic.virtual_length
    able = (u * (length + a * f / b) + (1 - u)) / (u * a + (1 - u) * b)
    return np.asarray(capable * able + (1 - capable) / b)


def minutes_per_exit(
    clinic: Clinic, each: Appointments, bookings_first: Floats, bookings_follow_up: Floats, capable: Floats
) -> Floats:
    """Clinic minutes behind each pathway that leaves the outpatient stage, its follow-ups included."""
    first = clinic.first_minutes * length_of_completion(clinic, bookings_first, capable)
    later = clinic.follow_up_minutes * length_of_completion(clinic, bookings_follow_up, capable)
    return np.asarray(each.firsts * first + (each.reviews + each.later) * later)

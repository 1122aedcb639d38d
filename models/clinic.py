"""Clinic arithmetic: what an outpatient appointment costs in minutes when some are held virtually.

A virtual appointment takes its own minutes, is missed at its own rate, and for some has to be repeated face
to face. A missed appointment uses its slot and is booked again. Shares here are fractions, not percent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.assumptions import virtual_ceiling, virtual_now

Floats = NDArray[np.float64]
KEPT_WEEKS = 13.0  # a session with nobody to see is moved, within a quarter, rather than lost


@dataclass(frozen=True)
class Clinic:
    """How clinics work, the same in every series: from the register of assumptions."""

    first_minutes: float  # a first appointment face to face
    follow_up_minutes: float  # a review or follow-up face to face
    virtual_length: float  # of a virtual slot, relative to face to face
    missed_face_to_face: float  # share of appointments
    missed_virtual: float
    repeated: float  # share of virtual attendances that must be repeated face to face
    reviews_per_first: float  # appointments on the pathway beyond the first
    follow_ups_per_first: float  # all follow-ups, reviews among them
    extra_if_admitted: float  # appointments that a decision to admit brings (pre-assessment)
    follow_up_weeks: int  # until a follow-up is due
    follow_up_cap: float  # most of a clinic's minutes that follow-ups may take
    cannot_use_virtual: float  # share of patients
    session_minutes: float  # an extra clinic session
    initiated_returns: float  # share of patient-initiated follow-ups in which the patient comes back
    initiated_safety: float  # share of the others who are seen after a year all the same
    safety_weeks: int = 52
    follow_up_spread: int = 2  # weeks either side of `follow_up_weeks` over which follow-ups fall due
    kept_weeks: float = KEPT_WEEKS  # of usual minutes that are moved rather than lost when nobody waits

    @classmethod
    def from_assumptions(cls, values: Mapping[str, float]) -> "Clinic":
        """The clinic a resolved register describes (`models.assumptions.resolve`)."""
        missed = values["dna_face_to_face"] / 100
        return cls(
            first_minutes=values["appointment_minutes_first"],
            follow_up_minutes=values["appointment_minutes_follow_up"],
            virtual_length=values["virtual_slot_length"],
            missed_face_to_face=missed,
            missed_virtual=min(missed * values["dna_virtual_relative"], 0.95),
            repeated=values["virtual_repeat"] / 100,
            reviews_per_first=values["appointments_per_pathway"] - 1,
            follow_ups_per_first=values["follow_ups_per_first"],
            extra_if_admitted=values["appointments_admitted_extra"],
            follow_up_weeks=round(values["follow_up_interval"]),
            follow_up_cap=values["follow_up_minutes_cap"] / 100,
            cannot_use_virtual=values["cannot_use_virtual"] / 100,
            session_minutes=values["clinic_session_hours"] * 60,
            initiated_returns=values["pifu_returns"] / 100,
            initiated_safety=values["pifu_safety"] / 100,
        )

    @property
    def review_share(self) -> float:
        """Share of pathway appointments after which another is needed: 1.4 a pathway gives 0.4 / 1.4."""
        return self.reviews_per_first / (1 + self.reviews_per_first)


@dataclass(frozen=True)
class Appointments:
    """What a pathway leaves behind, by series (S,): firsts, reviews and later follow-ups for each exit.

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
    values: Mapping[str, float],
) -> Floats:
    """Share of each series' patients who can be seen virtually: the ceiling x those who can use it. (S,)

    `ceilings` (%, by code) stands before the register's.
    """
    multiple, most = values["virtual_ceiling_multiple"], values["virtual_ceiling_most"]
    ceiling = [
        ceilings.get(code, virtual_ceiling(code, multiple, most)) / 100 for code in treatment_functions
    ]
    return np.array(ceiling) * (1 - clinic.cannot_use_virtual)


def today_share(treatment_functions: NDArray[Any], overall: float) -> Floats:
    """Share of attendances held virtually today: `overall` (%) spread as `virtual_now` does. (S,)"""
    return np.array([virtual_now(code, overall) / 100 for code in treatment_functions])


def reachable_share(clinic: Clinic, capable: Floats) -> Floats:
    """The most of all attendances that can be virtual if every capable patient's first try is."""
    return capable / (1 + clinic.repeated * capable)


def virtual_bookings(clinic: Clinic, target: Floats | float, capable: Floats) -> Floats:
    """Share of capable patients' bookings made virtual so that `target` of all attendances are; at most 1.

    Attendances are virtual ones, their repeats face to face, and the rest: with V virtual attendances a
    completed appointment, target = V / (1 + repeated V).
    """
    virtual = np.asarray(target) / (1 - clinic.repeated * np.asarray(target))
    wanted = np.divide(virtual, capable, out=np.zeros_like(capable), where=capable > 0)
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
    """Clinic minutes behind each pathway that leaves the outpatient stage, its follow-ups included. (S,)"""
    first = clinic.first_minutes * length_of_completion(clinic, bookings_first, capable)
    later = clinic.follow_up_minutes * length_of_completion(clinic, bookings_follow_up, capable)
    return np.asarray(each.firsts * first + (each.reviews + each.later) * later)

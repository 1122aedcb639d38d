"""A board's own capacity: clinic sessions, minutes and theatre slots, and the clock stops they make possible.

A line gives one medium of a series for a span of days. A clock stop takes its share of first appointments,
reviews and follow-ups, as in `models/capacity/spare_appointments.py`, and a theatre slot as often as the
series admits: what is scarcer decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.queueing.clinic_minutes import Clinic

Medium = Literal["face_to_face", "virtual"]
MEDIA: tuple[Medium, ...] = ("face_to_face", "virtual")
Series = tuple[str, str]  # provider and treatment function, as codes


@dataclass(frozen=True)
class CapacityLine:
    """What a board says one medium of a series has a week, from a day to a day, both included."""

    provider: str
    treatment_function: str
    medium: Medium
    valid_from: date
    valid_to: date | None = None  # None: until further notice
    sessions: float | None = None  # clinic sessions a week
    minutes: float | None = None  # clinic minutes a week; None: sessions of the usual length
    theatre_slots: float | None = None  # a week; None: theatre is not what limits it

    @property
    def series(self) -> Series:
        """Provider and treatment function."""
        return self.provider, self.treatment_function

    def holds_on(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: "CapacityLine") -> bool:
        """Whether both speak of the same medium of a series on some day."""
        if (self.series, self.medium) != (other.series, other.medium):
            return False
        return self.valid_from <= (other.valid_to or date.max) and other.valid_from <= (
            self.valid_to or date.max
        )

    def clinic_minutes(self, clinic: Clinic) -> float:
        """Clinic minutes a week: as given, or the sessions at the register's length."""
        if self.minutes is not None:
            return self.minutes
        return (self.sessions or 0.0) * float(clinic.session_minutes)


@dataclass(frozen=True)
class Stop:
    """What a clock stop of one series takes."""

    minutes: float  # of clinic, if all its appointments were face to face and kept
    theatre: float  # theatre slots
    most_virtual: float  # largest share of its appointments that can be virtual


def stops_a_week(lines: Iterable[CapacityLine], each: Stop, clinic: Clinic) -> float:
    """Clock stops a week that the lines of one series make possible on a day on which they all hold.

    Missed appointments are taken off, as are the virtual ones that are repeated face to face; virtual minutes
    beyond what its patients can use count for nothing.
    """
    minutes = dict.fromkeys(MEDIA, 0.0)
    slots: float | None = None
    for line in lines:
        minutes[line.medium] += line.clinic_minutes(clinic)
        if line.theatre_slots is not None:
            slots = (slots or 0.0) + line.theatre_slots
    face = minutes["face_to_face"] * (1 - float(clinic.missed_face_to_face))
    virtual = minutes["virtual"] * (1 - float(clinic.missed_virtual)) / float(clinic.virtual_length)
    if each.most_virtual < 1:
        virtual = min(virtual, face * each.most_virtual / (1 - each.most_virtual))
    stops = (face + virtual * (1 - float(clinic.repeated))) / each.minutes if each.minutes > 0 else 0.0
    if slots is None or each.theatre <= 0:
        return stops
    return min(stops, slots / each.theatre)


def uploaded_stops(
    lines: Iterable[CapacityLine], stops: Mapping[Series, Stop], clinic: Clinic, day: date
) -> dict[Series, float]:
    """Clock stops a week by series on a day, for the series that `stops` tells of."""
    by_series: dict[Series, list[CapacityLine]] = {}
    for line in lines:
        if line.holds_on(day) and line.series in stops:
            by_series.setdefault(line.series, []).append(line)
    return {series: stops_a_week(its, stops[series], clinic) for series, its in by_series.items()}

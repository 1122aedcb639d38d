"""What the oracle of single patients is told of: patients, media, what levers leave in force in a week."""

from dataclasses import dataclass


@dataclass
class Patient:
    """One pathway: the week its clock started, who can see it, and where it stands."""

    started: int
    capable: bool
    seen: bool = False
    admitted: bool = False

    def waited(self, week: int) -> int:
        return week - self.started


@dataclass(frozen=True)
class Medium:
    """How an appointment is held: length relative to face to face, chances of a miss and of a repeat."""

    length: float = 1.0
    missed: float = 0.0
    repeated: float = 0.0


@dataclass(frozen=True)
class InForce:
    """One week of one trust: what the levers leave in force. Shares and chances are fractions."""

    virtual: tuple[float, float] = (0.0, 0.0)  # capable patients' bookings: firsts; reviews and follow-ups
    telephone: tuple[float, float] = (0.0, 0.0)  # of virtual bookings
    still_missed: float = 1.0  # of the appointments missed today
    asking: float = 0.0
    overbooked: float = 0.0
    patient_initiated: float = 0.0
    advice: float = 0.0
    demand: float = 1.0
    capacity: float = 1.0
    extra_minutes: float = 0.0
    extra_theatre: float = 0.0
    emeritus_minutes: float = 0.0
    independent: float = 0.0
    longest_first: float = 0.0
    longest_from: int = 0
    validation: float = 0.0
    validation_from: int = 0
    working: float = 1.0  # share of the week's days


def always(week: int) -> InForce:
    """No lever, in weeks of five days."""
    return InForce()


def alike(waited: int) -> float:
    """Booked at random, whatever the wait."""
    return 1.0

"""What the kernel is told: the settings of a series' week, which policies change, and how clinics work.

Each is declared once, below: its name, its number, what it means, its unit and its neutral value, at which it
leaves the pathways alone. The tables that hold them in rows, and the compiled functions that read a row, are
made from the declarations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, get_origin, get_type_hints

import numba as nb
import numpy as np
from numpy.typing import NDArray

SHARE, TIMES, WEEKS, MINUTES, PATIENTS = "share, 0 to 1", "times", "weeks", "minutes", "patients"
APPOINTMENTS = "appointments"


@dataclass(frozen=True)
class Means:
    """What a setting means, and its unit."""

    words: str
    unit: str


class WeekSettings(NamedTuple):
    """One series' settings in one week of one replication: what policies change."""

    virtual_first: Annotated[float, Means("of capable patients' first bookings, made virtual", SHARE)] = 0.0
    virtual_follow_up: Annotated[float, Means("the same for reviews and follow-ups", SHARE)] = 0.0
    asking: Annotated[float, Means("more ask for virtual where all have waited over 18 weeks", SHARE)] = 0.0
    # of virtual appointments, by video and by telephone as they are mixed
    length_first: Annotated[float, Means("length of a first's slot, relative to face to face", TIMES)] = 1.0
    length_follow_up: Annotated[float, Means("the same for reviews and follow-ups", TIMES)] = 1.0
    missed_first: Annotated[float, Means("of firsts, missed", SHARE)] = 0.0
    missed_follow_up: Annotated[float, Means("of reviews and follow-ups, missed", SHARE)] = 0.0
    repeated_first: Annotated[float, Means("of firsts attended, repeated face to face", SHARE)] = 0.0
    repeated_follow_up: Annotated[float, Means("the same for reviews and follow-ups", SHARE)] = 0.0
    telephone_first: Annotated[float, Means("of firsts attended, by telephone", SHARE)] = 0.0
    telephone_follow_up: Annotated[float, Means("the same for reviews and follow-ups", SHARE)] = 0.0
    missed_face: Annotated[float, Means("of appointments face to face, missed", SHARE)] = 0.0
    overbooked: Annotated[float, Means("further bookings for each slot", SHARE)] = 0.0
    patient_initiated: Annotated[float, Means("of follow-ups, left to the patient", SHARE)] = 0.0
    advice: Annotated[float, Means("of referrals, answered with advice", SHARE)] = 0.0
    demand: Annotated[float, Means("factor on referrals", TIMES)] = 1.0
    capacity: Annotated[float, Means("factor on the usual minutes and admissions", TIMES)] = 1.0
    extra_minutes: Annotated[float, Means("clinic minutes this week beyond the usual", MINUTES)] = 0.0
    extra_theatre: Annotated[float, Means("admissions this week beyond the usual", PATIENTS)] = 0.0
    emeritus_minutes: Annotated[float, Means("for virtual first appointments alone", MINUTES)] = 0.0
    independent: Annotated[
        float, Means("with a decision to admit, whom the independent sector takes", PATIENTS)
    ] = 0.0
    longest_first: Annotated[float, Means("of slots, given to the longest waits", SHARE)] = 0.0
    longest_from: Annotated[float, Means("only to those who have waited this long", WEEKS)] = 0.0
    validation: Annotated[float, Means("of long waits, taken off after a check", SHARE)] = 0.0
    validation_from: Annotated[float, Means("waited, from which it is checked", WEEKS)] = 0.0


class ClinicParameters(NamedTuple):
    """How clinics work in one replication, the same in every series.

    At the neutral values an appointment takes a minute and ends the pathway, and nothing idle is kept.
    """

    first_minutes: Annotated[float, Means("a first appointment face to face", MINUTES)] = 1.0
    follow_up_minutes: Annotated[float, Means("a review or follow-up face to face", MINUTES)] = 1.0
    review_share: Annotated[float, Means("of those seen, who need another appointment", SHARE)] = 0.0
    extra_if_admitted: Annotated[float, Means("more for each decision to admit", APPOINTMENTS)] = 0.0
    follow_up_weeks: Annotated[int, Means("until a follow-up is due", WEEKS)] = 1
    follow_up_spread: Annotated[int, Means("either side, over which those due then are spread", WEEKS)] = 0
    follow_up_cap: Annotated[float, Means("of a clinic's minutes, most that follow-ups take", SHARE)] = 1.0
    kept_weeks: Annotated[float, Means("of usual minutes and admissions kept if nobody waits", WEEKS)] = 0.0
    returns: Annotated[float, Means("of patient-initiated follow-ups, the patient comes back", SHARE)] = 0.0
    safety: Annotated[float, Means("of the others, seen after a year all the same", SHARE)] = 0.0
    safety_weeks: Annotated[int, Means("until they are seen", WEEKS)] = 1


def meanings(kind: type[Any]) -> dict[str, Means]:
    """What each setting of a kind means, by name."""
    return {name: _declared(hint)[1] for name, hint in get_type_hints(kind, include_extras=True).items()}


def _declared(hint: Any) -> tuple[type, Means]:
    if get_origin(hint) is not Annotated:
        raise TypeError("a setting is declared as Annotated[number, Means(...)]")
    number, means = hint.__origin__, hint.__metadata__[0]
    return number, means


def _reader(kind: type[Any], *axes: str) -> Callable[..., Any]:
    """A compiled function (table, *axes) that gives the `kind` whose settings stand in that row of a table.

    Written out field by field: a loop over them would cost more than the reading.
    """
    row = ", ".join(axes)
    fields = []
    for place, hint in enumerate(get_type_hints(kind, include_extras=True).values()):
        number, _ = _declared(hint)
        fields.append(f"int(table[{row}, {place}])" if number is int else f"table[{row}, {place}]")
    source = f"lambda table, {row}: {kind.__name__}({', '.join(fields)})"
    return nb.njit(nogil=True)(eval(source, {kind.__name__: kind}))


week_settings = _reader(WeekSettings, "s", "r")  # of series s in replication r, from (S, R, week settings)
clinic_parameters = _reader(ClinicParameters, "r")  # of replication r, from (R, clinic parameters)


def parameter_table(replications: int, **given: Any) -> NDArray[np.float64]:
    """Clinic parameters by replication, each a number or (R,), neutral where not `given`. (R, parameters)"""
    in_order = ClinicParameters(**given)
    return np.stack([np.broadcast_to(np.asarray(each, float), replications) for each in in_order], axis=1)


def parameter(table: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """One clinic parameter of a table, by replication. (R,)"""
    return table[:, ClinicParameters._fields.index(name)]


class SettingsTable:
    """Every series' and replication's `WeekSettings`: an attribute for each, (S, R), which policies write to.

    They are views of one table, (S, R, week settings), so that the kernel reads a row of it at once.
    All begin neutral.
    """

    def __init__(self, series: int, replications: int) -> None:
        self.table: NDArray[np.float64] = np.empty((series, replications, len(WeekSettings._fields)))
        self.table[:] = WeekSettings()

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        if name not in WeekSettings._fields:
            raise AttributeError(name)
        return self.table[..., WeekSettings._fields.index(name)]

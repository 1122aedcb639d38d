"""The hard rules: which patient may take which place. Each is one named piece; to add one, add it to RULES.

A rule says whether patients and services agree, on arrays; in a sentence, what it asks; and what would have
to change for a patient whom it alone keeps from a place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.matching.columns import (
    APPROVALS,
    APPROVED,
    ASKED,
    AT_HOME,
    DIAGNOSTICS,
    FACE_TO_FACE,
    MEDIA,
    ON_SITE,
    TELEPHONE,
    VIDEO,
)
from models.matching.inputs import Flags, Floats, Patients, Services
from models.rtt.organisations import great_circle_miles

# A patient's own right to ask for a move (NHS England's patient-initiated mutual aid).
OWN_RIGHT_WEEKS = 40
OWN_RIGHT_AGE = 18
OWN_RIGHT_CLEAR_DAYS = 56  # no appointment in the next 8 weeks


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
    as_one, found = np.unique(latitude + 1j * longitude, return_inverse=True)
    return np.stack([as_one.real, as_one.imag], axis=1), found


@dataclass(frozen=True)
class Rule:
    """One hard rule; `passes` gives True for pairs that agree, of a shape that broadcasts to (N, S)."""

    name: str
    sentence: str  # what must hold
    fails: str  # why a patient finds nothing, with the patient's values in braces: 'No place: ...'
    change: str  # what would let the patient through: 'Three places if ...'; blank where nobody can change it
    passes: Callable[[Pairs], Flags]


def _treatment_function(pairs: Pairs) -> Flags:
    return pairs.patients.treatment_function[:, None] == pairs.services.treatment_function


def _setting(pairs: Pairs) -> Flags:
    return pairs.patients.setting[:, None] == pairs.services.setting


def _procedure(pairs: Pairs) -> Flags:
    offered = pairs.services.procedure
    return (offered == -1) | (pairs.patients.procedure[:, None] == offered)


def _medium(pairs: Pairs) -> Flags:
    medium = pairs.services.medium
    return (
        (medium == MEDIA.index(FACE_TO_FACE))
        | (medium == MEDIA.index(VIDEO)) & pairs.patients.can_video[:, None]
        | (medium == MEDIA.index(TELEPHONE)) & pairs.patients.can_telephone[:, None]
    )


def _elsewhere(pairs: Pairs) -> Flags:
    return pairs.patients.home_provider[:, None] != pairs.services.provider


def _approval(pairs: Pairs) -> Flags:
    approval = pairs.patients.approval[:, None]
    asked = (approval == APPROVALS.index(ASKED)) & pairs.count_asked
    return (approval == APPROVALS.index(APPROVED)) | asked


def _own_right(pairs: Pairs) -> Flags:
    patients = pairs.patients
    entitled = (
        (patients.weeks_waited >= OWN_RIGHT_WEEKS)
        & (patients.age_low >= OWN_RIGHT_AGE)
        & (patients.appointment_day > pairs.as_of_day + OWN_RIGHT_CLEAR_DAYS)
    )
    return (~patients.by_patient | entitled)[:, None]


def _priority(pairs: Pairs) -> Flags:
    limit = pairs.services.most_urgent
    return np.isnan(limit) | (pairs.patients.priority[:, None] >= limit)


def _bmi(pairs: Pairs) -> Flags:
    bmi, services = pairs.patients.bmi[:, None], pairs.services
    return (np.isnan(services.min_bmi) | (bmi >= services.min_bmi)) & (
        np.isnan(services.max_bmi) | (bmi <= services.max_bmi)
    )


def _asa(pairs: Pairs) -> Flags:
    return np.isnan(pairs.services.max_asa) | (pairs.patients.asa[:, None] <= pairs.services.max_asa)


def _age(pairs: Pairs) -> Flags:
    patients, services = pairs.patients, pairs.services
    return (np.isnan(services.min_age) | (patients.age_low[:, None] >= services.min_age)) & (
        np.isnan(services.max_age) | (patients.age_high[:, None] <= services.max_age)
    )


def _interpreter(pairs: Pairs) -> Flags:
    return ~pairs.patients.needs_interpreter[:, None] | pairs.services.interpreter


def _diagnostic(pairs: Pairs) -> Flags:
    services = pairs.services
    on_site = (services.diagnostic == DIAGNOSTICS.index(ON_SITE)) & (
        services.medium == MEDIA.index(FACE_TO_FACE)
    )
    return (
        ~pairs.patients.needs_diagnostic[:, None]
        | on_site
        | (services.diagnostic == DIAGNOSTICS.index(AT_HOME))
    )


def _not_past(pairs: Pairs) -> Flags:
    return (pairs.services.last_week >= pairs.first_week)[None, :]


def _before_appointment(pairs: Pairs) -> Flags:
    return pairs.services.first_week <= pairs.patients.last_week[:, None]


def _not_declined(pairs: Pairs) -> Flags:
    return np.ones((1, 1), dtype=bool) if pairs.declined is None else ~pairs.declined


def _distance(pairs: Pairs) -> Flags:
    willing = pairs.patients.travel_miles[:, None]
    return np.isinf(willing) | (pairs.miles <= willing)


# These two part the lists into problems that share nothing; the rest are checked within each.
PARTING = (
    Rule(
        "treatment_function",
        "The place is for the patient's treatment function.",
        "nothing is offered for {treatment_function}",
        "",
        _treatment_function,
    ),
    Rule(
        "setting",
        "The place is in the setting the patient waits for.",
        "nothing is offered for {treatment_function} as {setting}",
        "",
        _setting,
    ),
)

# In the order of a waterfall: from what can't be changed to what a patient may change. The last rule that
# alone keeps a patient from a place is the one suggested.
WITHIN = (
    Rule("not_past", "The week has not begun.", "all weeks offered have begun", "", _not_past),
    Rule(
        "elsewhere",
        "The place is not at the patient's own provider.",
        "only the patient's own provider offers places",
        "",
        _elsewhere,
    ),
    Rule(
        "procedure",
        "The place is for the patient's procedure, or for any.",
        "places are for other procedures",
        "",
        _procedure,
    ),
    Rule(
        "priority",
        "The provider takes the patient's clinical priority.",
        "providers do not take priority {priority}",
        "the provider took priority {priority}",
        _priority,
    ),
    Rule(
        "asa",
        "The patient's ASA grade is within the provider's limit, and known where there is one.",
        "providers do not take {asa}",
        "the provider took {asa}",
        _asa,
    ),
    Rule(
        "bmi",
        "The patient's BMI is within the provider's limits, and known where there are any.",
        "providers do not take {bmi}",
        "the provider took {bmi}",
        _bmi,
    ),
    Rule(
        "age",
        "The patient's whole age band is within the provider's limits, and known where there are any.",
        "providers do not take {age_band}",
        "the provider took {age_band}",
        _age,
    ),
    Rule(
        "diagnostic",
        "A patient who needs a test is seen where it is done on site, or where the home trust "
        "is asked for it; nothing is done on site by video or telephone.",
        "places come without the test the patient needs",
        "the test were done there or at the home trust",
        _diagnostic,
    ),
    Rule(
        "interpreter",
        "An interpreter can be had if the patient needs one.",
        "places come without an interpreter",
        "there were an interpreter",
        _interpreter,
    ),
    Rule(
        "own_right",
        "A patient who asks for the move has waited 40 weeks, is 18 or over and has no "
        "appointment in the next 8 weeks; a clinical team may ask for anyone.",
        "the patient may not yet ask to move",
        "the clinical team asked for the move",
        _own_right,
    ),
    Rule(
        "approval",
        "The home trust has confirmed that a move is suitable.",
        "the home trust has not confirmed that a move is suitable",
        "the home trust approved",
        _approval,
    ),
    Rule(
        "medium",
        "The patient can be seen that way: face to face, by video or by telephone.",
        "places are by video or telephone, which the patient can't use",
        "the patient could be seen by video or telephone",
        _medium,
    ),
    Rule(
        "before_appointment",
        "The week is before that of the patient's next appointment.",
        "the next appointment, {next_appointment}, comes first",
        "the appointment of {next_appointment} were given up",
        _before_appointment,
    ),
    Rule(
        "not_declined",
        "The patient has not refused it.",
        "the patient has refused what there is",
        "the patient thought again",
        _not_declined,
    ),
    Rule(
        "distance",
        "The place is within the miles the patient will travel; 0 by video or telephone.",
        "places are farther than {travel_miles}",
        "the patient travelled farther than {travel_miles}",
        _distance,
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in (*PARTING, *WITHIN)})


PAIRS_AT_ONCE = 1 << 20  # keeps a rule's arrays within the processor's cache, near enough


def failed_rules(pairs: Pairs) -> NDArray[np.uint16]:
    """Gives (N, S): bit r is set where the r-th rule of WITHIN fails; 0 where a patient may take a place."""
    patients, services = len(pairs.patients.ids), len(pairs.services.provider)
    failed = np.zeros((patients, services), dtype=np.uint16)
    step = max(PAIRS_AT_ONCE // max(services, 1), 1)
    for start in range(0, patients, step):
        rows = slice(start, start + step)
        part, found = pairs.part(rows), failed[rows]
        for bit, rule in enumerate(WITHIN):
            passes = rule.passes(part)
            if not passes.all():
                found |= np.where(passes, np.uint16(0), np.uint16(1 << bit))
    return failed

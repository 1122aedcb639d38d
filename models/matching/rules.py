"""The hard rules: which patient may take which place. Each is one definition, with all that is said of it.

To add one, define it here and name it in WITHIN, where its place in the waterfall is.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from models.matching.columns import (
    APPROVALS,
    APPROVED,
    ASKED,
    AT_HOME,
    DIAGNOSTICS,
    FACE_TO_FACE,
    LABELS,
    MEDIA,
    ON_SITE,
    TELEPHONE,
    VIDEO,
)
from models.matching.inputs import Flags, monday_of
from models.matching.pairs import Pairs
from models.matching.rule import Gain, Rule, hard_rule, numbers, places_if
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

# A patient's own right to ask for a move (NHS England's patient-initiated mutual aid).
OWN_RIGHT_WEEKS = 40
OWN_RIGHT_AGE = 18
OWN_RIGHT_CLEAR_DAYS = 56  # no appointment in the next 8 weeks


def _function_names(codes: pd.Series) -> list[str]:
    return [TREATMENT_FUNCTIONS[code].name for code in codes]


def _setting_names(settings: pd.Series) -> list[str]:
    return [LABELS[setting] for setting in settings]


def _priorities(priorities: pd.Series) -> list[str]:
    return list(priorities.astype(str))


def _ages(bands: pd.Series) -> list[str]:
    return list(("age " + bands.astype(object)).fillna("an age that is not known"))


def _days(days: pd.Series) -> list[str]:
    return list(pd.to_datetime(days).dt.strftime("%-d %B %Y").fillna("none"))


def _miles(column: pd.Series) -> list[str]:
    return [
        "any distance" if np.isinf(miles) else f"{miles:g} {'mile' if miles == 1 else 'miles'}"
        for miles in column
    ]


def _from_week(change: str, gain: Gain) -> str:
    sentence = places_if(change, gain)
    if gain.earliest is None:
        return sentence
    first = monday_of(np.array([gain.earliest], dtype=np.int32))[0].item()
    return f"{sentence[:-1]}, from the week of {first:%-d %B %Y}."


def _within_miles(change: str, gain: Gain) -> str:
    if np.isinf(gain.nearest):
        return places_if(change, gain)
    least = int(np.ceil(gain.nearest))
    sentence = f"A place within {least} miles; willing {gain.values['travel_miles']}."
    if gain.places == 1:
        return sentence
    return f"{sentence} {gain.counted} if distance did not count."


# These two part the lists into problems that share nothing; the rest are checked within each.


@hard_rule(
    "Treatment function",
    fails="nothing is offered for {treatment_function}",
    values={"treatment_function": _function_names},
)
def treatment_function(pairs: Pairs) -> Flags:
    """The place is for the patient's treatment function."""
    return pairs.patients.treatment_function[:, None] == pairs.services.treatment_function


@hard_rule(
    "Setting",
    fails="nothing is offered for {treatment_function} as {setting}",
    values={"treatment_function": _function_names, "setting": _setting_names},
)
def setting(pairs: Pairs) -> Flags:
    """The place is in the setting the patient waits for."""
    return pairs.patients.setting[:, None] == pairs.services.setting


@hard_rule("Week begun", fails="all weeks offered have begun")
def not_past(pairs: Pairs) -> Flags:
    """The week has not begun."""
    return (pairs.services.last_week >= pairs.first_week)[None, :]


@hard_rule("Own provider", fails="only the patient's own provider offers places")
def elsewhere(pairs: Pairs) -> Flags:
    """The place is not at the patient's own provider."""
    return pairs.patients.home_provider[:, None] != pairs.services.provider


@hard_rule("Procedure", fails="places are for other procedures")
def procedure(pairs: Pairs) -> Flags:
    """The place is for the patient's procedure, or for any."""
    offered = pairs.services.procedure
    return (offered == -1) | (pairs.patients.procedure[:, None] == offered)


@hard_rule(
    "Clinical priority",
    fails="providers do not take priority {priority}",
    change="the provider took priority {priority}",
    values={"priority": _priorities},
)
def priority(pairs: Pairs) -> Flags:
    """The provider takes the patient's clinical priority."""
    limit = pairs.services.most_urgent
    return np.isnan(limit) | (pairs.patients.priority[:, None] >= limit)


@hard_rule(
    "ASA grade",
    fails="providers do not take {asa}",
    change="the provider took {asa}",
    values={"asa": numbers("ASA grade {:g}", "an ASA grade that is not known")},
)
def asa(pairs: Pairs) -> Flags:
    """The patient's ASA grade is within the provider's limit, and known where there is one."""
    return np.isnan(pairs.services.max_asa) | (pairs.patients.asa[:, None] <= pairs.services.max_asa)


@hard_rule(
    "BMI",
    fails="providers do not take {bmi}",
    change="the provider took {bmi}",
    values={"bmi": numbers("a BMI of {:g}", "a BMI that is not known")},
)
def bmi(pairs: Pairs) -> Flags:
    """The patient's BMI is within the provider's limits, and known where there are any."""
    bmi, services = pairs.patients.bmi[:, None], pairs.services
    return (np.isnan(services.min_bmi) | (bmi >= services.min_bmi)) & (
        np.isnan(services.max_bmi) | (bmi <= services.max_bmi)
    )


@hard_rule(
    "Age",
    fails="providers do not take {age_band}",
    change="the provider took {age_band}",
    values={"age_band": _ages},
)
def age(pairs: Pairs) -> Flags:
    """The patient's whole age band is within the provider's limits, and known where there are any."""
    patients, services = pairs.patients, pairs.services
    return (np.isnan(services.min_age) | (patients.age_low[:, None] >= services.min_age)) & (
        np.isnan(services.max_age) | (patients.age_high[:, None] <= services.max_age)
    )


@hard_rule(
    "Diagnostic test",
    fails="places come without the test the patient needs",
    change="the test were done there or at the home trust",
)
def diagnostic(pairs: Pairs) -> Flags:
    """A patient who needs a test is seen where it is done on site, or where the home trust is asked for
    it; nothing is done on site by video or telephone.
    """
    services = pairs.services
    on_site = (services.diagnostic == DIAGNOSTICS.index(ON_SITE)) & (
        services.medium == MEDIA.index(FACE_TO_FACE)
    )
    return (
        ~pairs.patients.needs_diagnostic[:, None]
        | on_site
        | (services.diagnostic == DIAGNOSTICS.index(AT_HOME))
    )


@hard_rule("Interpreter", fails="places come without an interpreter", change="there were an interpreter")
def interpreter(pairs: Pairs) -> Flags:
    """An interpreter can be had if the patient needs one."""
    return ~pairs.patients.needs_interpreter[:, None] | pairs.services.interpreter


@hard_rule(
    "Own right to ask",
    fails="the patient may not yet ask to move",
    change="the clinical team asked for the move",
)
def own_right(pairs: Pairs) -> Flags:
    """A patient who asks for the move has waited 40 weeks, is 18 or over and has no appointment in the
    next 8 weeks; a clinical team may ask for anyone.
    """
    patients = pairs.patients
    entitled = (
        (patients.weeks_waited >= OWN_RIGHT_WEEKS)
        & (patients.age_low >= OWN_RIGHT_AGE)
        & (patients.appointment_day > pairs.as_of_day + OWN_RIGHT_CLEAR_DAYS)
    )
    return (~patients.by_patient | entitled)[:, None]


@hard_rule(
    "Home trust's approval",
    fails="the home trust has not confirmed that a move is suitable",
    change="the home trust approved",
)
def approval(pairs: Pairs) -> Flags:
    """The home trust has confirmed that a move is suitable."""
    approval = pairs.patients.approval[:, None]
    asked = (approval == APPROVALS.index(ASKED)) & pairs.count_asked
    return (approval == APPROVALS.index(APPROVED)) | asked


@hard_rule(
    "Medium",
    fails="places are by video or telephone, which the patient can't use",
    change="the patient could be seen by video or telephone",
)
def medium(pairs: Pairs) -> Flags:
    """The patient can be seen that way: face to face, by video or by telephone."""
    medium = pairs.services.medium
    return (
        (medium == MEDIA.index(FACE_TO_FACE))
        | (medium == MEDIA.index(VIDEO)) & pairs.patients.can_video[:, None]
        | (medium == MEDIA.index(TELEPHONE)) & pairs.patients.can_telephone[:, None]
    )


@hard_rule(
    "Next appointment",
    fails="the next appointment, {next_appointment}, comes first",
    change="the appointment of {next_appointment} were given up",
    values={"next_appointment": _days},
    tell=_from_week,
)
def before_appointment(pairs: Pairs) -> Flags:
    """The week is before that of the patient's next appointment."""
    return pairs.services.first_week <= pairs.patients.last_week[:, None]


@hard_rule(
    "Refused before", fails="the patient has refused what there is", change="the patient thought again"
)
def not_declined(pairs: Pairs) -> Flags:
    """The patient has not refused it."""
    return np.ones((1, 1), dtype=bool) if pairs.declined is None else ~pairs.declined


@hard_rule(
    "Distance",
    fails="places are farther than {travel_miles}",
    change="it were known where the patient lives",
    values={"travel_miles": _miles},
    tell=_within_miles,
)
def distance(pairs: Pairs) -> Flags:
    """The place is within the miles the patient will travel; 0 by video or telephone."""
    willing = pairs.patients.travel_miles[:, None]
    return np.isinf(willing) | (pairs.miles <= willing)


PARTING = (treatment_function, setting)

# In the order of a waterfall: from what can't be changed to what a patient may change. The last rule that
# alone keeps a patient from a place is the one suggested.
WITHIN = (
    not_past,
    elsewhere,
    procedure,
    priority,
    asa,
    bmi,
    age,
    diagnostic,
    interpreter,
    own_right,
    approval,
    medium,
    before_appointment,
    not_declined,
    distance,
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in (*PARTING, *WITHIN)})

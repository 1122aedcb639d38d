"""What the compiled kernel works on: queues, measures, and the arrays of a world.

State is counts of patients by the week their clock started, so that ageing costs nothing and a clock moves
with its patient for free. `state[series, replication, queue, cohort]` holds pathways; cohort 104 + 1 + t
started its clock in week t, cohort 104 - b had waited b whole weeks when the figures were counted.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BANDS = 105
# queues: waiting for a first appointment or a review, by who can be seen virtually; then to be admitted
FIRST, FIRST_FACE, REVIEW, REVIEW_FACE, ADMITTED = range(5)
QUEUES = 5
LONGEST = (17, 51, 64, 77, 103, 1 << 30)  # the longest whole weeks waited in each stretch between standards

MEASURES = (
    "waiting",
    "within_18",
    "over_52",
    "over_65",
    "over_78",
    "over_104",
    "waiting_admission",
    "clock_starts",
    "stops_non_admitted",
    "stops_admitted",
    "removals",
    "moved_out",
    "moved_in",
    "decisions_to_admit",
    "first_face_to_face",
    "first_virtual",
    "follow_up_face_to_face",
    "follow_up_virtual",
    "first_by_telephone",
    "follow_up_by_telephone",
    "missed_face_to_face",
    "missed_virtual",
    "repeated",
    "follow_ups_overdue",
    "advice_given",
    "patient_initiated",
    "validated",
)
(
    WAITING,
    WITHIN_18,
    OVER_52,
    OVER_65,
    OVER_78,
    OVER_104,
    WAITING_ADMISSION,
    STARTS,
    NON_ADMITTED,
    STOPS_ADMITTED,
    REMOVED,
    MOVED_OUT,
    MOVED_IN,
    DECIDED,
    FIRST_FACE_SEEN,
    FIRST_VIRTUAL_SEEN,
    FOLLOW_FACE_SEEN,
    FOLLOW_VIRTUAL_SEEN,
    FIRST_BY_TELEPHONE,
    FOLLOW_BY_TELEPHONE,
    MISSED_FACE,
    MISSED_VIRTUAL,
    REPEATED,
    OVERDUE,
    ADVISED,
    PATIENT_INITIATED,
    VALIDATED,
) = range(len(MEASURES))


class Rules(NamedTuple):
    """How clinics work in one replication, the same in every series; shares are fractions."""

    first_minutes: float
    follow_up_minutes: float
    review_share: float
    extra_if_admitted: float
    follow_up_weeks: int
    follow_up_spread: int  # weeks either side over which those due then are spread
    follow_up_cap: float
    kept_weeks: float  # of usual minutes and admissions kept when nobody waits
    returns: float  # share of patient-initiated follow-ups in which the patient comes back
    safety: float  # share of them seen after a year all the same
    safety_weeks: int


class Model(NamedTuple):
    """What does not change while the world runs; arrays by series, first axis S."""

    rules: NDArray[np.float64]  # (R, rules) a row is one replication's `Rules`
    keys: NDArray[np.uint64]  # (S, R) names of the random streams
    starts: NDArray[np.float64]  # (S,) clock starts a working day
    minutes: NDArray[np.float64]  # (S, R) clinic minutes a working day
    theatre: NDArray[np.float64]  # (S,) admissions a working day
    capable: NDArray[np.float64]  # (S, R) share of patients who can be seen virtually
    again: NDArray[np.float64]  # (S, R) chance that an appointment is followed by another
    removal_level: NDArray[np.float64]  # (S, R) factor on the rates of leaving unreported
    # by weeks waited, as long as anyone can have waited when the run ends: (S, cohorts)
    booking: NDArray[np.int32]  # order of booking: relative chances, in millionths
    booking_admitted: NDArray[np.int32]
    decisions: NDArray[np.float64]  # share of exits that are decisions to admit
    leaving: NDArray[np.float64]  # rate a week of leaving unreported


class Terms(NamedTuple):
    """One series' settings in one week of one replication: what policies change. Shares are fractions."""

    virtual_first: float  # share of capable patients' first bookings made virtual
    virtual_follow_up: float  # the same for reviews and follow-ups
    asking: float  # further share who ask for virtual where everybody has waited over 18 weeks
    # of virtual appointments, by video and by telephone as they are mixed
    length_first: float  # of a slot, relative to face to face
    length_follow_up: float
    missed_first: float  # chance that it is missed
    missed_follow_up: float
    repeated_first: float  # share of attendances to be repeated face to face
    repeated_follow_up: float
    telephone_first: float  # share of attendances by telephone
    telephone_follow_up: float
    missed_face: float  # chance that an appointment face to face is missed
    overbooked: float  # further bookings for each slot
    patient_initiated: float  # chance that a follow-up is left to the patient
    advice: float  # chance that a referral is answered with advice
    demand: float  # factor on referrals
    capacity: float  # factor on the usual minutes and admissions
    extra_minutes: float  # clinic minutes this week beyond the usual
    extra_theatre: float  # admissions this week beyond the usual
    emeritus_minutes: float  # minutes for virtual first appointments alone
    independent: float  # patients with a decision to admit whom the independent sector takes
    longest_first: float  # share of slots that go to the longest waits
    longest_from: float  # only to those who have waited this many weeks
    validation: float  # chance that a long wait is taken off after a check
    validation_from: float  # weeks waited from which it is checked


class Settings:
    """Every series' and replication's `Terms`: an attribute for each, (S, R), which policies write to.

    They are views of one table, (S, R, terms), so that the kernel reads a row of it at once.
    """

    def __init__(self, series: int, replications: int) -> None:
        self.table: NDArray[np.float64] = np.zeros((series, replications, len(Terms._fields)))
        self.demand[:] = 1.0
        self.capacity[:] = 1.0

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        if name not in Terms._fields:
            raise AttributeError(name)
        return self.table[..., Terms._fields.index(name)]


class World(NamedTuple):
    """What the week changes."""

    state: NDArray[np.int32]  # (S, R, queues, cohorts) pathways
    due: NDArray[np.int32]  # (S, R, weeks) follow-ups due
    repeats: NDArray[np.int32]  # (S, R) follow-ups to be repeated face to face
    minutes: NDArray[np.float64]  # (S, R) clinic minutes owed or left from last week
    admissions: NDArray[np.float64]  # (S, R) the same for theatre
    oldest: NDArray[np.int32]  # (S, R) first cohort that may hold anyone
    out: NDArray[np.int32]  # (R, S, weeks, measures)

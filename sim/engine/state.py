"""What the compiled kernel works on: queues, measures, and the arrays of a world.

State is counts of patients by the week their clock started, so that ageing costs nothing and a clock moves
with its patient for free. `pathways[series, replication, queue, cohort]` counts patients; cohort 104 + 1 + t
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


class StaticInputs(NamedTuple):
    """What does not change while the world runs; arrays by series, first axis S."""

    clinic_parameters: NDArray[np.float64]  # (R, parameters) a row is one replication's `ClinicParameters`
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


class WorldState(NamedTuple):
    """What the week changes."""

    pathways: NDArray[np.int32]  # (S, R, queues, cohorts) patients waiting
    due: NDArray[np.int32]  # (S, R, weeks) follow-ups due
    repeats: NDArray[np.int32]  # (S, R) follow-ups to be repeated face to face
    minutes: NDArray[np.float64]  # (S, R) clinic minutes owed or left from last week
    admissions: NDArray[np.float64]  # (S, R) the same for theatre
    oldest: NDArray[np.int32]  # (S, R) first cohort that may hold anyone
    out: NDArray[np.int32]  # (R, S, weeks, measures)

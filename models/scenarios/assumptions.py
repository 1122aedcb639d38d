"""The register of assumptions: every default behind a lever, with its range and the evidence for it.

Shares are in percent, as planners say them. An entry for which no source was found is marked as an
assumption, and whatever shows it must say so.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from numbers import Real
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS, treatment_function

HES = "Hospital outpatient activity (HES), England 2024-25"


@dataclass(frozen=True)
class Assumption:
    """One default: its value and two ranges, all in `unit`, and its source.

    A planner may choose from `low` to `high`. From `likely_low` to `likely_high` is the range that holds 80%
    of belief, with the value as its median; both are the value where it was counted, or is for the planner to
    set. `is_assumption` is True when no source was found for the value; `source` then says so.
    """

    key: str
    label: str
    value: float
    low: float
    high: float
    likely_low: float
    likely_high: float
    unit: str
    source: str
    is_assumption: bool = False
    note: str = ""

    @property
    def uncertain(self) -> bool:
        """Whether the value differs from replication to replication."""
        return self.likely_low < self.likely_high

    def believed(self, normal: NDArray[np.float64]) -> NDArray[np.float64]:
        """What standard normal numbers stand for, in `unit`: in median the value, 80% of them likely.

        Half a normal distribution below the value and half another above it, each as wide as its side of the
        likely range, cut off at `low` and `high`.
        """
        side = np.where(normal < 0, self.value - self.likely_low, self.likely_high - self.value)
        return np.clip(self.value + normal / TENTH * side, self.low, self.high)


TENTH = 1.2815515655446004  # a standard normal number lies above this in one case of ten
NO_SOURCE = "Assumption: no source was found"

# key, label, value, low, high, likely_low, likely_high, unit, source. Likely ranges are Tandem's own
# judgement, the wider the less is known, but where a note names other figures.
_ENTRIES = (
    Assumption(
        "virtual_share_first", "First appointments held by video or telephone",
        13.5, 0, 100, 13.5, 13.5, "%", HES,
    ),
    Assumption(
        "virtual_share_follow_up", "Follow-ups held by video or telephone",
        19.4, 0, 100, 19.4, 19.4, "%", HES,
    ),
    Assumption(
        "virtual_share_all", "Attendances held by video or telephone", 17.5, 0, 100, 17.5, 17.5, "%",
        f"{HES}: 113.2 million attendances",
        note="16.4% in the most deprived tenth of areas, 17.9% in the least deprived.",
    ),
    Assumption(
        "virtual_ceiling_multiple", "Most that can be virtual, as a multiple of the chapter's share today",
        2.5, 1, 10, 1.75, 3.5, "times", NO_SOURCE, is_assumption=True,
        note="No source gives the share of a specialty's appointments that could be virtual.",
    ),
    Assumption(
        "virtual_ceiling_most", "Most that can be virtual in any specialty", 85, 0, 100, 70, 95, "%",
        NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "follow_ups_per_first", "Follow-ups for each first appointment", 2.03, 0, 6, 1.9, 2.2, "follow-ups",
        HES, note="Boards differ.",
    ),
    Assumption(
        "appointments_per_pathway", "Outpatient appointments for each non-admitted pathway",
        1.4, 1, 5, 1.3, 1.6, "appointments", "NHS Confederation", note="The range is Tandem's.",
    ),
    Assumption(
        "appointments_admitted_extra", "More outpatient appointments for each admitted pathway",
        0.9, 0, 5, 0.6, 1.3, "appointments", "NHS Confederation",
        note="20% of pathways are admitted. The range is Tandem's.",
    ),
    Assumption(
        "dna_face_to_face", "Face-to-face appointments missed", 7.6, 0, 30, 5.9, 8.5, "%",
        "NHS England, 2021/22 (103 million appointments)", note="5.9% in 2023-24 by another count.",
    ),
    Assumption(
        "dna_virtual_relative", "Virtual appointments missed, relative to face to face",
        1.0, 0.5, 1.5, 0.75, 1.35, "times",
        "Evidence disagrees. Imperial College Healthcare 2021: first appointments 12.5% remote against 9.2%,"
        " follow-ups 10.4% against 10.7%; a matched cohort in the United States found the reverse",
        note="No benefit is built in. Likely up to Imperial's 12.5 / 9.2 = 1.36, and as much the other way.",
    ),
    Assumption(
        "telephone_missed_relative", "Telephone appointments missed, relative to video",
        1.0, 0.5, 1.5, 0.8, 1.25, "times", NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "virtual_repeat", "Virtual appointments that must be repeated face to face", 8, 0, 40, 4, 15, "%",
        NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "telephone_repeat_relative", "Telephone appointments to be repeated face to face, relative to video",
        1.0, 0.5, 2, 0.75, 1.5, "times", NO_SOURCE, is_assumption=True,
        note="Nothing can be looked at over the telephone, which argues for more.",
    ),
    Assumption(
        "virtual_slot_length", "Length of a virtual slot, relative to face to face",
        0.85, 0.5, 1.2, 0.7, 1.0, "times", NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "telephone_slot_relative", "Length of a telephone slot, relative to video",
        1.0, 0.5, 1.2, 0.8, 1.05, "times", NO_SOURCE, is_assumption=True,
    ),
    Assumption("pifu_share_now", "Follow-ups that are patient-initiated today", 3, 0, 60, 3, 3, "%", "HSJ"),
    Assumption(
        "pifu_target", "Follow-ups that are patient-initiated, target", 5, 0, 60, 5, 5, "%", "HSJ",
        note="The date for the target has moved to March 2029.",
    ),
    Assumption(
        "pifu_follow_up_effect", "Fewer follow-ups for each 1% that is patient-initiated",
        0.4, 0, 1, 0.1, 0.6, "%",
        "Nuffield Trust: each 5% that is patient-initiated goes with about 2% fewer follow-ups",
        note="2 / 5 = 0.4: an association, not a trial. The range is Tandem's.",
    ),
    Assumption(
        "pifu_returns", "Patient-initiated follow-ups in which the patient comes back",
        30, 0, 100, 15, 50, "%", NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "pifu_safety", "Of the others, seen after a year all the same, to be safe", 10, 0, 100, 3, 25, "%",
        NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "advice_diversion", "Referrals diverted by advice and guidance", 6, 0, 30, 6, 6, "%",
        "NHS England: 660 thousand diverted July to December 2024, over about 10.8 million clock starts",
        note="0.66 / 10.8 = 6.1%.",
    ),
    Assumption(
        "non_admitted_share", "Clock stops without admission", 79.9, 0, 100, 79.9, 79.9, "%",
        "RTT returns, April 2025 to February 2026", note="The range is Tandem's.",
    ),
    Assumption(
        "local_diagnostic", "Patients who need a local diagnostic after a first appointment",
        25, 0, 80, 12, 40, "%", NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "emeritus_session_hours", "Length of an emeritus consultant's session", 3.5, 1, 8, 3, 4, "hours",
        NO_SOURCE, is_assumption=True, note="Virtual first appointments only. The range is Tandem's.",
    ),
    Assumption(
        "gp_contacts", "GP contacts for each waiting patient", 0.1, 0, 1, 0.03, 0.3, "contacts a month",
        NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "gp_advice_contacts", "GP contacts for each referral answered with advice",
        1, 0, 5, 0.5, 2, "contacts", NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "pifu_returns_by_gp", "Of patients who come back by themselves, turn to the GP first",
        20, 0, 100, 5, 50, "%", NO_SOURCE, is_assumption=True,
        note="A contact each. Changes what is counted as GP work, nothing of a run.",
    ),
    Assumption(
        "telephone_share", "Virtual appointments held by telephone rather than video",
        60, 0, 100, 40, 75, "%", NO_SOURCE, is_assumption=True,
    ),
    Assumption(
        "cannot_use_virtual", "Adults who can't use video or telephone", 6, 0, 40, 3, 12, "%",
        NO_SOURCE, is_assumption=True, note="Rises with age and deprivation.",
    ),
    Assumption(
        "cannot_use_video", "Adults who can use the telephone but not video", 6, 0, 40, 3, 15, "%",
        NO_SOURCE, is_assumption=True, note="Rises with age and deprivation.",
    ),
    Assumption(
        "no_access_deprivation_odds",
        "Odds of no access to video or telephone in the most deprived fifth, relative to the least",
        2.5, 1, 10, 1.5, 4, "times", NO_SOURCE, is_assumption=True,
        note="Tandem's made-up patients have 2.5 too: 0.7 in log odds a point of an area's digital exclusion "
        "risk, which is 1.3 points higher there.",
    ),
    Assumption(
        "no_access_older_odds", "Odds of no access to video or telephone at 65 and over, relative to 19-64",
        3.5, 1, 15, 2, 6, "times", NO_SOURCE, is_assumption=True, note="As in Tandem's made-up patients.",
    ),
    Assumption(
        "no_access_child_odds", "Odds of no access to video or telephone up to 18, relative to 19-64",
        0.8, 0.1, 3, 0.5, 1.2, "times", NO_SOURCE, is_assumption=True,
        note="A child is seen with a parent: it is the parent's access.",
    ),
    Assumption(
        "follow_up_interval", "Time until a follow-up is due", 13, 1, 52, 9, 20, "weeks",
        NO_SOURCE, is_assumption=True, note="The range is Tandem's.",
    ),
    Assumption(
        "follow_up_minutes_cap", "Most of a clinic's minutes that follow-ups may take",
        75, 0, 100, 65, 85, "%", NO_SOURCE, is_assumption=True, note="The range is Tandem's.",
    ),
    Assumption(
        "appointment_minutes_first", "Length of a first appointment face to face",
        30, 5, 120, 20, 40, "minutes", NO_SOURCE, is_assumption=True, note="The range is Tandem's.",
    ),
    Assumption(
        "appointment_minutes_follow_up", "Length of a follow-up face to face",
        20, 5, 120, 14, 26, "minutes", NO_SOURCE, is_assumption=True, note="The range is Tandem's.",
    ),
    Assumption(
        "clinic_session_hours", "Length of an extra clinic session", 3.5, 1, 8, 3, 4, "hours",
        NO_SOURCE, is_assumption=True, note="The range is Tandem's.",
    ),
    Assumption(
        "road_distance", "Way by road, relative to a straight line", 1.3, 1, 2, 1.2, 1.45, "times",
        NO_SOURCE, is_assumption=True, note="Changes the miles of a scorecard, nothing of a run.",
    ),
    Assumption(
        "carbon_a_mile", "Carbon from a mile by car", 0.269, 0, 2, 0.269, 0.269, "kg CO2e",
        "UK Government greenhouse gas conversion factors 2025: average car, fuel not known",
        note="0.26915. As if every journey were by car; a board with a travel survey puts its own.",
    ),
)  # fmt: skip

REGISTER: Mapping[str, Assumption] = MappingProxyType({each.key: each for each in _ENTRIES})

# Share of attendances held by video or telephone, %, by diagnosis chapter: HES outpatients 2024-25.
CHAPTER_SHARES: Mapping[str, float] = MappingProxyType(
    {
        "circulatory": 34,
        "nervous": 31,
        "endocrine": 30,
        "respiratory": 29,
        "digestive": 23,
        "cancer": 23,
        "musculoskeletal": 16,
        "genitourinary": 16,
        "skin": 8,
        "eye and ear": 4,
    }
)

# New clock starts in England, thousands, September 2024 to August 2025: RTT returns. They weigh the chapters'
# shares, because attendances are not published by treatment function and medium.
CLOCK_STARTS: Mapping[str, float] = MappingProxyType(
    {
        "C_100": 1125.6, "C_101": 1087.8, "C_110": 2029.8, "C_120": 1295.6, "C_130": 2163.8, "C_140": 637.6,
        "C_150": 147.9, "C_160": 286.2, "C_170": 32.6, "C_300": 138.3, "C_301": 1142.1, "C_320": 1016.1,
        "C_330": 1434.8, "C_340": 608.7, "C_400": 483.5, "C_410": 385.9, "C_430": 121.1, "C_502": 1470.1,
        "X02": 2063.6, "X03": 8.7, "X04": 877.6, "X05": 1746.3, "X06": 714.5,
    }
)  # fmt: skip


def _chapter_factor() -> float:
    """Gives overall share / mean of the chapters' shares, weighed by the clock starts of functions with one.

    Functions without a chapter sit at the overall share, so this, 1.144, is what makes all 23 average to it.
    """
    mapped = [
        (CLOCK_STARTS[each.code], each.chapter) for each in TREATMENT_FUNCTIONS.values() if each.chapter
    ]
    mean = sum(starts * CHAPTER_SHARES[chapter] for starts, chapter in mapped) / sum(n for n, _ in mapped)
    return REGISTER["virtual_share_all"].value / mean


CHAPTER_FACTOR = _chapter_factor()


def assumption(key: str) -> Assumption:
    """Gives the register's entry for `key`; raises TandemError, naming the nearest keys, if there is none."""
    found = REGISTER.get(key)
    if found is None:
        near = get_close_matches(str(key), REGISTER, n=3) or sorted(REGISTER)
        raise TandemError(f"There is no assumption '{key}'.", f"Use one of: {', '.join(near)}.")
    return found


def resolve(overrides: Mapping[str, float]) -> Mapping[str, float]:
    """Gives the value of every assumption by key, in its own unit, with `overrides` in place of defaults.

    Raises TandemError, naming the key, its range and the reason, if an override has an unknown key, is not a
    number or lies outside its range.
    """
    values = {key: float(each.value) for key, each in REGISTER.items()}
    for key, value in overrides.items():
        values[key] = _within_range(assumption(key), value)
    return values


def _within_range(entry: Assumption, value: object) -> float:
    allowed = f"{entry.label} ({entry.key}) can be {entry.low:g} to {entry.high:g} {entry.unit}"
    if isinstance(value, bool) or not isinstance(value, Real) or value != value:  # not nan
        raise TandemError(f"{allowed}, but '{value}' is not a number.", f"The default is {entry.value:g}.")
    try:
        number = float(value)
    except OverflowError:  # a whole number past any float
        number = -math.inf if value < 0 else math.inf
    if not entry.low <= number <= entry.high:
        side = "below" if number < entry.low else "above"
        raise TandemError(f"{allowed}, but {number:g} is {side} it.", f"The default is {entry.value:g}.")
    return number


def virtual_now(code: str, overall: float = REGISTER["virtual_share_all"].value) -> float:
    """Gives today's share of a treatment function's attendances that are virtual, %: an estimate.

    The share of its diagnosis chapter, rescaled by CHAPTER_FACTOR so that the 23, weighed by clock starts,
    average to `overall` (%): give 13.5 for first appointments, 19.4 for follow-ups. Never above 100.
    """
    chapter = treatment_function(code).chapter
    if not chapter:
        return overall
    share = CHAPTER_SHARES[chapter] * CHAPTER_FACTOR
    return min(share * overall / REGISTER["virtual_share_all"].value, 100.0)


def virtual_ceiling(
    code: str,
    multiple: float = REGISTER["virtual_ceiling_multiple"].value,
    most: float = REGISTER["virtual_ceiling_most"].value,
) -> float:
    """Gives the largest share of a treatment function's attendances that could be virtual, %: an assumption.

    `multiple` times the share of its diagnosis chapter (of all attendances, where it has none), at most
    `most` (%). Mental health, where talking is the treatment, stands at `most`.
    """
    if code == "X03":
        return most
    chapter = treatment_function(code).chapter
    share = CHAPTER_SHARES[chapter] if chapter else REGISTER["virtual_share_all"].value
    return min(multiple * share, most)

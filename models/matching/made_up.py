"""What is assumed of made-up patients and places where nothing is published: shares, and the words for them.

None of these has a source. A list made up with them shows how a matching works; it tells nothing about any
board's patients beyond what its returns do.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from models.matching.columns import AGE_BANDS

# the published bands of age in this list's bands; 18-year-olds go with 16-17
AGE_WITHIN: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "0-18": {"0-4": 0.28, "5-15": 0.57, "16-17": 0.15},
        "19-64": {"18-29": 0.17, "30-39": 0.19, "40-49": 0.20, "50-59": 0.27, "60-69": 0.17},
        "65+": {"60-69": 0.27, "70-79": 0.46, "80+": 0.27},
    }
)
SETTING_BEFORE_DECISION: Mapping[str, float] = MappingProxyType(
    {"first_outpatient": 0.70, "follow_up": 0.15, "diagnostic": 0.12, "cancer": 0.03}
)
SETTING_AFTER_DECISION: Mapping[str, float] = MappingProxyType({"day_case": 0.80, "inpatient": 0.20})
PRIORITY: Mapping[int, float] = MappingProxyType({1: 0.01, 2: 0.14, 3: 0.30, 4: 0.55})
TRAVEL_MILES: Mapping[float, float] = MappingProxyType(
    {10.0: 0.15, 25.0: 0.30, 50.0: 0.30, 100.0: 0.15, np.inf: 0.10}
)
APPROVAL: Mapping[str, float] = MappingProxyType({"yes": 0.60, "asked": 0.35, "no": 0.05})
BOOKED, BOOKED_WITHIN_WEEKS = 0.30, 16
INTERPRETER = 0.02
ASKS_BY_OWN_RIGHT = 0.30  # of those who may

# ASA grades 1 to 4, mean and spread of BMI, and the odds of being shut out of what is digital, by age band
_YOUNG, _MIDDLE, _OLDER, _OLDEST = (
    (0.70, 0.25, 0.05, 0.0),
    (0.40, 0.45, 0.14, 0.01),
    (0.20, 0.52, 0.26, 0.02),
    (0.08, 0.47, 0.41, 0.04),
)
ASA_BY_AGE = np.array([_YOUNG] * 5 + [_MIDDLE] * 2 + [_OLDER] * 2 + [_OLDEST])  # (10, 4)
BMI_BY_AGE = np.array([(17.0, 2.0), (19.0, 3.5), (22.0, 4.0), *[(28.0, 5.5)] * 6, (26.5, 4.5)])  # (10, 2)
SHUT_OUT_ODDS_BY_AGE = np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.7, 1.0, 2.0, 4.0])
SHUT_OUT_LOG_ODDS_A_POINT = 0.7  # for each point of an area's digital exclusion risk
assert len(ASA_BY_AGE) == len(BMI_BY_AGE) == len(SHUT_OUT_ODDS_BY_AGE) == len(AGE_BANDS)

# procedures of those with a decision to admit, all as frequent as each other; none elsewhere
PROCEDURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "C_100": ("Inguinal hernia repair", "Gallbladder removal", "Haemorrhoid operation"),
        "C_101": ("Prostate resection", "Cystoscopy", "Stone removal"),
        "C_110": ("Hip replacement", "Knee replacement", "Knee arthroscopy", "Carpal tunnel release"),
        "C_120": ("Tonsillectomy", "Grommets", "Septum operation"),
        "C_130": ("Cataract operation", "Eyelid operation", "Vitrectomy"),
        "C_140": ("Wisdom tooth removal",),
        "C_160": ("Skin lesion removal", "Hand operation"),
        "C_301": ("Colonoscopy", "Gastroscopy"),
        "C_320": ("Coronary angiography", "Pacemaker"),
        "C_330": ("Skin lesion removal",),
        "C_502": ("Hysteroscopy", "Hysterectomy", "Laparoscopy"),
    }
)

# places
SHARE_OF_STOPS = 0.05  # offered to others, where no spare capacity is given
OF_TELEPHONE = 0.25  # of what is held by video or telephone
ANY_PROCEDURE = 0.5  # of places for admissions that name procedures
DIAGNOSTIC_ON_SITE, DIAGNOSTIC_AT_HOME = 0.6, 0.5  # face to face; by video or telephone
WITH_INTERPRETER = 0.8
INDEPENDENT_MAX_BMI, INDEPENDENT_MAX_ASA, INDEPENDENT_MIN_AGE = 40.0, 2, 18

STATED = (
    "Provider, treatment function, weeks waited and decision to admit are those of the returns; home "
    "districts are drawn from the trust's catchment; deprivation, age and sex from the published shares of "
    "its list. Assumed without a source: setting, priority, travel, ASA grade, BMI, procedure, appointments "
    "booked, approval, and how access to video varies with age and an area's risk of digital exclusion."
)

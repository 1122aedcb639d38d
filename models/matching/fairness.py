"""Whether some kinds of patients are matched less often than chance would have it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.matching.columns import AGE_BANDS, SEXES

CHANCE = 0.05  # of a false warning about a characteristic, shared by its groups

_TENTHS = tuple(f"{low}-{low + 1}" for low in range(1, 10, 2))
_MILES = (10, 25, 50, 100)
_DISTANCES = ("up to 10 miles", "10 to 25 miles", "25 to 50 miles", "50 to 100 miles", "over 100 miles")
_UNKNOWN = "not known"
_COLUMNS = [
    "characteristic",
    "group",
    "patients",
    "matched",
    "share",
    "share_of_others",
    "chance",
    "behind",
    "warning",
]


def share_matched(patients: pd.DataFrame, matched: NDArray[np.bool_]) -> pd.DataFrame:
    """Gives a row a group: patients, matched, share, the others' share, chance, behind and warning.

    `matched`, (N,), is in the patients' order. `chance` is that of as few matched or fewer if places fell
    among all patients without regard to the group (hypergeometric, one tail). A group is behind where it is
    below 5% shared among the groups of its characteristic: deprivation (tenths two by two), age, sex, or how
    far patients will travel.
    """
    characteristics = {
        "deprivation": (_deprivation(patients), _TENTHS),
        "age": (patients["age_band"].astype(object), AGE_BANDS),
        "sex": (patients["sex"].astype(object), SEXES),
        "distance": (_distance(patients), _DISTANCES),
    }
    total, winners = len(matched), int(matched.sum())
    rows = []
    for characteristic, (groups, order) in characteristics.items():
        named = groups.where(groups.notna(), _UNKNOWN)
        present = [group for group in (*order, _UNKNOWN) if (named == group).any()]
        for group in present:
            within = (named == group).to_numpy(bool)
            size, won = int(within.sum()), int(matched[within].sum())
            others = (winners - won) / (total - size) if total > size else np.nan
            chance = lower_tail(won, size, winners, total)
            behind = len(present) > 1 and chance < CHANCE / len(present)
            warning = _sentence(characteristic, group, won / size, others) if behind else ""
            rows.append((characteristic, group, size, won, won / size, others, chance, behind, warning))
    return pd.DataFrame(rows, columns=_COLUMNS)


def lower_tail(won: int, size: int, winners: int, total: int) -> float:
    """Gives the chance that of `winners` among `total` at most `won` fall on a group of `size`."""
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])
    few = np.arange(max(0, winners - (total - size)), won + 1)

    def log_choose(n: int, k: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.asarray(log_factorial[n] - log_factorial[k] - log_factorial[n - k])

    ways = log_choose(size, few) + log_choose(total - size, winners - few)
    return min(float(np.exp(ways - log_choose(total, np.array([winners]))).sum()), 1.0)


def _deprivation(patients: pd.DataFrame) -> pd.Series:
    tenth = pd.to_numeric(patients["deprivation"]).to_numpy(float, na_value=np.nan)
    place = np.where(np.isnan(tenth), 0, (tenth - 1) // 2).astype(int)
    return pd.Series(np.array(_TENTHS, dtype=object)[place]).where(~np.isnan(tenth), _UNKNOWN)


def _distance(patients: pd.DataFrame) -> pd.Series:
    place = np.searchsorted(_MILES, patients["travel_miles"].to_numpy(float))
    return pd.Series(np.array(_DISTANCES, dtype=object)[place])


def _sentence(characteristic: str, group: str, share: float, others: float) -> str:
    who = {
        "deprivation": f"Patients with deprivation {group} (tenths, 1 the most deprived)",
        "age": f"Patients aged {group}",
        "sex": f"Patients with sex {group}",
        "distance": f"Patients who will travel {group}",
    }[characteristic]
    shares = f"{share:.0%} against {others:.0%}"
    return f"{who} are matched less often than the others, by more than chance: {shares}."

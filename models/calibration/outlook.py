"""Where each list is heading, from its own latest months and England's: what a forecast starts from.

Lists in England mostly stay near where they are. What can be told ahead is little, but worth having: the
latest movement, the list's own and its provider's, carries on for a while; lists with shorter waits than
England's for the same treatment function grow and those with longer waits shrink, as do those that make up
much of it; a list that has grown of late has more people on their way past 18 weeks. How much of each:
`docs/hindcast.md`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.forecast_errors import grouped
from models.rtt.history import History
from models.rtt.months import WEEKS_PER_MONTH
from models.rtt.organisations import provider_kind

Floats = NDArray[np.float64]

SOON_WEEKS = 13  # by when the latest movement of a list is spent
LATER_WEEKS = 39  # for how long the pull of its waits was seen to last: the months held reach no further
ANCHOR_WEEKS = 26  # six months: the horizon at which list and waits are held to the outlook

# Least absolute deviations on trusts' lists, five origins October 2024 to February 2025 (docs/hindcast.md).
CARRY_MONTH = 0.25  # of the latest month's change, all within SOON_WEEKS
CARRY_QUARTER = 0.15  # of the monthly change over three months, likewise
CARRY_PROVIDER = 0.4  # of the monthly change of all the provider's lists, over England's, likewise
PULL = 0.044  # growth a month, as a share of the list, for each unit of 18-week share above England's
SHARE_RISE = -0.065  # the same for each unit by which the 18-week share rose in three months
SIZE = -0.0021  # the same for each unit of the logarithm of the list's part in England's
USUAL_PART = 0.01  # of England's list that a trust's list makes up where SIZE has no effect
ENGLAND_LIST = 0.5  # of England's drift over the past year, what carries on
SHARE_PULL = -0.02  # change of the 18-week share a month for each unit above England's
SHARE_GROWTH = -0.1  # the same for each unit of a list's monthly growth over three months
ENGLAND_SHARE = 1.0  # of the year's drift in England's 18-week share, what carries on
ENGLAND_LONG = 0.5  # of the year's drift in the logarithm of England's share over 52 weeks, likewise
WIDEST_PROVIDER = 0.06  # a provider's lists together: a wider change in a month tells no more than this
WIDEST = 0.3  # a movement or a gap wider than this tells no more than this


@dataclass(frozen=True)
class Outlook:
    """How S lists are expected to move from the day they were counted."""

    soon: Floats  # (S,) patients a week by which a list grows, for SOON_WEEKS
    later: Floats  # (S,) patients a week by which it grows besides, for LATER_WEEKS
    share: Floats  # (S,) change of the share within 18 weeks over ANCHOR_WEEKS, as a fraction
    over_52: Floats  # (S,) factor on the share over 52 weeks by ANCHOR_WEEKS

    def growth(self, weeks: int) -> Floats:
        """Patients by which each list grows in each of `weeks` weeks. (S, weeks)"""
        week = np.arange(weeks)
        soon = self.soon[:, None] * (week < SOON_WEEKS)
        return np.asarray(soon + self.later[:, None] * (week < LATER_WEEKS))


def outlook(history: History, england: History, used: NDArray[np.bool_]) -> Outlook:
    """The outlook of each series from its last list; those that are no trust's are expected to stand still.

    Independent and other providers' lists follow contracts: their past told nothing of their next months.
    `england` holds one series per treatment function, of providers that reported throughout. `used` are the
    months whose flows can be read, (M-1, S).
    """
    size = history.incomplete.sum(axis=2, dtype=float)
    now = np.maximum(size[-1], 1.0)
    share = _share_within_18(history.incomplete)
    place = {code: i for i, code in enumerate(england.treatment_functions)}
    pool = np.array([place[code] for code in history.treatment_functions])

    steady_month, steady_quarter = used[-1].astype(float), used[-3:].all(axis=0).astype(float)
    quarter = min(3, len(size) - 1)
    month = steady_month * _bounded((size[-1] - size[-2]) / now)
    three = steady_quarter * _bounded((size[-1] - size[-1 - quarter]) / now / quarter)
    rise = steady_quarter * _bounded(share[-1] - share[-1 - quarter])
    gap = _bounded(share[-1] - _share_within_18(england.incomplete[-1:])[0, pool])
    part = np.log(now / england.incomplete[-1].sum(axis=1)[pool] / USUAL_PART)
    list_drift, share_drift, long_drift = _england_drift(england)

    trust = np.array([provider_kind(str(code)) == "NHS trust" for code in history.providers], dtype=float)
    a_month = PULL * gap + SHARE_RISE * rise + SIZE * part + ENGLAND_LIST * list_drift
    beyond = _provider_movement(history) - _movement(england.incomplete.sum(axis=(1, 2), dtype=float))
    carried = CARRY_MONTH * month + CARRY_QUARTER * three + CARRY_PROVIDER * beyond
    share_a_month = SHARE_PULL * gap + SHARE_GROWTH * three + ENGLAND_SHARE * share_drift
    return Outlook(
        soon=trust * now * carried / SOON_WEEKS,
        later=trust * now * a_month / WEEKS_PER_MONTH,
        share=trust * share_a_month * ANCHOR_WEEKS / WEEKS_PER_MONTH,
        over_52=np.exp(trust * ENGLAND_LONG * long_drift * ANCHOR_WEEKS / WEEKS_PER_MONTH),
    )


def _provider_movement(history: History) -> Floats:
    """Movement of all lists of each series' provider together: a recoding within it moves nobody. (S,)"""
    _, provider = np.unique(history.providers, return_inverse=True)
    by_month = history.incomplete.sum(axis=2, dtype=float)
    size = np.stack([grouped(month, provider) for month in by_month])
    return _movement(size)[provider]


def _movement(size: Floats) -> Floats:
    """Mean monthly change over three months, as a share of the last size, (M, ...).

    A month in which nobody was reported, or after one, shows no change.
    """
    last = size[-4:]
    both = (last[1:] > 0) & (last[:-1] > 0)
    change = np.diff(last, axis=0) / np.maximum(last[-1], 1.0) * both
    return np.asarray(np.clip(change, -WIDEST_PROVIDER, WIDEST_PROVIDER).mean(axis=0))


def _share_within_18(banded: NDArray[Any]) -> Floats:
    """Share of each list that has waited under 18 weeks. (M, S)"""
    size = np.maximum(banded.sum(axis=2, dtype=float), 1.0)
    return np.asarray(banded[:, :, :18].sum(axis=2) / size)


def _england_drift(england: History) -> tuple[float, float, float]:
    """England's change a month over the months held.

    Of its list, as a share of it; of its 18-week share; of the logarithm of its share over 52 weeks.
    """
    size = np.maximum(england.incomplete.sum(axis=(1, 2), dtype=float), 1.0)
    share = england.incomplete[:, :, :18].sum(axis=(1, 2), dtype=float) / size
    over = np.log(np.maximum(england.incomplete[:, :, 52:].sum(axis=(1, 2), dtype=float), 1.0) / size)
    count = len(size) - 1
    return (
        float((size[-1] - size[0]) / size[-1] / count),
        float((share[-1] - share[0]) / count),
        float((over[-1] - over[0]) / count),
    )


def _bounded(movement: Floats) -> Floats:
    return np.clip(movement, -WIDEST, WIDEST)

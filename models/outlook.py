"""Where each list is heading, from its own latest months and England's: what a forecast starts from.

Lists in England mostly stay near where they are. What can be told ahead is little, but worth having: the
latest movement carries on for a while; lists with shorter waits than England's for the same treatment
function grow and those with longer waits shrink, as do those that make up much of it; a list that has grown
of late has more people on their way past 18 weeks. How much of each: `docs/hindcast.md`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.history import History
from models.months import WEEKS_PER_MONTH
from models.organisations import provider_kind

Floats = NDArray[np.float64]

SOON_WEEKS = 13  # by when the latest movement of a list is spent
LATER_WEEKS = 39  # for how long the pull of its waits was seen to last: the months held reach no further
ANCHOR_WEEKS = 26  # six months: the horizon at which list and waits are held to the outlook

# Least absolute deviations on trusts' lists, five origins October 2024 to February 2025 (docs/hindcast.md).
CARRY_MONTH = 0.25  # of the latest month's change, all within SOON_WEEKS
CARRY_QUARTER = 0.15  # of the monthly change over three months, likewise
PULL = 0.044  # growth a month, as a share of the list, for each unit of 18-week share above England's
SHARE_RISE = -0.065  # the same for each unit by which the 18-week share rose in three months
SIZE = -0.0021  # the same for each unit of the logarithm of the list's part in England's
USUAL_PART = 0.01  # of England's list that a trust's list makes up where SIZE has no effect
ENGLAND_LIST = 0.5  # of England's drift over the past year, what carries on
SHARE_PULL = -0.02  # change of the 18-week share a month for each unit above England's
SHARE_GROWTH = -0.1  # the same for each unit of a list's monthly growth over three months
ENGLAND_SHARE = 1.0  # of the year's drift in England's 18-week share, what carries on
WIDEST = 0.3  # a movement or a gap wider than this tells no more than this


@dataclass(frozen=True)
class Outlook:
    """How S lists are expected to move from the day they were counted."""

    soon: Floats  # (S,) patients a week by which a list grows, for SOON_WEEKS
    later: Floats  # (S,) patients a week by which it grows besides, for LATER_WEEKS
    share: Floats  # (S,) change of the share within 18 weeks over ANCHOR_WEEKS, as a fraction

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
    list_drift, share_drift = _england_drift(england)

    trust = np.array([provider_kind(str(code)) == "NHS trust" for code in history.providers], dtype=float)
    a_month = PULL * gap + SHARE_RISE * rise + SIZE * part + ENGLAND_LIST * list_drift
    share_a_month = SHARE_PULL * gap + SHARE_GROWTH * three + ENGLAND_SHARE * share_drift
    return Outlook(
        soon=trust * now * (CARRY_MONTH * month + CARRY_QUARTER * three) / SOON_WEEKS,
        later=trust * now * a_month / WEEKS_PER_MONTH,
        share=trust * share_a_month * ANCHOR_WEEKS / WEEKS_PER_MONTH,
    )


def _share_within_18(banded: NDArray[Any]) -> Floats:
    """Share of each list that has waited under 18 weeks. (M, S)"""
    size = np.maximum(banded.sum(axis=2, dtype=float), 1.0)
    return np.asarray(banded[:, :, :18].sum(axis=2) / size)


def _england_drift(england: History) -> tuple[float, float]:
    """England's change a month over the months held: of its list, as a share of it; of its 18-week share."""
    size = england.incomplete.sum(axis=(1, 2), dtype=float)
    share = england.incomplete[:, :, :18].sum(axis=(1, 2), dtype=float) / np.maximum(size, 1.0)
    count = len(size) - 1
    return float((size[-1] - size[0]) / max(size[-1], 1.0) / count), float((share[-1] - share[0]) / count)


def _bounded(movement: Floats) -> Floats:
    return np.clip(movement, -WIDEST, WIDEST)

"""The fluid (mean-field) trajectory of a calibrated list, with no chance in it, steered to an outlook.

The recursion is the simulation's week in expectation: everyone waits a week longer, new clocks start, some
are removed, theatre slots and clinics are given out by the order of booking.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WITHIN, LONG = 18, 52  # weeks: the standard and a year, from which the order of booking is tilted
CHECKED = [12, 25]  # weeks, from 0, at which the 18-week share is held to its outlook: three and six months
STEPS = 6  # of the search below: more bring no forecast nearer
FIRST_STEP = 0.3  # of the logarithm of the tilt
USUAL_SLOPE, LEAST_SLOPE = 0.1, 0.02  # of the 18-week share against it: at the first step, and at any
WIDEST_STEP = 0.7  # of the logarithm of the tilt past a year: by so much as the share over 52 weeks is out
FEW = 1.0  # patients added to those over 52 weeks, so that a list with hardly any is let be
WIDEST_TILT = 4.0  # nobody's chance of being booked is changed by more than this factor
WIDEST_PACE = 1.5  # nor capacity by more than half as much again
MOST_REMOVED = 0.25  # a week, at any wait


@dataclass(frozen=True)
class Stages:
    """Two stages of S lists by weeks waited, and what moves them; flows are patients a week."""

    outpatient: Floats  # (S, 105) waiting with no decision to admit
    admitted: Floats  # (S, 105) waiting with one
    starts: Floats  # (S,)
    exits: Floats  # (S,) from the outpatient stage
    admissions: Floats  # (S,)
    decisions: Floats  # (S, 105) share of exits that are decisions to admit
    booking: Floats  # (S, 105) order of booking
    booking_admitted: Floats  # (S, 105) the same for the admitted stage
    removal: Floats  # (S, 105) chance a week of leaving with no reported stop

    def stops(self) -> Floats:
        """Clock stops a week as the lists stand. (S,)"""
        return self.exits - self._decided() + self.admissions

    def tilted(self, tilt: Floats) -> Self:
        """The same with those past 18 weeks, and past a year, more likely to be booked and to be removed.

        By the factors `tilt`, (2, S). As many are removed from the list as it stands; admissions follow the
        decisions that the new order brings, as far as a provider could go.
        """
        waiting = self.outpatient + self.admitted
        removal = _tilted(self.removal, tilt)
        before, after = (self.removal * waiting).sum(axis=1), (removal * waiting).sum(axis=1)
        scale = np.divide(before, after, out=np.ones_like(before), where=after > 0)
        changed = replace(
            self,
            booking=_tilted(self.booking, tilt),
            booking_admitted=_tilted(self.booking_admitted, tilt),
            removal=np.minimum(removal * scale[:, None], MOST_REMOVED),
        )
        enter = changed._decided() - self._decided()
        lost = ((changed.removal - self.removal) * self.admitted).sum(axis=1)
        least, most = self.admissions / WIDEST_PACE, self.admissions * WIDEST_PACE
        return replace(changed, admissions=np.clip(self.admissions + enter - lost, least, most))

    def _decided(self) -> Floats:
        """Decisions to admit a week as the lists stand. (S,)"""
        leaving = self.outpatient * self.booking
        share = (leaving * self.decisions).sum(axis=1) / np.maximum(leaving.sum(axis=1), 1e-12)
        return np.asarray(self.exits * share)


@dataclass(frozen=True)
class Steering:
    """What takes S lists where their outlook says."""

    hold: Floats  # (S,) factor on exits and admissions that holds a list its size
    pace: Floats  # (S, weeks) factor on them by week besides, for the list to grow or shrink
    tilt: Floats  # (2, S) factor on the chances of being booked and removed past 18 weeks, and past a year
    theatre: Floats  # (S,) factor on admissions besides, that keeps the admitted stage's part of the list


def fluid_trajectory(stages: Stages, pace: Floats, calendar: Floats) -> Floats:
    """Patients waiting, within 18 weeks, over 52 and to be admitted, at each week's end. (4, weeks, S)

    `pace` is the factor on capacity by week, (S, weeks); `calendar` the working days of each week over their
    usual number, (weeks,).
    """
    here, admitted = stages.outpatient.astype(float), stages.admitted.astype(float)
    stay = 1.0 - _met(stages.removal)
    order, order_admitted = _met(stages.booking), _met(stages.booking_admitted)
    weeks = pace.shape[1]
    counts = np.empty((4, weeks, len(here)))
    for week in range(weeks):
        rate = calendar[week] * pace[:, week]
        here, admitted = _older(here), _older(admitted)
        here[:, 0] = calendar[week] * stages.starts
        here *= stay
        admitted *= stay
        admitted -= _given(admitted, order_admitted, stages.admissions * rate)
        out = _given(here, order, stages.exits * rate)
        here -= out
        admitted += out * stages.decisions
        both = here + admitted
        counts[:3, week] = both.sum(axis=1), both[:, :WITHIN].sum(axis=1), both[:, LONG:].sum(axis=1)
        counts[3, week] = admitted.sum(axis=1)
    return counts


def steer(
    stages: Stages, growth: Floats, share_change: Floats, long_change: Floats, calendar: Floats
) -> Steering:
    """Capacity and order of booking that take each list where its outlook says.

    `growth` is patients a week, (S, weeks), and `calendar` the working days as in `fluid_trajectory`: its
    weeks are those by whose end the list is to have grown so, its share within 18 weeks to have changed by
    `share_change`, (S,), and its share over 52 by a factor `long_change`, (S,).
    """
    anchor = len(calendar)
    start = stages.outpatient + stages.admitted
    size = start.sum(axis=1)
    goal = size + growth[:, :anchor].sum(axis=1)
    share_now = start[:, :WITHIN].sum(axis=1) / np.maximum(size, 1.0)
    share_goal = share_now + np.outer(np.arange(1, anchor + 1) / anchor, share_change)

    long_now = start[:, LONG:].sum(axis=1) / np.maximum(size, 1.0)
    long_goal = long_now * (1.0 + np.mean(np.add(CHECKED, 1)) / anchor * (long_change - 1.0))
    few = FEW / np.maximum(size, 1.0)

    hold, theatre, tilt = np.ones(len(size)), np.ones(len(size)), np.ones((2, len(size)))
    goal_admitted = stages.admitted.sum(axis=1) * goal / np.maximum(size, 1.0)
    step, before = np.full(len(size), FIRST_STEP), np.full(len(size), np.nan)
    for _ in range(STEPS):
        tried = stages.tilted(tilt)
        tried = replace(tried, admissions=tried.admissions * theatre)
        stops = np.maximum(tried.stops(), 1e-9)
        pace = _pace(growth[:, :anchor], stops * hold)
        waiting, within, over, admitted = fluid_trajectory(tried, hold[:, None] * pace, calendar)
        more = (admitted[-1] - goal_admitted) / (anchor * np.maximum(tried.admissions, 1e-9))
        theatre = _bounded(theatre + np.where(tried.admissions > 0, more, 0.0), WIDEST_PACE)
        hold = _bounded(hold + (waiting[-1] - goal) / (anchor * stops), WIDEST_PACE)
        short = (share_goal - within / np.maximum(waiting, 1e-9))[CHECKED].mean(axis=0)
        # by secants: how much nearer the last step brought the share says how far the next should go
        slope = np.nan_to_num((before - short) / step, nan=USUAL_SLOPE)
        slope = np.where(np.abs(slope) > LEAST_SLOPE / 2, np.maximum(slope, LEAST_SLOPE), USUAL_SLOPE)
        step = np.clip(short / slope, -FIRST_STEP, FIRST_STEP)
        step = np.where(step == 0, 1e-6, step)
        long = (over / np.maximum(waiting, 1e-9))[CHECKED].mean(axis=0)
        step_long = np.clip(np.log((long + few) / (long_goal + few)), -WIDEST_STEP, WIDEST_STEP)
        tilt, before = _bounded(tilt * np.exp(np.stack([step, step_long])), WIDEST_TILT), short
    steered = stages.tilted(tilt)
    steered = replace(steered, admissions=steered.admissions * theatre)
    return Steering(hold, _pace(growth, np.maximum(steered.stops(), 1e-9) * hold), tilt, theatre)


def _pace(growth: Floats, stops: Floats) -> Floats:
    """Factor on capacity by week that lets a list grow by so many patients. (S, weeks)"""
    return _bounded(1.0 - growth / stops[:, None], WIDEST_PACE)


def _bounded(factor: Floats, widest: float) -> Floats:
    return np.clip(factor, 1.0 / widest, widest)


def _tilted(chances: Floats, tilt: Floats) -> Floats:
    changed = chances.copy()
    for begins, factor in zip((WITHIN, LONG), tilt, strict=True):
        changed[:, begins:] *= factor[:, None]
    return changed


def _met(chances: Floats) -> Floats:
    """Chances as met by those who end a week at each wait: half of it at the wait before."""
    met = chances.copy()
    met[:, 1:] += chances[:, :-1]
    return met / 2


def _older(waiting: Floats) -> Floats:
    """Everyone a week older, the longest waits kept together, nobody new."""
    older = np.zeros_like(waiting)
    older[:, 1:] = waiting[:, :-1]
    older[:, -1] += waiting[:, -1]
    return older


def _given(waiting: Floats, order: Floats, slots: Floats) -> Floats:
    """Patients given a slot by weeks waited, in proportion to patients and order, never more than wait."""
    weight = waiting * order
    per_weight = slots / np.maximum(weight.sum(axis=1), 1e-12)
    return np.minimum(weight * per_weight[:, None], waiting)

"""The matching by trying everything: slow, plain, and independent of the product's own way of solving it."""

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from tests.models.matching.small_lists import MILE

Claim = tuple[int, int, int]  # priority, weeks waited negated, deprivation
Options = dict[int, tuple[int, int]]  # by block: hundredths of miles, week
Value = tuple[tuple[int, ...], int, int]


def claims_of(patients: pd.DataFrame) -> list[Claim]:
    """Priority, weeks waited and deprivation, so that the strongest claim sorts first."""
    return [(row.priority, -row.weeks_waited, row.deprivation) for row in patients.itertuples()]


def options_of(patients: pd.DataFrame, slots: pd.DataFrame, as_of: date) -> list[Options]:
    """For each patient the blocks by the rules `random_lists` varies, one pair at a time.

    Everyone lives and is seen on one meridian, so miles are degrees of latitude.
    """
    found = []
    for person in patients.itertuples():
        options: Options = {}
        for block, place in enumerate(slots.itertuples()):
            video = place.medium == "video"
            miles = 0.0 if video else abs(person.latitude - place.latitude) / MILE
            week = (place.week.date() - as_of).days // 7
            booked = (person.next_appointment.date() - as_of).days // 7
            if (
                0 <= week < booked
                and (person.can_video or not video)
                and not person.asa > place.max_asa
                and miles <= person.travel_miles + 1e-6
            ):
                options[block] = (round(miles * 100), week)
        found.append(options)
    return found


def best_value(claims: list[Claim], options: list[Options], places: list[int]) -> Value:
    """The best any assignment reaches: winners of each claim, strongest first, then travel, then weeks.

    `options[p]` gives, for each block p may take, hundredths of miles and the week. The first part
    is negated, so that less is better throughout.
    """
    kinds = sorted(set(claims))

    @cache
    def best(patient: int, left: tuple[int, ...]) -> Value:
        if patient == len(claims):
            return (0,) * len(kinds), 0, 0
        found = best(patient + 1, left)
        kind = kinds.index(claims[patient])
        for block, (miles, week) in options[patient].items():
            if left[block]:
                won, travel, weeks = best(patient + 1, (*left[:block], left[block] - 1, *left[block + 1 :]))
                won = (*won[:kind], won[kind] - 1, *won[kind + 1 :])
                found = min(found, (won, travel + miles, weeks + week))
        return found

    return best(0, tuple(places))


def value_of(claims: list[Claim], options: list[Options], held: np.ndarray) -> Value:
    """What an assignment reaches, in the same terms."""
    kinds = sorted(set(claims))
    won = [0] * len(kinds)
    travel = weeks = 0
    for patient, block in enumerate(held):
        if block >= 0:
            won[kinds.index(claims[patient])] -= 1
            travel += options[patient][block][0]
            weeks += options[patient][block][1]
    return tuple(won), travel, weeks

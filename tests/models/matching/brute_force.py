"""The matching by trying everything: slow, plain, and independent of the product's own way of solving it."""

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from tests.models.matching.small_lists import MILE

PriorityKey = tuple[int, int, int]  # priority, weeks waited negated, deprivation
Options = dict[int, tuple[int, int]]  # by batch: hundredths of miles, week
Value = tuple[tuple[int, ...], int, int]


def priority_keys_of(patients: pd.DataFrame) -> list[PriorityKey]:
    """Priority, weeks waited and deprivation, so that the strongest priority sorts first."""
    return [(row.priority, -row.weeks_waited, row.deprivation) for row in patients.itertuples()]


def options_of(patients: pd.DataFrame, slots: pd.DataFrame, as_of: date) -> list[Options]:
    """For each patient the batches by the rules `random_lists` varies, one pair at a time.

    Everyone lives and is seen on one meridian, so miles are degrees of latitude.
    """
    options_by_patient = []
    for person in patients.itertuples():
        options: Options = {}
        for batch, place in enumerate(slots.itertuples()):
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
                options[batch] = (round(miles * 100), week)
        options_by_patient.append(options)
    return options_by_patient


def best_value(priority_keys: list[PriorityKey], options: list[Options], places: list[int]) -> Value:
    """The best any assignment reaches: winners of each key, strongest first, then travel, then weeks.

    `options[p]` gives, for each batch p may take, hundredths of miles and the week. The first part
    is negated, so that less is better throughout.
    """
    kinds = sorted(set(priority_keys))

    @cache
    def best(patient: int, left: tuple[int, ...]) -> Value:
        if patient == len(priority_keys):
            return (0,) * len(kinds), 0, 0
        best_so_far = best(patient + 1, left)
        kind = kinds.index(priority_keys[patient])
        for batch, (miles, week) in options[patient].items():
            if left[batch]:
                won, travel, weeks = best(patient + 1, (*left[:batch], left[batch] - 1, *left[batch + 1 :]))
                won = (*won[:kind], won[kind] - 1, *won[kind + 1 :])
                best_so_far = min(best_so_far, (won, travel + miles, weeks + week))
        return best_so_far

    return best(0, tuple(places))


def value_of(priority_keys: list[PriorityKey], options: list[Options], assignment: np.ndarray) -> Value:
    """What an assignment reaches, in the same terms."""
    kinds = sorted(set(priority_keys))
    won = [0] * len(kinds)
    travel = weeks = 0
    for patient, batch in enumerate(assignment):
        if batch >= 0:
            won[kinds.index(priority_keys[patient])] -= 1
            travel += options[patient][batch][0]
            weeks += options[patient][batch][1]
    return tuple(won), travel, weeks

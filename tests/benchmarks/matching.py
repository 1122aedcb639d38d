"""Measures the matching: `python tests/benchmarks/matching.py`.

Prints seconds of processor time and peak memory, tables of offers and reasons included, for made-up lists of
two sizes and the larger again in one treatment function; the ratio to a plain dense assignment on a size both
can do, with what each reaches; and what pruning loses. Compiled code is warmed first.
"""

import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.matching.answers import standing
from models.matching.columns import AGE_BANDS, MEDIA, SETTINGS
from models.matching.inputs import matching_inputs
from models.matching.preview import preview_matching
from models.matching.solving.least_travel import least_travel
from models.matching.solving.priority_matching import NO_BATCH, assign_by_priority
from models.matching.solving.problems import Options, options_of, problems
from models.matching.terms import Terms
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

T = TypeVar("T")

AS_OF = date(2026, 8, 31)  # a Monday
TERMS = Terms(AS_OF)


def lists(
    patients: int, batches: int, seed: int = 1, functions: int = 23, places_a_patient: float = 0.8
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Gives patients and slots: so many patients, so many batches (eight weeks a service)."""
    rng = np.random.default_rng(seed)
    towns = np.stack([rng.uniform(50.5, 55.0, 120), rng.uniform(-3.0, 0.8, 120)], axis=1)
    sites = towns[rng.integers(120, size=300)] + rng.normal(0, 0.08, (300, 2))
    codes = np.array(list(TREATMENT_FUNCTIONS))[:functions]
    common = rng.dirichlet(np.full(functions, 3.0))
    settings = [0.45, 0.15, 0.12, 0.15, 0.10, 0.03]
    homes = np.round(towns[rng.integers(120, size=patients)] + rng.normal(0, 0.15, (patients, 2)), 2)
    waited = np.minimum(rng.exponential(16, patients).astype(int), 104)
    booked = rng.random(patients) < 0.4
    next_day = pd.to_datetime(AS_OF) + pd.to_timedelta(rng.integers(7, 120, patients), unit="D")
    waiting = pd.DataFrame(
        {
            "patient_id": [f"P{number:07d}" for number in range(patients)],
            "home_provider": [f"R{number:02d}" for number in rng.integers(100, size=patients)],
            "treatment_function": rng.choice(codes, patients, p=common),
            "setting": rng.choice(SETTINGS, patients, p=settings),
            "priority": rng.choice([1, 2, 3, 4], patients, p=[0.02, 0.15, 0.3, 0.53]),
            "weeks_waited": waited,
            "next_appointment": next_day.where(booked),
            "latitude": homes[:, 0],
            "longitude": homes[:, 1],
            "travel_miles": rng.choice(
                [10, 20, 35, 50, 100, np.inf], patients, p=[0.1, 0.2, 0.2, 0.3, 0.15, 0.05]
            ),
            "asa": rng.choice([1, 2, 3, 4], patients, p=[0.3, 0.45, 0.2, 0.05]),
            "bmi": np.round(rng.normal(28, 6, patients).clip(15, 70), 1),
            "age_band": rng.choice(AGE_BANDS[3:], patients),
            "sex": rng.choice(["female", "male"], patients),
            "deprivation": rng.integers(1, 11, patients),
            "can_video": rng.random(patients) < 0.6,
            "can_telephone": rng.random(patients) < 0.8,
            "needs_interpreter": rng.random(patients) < 0.05,
            "needs_diagnostic": rng.random(patients) < 0.25,
            "home_approval": rng.choice(["yes", "no", "asked"], patients, p=[0.9, 0.03, 0.07]),
        }
    )
    services = -(-batches // 8)
    site = rng.integers(300, size=services)
    offered = pd.DataFrame(
        {
            "provider": [f"R{number:02d}" if number < 100 else f"N{number:03d}" for number in site],
            "site": [f"Site {number}" for number in site],
            "latitude": sites[site, 0],
            "longitude": sites[site, 1],
            "treatment_function": rng.choice(codes, services, p=common),
            "setting": rng.choice(SETTINGS, services, p=settings),
            "medium": rng.choice(MEDIA, services, p=[0.75, 0.2, 0.05]),
            "max_bmi": rng.choice([np.nan, 35, 40], services),
            "max_asa": rng.choice([np.nan, 2, 3], services),
            "interpreter": rng.random(services) < 0.8,
            "diagnostic": rng.choice(["none", "on_site", "at_home"], services, p=[0.4, 0.4, 0.2]),
        }
    )
    offered = offered.loc[np.repeat(np.arange(services), 8)[:batches]].reset_index(drop=True)
    offered["slot_id"] = [f"S{number:06d}" for number in range(batches)]
    offered["week"] = [pd.Timestamp(AS_OF + timedelta(weeks=number % 8)) for number in range(batches)]
    offered["count"] = rng.poisson(places_a_patient * patients / batches, batches)
    return waiting, offered


def main() -> None:
    """Run the measurements and print them."""
    preview_matching(*lists(300, 80), TERMS)
    for patients, batches, functions in ((10_000, 2_000, 23), (100_000, 20_000, 23), (100_000, 20_000, 1)):
        both = lists(patients, batches, functions=functions)
        seconds, preview = _timed(partial(preview_matching, *both, TERMS))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        pruned = "".join(f"; {kept} of {all_} services kept in one problem" for kept, all_ in preview.kept)
        print(
            f"{patients:,} patients x {batches:,} slot batches, {functions} treatment functions: "
            f"{seconds:.1f} s, {peak:.2f} GB at most; {len(preview.matches):,} matched, "
            f"{len(preview.offers):,} offers, {len(preview.unmatched):,} reasons{pruned}"
        )
    _against_dense()
    _pruning()


def _against_dense() -> None:
    """A dense table of patients by places, each cost one number, as a plain assignment has it."""
    options = _largest(4_000, 600)
    field, priority_key, order, miles = (
        options.field,
        options.priority_key,
        options.order,
        options.pairs.home_miles,
    )
    seconds, (batch, _) = _timed(
        lambda: least_travel(field, assign_by_priority(field, order), priority_key, order, miles)
    )
    service = np.searchsorted(field.begin, np.arange(len(field.week)), side="right") - 1
    suits = (field.failed[:, service] == 0) & (field.week <= field.last_week[:, None])
    # one number a pair: any match before none, a stronger priority before 1,000 miles
    worth = 1e5 + 1e3 * (priority_key.max() - priority_key)[:, None]
    cost = np.where(suits, np.nan_to_num(miles)[field.home][:, service] - worth, 0.0)
    dense_seconds, (rows, columns) = _timed(
        lambda: linear_sum_assignment(np.repeat(cost, field.places, axis=1))
    )
    place = np.repeat(np.arange(len(field.week)), field.places)[columns]
    dense = rows[suits[rows, place]]
    winners = batch != NO_BATCH
    print(
        f"{len(priority_key):,} patients x {field.places.sum():,} places in one problem: {seconds:.2f} s, "
        f"dense assignment {dense_seconds:.2f} s ({dense_seconds / seconds:.0f} times as long). Matched "
        f"{winners.sum():,} and {len(dense):,}; first key left out {priority_key[~winners].min()} and "
        f"{np.delete(priority_key, dense).min()} (0 is the first placed)"
    )


def _pruning() -> None:
    """What keeping fewer services a patient loses: never a match, only miles."""
    options = _largest(20_000, 4_000)
    field, priority_key, order, miles = (
        options.field,
        options.priority_key,
        options.order,
        options.pairs.home_miles,
    )
    service = np.searchsorted(field.begin, np.arange(len(field.week)), side="right") - 1
    assignment = assign_by_priority(field, order)
    whole = None
    for limit in (10**9, 200_000, 100_000):
        seconds, (batch, kept) = _timed(
            partial(least_travel, field, assignment, priority_key, order, miles, limit)
        )
        winners = np.flatnonzero(batch != NO_BATCH)
        travelled = miles[field.home[winners], service[batch[winners]]].sum()
        whole = whole or (len(winners), travelled)
        print(
            f"{len(priority_key):,} patients, at most {kept} of {len(field.begin) - 1} services kept: "
            f"{seconds:.1f} s, {1 - len(winners) / whole[0]:.1%} of matches lost, "
            f"{travelled / whole[1] - 1:.1%} more miles"
        )


def _largest(patients: int, batches: int) -> Options:
    """The largest problem of lists in one treatment function."""
    inputs = matching_inputs(*lists(patients, batches, functions=1), AS_OF)
    nobody = standing(inputs, [])
    problem = max(problems(inputs, nobody), key=lambda each: len(each.patients))
    return options_of(inputs, nobody, problem, TERMS)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


if __name__ == "__main__":
    main()

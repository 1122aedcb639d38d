"""The matching, one problem a treatment function and setting: these share neither patients nor places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.matching.answers import Standing
from models.matching.least_travel import least_travel
from models.matching.offers import Offers, offers_of
from models.matching.priority_matching import NO_BLOCK, Field, by_miles, claims, hold_places
from models.matching.proof import weakest_in_reach
from models.matching.reasons import Unmatched, Unused, unmatched_of, unused_of
from models.matching.rules import Pairs, failed_rules, pairs_of
from models.matching.sides import Ints, Sides
from models.matching.terms import Terms


@dataclass(frozen=True)
class Problem:
    """Patients (pool only) and blocks of one treatment function and setting, by their places in the sides."""

    patients: NDArray[np.intp]
    services: NDArray[np.intp]
    blocks: NDArray[np.intp]


@dataclass(frozen=True)
class Options:
    """A problem with its rules applied."""

    problem: Problem
    pairs: Pairs
    field: Field
    claim: Ints
    order: Ints


@dataclass(frozen=True)
class Solved:
    """One problem's answer; patients and blocks are places in the sides."""

    problem: Problem
    block: Ints  # (n,): what each patient of the problem holds
    offers: Offers
    unmatched: Unmatched
    closed: NDArray[np.int64]  # (u,): places closed to each unmatched patient with options
    unused: Unused
    kept: int  # services a patient could keep in the search for least travel
    options: int  # services of the problem


def problems(sides: Sides, standing: Standing) -> Iterator[Problem]:
    """Yields the problems that have patients still to be matched or places still to be given."""
    settings = int(max(sides.patients.setting.max(initial=0), sides.services.setting.max(initial=0))) + 1
    patient_kind = sides.patients.treatment_function * settings + sides.patients.setting
    service_kind = sides.services.treatment_function * settings + sides.services.setting
    block_kind = service_kind[sides.blocks.service]
    pool = np.flatnonzero(standing.confirmed == NO_BLOCK)
    for kind in np.union1d(patient_kind[pool], service_kind):
        yield Problem(
            pool[patient_kind[pool] == kind],
            np.flatnonzero(service_kind == kind),
            np.flatnonzero(block_kind == kind),
        )


def options_of(sides: Sides, standing: Standing, problem: Problem, terms: Terms) -> Options:
    """Gives what each patient of a problem may take, by the rules."""
    patients, services = sides.patients.take(problem.patients), sides.services.take(problem.services)
    places = standing.places[problem.blocks]
    week = sides.blocks.week[problem.blocks]
    begin = np.searchsorted(sides.blocks.service[problem.blocks], problem.services).astype(np.int32)
    begin = np.append(begin, np.int32(len(problem.blocks))).astype(np.int32)
    barred_begin, barred = _barred(standing, problem)
    pairs = pairs_of(patients, services, sides.first_week, sides.as_of_day, terms.count_asked)
    if len(barred):
        declined = _all_declined(barred_begin, barred, begin, places)
        pairs = replace(pairs, declined=declined)
    field = Field(
        failed_rules(pairs),
        by_miles(pairs.home_miles),
        pairs.home.astype(np.int32),
        patients.last_week,
        begin,
        week,
        places,
        barred_begin,
        barred,
    )
    return Options(problem, pairs, field, *claims(patients))


def solve(options: Options) -> Solved:
    """Gives one problem's matching, offers and reasons."""
    field, claim, order, miles = options.field, options.claim, options.order, options.pairs.home_miles
    block, kept = least_travel(field, hold_places(field, order), claim, order, miles)
    reach = weakest_in_reach(field, block, claim)
    unmatched = unmatched_of(field, block, reach, claim, miles)
    return Solved(
        options.problem,
        block,
        offers_of(field, block, order),
        unmatched,
        _closed_places(field, reach, claim[unmatched.patient]),
        unused_of(field, block),
        kept,
        len(options.problem.services),
    )


def solve_all(
    sides: Sides, standing: Standing, terms: Terms, progress: Callable[[float, str], None] | None = None
) -> list[Solved]:
    """Gives every problem's answer; `progress` hears the share of patients done."""
    solved: list[Solved] = []
    done, total = 0, max(len(sides.patients.ids), 1)
    for problem in problems(sides, standing):
        solved.append(solve(options_of(sides, standing, problem, terms)))
        done += len(problem.patients)
        if progress:
            progress(min(done / total, 0.99), "")
    if progress:
        progress(1.0, "")
    return solved


def _closed_places(field: Field, reach: Ints, claim: Ints) -> NDArray[np.int64]:
    """Gives the places from which nobody with a weaker claim than each of `claim` can be reached."""
    order = np.argsort(reach, kind="stable")
    upto = np.concatenate([[0], np.cumsum(field.places[order], dtype=np.int64)])
    return upto[np.searchsorted(reach[order], claim, side="right")]


def _barred(standing: Standing, problem: Problem) -> tuple[Ints, Ints]:
    within = np.isin(standing.barred_patient, problem.patients) & np.isin(
        standing.barred_block, problem.blocks
    )
    patient = np.searchsorted(problem.patients, standing.barred_patient[within])
    block = np.searchsorted(problem.blocks, standing.barred_block[within])
    begin = np.searchsorted(patient, np.arange(len(problem.patients) + 1))
    return begin.astype(np.int32), block.astype(np.int32)


def _all_declined(barred_begin: Ints, barred: Ints, begin: Ints, places: Ints) -> NDArray[np.bool_]:
    """Gives (n, S): every block of the service with places is refused."""
    declined = np.zeros((len(barred_begin) - 1, len(begin) - 1), dtype=bool)
    service = np.searchsorted(begin, np.arange(len(places)), side="right") - 1
    offered = np.bincount(service[places > 0], minlength=len(begin) - 1)
    for patient in np.flatnonzero(np.diff(barred_begin)):
        refused = barred[barred_begin[patient] : barred_begin[patient + 1]]
        count = np.bincount(service[refused[places[refused] > 0]], minlength=len(begin) - 1)
        declined[patient] = (count > 0) & (count == offered)
    return declined

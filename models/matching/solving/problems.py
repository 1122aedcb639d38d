"""The matching, one problem a treatment function and setting: these share neither patients nor places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.matching.answers import Standing
from models.matching.inputs import Ints, MatchingInputs
from models.matching.pairs import Pairs, pairs_of
from models.matching.reasons import Unmatched, Unused, unmatched_of, unused_of
from models.matching.rule_mask import failed_rules
from models.matching.solving.least_travel import least_travel
from models.matching.solving.offers import Offers, offers_of
from models.matching.solving.priority_matching import (
    NO_BATCH,
    Field,
    assign_by_priority,
    by_miles,
    priority_keys,
)
from models.matching.solving.proof import weakest_in_reach
from models.matching.terms import Terms


@dataclass(frozen=True)
class Problem:
    """Patients (pool only) and batches of one treatment function and setting, by place in the inputs."""

    patients: NDArray[np.intp]
    services: NDArray[np.intp]
    batches: NDArray[np.intp]


@dataclass(frozen=True)
class Options:
    """A problem with its rules applied."""

    problem: Problem
    pairs: Pairs
    field: Field
    priority_key: Ints
    order: Ints


@dataclass(frozen=True)
class Solved:
    """One problem's answer; patients and batches are places in the inputs."""

    problem: Problem
    batch: Ints  # (n,): what each patient of the problem holds
    offers: Offers
    unmatched: Unmatched
    closed: NDArray[np.int64]  # (u,): places closed to each unmatched patient with options
    unused: Unused
    kept: int  # services a patient could keep in the search for least travel
    options: int  # services of the problem


def problems(inputs: MatchingInputs, standing: Standing) -> Iterator[Problem]:
    """Yields the problems that have patients still to be matched or places still to be given."""
    settings = int(max(inputs.patients.setting.max(initial=0), inputs.services.setting.max(initial=0))) + 1
    patient_kind = inputs.patients.treatment_function * settings + inputs.patients.setting
    service_kind = inputs.services.treatment_function * settings + inputs.services.setting
    batch_kind = service_kind[inputs.batches.service]
    pool = np.flatnonzero(standing.confirmed == NO_BATCH)
    for kind in np.union1d(patient_kind[pool], service_kind):
        yield Problem(
            pool[patient_kind[pool] == kind],
            np.flatnonzero(service_kind == kind),
            np.flatnonzero(batch_kind == kind),
        )


def options_of(inputs: MatchingInputs, standing: Standing, problem: Problem, terms: Terms) -> Options:
    """Gives what each patient of a problem may take, by the rules."""
    patients, services = inputs.patients.take(problem.patients), inputs.services.take(problem.services)
    places = standing.places[problem.batches]
    week = inputs.batches.week[problem.batches]
    begin = np.searchsorted(inputs.batches.service[problem.batches], problem.services).astype(np.int32)
    begin = np.append(begin, np.int32(len(problem.batches))).astype(np.int32)
    barred_begin, barred = _barred(standing, problem)
    pairs = pairs_of(patients, services, inputs.first_week, inputs.as_of_day, terms.count_asked)
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
    return Options(problem, pairs, field, *priority_keys(patients))


def solve(options: Options) -> Solved:
    """Gives one problem's matching, offers and reasons."""
    field, priority_key, order, miles = (
        options.field,
        options.priority_key,
        options.order,
        options.pairs.home_miles,
    )
    batch, kept = least_travel(field, assign_by_priority(field, order), priority_key, order, miles)
    reach = weakest_in_reach(field, batch, priority_key)
    unmatched = unmatched_of(field, batch, reach, priority_key, miles)
    return Solved(
        options.problem,
        batch,
        offers_of(field, batch, order),
        unmatched,
        _closed_places(field, reach, priority_key[unmatched.patient]),
        unused_of(field, batch),
        kept,
        len(options.problem.services),
    )


def solve_all(
    inputs: MatchingInputs,
    standing: Standing,
    terms: Terms,
    progress: Callable[[float, str], None] | None = None,
) -> list[Solved]:
    """Gives every problem's answer; `progress` hears the share of patients done."""
    solved: list[Solved] = []
    done, total = 0, max(len(inputs.patients.ids), 1)
    for problem in problems(inputs, standing):
        solved.append(solve(options_of(inputs, standing, problem, terms)))
        done += len(problem.patients)
        if progress:
            progress(min(done / total, 0.99), "")
    if progress:
        progress(1.0, "")
    return solved


def _closed_places(field: Field, reach: Ints, priority_key: Ints) -> NDArray[np.int64]:
    """Gives the places from which nobody with a weaker key than each of `priority_key` can be reached."""
    order = np.argsort(reach, kind="stable")
    upto = np.concatenate([[0], np.cumsum(field.places[order], dtype=np.int64)])
    return upto[np.searchsorted(reach[order], priority_key, side="right")]


def _barred(standing: Standing, problem: Problem) -> tuple[Ints, Ints]:
    within = np.isin(standing.barred_patient, problem.patients) & np.isin(
        standing.barred_batch, problem.batches
    )
    patient = np.searchsorted(problem.patients, standing.barred_patient[within])
    batch = np.searchsorted(problem.batches, standing.barred_batch[within])
    begin = np.searchsorted(patient, np.arange(len(problem.patients) + 1))
    return begin.astype(np.int32), batch.astype(np.int32)


def _all_declined(barred_begin: Ints, barred: Ints, begin: Ints, places: Ints) -> NDArray[np.bool_]:
    """Gives (n, S): every batch of the service with places is refused."""
    declined = np.zeros((len(barred_begin) - 1, len(begin) - 1), dtype=bool)
    service = np.searchsorted(begin, np.arange(len(places)), side="right") - 1
    offered = np.bincount(service[places > 0], minlength=len(begin) - 1)
    for patient in np.flatnonzero(np.diff(barred_begin)):
        refused = barred[barred_begin[patient] : barred_begin[patient + 1]]
        count = np.bincount(service[refused[places[refused] > 0]], minlength=len(begin) - 1)
        declined[patient] = (count > 0) & (count == offered)
    return declined

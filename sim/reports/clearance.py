"""Where a finished run is heading: what came and left in its last weeks, and the clearance of its lists."""

import numpy as np
from numpy.typing import NDArray

from models.calibration.fluid_course import WITHIN
from models.calibration.outlook import LATER_WEEKS
from models.errors import TandemError
from models.queueing.clearance import Balance, Clearance, clearance, never_said
from models.rtt.treatment_functions import name_of
from sim.runs.results import Results

LAST_WEEKS = 52  # over which rates are read: half a year has too many holidays, or too few
LEAST_WEEKS = LATER_WEEKS + LAST_WEEKS  # of a run: before, capacity still follows the outlook
STANDARD = 0.92  # of those waiting, within 18 weeks

Chosen = NDArray[np.bool_] | None


def balance(results: Results, series: Chosen = None) -> Balance:
    """What came to the lists together and left them in the last year of a run, a week."""

    def a_week(*measures: str) -> NDArray[np.float64]:
        whole = sum(results.total(each, series)[:, -LAST_WEEKS:] for each in measures)
        return np.asarray(whole).mean(axis=1)

    waiting = results.total("waiting", series)
    before = waiting[:, -LAST_WEEKS - 1 : -1].mean(axis=1)
    removed = a_week("removals")
    return Balance(
        waiting=waiting[:, -1].astype(float),
        arriving=a_week("clock_starts", "moved_in"),
        served=a_week("stops_non_admitted", "stops_admitted", "moved_out"),
        removal=np.divide(removed, before, out=np.zeros_like(removed), where=before > 0),
    )


def clearance_of(results: Results, target: float | None = None, series: Chosen = None) -> Clearance:
    """Where the lists together are heading; `target` patients, or the list that meets the 18-week standard.

    Raises TandemError for a run too short for its rates to have settled.
    """
    if results.weeks < LEAST_WEEKS:
        raise TandemError(
            f"A run of {results.weeks} weeks is too short to say where its lists are heading.",
            f"Run {LEAST_WEEKS} weeks or more.",
        )
    balances = balance(results, series)
    goal = balances.target() if target is None else target
    within = results.total("waiting", series) <= goal
    opening = results.opening_value("waiting", series) <= goal
    return clearance(balances, results.data_month, results.weeks, goal, kept_from(within, opening))


def standard_met(results: Results, series: Chosen = None) -> NDArray[np.float64]:
    """The week, 0 for the start, from which 92% were within 18 weeks until the end; nan if not. (R,)"""
    waiting = max(results.opening_value("waiting", series), 1)
    opening = results.opening_value("within_18", series) >= STANDARD * waiting
    return kept_from(results.share_within_18(series) >= STANDARD, opening)


def kept_from(kept: NDArray[np.bool_], opening: bool) -> NDArray[np.float64]:
    """The week, from 0 for the start, from which something held until the end; nan if not. (R,)

    `kept` is by replication and week, `opening` whether it was at the start.
    """
    weeks = kept.shape[1]
    broken = ~kept
    last = weeks - 1 - np.argmax(broken[:, ::-1], axis=1)  # the last week in which it did not hold
    first = np.where(broken.any(axis=1), last + 2, 0 if opening else 1).astype(float)
    return np.where(kept[:, -1], first, np.nan)


def heading_said(results: Results) -> tuple[str, ...]:
    """Where the run's lists are heading, in sentences; nothing for a run too short to say."""
    if results.weeks < LEAST_WEEKS:
        return ()
    codes = dict.fromkeys(results.treatment_functions.tolist())
    apart = [
        (name_of(code), clearance_of(results, series=results.chosen(treatment_functions=[code])))
        for code in codes
    ]
    met = int((~np.isnan(standard_met(results))).sum())
    share = f"In {met} of {results.replications} futures 92% are within {WITHIN} weeks by the end of the run."
    sentences = clearance_of(results).sentences()
    return (*sentences, share, *([never_said(apart)] if len(apart) > 1 else []))

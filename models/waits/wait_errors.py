"""Expected waits held against what came: those referred, and those waiting, in months that are past.

Whoever is referred in a month is found again in the lists of later months, by weeks waited. So the share of
them still on the list is published for each provider and treatment function. It is predicted here from the
figures of the month before, and read off that month's clock stops, which is the plain way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.flows import steady_months
from models.calibration.pathway_shapes import below
from models.calibration.rates import FLOW_MONTHS
from models.rtt import months
from models.rtt.history import History
from models.waits.expected_waits import WINDOW, WaitCurves, wait_curves

Floats = NDArray[np.float64]

REFERRED = (8, 13, 18, 26)  # weeks after a referral at which the share still waiting is compared
WAITED = (8, 18, 26, 40)  # weeks already waited by those of whom the share is compared a quarter on
FOLLOWED = 7  # months after the origin: the month of referral, and six more to pass 26 weeks
QUARTER = 3  # months
REFERRALS, LIST = "referred", "waiting"  # the two kinds of patients


@dataclass(frozen=True)
class Followed:
    """Shares of patients still waiting, as predicted and as published. Arrays are (points, S)."""

    origin: str
    kind: str  # REFERRALS or LIST
    predicted: Floats
    published: Floats
    completed: Floats  # as the clock stops of the month say: the share of them over so many weeks
    patients: Floats  # (points, S) whom the share is of


@dataclass(frozen=True)
class WaitError:
    """By how much shares still waiting were missed on average over patients, in points."""

    kind: str  # REFERRALS or LIST
    weeks: int  # since the referral, or waited before the quarter
    origins: int  # months predicted from
    patients: int
    error: float  # either way
    completed: float  # the error of reading it off the month's clock stops
    bias: float  # too many still waiting if above 0


def origins(held: Sequence[str], window: int = WINDOW) -> list[str]:
    """The months from which a wait can be predicted and followed for half a year."""
    return list(held[window : len(held) - FOLLOWED])


def follow(history: History, origin: str, window: int = WINDOW) -> list[Followed]:
    """What was predicted on the figures of `origin` and what came, of series that can be followed.

    `history` holds all months; the prediction sees those up to `origin` alone. A series counts if its wait
    was known and neither gap nor recoding came in the months followed.
    """
    known = history.until(origin, FLOW_MONTHS + 1)
    curves = wait_curves(known, known.throughout().pooled(), window)
    at = history.months.index(origin)
    span = history.until(history.months[at + FOLLOWED], FOLLOWED + 1)
    kept = curves.known & steady_months(span).all(axis=0)
    rows = np.flatnonzero(kept)
    span = span.chosen(rows)
    stops = (span.admitted[0] + span.non_admitted[0]).astype(float)
    days = np.array([months.last_day(month).day for month in span.months])
    return [_referred(span, curves, rows, stops, days), _waiting(span, curves, rows, stops, days)]


def wait_errors(followed: Sequence[Followed]) -> list[WaitError]:
    """The errors over all origins, by kind and weeks."""
    errors = []
    for kind, points in ((REFERRALS, REFERRED), (LIST, WAITED)):
        here = [each for each in followed if each.kind == kind]
        for place, weeks in enumerate(points):
            whole = sum(float(each.patients[place].sum()) for each in here)
            errors.append(
                WaitError(
                    kind=kind,
                    weeks=weeks,
                    origins=len(here),
                    patients=round(whole),
                    error=_points(here, place, whole, "predicted"),
                    completed=_points(here, place, whole, "completed"),
                    bias=_points(here, place, whole, "predicted", signed=True),
                )
            )
    return errors


def _points(here: Sequence[Followed], place: int, whole: float, method: str, signed: bool = False) -> float:
    missed = 0.0
    for each in here:
        error = getattr(each, method)[place] - each.published[place]
        missed += float(((error if signed else np.abs(error)) * each.patients[place]).sum())
    return 100.0 * missed / whole if whole else float("nan")


def _referred(
    span: History, curves: WaitCurves, rows: NDArray[Any], stops: Floats, days: NDArray[Any]
) -> Followed:
    """Of the clock starts of the month after the origin: month ends are joined by straight lines."""
    starts = span.starts[1].astype(float)
    left = curves.still_waiting()[rows]
    waited, published, predicted = [0.0], [np.ones(len(rows))], [np.ones(len(rows))]
    for end in range(1, FOLLOWED + 1):
        low = days[2 : end + 1].sum() / 7
        high = low + days[1] / 7
        waiting_less = below(span.incomplete[end], np.array([low, high]))
        waited.append((low + high) / 2)
        published.append((waiting_less[:, 1] - waiting_less[:, 0]) / np.maximum(starts, 1.0))
        predicted.append(_mean_left(left, low, high) * curves.arrivals[rows])
    return Followed(
        origin=span.months[0],
        kind=REFERRALS,
        predicted=_read_at(waited, predicted),
        published=_read_at(waited, published),
        completed=_over(stops, np.array(REFERRED, float)).T,
        patients=np.tile(starts, (len(REFERRED), 1)),
    )


def _waiting(
    span: History, curves: WaitCurves, rows: NDArray[Any], stops: Floats, days: NDArray[Any]
) -> Followed:
    """Of those who had waited about so many weeks at the origin, a quarter on: four weeks' patients each."""
    later = days[1 : QUARTER + 1].sum() / 7
    left = curves.still_waiting()[rows]
    shares: dict[str, list[Floats]] = {"predicted": [], "published": [], "completed": []}
    patients = []
    for waited in WAITED:
        edges = np.array([waited - 2.0, waited + 2.0])
        now = np.diff(below(span.incomplete[0], edges))[:, 0]
        then = np.diff(below(span.incomplete[QUARTER], edges + later))[:, 0]
        shares["published"].append(then / np.maximum(now, 1.0))
        shares["predicted"].append(_ratio(_mean_left(left, *(edges + later)), _mean_left(left, *edges)))
        over = _over(stops, np.array([waited, waited + later]))
        shares["completed"].append(_ratio(over[:, 1], over[:, 0]))
        patients.append(now)
    return Followed(
        origin=span.months[0],
        kind=LIST,
        patients=np.stack(patients),
        **{name: np.stack(each) for name, each in shares.items()},
    )


def _over(stops: Floats, weeks: Floats) -> Floats:
    """Share of clock stops at or over each wait. (S, points)"""
    whole = stops.sum(axis=1, keepdims=True)
    return 1.0 - _ratio(below(stops, weeks), np.broadcast_to(whole, (len(stops), len(weeks))))


def _mean_left(curve: Floats, low: float, high: float) -> Floats:
    """The mean share left of patients spread evenly between two waits in weeks. (S,)"""
    area = np.concatenate(
        [np.zeros((len(curve), 1)), np.cumsum((curve[:, 1:] + curve[:, :-1]) / 2, axis=1)], 1
    )
    at = np.array([low, high])
    whole = np.floor(at).astype(int)
    part = at - whole
    first, second = curve[:, whole], curve[:, whole + 1]
    summed = area[:, whole] + part * (first + part * (second - first) / 2)
    return np.asarray((summed[:, 1] - summed[:, 0]) / (high - low))


def _read_at(waited: Sequence[float], shares: Sequence[Floats]) -> Floats:
    """Shares at the weeks of REFERRED, between the waits at which they are known. (points, S)"""
    known, at = np.stack(shares), np.array(REFERRED, float)
    after = np.searchsorted(waited, at)
    edges = np.array(waited)
    part = ((at - edges[after - 1]) / (edges[after] - edges[after - 1]))[:, None]
    return known[after - 1] * (1 - part) + known[after] * part


def _ratio(above: Floats, under: Floats) -> Floats:
    return np.divide(above, under, out=np.zeros_like(np.asarray(above, float)), where=under > 0)


def errors_said(errors: Sequence[WaitError]) -> str:
    """How wrong waits told in the past were, in words, to stand beside one told today."""
    referred = [each for each in errors if each.kind == REFERRALS]
    own, plain = sorted(each.error for each in referred), sorted(each.completed for each in referred)
    return (
        f"In {referred[0].origins} months held against what came, the share still waiting "
        f"{referred[0].weeks} to {referred[-1].weeks} weeks after a referral was missed by {own[0]:.1f} to "
        f"{own[-1]:.1f} points on average over patients; reading it off the month's clock stops missed by "
        f"{plain[0]:.1f} to {plain[-1]:.1f}."
    )

"""GP work that waiting makes: contacts of those who wait, replies to advice, and returns by way of the GP.

    contacts a month = waiting x contacts for each waiting patient
                     + referrals answered with advice x contacts for each reply
                     + follow-ups left to the patient x share who come back x those by way of the GP

The factors are in the register of assumptions, and no source was found for any: what is told is how work
moves, not how much of it there is. An area's patients are its share of each provider's list in each treatment
function. Replies and returns are those a scenario adds: today's are not published by area, and go on in both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from models.statements import Interval, count, spread, straddling

Floats = NDArray[np.float64]

CAUSES: Mapping[str, str] = MappingProxyType(
    {
        "waiting": "Patients who wait",
        "advice": "Advice in place of a referral",
        "returns": "Patients who come back by way of the GP",
    }
)
FACTORS = ("gp_contacts", "gp_advice_contacts", "pifu_returns", "pifu_returns_by_gp")  # keys of the register


@dataclass(frozen=True)
class AreaLists:
    """Which part of each series' list is an area's: `shares` (A, S), 0 to 1, and `outside` (A,) pathways.

    `outside` wait at providers that a run does not take in; they are held as they are today.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shares: Floats
    outside: Floats


@dataclass(frozen=True)
class Activity:
    """What of a run makes GP work, (R, S): patients waiting at a time, the others events a month."""

    waiting: Floats
    advice: Floats
    initiated: Floats


@dataclass(frozen=True)
class GpWork:
    """GP contacts a month by area at one time, (R, A) for each of CAUSES; `waiting` (R, A) pathways then.

    `contacts` is at the register's values, or those a planner chose, and can be checked by hand; in `drawn`
    each replication has its own, as they are believed.
    """

    areas: AreaLists
    waiting: Floats
    contacts: Mapping[str, Floats]
    drawn: Mapping[str, Floats]


def area_lists(
    lists: pd.DataFrame, names: Mapping[str, str], providers: Sequence[str], functions: Sequence[str]
) -> AreaLists:
    """The part of each series, in the order of `providers` and `functions`, that is each area's of `names`.

    `lists` has area, provider, treatment_function, waiting (the area's) and share (of all who wait there).
    """
    codes = tuple(names)
    series = {key: place for place, key in enumerate(zip(providers, functions, strict=True))}
    shares, outside = np.zeros((len(codes), len(series))), np.zeros(len(codes))
    for row in lists[lists["area"].isin(codes)].itertuples():
        area, place = codes.index(row.area), series.get((row.provider, row.treatment_function))
        if place is None:
            outside[area] += row.waiting
        else:
            shares[area, place] += row.share
    return AreaLists(codes, tuple(names.values()), shares, outside)


def gp_work(
    activity: Activity, areas: AreaLists, factors: Mapping[str, float], drawn: Mapping[str, Floats]
) -> GpWork:
    """The contacts a month that an activity makes, at the values of FACTORS and as `drawn`, (R,) each."""
    waiting = activity.waiting @ areas.shares.T + areas.outside
    advice, initiated = activity.advice @ areas.shares.T, activity.initiated @ areas.shares.T

    def made(values: Mapping[str, ArrayLike]) -> dict[str, Floats]:
        each, reply, returns, by_gp = (np.reshape(values[key], (-1, 1)) for key in FACTORS)
        return {
            "waiting": waiting * each,
            "advice": advice * reply,
            "returns": initiated * (returns / 100) * (by_gp / 100),
        }

    return GpWork(areas, waiting, made(factors), made(drawn))


def table(today: GpWork, baseline: GpWork, scenario: GpWork) -> pd.DataFrame:
    """GP contacts a month by area: today, at the end if nothing changes, and under a scenario.

    Columns: area, name, waiting (today), today, per_thousand (contacts for each 1,000 waiting today),
    baseline, scenario, change, each of these with _lower and _upper, the ends of its 80% range, and for each
    of CAUSES what it adds to the change.
    """
    columns: dict[str, object] = {"area": today.areas.codes, "name": today.areas.names}
    waiting, columns["today"] = today.waiting.mean(axis=0), _total(today.contacts).mean(axis=0)
    columns["waiting"] = np.rint(waiting).astype(int)
    columns["per_thousand"] = 1000 * np.divide(
        _total(today.contacts).mean(axis=0), waiting, out=np.full_like(waiting, np.nan), where=waiting > 0
    )
    for name, values, drawn in (
        ("baseline", _total(baseline.contacts), _total(baseline.drawn)),
        ("scenario", _total(scenario.contacts), _total(scenario.drawn)),
        (
            "change",
            _total(scenario.contacts) - _total(baseline.contacts),
            _total(scenario.drawn) - _total(baseline.drawn),
        ),
    ):
        columns[name] = values.mean(axis=0)
        columns[f"{name}_lower"], columns[f"{name}_upper"] = np.percentile(drawn, (10, 90), axis=0)
    for cause in CAUSES:
        columns[f"change_{cause}"] = (scenario.contacts[cause] - baseline.contacts[cause]).mean(axis=0)
    return pd.DataFrame(columns)


def changes(baseline: GpWork, scenario: GpWork) -> dict[str, Interval]:
    """The change in contacts a month over all areas with its 80% range: by cause, and 'all'."""
    intervals = {}
    for name, causes in {**{cause: (cause,) for cause in CAUSES}, "all": tuple(CAUSES)}.items():
        mean = sum(float((scenario.contacts[c] - baseline.contacts[c]).sum(axis=1).mean()) for c in causes)
        drawn = sum((scenario.drawn[c] - baseline.drawn[c]).sum(axis=1) for c in causes)
        lower, upper = np.percentile(drawn, (10, 90))
        intervals[name] = Interval(mean, float(lower), float(upper))
    return intervals


def change_said(by_cause: Mapping[str, Interval], place: str) -> str:
    """Such a change in words, without a full stop: '620 fewer GP contacts a month in ... (80%: ...): ...'."""
    whole = by_cause["all"]
    if whole.none:
        return f"no difference to GP contacts in {place}"
    parts = [
        f"{count(by_cause[cause].mean)} {_way(by_cause[cause])} from {label[:1].lower()}{label[1:]}"
        for cause, label in CAUSES.items()
        if not by_cause[cause].none
    ]
    ends = straddling(whole, "fewer", "more") if whole.lower < 0 < whole.upper else spread(whole)
    ends = ends.removeprefix("80%: ")
    return (
        f"{count(whole.mean)} {_way(whole)} GP contacts a month in {place} (80%: {ends}): {', '.join(parts)}"
    )


def _way(change: Interval) -> str:
    return "more" if change.mean > 0 else "fewer"


def _total(contacts: Mapping[str, Floats]) -> Floats:
    """Contacts of every cause. (R, A)"""
    return np.asarray(sum(contacts.values()))

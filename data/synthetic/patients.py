"""Made-up patients that agree with a board's real list: nobody's, and labelled synthetic.

As many wait at each provider, in each treatment function, for each number of weeks, with and without a
decision to admit, as the returns say. What is drawn and what is assumed: `models.matching.made_up`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.described import described
from data.database.figures import weeks_matrix
from data.database.store import Store
from data.returns.lists import months
from data.returns.scope import scope_condition
from data.synthetic.people import age_and_sex, homes
from models.errors import TandemError
from models.matching import made_up
from models.matching.columns import AGE_BANDS, BY_PATIENT, BY_TEAM, PATIENTS
from models.matching.rules import OWN_RIGHT_CLEAR_DAYS, OWN_RIGHT_WEEKS
from models.rtt.months import month_label
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.assumptions import assumption, virtual_ceiling

MOST = 1_000_000  # patients of one list
_WEEKS_A_MONTH = 365.25 / 12 / 7
_LONGEST_EXPECTED = 104.0  # weeks
_OUTPATIENTS = ("first_outpatient", "follow_up")

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def synthetic_patients(
    store: Store, scope: str, size: int | None, seed: int, as_of: date, month: str | None = None
) -> pd.DataFrame:
    """Gives made-up patients of a scope, a row each, with every column described; `synthetic` is true.

    All of the list of a month (default: the newest held), or a sample of `size`: then every cell of provider,
    treatment function, weeks waited and stage has its share of them, to within one patient, and so has every
    provider. Appointments are after `as_of`. Equal arguments and figures give equal patients. Raises
    TandemError for an unknown scope or month, or a size that can't be.
    """
    month = month_held(store, month)
    providers, functions, counts = waiting(store, scope, month)
    streams = [np.random.default_rng(each) for each in np.random.SeedSequence([seed]).spawn(12)]
    series, week, admitted = _drawn(counts, size, scope, streams[0])
    provider, function = providers[series], functions[series]
    people = age_and_sex(store, provider, function, streams[1])
    lives = homes(store, provider, streams[2])
    n = len(series)
    setting = np.where(
        admitted,
        _pick(made_up.SETTING_AFTER_DECISION, n, streams[3]),
        _pick(made_up.SETTING_BEFORE_DECISION, n, streams[3]),
    )
    appointment = _appointments(as_of, n, streams[4])
    can_video, can_telephone = _access(function, setting, people["age"], lives["exclusion_risk"], streams[5])
    by_right = (
        (week >= OWN_RIGHT_WEEKS)
        & (people["age"] >= AGE_BANDS.index("18-29"))
        & ~(appointment <= np.datetime64(as_of + timedelta(days=OWN_RIGHT_CLEAR_DAYS)))
        & (streams[6].random(n) < made_up.ASKS_BY_OWN_RIGHT)
    )
    diagnostic = assumption("local_diagnostic").value / 100
    drawn = {
        "patient_id": [f"SYN{number:07d}" for number in range(1, n + 1)],
        "home_provider": provider,
        "treatment_function": function,
        "procedure": _procedures(function, admitted, streams[7]),
        "setting": setting,
        "priority": _pick(made_up.PRIORITY, n, streams[8]),
        "weeks_waited": week,
        "next_appointment": appointment,
        "expected_weeks": _expected_weeks(store, scope, month, providers, functions, counts)[series],
        "latitude": lives["latitude"],
        "longitude": lives["longitude"],
        "home_area": lives["district"],
        "travel_miles": _pick(made_up.TRAVEL_MILES, n, streams[9]),
        "asa": _asa(people["age"], streams[10]),
        "bmi": _bmi(people["age"], streams[10]),
        "age_band": np.array(AGE_BANDS, dtype=object)[people["age"]],
        "sex": people["sex"],
        "deprivation": lives["deprivation"],
        "can_video": can_video,
        "can_telephone": can_telephone,
        "needs_interpreter": streams[11].random(n) < made_up.INTERPRETER,
        "needs_diagnostic": (setting == "first_outpatient") & (streams[11].random(n) < diagnostic),
        "home_approval": _pick(made_up.APPROVAL, n, streams[11]),
        "route": np.where(by_right, BY_PATIENT, BY_TEAM).astype(object),
        "synthetic": np.ones(n, dtype=bool),
    }
    return described(pd.DataFrame(drawn), PATIENTS)


def month_held(store: Store, month: str | None) -> str:
    """Gives the month, or the newest held; raises TandemError for one that is not."""
    held_months = months(store)
    if month is None or month in held_months:
        return month or held_months[-1]
    raise TandemError(
        f"{month_label(month)} is not held.",
        f"Choose one from {month_label(held_months[0])} to {month_label(held_months[-1])}.",
    )


def waiting(store: Store, scope: str, month: str) -> tuple[NDArray[np.object_], NDArray[np.object_], Codes]:
    """Gives the series of a scope's list: providers (S,), treatment functions (S,), patients (S, 105, 2).

    By whole weeks waited, before and after a decision to admit.
    """
    condition, params = scope_condition(store, scope)
    rows = store.read(
        "SELECT provider, treatment_function, part, weeks FROM pathways WHERE month = ? "
        f"AND part IN ('incomplete', 'dta') AND {condition}",
        [month, *params],
    )
    weeks = weeks_matrix(rows["weeks"])
    keys = rows["provider"].to_numpy().astype(str) + " " + rows["treatment_function"].to_numpy().astype(str)
    series, place = np.unique(keys, return_inverse=True)
    parts = np.zeros((2, len(series), weeks.shape[1]), dtype=np.intp)
    np.add.at(parts, ((rows["part"].to_numpy() == "dta").astype(int), place), weeks)
    admitted = np.minimum(parts[1], parts[0])
    named = np.array([key.split(" ") for key in series], dtype=object).reshape(-1, 2)
    return named[:, 0], named[:, 1], np.stack([parts[0] - admitted, admitted], axis=2)


def _drawn(
    counts: Codes, size: int | None, scope: str, rng: np.random.Generator
) -> tuple[Codes, Codes, NDArray[np.bool_]]:
    """Gives each patient's series, weeks waited and stage: a systematic sample of the list in its order."""
    total = int(counts.sum())
    wanted = total if size is None else size
    if not 1 <= wanted <= min(total, MOST):
        most = min(total, MOST)
        raise TandemError(
            f"{wanted:,} made-up patients can't be drawn: {total:,} wait in {scope}, and a list has "
            f"{MOST:,} at most.",
            f"Ask for 1 to {most:,}." if most else "Choose a board whose providers report.",
        )
    upto = np.concatenate([[0], np.cumsum(counts.ravel())])
    share = (upto * wanted + rng.integers(total)) // total
    series, week, admitted = np.unravel_index(np.repeat(np.arange(counts.size), np.diff(share)), counts.shape)
    return series, week, admitted.astype(bool)


def _pick(shares: Mapping[Any, float], n: int, rng: np.random.Generator) -> NDArray[np.object_]:
    values = np.array(list(shares), dtype=object)
    upto = np.cumsum(list(shares.values()))
    return values[np.minimum(np.searchsorted(upto, rng.random(n), side="right"), len(values) - 1)]


def _appointments(as_of: date, n: int, rng: np.random.Generator) -> NDArray[np.datetime64]:
    days = rng.integers(1, 7 * made_up.BOOKED_WITHIN_WEEKS + 1, n)
    booked = rng.random(n) < made_up.BOOKED
    return np.where(booked, np.datetime64(as_of, "D") + days, np.datetime64("NaT", "D"))


def _procedures(function: NDArray[np.object_], admitted: NDArray[np.bool_], rng: np.random.Generator) -> list:
    most = max(map(len, made_up.PROCEDURES.values()))
    codes, names = pd.factorize(function)
    table = np.full((len(names), most), None, dtype=object)
    number = np.ones(len(names), dtype=np.intp)
    for row, name in enumerate(names):
        choices = made_up.PROCEDURES.get(name, ())
        table[row, : len(choices)], number[row] = choices, max(len(choices), 1)
    chosen = table[codes, (rng.random(len(codes)) * number[codes]).astype(np.intp)]
    return list(np.where(admitted, chosen, None))


def _asa(age: Codes, rng: np.random.Generator) -> Codes:
    upto = made_up.ASA_BY_AGE.cumsum(axis=1)[age, :-1]
    return np.asarray(1 + (rng.random(len(age))[:, None] >= upto).sum(axis=1))


def _bmi(age: Codes, rng: np.random.Generator) -> Floats:
    mean, spread = made_up.BMI_BY_AGE[age].T
    return np.round(np.clip(rng.normal(mean, spread), 12, 60), 1)


def _expected_weeks(
    store: Store, scope: str, month: str, providers: NDArray, functions: NDArray, counts: Codes
) -> Floats:
    """Gives the list of each series over its weekly clock stops of the last year, (S,), at most 104 weeks."""
    stops = weekly_stops(store, scope, month).groupby(["provider", "treatment_function"])["stops"].sum()
    a_week = stops.reindex(pd.MultiIndex.from_arrays([providers, functions])).fillna(0.0).to_numpy()
    weeks = np.divide(counts.sum(axis=(1, 2)), a_week, out=np.full(len(a_week), np.inf), where=a_week > 0)
    return np.round(np.minimum(weeks, _LONGEST_EXPECTED), 1)


def weekly_stops(store: Store, scope: str, month: str) -> pd.DataFrame:
    """Gives clock stops a week over the year to a month: provider, treatment_function, part, stops.

    `part` is admitted or non_admitted.
    """
    condition, params = scope_condition(store, scope)
    year = [each for each in months(store) if each <= month][-12:]
    return store.frame(
        "SELECT provider, treatment_function, part, sum(total) / ? AS stops FROM pathways "
        f"WHERE part IN ('admitted', 'non_admitted') AND month BETWEEN ? AND ? AND {condition} "
        "GROUP BY ALL ORDER BY ALL",
        [len(year) * _WEEKS_A_MONTH, year[0], year[-1], *params],
    )


def _access(
    function: NDArray[np.object_],
    setting: NDArray[np.object_],
    age: Codes,
    risk: Floats,
    rng: np.random.Generator,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Gives who can be seen by video, and who by telephone: suited, and not shut out of it."""
    ceiling = {code: virtual_ceiling(code) / 100 for code in TREATMENT_FUNCTIONS}
    codes, names = pd.factorize(function)
    suited = rng.random(len(function)) < np.array([ceiling[name] for name in names])[codes]
    suited &= np.isin(setting, _OUTPATIENTS)
    neither, telephone_only = (
        assumption(key).value / 100 for key in ("cannot_use_virtual", "cannot_use_video")
    )
    odds = made_up.SHUT_OUT_ODDS_BY_AGE[age] * np.exp(made_up.SHUT_OUT_LOG_ODDS_A_POINT * risk)
    adult = age >= AGE_BANDS.index("18-29")
    drawn = rng.random(len(function))
    return (
        suited & (drawn >= _chances(odds, adult, neither + telephone_only)),
        suited & (drawn >= _chances(odds, adult, neither)),
    )


def _chances(odds: Floats, adult: NDArray[np.bool_], share: float) -> Floats:
    """Gives chances with these relative odds whose mean over adults is `share`."""
    low, high = -30.0, 30.0
    counted = odds[adult] if adult.any() else odds
    for _ in range(50):
        middle = (low + high) / 2
        mean = np.mean(1 / (1 + np.exp(-middle) / counted))
        low, high = (middle, high) if mean < share else (low, middle)
    return np.asarray(1 / (1 + np.exp(-low) / odds))

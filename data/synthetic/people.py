"""Who the made-up patients are and where they live, as published for each provider's list and catchment."""

from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.store import Store
from data.returns.home_areas import catchments, shares_of, small_areas
from models.calibration.proportional_fitting import raked
from models.matching import made_up
from models.matching.columns import AGE_BANDS

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Names = NDArray[np.object_]

_SEXES = ("female", "male")
_TENTHS = 10


class People(TypedDict):
    """Age as a place in AGE_BANDS, and sex, of each patient."""

    age: Codes
    sex: Names


class Homes(TypedDict):
    """Where each patient lives: a small area's middle, district, tenth of deprivation and exclusion risk."""

    latitude: Floats
    longitude: Floats
    district: Names
    deprivation: Codes
    exclusion_risk: Floats


def age_and_sex(store: Store, provider: Names, function: Names, rng: np.random.Generator) -> People:
    """Gives age and sex of patients, drawn so that each provider's shares are those published.

    Within a provider they differ by treatment function as they do in England. A provider without published
    shares has its board's.
    """
    n = len(provider)
    age, sex = np.zeros(n, dtype=np.intp), np.full(n, "", dtype=object)
    boards = _boards(store)
    drawn_age, drawn_sex, within = rng.random(n), rng.random(n), rng.random(n)
    bands = tuple(made_up.AGE_WITHIN)
    spread = np.array([[made_up.AGE_WITHIN[band].get(each, 0.0) for each in AGE_BANDS] for band in bands])
    functions, codes = np.unique(function.astype(str), return_inverse=True)
    for rows, name in _runs(provider):
        here = codes[rows]
        counts = np.bincount(here, minlength=len(functions)).astype(float)
        for dimension, groups in (("age", bands), ("sex", _SEXES)):
            pattern = np.stack([shares_of(groups, dimension, each) for each in functions]) * counts[:, None]
            wanted = shares_of(groups, dimension, name, boards.get(name, ""))
            chances = raked(pattern, counts, wanted) if wanted.any() else pattern
            if dimension == "age":
                band = _choose(chances[here], drawn_age[rows])
                age[rows] = _choose(spread[band], within[rows])
            else:
                sex[rows] = np.array(_SEXES, dtype=object)[_choose(chances[here], drawn_sex[rows])]
    return People(age=age, sex=sex)


def homes(store: Store, provider: Names, rng: np.random.Generator) -> Homes:
    """Gives where patients live: districts by the catchment, deprivation as published for the list.

    A provider without a catchment has that of the trusts of its board, by the patients they have here, or
    all alike where they have none.
    """
    areas = small_areas()
    districts, district = np.unique(areas["district"].to_numpy(str), return_inverse=True)
    cell = district * _TENTHS + areas["deprivation"].to_numpy(np.intp) - 1  # small areas are in this order
    number = np.bincount(cell, minlength=len(districts) * _TENTHS)
    first = np.concatenate([[0], np.cumsum(number)[:-1]])
    shares = _catchment_shares(store, provider, districts)
    boards = _boards(store)
    area = np.zeros(len(provider), dtype=np.intp)
    drawn, within = rng.random(len(provider)), rng.random(len(provider))
    by_district = number.reshape(-1, _TENTHS)
    for rows, name in _runs(provider):
        share = shares[name]
        pattern = by_district / by_district.sum(axis=1, keepdims=True) * share[:, None]
        tenths = shares_of(tuple(map(str, range(1, _TENTHS + 1))), "deprivation", name, boards.get(name, ""))
        table = raked(pattern, share, tenths) if tenths.any() else pattern
        chosen = np.searchsorted(np.cumsum(table.ravel()) / table.sum(), drawn[rows], side="right")
        last = np.flatnonzero(table.ravel())[-1]
        chosen = np.minimum(chosen, last)
        area[rows] = first[chosen] + (within[rows] * number[chosen]).astype(np.intp)
    return Homes(
        latitude=areas["latitude"].to_numpy(float)[area],
        longitude=areas["longitude"].to_numpy(float)[area],
        district=areas["district"].to_numpy(object)[area],
        deprivation=areas["deprivation"].to_numpy(np.intp)[area],
        exclusion_risk=areas["exclusion_risk"].to_numpy(float)[area],
    )


def _catchment_shares(store: Store, provider: Names, districts: NDArray[np.str_]) -> dict[str, Floats]:
    rows = catchments()
    place = np.searchsorted(districts, rows["district"].to_numpy(str))
    trusts, trust = np.unique(rows["provider"].to_numpy(str), return_inverse=True)
    table = np.zeros((len(trusts), len(districts)))
    np.add.at(table, (trust, place), rows["share"].to_numpy())
    boards = _boards(store)
    board_of = np.array([boards.get(each, "") for each in trusts])
    listed = pd.Series(provider).value_counts()
    patients = listed.reindex(trusts).fillna(0).to_numpy(float)
    shares = {}
    for name in listed.index:
        weight = (trusts == name).astype(float)
        for fallback in ((board_of == boards.get(name, "")) * patients, board_of == boards.get(name, "")):
            weight = weight if weight.any() else np.asarray(fallback, dtype=float)
        weight = weight if weight.any() else np.ones(len(trusts))
        shares[name] = weight @ table / (weight @ table).sum()
    return shares


def _boards(store: Store) -> dict[str, str]:
    return dict(store.rows("SELECT code, coalesce(board, '') FROM providers"))


def _runs(provider: Names) -> list[tuple[slice, str]]:
    """Gives the runs of rows of one provider, with its code."""
    starts = np.flatnonzero(np.concatenate([[True], provider[1:] != provider[:-1]]))
    ends = np.append(starts[1:], len(provider))
    return [
        (slice(int(start), int(end)), str(provider[start])) for start, end in zip(starts, ends, strict=True)
    ]


def _choose(chances: Floats, drawn: Floats) -> Codes:
    """Gives a column for each row of chances (N, C), which need not add up to one, by numbers from 0 to 1."""
    upto = chances.cumsum(axis=1)
    return np.asarray((drawn[:, None] * upto[:, -1:] >= upto[:, :-1]).sum(axis=1))

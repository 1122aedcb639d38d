"""Where patients live: small areas, trusts' catchments, and the middle of a district or outward postcode."""

from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data.shipped import load as reference

Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def small_areas() -> pd.DataFrame:
    """Gives England's 32,844 small areas by district: latitude, longitude, deprivation, exclusion_risk.

    About 1,500 people live in each. `deprivation` is the tenth of the 2019 index, 1 the most deprived; a
    higher `exclusion_risk` means more people shut out of what is digital (1.3 to 5.6). Do not change it.
    """
    areas: pd.DataFrame = pq.read_table(reference.FOLDER / "small_areas.parquet").to_pandas()
    short = ["latitude", "longitude", "exclusion_risk"]
    areas[short] = areas[short].astype(float).round(2)
    return areas


@lru_cache(maxsize=1)
def catchments() -> pd.DataFrame:
    """Gives the shares of a trust's patients by district: provider, district, share. Do not change it."""
    return pd.DataFrame(reference.rows_of("catchments.csv")).astype({"share": float})


@lru_cache(maxsize=1)
def list_shares() -> pd.DataFrame:
    """Gives shares of the waiting list by age, sex and deprivation: code, dimension, group, share.

    `code` is a provider's, a board's or a treatment function's. Do not change it.
    """
    return pd.DataFrame(reference.rows_of("list_shares.csv")).astype({"share": float})


def shares_of(groups: tuple[str, ...], dimension: str, *codes: str) -> Floats:
    """Gives published shares of the list by group for the first of the codes that has any; else zeros."""
    published = _published()
    for code in codes:
        if (code, dimension) in published:
            return np.array([published[code, dimension].get(group, 0.0) for group in groups])
    return np.zeros(len(groups))


def middles(areas: pd.Series) -> tuple[Floats, Floats]:
    """Gives latitude and longitude of outward postcodes (LE1) or district codes; NaN where not known."""
    places = _places().reindex(areas.to_numpy(object))
    return places["latitude"].to_numpy(float), places["longitude"].to_numpy(float)


@lru_cache(maxsize=1)
def _places() -> pd.DataFrame:
    districts = small_areas().groupby("district")[["latitude", "longitude"]].mean()
    outward = pd.DataFrame(reference.rows_of("outward_postcodes.csv")).set_index("outward").astype(float)
    return pd.concat([districts, outward])


@lru_cache(maxsize=1)
def _published() -> dict[tuple[str, str], dict[str, float]]:
    shares: dict[tuple[str, str], dict[str, float]] = {}
    for code, dimension, group, share in list_shares().itertuples(index=False):
        shares.setdefault((code, dimension), {})[group] = share
    return shares

"""How far patients live from the trust that sees them, from its published catchment."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from data.database.store import Store
from data.returns.home_areas import catchments, small_areas
from data.returns.organisations import providers_by_code
from models.rtt.organisations import Place, great_circle_miles


def straight_miles(store: Store, providers: Iterable[str]) -> dict[str, float]:
    """Gives the mean miles in a straight line, one way, from patients' homes to a trust, by its code.

    The homes are the small areas of each district in the trust's catchment, by the district's share of its
    patients. Left out are those whose catchment or place is not known, among them all independent providers.
    """
    known = providers_by_code(store)
    by_trust = {}
    for code in dict.fromkeys(providers):
        place = known[code].place if code in known else None
        miles = _mean_miles(code, place) if place else None
        if miles is not None:
            by_trust[code] = miles
    return by_trust


@lru_cache(maxsize=512)
def _mean_miles(code: str, place: Place) -> float | None:
    """Mean miles from a trust's homes to a place; None where it has no catchment."""
    shares, areas = catchments(), small_areas()
    own = shares[shares["provider"] == code]
    if own.empty:
        return None
    here = areas[areas["district"].isin(own["district"])]
    miles = great_circle_miles(here["latitude"], here["longitude"], place.latitude, place.longitude)
    by_district = here.assign(miles=miles).groupby("district")["miles"].mean()
    weights = own.set_index("district")["share"].reindex(by_district.index)
    return float(np.average(by_district, weights=weights))

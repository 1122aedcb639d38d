"""Who could help whom: providers with capacity to spare where another is plainly short."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.capacity.estimate import Capacity
from models.rtt.organisations import Place

Floats = NDArray[np.float64]
LEAST = 1.0  # clock stops a week: less is no partnership


@dataclass(frozen=True)
class Partner:
    """What could pass between one provider and another, in clock stops a week."""

    provider: str
    stops: float  # of each treatment function the lesser of what is spare and what is short, added up
    miles: float  # between head offices, as the crow flies; nan where one is not known
    treatment_functions: tuple[str, ...]  # in which it could, the most first


def helpers(found: Capacity, provider: str, places: Mapping[str, Place]) -> list[Partner]:
    """Those with capacity to spare where `provider` is plainly short, the most help first."""
    return _partners(found, provider, places, there=found.spare, here=found.plainly_short)


def helped(found: Capacity, provider: str, places: Mapping[str, Place]) -> list[Partner]:
    """Those plainly short where `provider` has capacity to spare, the most help first."""
    return _partners(found, provider, places, there=found.plainly_short, here=found.spare)


def nearest(partners: Iterable[Partner], count: int) -> list[Partner]:
    """The nearest of them, of those whose distance is known."""
    known = [each for each in partners if not np.isnan(each.miles)]
    return sorted(known, key=lambda each: (each.miles, each.provider))[:count]


def _partners(
    capacity: Capacity, provider: str, places: Mapping[str, Place], there: Floats, here: Floats
) -> list[Partner]:
    own = (capacity.providers == provider) & (np.nan_to_num(here) > 0)
    amount = dict(zip(capacity.treatment_functions[own].tolist(), here[own].tolist(), strict=True))
    could: dict[str, list[tuple[float, str]]] = {}
    for i in np.flatnonzero((capacity.providers != provider) & (np.nan_to_num(there) > 0)):
        function = str(capacity.treatment_functions[i])
        if function in amount:
            stops = min(amount[function], float(there[i]))
            could.setdefault(str(capacity.providers[i]), []).append((stops, function))
    partners = [
        Partner(
            provider=code,
            stops=sum(stops for stops, _ in flows),
            miles=_miles(places.get(provider), places.get(code)),
            treatment_functions=tuple(function for _, function in sorted(flows, reverse=True)),
        )
        for code, flows in could.items()
        if sum(stops for stops, _ in flows) >= LEAST
    ]
    return sorted(partners, key=lambda each: (-each.stops, each.provider))


def _miles(one: Place | None, other: Place | None) -> float:
    return one.miles_to(other) if one and other else float("nan")

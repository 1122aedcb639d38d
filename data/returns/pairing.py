"""Pairing from the store: the ground a plan stands on, and which boards take no part."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from data.database.store import Store
from data.returns.calibrations import calibration, england_history
from data.returns.capacity import capacity_of
from data.returns.history import provider_boards
from data.returns.organisations import providers_by_code
from models.calibration.rates import Calibration
from models.capacity.estimate import OWN_SHARE, Capacity, Floor
from models.capacity.spare_appointments import per_stop
from models.pairing.gains import amounts_of, choices
from models.pairing.pairs import Choices, Limits, Trusts
from models.rtt.months import DAYS_A_WEEK
from models.rtt.organisations import Place, Provider
from models.scenarios import assumptions
from models.scenarios.presets import preset


@dataclass(frozen=True)
class Ground:
    """What plans for an area are made from, whatever their limits."""

    calibration: Calibration  # with what each series can spare
    capacity: Capacity
    changed: Mapping[str, float]  # assumptions other than the register's, by key
    providers: Mapping[str, Provider]  # by code

    @property
    def values(self) -> Mapping[str, float]:
        """Every assumption, by key."""
        return assumptions.resolve(self.changed)

    @property
    def names(self) -> dict[str, str]:
        """Plain names by code."""
        return {code: each.plain_name for code, each in self.providers.items()}

    @property
    def places(self) -> dict[str, Place]:
        """Head offices by code, as far as they are known."""
        return {code: each.place for code, each in self.providers.items() if each.place}

    def choices(self, limits: Limits) -> Choices:
        """The flows that would avoid long waits; raises TandemError for a pin or ban of a trust elsewhere."""
        return choices(self.calibration, self.capacity, self.values, limits, self.places)

    def everything(self, waited: int) -> Choices:
        """The flows that would avoid waits of so many weeks, whatever else is allowed."""
        return self.choices(Limits(waited=waited))

    def miles_between(self, pair: Trusts) -> float | None:
        """Miles between the head offices of two trusts; None where one is not known."""
        one, other = (self.places.get(code) for code in sorted(pair))
        return one.miles_to(other) if one and other else None

    def floors(self) -> dict[tuple[str, str], float]:
        """Share within 18 weeks, percent, that each keeps, by provider and treatment function."""
        capacity, chosen = self.capacity, self.capacity.floor.share
        shares = np.full(len(capacity.share), chosen) if chosen is not None else capacity.share
        keys = zip(capacity.providers.tolist(), capacity.treatment_functions.tolist(), strict=True)
        return dict(zip(keys, (100 * np.nan_to_num(shares)).tolist(), strict=True))


def ground(
    store: Store,
    scope: str,
    *,
    floor: Floor = OWN_SHARE,
    until: str | None = None,
    changed: Mapping[str, float] | None = None,
) -> Ground:
    """The ground of a scope's plans on the latest month held up to `until`.

    `changed` are assumptions other than the register's. Raises TandemError for an unknown scope, or where the
    months are too few.
    """
    england = england_history(store, until)
    baseline = replace(preset("baseline"), assumptions=changed or {})
    rates = calibration(store, scope, baseline, until, england)
    estimate = capacity_of(store, rates.scope, rates.data_month, floor, england)
    each = per_stop(rates, assumptions.resolve(changed or {}), {}, estimate)
    exits = np.nan_to_num(amounts_of(rates, estimate, estimate.spare * each.exits))
    rates = replace(rates, spare=exits / DAYS_A_WEEK)
    return Ground(rates, estimate, changed or {}, providers_by_code(store))


def without_boards(store: Store, found: Choices, boards: tuple[str, ...]) -> Choices:
    """The choices less those that touch a trust of one of these boards."""
    board = provider_boards(store)
    out = np.array([board.get(str(code)) in boards for code in found.providers], dtype=np.bool_)
    return found.only(~(out[found.home] | out[found.partner]))

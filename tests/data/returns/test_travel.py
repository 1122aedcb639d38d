"""Miles from patients' homes to their trust, worked out by hand from the published catchments."""

import math

import pytest

from data.database.store import Store
from data.returns.home_areas import catchments, small_areas
from data.returns.organisations import providers_by_code
from data.returns.travel import straight_miles

pytestmark = pytest.mark.integration


def test_the_mean_is_over_homes_by_district_as_by_hand(reference_store: Store) -> None:
    place = providers_by_code(reference_store)["RXL"].place
    assert place is not None
    miles = weight = 0.0
    for share in catchments()[catchments()["provider"] == "RXL"].itertuples():
        homes = small_areas()[small_areas()["district"] == share.district]
        each = []
        for home in homes.itertuples():
            north = math.radians(home.latitude - place.latitude)
            east = math.radians(home.longitude - place.longitude) * math.cos(math.radians(place.latitude))
            each.append(3958.8 * math.hypot(north, east))  # flat, which holds over so few miles
        if each:
            miles += share.share * sum(each) / len(each)
            weight += share.share
    assert straight_miles(reference_store, ["RXL"])["RXL"] == pytest.approx(miles / weight, rel=0.01)


def test_a_rural_trust_s_patients_come_further_and_independent_ones_are_left_out(
    reference_store: Store,
) -> None:
    found = straight_miles(reference_store, ["RTX", "RXL", "NT322", "A4Q9X", "ZZZ"])
    assert set(found) == {"RTX", "RXL"}  # Morecambe Bay and Blackpool
    assert found["RTX"] > 2 * found["RXL"] > 2

"""Who could help whom: the lesser of spare and short, by specialty, and the nearest."""

from typing import Any

import numpy as np
import pytest

from models.capacity.estimate import OWN_SHARE, Capacity
from models.capacity.partners import helped, helpers, nearest
from models.rtt.organisations import Place

pytestmark = pytest.mark.unit

# A is short of 12 in urology and 4 in cardiology; B has 6 and 5 spare, C 30 in urology; D's is not known.
SERIES = [
    ("A", "C_101", 20.0, 32.0),
    ("A", "C_320", 6.0, 10.0),
    ("B", "C_101", 16.0, 10.0),
    ("B", "C_320", 10.0, 5.0),
    ("C", "C_101", 50.0, 20.0),
    ("D", "C_101", np.nan, np.nan),
    ("E", "C_101", 10.5, 10.0),
]
PLACES = {"A": Place(53.8, -2.7), "B": Place(51.5, -0.1), "C": Place(53.5, -2.2)}


def found() -> Capacity:
    providers, functions, shown, needed = (np.array(each) for each in zip(*SERIES, strict=True))
    amounts: dict[str, Any] = {
        "shown": shown,
        "needed": needed,
        "share": np.full(len(SERIES), 0.6),
        "spare_lower": np.maximum(shown - needed, 0),
        "spare_upper": np.maximum(shown - needed, 0),
    }
    return Capacity(
        "ENGLAND", "2025-08", OWN_SHARE, providers, functions, notes=("",) * len(SERIES), **amounts
    )


def test_helpers_are_those_with_the_most_to_give_where_it_is_short() -> None:
    most, other = helpers(found(), "A", PLACES)  # E has half a stop, too little
    assert (most.provider, most.stops, most.treatment_functions) == ("C", 12.0, ("C_101",))  # of 30
    assert (other.provider, other.stops) == ("B", 6.0 + 4.0)  # 6 of 6 and 4 of 5
    assert other.treatment_functions == ("C_101", "C_320")
    assert nearest([other, most], 1) == [most]
    assert most.miles == pytest.approx(PLACES["A"].miles_to(PLACES["C"]))


def test_helped_is_the_same_seen_from_the_other_side() -> None:
    (one,) = helped(found(), "C", PLACES)
    assert (one.provider, one.stops) == ("A", 12.0)
    assert helped(found(), "A", PLACES) == []
    assert helpers(found(), "D", PLACES) == []


def test_a_place_that_is_not_known_is_no_nearest() -> None:
    partners = helpers(found(), "A", {"A": PLACES["A"]})
    assert all(np.isnan(each.miles) for each in partners)
    assert nearest(partners, 3) == []


def test_short_is_said_where_the_need_is_above_the_middle_of_what_may_come() -> None:
    said = found()
    assert said.plainly_short.tolist()[:5] == [12.0, 4.0, 0.0, 0.0, 0.0]
    # A urology may deliver 20 to 46, 33 in the middle, above the 32 it needs
    wider = Capacity(**{**vars(said), "spare_upper": np.where(said.needed == 32, 14.0, said.spare_upper)})
    assert wider.plainly_short[0] == 0.0
    assert wider.short[0] == 12.0

"""What pairing could avoid: further waits, long waits that may move, places that are spare."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.calibration.rates import Calibration, calibrate
from models.capacity.estimate import Capacity, capacity
from models.capacity.spare_appointments import per_stop
from models.errors import TandemError
from models.pairing.gains import (
    amounts_of,
    choices,
    further_wait,
    spare_places,
    stops_given,
    visit_minutes,
    worth,
)
from models.pairing.optimum import best_plan
from models.pairing.pairs import Limits, pair_of
from models.rtt.organisations import Place
from models.scenarios import assumptions
from tests.models.histories import england, still

pytestmark = pytest.mark.unit

VALUES = assumptions.resolve({})


def two_trusts(spare: float = 3.0, slow: float = 0.25) -> tuple[Calibration, Capacity]:
    """R00, booked at `slow` times the pace of R01, and R01 with `spare` clock stops a week."""
    history = still((4000, 4000))
    found = calibrate(history, england(), 0.4)
    booking = found.booking.copy()
    booking[0] *= slow
    held = capacity(history, england())
    shown = held.needed + np.array([0.0, spare])
    return replace(found, booking=booking), replace(held, shown=shown)


def test_a_wait_by_a_constant_chance() -> None:
    # An exit has a chance of 5% a week and takes 1.4 appointments: 7%. Nobody is removed. So (1 - 7%) / 7%.
    found, _ = two_trusts()
    even = replace(found, booking=np.full((2, 105), 0.05), removal=np.zeros((2, 105)))
    assert further_wait(even, 1.4) == pytest.approx(np.full((2, 105), 0.93 / 0.07))
    # Nobody booked at all is taken to wait two years.
    never = replace(even, booking=np.zeros((2, 105)))
    assert further_wait(never, 1.4)[:, 0] == pytest.approx(103.0)


def test_a_wait_that_ends_at_a_certain_week() -> None:
    # Seen for sure at 20 weeks: those at 17 wait three more, those at 20 none.
    found, _ = two_trusts()
    booking = np.zeros((2, 105))
    booking[:, 20:] = 1.0
    certain = further_wait(replace(found, booking=booking, removal=np.zeros((2, 105))), 1.0)
    share = 1 - 1 / 104  # stays on a week, at the least chance of being seen
    assert certain[0, 17] == pytest.approx(share + share**2 + share**3)
    assert certain[0, 20] == 0.0


def test_what_becomes_of_a_hundred_offers() -> None:
    # 7.6 miss it; of 92.4 who come 8% must be repeated, 7.4; a quarter of the 85.0 left need a diagnostic.
    # By telephone as by video, so that the mixture is the same.
    found = worth(VALUES)
    assert found.missed == pytest.approx(0.076)
    assert found.repeated == pytest.approx(0.924 * 0.08)
    assert found.sent_home == pytest.approx(0.924 * 0.92 * 0.25)
    assert found.kept == pytest.approx(0.924 * 0.92 * 0.75)


def test_spare_places_are_those_that_could_be_virtual() -> None:
    found, held = two_trusts(spare=3.0)
    each = per_stop(found, VALUES, {}, held)
    places = spare_places(found, held, VALUES)
    # Orthopaedics: fewer could be virtual than the minutes would hold.
    assert places[1] == pytest.approx(3 * each.most_virtual[1] / (1 - 0.076))
    assert places[1] < 3 * each.minutes[1] / visit_minutes(VALUES)
    assert places[0] == 0


def test_long_waits_flow_to_the_trust_that_sees_them_sooner() -> None:
    found, held = two_trusts()
    possible = choices(found, held, VALUES, Limits())
    assert (possible.home.tolist(), possible.partner.tolist()) == ([0], [1])
    # Orthopaedics: 40% of appointments could be virtual, for the 94% who can use it. Half a year for those
    # over 18 weeks, and those who come to wait as long in a week.
    able = 0.40 * 0.94
    over = found.first[0, 18:].sum()
    assert possible.wanted[0] == pytest.approx(able * (over / 26 + found.first[0, 17]))
    waits = found.first[0, 17:]
    further = further_wait(found, 1.4)
    sooner = (further[0, 17:] - further[1, 17:]) @ waits / waits.sum()
    assert possible.weeks[0] == pytest.approx(sooner * 0.924 * 0.92 * 0.75)
    # No sooner, no flow; none spare, no flow.
    assert not len(choices(*two_trusts(slow=1.0), VALUES, Limits()).home)
    assert not len(choices(*two_trusts(spare=0.0), VALUES, Limits()).home)


def test_a_distance_is_between_head_offices() -> None:
    found, held = two_trusts()
    places = {"R00": Place(53.0, -2.0), "R01": Place(54.0, -2.0)}  # a degree apart: 69 miles
    assert len(choices(found, held, VALUES, Limits(miles=70), places).home) == 1
    assert len(choices(found, held, VALUES, Limits(miles=68), places).home) == 0
    assert len(choices(found, held, VALUES, Limits(miles=70), {}).home) == 0


def test_a_pin_of_a_trust_elsewhere_is_refused() -> None:
    found, held = two_trusts()
    with pytest.raises(TandemError, match="R00 and RXX are pinned, and RXX has nobody waiting"):
        choices(found, held, VALUES, Limits(pinned=frozenset({pair_of("R00:RXX")})))


@given(some.floats(0.5, 60.0), some.floats(0.1, 0.9))
def test_no_plan_lets_a_giver_break_its_floor(spare: float, slow: float) -> None:
    found, held = two_trusts(spare, slow)
    possible = choices(found, held, VALUES, Limits())
    given_away = np.zeros(2)
    for flow in best_plan(possible, Limits()).flows:
        given_away[found.providers == flow.partner] += flow.a_week
    forgone = stops_given(found, held, VALUES, given_away)
    left = amounts_of(found, held, held.shown) - forgone
    assert (left >= amounts_of(found, held, held.needed) - 1e-6)[given_away > 0].all()

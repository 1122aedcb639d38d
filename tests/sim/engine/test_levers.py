"""What each lever does, in numbers: against the baseline on the same random numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.errors import TandemError
from models.scenarios.levers import LEVERS
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import read_scenario
from sim.engine.state import MEASURES
from sim.engine.world import World
from sim.runs.results import Results
from sim.runs.runner import run
from tests.sim.clinics import FIXED, away, board

pytestmark = pytest.mark.unit

WEEKS = 40


def pulled(*levers: dict[str, Any], **how: Any) -> Results:
    world = FIXED | how.pop("world", {})
    scenario = read_scenario({"name": "tried", "levers": list(levers), "assumptions": world})
    return run(board(), scenario, **({"weeks": WEEKS, "replications": 10, "workers": 1} | how))


def a_week(results: Results, name: str, rows: Any = slice(None)) -> np.ndarray:
    """A measure by week, all replications and the chosen series together. (weeks,)"""
    return results.counts[:, rows, :, MEASURES.index(name)].sum(axis=(0, 1))


def balance(results: Results) -> None:
    """Patients in are patients out, in every replication, series and week, those who move included."""
    of = {name: results.counts[..., i].astype(int) for i, name in enumerate(MEASURES)}
    opening = np.broadcast_to(results.opening.sum(axis=1)[None, :, None], of["waiting"][:, :, :1].shape)
    before = np.concatenate([opening, of["waiting"][:, :, :-1]], axis=2)
    out = of["stops_non_admitted"] + of["stops_admitted"] + of["removals"] + of["moved_out"]
    assert (before + of["clock_starts"] + of["moved_in"] == of["waiting"] + out).all()
    assert (results.counts >= 0).all()


def test_advice_answers_its_share_of_referrals_without_a_clock() -> None:
    base, found = pulled(), pulled({"lever": "advice_and_guidance", "share": 20, "full_by": "+0w"})
    advised, starts = a_week(found, "advice_given").sum(), a_week(found, "clock_starts").sum()
    # the same referrals as the baseline's: each is answered or starts a clock
    assert advised + starts == a_week(base, "clock_starts").sum()
    assert abs(advised - 0.2 * (advised + starts)) < 4 * np.sqrt(0.2 * 0.8 * (advised + starts))
    balance(found)


def test_patient_initiated_follow_up_frees_time_for_new_patients() -> None:
    never_back = {"pifu_returns": 0, "pifu_safety": 0}
    base = pulled(world=never_back)
    found = pulled({"lever": "patient_initiated_follow_up", "share": 50, "full_by": "+0w"}, world=never_back)
    seen = ("follow_up_virtual", "follow_up_face_to_face")
    later = slice(20, None)  # the first reach back 13 weeks, to promises made before
    before = sum(a_week(base, name)[later].sum() for name in seen)
    after = sum(a_week(found, name)[later].sum() for name in seen)
    assert after < 0.85 * before  # reviews on the pathway, 0.4 of 2.03, are not left to the patient
    assert a_week(found, "patient_initiated").sum() > 0
    assert a_week(found, "waiting")[-1] < a_week(base, "waiting")[-1]


def test_follow_ups_that_all_come_back_are_no_fewer() -> None:
    all_back = {"pifu_returns": 100}
    base = pulled(world=all_back)
    found = pulled({"lever": "patient_initiated_follow_up", "share": 50, "full_by": "+0w"}, world=all_back)
    # every one left to the patient returns after the same 13 weeks: the same diary, but for whole patients
    seen = [a_week(each, "follow_up_virtual").sum() for each in (found, base)]
    assert seen[0] / seen[1] == pytest.approx(1, abs=0.005)


def test_missed_appointments_fall_by_the_share_asked() -> None:
    base, found = pulled(), pulled({"lever": "missed_appointments", "reduction": 50, "full_by": "+0w"})

    def missed_share(results: Results) -> float:
        missed = sum(a_week(results, n).sum() for n in ("missed_face_to_face", "missed_virtual"))
        seen = sum(
            a_week(results, f"{visit}_{medium}").sum()
            for visit in ("first", "follow_up")
            for medium in ("face_to_face", "virtual")
        )
        return float(missed / (missed + seen))

    assert missed_share(base) == pytest.approx(0.076, abs=0.002)  # the register's 7.6%
    assert missed_share(found) == pytest.approx(0.038, abs=0.002)
    assert a_week(found, "waiting")[-1] < a_week(base, "waiting")[-1]


def test_overbooking_fills_missed_slots_and_no_more() -> None:
    base, found = pulled(), pulled({"lever": "missed_appointments", "reduction": 0, "overbooking": 5})
    firsts = [
        sum(a_week(r, n)[10:].sum() for n in ("first_virtual", "first_face_to_face")) for r in (base, found)
    ]
    # 5% more bookings where 7.6% are missed: nearly all find a place, and lead to follow-ups of their own
    assert 1.005 < firsts[1] / firsts[0] < 1.05


def test_emeritus_consultants_hold_virtual_firsts_alone() -> None:
    base, found = pulled(), pulled({"lever": "emeritus_consultants", "sessions": 6})
    # 6 sessions x 210 minutes / (30 minutes x 0.85) = 49 bookings a week, 92.4% of which are attended
    more = (a_week(found, "first_virtual") - a_week(base, "first_virtual"))[:4].mean() / 10
    assert more == pytest.approx(49.4 * 0.924, rel=0.08)
    balance(found)


def test_the_independent_sector_takes_the_longest_waits_to_be_admitted() -> None:
    base, found = pulled(), pulled({"lever": "independent_sector", "slots": 30})
    moved = a_week(found, "moved_out") / 10
    assert moved.mean() == pytest.approx(30, rel=0.02)
    assert a_week(found, "waiting_admission")[-1] < a_week(base, "waiting_admission")[-1]
    assert (a_week(found, "over_52") <= a_week(base, "over_52")).all()
    balance(found)


def test_validation_takes_off_its_share_of_long_waits_and_no_others() -> None:
    lever = {"lever": "validation", "removed": 10, "waited": 26, "every": 0, "starts": "+3w"}
    found = pulled(lever, replications=40)
    taken = a_week(found, "validated")
    assert taken[3] > 0
    assert taken.sum() == taken[3]  # once
    # those 26 weeks or more when the week begins: 26 bands older, 10% of them, less that week's removals
    base = pulled(replications=40)
    opening = board().waiting
    assert taken[3] / 40 < 0.1 * opening[:, 22:].sum()
    assert taken[3] / 40 > 0.07 * opening[:, 22:].sum()
    assert (found.counts[:, :, :3] == base.counts[:, :, :3]).all()
    again = pulled(lever | {"every": 12})
    assert np.flatnonzero(a_week(again, "validated")).tolist() == [3, 15, 27, 39]
    balance(found)


def test_longest_first_shortens_the_longest_wait_at_no_cost_in_numbers() -> None:
    base, found = pulled(), pulled({"lever": "booking_order", "share": 100, "full_by": "+0w"})
    assert a_week(found, "over_52")[-1] < 0.5 * a_week(base, "over_52")[-1]
    firsts = [
        sum(a_week(r, f"{n}_{m}").sum() for n in ("first",) for m in ("virtual", "face_to_face"))
        for r in (base, found)
    ]
    assert firsts[1] > 0
    balance(found)


def test_aiming_at_the_longest_waits_leaves_the_others_as_booked() -> None:
    aimed = pulled({"lever": "booking_order", "share": 100, "waited": 52, "full_by": "+0w"})
    base = pulled()
    assert a_week(aimed, "over_52")[-1] < 0.2 * a_week(base, "over_52")[-1]
    throughout = pulled({"lever": "booking_order", "share": 100, "full_by": "+0w"})
    assert a_week(aimed, "within_18")[-1] < a_week(throughout, "within_18")[-1]


def test_a_strike_takes_its_share_of_the_week_and_ends() -> None:
    base = pulled()
    found = pulled({"lever": "capacity_shock", "lost": 40, "starts": "+8w", "weeks": 1})
    assert (found.counts[:, :, :8] == base.counts[:, :, :8]).all()
    admitted = a_week(found, "stops_admitted") / a_week(base, "stops_admitted")
    assert admitted[8] == pytest.approx(0.6, abs=0.03)
    assert admitted[9] == pytest.approx(1.0, abs=0.03)
    assert a_week(found, "waiting")[9] > a_week(base, "waiting")[9]


def test_patients_ask_for_virtual_where_they_wait_long() -> None:
    base, found = pulled(), pulled({"lever": "asking_for_virtual", "share": 50})
    ratio = a_week(found, "first_virtual")[1:].sum() / a_week(base, "first_virtual")[1:].sum()
    assert ratio > 1.3
    assert (found.counts[:, :, 0] == base.counts[:, :, 0]).all()  # they ask by last week's wait


def test_telephone_has_its_share_of_virtual_appointments() -> None:
    found = pulled()
    virtual = a_week(found, "first_virtual").sum() + a_week(found, "follow_up_virtual").sum()
    by_telephone = a_week(found, "first_by_telephone").sum() + a_week(found, "follow_up_by_telephone").sum()
    assert by_telephone / virtual == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / virtual))


def seen_virtually(results: Results, kind: str = "first", weeks: slice = slice(20, None)) -> float:
    """Share of attendances of a kind that are virtual, in the weeks chosen."""
    virtual = a_week(results, f"{kind}_virtual")[weeks].sum()
    return float(virtual / (virtual + a_week(results, f"{kind}_face_to_face")[weeks].sum()))


def test_each_kind_of_appointment_has_its_own_medium() -> None:
    lever = {"lever": "virtual_by_default", "first_by_telephone": 10, "follow_up_by_telephone": 90}
    found = pulled(lever | {"full_by": "+0w"})
    for kind, share in (("first", 0.1), ("follow_up", 0.9)):
        virtual = a_week(found, f"{kind}_virtual").sum()
        by_telephone = a_week(found, f"{kind}_by_telephone").sum()
        assert by_telephone / virtual == pytest.approx(share, abs=4 * np.sqrt(0.09 / virtual))
    left = pulled({"lever": "virtual_by_default", "full_by": "+0w"})
    virtual = a_week(left, "first_virtual").sum()
    assert a_week(left, "first_by_telephone").sum() / virtual == pytest.approx(0.6, abs=0.01)  # as today
    balance(found)


def test_video_alone_does_not_reach_those_who_can_only_use_the_telephone() -> None:
    world = {"cannot_use_virtual": 6, "cannot_use_video": 40, "virtual_repeat": 0}
    lever = {"lever": "virtual_by_default", "full_by": "+0w"}
    found = {
        telephone: pulled(
            lever | {"first_by_telephone": telephone, "follow_up_by_telephone": 60}, world=world
        )
        for telephone in (0, 60)
    }
    # of those who can be seen virtually 54 / 94 = 57% can use video: by video alone as many times fewer
    assert seen_virtually(found[0]) / seen_virtually(found[60]) == pytest.approx(54 / 94, abs=0.01)
    assert a_week(found[0], "first_by_telephone").sum() == 0


def test_the_alternative_is_kept_for_those_who_choose_it() -> None:
    lever = {"lever": "virtual_by_default", "full_by": "+0w"}
    share = [seen_virtually(pulled(lever | {"declined": declined})) for declined in (0, 25, 100)]
    # three quarters of bookings: the repeats, 8%, are fewer too, so 75% and a little more
    assert share[1] / share[0] == pytest.approx(0.75, abs=0.02)
    # nobody goes over, but who is seen virtually today goes on being so
    assert share[2] == pytest.approx(seen_virtually(pulled()), abs=0.005)


def test_a_telephone_that_fails_more_often_sends_more_of_its_patients_back() -> None:
    world = {"telephone_repeat_relative": 2, "telephone_missed_relative": 1.5, "telephone_slot_relative": 0.8}
    lever = {"lever": "virtual_by_default", "full_by": "+0w"}
    rates = []
    for telephone in (0, 100):
        both = {"first_by_telephone": telephone, "follow_up_by_telephone": telephone}
        found = pulled(lever | both, world=world | {"cannot_use_video": 0})
        virtual = sum(a_week(found, f"{kind}_virtual").sum() for kind in ("first", "follow_up"))
        missed = a_week(found, "missed_virtual").sum()
        rates.append((a_week(found, "repeated").sum() / virtual, missed / (virtual + missed)))
        balance(found)
    assert rates[0] == pytest.approx((0.08, 0.076), abs=0.003)
    assert rates[1] == pytest.approx((0.16, 0.114), abs=0.003)  # twice, and half as much again


def test_pairing_takes_the_partners_spare_time_and_no_more() -> None:
    # two exits a day spare in each series of the partner's; an exit costs minutes_an_exit of clinic time
    spare = replace(board(), spare=np.where(board().providers == "RNQ", 2.0, 0.0))
    scenario = read_scenario(
        {"name": "spare", "levers": [pair(given=0, from_spare=50, weekly_limit=2000)], "assumptions": FIXED}
    )
    found = run(spare, scenario, weeks=6, replications=20, workers=1)
    balance(found)
    partner = found.chosen(["RNQ"])
    counts = np.zeros((1, len(found.providers), 1, len(MEASURES)), np.int32)
    opened = World(spare, scenario, 1, [0], 1, counts)
    minutes = 0.5 * 2.0 * opened.minutes_an_exit[partner].sum() * opened.days[0]
    sent = a_week(found, "moved_in", partner)[0] / 20
    assert sent == pytest.approx(minutes / 25.5, rel=0.03)
    unknown = pulled(pair(given=0, from_spare=100))  # nobody has told what is spare
    assert unknown.counts.tobytes() == pulled().counts.tobytes()
    none = run(replace(board(), spare=np.zeros(9)), scenario, weeks=6, replications=2)
    base = run(board(), baseline_for(scenario), weeks=6, replications=2)
    assert none.counts.tobytes() == base.counts.tobytes()


def pair(**how: Any) -> dict[str, Any]:
    return {"lever": "trust_pairing", "home": "RWE", "partner": "RNQ", "weekly_limit": 30} | how


def test_pairing_moves_the_clock_with_the_patient_and_counts_both_ways() -> None:
    base, found = pulled(), pulled(pair(given=20))
    balance(found)
    home, partner, other = (found.chosen([code]) for code in ("RWE", "RNQ", "NT322"))
    sent = a_week(found, "moved_out", home).sum()
    # 30 a week to begin with; later no more of them have waited 26 weeks
    assert a_week(found, "moved_out", home)[0] / 10 == pytest.approx(30, rel=0.1)
    assert a_week(found, "moved_in", partner).sum() == sent
    assert a_week(found, "moved_in", home).sum() == a_week(found, "moved_out", partner).sum()
    # at the partner a clock stops; whoever needs more is at home again, with the clock running
    stopped = sent - a_week(found, "moved_in", home).sum()
    assert 0.3 < stopped / sent < 0.55
    assert a_week(found, "waiting", home)[-1] < a_week(base, "waiting", home)[-1]
    assert a_week(found, "waiting", partner)[-1] > a_week(base, "waiting", partner)[-1]
    assert (found.counts[:, other] == base.counts[:, other]).all()


def test_pairing_takes_no_more_of_the_partner_than_is_given() -> None:
    found = pulled(pair(given=1, weekly_limit=2000), replications=20)
    sent = a_week(found, "moved_out", found.chosen(["RWE"])).mean() / 20
    # 1% of the partner's minutes, 25.5 minutes each: held to the model's own minutes
    counts = np.zeros((1, len(found.providers), 1, len(MEASURES)), np.int32)
    world = World(board(), read_scenario({"name": "fixed", "assumptions": FIXED}), 1, [0], 1, counts)
    minutes = 0.01 * world.inputs.minutes[found.chosen(["RNQ"])].sum() * world.days.mean()
    assert sent == pytest.approx(minutes / 25.5, rel=0.1)


@pytest.mark.parametrize("none", [{"weekly_limit": 0}, {"given": 0}, {"waited": 104, "given": 20}])
def test_pairing_with_nothing_spare_moves_nobody(none: dict[str, Any]) -> None:
    found = pulled(pair(**none))
    if "waited" in none:  # the few who have waited two years are soon seen
        assert a_week(found, "moved_out")[0] <= 10 * board().waiting[:, 100:].sum()
    else:
        assert found.counts.tobytes() == pulled().counts.tobytes()


def test_pairing_with_a_trust_that_is_not_here_is_refused() -> None:
    with pytest.raises(TandemError, match="trust_pairing names provider RXN, which has nobody waiting"):
        pulled(pair(partner="RXN"))
    with pytest.raises(TandemError, match="names provider ZZZ"):
        pulled({"lever": "referral_growth", "providers": ["ZZZ"]})


def test_a_baseline_stands_in_its_scenarios_world() -> None:
    lever = {"lever": "virtual_by_default", "starts": "+6w", "ceilings": {"C_110": 70}}
    scenario = read_scenario({"name": "held", "levers": [lever]})
    found = run(board(), scenario, weeks=12, replications=3)
    base = run(board(), baseline_for(scenario), weeks=12, replications=3)
    assert (found.counts[:, :, :6] == base.counts[:, :, :6]).all()
    assert (found.counts != base.counts).any()


def test_every_lever_at_once_still_conserves_patients() -> None:
    own = {"trust_pairing": pair(given=10), "missed_appointments": {"overbooking": 5}}
    levers = [{"lever": name} | own.get(name, {}) for name in LEVERS]
    scenario = read_scenario({"name": "all", "levers": levers})  # the evidence differing by replication
    found = run(board(), scenario, weeks=WEEKS, replications=10, workers=1)
    balance(found)
    split = run(board(), scenario, weeks=WEEKS, replications=10, workers=3)
    assert found.counts.tobytes() == split.counts.tobytes()
    assert away(found.total("waiting")[:, -1].astype(float), 0.0) > 4

"""A question about any two trusts, on cases small enough to work by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from models.errors import TandemError
from models.pairing.optimum import best_plan, plan_without
from models.pairing.pairs import Choices, Limits, named, pair_of
from models.pairing.why_not import about_pair, answer_said, leg_said
from tests.models.pairing.test_pairs import NAMES, SHARED, TRUSTS, choices_of, small_choices, some_limits

pytestmark = pytest.mark.unit


def test_a_pair_that_is_in_the_plan() -> None:
    plan = best_plan(SHARED, Limits())
    answer = about_pair(SHARED, SHARED, Limits(), plan, pair_of("RAA:RDD"), NAMES)
    assert answer.in_plan
    # Without Ash-Dale 60 of 68, with Birch and Dale instead: see test_pairing.
    assert answer.difference == pytest.approx(-8)
    assert [named(each) for each in answer.instead] == ["RBB and RDD"]
    assert answer_said(answer, NAMES) == (
        "Ash and Dale are in the plan. Without them 8 fewer weeks would be avoided, each week."
    )
    (leg,) = answer.legs  # Dale wants nothing
    assert (leg.wanted, leg.spare, leg.most, leg.planned, leg.reason) == (8, 4, 4, 4, "")
    pinned = Limits(pinned=frozenset({pair_of("RAA:RDD")}))
    kept = about_pair(SHARED, SHARED, pinned, best_plan(SHARED, pinned), pair_of("RAA:RDD"), NAMES)
    assert answer_said(kept, NAMES) == "Ash and Dale are in the plan because they are pinned."


def test_a_pair_whose_spare_does_more_elsewhere() -> None:
    # Pinned, Birch and Dale may have nothing: the plan avoids as much.
    plan = best_plan(SHARED, Limits())
    answer = about_pair(SHARED, SHARED, Limits(), plan, pair_of("RBB:RDD"), NAMES)
    assert (answer.in_plan, answer.alone) == (False, 4.0)
    assert answer.difference == pytest.approx(0)
    assert leg_said(answer.legs[0], NAMES) == (
        "Dale for Birch, urology: 9 wanted a week, 4 to spare, 4 could flow and avoid 4 weeks. Dale’s spare "
        "urology appointments go to Ash."
    )


def test_a_pair_that_takes_a_partner_s_place() -> None:
    # One partner each: 56 with Ash-Dale and Birch-Cedar; Ash-Cedar leaves Birch-Dale, 48 + 4 = 52.
    limits = Limits(partners=1)
    answer = about_pair(SHARED, SHARED, limits, best_plan(SHARED, limits), pair_of("RAA:RCC"), NAMES)
    assert answer.alone == pytest.approx(48)
    assert answer.difference == pytest.approx(-4)
    assert answer_said(answer, NAMES) == (
        "Ash and Cedar are not in the plan. By themselves they would avoid 48 weeks, each week. The best "
        "plan with them would avoid 4 fewer, without Ash and Dale and Birch and Cedar."
    )
    full = Limits(partners=1, pinned=frozenset({pair_of("RBB:RCC")}))
    said = answer_said(
        about_pair(SHARED, SHARED, full, best_plan(SHARED, full), pair_of("RAA:RCC"), NAMES), NAMES
    )
    assert said.endswith("They can't be pinned beside your pins within the partners allowed.")


def test_the_limit_that_stops_a_pair_is_named() -> None:
    plan = best_plan(SHARED, Limits())
    pair, none = pair_of("RBB:RDD"), SHARED.only(np.empty(0, np.intp))
    barred = {
        Limits(treatment_functions=("C_502",)): "It is not among the specialties chosen.",
        Limits(miles=25): "The trusts are 40 miles apart, and 25 miles are allowed.",
        Limits(): "The board of one of them is left out.",
    }
    for limits, reason in barred.items():
        answer = about_pair(SHARED, none, limits, best_plan(none, limits), pair, NAMES, miles=40.0)
        assert [leg.reason for leg in answer.legs] == [reason]
        assert answer_said(answer, NAMES).endswith("your limits leave nothing to flow between them.")
    banned = Limits(banned=frozenset({pair}))
    assert about_pair(SHARED, SHARED, banned, plan, pair, NAMES).legs[0].reason == "The pair is banned."


def test_what_could_never_flow() -> None:
    found = choices_of(
        wanted={("RAA", "C_101"): 8, ("RAA", "C_502"): 3, ("RAA", "C_330"): 5, ("RAA", "C_110"): 7},
        spare={("RBB", "C_101"): 0.2, ("RBB", "C_330"): 6, ("RBB", "C_502"): 4},
        weeks={},
    )
    own = replace(found, spare=np.where(found.treatment_functions == "C_502", 4.0, found.spare))
    answer = about_pair(own, own, Limits(), best_plan(own, Limits()), pair_of("RAA:RBB"), NAMES)
    assert {leg.treatment_function: leg.reason for leg in answer.legs} == {
        "C_101": "Above its floor Birch has nothing to spare in it.",
        "C_502": "Ash has 4 a week of its own to spare, for its own long waits first.",
        "C_330": "Ash’s long waits would not be seen sooner there.",
        "C_110": "Birch has nobody waiting in it.",
    }
    assert "nothing could flow between them" in answer_said(answer, NAMES)
    with pytest.raises(TandemError, match="Dale has nobody waiting in QX1"):
        about_pair(own, own, Limits(), best_plan(own, Limits()), pair_of("RAA:RDD"), NAMES)


def test_without_a_pair_and_the_others_as_they_are() -> None:
    # Ash-Dale out: Ash's 4 find Cedar full (4 of Ash, 6 of Birch) and Birch's last 3 go to Dale: 68 - 20 + 3.
    plan = best_plan(SHARED, Limits())
    (pair,) = (each for each in plan.pairs if each.trusts == pair_of("RAA:RDD"))
    other = plan_without(SHARED, Limits(), plan, pair)
    assert other.weeks == pytest.approx(51)
    assert sorted(map(named, other.trusts - plan.trusts)) == ["RBB and RDD"]
    # with one partner each nobody else has room, and all 20 are lost
    one = best_plan(SHARED, Limits(partners=1))
    (pair,) = (each for each in one.pairs if each.trusts == pair_of("RAA:RDD"))
    assert plan_without(SHARED, Limits(partners=1), one, pair).weeks == pytest.approx(56 - 20)


@settings(max_examples=30, deadline=None)
@given(small_choices(), some_limits)
def test_a_plan_without_a_pair_keeps_the_limits(choices: Choices, limits: Limits) -> None:
    plan = best_plan(choices, limits)
    for pair in plan.pairs:
        if pair.pinned:
            continue
        other = plan_without(choices, limits, plan, pair)
        anew = best_plan(choices, replace(limits, banned=limits.banned | {pair.trusts}))
        assert plan.weeks - pair.weeks - 1e-6 <= other.weeks <= anew.weeks * (1 + 2e-4) + 1e-6
        wanted, spare = choices.left(other.flows)
        assert min(wanted.min(), spare.min()) >= -1e-6
        assert all(sum(code in each.trusts for each in other.pairs) <= limits.partners for code in TRUSTS)
        assert pair.trusts not in other.trusts
        assert limits.pinned <= other.trusts

"""Which lever did what: shares that add up in every replication, whatever the order of the levers."""

from threading import Event
from typing import Any

import numpy as np
import pytest

from models.errors import TandemError
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario, read_scenario
from sim.runs.common_random_numbers import PairedRuns
from sim.runs.runner import Cancelled
from sim.studies.attribution import attribute, coalition_of, labels
from tests.sim.clinics import board

pytestmark = pytest.mark.unit

ADVICE = {"lever": "advice_and_guidance", "share": 20, "full_by": "+0w"}
MISSED = {"lever": "missed_appointments", "reduction": 60, "full_by": "+0w"}
EXTRA = {"lever": "extra_sessions", "clinics": 30, "theatre_slots": 20}
STRIKE = {"lever": "capacity_shock", "lost": 60, "starts": "+1w", "weeks": 2}
PAIR = {"lever": "trust_pairing", "home": "RWE", "partner": "RNQ", "weekly_limit": 20, "waited": 10}
BACK = PAIR | {"home": "RNQ", "partner": "NT322"}
CEILINGS = {"lever": "virtual_by_default", "full_by": "+0w", "ceilings": {"C_110": 80, "X02": 10}}

PAIRED = PairedRuns(("waiting", "share_within_18", "over_52"), weeks=16, replications=4, workers=1)


def pulled(*levers: dict[str, Any]) -> Scenario:
    return read_scenario({"name": "tried", "levers": list(levers), "assumptions": {"virtual_repeat": 12}})


def test_each_replications_shares_add_up_to_its_own_change() -> None:
    scenario = pulled(ADVICE, EXTRA, STRIKE)
    found = attribute(board(), scenario, PAIRED)
    ends = PAIRED.outcomes([(board(), scenario), (board(), baseline_for(scenario))])
    assert found.shares.sum(axis=0) == pytest.approx(ends[0] - ends[1], abs=1e-9)
    assert found.baseline.tolist() == ends[1].tolist()
    assert found.end("waiting").mean == pytest.approx(ends[0][0].mean())
    assert (found.runs, found.orders, found.error) == (8, 0, None)
    # advice and more clinics shorten the list, a strike lengthens it
    assert [np.sign(found.share(lever, "waiting").mean) for lever in range(3)] == [-1, -1, 1]


def test_the_order_of_the_levers_does_not_matter() -> None:
    one = attribute(board(), pulled(ADVICE, MISSED, EXTRA), PAIRED)
    other = attribute(board(), pulled(EXTRA, ADVICE, MISSED), PAIRED)
    assert other.shares[[1, 2, 0]] == pytest.approx(one.shares, abs=1e-9)


def test_a_lever_alone_has_all_of_the_change_and_one_at_its_neutral_value_none() -> None:
    alone = attribute(board(), pulled(ADVICE), PAIRED)
    assert alone.share(0, "waiting") == alone.change("waiting")
    with_idle = attribute(board(), pulled(ADVICE, EXTRA | {"clinics": 0, "theatre_slots": 0}), PAIRED)
    assert (with_idle.shares[1] == 0).all()
    assert with_idle.shares[0].tolist() == alone.shares[0].tolist()


def test_coalitions_stand_in_the_world_of_the_whole() -> None:
    both = pulled(CEILINGS, CEILINGS | {"ceilings": {"C_110": 20}, "providers": ["RWE"]}, ADVICE)
    none, second = coalition_of(both, 0), coalition_of(both, 0b010)
    assert none.levers == ()
    assert none.assumptions == both.assumptions
    assert second.levers == (both.levers[1],)
    # whose ceiling holds is settled by the scenario's order, whoever is pulled
    assert second.ceilings_of == none.ceilings_of == both.levers[:2]
    ends = PAIRED.outcomes(
        [(board(), each) for each in (none, baseline_for(both), coalition_of(both, 0b111), both)]
    )
    assert ends[0].tolist() == ends[1].tolist()
    assert ends[2].tolist() == ends[3].tolist()


def test_two_levers_of_a_kind_are_two_players_with_names_of_their_own() -> None:
    found = attribute(board(), pulled(PAIR, BACK, ADVICE), PAIRED)
    assert found.levers == ("Trust pairing (RWE, RNQ)", "Trust pairing (RNQ, NT322)", "Advice and guidance")
    assert found.runs == 8
    twice = pulled(EXTRA, EXTRA | {"treatment_functions": ["C_110"]}, EXTRA)
    assert labels(twice.levers) == (
        "Extra sessions, 1",
        "Extra sessions (Trauma and orthopaedics)",
        "Extra sessions, 2",
    )


def test_more_levers_than_runs_are_estimated_and_say_so() -> None:
    scenario = pulled(ADVICE, MISSED, EXTRA, STRIKE, CEILINGS)
    exact = attribute(board(), scenario, PAIRED)
    found = attribute(board(), scenario, PAIRED, most_runs=24)
    assert found.shares.sum(axis=0) == pytest.approx(exact.shares.sum(axis=0), abs=1e-9)
    assert found.error is not None
    assert found.runs <= 24
    assert found.orders >= 4
    out = np.abs(found.shares.mean(axis=-1) - exact.shares.mean(axis=-1))
    # the greatest error is the one that is told; one lever's own, from a few pairs, may be small by chance
    assert out[:, 0].max() < 3 * found.error[:, 0].max()
    said = found.sentences("waiting")[-1]
    assert said.startswith(f"These shares are estimated from {found.orders} of the 120 orders")
    assert exact.caution("waiting") == ""


def test_sentences_give_the_whole_and_then_the_greatest_share_first() -> None:
    found = attribute(board(), pulled(EXTRA, ADVICE), PAIRED)
    said = found.sentences("waiting")
    # the sixteenth week after August 2025 ends on 21 December
    assert said[0].startswith("By December 2025, all levers together: ")
    means = {label: found.share(place, "waiting").mean for place, label in enumerate(found.levers)}
    named = [line.partition(":")[0] for line in said[1:]]
    assert named == sorted(means, key=lambda label: -abs(means[label]))
    assert all("fewer waiting (80%: " in line for line in said)


def test_the_frame_goes_step_by_step_from_baseline_to_scenario() -> None:
    found = attribute(board(), pulled(EXTRA, ADVICE), PAIRED).frame()
    here = found[found["measure"] == "waiting"]
    assert here["step"].tolist() == ["baseline", "Extra sessions", "Advice and guidance", "scenario"]
    means = here["mean"].to_numpy()
    assert means[:3].sum() == pytest.approx(means[3])
    assert found["unit"].unique().tolist() == ["patients", "%", "points"]


def test_without_levers_there_is_nothing_to_share() -> None:
    with pytest.raises(TandemError, match="pulls no lever"):
        attribute(board(), pulled(), PAIRED)


def test_it_stops_when_asked() -> None:
    cancel, heard = Event(), list[float]()

    def stop(share: float) -> None:
        heard.append(share)
        if share > 0.5:
            cancel.set()

    with pytest.raises(Cancelled):
        attribute(board(), pulled(EXTRA, ADVICE), PAIRED, progress=stop, cancel=cancel)
    assert 0.5 < max(heard) < 0.6

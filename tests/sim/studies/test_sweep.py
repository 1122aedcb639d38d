"""Settings moved over a grid: each combination as if run alone, and requests that can't be understood."""

from threading import Event
from typing import Any

import pytest

from models.errors import TandemError
from models.scenarios.presets import preset
from models.scenarios.scenario import Scenario, read_scenario
from sim.runs.common_random_numbers import PairedRuns
from sim.runs.runner import Cancelled
from sim.studies.sweep import MOST_COMBINATIONS, sweep, vary
from tests.sim.clinics import board

pytestmark = pytest.mark.unit

PAIRED = PairedRuns(("waiting", "share_within_18"), weeks=8, replications=3, workers=1)
PAIR = {"lever": "trust_pairing", "home": "RWE", "partner": "RNQ"}


def pulled(*levers: dict[str, Any]) -> Scenario:
    return read_scenario({"name": "tried", "levers": list(levers)})


def test_every_combination_is_run_as_if_alone() -> None:
    scenario, variations = vary(
        pulled({"lever": "extra_sessions"}), ["extra_sessions.clinics=5,50", "extra_sessions.starts=+0w,+4w"]
    )
    found = sweep(board(), scenario, variations, PAIRED)
    assert found.combinations == ((5.0, "+0w"), (5.0, "+4w"), (50.0, "+0w"), (50.0, "+4w"))
    alone = pulled({"lever": "extra_sessions", "clinics": 50, "starts": "+4w"})
    ends = PAIRED.outcomes([(board(), alone), (board(), preset("baseline"))])
    assert found.outcomes[3].tolist() == ends[0].tolist()
    assert found.baseline.tolist() == ends[1].tolist()
    assert found.change(3, "waiting").mean == pytest.approx((ends[0] - ends[1])[0].mean())
    # more clinics and sooner: the shortest list
    assert min(range(4), key=lambda place: found.end(place, "waiting").mean) == 2


def test_a_sweep_that_is_stopped_keeps_the_combinations_that_are_done() -> None:
    scenario, variations = vary(pulled({"lever": "extra_sessions"}), ["extra_sessions.clinics=5,50,90"])
    whole = sweep(board(), scenario, variations, PAIRED)
    cancel = Event()

    def stop(share: float) -> None:
        if share > 0.6:  # the baseline and the first are done at a half; the second is on its way
            cancel.set()

    found = sweep(board(), scenario, variations, PAIRED, progress=stop, cancel=cancel)
    assert found.combinations == ((5.0,),)
    assert (found.asked, whole.asked) == (3, 3)
    assert found.outcomes.tolist() == whole.outcomes[:1].tolist()
    with pytest.raises(Cancelled):  # nothing is done yet
        sweep(board(), scenario, variations, PAIRED, cancel=cancel)


def test_the_frame_has_a_row_for_each_measure_and_combination() -> None:
    scenario, variations = vary(preset("virtual-70"), ["virtual_by_default.first=30,70"])
    found = sweep(board(), scenario, variations, PAIRED).frame()
    assert found["virtual_by_default.first"].tolist() == [30, 70, 30, 70]
    assert found["measure"].tolist() == ["waiting", "waiting", "share_within_18", "share_within_18"]
    assert found["unit"].tolist() == ["patients", "patients", "%", "%"]
    assert (found["mean"] - found["baseline"]).to_numpy() == pytest.approx(found["change"].to_numpy())
    assert (found["lower"] <= found["mean"]).all()


def test_a_lever_that_is_not_pulled_is_added_with_its_other_dials_still() -> None:
    scenario, (variation,) = vary(preset("virtual-70"), ["extra_sessions.theatre_slots=0,10"])
    assert [each.lever.name for each in scenario.levers] == ["virtual_by_default", "extra_sessions"]
    assert (variation.place, variation.values) == (1, (0.0, 10.0))
    assert scenario.levers[1].number("clinics") == 0  # not the ten of its default
    assert (scenario.name, scenario.levers[0]) == ("virtual-70", preset("virtual-70").levers[0])


def test_a_lever_of_which_only_a_date_is_varied_is_added_at_its_defaults() -> None:
    scenario, (variation,) = vary(preset("baseline"), ["extra_sessions.starts=+0w,2026-04-06"])
    assert scenario.levers[0].number("clinics") == 10
    assert variation.values == ("+0w", "2026-04-06")


def test_one_of_two_of_a_kind_is_chosen_by_number() -> None:
    scenario, variations = vary(
        pulled(PAIR, PAIR | {"home": "NT322"}), ["trust_pairing#2.partner=RNQ,RWE", "trust_pairing#1.given=2"]
    )
    assert [(each.place, each.values) for each in variations] == [(1, ("RNQ", "RWE")), (0, (2.0,))]
    assert len(scenario.levers) == 2


@pytest.mark.parametrize(
    ("asked", "said", "remedy"),
    [
        (["extra_sessions.clinics"], "names no values", "LEVER.SETTING=VALUE"),
        (["extra.clinics=1"], "no lever called 'extra'", "extra_sessions"),
        (["extra_sessions.rooms=1"], "no setting 'rooms'", "clinics, theatre_slots, starts, ends"),
        (["virtual_by_default.ceilings=1"], "no setting 'ceilings'", "first, follow_up"),
        (["extra_sessions.clinics=many"], "'many' is not a number", "0 to 1,000 sessions a week"),
        (["extra_sessions.clinics=1", "extra_sessions.clinics=2"], "varied twice", "all of its values"),
        (["trust_pairing.given=1"], "pulls trust_pairing 2 times", "trust_pairing#2.given"),
        (["trust_pairing#3.given=1"], "no trust_pairing#3", "from 1"),
        (["virtual_by_default#1.first=1"], "0 times", "from 1"),
    ],
)
def test_what_cannot_be_varied_is_said(asked: list[str], said: str, remedy: str) -> None:
    with pytest.raises(TandemError, match=said) as fault:
        vary(pulled(PAIR, PAIR), asked)
    assert remedy in fault.value.remedy


def test_a_value_out_of_range_names_the_lever_and_the_range() -> None:
    scenario, variations = vary(preset("virtual-70"), ["virtual_by_default.first=30,130"])
    with pytest.raises(TandemError, match="first appointments held virtually is 130, outside 0 to 100%"):
        sweep(board(), scenario, variations, PAIRED)


def test_too_many_combinations_are_refused() -> None:
    many = ",".join(str(n) for n in range(15))
    scenario, variations = vary(
        preset("baseline"), [f"extra_sessions.clinics={many}", f"extra_sessions.theatre_slots={many}"]
    )
    with pytest.raises(TandemError, match="225 combinations") as fault:  # 15 x 15
        sweep(board(), scenario, variations, PAIRED)
    assert str(MOST_COMBINATIONS) in fault.value.remedy

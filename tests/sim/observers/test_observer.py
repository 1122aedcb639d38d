"""Observers: a small one counts what the run's own counts say, and however a run is cut all see the same."""

import itertools
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.scenarios.scenario import read_scenario
from sim.engine.state import BANDS
from sim.engine.world import World
from sim.observers.counts import Counts, CountsByTreatmentFunction
from sim.observers.equity import EquityObserver
from sim.observers.expected_waits import ExpectedWaitsObserver
from sim.observers.gp_work import ActivityObserver
from sim.observers.groups import GroupsObserver
from sim.observers.observer import Observer, Recorder, RunPart
from sim.observers.visits import VisitsObserver
from sim.observers.wait_profiles import ProfilesObserver
from sim.runs import work_units
from sim.runs.common_random_numbers import observe_each, with_baseline
from sim.runs.executors import Processes
from sim.runs.runner import Cancelled, observe, run
from sim.runs.work_units import Observers, Pieces, assembled, carry_out, unit_of
from tests.sim.clinics import board
from tests.sim.observers.test_equity import people

pytestmark = pytest.mark.unit

Patients = NDArray[np.int64]


class Counted:
    def __init__(self, world: World, part: RunPart) -> None:
        self.world, self.found = world, np.zeros((len(part.replications), part.weeks), np.int64)

    def week(self, week: int) -> None:
        begun_52_weeks_ago = BANDS + week - 52  # the newest cohort is BANDS + week
        self.found[:, week] = self.world.state.pathways[..., : begun_52_weeks_ago + 1].sum(axis=(0, 2, 3))

    def end(self) -> Patients:
        return self.found


@dataclass(frozen=True)
class LongWaits(Observer[Patients]):
    """Patients over 52 weeks at each week's end. (R, weeks)"""

    def start(self, world: World, part: RunPart) -> Recorder[Patients]:
        return Counted(world, part)


CALIBRATION = board(providers=["RWE", "RNQ", "NT322", "RXN"])
MIXED = read_scenario(
    {
        "name": "mixed",
        "levers": [
            {"lever": "trust_pairing", "home": "RWE", "partner": "RXN", "weekly_limit": 5},
            {"lever": "extra_sessions", "clinics": 2, "theatre_slots": 3},
            {"lever": "advice_and_guidance", "share": 20},
        ],
    }
)
WEEKS, REPLICATIONS = 9, 5
EVERY_KIND: Observers = (
    LongWaits(),
    Counts(),
    CountsByTreatmentFunction(),
    GroupsObserver("providers"),
    GroupsObserver("treatment_functions"),
    VisitsObserver(),
    ActivityObserver(),
    ProfilesObserver(),
    EquityObserver(people(CALIBRATION.series)),
)


def seen(observers: Observers = (LongWaits(),), **how: Any) -> tuple[Any, ...]:
    return observe(CALIBRATION, MIXED, observers, **({"weeks": WEEKS, "replications": REPLICATIONS} | how))


def arrays_of(found: Any) -> list[NDArray[Any]]:
    if isinstance(found, np.ndarray):
        return [found]
    return [each for each in vars(found).values() if isinstance(each, np.ndarray)]


def same(found: Any, whole: Any) -> bool:
    pairs = zip(arrays_of(found), arrays_of(whole), strict=True)
    plain = [
        {name: each for name, each in vars(value).items() if not isinstance(each, np.ndarray)}
        for value in (found, whole)
        if not isinstance(value, np.ndarray)
    ]
    return all(map(np.array_equal, *zip(*pairs, strict=True))) and plain[:1] == plain[1:]


def test_a_new_observer_sees_the_run_s_own_patients() -> None:
    ran = run(CALIBRATION, MIXED, weeks=WEEKS, replications=REPLICATIONS).total("over_52")
    assert ran.min() > 0
    for workers in (1, 3, 7):
        (found,) = seen(workers=workers)
        assert found.tolist() == ran.tolist()


def test_processes_see_the_same() -> None:
    whole = seen(EVERY_KIND, workers=1)
    with Processes(2) as pool:
        assert all(map(same, seen(EVERY_KIND, pool=pool), whole))


WHOLE = RunPart(CALIBRATION, MIXED, 1, WEEKS, range(REPLICATIONS), np.arange(CALIBRATION.series))
GROUPS = (["RWE", "RXN"], ["RNQ"], ["NT322"])  # what a pairing links stays together


@st.composite
def cuts(draw: st.DrawFn) -> list[tuple[range, list[NDArray[np.intp]]]]:
    """Batches of replications, each with shares of the providers in any order."""
    ends = sorted(draw(st.sets(st.integers(1, REPLICATIONS - 1))) | {0, REPLICATIONS})
    batches = []
    for begin, end in itertools.pairwise(ends):
        share = np.array(draw(st.lists(st.integers(0, 2), min_size=3, max_size=3)))
        of_series = np.array([share[[p in g for g in GROUPS].index(True)] for p in CALIBRATION.providers])
        rows = [np.flatnonzero(of_series == number) for number in set(share.tolist())]
        batches.append((range(begin, end), draw(st.permutations(rows))))
    return batches


def put_together(cut: list[tuple[range, list[NDArray[np.intp]]]]) -> Pieces:
    batches: list[Pieces] = []
    for replications, shares in cut:
        done = []
        for rows in shares:
            unit = unit_of(WHOLE, replications, rows, EVERY_KIND)
            pieces = carry_out(unit)
            assert pieces is not None
            done.append((unit, pieces))
        batches.append(assembled(replace(WHOLE, replications=replications), done, EVERY_KIND))
    return tuple(
        observer.result(WHOLE, observer.merged_replications([batch[place] for batch in batches]))
        for place, observer in enumerate(EVERY_KIND)
    )


@settings(max_examples=20, deadline=None)
@given(cuts())
def test_however_a_run_is_cut_every_observer_sees_the_same(cut: Any) -> None:
    assert all(map(same, put_together(cut), seen(EVERY_KIND, workers=1)))


@pytest.mark.parametrize("workers", [2, 5])
def test_sums_of_fractions_are_the_same_however_they_are_spread(workers: int) -> None:
    observer = ExpectedWaitsObserver((0, 3))
    how = {"weeks": observer.weeks, "replications": 23}
    (whole,) = seen((observer,), workers=1, **how)
    (found,) = seen((observer, *EVERY_KIND), workers=workers, **how)[:1]
    assert not np.isnan(whole.left).all()
    assert found.left.tobytes() == whole.left.tobytes()


def test_replications_that_stay_together_are_in_one_unit() -> None:
    batches, parts = work_units.plan(9, 108, 23, 4, (ExpectedWaitsObserver((0,)),))
    assert batches == [range(0, 10), range(10, 20), range(20, 23)]
    assert parts == 2


def test_what_observers_hold_of_a_unit_is_bounded() -> None:
    equity = EquityObserver(people(1))
    each = equity.numbers(4000, 104)  # 4,000 series x 5 queues x 209 cohorts x 45 classes = 188 million
    assert each == 188_100_000
    assert work_units.plan(4000, 104, 3, 2, (equity,)) == ([range(0, 1), range(1, 2), range(2, 3)], 10)
    batches, parts = work_units.plan(60, 104, 30, 2, (equity,))
    assert parts == 1
    assert max(map(len, batches)) * equity.numbers(60, 104) <= work_units.FOLLOWED_NUMBERS


def test_a_cancelled_run_keeps_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_units, "BATCH_COUNTS", 1)  # one replication at a time
    cancel = Event()

    def stop(share: float) -> None:
        if share > 0.5:
            cancel.set()

    with pytest.raises(Cancelled) as fault:
        seen(EVERY_KIND, workers=1, progress=stop, cancel=cancel)
    assert all(map(same, fault.value.kept, seen(EVERY_KIND, workers=1, replications=2)))


def test_a_scenario_and_its_baseline_are_seen_in_one_go() -> None:
    pair = with_baseline(MIXED)
    heard: list[float] = []
    (changed,), (plain,) = observe_each(
        CALIBRATION, pair, (LongWaits(),), weeks=WEEKS, replications=2, progress=heard.append
    )
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    for found, scenario in ((changed, pair[0]), (plain, pair[1])):
        apart = run(CALIBRATION, scenario, weeks=WEEKS, replications=2).total("over_52")
        assert found.tolist() == apart.tolist()
    assert with_baseline(pair[1]) == (pair[1],)


def test_cancelled_in_the_second_scenario_the_first_is_kept() -> None:
    cancel = Event()

    def stop(share: float) -> None:
        if share > 0.5:
            cancel.set()

    with pytest.raises(Cancelled) as fault:
        observe_each(
            CALIBRATION,
            with_baseline(MIXED),
            (LongWaits(),),
            weeks=WEEKS,
            replications=2,
            progress=stop,
            cancel=cancel,
        )
    ((first,),) = fault.value.kept
    assert first.tolist() == run(CALIBRATION, MIXED, weeks=WEEKS, replications=2).total("over_52").tolist()

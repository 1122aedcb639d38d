"""Patients tracked by class: they are the kernel's own, and tracking them changes nothing."""

from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outcomes.equity import CLASSES, DIMENSIONS, GROUPS, Composition
from models.scenarios.levers import LEVERS
from models.scenarios.presets import baseline_for, preset
from models.scenarios.scenario import read_scenario
from sim.engine import class_tracking as by_class
from sim.engine import state
from sim.engine.class_tracking import PARTS
from sim.engine.world import World
from sim.observers.equity import EVERY, GROUP_MEASURES, Equity, equity
from sim.reports.equity_statements import answer
from sim.runs.runner import Cancelled, run
from tests.sim.clinics import FIXED, board
from tests.sim.engine.test_properties import ANY_LEVERS, FUNCTIONS, PROVIDERS, Setting, drawn

pytestmark = pytest.mark.unit

BASELINE = baseline_for(preset("virtual-70"))
WEEKS = 12
EVERY_LEVER = st.tuples(*(drawn(name) for name in sorted(LEVERS)))


def people(series: int, seed: int = 3) -> Composition:
    rng = np.random.default_rng(seed)
    return Composition(
        rng.dirichlet(np.ones(5), series), rng.dirichlet(np.ones(3), series), np.full((5, 3), 1 / 15)
    )


def even(series: int) -> Composition:
    return Composition(np.full((series, 5), 0.2), np.full((series, 3), 1 / 3), np.full((5, 3), 1 / 15))


def opened(levers: Any, tracked: bool, starts: float = 20.0, spread: float = 0.3) -> World:
    calibration = board(PROVIDERS, FUNCTIONS, starts=starts, spread=spread)
    out = np.zeros((2, calibration.series, WEEKS, len(state.MEASURES)), np.int32)
    made = read_scenario({"name": "drawn", "levers": list(levers)})
    world = World(calibration, made, 7, range(2), WEEKS, out)
    if tracked:
        world.track_classes(people(calibration.series))
    return world


@settings(max_examples=25, deadline=None)
@given(st.one_of(EVERY_LEVER, ANY_LEVERS), st.sampled_from([0.4, 6.0, 60.0]))
def test_classes_are_the_kernels_own_patients_every_week(levers: tuple[Setting, ...], starts: float) -> None:
    world = opened(levers, True, starts)
    assert world.class_tracking is not None
    held, moved = world.class_tracking, world.state.out
    opening = held.members.sum(axis=(0, 2, 3), dtype=np.int64)

    def look(week: int) -> bool:
        patients = held.members.sum(axis=-1, dtype=np.int64)
        assert (patients == world.state.pathways.astype(np.int64) * PARTS).all()
        assert held.members.min() >= 0
        # class by class: who opened the run and who came are waiting, or have gone
        came, *_, stopped, left, taken = held.events.swapaxes(0, 1)
        waiting = held.members.sum(axis=(0, 2, 3), dtype=np.int64)
        assert (opening + came == waiting + stopped + left + taken).all()
        # and what is counted by class adds up to the kernel's counts
        so_far = moved[:, :, : week + 1].sum(axis=(1, 2), dtype=np.int64) * PARTS
        events = held.events.sum(axis=2)
        assert (events[:, by_class.CAME] == so_far[:, state.STARTS]).all()
        assert (events[:, by_class.LEFT] == so_far[:, state.REMOVED]).all()
        stops = so_far[:, state.NON_ADMITTED] + so_far[:, state.STOPS_ADMITTED]
        assert (events[:, by_class.STOPPED] == stops).all()
        assert (events[:, by_class.FIRST_ON_VIDEO] == so_far[:, state.FIRST_VIRTUAL_SEEN]).all()
        assert (events[:, by_class.FIRST_IN_PERSON] == so_far[:, state.FIRST_FACE_SEEN]).all()
        reviews = events[:, by_class.REVIEW_ON_VIDEO] + events[:, by_class.REVIEW_IN_PERSON]
        assert (reviews <= so_far[:, state.FOLLOW_VIRTUAL_SEEN] + so_far[:, state.FOLLOW_FACE_SEEN]).all()
        # nobody who can't be seen virtually stands among those who can, nor is seen so
        assert not held.members[:, :, [state.FIRST, state.REVIEW], :, GROUPS:].any()
        assert not held.events[:, [by_class.FIRST_ON_VIDEO, by_class.REVIEW_ON_VIDEO], GROUPS:].any()
        return True

    world.run(look)


@settings(max_examples=15, deadline=None)
@given(ANY_LEVERS)
def test_tracking_changes_no_byte(levers: tuple[Setting, ...]) -> None:
    worlds = [opened(levers, tracked) for tracked in (False, True)]
    for world in worlds:
        world.run()
    plain, tracked = worlds
    assert plain.state.out.tobytes() == tracked.state.out.tobytes()
    assert plain.state.pathways.tobytes() == tracked.state.pathways.tobytes()
    assert plain.state.due.tobytes() == tracked.state.due.tobytes()


def test_who_of_a_cell_moves_is_the_mean_of_a_draw_without_replacement() -> None:
    # four of seven and three leave: 4 x 0.7 and 4 x 0.3; then three of the six: 3 x 4.2 / 6 and 3 x 1.8 / 6
    cell, gone, later = (np.zeros(CLASSES, np.int64) for _ in range(3))
    cell[[4, 40]] = 7 * PARTS, 3 * PARTS
    by_class.move(cell, gone, 4)
    assert gone[[4, 40]] / PARTS == pytest.approx([2.8, 1.2], abs=1e-4)
    by_class.tell(cell, later, 3)
    assert later[[4, 40]] / PARTS == pytest.approx([2.1, 0.9], abs=1e-4)
    assert cell.sum() == 6 * PARTS
    # the mean of hypergeometric draws: 20,000 of them lie about it by sqrt(4 x 0.7 x 0.3 x 6 / 9 / 20,000)
    draws = np.random.default_rng(1).hypergeometric(7, 3, 4, 20_000)
    assert draws.mean() == pytest.approx(gone[4] / PARTS, abs=4 * 0.0053)


@given(
    st.lists(st.integers(0, 9 * PARTS), min_size=CLASSES, max_size=CLASSES), st.integers(0, 400), st.data()
)
@settings(max_examples=60, deadline=None)
def test_a_move_takes_whole_patients_and_leaves_none_below_nothing(
    parts: list[int], more: int, data: st.DataObject
) -> None:
    cell = np.array(parts, np.int64)
    cell[0] += (1 + more) * PARTS - cell.sum() % PARTS  # whole patients in all
    before, to = cell.copy(), np.zeros(CLASSES, np.int64)
    patients = data.draw(st.integers(1, int(cell.sum()) // PARTS))
    by_class.move(cell, to, patients)
    assert to.sum() == patients * PARTS
    assert (cell + to == before).all()
    assert min(cell.min(), to.min()) >= 0
    share = patients * PARTS / before.sum()
    assert abs(to - before * share).max() <= 1


def test_the_opening_list_has_its_composition_and_its_patients() -> None:
    world = opened([], True, starts=60.0)
    assert world.class_tracking is not None
    members = world.class_tracking.members.sum(axis=(1, 2, 3)) / PARTS  # (S, classes), both replications
    fifths = members.reshape(-1, 3, 5, 3).sum(axis=(1, 3))
    wanted = people(world.calibration.series).deprivation
    # queues are split in whole patients, by weeks waited: within a fiftieth of a share of a few hundred
    assert fifths / fifths.sum(axis=1, keepdims=True) == pytest.approx(wanted, abs=0.02)
    assert members.sum() == pytest.approx(2 * world.calibration.waiting.sum())


def test_a_run_by_class_is_the_run() -> None:
    calibration = board(PROVIDERS, FUNCTIONS)
    made = read_scenario({"name": "more", "levers": [{"lever": "emeritus_consultants", "sessions": 20}]})
    (found,) = equity(calibration, [made], people(calibration.series), weeks=10, replications=3, workers=2)
    ordinary = run(calibration, made, weeks=10, replications=3)
    assert found.weeks == (0, 4, 8, 10)
    for measure in ("waiting", "over_52_patients"):
        counted = ordinary.total(measure.removesuffix("_patients"))
        for dimension in DIMENSIONS:
            whole = found.by_group(measure, dimension).sum(axis=2)
            assert whole[:, 1:] == pytest.approx(counted[:, [3, 7, 9]])
            assert whole[:, 0] == pytest.approx(ordinary.opening_value(measure.removesuffix("_patients")))
    within = found.by_group("within_18", "age") * found.by_group("waiting", "age") / 100
    assert within.sum(axis=2)[:, -1] == pytest.approx(ordinary.total("within_18")[:, 9])
    # clock stops a week over the last three pictures: here the whole run
    stops = ordinary.total("stops_non_admitted") + ordinary.total("stops_admitted")
    assert found.by_group("stops", "route")[:, -1].sum(axis=1) == pytest.approx(stops.sum(axis=1) / 10)
    assert np.isnan(found.by_group("stops", "route")[:, 0]).all()
    assert EVERY == 4


def test_cut_in_other_pieces_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    calibration = board(("RNQ", "RWE", "RXN"), FUNCTIONS)
    everyone = people(calibration.series)
    each = calibration.series * state.QUEUES * (state.BANDS + 5) * CLASSES
    (whole,) = equity(calibration, [BASELINE], everyone, weeks=5, replications=3)
    monkeypatch.setattr("sim.runs.work_units.FOLLOWED_NUMBERS", each // 2)  # less than one replication
    (parted,) = equity(calibration, [BASELINE], everyone, weeks=5, replications=3, workers=2)
    assert whole.waits.tobytes() == parted.waits.tobytes()
    assert whole.events.tobytes() == parted.events.tobytes()


def test_alike_in_every_way_there_is_no_gap() -> None:
    # every series' list the same, everybody the same access: whatever is pulled, no fifth and no age differs
    calibration = board(PROVIDERS, FUNCTIONS)
    fixed = {"no_access_deprivation_odds": 1, "no_access_older_odds": 1, "no_access_child_odds": 1}
    made = read_scenario(
        {"name": "alike", "levers": [{"lever": "emeritus_consultants", "sessions": 20}], "assumptions": fixed}
    )
    (found,) = equity(calibration, [made], even(calibration.series), weeks=26, replications=3)
    for dimension in ("deprivation", "age"):
        for measure in ("within_18", "mean_weeks", "seen_virtually"):
            each = found.by_group(measure, dimension)[:, -1]
            assert each == pytest.approx(np.broadcast_to(each[:, :1], each.shape), abs=0.01)
    assert found.gap().mean == pytest.approx(0, abs=0.01)


def test_places_for_virtual_firsts_alone_leave_those_without_access_behind() -> None:
    calibration = board(PROVIDERS, FUNCTIONS, starts=400.0, spread=0.0)
    video = {"lever": "emeritus_consultants", "sessions": 60}
    made = read_scenario({"name": "video", "levers": [video], "assumptions": FIXED})
    everyone = even(calibration.series)
    pair = equity(calibration, [made, baseline_for(made)], everyone, weeks=40, replications=4)
    scenario, baseline = pair
    change = (scenario.by_group("within_18", "route") - baseline.by_group("within_18", "route"))[:, -1]
    virtual, _, without = change.T
    assert (without < virtual - 1).all()
    # the most deprived have less access, so that they have less of it
    assert (scenario.gaps() - baseline.gaps() > 0).all()
    said = answer(*pair)
    assert "have less of it than those who can" in said.warning
    assert any("Those without access" in sentence for sentence in said.details)
    assert scenario.gap_today() == scenario.gap(place=0)


def test_every_measure_of_every_group_is_in_the_frame() -> None:
    calibration = board(("RNQ",), ("C_110",))
    (found,) = equity(calibration, [BASELINE], people(1), weeks=5, replications=2)
    frame = found.frame()
    assert len(frame) == len(found.weeks) * len(GROUP_MEASURES) * (3 + 5 + 3)
    row = frame[
        (frame["week"] == 5) & (frame["group"] == "no_access") & (frame["measure"] == "waiting")
    ].iloc[0]
    waiting = found.by_group("waiting", "route")[:, -1, 2]
    assert row["mean"] == pytest.approx(waiting.mean())
    assert row["lower"] <= row["mean"] <= row["upper"]
    minutes = found.minutes_face_to_face("route")
    assert minutes.shape == (2, 3)
    assert (minutes > 0).all()
    alone = answer(found)
    assert alone.warning == ""
    assert alone.sentences == (alone.headline, *alone.details)


def test_it_can_be_stopped() -> None:
    calibration, cancel = board(("RNQ",), ("C_110",)), Event()
    heard: list[float] = []

    def progress(share: float) -> None:
        heard.append(share)
        cancel.set()

    with pytest.raises(Cancelled):
        equity(calibration, [BASELINE], people(1), weeks=9, replications=1, progress=progress, cancel=cancel)
    assert heard == [1 / 9]


def test_a_run_is_of_its_arguments_type() -> None:
    (found,) = equity(board(("RNQ",), ("C_110",)), [BASELINE], people(1), weeks=3, replications=1)
    assert isinstance(found, Equity)
    assert found.replications == 1
    assert found.month == "September 2025"

"""What must be true whatever is pulled: of all levers at once, on boards and dates as they come.

Where something holds in every replication and week it is tested so. Where chance alone may break it in one of
them, because a longer queue draws other numbers from its stream, it is tested in mean, by standard errors.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.scenarios.levers import LEVERS
from models.scenarios.scenario import Scenario, read_scenario
from sim.engine import state
from sim.engine.world import World
from sim.runs.runner import run
from tests.sim.clinics import BARE, FIXED, Bench, bench, board

pytestmark = pytest.mark.unit

FAR = 4.0  # standard errors
WEEKS = 16
PROVIDERS, FUNCTIONS = ("RNQ", "RWE"), ("C_110", "X02")
Setting = dict[str, Any]


def when(last: int = WEEKS + 2) -> st.SearchStrategy[str]:
    return st.integers(0, last).map(lambda week: f"+{week}w")


def number(name: str, parameter: str) -> st.SearchStrategy[float]:
    """Any value that a planner may choose, in steps the form offers or whole."""
    found = LEVERS[name].parameter(parameter)
    most = min(found.high, 200.0)  # a board of hundreds a week, not of thousands
    return st.integers(int(found.low), int(most)).map(float)


def drawn(name: str) -> st.SearchStrategy[Setting]:
    """A lever with any numbers, from any date, in some or all of its scope."""
    lever = LEVERS[name]
    fixed: dict[str, st.SearchStrategy[Any]] = {"lever": st.just(name)}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for parameter in lever.parameters:
        if parameter.kind == "number":
            fixed[parameter.name] = number(name, parameter.name)
        elif parameter.kind == "when":
            optional[parameter.name] = when()
    trusts = [p.name for p in lever.parameters if p.kind == "provider"]
    fixed |= {party: st.just(code) for party, code in zip(trusts, reversed(PROVIDERS), strict=False)}
    if not trusts:
        optional["providers"] = st.sampled_from([["RNQ"], ["RWE"]])
    optional["treatment_functions"] = st.sampled_from([[code] for code in FUNCTIONS])
    return st.fixed_dictionaries(fixed, optional=optional).filter(in_order)


def in_order(setting: Setting) -> bool:
    """Whether no lever ends, or is in full, before it starts."""
    week = {key: int(setting[key][1:-1]) for key in ("starts", "ends", "full_by") if key in setting}
    begin = week.get("starts", 0)
    return all(week.get(key, WEEKS + 10) >= begin for key in ("ends", "full_by"))


ANY_LEVERS = st.lists(st.sampled_from(sorted(LEVERS)), max_size=6, unique=True).flatmap(
    lambda names: st.tuples(*(drawn(name) for name in names))
)


def scenario(levers: tuple[Setting, ...] | list[Setting], **assumptions: float) -> Scenario:
    return read_scenario({"name": "drawn", "levers": list(levers), "assumptions": assumptions})


def opened(made: Scenario, weeks: int = WEEKS, replications: int = 2, **how: Any) -> World:
    calibration = board(PROVIDERS, FUNCTIONS, **how)
    out = np.zeros((replications, calibration.series, weeks, len(state.MEASURES)), np.int32)
    return World(calibration, made, 7, range(replications), weeks, out)


def by_cohort(world: World) -> NDArray[np.int64]:
    """Patients waiting by the week their clock started, (S, R, cohorts)."""
    return np.asarray(world.state.pathways.sum(axis=2, dtype=np.int64))


@settings(max_examples=60, deadline=None)
@given(
    ANY_LEVERS,
    st.sampled_from([0.3, 6.0, 40.0]),
    st.sampled_from([0.0, 0.4]),
    st.sampled_from(["2025-08", "2025-11"]),
)
def test_nobody_is_lost_made_up_or_seen_too_soon(
    levers: tuple[Setting, ...], starts: float, spread: float, data_month: str
) -> None:
    # every replication, series and week; evidence and removals differ by replication; from November on the
    # weeks of Christmas and Easter are short
    world = opened(scenario(levers), starts=starts, spread=spread, data_month=data_month)
    before = [by_cohort(world)]

    def look(week: int) -> bool:
        now, newest = by_cohort(world), state.BANDS + week
        assert not now[:, :, newest + 1 :].any(), "a clock runs that hasn't started"
        came = world.state.out[:, :, week, state.STARTS].T
        assert (now[:, :, newest] <= came).all(), "more of a week's starts wait than there were"
        # the newest clocks began this week; no older cohort grows, whoever was seen was there
        assert (now[:, :, :newest] <= before[0][:, :, :newest]).all(), "a clock was set back"
        before[0] = now
        return True

    world.run(look)
    out = world.state.out.astype(np.int64)
    gone = out[..., [state.NON_ADMITTED, state.STOPS_ADMITTED, state.REMOVED, state.MOVED_OUT]].sum(axis=-1)
    came = out[..., state.STARTS] + out[..., state.MOVED_IN]
    opening = world.calibration.waiting.sum(axis=1)[None, :, None]
    assert (opening + np.cumsum(came - gone, axis=2) == out[..., state.WAITING]).all()
    sent, taken = out[..., state.MOVED_OUT], out[..., state.MOVED_IN]
    if not any(each["lever"] == "independent_sector" for each in levers):  # between trusts alone
        assert (sent.sum(axis=1) == taken.sum(axis=1)).all()
    assert out.min() >= 0
    ended = world.state
    assert min(ended.pathways.min(), ended.due.min(), ended.repeats.min()) >= 0
    assert (np.diff(out[..., state.OVER_52 : state.OVER_104 + 1], axis=-1) <= 0).all()
    assert (out[..., state.WITHIN_18] + out[..., state.OVER_52] <= out[..., state.WAITING]).all()
    assert (out[..., state.VALIDATED] <= out[..., state.REMOVED]).all()


def neutral(name: str) -> Setting:
    """A lever at the values that change nothing; what has no such value is as it comes."""
    lever = LEVERS[name]
    found: Setting = {"lever": name} | {p.name: p.neutral for p in lever.parameters if p.neutral is not None}
    trusts = [p.name for p in lever.parameters if p.kind == "provider"]
    found |= dict(zip(trusts, reversed(PROVIDERS), strict=False))
    if any(p.neutral_today for p in lever.parameters):  # it differs by function: asked of nobody in time
        found |= {"starts": f"+{WEEKS}w", "full_by": f"+{WEEKS}w"}
    return found


@settings(max_examples=60, deadline=None)
@given(ANY_LEVERS, st.sampled_from(sorted(LEVERS)), st.data())
def test_a_neutral_lever_beside_others_changes_no_byte(
    levers: tuple[Setting, ...], name: str, data: st.DataObject
) -> None:
    others = [each for each in levers if each["lever"] != name]
    place = data.draw(st.integers(0, len(others)))
    counts = []
    for each in (others, [*others[:place], neutral(name), *others[place:]]):
        world = opened(scenario(each))
        world.run()
        counts.append(world.state.out.tobytes() + world.state.pathways.tobytes())
    assert counts[0] == counts[1]


@settings(max_examples=15, deadline=None)
@given(
    spare=st.sampled_from([None, 0.0]),
    limit=number("trust_pairing", "weekly_limit"),
    from_spare=number("trust_pairing", "from_spare"),
    waited=st.integers(0, 104),
    begin=when(),
)
def test_a_pairing_with_nothing_spare_moves_nobody(
    spare: float | None, limit: float, from_spare: float, waited: int, begin: str
) -> None:
    calibration = board(PROVIDERS, FUNCTIONS)
    if spare is not None:
        calibration = replace(calibration, spare=np.full(calibration.series, spare))
    pair: Setting = {
        "lever": "trust_pairing",
        "home": "RWE",
        "partner": "RNQ",
        "weekly_limit": limit,
        "from_spare": from_spare,
        "given": 0,
        "waited": waited,
        "starts": begin,
    }
    found, base = (
        run(calibration, scenario(each), weeks=WEEKS, replications=2, workers=1) for each in ([pair], [])
    )
    assert not found.counts[..., [state.MOVED_IN, state.MOVED_OUT]].any()
    assert found.counts.tobytes() == base.counts.tobytes()


PACES = st.floats(0.0, 30.0)


@settings(max_examples=40, deadline=None)
@given(
    starts=st.floats(0.0, 25.0),
    pace=PACES,
    more=PACES,
    kept=st.sampled_from([0.0, 1.0, 13.0]),
    opening=st.integers(0, 200),
    seed=st.integers(0, 50),
)
def test_more_minutes_never_leave_a_longer_list(
    starts: float, pace: float, more: float, kept: float, opening: int, seed: int
) -> None:
    # in every replication and week where an appointment is the whole of it: the same patients come, and
    # nobody is missed, seen twice or removed by chance
    def lists(minutes: float) -> NDArray[np.int32]:
        parameters = BARE._replace(kept_weeks=kept)
        clinic = bench(parameters, replications=8, weeks=25, starts=starts, minutes=minutes, seed=seed)
        clinic.state.pathways[0, :, state.FIRST_FACE, 90] = opening
        return clinic.run()[:, :, state.WAITING]

    assert (lists(pace + more) <= lists(pace)).all()


@settings(max_examples=40, deadline=None)
@given(starts=st.floats(0.0, 25.0), pace=PACES, more=PACES, seed=st.integers(0, 50))
def test_more_theatre_slots_never_leave_a_longer_list(
    starts: float, pace: float, more: float, seed: int
) -> None:
    # in every replication and week, behind a clinic of any pace with misses, repeats and reviews, where
    # nobody is removed: what theatres do does not come back to the clinic
    def lists(slots: float) -> NDArray[np.int32]:
        clinic = bench(
            BARE._replace(review_share=0.3),
            replications=8,
            weeks=25,
            starts=starts,
            minutes=20.0,
            theatre=slots,
            decisions=0.5,
            missed=(0.1, 0.2),
            capable=0.5,
            virtual=(0.5, 0.5),
            repeated=0.2,
            seed=seed,
        )
        clinic.state.pathways[0, :, state.ADMITTED, 80] = 60
        return clinic.run()[:, :, state.WAITING]

    assert (lists(pace + more) <= lists(pace)).all()


@pytest.mark.parametrize("lever", ["extra_sessions", "emeritus_consultants", "independent_sector"])
def test_more_of_any_capacity_leaves_a_shorter_list_in_mean(lever: str) -> None:
    # the whole pathway on common random numbers: one replication and week may differ by chance, the mean not
    doses = {
        "extra_sessions": [{"clinics": c, "theatre_slots": t} for c, t in ((2, 0), (2, 4), (6, 4), (6, 12))],
        "emeritus_consultants": [{"sessions": s} for s in (1, 3, 9)],
        "independent_sector": [{"slots": s} for s in (2, 6, 18)],
    }[lever]
    tried = [scenario([]), *(scenario([{"lever": lever, **dose}]) for dose in doses)]
    lists = [
        run(board(PROVIDERS, FUNCTIONS), each, weeks=30, replications=30, workers=1).total("waiting")
        for each in tried
    ]
    for less, more in pairwise(lists):
        change = (more - less).astype(float)
        error = change.std(axis=0, ddof=1) / np.sqrt(len(change))
        assert (change.mean(axis=0) <= FAR * error).all()  # in no week longer
    change = (lists[-1] - lists[0])[:, -1].astype(float)
    assert change.mean() < -FAR * change.std(ddof=1) / np.sqrt(len(change))  # in the end shorter


def longest(world: NDArray[np.int32], week: int) -> NDArray[np.int64]:
    """The longest wait, in weeks, on each list: (..., queues, cohorts) to (...); -1 where nobody waits."""
    there = world.sum(axis=-2, dtype=np.int64) > 0
    return np.asarray(np.where(there.any(axis=-1), state.BANDS + week - there.argmax(axis=-1), -1))


@settings(max_examples=40, deadline=None)
@given(
    starts=st.floats(0.0, 25.0),
    pace=PACES,
    share=st.floats(0.0, 1.0),
    aim=st.integers(0, 60),
    slope=st.integers(-8, 8),
    seed=st.integers(0, 50),
)
def test_longest_first_never_worsens_the_longest_wait(
    starts: float, pace: float, share: float, aim: int, slope: int, seed: int
) -> None:
    # Strictly longest first against any order by weeks waited, with any share of slots in turn and aimed at
    # any wait: in every replication and week where an appointment is the whole of it, since as many are seen.
    def waits(in_turn: float, waited: int) -> list[NDArray[np.int64]]:
        clinic: Bench = bench(replications=8, weeks=25, starts=starts, minutes=pace, seed=seed)
        clinic.inputs.booking[:] = 100_000 + 900 * slope * np.arange(clinic.inputs.booking.shape[1]) // 10
        clinic.settings.longest_first[:], clinic.settings.longest_from[:] = in_turn, waited
        clinic.state.pathways[0, :, state.FIRST_FACE, 40:104:7] = 9
        found = []
        for week in range(25):
            clinic.step(week)
            found.append(longest(clinic.state.pathways[0], week))
        return found

    for strict, other in zip(waits(1.0, 0), waits(share, aim), strict=True):
        assert (strict <= other).all()


def test_longest_first_shortens_the_longest_wait_on_the_whole_pathway_in_mean() -> None:
    # with misses, reviews and removals who is left of the longest waits is a matter of chance
    found = []
    for levers in ([], [{"lever": "booking_order", "share": 100, "full_by": "+0w"}]):
        world = opened(scenario(levers, **FIXED), weeks=40, replications=60)
        each: list[NDArray[np.int64]] = []

        def look(week: int, world: World = world, each: list[NDArray[np.int64]] = each) -> bool:
            each.append(longest(world.state.pathways, week))
            return True

        world.run(look)
        found.append(np.array(each, float))
    change = found[1] - found[0]  # (weeks, S, R)
    error = change.std(axis=2, ddof=1) / np.sqrt(change.shape[2])
    assert (change.mean(axis=2) <= FAR * error).all()
    assert (change[-1].mean(axis=1) < -10).all()

"""The engine against queueing theory: every tolerance is in standard errors over replications.

The kernel's step is a week only by name. With ten appointments a step, each of which is missed with chance
1 - p, whoever is booked is done with chance p and else waits on: service without memory, by ten at a time.
As steps become short beside a service this is M/M/10, and with removals Erlang A. What the shortness still
lacks is reckoned exactly, from the chain of the list from step to step.

Which answers are theory's and which are the engine's weekly steps is said in each test. The single-stage
clinics, M/D/c seen once a week, the fluid backlog and removals alone are in `test_kernel.py`.
"""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from models.queueing.theory import erlang_c, mmc_mean_wait, steady_queue_size, target_queue_size
from sim.engine import state
from tests.sim.clinics import BARE, Bench, away, bench

pytestmark = pytest.mark.unit

FAR = 4.0  # standard errors: a right engine is this far out once in 16 thousand checks; seeds are fixed
SERVERS = 10
PLACES = 260
Law = NDArray[np.float64]


def long_run(arrivals: float, done: float, removed: float = 0.0) -> Law:
    """Law of the list at the end of a step, in the long run: ten servers, chances a step. (PLACES,)

    list' = n - Binomial(min(n, 10), done),  n = Binomial(list + Poisson(arrivals), 1 - removed)
    """
    places = np.arange(PLACES)
    came = np.array([stats.poisson.pmf(places - before, arrivals) for before in places])
    stayed = stats.binom.pmf(places[None, :], places[:, None], 1 - removed)
    seen = np.minimum(places, SERVERS)
    left = stats.binom.pmf(places[:, None] - places[None, :], seen[:, None], done)
    step = came @ stayed @ left
    step /= step.sum(axis=1, keepdims=True)  # what the last place cuts off
    balance = np.vstack([(step.T - np.eye(PLACES))[:-1], np.ones(PLACES)])
    law = np.linalg.solve(balance, np.append(np.zeros(PLACES - 1), 1.0))
    return np.asarray(np.maximum(law, 0.0) / np.maximum(law, 0.0).sum())


def in_short_steps(arrivals: float, done: float, removed: float = 0.0) -> NDArray[np.int32]:
    """The engine on ten servers, begun in its long run: lists at the end of steps, (R, steps)."""
    replications, steps = 800, 300
    clinic = bench(
        replications=replications,
        weeks=steps,
        starts=arrivals,
        minutes=SERVERS - 1e-9,
        missed=(1 - done, 0.0),
        removal=removed,
    )
    clinic.state.minutes[:] = 0.5  # a hair under ten places never makes an eleventh
    law = long_run(arrivals, done, removed)
    lists = np.random.default_rng(3).choice(PLACES, replications, p=law)
    clinic.state.pathways[0, :, state.FIRST_FACE, 104] = lists
    return clinic.run()[:, :, state.WAITING]


def all_busy(lists: NDArray[np.int32]) -> NDArray[np.float64]:
    """Share of the later steps, of each replication, in which every server is busy."""
    return np.asarray((lists[:, 100:] >= SERVERS).mean(axis=1))


def queue(lists: NDArray[np.int32]) -> NDArray[np.float64]:
    """Mean number who wait for a server over the later steps, of each replication."""
    return np.asarray(np.maximum(lists[:, 100:] - SERVERS, 0).mean(axis=1))


def test_ten_servers_without_memory_wait_as_erlang_c_says() -> None:
    # 9 a service time to ten servers: Erlang C 0.6687; 0.6687 x 9 = 6.018 wait for a server
    asked, waiting = erlang_c(SERVERS, 9.0), 9 * mmc_mean_wait(9, 1, SERVERS)
    assert (asked, waiting) == pytest.approx((0.669, 6.018), abs=1e-3)
    places = np.arange(PLACES)
    # steps of a fiftieth and a hundredth of a service; what halving does not yet mend is gone twice over
    laws = [long_run(9 * step, step) for step in (0.02, 0.01)]
    busy = [law[SERVERS:].sum() for law in laws]
    wait = [float(law @ np.maximum(places - SERVERS, 0)) for law in laws]
    assert 2 * busy[1] - busy[0] == pytest.approx(asked, abs=2e-4)
    assert 2 * wait[1] - wait[0] == pytest.approx(waiting, abs=2e-3)

    lists = in_short_steps(9 * 0.02, 0.02)
    assert away(all_busy(lists), busy[0]) < FAR
    assert away(queue(lists), wait[0]) < FAR
    # and Erlang's own answer, with what is known to be missing of it at this step
    assert abs(all_busy(lists).mean() - asked) < abs(busy[0] - asked) + FAR * error(all_busy(lists))


def error(sample: NDArray[Any]) -> float:
    return float(sample.std(ddof=1) / np.sqrt(sample.size))


def test_ten_servers_some_of_whose_patients_give_up_as_erlang_a_says() -> None:
    # 11 a service time to ten servers; who waits gives up after five service times in mean: of a birth and
    # death chain, 12.33% give up
    arrivals, patience = 11.0, 0.2
    up = np.full(PLACES - 1, arrivals)
    n = np.arange(1, PLACES)
    down = np.minimum(n, SERVERS) + patience * np.maximum(n - SERVERS, 0)
    law = np.append(1.0, np.cumprod(up / down))
    law /= law.sum()
    places = np.arange(PLACES)
    gives_up = patience * (law @ np.maximum(places - SERVERS, 0)) / arrivals
    assert gives_up == pytest.approx(0.1233, abs=5e-5)

    # the engine's patients are removed while they are being seen too: so they are done 0.2 less often
    def shares(step: float) -> float:
        stepped = long_run(arrivals * step, (1 - patience) * step, patience * step)
        return float(patience * (stepped @ np.maximum(places - SERVERS, 0)) / arrivals)

    assert 2 * shares(0.01) - shares(0.02) == pytest.approx(gives_up, abs=2e-4)
    lists = in_short_steps(arrivals * 0.02, (1 - patience) * 0.02, patience * 0.02)
    assert away(patience * queue(lists) / arrivals, shares(0.02)) < FAR


@pytest.mark.parametrize(("first", "second"), [(0.3, 0.5), (0.6, 0.2), (0.1, 0.75)])
def test_follow_ups_come_before_firsts_as_cobham_says(first: float, second: float) -> None:
    # One appointment a step. Follow-ups due come first; firsts take what is left. Cobham: with sigma the load
    # of a class and those before it, a class waits  R / ((1 - sigma before) (1 - sigma)),  R the mean time
    # until the place in use is free: half a step, as places come at fixed times. Half a step of it passes
    # before the step's end, so the lists then are load x (wait - 1/2).
    load = first + second
    waits = [0.5 / (1 - first), 0.5 / ((1 - first) * (1 - load))]
    expected = [first * (waits[0] - 0.5), second * (waits[1] - 0.5)]
    # one class of both, in any order: M/D/1 has load^2 / (2 (1 - load)) waiting
    assert sum(expected) == pytest.approx(load**2 / (2 * (1 - load)))

    steps, replications = 700, 300
    clinic = bench(replications=replications, weeks=steps, starts=second, minutes=1 - 1e-9)
    clinic.state.minutes[:] = 0.5
    clinic.state.due[0, :, :steps] = np.random.default_rng(5).poisson(first, (replications, steps))
    out = clinic.run()[:, 300:]  # begun empty; 300 steps are six of the slowest relaxation here and more
    assert away(out[:, :, state.OVERDUE].mean(axis=1), expected[0]) < FAR
    assert away(out[:, :, state.WAITING].mean(axis=1), expected[1]) < FAR


def pathway(replications: int, weeks: int) -> Bench:
    """Two stages, reviews, misses, and removals that grow with the wait: 30 a week, over capacity."""
    waited = np.arange(state.BANDS + weeks)
    return bench(
        BARE._replace(review_share=0.3),
        replications=replications,
        weeks=weeks,
        starts=30.0,
        minutes=43.0,
        theatre=6.0,
        missed=(0.1, 0.0),
        removal=0.005 * np.minimum(waited, 20),
        decisions=0.2 + 0.01 * np.minimum(waited, 20),
    )


def left_by_cohort(clinic: Bench, week: int) -> NDArray[np.int64]:
    """Run one week; how many of each cohort left in it, (R, cohorts)."""
    before = clinic.state.pathways[0].sum(axis=1, dtype=np.int64)
    clinic.step(week)
    after = clinic.state.pathways[0].sum(axis=1, dtype=np.int64)
    before[:, state.BANDS + week] += clinic.state.out[:, 0, week, state.STARTS]
    return np.asarray(before - after)


def test_lists_added_up_are_waits_added_up() -> None:
    # Little's law on each path, without chance: a clinic that begins and ends empty has had, over its weeks,
    # as many on its list at weeks' ends as its patients have waited weeks' ends.
    clinic = pathway(replications=50, weeks=160)
    waits = np.zeros(50, np.int64)
    for week in range(160):
        if week == 60:
            clinic.inputs.starts[:] = 0.0
        left = left_by_cohort(clinic, week)
        assert left.min() >= 0
        waits += left @ (state.BANDS + week - np.arange(left.shape[1]))
    out = clinic.state.out[:, 0]
    assert not out[:, -1, state.WAITING].any()
    assert (out[:, :, state.WAITING].sum(axis=1) == waits).all()
    assert waits.min() > 60 * 30  # a week each and more


def test_the_mean_list_is_starts_times_the_mean_wait() -> None:
    # Little's law in the long run: weeks 150 to 250 of 30 starts a week; waits are those of who left then
    clinic = pathway(replications=300, weeks=250)
    waits, leavers = np.zeros(300), np.zeros(300)
    for week in range(250):
        left = left_by_cohort(clinic, week)
        if week >= 150:
            waits += left @ (state.BANDS + week - np.arange(left.shape[1]))
            leavers += left.sum(axis=1)
    lists = clinic.state.out[:, 0, 150:, state.WAITING].mean(axis=1)
    assert away(leavers / 100, 30.0) < FAR
    assert away(lists - 30.0 * waits / leavers, 0.0) < FAR
    assert lists.mean() > 120  # over four weeks of starts


def test_a_list_of_its_target_size_keeps_the_standard() -> None:
    # Fong: 50 a week and 92% within 18 weeks need a list of 50 x 18 / 2.5257 = 356.3, if everyone's chance to
    # leave is the same. It is where booking is at random. At a week's end, after the clinic, half a week of
    # starts fewer wait than on average in the week: 331.3. Each week  list' = (list + 50) x 0.95 - capacity.
    target = target_queue_size(50, 18)
    assert target == pytest.approx(356.33, abs=0.005)
    at_end = target - 25
    capacity = (at_end + 50) * 0.95 - at_end
    # the whole list before the week's removals is where as many leave as come
    assert steady_queue_size(50, capacity, 0.05) == pytest.approx(at_end + 50)
    stays = at_end / (at_end + 50)  # the chance to be still there a week later
    share = 1 - stays**18
    assert share == pytest.approx(0.92, abs=0.001)  # weekly steps; in continuous time 0.92 exactly

    weeks, replications = 60, 500
    clinic = bench(replications=replications, weeks=weeks, starts=50, minutes=capacity, removal=0.05)
    waited = np.arange(state.BANDS)
    opening = np.diff(np.rint(np.cumsum(50 * stays ** (waited + 1))), prepend=0)
    clinic.state.pathways[0, :, state.FIRST_FACE, 104 - waited] = opening.astype(np.int32)[:, None]
    last = clinic.run()[:, -1]
    assert away(last[:, state.WAITING], at_end) < FAR
    within = last[:, state.WITHIN_18] / last[:, state.WAITING]
    # a list that strays by 7% is within by a 4,000th more in mean: 0.08 x (2.53^2 - 2 x 2.53) x 0.07^2 / 2
    assert abs(within.mean() - share) < FAR * error(within) + 0.0003


@pytest.mark.parametrize("times", [0, 3])
def test_a_list_far_from_its_target_settles_there(times: int) -> None:
    # from nobody and from three times the list, by the same step week for week: exactly, until it is there
    at_end, weeks = target_queue_size(50, 18) - 25, 90
    capacity = (at_end + 50) * 0.95 - at_end
    clinic = bench(replications=400, weeks=weeks, starts=50, minutes=capacity, removal=0.05)
    opening = int(at_end * times)
    clinic.state.pathways[0, :, state.FIRST_FACE, 104] = opening
    waiting = clinic.run()[:, :, state.WAITING]
    for week in (12, 26, weeks):
        # capacity that is a fraction is used in whole patients: half of one is left over in mean
        expected = at_end + (opening - at_end) * 0.95**week
        assert abs(waiting[:, week - 1].mean() - expected) < FAR * error(waiting[:, week - 1]) + 1.0

"""The kernel against exact answers: clinics simple enough to be solved on paper."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.engine import kernel, state
from tests.sim.clinics import BANDS, BARE, away, bench

pytestmark = pytest.mark.unit

FAR = 4.0  # standard errors: a right kernel is this far out once in 16 thousand checks; seeds are fixed


def test_removals_alone_leave_a_poisson_list() -> None:
    # 27 start a week, each at risk of 1.5% a week from the week after: thinned Poisson counts stay Poisson.
    # After 52 weeks the mean is 27 (1 + 0.985 + ... + 0.985^51) = 27 (1 - 0.985^52) / 0.015 = 979.73.
    mean = 27 * (1 - 0.985**52) / 0.015
    assert mean == pytest.approx(979.7, abs=0.05)
    risk = np.where(np.arange(BANDS + 52) > 0, 0.015, 0.0)
    out = bench(replications=3000, weeks=52, starts=27, removal=risk).run()
    waiting = out[:, -1, state.WAITING]
    assert away(waiting, mean) < FAR
    # a Poisson count's variance is its mean; over n replications their ratio strays by sqrt(2 / n) = 2.6%
    assert waiting.var(ddof=1) / mean == pytest.approx(1, abs=FAR * np.sqrt(2 / 3000))
    tenths = stats.poisson(mean).cdf(waiting - 1) + stats.poisson(mean).pmf(waiting) / 2
    assert stats.kstest(tenths, "uniform").pvalue > 1e-3


def test_removals_meet_each_wait_with_its_own_chance() -> None:
    # 100,000 at each of three waits, chances 0, 0.3% and 8% in the next week
    chances = np.zeros(BANDS + 1)
    chances[[6, 21, 61]] = 0.0, 0.003, 0.08  # at the week's end they have waited one week more
    clinic = bench(replications=40, weeks=1, removal=chances)
    clinic.state.pathways[0, :, state.FIRST_FACE, [104 - 5, 104 - 20, 104 - 60]] = 100_000
    clinic.run()
    left = clinic.state.pathways[0, :, state.FIRST_FACE, :][:, [104 - 5, 104 - 20, 104 - 60]]
    assert set(left[:, 0]) == {100_000}
    assert away(left[:, 1], 99_700) < FAR
    assert away(left[:, 2], 92_000) < FAR


def test_removals_meet_every_queue_alike_and_each_patient_by_chance() -> None:
    # one wait, 200 in each of two queues and 2,000 in a third, 20% leave: binomial, variance n x 0.2 x 0.8
    chances = np.full(BANDS + 1, 0.1)
    clinic = bench(replications=4000, weeks=1, removal=chances)
    sizes = {state.FIRST: 200, state.REVIEW_FACE: 2000, state.ADMITTED: 200}
    for queue, size in sizes.items():
        clinic.state.pathways[0, :, queue, 104 - 5] = size
    clinic.inputs.removal_level[:] = np.log(0.8) / np.log(0.9)  # a rate at which 20% leave
    clinic.run()
    gone = [size - clinic.state.pathways[0, :, queue, 104 - 5] for queue, size in sizes.items()]
    for left, size in zip(gone, sizes.values(), strict=True):
        assert away(left, 0.2 * size) < FAR
        assert left.var(ddof=1) / (size * 0.16) == pytest.approx(1, abs=FAR * np.sqrt(2 / 4000))
    assert abs(np.corrcoef(gone[0], gone[1])[0, 1]) < FAR / np.sqrt(4000)


def test_everybody_leaves_where_that_is_certain() -> None:
    clinic = bench(replications=20, weeks=1, removal=1.0)
    clinic.state.pathways[0, :, :, 40:90] = 7
    out = clinic.run()[:, 0]
    assert set(out[:, state.REMOVED]) == {5 * 50 * 7}
    assert not clinic.state.pathways.any()


def test_fluid_backlog_with_missed_appointments_and_removals() -> None:
    # 10,000 waiting; 200 start a week; 0.2% a week leave unreported; 210 slots, 7% of them missed.
    # Each week  list = (list + 200) x 0.998 - 210 x 0.93,  and its variance gains
    # 200 (Poisson), then the removals' 0.002 x 0.998 x (list + 200), then 210 x 0.07 x 0.93 = 13.7.
    mean, variance = 10_000.0, 0.0
    for _ in range(104):
        variance = (variance + 200) * 0.998**2 + 0.002 * 0.998 * (mean + 200) + 210 * 0.07 * 0.93
        mean = (mean + 200) * 0.998 - 210 * 0.93
    assert mean == pytest.approx(8_524.5, abs=0.05)
    assert np.sqrt(variance) == pytest.approx(140.5, abs=0.05)

    clinic = bench(replications=1200, weeks=104, starts=200, minutes=210, removal=0.002, missed=(0.07, 0.0))
    clinic.state.pathways[0, :, state.FIRST_FACE, 5:105] = 100
    waiting = clinic.run()[:, -1, state.WAITING]
    assert away(waiting, mean) < FAR
    assert waiting.std(ddof=1) == pytest.approx(np.sqrt(variance), rel=FAR / np.sqrt(2 * 1200))


def once_a_week(referrals: float, weeks: int | None, places: int = 900) -> NDArray[np.float64]:
    """Law of the list after a weekly session of 30: list' = max(list + Poisson - 30, 0).

    After `weeks` from an empty list, or in the long run.
    """
    arrivals = stats.poisson(referrals).pmf(np.arange(120))
    if weeks is not None:
        law = np.zeros(places)
        law[0] = 1.0
        for _ in range(weeks):
            met = np.convolve(law, arrivals)
            law = met[30 : 30 + places].copy()
            law[0] += met[:30].sum()
        return law
    step = np.zeros((places, places))
    for arrived, chance in enumerate(arrivals):
        to = np.clip(np.arange(places) + arrived - 30, 0, places - 1)
        np.add.at(step, (np.arange(places), to), chance)
    balance = np.vstack([(step.T - np.eye(places))[:-1], np.ones(places)])
    law = np.linalg.solve(balance, np.append(np.zeros(places - 1), 1.0))
    return np.asarray(np.maximum(law, 0.0) / np.maximum(law, 0.0).sum())


@pytest.mark.parametrize(("referrals", "answer"), [(27.0, 2.25), (29.0, 11.74), (29.5, 26.60)])
def test_a_clinic_seen_once_a_week_holds_the_list_of_queueing_theory(referrals: float, answer: float) -> None:
    long_run = once_a_week(referrals, None)
    places = np.arange(len(long_run))
    assert long_run @ places == pytest.approx(answer, abs=0.006)

    # A clinic may keep the time of one appointment: a hair under 30 slots never makes that a 31st.
    replications, weeks = 4000, 30
    clinic = bench(replications=replications, weeks=weeks, starts=referrals, minutes=30 - 1e-9)
    clinic.state.minutes[:] = 0.5
    lists = np.random.default_rng(7).choice(places, replications, p=long_run)
    clinic.state.pathways[0, :, state.FIRST_FACE, 104] = lists
    out = clinic.run()
    assert away(out[:, -1, state.WAITING], answer) < FAR  # begun in the long run, it stays there
    assert out[:, :, state.NON_ADMITTED].max() == 30


def test_a_clinic_seen_once_a_week_fills_up_as_it_should() -> None:
    law = once_a_week(29.0, 26)
    clinic = bench(replications=4000, weeks=26, starts=29, minutes=30 - 1e-9)
    clinic.state.minutes[:] = 0.5
    waiting = clinic.run()[:, -1, state.WAITING]
    assert away(waiting, float(law @ np.arange(len(law)))) < FAR
    # ends of the list's law: empty; 1-5; 6-10; 11-20; more
    edges = [0, 1, 6, 11, 21, len(law)]
    expected = np.add.reduceat(law, edges[:-1]) * waiting.size
    found = np.histogram(waiting, edges)[0]
    assert stats.chisquare(found, expected * found.sum() / expected.sum()).pvalue > 1e-3


def test_theatre_serves_those_decided_and_keeps_no_slot() -> None:
    # 29 a week seen and all decided to admit at once, 30 theatre slots: the same queue, one stage on.
    clinic = bench(replications=3000, weeks=26, starts=29, minutes=1e6, theatre=30, decisions=1.0)
    out = clinic.run()
    assert (out[:, :, state.DECIDED] == out[:, :, state.STARTS]).all()
    law = once_a_week(29.0, 25)  # a patient seen this week can be admitted from the next
    after_theatre = out[:, -1, state.WAITING_ADMISSION] - out[:, -1, state.DECIDED]
    assert away(after_theatre, float(law @ np.arange(len(law)))) < FAR


def test_ample_capacity_sees_everyone_within_the_week() -> None:
    out = bench(replications=50, weeks=52, starts=40, minutes=1000).run()
    assert out[:, :, state.WAITING].max() == 0
    assert (out[:, :, state.NON_ADMITTED] == out[:, :, state.STARTS]).all()
    assert out[:, :, state.FIRST_FACE_SEEN].sum() == out[:, :, state.STARTS].sum()


def test_no_capacity_leaves_starts_less_removals() -> None:
    out = bench(replications=200, weeks=52, starts=40, theatre=0, removal=0.01).run()
    stopped = (state.NON_ADMITTED, state.STOPS_ADMITTED, state.DECIDED, state.FIRST_FACE_SEEN)
    assert not out[:, :, stopped].any()
    grown = np.cumsum(out[:, :, state.STARTS] - out[:, :, state.REMOVED], axis=1)
    assert (out[:, :, state.WAITING] == grown).all()
    # 40 (0.99 + ... + 0.99^52) = 40 x 0.99 x (1 - 0.99^52) / 0.01
    assert away(out[:, -1, state.WAITING], 40 * 0.99 * (1 - 0.99**52) / 0.01) < FAR


def test_minutes_left_over_are_kept_for_as_many_weeks_as_the_rules_say() -> None:
    # Ten weeks of 20 idle slots, two weeks of them kept: 40 + this week's 20 for the 100 who come at last.
    clinic = bench(BARE._replace(kept_weeks=2.0), replications=1, weeks=11, minutes=20)
    clinic.state.pathways[0, 0, state.FIRST_FACE, 104] = 0
    for week in range(10):
        kernel.provider_week(*clinic_week(clinic, week))
    clinic.state.pathways[0, 0, state.FIRST_FACE, 104] = 100
    clinic.state.oldest[:] = 0
    kernel.provider_week(*clinic_week(clinic, 10))
    assert clinic.state.out[0, 0, 10, state.NON_ADMITTED] == 60


def clinic_week(clinic, week):
    steady = np.ones((1, clinic.state.out.shape[0]))
    return (clinic.inputs, clinic.settings.table, clinic.state, 0, 1, week, 5.0, steady, steady, None)


def test_appointments_longer_than_the_clinic_are_owed_back() -> None:
    # 30-minute firsts in a clinic of 45 minutes: one this week, and what is left adds up to two the next.
    parameters = BARE._replace(first_minutes=30.0, follow_up_minutes=20.0)
    clinic = bench(parameters, replications=1, weeks=8, minutes=45)
    clinic.state.pathways[0, 0, state.FIRST_FACE, 100] = 1000
    assert clinic.run()[0, :, state.FIRST_FACE_SEEN].tolist() == [1, 2, 1, 2, 1, 2, 1, 2]


def test_follow_ups_take_no_more_than_their_cap() -> None:
    # 100 due against 60 slots with a cap of 75%: 45 follow-ups, 15 firsts, 55 overdue.
    clinic = bench(BARE._replace(follow_up_cap=0.75, follow_up_weeks=9), replications=1, weeks=1, minutes=60)
    clinic.state.pathways[0, 0, state.FIRST_FACE, 100] = 1000
    clinic.state.due[0, 0, 0] = 100
    out = clinic.run()[0, 0]
    assert (out[state.FOLLOW_FACE_SEEN], out[state.FIRST_FACE_SEEN], out[state.OVERDUE]) == (45, 15, 55)


def test_those_who_need_face_to_face_are_never_seen_by_video() -> None:
    # everyone capable is booked by video; four in ten are capable, and every video has to be repeated
    clinic = bench(
        replications=100, weeks=30, starts=50, minutes=45, capable=0.4, virtual=(1.0, 1.0), repeated=1.0
    )
    out = clinic.run()
    assert (out[:, :, state.REPEATED] == out[:, :, state.FIRST_VIRTUAL_SEEN]).all()
    assert (out[:, :, state.NON_ADMITTED] == out[:, :, state.FIRST_FACE_SEEN]).all()
    assert out[:, :, state.FIRST_VIRTUAL_SEEN].sum() > 0


def test_a_failed_video_waits_on_with_its_clock() -> None:
    # 80 who started 30 weeks ago, all seen by video in week 0 and none of them for good
    clinic = bench(repeated=1.0, replications=1, weeks=1, minutes=80, virtual=(1.0, 1.0))
    clinic.state.pathways[0, 0, state.FIRST, 104 - 30] = 80
    out = clinic.run()[0, 0]
    assert (out[state.WAITING], out[state.REPEATED]) == (80, 80)
    assert clinic.state.pathways[0, 0, state.FIRST_FACE, 104 - 30] == 80


@pytest.mark.parametrize("weeks_waited", [0, 16, 17, 50, 51, 63, 64, 76, 77, 102, 103, 104])
def test_the_list_is_counted_against_each_standard(weeks_waited: int) -> None:
    # ten people who had waited w whole weeks have waited w + 1 at the end of the first
    clinic = bench(replications=1, weeks=1)
    clinic.state.pathways[0, 0, state.ADMITTED, 104 - weeks_waited] = 10
    out = clinic.run()[0, 0]
    waited = weeks_waited + 1
    expected = [10, 10 * (waited < 18), *(10 * (waited >= over) for over in (52, 65, 78, 104)), 10]
    assert out[: len(expected)].tolist() == expected


def test_each_wait_gets_its_share_of_the_slots_and_never_more_than_its_people() -> None:
    # 300 at one wait and 100 at another with twice the chance: weights 300 and 200 share 50 slots 30 to 20
    clinic = bench(replications=200, weeks=1, minutes=50)
    clinic.inputs.booking[0, 11] *= 2
    clinic.state.pathways[0, :, state.FIRST_FACE, 104 - 4] = 300
    clinic.state.pathways[0, :, state.FIRST_FACE, 104 - 10] = 100
    clinic.run()
    left = clinic.state.pathways[0, :, state.FIRST_FACE]
    assert set(300 - left[:, 104 - 4]) <= {29, 30, 31}
    assert (300 - left[:, 104 - 4] + 100 - left[:, 104 - 10] == 50).all()

    clinic = bench(replications=5, weeks=1, minutes=50)
    clinic.inputs.booking[0, 11] = 50_000_000  # ten people who would get nearly every slot
    clinic.state.pathways[0, :, state.FIRST_FACE, 104 - 4] = 300
    clinic.state.pathways[0, :, state.FIRST_FACE, 104 - 10] = 10
    clinic.run()
    assert not clinic.state.pathways[0, :, state.FIRST_FACE, 104 - 10].any()
    assert set(clinic.state.pathways[0, :, state.FIRST_FACE, 104 - 4]) == {260}

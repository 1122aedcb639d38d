"""Clinic arithmetic against sums worked by hand and against appointments drawn one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.queueing import clinic_minutes as clinic
from models.queueing.clinic_minutes import Clinic
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios import assumptions

pytestmark = pytest.mark.unit

# 9 in 10 come to a hospital appointment, 8 in 10 to a virtual one; 1 virtual in 10 is repeated
PLAIN = Clinic(
    first_minutes=30,
    follow_up_minutes=20,
    virtual_length=0.85,
    missed_face_to_face=0.1,
    missed_virtual=0.2,
    repeated=0.1,
    reviews_per_first=0.4,
    follow_ups_per_first=2.03,
    extra_if_admitted=0.9,
    follow_up_weeks=13,
    follow_up_cap=0.75,
    cannot_use_virtual=0.06,
    session_minutes=210,
    initiated_returns=0.0,
    initiated_safety=0.0,
)


def one(value: float) -> np.ndarray:
    return np.array([value])


def test_the_register_is_read_in_its_own_units() -> None:
    read = Clinic.from_assumptions(
        assumptions.resolve(
            {"dna_face_to_face": 10, "dna_virtual_relative": 1.5, "clinic_session_hours": 3.5}
        )
    )
    assert read.missed_face_to_face == pytest.approx(0.10)
    assert read.missed_virtual == pytest.approx(0.15)  # 10% x 1.5
    assert read.session_minutes == 210  # 3.5 x 60
    assert read.reviews_per_first == pytest.approx(0.4)  # 1.4 appointments a pathway, less the first
    assert (read.first_minutes, read.follow_up_minutes, read.virtual_length) == (30, 20, 0.85)
    assert (read.repeated, read.follow_up_cap, read.cannot_use_virtual) == (0.08, 0.75, 0.06)
    assert read.follow_up_weeks == 13


@given(
    st.fixed_dictionaries(
        {}, optional={key: st.floats(entry.low, entry.high) for key, entry in assumptions.REGISTER.items()}
    )
)
def test_any_allowed_register_makes_a_clinic_that_works(changed: dict[str, float]) -> None:
    made = Clinic.from_assumptions(assumptions.resolve(changed))
    shares = (
        made.missed_face_to_face,
        made.missed_virtual,
        made.repeated,
        made.follow_up_cap,
        made.review_share,
    )
    assert all(0 <= share <= 1 for share in shares)
    assert made.missed_virtual < 1
    each = clinic.appointments_per_exit(made, one(0.2), one(0.1))
    minutes = clinic.minutes_per_exit(made, each, one(0.3), one(0.4), one(0.5))
    assert np.isfinite(minutes).all()
    assert (minutes > 0).all()


def test_review_share_is_of_appointments_on_the_pathway() -> None:
    # 1.4 a pathway: after 0.4 of every 1.4 another is needed
    assert PLAIN.review_share == pytest.approx(0.4 / 1.4)


@pytest.mark.parametrize(
    ("bookings", "capable", "slots"),
    [
        (0.0, 0.0, 1 / 0.9),  # nobody by video: one slot in nine tenths kept
        (0.7, 0.0, 1 / 0.9),
        # all by video: 0.85, and for 0.8 x 0.1 a repeat of 1 / 0.9, as often as it takes: / 0.8
        (1.0, 1.0, (0.85 + 0.8 * 0.1 / 0.9) / 0.8),  # = 1.1736
        # half of bookings: (0.5 x 0.93889 + 0.5) / (0.5 x 0.8 + 0.5 x 0.9) = 0.96944 / 0.85
        (0.5, 1.0, 0.969444 / 0.85),
        (0.5, 0.6, 0.6 * 0.969444 / 0.85 + 0.4 / 0.9),  # the other four tenths face to face
    ],
)
def test_length_of_a_completed_appointment(bookings: float, capable: float, slots: float) -> None:
    assert clinic.length_of_completion(PLAIN, one(bookings), one(capable))[0] == pytest.approx(
        slots, rel=1e-5
    )


def test_length_and_share_are_those_of_appointments_drawn_one_by_one() -> None:
    draw = np.random.default_rng(3)
    capable_share, target = 0.5, 0.3
    bookings = clinic.virtual_bookings(PLAIN, target, one(capable_share))[0]
    patients = 200_000
    capable = draw.random(patients) < capable_share
    waiting = np.ones(patients, bool)
    slots, virtual_seen, face_seen = 0.0, 0, 0
    while waiting.any():
        video = waiting & capable & (draw.random(patients) < bookings)
        face = waiting & ~video
        slots += video.sum() * PLAIN.virtual_length + face.sum()
        came = draw.random(patients) < np.where(video, 0.8, 0.9)
        repeat = video & came & (draw.random(patients) < 0.1)
        virtual_seen += int((video & came).sum())
        face_seen += int((face & came).sum())
        waiting &= ~came | repeat
        capable &= ~repeat
    assert slots / patients == pytest.approx(
        clinic.length_of_completion(PLAIN, one(bookings), one(capable_share))[0], rel=0.005
    )
    assert virtual_seen / (virtual_seen + face_seen) == pytest.approx(target, abs=0.005)


def test_bookings_for_a_target_by_hand() -> None:
    # 30% of attendances: V = 0.3 / (1 - 0.1 x 0.3) = 0.30928 a completed one, of half the patients 0.61856.
    # Missed more often, so booked more often: 0.61856 x 0.9 / (0.61856 x 0.9 + 0.38144 x 0.8) = 0.64593
    assert clinic.virtual_bookings(PLAIN, 0.3, one(0.5))[0] == pytest.approx(0.64593, abs=1e-5)


@given(
    target=st.floats(0, 1),
    capable=st.floats(0.01, 1),
    repeated=st.floats(0, 0.4),
    missed=st.floats(0, 0.3),
    relative=st.floats(0.5, 1.5),
)
def test_bookings_reach_the_target_exactly_or_stop_at_the_reach(
    target: float, capable: float, repeated: float, missed: float, relative: float
) -> None:
    rules = replace(PLAIN, repeated=repeated, missed_face_to_face=missed, missed_virtual=missed * relative)
    u = clinic.virtual_bookings(rules, target, one(capable))[0]
    reach = clinic.reachable_share(rules, one(capable))[0]
    a, b = 1 - rules.missed_virtual, 1 - rules.missed_face_to_face
    # the first attendance is virtual with chance u a / (u a + (1 - u) b); a repeat adds one face to face
    virtual = capable * u * a / (u * a + (1 - u) * b)
    assert virtual / (1 + repeated * virtual) == pytest.approx(min(target, reach), abs=1e-9)
    assert 0 <= u <= 1


def test_nobody_capable_means_nobody_booked() -> None:
    assert clinic.virtual_bookings(PLAIN, 0.7, one(0.0))[0] == 0
    assert clinic.reachable_share(PLAIN, one(0.0))[0] == 0


def test_reach_counts_the_repeats() -> None:
    # half by video, a tenth of those come back: 0.5 / 1.05
    assert clinic.reachable_share(PLAIN, one(0.5))[0] == pytest.approx(0.5 / 1.05)


def test_appointments_of_a_pathway_by_hand() -> None:
    # One first and 0.4 reviews; of 2.03 follow-ups 1.63 come later. A fifth are decided to admit and
    # bring 0.9 x 0.2 = 0.18 of them. The rest by chance b: (1.63 - 0.18) / (1 + 1.63) = 0.55133.
    each = clinic.appointments_per_exit(PLAIN, one(0.2), one(0.0))
    assert (each.firsts[0], each.reviews[0]) == (1, pytest.approx(0.4))
    assert each.again[0] == pytest.approx(1.45 / 2.63)
    assert each.later[0] == pytest.approx(1.63)


@given(decided=st.floats(0, 0.6), lost=st.floats(0, 0.3), follow_ups=st.floats(0.95, 6))
def test_follow_ups_for_each_first_are_as_many_as_published(
    decided: float, lost: float, follow_ups: float
) -> None:
    rules = replace(PLAIN, follow_ups_per_first=follow_ups)
    each = clinic.appointments_per_exit(rules, one(decided), one(lost))
    assert each.firsts + each.reviews == pytest.approx(1.4)
    assert each.reviews[0] + each.later[0] == pytest.approx(follow_ups * each.firsts[0])
    # what brings them: b after each first and each later one, 0.9 after each decision
    brought = each.again * (each.firsts + each.later) + 0.9 * decided
    assert brought == pytest.approx(each.later)


def test_fewer_follow_ups_than_reviews_leave_none_for_later() -> None:
    each = clinic.appointments_per_exit(replace(PLAIN, follow_ups_per_first=0.1), one(0.0), one(0.0))
    assert (each.later[0], each.again[0]) == (0, 0)


def test_minutes_of_a_pathway_by_hand() -> None:
    # nobody missing, nobody by video: 30 + (0.4 + 1.63) x 20 = 70.6
    rules = replace(PLAIN, missed_face_to_face=0.0)
    each = clinic.appointments_per_exit(rules, one(0.2), one(0.0))
    assert clinic.minutes_per_exit(rules, each, one(0.0), one(0.0), one(0.0))[0] == pytest.approx(70.6)


def test_virtual_can_cost_more_than_it_saves() -> None:
    # as long as face to face and repeated four times in ten: 1 + 0.4 slots instead of 1
    rules = replace(PLAIN, virtual_length=1.0, repeated=0.4, missed_face_to_face=0.0, missed_virtual=0.0)
    assert clinic.length_of_completion(rules, one(1.0), one(1.0))[0] == pytest.approx(1.4)


def test_who_can_be_seen_virtually() -> None:
    # trauma: 2.5 x 16% = 40%, of the 94% who can use it; a planner's own ceiling of 60% stands before it
    values = assumptions.resolve({})
    codes = np.array(["C_110", "C_130"])
    assert clinic.capable_share(PLAIN, codes, {}, values) == pytest.approx([0.4 * 0.94, 0.1 * 0.94])
    given_share = clinic.capable_share(PLAIN, codes, {"C_110": 60}, values)
    assert given_share == pytest.approx([0.6 * 0.94, 0.1 * 0.94])


def test_todays_share_averages_to_what_is_published() -> None:
    codes = np.array(list(TREATMENT_FUNCTIONS))
    weights = [assumptions.CLOCK_STARTS[code] for code in codes]
    assert np.average(clinic.today_share(codes, 13.5), weights=weights) == pytest.approx(0.135)
    assert clinic.today_share(np.array(["X02"]), 19.4)[0] == pytest.approx(0.194)  # no chapter of its own


def test_video_and_telephone_mix_by_hand() -> None:
    # Four in ten by telephone. Video: 0.85 long, 20% missed, 10% repeated; telephone: 0.8 x 0.85 = 0.68 long,
    # 1.5 x 20% = 30% missed, 2 x 10% = 20% repeated.
    apart = replace(PLAIN, telephone_length=0.8, telephone_missed=1.5, telephone_repeated=2.0)
    mixed = apart.with_telephone(0.4)
    assert mixed.virtual_length == pytest.approx(0.6 * 0.85 + 0.4 * 0.68)
    assert mixed.missed_virtual == pytest.approx(0.6 * 0.2 + 0.4 * 0.3)
    # of attendances 0.6 x 0.8 = 0.48 are by video and 0.4 x 0.7 = 0.28 by telephone
    assert apart.seen_by_telephone(0.4) == pytest.approx(0.28 / 0.76)
    assert mixed.repeated == pytest.approx((0.48 * 0.1 + 0.28 * 0.2) / 0.76)


@pytest.mark.parametrize("telephone", [0.0, 0.6, 1.0])
def test_media_that_are_alike_mix_to_the_same(telephone: float) -> None:
    mixed = PLAIN.with_telephone(telephone)
    for name in ("virtual_length", "missed_virtual", "repeated"):
        assert getattr(mixed, name) == pytest.approx(getattr(PLAIN, name))
    assert PLAIN.seen_by_telephone(telephone) == pytest.approx(telephone)


def test_a_telephone_can_not_fail_everyone() -> None:
    worst = replace(PLAIN, missed_virtual=0.9, repeated=0.8, telephone_missed=1.5, telephone_repeated=2.0)
    mixed = worst.with_telephone(1.0)
    assert [mixed.missed_virtual, mixed.repeated] == pytest.approx([0.95, 0.95])


@pytest.mark.parametrize(
    ("telephone", "declined", "most"),
    [
        # 6% can use neither and 20% the telephone alone: of the other 94%, 74 / 94 = 78.7% can use video
        (0.0, 0.0, 74 / 94),
        (0.1, 0.0, 74 / 94 / 0.9),  # nine tenths by video are 78.7%, one tenth more by telephone
        (0.6, 0.0, 1.0),
        (1.0, 0.0, 1.0),
        (0.0, 0.5, 37 / 94),  # half of those who could choose face to face
        (0.6, 0.2, 0.8),
    ],
)
def test_the_telephone_reaches_those_whom_video_does_not(
    telephone: float, declined: float, most: float
) -> None:
    rules = replace(PLAIN, cannot_use_virtual=0.06, cannot_use_video=0.2)
    assert clinic.most_bookings(rules, telephone, declined) == pytest.approx(most)


def test_values_by_replication_give_what_each_gives_alone() -> None:
    codes = np.array(["C_110", "C_320"])
    changed = {
        "virtual_repeat": [4.0, 15.0],
        "telephone_share": [40.0, 75.0],
        "follow_up_interval": [9.4, 20.0],
        "virtual_ceiling_multiple": [1.75, 3.5],
        "cannot_use_virtual": [3.0, 12.0],
    }

    def minutes(values: dict) -> np.ndarray:
        made = Clinic.from_assumptions(values).with_telephone(values["telephone_share"] / 100)
        capable = clinic.capable_share(made, codes, {"C_110": 30.0}, values)
        today = clinic.today_share(codes, values["virtual_share_first"])
        shape = (-1,) + (1,) * (capable.ndim - 1)
        decided, lost = np.array([0.2, 0.3]).reshape(shape), np.array([0.05, 0.1]).reshape(shape)
        each = clinic.appointments_per_exit(made, decided, lost)
        bookings = clinic.virtual_bookings(made, today, capable)
        return clinic.minutes_per_exit(made, each, bookings, bookings, capable)

    resolved = assumptions.resolve({})
    together = minutes({key: np.array(changed.get(key, [value] * 2)) for key, value in resolved.items()})
    assert together.shape == (2, 2)
    for r in range(2):
        alone = minutes(dict(resolved) | {key: pair[r] for key, pair in changed.items()})
        assert together[:, r] == pytest.approx(alone)

"""Every lever at once against two trusts told patient by patient: means and quantiles, but for chance."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.calibration.rates import Calibration
from models.queueing.clinic_minutes import Clinic
from models.rtt import months
from models.scenarios import assumptions
from models.scenarios.scenario import read_scenario
from sim.engine import state
from sim.engine.world import World
from tests.sim.clinics import FIXED, agree, board
from tests.sim.pathways import InForce, Patient
from tests.sim.patients import PatientClinic
from tests.sim.trusts import Pairing, run

pytestmark = pytest.mark.unit

STOCKS = ("waiting", "within_18", "waiting_admission", "follow_ups_overdue")  # as they are at the end
# whose quantiles are compared too
SPREAD = (
    "waiting",
    "within_18",
    "over_52",
    "stops_non_admitted",
    "stops_admitted",
    "removals",
    "first_virtual",
    "follow_up_virtual",
    "follow_up_face_to_face",
    "missed_virtual",
    "repeated",
    "follow_ups_overdue",
)
# Two trusts, one helped by the other, from the first week to two after patient-initiated follow-ups of the
# first weeks are seen to be safe; Christmas and Easter have short weeks. Evidence is fixed, and tells video
# from telephone.
LONG = 60
EVIDENCE = FIXED | {
    "dna_face_to_face": 10.0,
    "dna_virtual_relative": 1.2,
    "virtual_repeat": 12.0,
    "virtual_slot_length": 0.8,
    "telephone_missed_relative": 0.75,
    "telephone_repeat_relative": 1.5,
    "telephone_slot_relative": 0.75,
    "pifu_returns": 30.0,
    "pifu_safety": 50.0,
    "follow_up_minutes_cap": 45.0,
}
PARTNER, HOME = "RNQ", "RWE"
ALL_LEVERS = [
    {
        "lever": "virtual_by_default",
        "first": 35,
        "follow_up": 70,
        "first_by_telephone": 30,
        "follow_up_by_telephone": 80,
        "declined": 10,
        "starts": "+2w",
        "full_by": "+6w",
        "ceilings": {"X02": 60},
    },
    {"lever": "asking_for_virtual", "share": 100},
    {"lever": "patient_initiated_follow_up", "share": 40, "starts": "+0w", "full_by": "+4w"},
    {"lever": "advice_and_guidance", "share": 10, "full_by": "+0w"},
    {"lever": "missed_appointments", "reduction": 50, "overbooking": 20, "full_by": "+0w"},
    {"lever": "emeritus_consultants", "sessions": 1, "ends": "+20w"},
    {"lever": "extra_sessions", "clinics": 1, "theatre_slots": 1, "starts": "+5w"},
    {"lever": "independent_sector", "slots": 1, "ends": "+30w"},
    {"lever": "validation", "removed": 20, "waited": 26, "every": 10, "starts": "+3w"},
    {"lever": "booking_order", "share": 30, "waited": 20, "full_by": "+0w"},
    {"lever": "referral_growth", "growth": 15},
    {"lever": "capacity_shock", "lost": 60, "starts": "+52w", "weeks": 4},
    {
        "lever": "trust_pairing",
        "home": HOME,
        "partner": PARTNER,
        "weekly_limit": 3,
        "given": 10,
        "from_spare": 50,
        "waited": 10,
        "starts": "+1w",
    },
]


def two_trusts() -> Calibration:
    made = board((PARTNER, HOME), ("X02",), starts=6.0, spread=0.0)
    to_be_admitted = np.tile((np.arange(state.BANDS) % 5 == 0).astype(np.int32), (2, 1))
    short = 0.55  # of the clinics that would keep up, so that with every lever on there is still a list
    return replace(
        made,
        admitted=to_be_admitted,
        exits=short * made.exits,
        admissions=short * made.admissions,
        spare=np.array([0.1, 0.0]),
    )


def bookings(clinic: Clinic, telephone: float, target: float, capable: float) -> float:
    """Share of capable patients' bookings made virtual that gives `target` of attendances, or all: by halves.

    A booking is by telephone, by video or face to face; who misses is booked again in the same way, and who
    has come in vain comes once more.
    """
    missed = [clinic.missed_virtual, clinic.missed_virtual * clinic.telephone_missed]
    comes = [(1 - telephone) * (1 - missed[0]), telephone * (1 - missed[1])]
    in_vain = clinic.repeated * (comes[0] + clinic.telephone_repeated * comes[1]) / sum(comes)
    low, high = 0.0, 1.0
    for _ in range(50):
        share = (low + high) / 2
        face = (1 - share) * (1 - clinic.missed_face_to_face)
        virtual = capable * share * sum(comes) / (share * sum(comes) + face)
        low, high = (share, high) if virtual / (1 + in_vain * virtual) < target else (low, share)
    return high


def in_force(clinic: Clinic, capable: float, days: np.ndarray, parts: dict[str, float]) -> list[InForce]:
    """The levers above by week, told once more; `parts` are a trust's of what is shared by those waiting."""
    today = (bookings(clinic, 0.6, 0.135, capable), bookings(clinic, 0.6, 0.194, capable))
    can_use_video = 1 - 0.06 / 0.94
    weeks = []
    for week, day in enumerate(days):
        virtual, telephone = list(today), [0.6, 0.6]
        part = min(max(week - 1, 0) / 4, 1.0)
        for kind, (now, target, by_telephone) in enumerate(((0.135, 0.35, 0.3), (0.194, 0.7, 0.8))):
            if part:
                telephone[kind] = 0.6 + part * (by_telephone - 0.6)
                wanted = bookings(clinic, telephone[kind], now + part * (target - now), capable)
                most = min(can_use_video / (1 - telephone[kind]), 1.0) * 0.9
                virtual[kind] = min(wanted, max(most, today[kind]))
        weeks.append(
            InForce(
                virtual=(virtual[0], virtual[1]),
                telephone=(telephone[0], telephone[1]),
                still_missed=0.5,
                asking=1.0,
                overbooked=0.2,
                patient_initiated=0.4 * min((week + 1) / 4, 1.0),
                advice=0.1,
                demand=1.15 ** ((week + 1) * 7 / 365.25),
                capacity=0.4 if 52 <= week < 56 else 1.0,
                extra_minutes=210 * parts["outpatients"] * (week >= 5),
                extra_theatre=parts["admitted"] * (week >= 5),
                emeritus_minutes=210 * parts["first"] * (week < 20),
                independent=parts["admitted"] * (week < 30),
                longest_first=0.3,
                longest_from=20,
                validation=0.2 if week % 10 == 3 else 0.0,
                validation_from=26,
                working=float(day) / 5,
            )
        )
    return weeks


def shares(counts: np.ndarray) -> np.ndarray:
    each = counts.sum(axis=1)
    return np.asarray(each / each.sum())


def met(chances: np.ndarray) -> Callable[[int], float]:
    """Chances by weeks waited as met in a week that takes patients from one wait to the next."""
    # the newest have waited half a week: half of the first band's chance
    weekly = [float(chances[0]) / 2, *((chances[1:] + chances[:-1]) / 2).tolist()]
    return lambda waited: weekly[min(waited, len(weekly) - 1)]


def decided(chances: np.ndarray) -> Callable[[int], float]:
    by_wait = [float(each) for each in chances]
    return lambda waited: by_wait[min(waited, len(by_wait) - 1)]


def both_by_patient(replications: int) -> dict[str, np.ndarray]:
    """Every measure of both trusts, (R, 2)."""
    found = two_trusts()
    scenario = read_scenario({"name": "all", "levers": ALL_LEVERS, "assumptions": EVIDENCE})
    blank = np.zeros((1, 2, 1, len(state.MEASURES)), np.int32)
    opening = World(found, scenario, 1, [0], 1, blank)  # what clinics are calibrated to, before time begins
    clinic = Clinic.from_assumptions(assumptions.resolve(EVIDENCE))
    clinic = replace(clinic, follow_up_weeks=int(clinic.follow_up_weeks))
    capable = 0.6 * 0.94
    days = months.working_days_by_week(found.data_month, LONG)
    shared = {
        "first": shares(found.first),
        "outpatients": shares(found.first + found.review),
        "admitted": shares(found.admitted),
    }
    plans = [in_force(clinic, capable, days, {k: v[s] for k, v in shared.items()}) for s in (0, 1)]
    runs = []
    for replication in range(replications):
        draw = random.Random(replication)
        clinics = []
        for s in (0, 1):
            made = PatientClinic(
                clinic,
                5 * found.starts[s],
                5 * float(opening.inputs.minutes[s, 0]),
                5 * found.admissions[s],
                capable,
                float(opening.each.again[s, 0]),
                met(found.removal[s]),
                decided(found.decisions[s]),
                draw,
                plans[s].__getitem__,
                met(found.booking[s]),
                met(found.booking_admitted[s]),
            )
            for stage, seen, admitted in (
                ("first", False, False),
                ("review", True, False),
                ("admitted", True, True),
            ):
                for waited, many in enumerate(getattr(found, stage)[s].tolist()):
                    made.waiting += [
                        Patient(-1 - waited, draw.random() < capable, seen, admitted) for _ in range(many)
                    ]
            made.due.update(dict(enumerate(opening.state.due[s, 0].tolist())))
            clinics.append(made)
        usual, spare = float(opening.inputs.minutes[0, 0]), 0.1 * float(opening.minutes_an_exit[0, 0])

        def offered(week: int, usual: float = usual, spare: float = spare) -> float:
            return (0.1 * usual * plans[0][week].capacity + 0.5 * spare) * float(days[week])

        pairing = Pairing(clinics[1], clinics[0], 3.0, offered, waited=10, diagnostic=0.25, begin=1)
        runs.append(run(LONG, clinics, pairing))
    return {n: np.array([[each[n] for each in both] for both in runs], float) for n in state.MEASURES}


def both_by_count(replications: int) -> dict[str, np.ndarray]:
    """Every measure of both trusts, (R, 2), of the engine with its own policies."""
    scenario = read_scenario({"name": "all", "levers": ALL_LEVERS, "assumptions": EVIDENCE})
    out = np.zeros((replications, 2, LONG, len(state.MEASURES)), np.int32)
    World(two_trusts(), scenario, 1, range(replications), LONG, out).run()
    return {
        name: (out[:, :, -1, i] if name in STOCKS else out[:, :, :, i].sum(axis=2)).astype(float)
        for i, name in enumerate(state.MEASURES)
    }


def past(told: np.ndarray, counted: np.ndarray, tenth: float) -> float:
    """How far apart two samples' shares below a quantile lie, in standard errors; ties count half."""
    edge = np.quantile(counted, tenth)
    below = [(each < edge).mean() + (each == edge).mean() / 2 for each in (told, counted)]
    error = np.sqrt(tenth * (1 - tenth) * (1 / told.size + 1 / counted.size))
    return float(abs(below[0] - below[1]) / error)


def test_every_lever_at_once_agrees_with_two_trusts_told_patient_by_patient() -> None:
    told, counted = both_by_patient(110), both_by_count(800)
    apart = {
        (name, trust): agree(told[name][:, s], counted[name][:, s])
        for name in state.MEASURES
        for s, trust in enumerate((PARTNER, HOME))
    }
    # 54 means and 72 quantiles of two right programs: one lies 4 standard errors out once in a hundred seeds
    assert {which: far for which, far in apart.items() if far > 4} == {}
    quantiles = {
        (name, trust, tenth): past(told[name][:, s], counted[name][:, s], tenth)
        for name in SPREAD
        for s, trust in enumerate((PARTNER, HOME))
        for tenth in (0.1, 0.5, 0.9)
    }
    assert {which: far for which, far in quantiles.items() if far > 4} == {}
    # and everything that levers do is there to be told
    assert all(told[name].sum(axis=1).mean() > 1 for name in state.MEASURES if name != "over_104")

"""The kernel against the same clinic told patient by patient: equal means, within sampling error."""

import random
from dataclasses import replace

import numpy as np
import pytest

from models.queueing.clinic_minutes import Clinic
from models.scenarios import assumptions
from sim.engine import state
from sim.engine.settings import ClinicParameters
from sim.engine.world import clinic_parameter_table
from tests.sim.clinics import agree, bench
from tests.sim.pathways import InForce, Patient
from tests.sim.patients import PatientClinic
from tests.sim.trusts import run

pytestmark = pytest.mark.unit

WEEKS = 50
CLINIC = replace(
    Clinic.from_assumptions(assumptions.resolve({})),
    missed_face_to_face=0.12,
    missed_virtual=0.2,
    repeated=0.15,
    follow_up_weeks=6,
    follow_up_spread=0,
    virtual_length=0.6,
)
CAPABLE, AGAIN, VIRTUAL = 0.6, 0.4, (0.7, 0.5)
STOCKS = ("waiting", "within_18", "waiting_admission", "follow_ups_overdue")  # as they are at the end
STARTS, MINUTES, THEATRE, OPENING = 12.0, 560.0, 1.3, 60


def removal(waited: int) -> float:
    return 0.002 + 0.0005 * min(waited, 40)


def decision(waited: int) -> float:
    return min(0.1 + 0.01 * waited, 0.5)


def by_patient(replications: int) -> dict[str, np.ndarray]:
    runs = []
    for replication in range(replications):
        clinic = PatientClinic(
            replace(CLINIC, kept_weeks=1000.0),
            STARTS,
            MINUTES,
            THEATRE,
            CAPABLE,
            AGAIN,
            removal,
            decision,
            random.Random(replication),
            lambda week: InForce(virtual=VIRTUAL),
        )
        clinic.waiting = [Patient(-1, i < 36) for i in range(OPENING)]  # 36 of 60 can be seen by video
        runs.append(run(WEEKS, [clinic])[0])
    return {name: np.array([run[name] for run in runs], float) for name in state.MEASURES}


def by_count(replications: int) -> dict[str, np.ndarray]:
    waited = range(state.BANDS + WEEKS)
    clinic = bench(
        ClinicParameters(*clinic_parameter_table(replace(CLINIC, kept_weeks=1000.0), 1)[0]),
        replications=replications,
        weeks=WEEKS,
        starts=STARTS,
        minutes=MINUTES,
        theatre=THEATRE,
        removal=np.array([removal(w) for w in waited]),
        decisions=np.array([decision(w) for w in waited]),
        capable=CAPABLE,
        virtual=VIRTUAL,
        again=AGAIN,
        missed=(float(CLINIC.missed_face_to_face), float(CLINIC.missed_virtual)),
        length=float(CLINIC.virtual_length),
        repeated=float(CLINIC.repeated),
    )
    clinic.state.pathways[0, :, state.FIRST, 104] = 36
    clinic.state.pathways[0, :, state.FIRST_FACE, 104] = 24
    out = clinic.run().astype(float)
    return {
        name: out[:, -1, i] if name in STOCKS else out[:, :, i].sum(axis=1)
        for i, name in enumerate(state.MEASURES)
    }


def test_counts_agree_with_the_clinic_told_patient_by_patient() -> None:
    told, counted = by_patient(150), by_count(600)
    measures = [name for name in state.MEASURES if "over_" not in name and "telephone" not in name]
    apart = {name: agree(told[name], counted[name]) for name in measures}
    # 16 measures of two right programs: one is 4 standard errors out once in a thousand seeds
    assert {name: far for name, far in apart.items() if far > 4} == {}
    # and the oracle is busy enough to tell: a list, both stages, repeats and overdue follow-ups
    assert all(told[name].mean() > 5 for name in ("waiting_admission", "repeated", "missed_virtual"))
    assert told["waiting"].mean() > 80

"""Appointments kept at each trust: the run's own sums, others together, batches as one run."""

from dataclasses import replace

import numpy as np
import pytest

from models.scenarios.presets import preset
from sim.observers.visits import FACE_TO_FACE, OTHERS, VIRTUAL, VisitsObserver, visits_of
from sim.runs.results import Results
from sim.runs.runner import run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def ran() -> Results:
    return run(board(), preset("virtual-70"), weeks=9, replications=3)


def test_visits_are_the_run_s_own_appointments(ran: Results) -> None:
    found = visits_of(ran)
    face = ran.total("first_face_to_face") + ran.total("follow_up_face_to_face")
    virtual = ran.total("first_virtual") + ran.total("follow_up_virtual")
    assert found.counts[..., FACE_TO_FACE].sum(axis=1).tolist() == face.tolist()
    assert found.counts[..., VIRTUAL].sum(axis=1).tolist() == virtual.tolist()
    assert found.attended(2, 5)[..., VIRTUAL].sum(axis=1).tolist() == virtual[:, 2:5].sum(axis=1).tolist()


def test_what_is_not_a_trust_stands_together(ran: Results) -> None:
    providers = np.array(["RXN" if place % 2 else f"NT{place}" for place in range(len(ran.providers))])
    renamed = replace(ran, providers=providers)
    found = visits_of(renamed)
    assert set(found.providers) <= {OTHERS, "RXN"}
    assert found.counts.sum() == visits_of(ran).counts.sum()


def test_batches_together_are_the_run_at_once(ran: Results) -> None:
    one = visits_of(ran)
    both = VisitsObserver().merged_replications([one, one])
    assert both.counts.shape[0] == 6
    assert both.counts[3:].tolist() == one.counts.tolist()

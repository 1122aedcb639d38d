"""What a run needs of the store: capacity that a pairing lends, and trusts where it leaves them open."""

import pytest

from data.database.store import Store
from data.returns.capacity import spare_for
from models.scenarios.assumptions import resolve
from models.scenarios.presets import baseline_for, preset
from models.scenarios.scenario import read_scenario
from questions.prepare import calibration, prepare
from questions.question import Question

pytestmark = pytest.mark.integration


def test_spare_capacity_comes_with_a_pairing_that_lends_it(reference_store: Store) -> None:
    pairing = {"lever": "trust_pairing", "home": "RXL", "partner": "RXR", "given": 0, "from_spare": 100}
    lends = read_scenario({"name": "lends", "levers": [pairing]})
    rates = calibration(reference_store, Question.of(reference_store, "QE1", lends))
    assert rates.spare is not None
    assert rates.spare == pytest.approx(spare_for(reference_store, rates, resolve({})))
    assert rates.spare[rates.providers == "RXR"].sum() > 0
    keeps = read_scenario({"name": "keeps", "levers": [pairing | {"from_spare": 0}]})
    assert calibration(reference_store, Question.of(reference_store, "QE1", keeps)).spare is None


def test_a_pairing_left_open_has_two_trusts_once_prepared(reference_store: Store) -> None:
    prepared = prepare(reference_store, Question.of(reference_store, "QE1", preset("trust-pairing")))
    pairing = prepared.scenario.levers[0]
    assert {pairing.text("home"), pairing.text("partner")} <= set(prepared.calibration.providers.tolist())
    assert prepared.baseline == baseline_for(prepared.scenario)
    assert prepared.both == (prepared.scenario, prepared.baseline)

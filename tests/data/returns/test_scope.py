"""Scopes: boards taken together are the sum of each, in any order, and a pairing says which to join."""

import pytest

from data.database.store import Store
from data.returns.calibrations import calibration
from data.returns.history import history
from data.returns.lists import trend
from data.returns.scope import boards_of, scope_code, scope_name
from models.errors import TandemError
from models.scenarios.presets import preset
from models.scenarios.scenario import Scenario, read_scenario

pytestmark = pytest.mark.integration


def paired(home: str, partner: str) -> Scenario:
    return read_scenario(
        {"name": "paired", "levers": [{"lever": "trust_pairing", "home": home, "partner": partner}]}
    )


@pytest.mark.parametrize("scope", ["QE1+QOP", "QOP+QE1", "QOP + QE1+QOP"])
def test_joined_boards_are_written_one_way(reference_store: Store, scope: str) -> None:
    assert scope_code(reference_store, scope) == "QE1+QOP"
    assert boards_of(reference_store, scope) == ["QE1", "QOP"]


def test_joined_boards_are_the_sum_of_each(reference_store: Store) -> None:
    one, other, both = (trend(reference_store, scope) for scope in ("QE1", "QOP", "QOP+QE1"))
    for column in ("incomplete", "over_52", "starts", "admitted"):
        assert (one[column] + other[column]).tolist() == both[column].tolist()


def test_a_calibration_of_joined_boards_has_the_series_of_both(reference_store: Store) -> None:
    baseline = preset("baseline")
    one, other, both = (calibration(reference_store, scope, baseline) for scope in ("QE1", "QOP", "QOP+QE1"))
    assert both.scope == "QE1+QOP"
    assert both.waiting.sum() == one.waiting.sum() + other.waiting.sum()
    assert both.series == one.series + other.series
    assert sorted(both.providers.tolist()) == both.providers.tolist()


def test_england_and_unknown_boards_join_nothing(reference_store: Store) -> None:
    assert scope_code(reference_store, "ENGLAND") == "ENGLAND"
    with pytest.raises(TandemError, match="takes in every board already"):
        scope_code(reference_store, "QE1+ENGLAND")
    with pytest.raises(TandemError, match="There is no board 'QXX'"):
        history(reference_store, "QE1+QXX")
    with pytest.raises(TandemError, match="There is no board ''"):
        history(reference_store, "QE1+")


def test_a_pairing_over_a_boundary_says_which_boards_to_run(reference_store: Store) -> None:
    # RXN is Lancashire Teaching Hospitals (QE1), R0A Manchester University (QOP)
    with pytest.raises(TandemError, match="R0A of board QOP, which is not in QE1") as fault:
        calibration(reference_store, "QE1", paired("RXN", "R0A"))
    assert "Run QE1+QOP" in fault.value.remedy
    assert "R0A" in calibration(reference_store, "QE1+QOP", paired("RXN", "R0A")).providers
    assert "R0A" in calibration(reference_store, "ENGLAND", paired("RXN", "R0A")).providers


def test_a_scope_has_a_plain_name(reference_store: Store) -> None:
    assert scope_name(reference_store, "ENGLAND") == "England"
    assert scope_name(reference_store, "QE1") == "Lancashire and South Cumbria"
    assert scope_name(reference_store, "QOP+QE1") == "Lancashire and South Cumbria and Greater Manchester"
    with pytest.raises(TandemError, match="There is no board 'QQ'"):
        scope_name(reference_store, "QQ")

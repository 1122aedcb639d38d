"""The pair command on the shipped figures, as a script would run it."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store
from data.returns.pairing import ground
from models.pairing.gains import amounts_of, stops_given
from models.pairing.optimum import best_plan
from models.pairing.pairs import Limits

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store_path(reference_store: Store) -> str:
    return str(reference_store.path)


def test_a_board_s_pairs_are_told(store_path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pair", "--store", store_path, "--board", "QE1"]) == 0
    said = capsys.readouterr().out
    assert "QE1, figures of August 2025" in said
    assert "2 pairs, 42 appointments a week, avoiding 82 weeks of waiting beyond 18 weeks, each week." in said
    assert "No plan within the limits avoids more." in said
    assert "East Lancashire Hospitals offers Blackpool Teaching Hospitals 24 appointments a week" in said
    assert "Of the series called spare in past months 84% later delivered it." in said


def test_pins_bans_and_boards_together(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pairs.csv"
    asked = ["pair", "--store", store_path, "--boards", "QE1,QOP", "--partners", "1", "--ban", "RXL:RXR"]
    assert cli.main([*asked, "--pin", "RXN:RXR", "--functions", "C_120,C_502", "--out", str(out)]) == 0
    found = pd.read_csv(out)
    pairs = {frozenset(each) for each in zip(found["home_code"], found["partner_code"], strict=True)}
    assert frozenset(("RXN", "RXR")) in pairs
    assert frozenset(("RXL", "RXR")) not in pairs
    assert set(found["tfc"]) <= {"C_120", "C_502"}
    assert found.loc[found["pinned"], "partner_code"].unique().tolist() == ["RXR"]
    about = json.loads((tmp_path / "pairs.csv.about.json").read_text(encoding="utf-8"))
    assert (about["scope"], about["partners"], about["pinned"]) == ("QE1+QOP", 1, [["RXN", "RXR"]])
    capsys.readouterr()
    assert cli.main([*asked, "--without-boards", "QOP", "--pin", "RXN:RXR"]) == 0
    assert "East Lancashire Hospitals offers Lancashire Teaching Hospitals" in capsys.readouterr().out


def test_a_plan_is_tried_on_both_sides(store_path: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["pair", "--store", store_path, "--board", "QE1", "--functions", "C_120"]
    assert cli.main([*asked, "--try", "--weeks", "26", "--replications", "4"]) == 0
    said = capsys.readouterr().out
    assert "All pairs together, by March 2026: " in said
    assert "East Lancashire Hospitals helps: " in said
    assert "Blackpool Teaching Hospitals is helped: " in said


def test_a_question_and_what_is_placed_beside(store_path: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["pair", "--store", store_path, "--board", "QE1", "--functions", "C_120", "--diagnostic", "40"]
    assert cli.main([*asked, "--ask", "RXN:RXR:C_120", "--ask", "RXL:RXN:C_100"]) == 0
    said = capsys.readouterr().out
    assert "Lancashire Teaching Hospitals and East Lancashire Hospitals are in the plan. Without them" in said
    assert "5.6 wanted a week, 9.2 to spare, 5.6 could flow" in said
    assert "Blackpool Teaching Hospitals and Lancashire Teaching Hospitals are not in the plan" in said
    tried = [
        "--try",
        "--weeks",
        "13",
        "--replications",
        "2",
        "--emeritus",
        "C_120=4",
        "--independent",
        "C_120=2",
    ]
    assert cli.main([*asked, *tried]) == 0
    said = capsys.readouterr().out
    assert "Of it, emeritus sessions and independent-sector slots, by November 2025: " in said
    assert "go home for a diagnostic." in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--pin", "RXN"], "'RXN' does not name two trusts."),
        (["--pin", "RXN:RWE"], "RWE has nobody waiting in QE1"),
        (["--functions", "C_999"], "C_999"),
        (["--partners", "0"], "can't have 0 partners"),
        (["--ask", "RXN:RWE"], "has nobody waiting in QE1"),
        (["--functions", "C_120", "--try", "--emeritus", "C_120"], "gives no number a week"),
    ],
)
def test_what_cannot_be_planned_is_refused(
    store_path: str, wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pair", "--store", store_path, "--board", "QE1", *wrong]) == 1
    assert said in capsys.readouterr().err


def test_all_england_within_its_limits(reference_store: Store) -> None:
    limits = Limits()
    found = ground(reference_store, "ENGLAND")
    plan = best_plan(found.choices(limits), limits)
    assert len(plan.pairs) > 100
    assert plan.gap < 0.06
    partners: dict[str, int] = {}
    for pair in plan.pairs:
        for code in pair.trusts:
            partners[code] = partners.get(code, 0) + 1
    assert max(partners.values()) <= 2
    # No giver below its floor: what it has shown less what it gives is what its own list needs, or more.
    keys = list(zip(found.calibration.providers, found.calibration.treatment_functions, strict=True))
    given = dict.fromkeys(keys, 0.0)
    for flow in plan.flows:
        given[flow.partner, flow.treatment_function] += flow.a_week
    away = pd.Series(given).reindex(pd.MultiIndex.from_tuples(keys)).to_numpy()
    values, held = found.values, found.capacity
    left = amounts_of(found.calibration, held, held.shown) - stops_given(
        found.calibration, held, values, away
    )
    assert (left >= amounts_of(found.calibration, held, held.needed) - 1e-6)[away > 0].all()

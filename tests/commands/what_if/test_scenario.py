"""The scenario command: documents whole and checked, the presets, the schema."""

import json
from pathlib import Path

import pytest
import yaml

import cli
from data.database.store import Store
from models.scenarios.presets import PRESETS, preset
from models.scenarios.scenario import read_scenario
from models.scenarios.schema import scenario_schema

pytestmark = pytest.mark.integration


def printed(capsys: pytest.CaptureFixture[str], *asked: str) -> str:
    assert cli.main(["scenario", *asked]) == 0
    return capsys.readouterr().out


def test_a_preset_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert yaml.safe_load(printed(capsys, "virtual-70")) == preset("virtual-70").document()
    assert json.loads(printed(capsys, "virtual-70", "--json")) == preset("virtual-70").document()


def test_a_file_is_checked_and_its_defaults_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nlevers:\n  - lever: referral_growth\n    growth: -1\n", encoding="utf-8")
    (lever,) = yaml.safe_load(printed(capsys, str(path)))["levers"]
    assert lever == {"lever": "referral_growth", "growth": -1.0, "starts": "+0w"}
    path.write_text("name: mine\nlevers:\n  - lever: referral_growth\n    growth: 40\n", encoding="utf-8")
    assert cli.main(["scenario", str(path)]) == 1
    assert "growth in clock starts is 40, outside -20 to 20% a year" in capsys.readouterr().err


def test_a_board_fills_in_the_trusts(reference_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    written = printed(capsys, "trust-pairing", "--board", "QK1", "--store", str(reference_store.path))
    found = read_scenario(yaml.safe_load(written))
    # the only large trust of the board is Leicester's hospitals
    assert found.levers[0].text("home") == "RWE"
    assert found.levers[0].text("partner")


def test_without_a_name_the_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(capsys)
    for each in PRESETS.values():
        assert f"{each.name}: {each.title}" in said
        assert f"Source: {each.source}." in said


def test_the_schema_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(printed(capsys, "--schema")) == scenario_schema()
    path = tmp_path / "schema.json"
    assert "Written to" in printed(capsys, "--schema", "--out", str(path))
    assert json.loads(path.read_text(encoding="utf-8")) == scenario_schema()
    assert cli.main(["scenario", "--schema", "--out", str(tmp_path / "no" / "schema.json")]) == 1
    assert "could not be written" in capsys.readouterr().err

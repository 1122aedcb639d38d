"""The outturn command: an earlier forecast, or a saved scenario, beside what was published since."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.edition import edition
from data.database.store import Store
from data.opening import open_with_figures
from data.returns.calibrations import calibration
from data.returns.lists import trend
from data.saved.scenarios import SavedScenario, save_scenario
from models.scenarios.presets import preset
from sim.runs.runner import run
from sim.studies.outturn import MISSED_TOGETHER, outturn, outturn_said

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the shipped figures of this file's own: a scenario is saved in it."""
    with open_with_figures(tmp_path_factory.mktemp("outturn") / "tandem.duckdb") as opened:
        yield opened


def test_a_forecast_is_set_beside_what_came(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "came.csv"
    asked = ["outturn", "--store", str(store.path), "--board", "QK1", "--train-to", "2025-02"]
    assert cli.main([*asked, "--replications", "3", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    rates = calibration(store, "QK1", preset("baseline"), "2025-02")
    published = trend(store, "QK1").rename(columns={"incomplete": "waiting"}).to_dict("records")
    found = outturn(run(rates, preset("baseline"), weeks=52, replications=3), published)
    assert "\n".join(outturn_said(found)) in said
    assert MISSED_TOGETHER not in said
    rows = pd.read_csv(out).set_index(["measure", "month"])
    assert len(rows) == 3 * 6  # March to August 2025
    august = found["waiting"][-1]
    assert rows.loc[("waiting", "2025-08"), "published"] == august.published == published[-1]["waiting"]
    assert rows.loc[("waiting", "2025-08"), "error_percent"] == pytest.approx(august.error, abs=0.001)


def test_a_saved_scenario_is_run_as_it_was_saved(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    save_scenario(
        store,
        SavedScenario(
            name="Twenty more",
            description="",
            document=preset("extra-sessions").document(),
            scope="QK1",
            data_month="2025-06",
            edition=edition(store, "2025-06"),
            weeks=60,
            replications=2,
            seed=3,
        ),
    )
    asked = ["outturn", "--store", str(store.path), "--board", "QK1", "--saved"]
    assert cli.main([*asked, "twenty MORE"]) == 0
    said = capsys.readouterr().out
    assert "forecast on the figures to June 2025, seed 3, 2 replications" in said
    assert MISSED_TOGETHER in said
    assert cli.main([*asked, "Thirty more"]) == 1
    assert "Saved are: Twenty more." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "It is not said which forecast."),
        (("--saved", "x", "--train-to", "2025-02"), "A saved scenario has its own month."),
        (("--train-to", "2025-08"), "Nothing that came after August 2025"),
        (("--train-to", "then"), "'then' is not a month."),
    ],
)
def test_what_cannot_be_set_beside_is_said(
    store: Store, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["outturn", "--store", str(store.path), *options]) == 1
    assert said in capsys.readouterr().err

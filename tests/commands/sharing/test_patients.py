"""The patients and slots commands on the shipped figures, as a script would run them."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store
from data.opening import open_with_figures
from data.saved.matching import matching_lists, patients_of
from models.columns import names
from models.matching.columns import PATIENTS, SLOTS

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store_path(reference_store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy, as lists are kept in it."""
    path = tmp_path_factory.mktemp("lists") / "tandem.duckdb"
    with reference_store.write():  # nothing writes meanwhile
        shutil.copy(reference_store.path, path)
    return str(path)


def test_made_up_patients_are_written_read_and_kept(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "patients.csv"
    asked = ["patients", "--store", store_path, "--board", "QE1", "--as-of", "2026-11-22"]
    assert cli.main([*asked, "--synthetic", "200", "--out", str(out)]) == 0
    assert "200 made-up patients (synthetic: nobody's), seed 1" in capsys.readouterr().out
    found = pd.read_csv(out)
    assert list(found) == names(PATIENTS)
    assert (found["synthetic"] == "yes").all()
    about = json.loads((tmp_path / "patients.csv.about.json").read_text(encoding="utf-8"))
    assert (about["scope"], about["seed"], about["synthetic"]) == ("QE1", 1, True)
    assert "Assumed without a source" in about["assumed"]
    assert cli.main([*asked, "--file", str(out), "--keep", "To try"]) == 0
    assert "patients.csv: 200 rows, none at fault\nKept as 'To try' for QE1" in capsys.readouterr().out
    with open_with_figures(Path(store_path)) as store:
        kept = matching_lists(store, "patients", "QE1")[0]
        assert (kept.name, kept.rows, kept.synthetic) == ("To try", 200, True)
        assert len(patients_of(store, kept.id)) == 200


def test_made_up_slots_from_a_share_of_stops_and_from_spare_capacity(store_path: str, tmp_path: Path) -> None:
    for how in ("--synthetic", "--spare"):
        out = tmp_path / "slots.parquet"
        asked = ["slots", "--store", store_path, "--board", "QE1", how, "--weeks", "2", "--out", str(out)]
        assert cli.main(asked) == 0
        found = pd.read_parquet(out)
        assert list(found) == names(SLOTS)
        assert len(found) > 50
        assert cli.main(["slots", "--file", str(out)]) == 0


def test_templates_and_dictionaries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["patients", "--template"]) == 0
    assert capsys.readouterr().out == ",".join(names(PATIENTS)) + "\n"
    assert cli.main(["slots", "--template", "--out", str(tmp_path / "slots.xlsx")]) == 0
    assert list(pd.read_excel(tmp_path / "slots.xlsx")) == names(SLOTS)
    assert cli.main(["slots", "--dictionary", "--out", str(tmp_path / "said.csv")]) == 0
    assert pd.read_csv(tmp_path / "said.csv")["column"].tolist() == names(SLOTS)
    capsys.readouterr()
    assert cli.main(["patients", "--dictionary"]) == 0
    assert "patient_id, needed\n    A pseudonym" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["patients"], "Say which list."),
        (["patients", "--synthetic", "many"], "'many' is not a number of patients."),
        (["patients", "--file", "missing.csv"], "missing.csv can't be read"),
        (["slots", "--template", "--out", "slots.pdf"], "A template is no .pdf file."),
    ],
)
def test_what_can_not_be_done_is_said(
    store_path: str, capsys: pytest.CaptureFixture[str], asked: list[str], said: str
) -> None:
    assert cli.main([*asked, "--store", store_path]) == 1
    assert said in capsys.readouterr().err

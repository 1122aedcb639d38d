"""A board's own capacity from the command line, and what `spare` then says of it."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store
from data.opening import open_with_figures
from models.capacity.columns import CAPACITY
from models.columns import names

pytestmark = pytest.mark.integration

HEADINGS = ",".join(names(CAPACITY))


@pytest.fixture
def store_path(reference_store: Store, tmp_path: Path) -> str:
    """A copy of the shipped figures that may be written to."""
    path = tmp_path / "own.duckdb"
    for ending in ("", ".wal"):
        held = Path(f"{reference_store.path}{ending}")
        if held.exists():
            shutil.copy(held, f"{path}{ending}")
    return str(path)


def test_an_upload_replaces_the_estimate_of_its_series_alone(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "clinics.csv", tmp_path / "spare.csv"
    # East Lancashire's cardiology: 100 sessions of four hours a week
    file.write_text(
        ",".join(names(CAPACITY)) + "\nRXR,C_320,face_to_face,,24000,,2025-01-01,\n", encoding="utf-8"
    )
    assert cli.main(["import-capacity", str(file), "--store", store_path, "--who", "AP"]) == 0
    assert "1 series now have the capacity uploaded" in capsys.readouterr().out
    assert cli.main(["import-capacity", str(file), "--store", store_path]) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert cli.main(["spare", "--store", store_path, "--board", "QE1", "--out", str(out)]) == 0
    assert "1 series have what their board uploaded" in capsys.readouterr().out
    found = pd.read_csv(out)
    (own,) = found[found["source"] == "uploaded"].itertuples()
    assert (own.provider_code, own.tfc) == ("RXR", "C_320")
    # 24,000 minutes a week; a stop of cardiology takes one to three hours of clinic
    assert 24_000 / 180 < own.shown < 24_000 / 60
    assert own.spare_lower == own.spare_upper == own.spare


def test_a_file_with_faults_keeps_nothing(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "clinics.csv"
    rows = ["RXR,C_320,face_to_face,,24000,,2025-01-01,", "RXR,C_101,fax,10,,,2025-01-01,"]
    file.write_text("\n".join([HEADINGS, *rows]), encoding="utf-8")
    assert cli.main(["import-capacity", str(file), "--store", store_path]) == 1
    assert "line 3, medium: holds 'fax'" in capsys.readouterr().err
    with open_with_figures(store_path) as store:
        assert store.rows("SELECT count(*) FROM capacity") == [(0,)]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_template_is_written(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"capacity{ending}"
    assert cli.main(["import-capacity", "--template", str(path)]) == 0
    assert path.stat().st_size > 50
    assert cli.main(["import-capacity", "--template", str(tmp_path / "capacity.doc")]) == 1
    assert cli.main(["import-capacity"]) == 1


def test_each_column_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import-capacity", "--dictionary"]) == 0
    told = capsys.readouterr().out
    assert "valid_from, needed\n    First day on which it holds.\n    a date as YYYY-MM-DD" in told
    assert told.count("\n") == 3 * len(CAPACITY)

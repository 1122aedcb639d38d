"""The shipped figures: totals as published, the same whichever way they come, and a safe first start."""

import json
import shutil
from pathlib import Path

import pytest

from data.database.figures import Figures
from data.database.store import Store
from data.opening import open_with_figures
from data.returns import lists
from data.shipped import load as reference
from models.errors import TandemError
from tests.data.database.test_store import run

pytestmark = pytest.mark.integration

MEGABYTE = 1_000_000


def test_englands_published_total_and_leicesters_list(reference_store: Store) -> None:
    assert lists.profile(reference_store, "ENGLAND", "2025-06").sum() == 7_367_836
    assert lists.profile(reference_store, "QK1", "2025-08").sum() == 112_685


def test_every_month_has_englands_total_as_recorded_from_its_file(reference_store: Store) -> None:
    trend = lists.trend(reference_store, "ENGLAND").set_index("month")["incomplete"].to_dict()
    assert trend == {row["month"]: int(row["england_waiting"]) for row in reference.rows_of("months.csv")}
    assert list(trend) == [*(f"2024-{m:02d}" for m in range(4, 13)), *(f"2025-{m:02d}" for m in range(1, 9))]


def test_every_months_content_has_the_digest_of_its_official_file(reference_store: Store) -> None:
    """Figures read back from the store have the digest that the import of the official file had."""
    for month in reference.rows_of("months.csv"):
        held = {
            name: reference_store.read(
                f"SELECT * FROM {name} WHERE month = ? ORDER BY {order}", [month["month"]]
            )
            for name, order in {
                "pathways": "part, treatment_function, provider, english",
                "clock_starts": "treatment_function, provider, english",
                "flows": "part, treatment_function, provider, commissioner",
                "commissioners": "code",
            }.items()
        }
        assert Figures(**held).digest() == month["digest"]


def test_the_large_file_stays_under_ten_megabytes() -> None:
    assert (reference.FOLDER / "pathways.parquet").stat().st_size < 10 * MEGABYTE
    assert (reference.FOLDER / "flows.parquet").stat().st_size < 8 * MEGABYTE


def test_parts_fit_together(reference_store: Store) -> None:
    rows = reference_store.rows(
        "SELECT count(*) FILTER (total <> list_sum(weeks) + unknown_start), "
        "count(*) FILTER (within_18 <> list_sum(weeks[1:18])), count(*) FILTER (over_52 <> "
        "list_sum(weeks[53:])), "
        "count(*) FILTER (over_65 <> list_sum(weeks[66:])), count(*) FILTER (over_78 <> "
        "list_sum(weeks[79:])), "
        "count(*) FILTER (over_104 <> weeks[105]), count(*) FILTER (treatment_function = 'C_999'), "
        "count(*) FILTER (part IN ('incomplete', 'dta') AND unknown_start <> 0) FROM pathways"
    )
    assert rows == [(0,) * 8]
    assert len(reference_store.rows("SELECT code FROM treatment_functions")) == 23


def test_flows_add_up_to_the_pathways(reference_store: Store) -> None:
    differing = reference_store.rows(
        "SELECT * FROM (SELECT month, part, provider, treatment_function, sum(total) AS pathways FROM "
        "(SELECT month, part, provider, treatment_function, total FROM pathways UNION ALL "
        "SELECT month, 'starts', provider, treatment_function, total FROM clock_starts) GROUP BY ALL) "
        "FULL JOIN (SELECT month, part, provider, treatment_function, sum(total) AS flows FROM flows "
        "GROUP BY ALL) "
        "USING (month, part, provider, treatment_function) WHERE pathways IS DISTINCT FROM flows"
    )
    assert differing == []


def test_boards_providers_and_boundaries(reference_store: Store) -> None:
    assert reference_store.rows(
        "SELECT count(*) FILTER (in_2022), count(*) FILTER (in_2026) FROM boards"
    ) == [(42, 36)]
    assert reference_store.rows("SELECT count(*) FROM boards WHERE region IS NULL") == [(0,)]
    assert reference_store.rows(
        "SELECT edition, count(*) FROM board_boundaries GROUP BY edition ORDER BY edition"
    ) == [(2022, 42), (2026, 36)]
    [(geometry,)] = reference_store.rows(
        "SELECT geojson FROM board_boundaries WHERE edition = 2022 AND board = 'QK1'"
    )
    assert json.loads(geometry)["type"] in ("Polygon", "MultiPolygon")
    unknown = reference_store.rows(
        "SELECT DISTINCT provider FROM pathways ANTI JOIN providers ON provider = code"
    )
    assert unknown == []
    [(located,)] = reference_store.rows("SELECT latitude IS NOT NULL FROM providers WHERE code = 'RWE'")
    assert located


def test_progress_goes_from_start_to_end_and_nothing_is_left_beside_the_store(tmp_path: Path) -> None:
    steps: list[float] = []
    open_with_figures(
        tmp_path / "deep" / "tandem.duckdb", lambda fraction, message: steps.append(fraction)
    ).close()
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["tandem.duckdb"]


def test_a_first_start_that_is_killed_leaves_no_store_and_the_next_one_builds_it(tmp_path: Path) -> None:
    path = tmp_path / "tandem.duckdb"
    code = (
        "import sys, time\n"
        "from data.opening import open_with_figures\n"
        "def step(fraction, message):\n"
        "    if fraction > 0.5: print('half', flush=True); time.sleep(600)\n"
        "open_with_figures(sys.argv[1], step)"
    )
    builder = run(code, str(path))
    assert builder.stdout is not None
    assert builder.stdout.readline() == "half\n"
    assert not path.exists()
    builder.kill()
    builder.communicate()
    with open_with_figures(path) as store:
        assert len(lists.months(store)) == 17
    assert [file.name for file in tmp_path.iterdir()] == ["tandem.duckdb"]


def test_a_build_does_not_sweep_away_one_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "tandem.duckdb"
    running = tmp_path / ".tandem.duckdb.1.building"
    code = (
        "import sys; from data.database.store import Store; s = Store.create(sys.argv[1]); "
        "print('on', flush=True)"
    )
    other = run(f"{code}; input()", str(running))
    assert other.stdout is not None
    assert other.stdout.readline() == "on\n"
    open_with_figures(path).close()
    assert running.exists()
    other.communicate("\n")


def test_shipped_files_that_are_damaged_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "reference"
    shutil.copytree(reference.FOLDER, damaged)
    whole = (damaged / "pathways.parquet").read_bytes()
    (damaged / "pathways.parquet").write_bytes(whole[:-100])
    monkeypatch.setattr(reference, "FOLDER", damaged)
    with pytest.raises(TandemError, match="missing or damaged") as refused:
        open_with_figures(tmp_path / "tandem.duckdb")
    assert "build-reference" in refused.value.remedy
    assert not (tmp_path / "tandem.duckdb").exists()

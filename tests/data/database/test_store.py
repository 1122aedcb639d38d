"""The store's file: how it is made, shared, refused and kept whole."""

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from data.database import migrations, store
from data.database.store import Store
from data.opening import open_with_figures
from models.errors import TandemError

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).resolve().parents[3]


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start another Python process at the project's root."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


def test_default_path_is_var_in_the_project_unless_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TANDEM_STORE", raising=False)
    assert store.default_path() == PROJECT / "var" / "tandem.duckdb"
    monkeypatch.setenv("TANDEM_STORE", str(tmp_path / "my.duckdb"))
    assert store.default_path() == tmp_path / "my.duckdb"


def test_a_new_store_has_the_newest_schema(store: Store) -> None:
    applied = [version for (version,) in store.rows("SELECT version FROM schema_version ORDER BY version")]
    assert applied == list(range(1, migrations.latest_version() + 1))
    assert list(migrations.known()) == list(range(1, migrations.latest_version() + 1))


def test_a_store_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)")
        old.execute(migrations.known()[1].read_text(encoding="utf-8"))
        old.execute("INSERT INTO schema_version VALUES (1, now() AT TIME ZONE 'UTC')")
        old.execute("INSERT INTO treatment_functions VALUES ('C_100', 'General Surgery Service')")
    with open_with_figures(path) as store:
        assert store.rows("SELECT max(version) FROM schema_version") == [(migrations.latest_version(),)]
        assert store.rows("SELECT code FROM treatment_functions") == [("C_100",)]
        assert store.rows("SELECT count(*) FROM scenario_versions") == [(0,)]


def test_opening_changes_no_byte(store: Store) -> None:
    store.close()
    before = store.path.read_bytes()
    with open_with_figures(store.path) as again:
        assert again.rows("SELECT count(*) FROM pathways") == [(0,)]
    assert store.path.read_bytes() == before


def test_other_files_and_settings_are_out_of_reach(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(duckdb.Error, match="disabled"):
        store.rows(f"SELECT * FROM '{tmp_path / 'secret.csv'}'")
    with pytest.raises(duckdb.Error, match="locked"):
        store.rows("SET enable_external_access = true")
    with pytest.raises(duckdb.Error), store.write() as writer:
        writer.execute(f"COPY boards TO '{tmp_path / 'out.csv'}'")


def test_a_write_is_kept_whole_or_not_at_all(store: Store) -> None:
    insert = "INSERT INTO treatment_functions VALUES (?, ?)"

    def break_off() -> None:
        with store.write() as writer:
            writer.execute(insert, ["C_100", "General Surgery Service"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert store.rows("SELECT * FROM treatment_functions") == []
    with store.write() as writer:
        writer.execute(insert, ["C_100", "General Surgery Service"])
    assert store.rows("SELECT code FROM treatment_functions") == [("C_100",)]


def test_insert_goes_by_column_name_and_can_replace(store: Store) -> None:
    with store.write() as writer:
        writer.insert("treatment_functions", pa.table({"name": ["Old"], "code": ["C_100"]}))
    with store.write() as writer:
        writer.insert("treatment_functions", pa.table({"name": ["New"], "code": ["C_100"]}), replace=True)
    assert store.rows("SELECT code, name FROM treatment_functions") == [("C_100", "New")]


def test_threads_read_whole_transactions_while_another_writes(store: Store) -> None:
    """Writers add ten rows at a time, so a reader must always see a multiple of ten."""
    rows = pa.table({"run": ["r"] * 10, "week": pa.array(range(10), pa.int32())})
    columns = {name: [""] * 10 for name in ("provider", "treatment_function", "measure")}
    figures = {name: [1.5] * 10 for name in ("mean", "lower", "upper")}
    for name, values in (columns | figures).items():
        rows = rows.append_column(name, pa.array(values))
    seen: list[tuple[int, float]] = []
    faults: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(20):
                with store.write() as writer:
                    writer.insert("run_results", rows)
        except BaseException as fault:
            faults.append(fault)

    def read() -> None:
        try:
            for _ in range(60):
                seen.extend(store.rows("SELECT count(*), coalesce(sum(mean), 0) FROM run_results"))
                assert store.read("SELECT 42 AS answer")["answer"].to_pylist() == [42]
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for work in (write, write, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert all(count % 10 == 0 and total == 1.5 * count for count, total in seen)
    # Two writers x 20 transactions x 10 rows.
    assert store.rows("SELECT count(*) FROM run_results") == [(400,)]


def test_a_store_that_another_process_holds_is_named(store: Store) -> None:
    store.close()
    holder = run(
        "import sys; from data.opening import open_with_figures; "
        "s = open_with_figures(sys.argv[1]); print('open', flush=True); input()",
        str(store.path),
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(TandemError, match="held by another process") as refused:
        open_with_figures(store.path)
    assert str(store.path) in refused.value.message
    assert "Data page" in refused.value.remedy
    assert "--store" in refused.value.remedy
    holder.communicate("\n")
    open_with_figures(store.path).close()


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 20_000])
def test_a_file_that_is_no_store_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.duckdb"
    path.write_bytes(content)
    with pytest.raises(TandemError) as refused:
        open_with_figures(path)
    assert str(path) in refused.value.message
    assert "--store" in refused.value.remedy
    assert path.read_bytes() == content


def test_a_damaged_store_is_refused(store: Store) -> None:
    store.close()
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(TandemError, match="damaged"):
        open_with_figures(store.path)


def test_another_products_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "foreign.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE things (a INTEGER)")
    with pytest.raises(TandemError, match="not a Tandem store"):
        open_with_figures(path)
    with duckdb.connect(str(path)) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("things",)]


def test_a_newer_schema_is_refused(store: Store) -> None:
    with store.write() as writer:
        writer.execute("INSERT INTO schema_version VALUES (99, now() AT TIME ZONE 'UTC')")
    store.close()
    with pytest.raises(TandemError, match="schema version 99") as refused:
        open_with_figures(store.path)
    assert "Update Tandem" in refused.value.remedy


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="is a folder"):
        open_with_figures(tmp_path)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TandemError, match="can't be made or written"):
        open_with_figures(tmp_path / "file" / "tandem.duckdb")

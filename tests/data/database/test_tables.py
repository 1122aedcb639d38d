"""A table that lacks a column, or can't do without one: said before anything is written."""

from pathlib import Path

import pyarrow as pa
import pytest

from data.database import migrations
from data.database.described import arrow_schema, arrow_table, described
from data.database.store import Store
from models.columns import Column, Kind
from models.errors import TandemError

pytestmark = pytest.mark.unit

NEXT = migrations.latest_version() + 1
WEEKS = pa.list_(pa.int32(), 105)


def test_every_column_that_is_missing_is_named_with_its_type_and_default(store: Store) -> None:
    rows = pa.table({"code": ["C_100"], "name": ["General Surgery"], "weeks": pa.array([[0] * 105], WEEKS)})
    kind = arrow_schema([Column("kind", "its kind", Kind.CHOICE, values=("a", "it's"), default="it's")])
    rows = rows.append_column(kind.field(0), pa.array(["a"]))
    with pytest.raises(TandemError) as refused, store.write() as writer:
        writer.insert("treatment_functions", rows)
    assert refused.value.message == "The store's table treatment_functions has no columns weeks, kind yet."
    assert refused.value.remedy == (
        f"Add data/schema/{NEXT:04d}_treatment_functions_weeks.sql with "
        'ALTER TABLE treatment_functions ADD COLUMN "weeks" INTEGER[105]; '
        "ALTER TABLE treatment_functions ADD COLUMN \"kind\" VARCHAR DEFAULT 'it''s'; and start again."
    )
    assert store.rows("SELECT count(*) FROM treatment_functions") == [(0,)]


def test_the_remedy_is_sql_that_serves(store: Store) -> None:
    columns = [Column("code", "its code"), Column("name", "its name"), Column("end", "last day", Kind.DATE)]
    rows = arrow_table(described(pa.table({"code": ["C_100"], "name": ["x"]}).to_pandas(), columns), columns)
    with pytest.raises(TandemError) as refused, store.write() as writer:
        writer.insert("treatment_functions", rows)
    sql = refused.value.remedy.partition(" with ")[2].removesuffix(" and start again.")
    with store.write() as writer:
        writer.execute(sql)
        writer.insert("treatment_functions", rows)
    assert store.rows("SELECT * FROM treatment_functions") == [("C_100", "x", None)]


def test_a_migration_that_is_there_and_not_applied_is_named(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = {**migrations.known(), NEXT: tmp_path / f"{NEXT:04d}_kinds.sql"}
    monkeypatch.setattr(migrations, "known", lambda: waiting)
    with pytest.raises(TandemError) as refused:
        store.require("treatment_functions", pa.schema([("kind", pa.string())]))
    assert refused.value.remedy.startswith(f"Start again: data/schema/{NEXT:04d}_kinds.sql is there")


def test_a_column_that_nothing_describes_any_more_is_named_where_it_may_not_be_blank(store: Store) -> None:
    with pytest.raises(TandemError) as refused, store.write() as writer:
        writer.insert("treatment_functions", pa.table({"code": ["C_100"]}))
    assert refused.value.message == (
        "The store's table treatment_functions needs a column name, and nothing describes it any more."
    )
    assert f"data/schema/{NEXT:04d}_treatment_functions_name.sql" in refused.value.remedy
    with store.write() as writer:  # one that may be blank is left blank
        writer.insert(
            "boards", pa.table({"code": ["Q"], "name": ["Q"], "in_2022": [True], "in_2026": [True]})
        )
    assert store.rows("SELECT region FROM boards") == [(None,)]


def test_a_column_that_a_frame_lacks_is_blank_or_has_its_default() -> None:
    columns = [
        Column("name", "its name"),
        Column("asked", "whether asked", Kind.YES_NO, default=False),
        Column("count", "how many", Kind.COUNT),
        Column("miles", "how far", Kind.MILES),
    ]
    frame = described(pa.table({"count": [3, None], "asked": [True, None]}).to_pandas(), columns)
    assert list(frame) == ["name", "asked", "count", "miles"]
    assert frame["asked"].tolist() == [True, False]
    assert frame["asked"].dtype == bool
    assert frame["count"].iloc[0] == 3
    assert frame[["name", "miles"]].isna().all(axis=None)
    assert frame["count"].isna().tolist() == [False, True]

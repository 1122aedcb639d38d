"""The traps of the official file, idempotence, revisions, and what the store keeps of a month."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from data.database.figures import weeks_matrix
from data.database.store import Store
from data.imports.rtt_extract import Extract, import_rtt, read_extract, store_extract
from data.opening import open_with_figures
from data.returns import lists
from models.errors import TandemError
from tests.data import extracts
from tests.data.extracts import ROWS, Row

pytestmark = pytest.mark.unit


def read(folder: Path, content: bytes, name: str = "june.csv") -> Extract:
    return read_extract(extracts.save(folder, content, name))


def waiting(extract: Extract) -> int:
    table = extract.figures.pathways.to_pylist()
    return sum(row["total"] for row in table if row["part"] == "incomplete")


def test_month_rows_and_england_total_leave_out_nonc(tmp_path: Path) -> None:
    extract = read(tmp_path, extracts.extract())
    assert extract.month == "2025-06"
    # 8 rows and 7 totals: RWE 04C in Part_2 (two rows, one total), 2A, 1A, 1B, 3; NONC Part_2; NT322 Part_2.
    assert extract.file_rows == 8 + 7
    # 18 orthopaedics + 7 ophthalmology + 7 at NT322 = 32; NONC's 4 stay out of England, and in the board.
    assert extract.england_waiting == 32
    assert waiting(extract) == 36


def test_total_rows_are_never_added(tmp_path: Path) -> None:
    extract = read(tmp_path, extracts.extract())
    for table in (extract.figures.pathways, extract.figures.flows, extract.figures.clock_starts):
        assert "C_999" not in table["treatment_function"].to_pylist()
    assert "C_999" not in extract.names.treatment_functions["code"].to_pylist()


def test_bands_standards_and_unknown_starts(tmp_path: Path) -> None:
    figures = read(tmp_path, extracts.extract()).figures
    rows = {
        (row["provider"], row["treatment_function"], row["part"], row["english"]): row
        for row in figures.pathways.to_pylist()
    }
    hips = rows["RWE", "C_110", "incomplete", True]
    # bands 0 and 17 are within 18 weeks: 10 + 5; the open band counts for every long wait.
    assert [hips[name] for name in ("total", "within_18", "over_52", "over_65", "over_78", "over_104")] == [
        18,
        15,
        1,
        1,
        1,
        1,
    ]
    assert hips["weeks"][17] == 5
    assert hips["weeks"][104] == 1
    eyes = rows["RWE", "C_130", "incomplete", True]
    assert (eyes["over_52"], eyes["over_65"], eyes["over_78"]) == (7, 4, 0)
    stops = rows["RWE", "C_110", "admitted", True]
    # Total All = 6 in bands + 2 of unknown wait.
    assert (stops["total"], stops["unknown_start"], sum(stops["weeks"])) == (8, 2, 6)
    assert rows["RWE", "C_110", "incomplete", False]["total"] == 4
    assert figures.clock_starts["total"].to_pylist() == [25]


def test_decisions_to_admit_are_a_part_of_their_own(tmp_path: Path) -> None:
    pathways = read(tmp_path, extracts.extract()).figures.pathways
    parts = set(pathways["part"].to_pylist())
    assert parts == {"incomplete", "dta", "admitted", "non_admitted"}


def test_a_hub_without_parent_board_and_a_name_with_a_comma(tmp_path: Path) -> None:
    extract = read(tmp_path, extracts.extract())
    boards = {row["code"]: row["board"] for row in extract.figures.commissioners.to_pylist()}
    assert boards == {"04C": "QK1", "13Q": "", "NONC": ""}
    names = {row["code"]: row["name"] for row in extract.names.providers.to_pylist()}
    assert names["NT322"] == "SPIRE, LEICESTER"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("byte_order_mark", [True, False])
def test_line_ends_and_byte_order_mark_make_no_difference(
    tmp_path: Path, newline: str, byte_order_mark: bool
) -> None:
    plain = read(tmp_path, extracts.extract())
    other = read(tmp_path, extracts.render(extracts.table(), newline, byte_order_mark))
    assert other.digest == plain.digest


def test_blank_cells_and_zeros_both_mean_none(tmp_path: Path) -> None:
    cells = extracts.table()
    zeros = [cells[0]] + [
        [cell or "0" if 13 <= place < 118 and row[9] != "Part_3" else cell for place, cell in enumerate(row)]
        for row in cells[1:]
    ]
    assert zeros != cells
    assert read(tmp_path, extracts.render(zeros)).digest == read(tmp_path, extracts.render(cells)).digest


def test_a_zip_with_a_macos_member_equals_the_plain_file(tmp_path: Path) -> None:
    content = extracts.extract()
    archive = extracts.zipped({"__MACOSX/._june.csv": b"\0\1", ".hidden.csv": b"x", "june.csv": content})
    assert read(tmp_path, archive, "june.zip").digest == read(tmp_path, content).digest


def test_an_open_file_is_read_like_a_path(tmp_path: Path) -> None:
    path = extracts.save(tmp_path, extracts.extract())
    with path.open("rb") as file:
        assert read_extract(file).digest == read_extract(path).digest


def test_more_decided_than_waiting_is_told_and_not_refused(tmp_path: Path) -> None:
    # As published, a few lists have more pathways with a decision to admit (here 3) than waiting (2).
    extract = read(tmp_path, extracts.extract([Row(weeks={5: 2}), Row(weeks={5: 3}, part="Part_2A")]))
    assert extract.notes == ("1 list has more pathways with a decision to admit than waiting.",)
    assert read(tmp_path, extracts.extract()).notes == ()


def test_the_store_gives_back_what_the_file_held(store: Store, tmp_path: Path) -> None:
    outcome = import_rtt(store, extracts.save(tmp_path, extracts.extract()))
    assert (outcome.status, outcome.month, outcome.england_waiting) == ("new", "2025-06", 32)
    assert lists.months(store) == ["2025-06"]
    assert lists.profile(store, "QK1", "2025-06").sum() == 36
    assert lists.profile(store, "ENGLAND", "2025-06").sum() == 32
    held = store.read(
        "SELECT weeks FROM pathways ORDER BY month, part, treatment_function, provider, english"
    )
    figures = read_extract(tmp_path / "june.csv").figures
    assert (weeks_matrix(held["weeks"]) == weeks_matrix(figures.pathways["weeks"])).all()
    flows = store.rows(
        "SELECT commissioner, total, over_52 FROM flows WHERE part = 'incomplete' ORDER BY ALL"
    )
    # 04C: 18 in C_110 with one over 52 weeks, 7 in C_130 all over; 13Q: 7; NONC: 4.
    assert flows == [("04C", 7, 7), ("04C", 18, 1), ("13Q", 7, 0), ("NONC", 4, 0)]


def test_importing_twice_changes_no_byte(store: Store, tmp_path: Path) -> None:
    path = extracts.save(tmp_path, extracts.extract())
    assert import_rtt(store, path).status == "new"
    store.close()
    before = hashlib.sha256(store.path.read_bytes()).hexdigest()
    with open_with_figures(store.path) as again:
        assert import_rtt(again, path).status == "unchanged"
    assert hashlib.sha256(store.path.read_bytes()).hexdigest() == before


def test_a_revision_replaces_its_month_alone(store: Store, tmp_path: Path) -> None:
    import_rtt(store, extracts.save(tmp_path, extracts.extract(period="RTT-May-2025"), "may.csv"))
    import_rtt(store, extracts.save(tmp_path, extracts.extract()))
    revised = [replace(ROWS[0], weeks={0: 11}), *ROWS[1:]]
    outcome = import_rtt(store, extracts.save(tmp_path, extracts.extract(revised), "revised.csv"))
    assert outcome.status == "replaced"
    # June: 11 + 7 + 7 = 25 in England; May stays at 32.
    assert lists.trend(store, "ENGLAND")["incomplete"].tolist() == [32, 25]
    assert store.rows("SELECT month, count(*) FROM imports GROUP BY month ORDER BY month") == [
        ("2025-05", 1),
        ("2025-06", 2),
    ]


def test_going_back_to_the_first_version_is_a_revision_too(store: Store, tmp_path: Path) -> None:
    first = read(tmp_path, extracts.extract())
    second = read(tmp_path, extracts.extract([replace(ROWS[0], weeks={0: 11}), *ROWS[1:]]))
    assert [store_extract(store, item).status for item in (first, second, first, first)] == [
        "new",
        "replaced",
        "replaced",
        "unchanged",
    ]


def test_names_come_from_the_newest_month(store: Store, tmp_path: Path) -> None:
    def renamed(name: str, board: str) -> list[Row]:
        return [Row(weeks={1: 1}, provider_name=name, board=board)]

    import_rtt(store, extracts.save(tmp_path, extracts.extract(renamed("OLD", "QK1"), "RTT-May-2025")))
    import_rtt(store, extracts.save(tmp_path, extracts.extract(renamed("NEW", "QJ2"), "RTT-June-2025")))
    import_rtt(store, extracts.save(tmp_path, extracts.extract(renamed("OLDER", "QK1"), "RTT-April-2025")))
    assert store.rows("SELECT code, name, board, kind FROM providers") == [("RWE", "NEW", "QJ2", "NHS trust")]
    # The parent of each month stays with that month.
    assert store.rows("SELECT month, board FROM pathways ORDER BY month") == [
        ("2025-04", "QK1"),
        ("2025-05", "QK1"),
        ("2025-06", "QJ2"),
    ]


def test_a_refused_file_leaves_the_store_byte_for_byte(store: Store, tmp_path: Path) -> None:
    good = extracts.save(tmp_path, extracts.extract())
    import_rtt(store, good)
    store.close()
    before = hashlib.sha256(store.path.read_bytes()).hexdigest()
    cells = extracts.table()
    cells[1][-1] = "many"
    bad = extracts.save(tmp_path, extracts.render(cells), "bad.csv")
    with open_with_figures(store.path) as again, pytest.raises(TandemError):
        import_rtt(again, bad)
    assert hashlib.sha256(store.path.read_bytes()).hexdigest() == before
    assert not Path(f"{store.path}.wal").exists()


def test_a_write_that_fails_midway_keeps_the_old_month(store: Store, tmp_path: Path) -> None:
    extract = read(tmp_path, extracts.extract())
    store_extract(store, extract)
    broken = replace(
        extract, digest="other", figures=replace(extract.figures, flows=extract.figures.flows.drop(["total"]))
    )
    with pytest.raises(Exception, match="total"):
        store_extract(store, broken)
    assert lists.profile(store, "QK1", "2025-06").sum() == 36
    assert store_extract(store, extract).status == "unchanged"

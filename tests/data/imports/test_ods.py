"""The trusts file of the Organisation Data Service: what is read, kept and refused."""

import csv
import io
from pathlib import Path

import pytest

from data.database.store import Store
from data.imports.ods import COLUMNS, TrustFile, read_trusts, store_trusts
from models.errors import TandemError
from tests.data import extracts

pytestmark = pytest.mark.unit


def line(
    code: str = "RWE", name: str = "UNIVERSITY HOSPITALS OF LEICESTER NHS TRUST", **changes: str
) -> list[str]:
    cells = dict.fromkeys((column.heading for column in COLUMNS), "")
    cells |= {"1 code": code, "2 name": name, "3 region": "Y60", "4 board": "QK1"}
    cells |= {"5 address": "INFIRMARY SQUARE", "8 address": "LEICESTER", "10 postcode": "LE1 5WW"}
    cells |= {"11 open date": "20000401"}
    cells |= {heading: value for heading, value in changes.items() if heading in cells}
    return list(cells.values())


def content(*lines: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(lines)
    return text.getvalue().encode()


def read(folder: Path, *lines: list[str]) -> TrustFile:
    return read_trusts(extracts.save(folder, content(*lines), "etr.csv"))


def test_the_layout_has_27_columns_and_reads_name_address_and_dates(tmp_path: Path) -> None:
    assert len(COLUMNS) == 27
    [trust] = read(tmp_path, line(**{"12 close date": "20260331"})).trusts
    assert (trust.code, trust.board, trust.address) == ("RWE", "QK1", "INFIRMARY SQUARE, LEICESTER")
    assert (str(trust.opened), str(trust.closed)) == ("2000-04-01", "2026-03-31")


def test_new_ones_are_added_known_ones_updated_and_their_board_kept(store: Store, tmp_path: Path) -> None:
    with store.write() as writer:
        writer.execute(
            "INSERT INTO providers (code, name, kind, board, latitude) VALUES ('RWE', 'OLD', 'NHS trust', "
            "'QJ2', 52.6)"
        )
    outcome = store_trusts(store, read(tmp_path, line(), line("R0A", "MANCHESTER", **{"4 board": "QOP"})))
    assert (outcome.status, outcome.added, outcome.changed) == ("changed", 1, 1)
    # The place of the old, unknown postcode goes with it.
    assert store.rows("SELECT code, name, board, postcode, latitude, kind FROM providers ORDER BY code") == [
        ("R0A", "MANCHESTER", "QOP", "LE1 5WW", None, "NHS trust"),
        ("RWE", "UNIVERSITY HOSPITALS OF LEICESTER NHS TRUST", "QJ2", "LE1 5WW", None, "NHS trust"),
    ]
    assert store.rows("SELECT kind, file_rows FROM imports") == [("ods", 2)]


def test_the_same_file_again_writes_nothing(store: Store, tmp_path: Path) -> None:
    trusts = read(tmp_path, line())
    store_trusts(store, trusts)
    assert store_trusts(store, trusts).status == "unchanged"
    assert store.rows("SELECT count(*) FROM imports") == [(1,)]


def test_a_known_postcode_keeps_its_place(store: Store, tmp_path: Path) -> None:
    with store.write() as writer:
        writer.execute(
            "INSERT INTO providers (code, name, kind, postcode, latitude) "
            "VALUES ('RWE', 'OLD', 'NHS trust', 'LE1 5WW', 52.6)"
        )
    store_trusts(store, read(tmp_path, line()))
    assert store.rows("SELECT latitude FROM providers") == [(52.6,)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"11 open date": "1 April 2000"},
            "line 2, column 11 open date holds '1 April 2000', not a date as YYYYMMDD",
        ),
        ({"11 open date": "20001301"}, "line 2, column 11 open date holds '20001301'"),
        ({"12 close date": "19990101"}, "line 2: closed on 1999-01-01, before it opened on 2000-04-01"),
        ({"10 postcode": "Leicester"}, "line 2, column 10 postcode holds 'Leicester', not a postcode"),
        ({"1 code": "R!"}, "line 2, column 1 code holds 'R!', not an organisation code"),
        ({"2 name": ""}, "line 2, column 2 name is blank"),
        ({"1 code": "R0A"}, "line 2: organisation R0A is in the file twice"),
    ],
)
def test_refusals_name_line_and_column(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    with pytest.raises(TandemError) as refused:
        read(tmp_path, line("R0A"), line(**changes))
    assert refused.value.message.startswith("etr.csv, ")
    assert said in refused.value.message
    assert refused.value.remedy


def test_a_file_of_other_width_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="line 1: 26 columns where 27"):
        read(tmp_path, line()[:-1])
    with pytest.raises(TandemError, match="holds no organisations"):
        read_trusts(extracts.save(tmp_path, b"\n\n"))
    with pytest.raises(TandemError, match="not UTF-8"):
        read_trusts(extracts.save(tmp_path, "É".encode("latin-1")))
    with pytest.raises(TandemError, match="not CSV"):
        read_trusts(extracts.save(tmp_path, b'"RWE"x,"a'))

"""What is refused of a full extract, and that the message names file, line, column and remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.imports.rtt_extract import read_extract
from models.errors import TandemError
from tests.data import extracts
from tests.data.extracts import ROWS, Row, Table, place

pytestmark = pytest.mark.unit


def refusal(folder: Path, content: bytes, name: str = "june.csv") -> TandemError:
    with pytest.raises(TandemError) as refused:
        read_extract(extracts.save(folder, content, name))
    assert refused.value.message.startswith(name)
    assert refused.value.remedy
    return refused.value


def spoilt(change: Callable[[Table], object]) -> bytes:
    cells = extracts.table()
    change(cells)
    return extracts.render(cells)


def set_cell(line: int, heading: str, text: str) -> Callable[[Table], object]:
    """Give a change that writes a text into a line, counted as an editor counts them: headings are line 1."""
    return lambda cells: cells[line - 1].__setitem__(place(heading), text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("many", "'many'"),
        ("-3", "'-3'"),
        ("2.5", "'2.5'"),
        ("1e3", "'1e3'"),
        ("0x1F", "'0x1F'"),
        ("1,000", "'1,000'"),
    ],
)
def test_what_is_no_whole_number_is_named_by_line_and_column(tmp_path: Path, text: str, said: str) -> None:
    fault = refusal(tmp_path, spoilt(set_cell(3, "Gt 17 To 18 Weeks SUM 1", text)))
    assert "line 3, column 'Gt 17 To 18 Weeks SUM 1'" in fault.message
    assert said in fault.message


def test_a_missing_column(tmp_path: Path) -> None:
    at = place("Commissioner Org Code")
    fault = refusal(tmp_path, spoilt(lambda cells: [row.pop(at) for row in cells]))
    assert "line 1: column 8, 'Commissioner Org Code', is missing" in fault.message


def test_a_renamed_column(tmp_path: Path) -> None:
    fault = refusal(tmp_path, spoilt(set_cell(1, "Provider Org Code", "Trust")))
    assert "column 4 is 'Trust'" in fault.message
    assert "'Provider Org Code' (column 4) is missing" in fault.message


def test_an_extra_column(tmp_path: Path) -> None:
    def widen(cells: Table) -> None:
        for row in cells:
            row.insert(2, "Extra" if row is cells[0] else "")

    assert "line 1: column 3, 'Extra', does not belong here" in refusal(tmp_path, spoilt(widen)).message


def test_columns_that_changed_places(tmp_path: Path) -> None:
    def swap(cells: Table) -> None:
        for row in cells:
            row[1], row[3] = row[3], row[1]

    assert (
        "column 2, 'Provider Org Code', is repeated or out of its place"
        in refusal(tmp_path, spoilt(swap)).message
    )


def test_the_layout_before_april_2021(tmp_path: Path) -> None:
    headings = [h for h in extracts.HEADINGS if not h.startswith("Gt ") or int(h[3:6]) < 52]
    headings.insert(place("Gt 52 To 53 Weeks SUM 1"), "Gt 52 Weeks SUM 1")
    fault = refusal(tmp_path, extracts.render([headings]))
    assert "March 2021" in fault.message
    assert "'Gt 52 Weeks SUM 1'" in fault.message
    assert "April 2021" in fault.remedy


def test_a_layout_with_other_bands(tmp_path: Path) -> None:
    headings = [h for h in extracts.HEADINGS if not h.startswith("Gt ") or int(h[3:6]) < 80]
    assert "another year: 80 week bands where 105" in refusal(tmp_path, extracts.render([headings])).message


def test_a_row_that_is_cut_off(tmp_path: Path) -> None:
    fault = refusal(tmp_path, spoilt(lambda cells: cells[4].__delitem__(slice(50, None))))
    assert "line 5: 50 columns where 121 are expected" in fault.message


def test_lines_are_counted_past_blank_lines(tmp_path: Path) -> None:
    cells = extracts.table()
    cells[4][-1] = "-1"
    lines = extracts.render(cells).split(b"\n")
    fault = refusal(tmp_path, b"\n".join([*lines[:2], b"", b"", *lines[2:]]))
    assert "line 7, column 'Total All'" in fault.message


def test_a_file_cut_at_a_line_end_lacks_a_total_row(tmp_path: Path) -> None:
    fault = refusal(tmp_path, spoilt(lambda cells: cells.pop()))
    assert "no total row (C_999) for provider NT322" in fault.message
    assert "cut short" in fault.message


def test_total_rows_must_equal_the_others(tmp_path: Path) -> None:
    def change(cells: Table) -> None:
        cells[3][place("Gt 00 To 01 Weeks SUM 1")] = "11"
        cells[3][-1] = "26"

    fault = refusal(tmp_path, spoilt(change))
    # 18 + 7 = 25 in the treatment functions of RWE, 04C, Part_2, whose total row is line 4.
    assert "line 4" in fault.message
    assert "gives 26, but its treatment functions add up to 25" in fault.message


def test_total_rows_must_equal_the_others_band_by_band(tmp_path: Path) -> None:
    def change(cells: Table) -> None:
        cells[3][place("Gt 00 To 01 Weeks SUM 1")] = "9"
        cells[3][place("Gt 01 To 02 Weeks SUM 1")] = "1"

    assert (
        "column 'Gt 00 To 01 Weeks SUM 1': the C_999 rows of Part_2 differ by 1"
        in refusal(tmp_path, spoilt(change)).message
    )


def test_total_all_must_be_the_sum_of_the_bands(tmp_path: Path) -> None:
    fault = refusal(tmp_path, spoilt(set_cell(3, "Total All", "8")))
    assert "line 3: 'Total All' is not the sum" in fault.message


def test_the_total_of_stops_must_be_the_sum_of_the_bands(tmp_path: Path) -> None:
    line = next(n for n, row in enumerate(extracts.table(), start=1) if row[9] == "Part_1A")
    fault = refusal(tmp_path, spoilt(set_cell(line, "Total", "5")))
    assert f"line {line}" in fault.message
    assert "'Total'" in fault.message


def test_new_starts_have_no_bands(tmp_path: Path) -> None:
    line = next(n for n, row in enumerate(extracts.table(), start=1) if row[9] == "Part_3")
    fault = refusal(tmp_path, spoilt(set_cell(line, "Gt 03 To 04 Weeks SUM 1", "1")))
    assert f"line {line}" in fault.message
    assert "new starts lack" in fault.message


def test_numbers_too_large_to_be_true(tmp_path: Path) -> None:
    def change(cells: Table) -> None:
        for row in cells[1:]:
            row[-1] = "999999999"

    assert "too large for one row" in refusal(tmp_path, spoilt(change)).message


def test_two_periods(tmp_path: Path) -> None:
    fault = refusal(tmp_path, spoilt(set_cell(6, "Period", "RTT-July-2025")))
    assert "'RTT-June-2025', and 'RTT-July-2025' from line 6" in fault.message


def test_a_period_that_is_no_month(tmp_path: Path) -> None:
    fault = refusal(tmp_path, extracts.extract(period="Summer"))
    assert "line 2, column 'Period'" in fault.message
    assert "'Summer'" in fault.message


@pytest.mark.parametrize(
    ("heading", "text", "said"),
    [
        ("RTT Part Type", "Part_9", "'Part_9', not one of Part_1A"),
        ("Treatment Function Code", "100", "'100', not a treatment function"),
        ("Provider Org Code", "", "is blank"),
        ("Commissioner Org Code", "", "is blank"),
        ("Total All", "", "is blank"),
    ],
)
def test_codes_that_are_blank_or_unknown(tmp_path: Path, heading: str, text: str, said: str) -> None:
    fault = refusal(tmp_path, spoilt(set_cell(3, heading, text)))
    assert f"line 3, column '{heading}'" in fault.message
    assert said in fault.message


def test_a_provider_with_two_boards(tmp_path: Path) -> None:
    fault = refusal(tmp_path, spoilt(set_cell(3, "Provider Parent Org Code", "QJ2")))
    assert "provider RWE has two boards, QJ2 and QK1" in fault.message


def test_a_repeated_row(tmp_path: Path) -> None:
    fault = refusal(tmp_path, extracts.extract([ROWS[0], ROWS[0]]))
    assert "line 2: the row of RWE, 04C, Part_2, C_110 stands in the file more than once" in fault.message


def test_headings_alone(tmp_path: Path) -> None:
    assert "no rows" in refusal(tmp_path, extracts.render([extracts.HEADINGS])).message


def test_text_in_another_encoding(tmp_path: Path) -> None:
    content = extracts.extract([Row(weeks={1: 1}, provider_name="HÔPITAL")]).decode().encode("latin-1")
    assert "line 2: this is not UTF-8 text" in refusal(tmp_path, content).message


def test_an_unfinished_quotation(tmp_path: Path) -> None:
    content = extracts.extract().replace(b'"SPIRE, LEICESTER"', b'"SPIRE, LEICESTER', 1)
    refusal(tmp_path, content)


VALID = extracts.zipped({"june.csv": extracts.extract()})
PLAIN = extracts.extract()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corrupt")


@pytest.fixture(scope="module")
def digest(folder: Path) -> str:
    return read_extract(extracts.save(folder, VALID, "whole.zip")).digest


def digest_or_refusal(folder: Path, content: bytes, name: str) -> str | TandemError:
    try:
        return read_extract(extracts.save(folder, content, name)).digest
    except TandemError as refusal:
        return refusal


def same_or_refused(folder: Path, digest: str, content: bytes, name: str) -> None:
    got = digest_or_refusal(folder, content, name)
    assert got == digest or (isinstance(got, TandemError) and got.message and got.remedy)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(VALID) - 1), flip=st.integers(1, 255))
def test_a_zip_with_one_changed_byte_is_the_same_or_refused(
    folder: Path, digest: str, at: int, flip: int
) -> None:
    content = bytearray(VALID)
    content[at] ^= flip
    same_or_refused(folder, digest, bytes(content), "changed.zip")


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, len(VALID) - 1))
def test_a_zip_cut_anywhere_is_the_same_or_refused(folder: Path, digest: str, length: int) -> None:
    same_or_refused(folder, digest, VALID[:length], "cut.zip")


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(PLAIN) - 1), byte=st.integers(0, 255))
def test_a_plain_file_with_one_changed_byte_is_read_or_refused(folder: Path, at: int, byte: int) -> None:
    content = bytearray(PLAIN)
    content[at] = byte
    assert digest_or_refusal(folder, bytes(content), "changed.csv")


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=2000))
def test_rubbish_is_refused(folder: Path, content: bytes) -> None:
    with pytest.raises(TandemError):
        read_extract(extracts.save(folder, content, "rubbish.csv"))

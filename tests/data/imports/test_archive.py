"""Files as they arrive: zips of every kind of harm, and the limit on their size."""

import io
import zipfile
from pathlib import Path

import pytest

from data.imports.archive import read_csv_bytes
from models.errors import TandemError
from tests.data import extracts

pytestmark = pytest.mark.unit


def refusal(folder: Path, content: bytes, name: str = "file.zip", limit: int = 1000) -> TandemError:
    with pytest.raises(TandemError) as refused:
        read_csv_bytes(extracts.save(folder, content, name), limit)
    assert refused.value.remedy
    return refused.value


def test_gives_the_bytes_and_a_name_with_the_member(tmp_path: Path) -> None:
    path = extracts.save(tmp_path, extracts.zipped({"in/a.CSV": b"x,y\n"}), "a.zip")
    assert read_csv_bytes(path) == (b"x,y\n", "a.zip (a.CSV)")


def test_an_empty_file_and_an_empty_member(tmp_path: Path) -> None:
    assert "file.csv is empty" in refusal(tmp_path, b"", "file.csv").message
    assert "(a.csv) is empty" in refusal(tmp_path, extracts.zipped({"a.csv": b""})).message


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(TandemError, match="can't be read"):
            read_csv_bytes(path)


def test_no_csv_or_several(tmp_path: Path) -> None:
    assert "holds no CSV file" in refusal(tmp_path, extracts.zipped({"a.txt": b"x"})).message
    several = extracts.zipped({"a.csv": b"x", "b.csv": b"y"})
    assert "holds 2 CSV files" in refusal(tmp_path, several).message


def test_a_truncated_zip(tmp_path: Path) -> None:
    whole = extracts.zipped({"a.csv": bytes(range(1, 256)) * 3})
    assert "damaged or cut-off zip" in refusal(tmp_path, whole[:-30]).message


def test_an_encrypted_zip(tmp_path: Path) -> None:
    # Bit 0 of the general purpose flags, in the local header (offset 6) and the central directory (offset 8).
    content = bytearray(extracts.zipped({"a.csv": b"x"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(tmp_path, bytes(content)).message


def test_a_method_of_packing_that_is_not_read(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", b"x,y\n")
    assert "can't be read here" in refusal(tmp_path, file.getvalue()).message


def test_workbooks_old_and_new(tmp_path: Path) -> None:
    workbook = extracts.zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    for content in (workbook, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 more"):
        assert "Excel workbook" in refusal(tmp_path, content, "renamed.csv").message


def test_a_bomb_stops_at_the_limit_whatever_the_zip_claims(tmp_path: Path) -> None:
    bomb = bytearray(extracts.zipped({"a.csv": b"0" * 5_000_000}))
    start = bomb.index(b"PK\x01\x02") + 24
    bomb[start : start + 4] = (10).to_bytes(4, "little")  # the claimed size
    limit = 2 * 1024 * 1024
    assert len(bomb) < 10_000
    with pytest.raises(TandemError):
        read_csv_bytes(extracts.save(tmp_path, bytes(bomb), "bomb.zip"), limit)
    honest = extracts.zipped({"a.csv": b"0" * 5_000_000})
    assert "more than 2 MB unzipped" in refusal(tmp_path, honest, limit=limit).message


def test_the_limit_holds_for_a_plain_file_too(tmp_path: Path) -> None:
    path = extracts.save(tmp_path, b"0" * 1000, "plain.csv")
    assert read_csv_bytes(path, 1000)[0] == b"0" * 1000
    assert "more than" in refusal(tmp_path, b"0" * 1001, "plain.csv").message


def test_binary_rubbish(tmp_path: Path) -> None:
    assert "not a text file" in refusal(tmp_path, b"GIF89a\x00\x01", "picture.csv").message

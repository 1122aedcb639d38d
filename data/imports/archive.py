"""Takes one CSV out of a file as it arrives: plain, or the only one in a zip; never more than a set size."""

import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from models.errors import TandemError

LIMIT = 160 * 1024 * 1024  # bytes unzipped; the published months have 81 to 88 million
_CHUNK = 4 * 1024 * 1024
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AS_PUBLISHED = "Download the file again and give it as published."


def read_csv_bytes(source: str | Path | IO[bytes], limit: int = LIMIT) -> tuple[bytes, str]:
    """Give the bytes of the CSV in `source` and the name to call it by in messages.

    `source` is a path or an open binary file (named by its `name`). Raises TandemError for a file that can't
    be read, is empty, is a damaged or encrypted zip, holds no or several CSVs, or has more than `limit` bytes
    unzipped (counted as they are read, whatever the zip claims).
    """
    if not isinstance(source, str | Path):
        return _read_open(source, PurePosixPath(str(getattr(source, "name", "the file"))).name, limit)
    path = Path(source)
    try:
        with path.open("rb") as file:
            return _read_open(file, path.name, limit)
    except OSError as fault:
        raise TandemError(f"{path} can't be read: {fault.strerror or fault}.", "Check the path.") from fault


def _read_open(file: IO[bytes], name: str, limit: int) -> tuple[bytes, str]:
    start = file.read(8)
    file.seek(0)
    if not start:
        raise TandemError(f"{name} is empty.", _AS_PUBLISHED)
    if start.startswith(b"PK"):
        return _read_zip(file, name, limit)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise _excel(name)
    content = _read_limited(file, name, limit)
    _check_text(content, name)
    return content, name


def _read_zip(file: IO[bytes], name: str, limit: int) -> tuple[bytes, str]:
    try:
        with zipfile.ZipFile(file) as archive:
            member = _only_csv(archive, name)
            with archive.open(member) as unzipped:
                content = _read_limited(unzipped, name, limit)
    except TandemError:
        raise
    except Exception as fault:  # a damaged archive raises a dozen kinds, of no common base
        raise TandemError(f"{name} is a damaged or cut-off zip file ({fault}).", _AS_PUBLISHED) from fault
    inside = f"{name} ({PurePosixPath(member.filename).name})"
    if not content:
        raise TandemError(f"{inside} is empty.", _AS_PUBLISHED)
    _check_text(content, inside)
    return content, inside


def _only_csv(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if any(member.filename == "[Content_Types].xml" for member in members):
        raise _excel(name)
    csv_files = [member for member in members if _is_csv(member.filename)]
    if len(csv_files) != 1:
        what = "no CSV file" if not csv_files else f"{len(csv_files)} CSV files"
        raise TandemError(f"{name} is a zip that holds {what}; it should hold one.", _AS_PUBLISHED)
    if csv_files[0].flag_bits & 0x1:
        raise TandemError(f"{name} is encrypted.", "Unzip it with its password and give the CSV inside.")
    if csv_files[0].compress_type not in _READABLE:
        raise TandemError(
            f"{name} is packed in a way that can't be read here.", "Unzip it and give the CSV inside."
        )
    return csv_files[0]


def _is_csv(member: str) -> bool:
    path = PurePosixPath(member)
    return path.suffix.lower() == ".csv" and "__MACOSX" not in path.parts and not path.name.startswith(".")


def _read_limited(file: IO[bytes], name: str, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TandemError(
                f"{name} has more than {limit // 1024**2} MB unzipped, far more than any month published.",
                _AS_PUBLISHED,
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _check_text(content: bytes, name: str) -> None:
    if b"\x00" in content:
        raise TandemError(
            f"{name} is not a text file.", "Give the CSV as published, or the zip that holds it."
        )


def _excel(name: str) -> TandemError:
    return TandemError(
        f"{name} is an Excel workbook, not a CSV.", "Give the full extract CSV, or the zip that holds it."
    )

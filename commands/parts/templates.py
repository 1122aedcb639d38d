"""What a list holds, for scripts: an empty one to fill in, and its data dictionary."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import TandemError

if TYPE_CHECKING:
    from models.columns import Column


def give_template(columns: "Sequence[Column]", sheet: str, path: Path | None) -> None:
    """Write an empty list as .csv or .xlsx, or print its headings; raises TandemError for another ending."""
    from data.imports.templates import template_csv, template_workbook

    if path is None:
        print(template_csv(columns), end="")
        return
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise TandemError(f"A template is no {path.suffix} file.", "Name a .csv or .xlsx file.")
    excel = path.suffix.lower() == ".xlsx"
    _write(path, template_workbook(columns, sheet) if excel else template_csv(columns).encode())


def give_dictionary(columns: "Sequence[Column]", path: Path | None) -> None:
    """Write the data dictionary as CSV, or print it."""
    from data.imports.templates import dictionary

    meanings = dictionary(columns)
    if path is not None:
        _write(path, meanings.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
        return
    for row in meanings.itertuples(index=False):
        needed = ", needed" if row.needed == "yes" else f", {row.if_blank} if blank" * bool(row.if_blank)
        example = f"; for example {row.example}" if row.example else ""
        print(f"{row.column}{needed}\n    {row.meaning}\n    {row.cell}{example}")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise TandemError(f"{path} could not be written: {fault.strerror}.", "Name another file.") from fault
    print(f"Written to {path}")
